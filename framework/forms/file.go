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

// File is an uploaded file.
type File struct {
	Field       string // the name of the input
	Name        string // chosen by the sender, without folders and control characters
	ContentType string // detected from the content, not as declared by the sender
	Size        int64  // in bytes

	open func() (multipart.File, error)
}

// NewFile returns a file with the given content, for tests and for ParseValues.
func NewFile(field, name string, content []byte) *File {
	f := &File{Field: field, Name: baseName(name), Size: int64(len(content)), ContentType: http.DetectContentType(content)}
	f.open = func() (multipart.File, error) { return memoryFile{bytes.NewReader(content)}, nil }
	return f
}

type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }

// Open returns the content. The caller must close it.
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

// maxFileName is the length in bytes that file systems support.
const maxFileName = 200

// baseName returns the last element of a path with slashes or backslashes, without characters that are unsafe in file names.
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

// maxFile is the default of Field.MaxSize.
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

// isNothing reports whether a value is that of an empty field, for which validators do not run.
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

// accepts reports whether the extension is listed, if any is, and the content has a listed type, if any is.
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
		family, wildcard := strings.CutSuffix(accepted, "/*")
		typeOK = typeOK || strings.EqualFold(contentType, accepted) || wildcard && strings.HasPrefix(contentType, family+"/")
	}
	return (!extensions || extensionOK) && (!types || typeOK)
}

// String returns the name and size, for logs.
func (f *File) String() string { return fmt.Sprintf("%s (%d bytes)", f.Name, f.Size) }
