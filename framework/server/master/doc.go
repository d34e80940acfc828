// Package master keeps worker processes of a server running, and replaces them without losing a
// request.
//
// The master opens the listening sockets and never touches a client's connection. It starts
// workers, which are the same program again, and hands each the sockets and two pipes: one on which
// the worker says that it is ready and goes on beating, one that closes when the master dies, so
// that no worker outlives it. Workers that die are replaced, with back-off when they die young;
// workers that stop beating are made to dump their goroutines and are replaced.
//
// A reload starts a whole new set first. Only when every new worker is ready does the old set
// drain. A set that does not start, is not ready in time, or says that it failed, is put away, and
// the old one goes on serving.
//
//	TERM        stop gracefully                 HUP   reload
//	INT, QUIT   stop quickly                    USR2  reload, then become the program on disk
//	TTIN, TTOU  one worker more, one less       USR1  reopen logs (passed on to the workers)
//
// The program calls FromMaster first: it says whether it was started as a worker.
package master
