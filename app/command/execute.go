// Package command is Viewfinder from a terminal: for scripts, tests and clusters. Every command prints facts on standard output
// (with --json as one document), everything else on standard error, and ends with 0 (done), 1 (failed; nothing half-written),
// 2 (wrong call) or 130 (interrupted, state kept).
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/product"
)

// The codes a command ends with.
const (
	Done        = 0
	Failed      = 1
	WrongCall   = 2
	Interrupted = 130
)

// Window says what the window should show when it opens.
type Window struct {
	Project string // the project's folder; "" = the welcome page
	Sample  bool   // a fresh copy of the sample project instead
	Tab     string // views, library or training; "" = views
	View    string // name of the view to show
	Image   string // name of an image to open in the annotator
}

// Program is what a run of the program is given from outside.
type Program struct {
	Args     []string // without the program's name
	Out, Err io.Writer
	// OpenWindow opens the window and returns when it was closed; nil in a build that has none.
	OpenWindow func(Window) error
	// Texts are the licences, as the window and `viewfinder licences` show them.
	Texts product.Texts
}

// Execute runs one command and returns the code to end with. An ended context interrupts it.
func Execute(ctx context.Context, p Program) int {
	s := &session{out: p.Out, err: p.Err, openWindow: p.OpenWindow, texts: p.Texts, terminal: isTerminal(p.Err)}
	root := s.root()
	root.SetArgs(p.Args)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	err := root.ExecuteContext(ctx)
	s.progress().end()
	return s.finish(ctx, err)
}

// finish prints what went wrong and chooses the code.
func (s *session) finish(ctx context.Context, err error) int {
	var wrong *callError
	switch {
	case err == nil:
		return Done
	case errors.As(err, &wrong):
		fmt.Fprintf(s.err, "viewfinder: %v\n", err)
		if wrong.command != nil {
			fmt.Fprintf(s.err, "See: %s --help\n", wrong.command.CommandPath())
		}
		return WrongCall
	case errors.Is(err, errInterrupted), ctx.Err() != nil && errors.Is(err, context.Canceled):
		if text := err.Error(); text != context.Canceled.Error() && !errors.Is(err, context.Canceled) {
			fmt.Fprintf(s.err, "viewfinder: %s\n", text)
		} else {
			fmt.Fprintln(s.err, "viewfinder: interrupted; what was done so far is kept")
		}
		return Interrupted
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "required flag"):
		fmt.Fprintf(s.err, "viewfinder: %v\n", err)
		return WrongCall
	}
	fmt.Fprintf(s.err, "viewfinder: %v\n", err)
	return Failed
}

// errInterrupted is wrapped by what ends a command with 130.
var errInterrupted = errors.New("interrupted")

// callError is a wrong call: of a command that does not exist, with wrong arguments or flags.
type callError struct {
	command *cobra.Command
	err     error
}

func (e *callError) Error() string { return e.err.Error() }
func (e *callError) Unwrap() error { return e.err }

// wrongCall makes a callError.
func wrongCall(c *cobra.Command, format string, args ...any) error {
	return &callError{c, fmt.Errorf(format, args...)}
}

// session is one run of the program.
type session struct {
	out, err   io.Writer
	openWindow func(Window) error
	texts      product.Texts
	terminal   bool // standard error is a terminal
	bar        *line

	json    bool
	quiet   bool
	verbose bool
}

// logTo sends the program's log to standard error, past the progress line.
func (s *session) logTo() { s.logFrom(slog.LevelWarn) }

// logFrom is logTo from a level on; --verbose asks for all.
func (s *session) logFrom(level slog.Level) {
	if s.verbose {
		level = slog.LevelDebug
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(s.progress(), &slog.HandlerOptions{Level: level})))
}
