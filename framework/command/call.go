package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// Call is one use of a command: its arguments and where it reads and writes. The zero value uses the program's standard
// input and output.
type Call struct {
	Args []string
	In   io.Reader
	Out  io.Writer
	Err  io.Writer
	// Terminal says that a person sits at In and Out. Prompts, colours and progress bars are for them only.
	Terminal bool

	lines *bufio.Reader
}

// ErrNoTerminal is returned by prompts when nobody is there to answer.
var ErrNoTerminal = errors.New("nobody is there to answer: the input is not a terminal")

// withDefaults fills what is not set from the program's standard streams.
func (c Call) withDefaults() Call {
	if c.In == nil && c.Out == nil {
		c.Terminal = term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd()))
	}
	if c.In == nil {
		c.In = os.Stdin
	}
	if c.Out == nil {
		c.Out = os.Stdout
	}
	if c.Err == nil {
		c.Err = os.Stderr
	}
	return c
}

// Printf writes to the command's output.
func (c *Call) Printf(format string, args ...any) { _, _ = fmt.Fprintf(c.Out, format, args...) }

// Warnf writes to the command's error output.
func (c *Call) Warnf(format string, args ...any) { _, _ = fmt.Fprintf(c.Err, format, args...) }

// Prompt asks for a line of text and returns it without spaces around it. Without a terminal it returns [ErrNoTerminal].
func (c *Call) Prompt(question string) (string, error) {
	if !c.Terminal {
		return "", fmt.Errorf("%s: %w", strings.TrimRight(question, ": "), ErrNoTerminal)
	}
	c.Printf("%s", question)
	return c.line()
}

func (c *Call) line() (string, error) {
	if c.lines == nil {
		c.lines = bufio.NewReader(c.In)
	}
	text, err := c.lines.ReadString('\n')
	if err != nil && (text == "" || !errors.Is(err, io.EOF)) {
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// Confirm asks a question that is answered by yes or no; an empty answer means no.
func (c *Call) Confirm(question string) (bool, error) {
	for {
		answer, err := c.Prompt(question + " [y/N] ")
		if err != nil {
			return false, err
		}
		switch strings.ToLower(answer) {
		case "y", "yes":
			return true, nil
		case "", "n", "no":
			return false, nil
		}
		c.Printf("Please answer y or n.\n")
	}
}

// Password asks for a password without showing it.
func (c *Call) Password(question string) (string, error) {
	file, ok := c.In.(*os.File)
	if !c.Terminal || !ok || !term.IsTerminal(int(file.Fd())) {
		return c.Prompt(question)
	}
	c.Printf("%s", question)
	text, err := term.ReadPassword(int(file.Fd()))
	c.Printf("\n")
	return string(text), err
}
