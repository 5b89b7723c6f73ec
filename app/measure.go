//go:build measure

package app

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/bench"
	"viewfinder/app/page"
	"viewfinder/app/views"
)

// How long a gesture is measured, how many images are turned over, and how long a hand rests at each.
const (
	measureGesture = 5 * time.Second
	measureTurns   = 120
	measureRest    = 500 * time.Millisecond
	measurePatient = 2 * time.Minute
)

// measuring measures the window on a project that bench.MakeProject made, as a hand would use it, and closes the window. It runs beside the
// window's thread.
type measuring struct {
	w      *window
	page   *views.Measured
	rows   []bench.Row
	frames map[string]*frames         // by what was done meanwhile: over all rounds
	turns  map[string][]time.Duration // from the key to the next image
	when   string                     // what goes on beside it

	waiting bool // for a list
}

// Measure opens the window on a view of a project, measures it, and returns once it has closed.
func Measure(project, view string, into *bench.WindowMeasurement) {
	w := firstWindow()
	m := &measuring{w: w, frames: map[string]*frames{}, turns: map[string][]time.Duration{}}
	w.app.Lifecycle().SetOnStarted(func() {
		go func() {
			if into.Training {
				into.Err = m.besideTraining()
			} else {
				into.Err = m.all()
			}
			into.Rows = m.rows
			fyne.Do(w.leave)
		}()
	})
	w.start(Options{Project: project, View: view})
	w.run()
}

func (m *measuring) all() error {
	if err := m.begin(); err != nil {
		return err
	}
	begun := time.Now()
	for _, f := range []func() error{
		func() error { return m.opening(begun) }, m.lists, m.scrolling, m.drawing, func() error { return m.turning(measureTurns) }, m.huge,
	} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

// begin waits until the project is open and its views are read.
func (m *measuring) begin() error {
	if err := m.until("the project's views", func() bool { return m.w.shell != nil && m.w.shell.tab == page.Views }); err != nil {
		return err
	}
	fyne.DoAndWait(func() { m.page = m.w.shell.views.Measured() })
	return nil
}

// add takes a row, in the place of one of the same name.
func (m *measuring) add(r bench.Row) {
	if i := slices.IndexFunc(m.rows, func(old bench.Row) bool { return old.What == r.What }); i >= 0 {
		m.rows[i] = r
		return
	}
	m.rows = append(m.rows, r)
}

// addFrames joins frames to those that were counted before during the same.
func (m *measuring) addFrames(what string, f *frames) {
	what += m.when
	if before := m.frames[what]; before != nil {
		before.join(f)
		f = before
	}
	m.frames[what] = f
	m.add(f.row(what))
}

// until waits for something that is asked on the window's thread.
func (m *measuring) until(what string, holds func() bool) error {
	for end := time.Now().Add(measurePatient); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		ok := false
		fyne.DoAndWait(func() { ok = holds() })
		if ok {
			return nil
		}
	}
	return errors.New("waited too long for " + what)
}

func (m *measuring) opening(begun time.Time) error {
	if err := m.until("the gallery", m.page.Loaded); err != nil {
		return err
	}
	ms := float64(time.Since(begun).Milliseconds())
	m.add(bench.Row{What: "views read to all thumbnails in sight drawn", Median: ms, High: ms, Unit: "ms", Meant: "< 1 s with opening"})
	m.memory("memory then")
	return nil
}

// memory adds what the program takes now, where the system tells.
func (m *measuring) memory(what string) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		var kb float64
		if rest, ok := strings.CutPrefix(s.Text(), "RssAnon:"); ok {
			if _, err := fmt.Sscan(rest, &kb); err == nil {
				m.add(bench.Row{What: what, Median: kb / 1024, High: kb / 1024, Unit: "MB", Meant: "≤ 400 MB", Note: "anonymous resident memory"})
			}
		}
	}
}

// lists times filters and orders from the click to the list's being shown, and counts the frames meanwhile.
func (m *measuring) lists() error {
	var times []time.Duration
	states := []string{"annotated", "", "not_annotated", "not_reviewed", ""}
	f := countFrames(func(n int) bool { return !m.listStep(&times, states) })
	if len(times) == 0 {
		return errors.New("no list was shown")
	}
	m.add(bench.Row{What: "filter or order chosen to the list's being shown", Median: percentile(times, 50), High: percentile(times, 100), Unit: "ms", Meant: "< 100 ms", Note: fmt.Sprintf("%d times", len(times))})
	m.addFrames("while lists are read", f)
	return nil
}

// listStep asks for the next list once the last one is shown; it says when all were.
func (m *measuring) listStep(times *[]time.Duration, states []string) (done bool) {
	n := len(*times)
	if m.waiting || n >= 3*len(states)*4 {
		return !m.waiting
	}
	m.waiting = true
	start := time.Now()
	m.page.Filter(states[n%len(states)], n/len(states)%4, func() {
		*times = append(*times, time.Since(start))
		m.waiting = false
	})
	return false
}

func (m *measuring) scrolling() error {
	if err := m.until("the gallery", m.page.Loaded); err != nil {
		return err
	}
	grid := m.page.Grid
	m.scroll("scrolling slowly (24 px a frame)", 24)
	m.scroll("scrolling fast (400 px a frame)", 400)
	last := float32(-1)
	m.addFrames("through all of it, a page a frame", countFrames(func(int) bool {
		grid.SetOffset(grid.Offset() + grid.Size().Height)
		at := grid.Offset()
		if at == last {
			return false
		}
		last = at
		return true
	}))
	if err := m.until("the end of the gallery", m.page.Loaded); err != nil {
		return err
	}
	m.memory("memory after that")
	return nil
}

// scroll moves the gallery on by so much before each frame.
func (m *measuring) scroll(what string, by float32) {
	grid, start := m.page.Grid, time.Now()
	m.addFrames(what, countFrames(func(int) bool {
		grid.SetOffset(grid.Offset() + by)
		return time.Since(start) < measureGesture
	}))
}
