package forms

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/quintetgo/quintet/framework/message"
)

// File is an uploaded file. What the sender says about it (name, type) is a hint, not a fact.
type File struct {
	Field       string // the input's name
	Name        string // without folders and control characters
	ContentType string // found out from the content, not taken from the sender
	Size        int64

	open func() (multipart.File, error)
}

// NewFile makes a file of bytes, for tests and for ParseValues.
func NewFile(field, name string, content []byte) *File {
	f := &File{Field: field, Name: baseName(name), Size: int64(len(content)), ContentType: http.DetectContentType(content)}
	f.open = func() (multipart.File, error) { return memoryFile{bytes.NewReader(content)}, nil }
	return f
}

type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

// Open returns the content; close it after use.
func (f *File) Open() (multipart.File, error) { return f.open() }

func fileOf(field string, header *multipart.FileHeader) *File {
	f := &File{Field: field, Name: baseName(header.Filename), Size: header.Size, open: header.Open}
	f.ContentType = "application/octet-stream"
	if content, err := header.Open(); err == nil {
		start := make([]byte, 512)
		n, _ := io.ReadFull(content, start)
		content.Close()
		f.ContentType = http.DetectContentType(start[:n])
	}
	return f
}

// maxFileName is what file systems take.
const maxFileName = 200

// baseName keeps the last part of a path in either style, without what no file name should have.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError || strings.ContainsRune(`<>:"|?*/`, r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if len(name) > maxFileName {
		extension := path.Ext(name)
		if len(extension) > 20 {
			extension = ""
		}
		name = strings.ToValidUTF8(name[:maxFileName-len(extension)], "") + extension
	}
	if name == "" {
		return "file"
	}
	return name
}

// maxFile is the largest file of a field that sets no MaxSize.
const maxFile = 10 << 20

func cleanFiles(field *Field, files []*File) (any, error) {
	if len(files) == 0 {
		if field.Required && isNothing(field.Initial) {
			return nil, field.invalid(message.New("required", "Please choose a file."))
		}
		return nil, nil
	}
	if field.Kind == FileUpload {
		files = files[len(files)-1:]
	}
	for _, file := range files {
		if err := field.checkFile(file); err != nil {
			return nil, err
		}
	}
	if field.Kind == FileUpload {
		return files[0], nil
	}
	return files, nil
}

// isNothing reports whether a value is what an empty field has; validators do not see it.
func isNothing(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Invalid:
		return true
	case reflect.String, reflect.Slice:
		return r.Len() == 0
	case reflect.Pointer:
		return r.IsNil()
	}
	return false
}

func (f *Field) checkFile(file *File) error {
	limit := f.MaxSize
	if limit <= 0 {
		limit = maxFile
	}
	switch {
	case file.Size == 0:
		return f.invalid(message.New("empty", "“{name}” is empty.", message.Args{"name": shorten(file.Name)}))
	case file.Size > limit:
		return f.invalid(message.New("max_size", "“{name}” has {size} KB; at most {limit} KB can be sent.",
			message.Args{"name": shorten(file.Name), "size": file.Size >> 10, "limit": limit >> 10}))
	case !f.accepts(file):
		return f.invalid(message.New("invalid", "“{name}” is not of an accepted kind ({accepted}).",
			message.Args{"name": shorten(file.Name), "accepted": strings.Join(f.Accept, ", ")}))
	}
	return nil
}

// accepts wants the extension to be listed, if any is, and the content to be of a listed type, if any is.
func (f *Field) accepts(file *File) bool {
	var extensions, types, extensionOK, typeOK bool
	contentType, _, _ := strings.Cut(file.ContentType, ";")
	for _, accepted := range f.Accept {
		if strings.HasPrefix(accepted, ".") {
			extensions = true
			extensionOK = extensionOK || strings.EqualFold(path.Ext(file.Name), accepted)
			continue
		}
		types = true
		family, any := strings.CutSuffix(accepted, "/*")
		typeOK = typeOK || strings.EqualFold(contentType, accepted) || any && strings.HasPrefix(contentType, family+"/")
	}
	return (!extensions || extensionOK) && (!types || typeOK)
}

// String names the file for logs.
func (f *File) String() string { return fmt.Sprintf("%s (%d bytes)", f.Name, f.Size) }
