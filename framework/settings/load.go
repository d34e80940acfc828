package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/joho/godotenv"
)

// Options configures Load. The zero value reads the process's environment and, in development, the file .env of the
// working directory.
type Options struct {
	Environ []string // NAME=VALUE; default: os.Environ()
	Dir     string   // folder of .env; default: the working directory
}

// Validator is implemented by settings with rules beyond their types. The error may join several.
type Validator interface{ Validate() error }

// fileSuffix ends the name of a variable with the path of a file that holds the value.
const fileSuffix = "_FILE"

// DotEnv is the name of the file with settings for development.
const DotEnv = ".env"

// Load fills dst, a pointer to a struct, and then calls its method Validate if it has one. A field of the type
// map[string]string or map[string][]string whose name in the tag ends in "*" has every variable that begins like that: with
// `env:"DATABASE_URL_*"`, the value of DATABASE_URL_LOGS is at "logs". The file .env is not read
// if the environment has DEBUG=false: production is configured by its environment only. The error is an *Error with
// every problem.
func Load(dst any, options Options) error {
	value := reflect.ValueOf(dst)
	if value.Kind() != reflect.Pointer || value.IsNil() || value.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("settings: Load requires a pointer to a struct, not %T", dst)
	}
	variables := map[string]variable{}
	describe(value.Type().Elem(), variables)
	environment, problems := gather(options, variables)
	err := env.ParseWithOptions(dst, env.Options{Environment: environment})
	problems = append(problems, explain(err, environment, variables)...)
	if err := fillWildcards(value.Elem(), environment); err != nil {
		problems = append(problems, err)
	}
	if len(problems) == 0 {
		if v, ok := dst.(Validator); ok {
			problems = append(problems, flatten(v.Validate())...)
		}
	}
	if len(problems) > 0 {
		return &Error{Problems: problems}
	}
	return nil
}

// Error contains all problems of the settings.
type Error struct{ Problems []error }

// Error lists the problems, one per line if there are several.
func (e *Error) Error() string {
	if len(e.Problems) == 1 {
		return "settings: " + e.Problems[0].Error()
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%d problems with the settings:", len(e.Problems))
	for _, problem := range e.Problems {
		text.WriteString("\n  " + problem.Error())
	}
	return text.String()
}

// Unwrap returns the problems, for errors.Is and errors.AsType.
func (e *Error) Unwrap() []error { return e.Problems }

// variable is one environment variable of a struct.
type variable struct {
	field  string
	typ    reflect.Type
	secret bool
}

// describe lists the variables of a struct type and of the structs embedded in it.
func describe(typ reflect.Type, out map[string]variable) {
	for field := range typ.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		switch {
		case name == "-":
		case name != "":
			out[name] = variable{field: field.Name, typ: field.Type, secret: field.Type == reflect.TypeFor[Secret]()}
		case field.Type.Kind() == reflect.Struct && field.Type != reflect.TypeFor[time.Time]():
			describe(field.Type, out)
		}
	}
}

// gather collects the environment: the real one first, then .env, then the contents of files.
func gather(options Options, variables map[string]variable) (map[string]string, []error) {
	environ := options.Environ
	if environ == nil {
		environ = os.Environ()
	}
	environment := map[string]string{}
	for _, pair := range environ {
		if name, value, ok := strings.Cut(pair, "="); ok {
			environment[name] = value
		}
	}
	var problems []error
	if !production(environment["DEBUG"]) {
		path := filepath.Join(options.Dir, DotEnv)
		values, err := godotenv.Read(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			problems = append(problems, fmt.Errorf("%s cannot be read: %w", path, err))
		}
		for name, value := range values {
			if _, set := environment[name]; !set {
				environment[name] = value
			}
		}
	}
	names := make([]string, 0, len(variables))
	for name := range variables {
		if strings.HasSuffix(name, wildcard) {
			names = append(names, matching(name, environment)...)
		} else {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		path := environment[name+fileSuffix]
		if path == "" {
			continue
		}
		if environment[name] != "" {
			problems = append(problems, fmt.Errorf("%s and %s_FILE are both set; keep one", name, name))
			continue
		}
		content, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s_FILE: %w", name, err))
			continue
		}
		environment[name] = strings.TrimRight(string(content), "\r\n")
	}
	return environment, problems
}

// production reports whether DEBUG is explicitly false.
func production(debug string) bool {
	switch strings.ToLower(debug) {
	case "false", "0", "f":
		return true
	}
	return false
}
