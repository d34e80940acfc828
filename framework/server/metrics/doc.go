// Package metrics counts requests and connections, and prints the counts in the text format of Prometheus.
//
// Each process counts separately. A master adds up what its workers report, including those that have exited, so that
// counters do not start again with every reload.
package metrics
