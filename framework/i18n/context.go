package i18n

import (
	"context"

	"github.com/quintetgo/quintet/framework/message"
)

// WithLanguage returns a copy of ctx whose texts are in the language l. Views rarely need it: the language of a request is
// chosen before they are called. Mails and tasks use it for the language of their receiver.
func WithLanguage(ctx context.Context, l *Language) context.Context {
	return message.NewContext(ctx, l)
}

// FromContext returns the language of a context. It reports false where none was chosen; texts are English there.
func FromContext(ctx context.Context) (*Language, bool) {
	l, ok := message.FromContext(ctx).(*Language)
	return l, ok
}

// T returns a text in the language of ctx with its placeholders filled in. The text is a constant in English: commands that
// collect texts find it in the source. For plurals and contexts write a [message.Message], and call its Render or [Text].
func T(ctx context.Context, text string, args ...message.Args) string {
	return Text(ctx, message.New("", text, args...))
}

// Text returns a message in the language of ctx.
func Text(ctx context.Context, m message.Message) string { return m.Render(message.FromContext(ctx)) }
