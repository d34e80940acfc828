// Package certs gives a server its TLS certificates: from files, which are read anew when they
// change, or from a certificate authority that speaks ACME, such as Let's Encrypt.
package certs
