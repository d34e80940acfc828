// Package messages keeps one-time notices for a visitor, such as "Your comment was saved.", from
// the request that has something to say to the next page that is shown.
//
//	messages.Success(r, "Your comment was saved.")
//	return web.Redirect(w, r, "blog:detail", slug)
//
// They live in the visitor's session, so the sessions middleware has to be there; without it they
// are forgotten at the end of the request. A message that cannot be stored is logged and dropped: it
// never turns the response of a view that has done its work into an error.
package messages

import (
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/sessions"
)

// Level is the kind of a message. Templates use its text as a CSS class.
type Level string

// The levels.
const (
	LevelDebug   Level = "debug"
	LevelInfo    Level = "info"
	LevelSuccess Level = "success"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

// Message is one notice. Its text is plain text: templates escape it.
type Message struct {
	Level Level  `json:"l"`
	Text  string `json:"t"`
}

// String returns the text.
func (m Message) String() string { return m.Text }

const (
	sessionKey = "_messages"
	// limit is the number of messages that wait at most; the oldest go first.
	limit = 20
	// limitText is the length in bytes after which a text is cut.
	limitText = 2000
)

// Debug notes something for developers.
func Debug(r *http.Request, text string) { Add(r, LevelDebug, text) }

// Info tells the visitor something.
func Info(r *http.Request, text string) { Add(r, LevelInfo, text) }

// Success tells the visitor that something worked.
func Success(r *http.Request, text string) { Add(r, LevelSuccess, text) }

// Warning tells the visitor of something that may need attention.
func Warning(r *http.Request, text string) { Add(r, LevelWarning, text) }

// Error tells the visitor that something did not work.
func Error(r *http.Request, text string) { Add(r, LevelError, text) }

// Add keeps a message for the next page. Of more than 20 waiting messages the oldest are dropped;
// a text is cut after 2,000 bytes.
func Add(r *http.Request, level Level, text string) {
	session := sessions.From(r)
	waiting := append(load(session), Message{Level: level, Text: cut(text)})
	if len(waiting) > limit {
		waiting = waiting[len(waiting)-limit:]
	}
	session.TrySet(sessionKey, waiting)
	if err := session.Err(); err != nil {
		slog.LogAttrs(r.Context(), slog.LevelWarn, "message not kept", slog.String("error", err.Error()))
	}
}

// Take returns the waiting messages, oldest first, and forgets them. A page for a visitor without a
// session stays cacheable.
func Take(r *http.Request) []Message {
	session := sessions.From(r)
	if !session.Present() {
		return nil
	}
	waiting := load(session)
	if waiting != nil {
		session.TryDelete(sessionKey)
	}
	return waiting
}

// Peek returns the waiting messages and keeps them.
func Peek(r *http.Request) []Message {
	session := sessions.From(r)
	if !session.Present() {
		return nil
	}
	return load(session)
}

func load(session *sessions.Session) []Message {
	var waiting []Message
	session.Load(sessionKey, &waiting)
	return waiting
}

// cut shortens text to at most limitText bytes without breaking a character.
func cut(text string) string {
	if len(text) <= limitText {
		return text
	}
	end := limitText
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + "…"
}
