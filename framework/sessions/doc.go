// Package sessions remembers a visitor between requests: a random token in a cookie, and what the
// site knows about its holder in a [Store].
//
// Sessions are lazy. Nothing is read before a handler asks for a value, nothing is stored and no
// cookie is sent before it sets one:
//
//	handler = sessions.Middleware(sessions.Options{Store: store, Signer: signer, Secure: true})(handler)
//
//	s := sessions.From(r)
//	s.Set("cart", []int{3, 5})
//	name := s.GetString("name")
//
// Values are kept as JSON: text, numbers, booleans, and lists and maps of them. What is
// integral comes back as int64, other numbers as float64; [Session.Load] fills any type.
//
// The cookie side is gorilla/sessions; the store of records is an interface of our own, so that
// the database, memory and later others are interchangeable.
package sessions
