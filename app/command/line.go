package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
)

// line is the progress on standard error: one line that is written over on a terminal; elsewhere a plain line now and then.
// Other text written through it goes above the line. Its Update is a session.Progress.
type line struct {
	w        io.Writer
	terminal bool
	quiet    bool

	mu    sync.Mutex
	shown int // characters of the line on the screen
	last  time.Time
}

// Least times between two prints.
const (
	terminalPause = 100 * time.Millisecond
	plainPause    = 5 * time.Second
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// progress is the session's one progress line.
func (s *session) progress() *line {
	if s.bar == nil {
		s.bar = &line{w: s.err, terminal: s.terminal}
	}
	s.bar.quiet = s.quiet
	return s.bar
}

// Update shows "done/total what"; not more often than people can read, and always at the end.
func (l *line) Update(done, total int, what string) {
	text := what
	if total > 0 {
		text = fmt.Sprintf("%d/%d %s", done, total, what)
	} else if done > 0 {
		text = fmt.Sprintf("%d %s", done, what)
	}
	l.show(text, total > 0 && done >= total)
}

// show puts a text on the progress line; now says that it must not be skipped.
func (l *line) show(text string, now bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.quiet {
		return
	}
	pause := plainPause
	if l.terminal {
		pause = terminalPause
	}
	if !now && time.Since(l.last) < pause {
		return
	}
	l.last = time.Now()
	text = oneLine(text)
	if !l.terminal {
		fmt.Fprintln(l.w, text)
		return
	}
	if r := []rune(text); len(r) > 110 {
		text = string(r[:109]) + "…"
	}
	n := len([]rune(text))
	fmt.Fprint(l.w, "\r", text, strings.Repeat(" ", max(0, l.shown-n)))
	l.shown = n
}

// say prints a line that stays.
func (l *line) say(format string, args ...any) {
	if l.quiet {
		return
	}
	fmt.Fprintf(l, format+"\n", args...)
}

// Write prints text above the progress line.
func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wipe()
	return l.w.Write(p)
}

func (l *line) wipe() {
	if l.shown > 0 {
		fmt.Fprint(l.w, "\r", strings.Repeat(" ", l.shown), "\r")
		l.shown = 0
	}
}

// end takes the line away.
func (l *line) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wipe()
	l.last = time.Time{}
}

// oneLine takes line breaks and control characters out of names that come from outside.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
