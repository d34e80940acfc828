// Package password hashes, checks and judges passwords.
//
// Hashes are argon2id in the PHC string format, for example
//
//	$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA
//
// so that the parameters travel with each hash and may be raised later: Check says when a hash was
// made with weaker parameters than today's, and the caller stores a new one at that login.
package password
