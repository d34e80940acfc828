// Package certs provides the TLS certificates of a server: from files, which are read again when they change, or from
// a certificate authority that speaks ACME, such as Let's Encrypt.
package certs
