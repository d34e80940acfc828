package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Call is one run of a command: its arguments, input and output. Programs use Stdio; tests construct it. It is not
// safe for concurrent use.
type Call struct {
	Args     []string // positional arguments, flags removed
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // input and output are a terminal: questions, colors and progress are allowed

	reader *bufio.Reader
}

// ErrNoTerminal is returned by questions if there is no terminal.
var ErrNoTerminal = errors.New("this requires an answer, but there is no terminal")

// Stdio returns a call on the standard streams of the process. Terminal is set if both input and output are a
// terminal.
func Stdio() Call {
	return Call{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
	}
}

// Printf writes to Out.
func (c *Call) Printf(format string, args ...any) { _, _ = fmt.Fprintf(c.Out, format, args...) }

// Errorf writes to Err.
func (c *Call) Errorf(format string, args ...any) { _, _ = fmt.Fprintf(c.Err, format, args...) }

// PrintJSON writes v to Out as indented JSON.
func (c *Call) PrintJSON(v any) error {
	enc := json.NewEncoder(c.Out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// Plural returns a number with a noun whose plural ends in s: "1 file", "2 files".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Prompt asks a question and returns the line typed, without surrounding space. Without a terminal it returns
// ErrNoTerminal.
func (c *Call) Prompt(question string) (string, error) {
	if !c.Terminal {
		return "", ErrNoTerminal
	}
	c.Printf("%s ", question)
	line, err := c.line()
	return strings.TrimSpace(line), err
}

// Confirm asks a yes-or-no question and reports whether the answer is y or yes. Without a terminal it returns
// ErrNoTerminal.
func (c *Call) Confirm(question string) (bool, error) {
	answer, err := c.Prompt(question + " [y/N]")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// Password asks for a password, which is not shown while it is typed. Without a terminal it returns ErrNoTerminal.
func (c *Call) Password(question string) (string, error) {
	if !c.Terminal {
		return "", ErrNoTerminal
	}
	c.Printf("%s ", question)
	file, ok := c.In.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		line, err := c.line()
		return strings.TrimRight(line, "\r\n"), err
	}
	typed, err := term.ReadPassword(int(file.Fd()))
	c.Printf("\n")
	return string(typed), err
}

// line reads one line; an incomplete last line counts too.
func (c *Call) line() (string, error) {
	if c.reader == nil {
		c.reader = bufio.NewReader(c.In)
	}
	line, err := c.reader.ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return line, err
}
