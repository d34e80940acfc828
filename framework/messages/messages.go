// Package messages keeps one-time notices for a visitor, such as "Your comment was saved.", from the request that adds
// them until the next page is shown.
//
//	messages.Success(r, "{name} was saved.", message.Args{"name": post.Title})
//	return web.Redirect(w, r, "blog:detail", slug)
//
// They are stored in the visitor's session, so the sessions middleware has to be installed; without it they are lost at
// the end of the request. A notice that cannot be stored is logged and dropped: it never turns the response of a view
// that succeeded into an error.
//
// Notices hold messages (see package message), not sentences: they become text when a page shows them, which may be in
// another language than that of the request that added them. A template prints them so:
//
//	{{ range .messages }}<li class="{{ .Level }}">{{ . }}</li>{{ end }}
package messages

import (
	"log/slog"
	"net/http"

	"github.com/quintetgo/quintet/framework/message"
	"github.com/quintetgo/quintet/framework/sessions"
)

// Level is the kind of a notice. Templates use its text as a CSS class.
type Level string

// The levels.
const (
	LevelDebug   Level = "debug"
	LevelInfo    Level = "info"
	LevelSuccess Level = "success"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

// Notice is a message for the next page. Its arguments are plain text, which templates escape.
type Notice struct {
	Level   Level
	Message message.Message
}

// String returns the English text.
func (n Notice) String() string { return n.Message.String() }

// Render returns the text in the language of t; nil is English. Templates print a notice in the language of the page.
func (n Notice) Render(t message.Translator) string { return n.Message.Render(t) }

const (
	sessionKey = "_messages"
	// limit is the number of notices that are kept; the oldest are dropped first.
	limit = 20
	// limitText is the length in bytes after which a text, of the message or of an argument, is cut.
	limitText = 2000
)

// Debug adds a notice for developers. The text is constant, with arguments for what varies.
func Debug(r *http.Request, text string, args ...message.Args) {
	Add(r, LevelDebug, message.New("", text, args...))
}

// Info adds a neutral notice, like [Debug].
func Info(r *http.Request, text string, args ...message.Args) {
	Add(r, LevelInfo, message.New("", text, args...))
}

// Success adds a notice that an action succeeded, like [Debug].
func Success(r *http.Request, text string, args ...message.Args) {
	Add(r, LevelSuccess, message.New("", text, args...))
}

// Warning adds a notice of something that may need attention, like [Debug].
func Warning(r *http.Request, text string, args ...message.Args) {
	Add(r, LevelWarning, message.New("", text, args...))
}

// Error adds a notice that an action failed, like [Debug].
func Error(r *http.Request, text string, args ...message.Args) {
	Add(r, LevelError, message.New("", text, args...))
}

// Add keeps a message for the next page. Of more than 20 notices the oldest are dropped. Texts are cut after 2,000
// bytes. Arguments other than texts, numbers, booleans, times, messages and lists are stored as text.
func Add(r *http.Request, level Level, m message.Message) {
	session := sessions.From(r)
	waiting := append(load(session), encode(level, m))
	if len(waiting) > limit {
		waiting = waiting[len(waiting)-limit:]
	}
	session.TrySet(sessionKey, waiting)
	if err := session.Err(); err != nil {
		slog.LogAttrs(r.Context(), slog.LevelWarn, "notice not stored", slog.String("error", err.Error()))
	}
}

// Take returns the notices, oldest first, and removes them. The page of a visitor without a session stays cacheable.
func Take(r *http.Request) []Notice {
	session := sessions.From(r)
	if !session.Present() {
		return nil
	}
	waiting := load(session)
	if waiting != nil {
		session.TryDelete(sessionKey)
	}
	return decode(waiting)
}

// Peek returns the notices, oldest first, without removing them.
func Peek(r *http.Request) []Notice {
	session := sessions.From(r)
	if !session.Present() {
		return nil
	}
	return decode(load(session))
}

func load(session *sessions.Session) []stored {
	var waiting []stored
	session.Load(sessionKey, &waiting)
	return waiting
}
