package auth

// Identity is a visitor or a user, for code that cannot name the project's user model. The methods
// come with [Base]; [Anonymous] is the visitor who has not logged in.
type Identity interface {
	// UserID is the primary key, 0 for the anonymous visitor.
	UserID() int64
	// IsAuthenticated reports whether this is a user.
	IsAuthenticated() bool
	// Account returns the fields that all users have. It is never nil: those of the anonymous
	// visitor are empty.
	Account() *Base
	// String is what people call the user.
	String() string
}

// Anonymous is the visitor who has not logged in. Its fields are those of a user, all empty, so that
// templates need not ask first.
type Anonymous struct{ Base }

// IsAuthenticated returns false.
func (*Anonymous) IsAuthenticated() bool { return false }

// String returns "Anonymous".
func (*Anonymous) String() string { return "Anonymous" }

var (
	_ Identity = (*Anonymous)(nil)
	_ Identity = (*Base)(nil)
)
