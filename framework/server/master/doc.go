// Package master keeps worker processes of a server running, and replaces them without losing a request.
//
// The master opens the listening sockets and never reads from a client's connection. It starts workers, which run the
// same program, and passes each the sockets and two pipes: one on which the worker reports that it is ready and sends
// heartbeats, one that closes when the master ends, so that no worker outlives it. A worker whose heartbeats stop is
// made to dump its goroutines and is replaced. So is one that crashes: at once, or with increasing delays while
// starts fail.
//
// A reload starts a whole new set of workers first: one, to verify that the build works, then the others, a few at a
// time. Only when every new worker is ready does the old set drain. If the new set does not start, is not ready in
// time, or reports an error, it is stopped, and the old one keeps serving with its own build (on Linux): workers that
// crash are not replaced by the broken build. A reload that is requested during another one follows it.
//
//	TERM        stop gracefully                 HUP   reload
//	INT, QUIT   stop quickly                    USR2  reload, then execute the program on disk
//	TTIN, TTOU  one worker more, one less       USR1  reopen logs (passed on to the workers)
//
// Files of other programs are not touched: a pid file that a running server has locked, or a file that is not a pid
// file, and a unix socket on which another process accepts connections. Those that a killed master left are replaced,
// even if another process has the number in the pid file by now.
//
// The program calls FromMaster first, which reports whether it was started as a worker.
package master
