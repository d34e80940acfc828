package forms

import (
	"errors"
	"mime"
	"net/http"
	"net/url"

	"github.com/quintetgo/quintet/framework/message"
)

// Limits bounds the request that a form parses. A request beyond is invalid, with a message for the form.
type Limits struct {
	// Body is the size in bytes of a body without files. Default: 2.5 MiB.
	Body int64
	// Files is the size in bytes of a body with files. Default: 32 MiB.
	Files int64
	// Fields is the number of values. Default: 1000.
	Fields int
	// Parts is the number of files. Default: 100.
	Parts int
	// Memory is the size in bytes of files that are kept in memory instead of on disk. Default: 4 MiB.
	Memory int64
}

func (l Limits) withDefaults() Limits {
	for _, limit := range []struct {
		value *int64
		or    int64
	}{{&l.Body, 5 << 19}, {&l.Files, 32 << 20}, {&l.Memory, 4 << 20}} {
		if *limit.value <= 0 {
			*limit.value = limit.or
		}
	}
	if l.Fields <= 0 {
		l.Fields = 1000
	}
	if l.Parts <= 0 {
		l.Parts = 100
	}
	return l
}

// read returns the values and files of a request. The error is a message.Message.
func (f *Form) read(r *http.Request) (url.Values, map[string][]*File, error) {
	limits := f.Limits.withDefaults()
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		values := r.URL.Query()
		return values, nil, limits.checkCount(values, nil)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	multipart := kind == "multipart/form-data"
	if r.PostForm == nil && r.Body != nil {
		size := limits.Body
		if multipart {
			size = limits.Files
		}
		r.Body = http.MaxBytesReader(nil, r.Body, size)
	}
	var err error
	if multipart {
		err = r.ParseMultipartForm(limits.Memory)
	} else {
		err = r.ParseForm()
	}
	if err != nil {
		if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, nil, message.New("max_size", "The form is larger than the {limit} KB that can be sent at once.",
				message.Args{"limit": tooLarge.Limit >> 10})
		}
		if public, ok := errors.AsType[publicError](err); ok { // of a limit of the site
			return nil, nil, public.PublicMessage()
		}
		return nil, nil, message.New("invalid", "The form could not be read. Please try again.")
	}
	files := map[string][]*File{}
	if r.MultipartForm != nil {
		for name, headers := range r.MultipartForm.File {
			for _, header := range headers {
				if header.Filename != "" || header.Size > 0 {
					files[name] = append(files[name], fileOf(name, header))
				}
			}
		}
	}
	return r.PostForm, files, limits.checkCount(r.PostForm, files)
}

// publicError is implemented by errors with a user-facing message, such as web.Error.
type publicError interface {
	error
	PublicMessage() message.Message
}

func (l Limits) checkCount(values url.Values, files map[string][]*File) error {
	count := 0
	for _, sent := range values {
		count += len(sent)
	}
	if count > l.Fields {
		return message.Message{
			Code:   "max_items",
			Text:   "The form has {count} value, more than the {limit} that can be sent at once.",
			Plural: "The form has {count} values, more than the {limit} that can be sent at once.",
			Count:  "count",
			Args:   message.Args{"count": count, "limit": l.Fields},
		}
	}
	parts := 0
	for _, sent := range files {
		parts += len(sent)
	}
	if parts > l.Parts {
		return message.Message{
			Code:   "max_items",
			Text:   "The form has {count} file, more than the {limit} that can be sent at once.",
			Plural: "The form has {count} files, more than the {limit} that can be sent at once.",
			Count:  "count",
			Args:   message.Args{"count": parts, "limit": l.Parts},
		}
	}
	return nil
}
