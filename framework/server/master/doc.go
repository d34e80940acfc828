// Package master keeps worker processes of a server running, and replaces them without losing a
// request.
//
// The master opens the listening sockets and never touches a client's connection. It starts
// workers, which are the same program again, and hands each the sockets and two pipes: one on which
// the worker says that it is ready and goes on beating, one that closes when the master dies, so
// that no worker outlives it. Workers that stop beating are made to dump their goroutines and are
// replaced, and so are those that die, at once, but with growing pauses while starts fail.
//
// A reload starts a whole new set first: one worker, to see that the build is good, then the others,
// a few at a time. Only when every new worker is ready does the old set drain. A set that does not
// start, is not ready in time, or says that it failed, is put away, and the old one goes on serving,
// by its own build (on Linux): workers that die are not replaced by the bad one. What is asked for
// during a reload follows it.
//
//	TERM        stop gracefully                 HUP   reload
//	INT, QUIT   stop quickly                    USR2  reload, then become the program on disk
//	TTIN, TTOU  one worker more, one less       USR1  reopen logs (passed on to the workers)
//
// Files of others are left alone: a pid file that a running server has locked, or that is no pid file,
// and a unix socket on which another process accepts connections. Those that a killed master left behind
// are replaced, whatever process has the number in the pid file by now.
//
// The program calls FromMaster first: it says whether it was started as a worker.
package master
