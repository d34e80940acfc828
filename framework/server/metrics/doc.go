// Package metrics counts what a server does and prints it in the text form of Prometheus.
//
// Each process counts for itself. A master adds up what its workers send it, those that have ended
// included, so that counters do not begin anew with every reload.
package metrics
