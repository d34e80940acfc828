// Package pidfile writes the file that holds the process ID of a server, and locks it as long as the server runs. The lock,
// not the number, distinguishes a running server from a file that a killed server left: another program may have the number
// by now.
//
// LockDirectory keeps servers from creating or removing pid files and sockets in the same directory at the same time.
package pidfile
