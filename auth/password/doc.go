// Package password hashes, checks and validates passwords.
//
// Hashes are argon2id in the PHC string format, for example
//
//	$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA
//
// so that each hash contains its parameters, which may be raised later: [Check] reports a hash with weaker parameters than the
// current ones, and the caller replaces it at that login.
//
// Few hashes are computed at a time, because each takes a whole processor for some 30 milliseconds and 46 MiB. Others wait;
// those of requests fail with [ErrBusy] after two seconds, or at once if many are waiting.
package password
