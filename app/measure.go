package app

import (
	"bufio"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/app/studio"
	"viewfinder/app/views"
)

// How long a gesture is measured, how many images are turned over, and how long a hand rests at each.
const (
	measureGesture = 5 * time.Second
	measureTurns   = 120
	measureRest    = 500 * time.Millisecond
	measurePatient = 2 * time.Minute
)

// measuring measures the window on a project that studio.MakeBenchProject made, as a hand would use it, and closes the window. It runs beside the
// window's thread.
type measuring struct {
	w    *window
	page views.Measured
	rows []studio.BenchRow

	waiting bool // for a list
}

func measure(w *window, into *studio.WindowMeasurement) {
	m := &measuring{w: w}
	into.Err = m.all(time.Now())
	into.Rows = m.rows
	fyne.Do(w.leave)
}

func (m *measuring) all(begun time.Time) error {
	fyne.DoAndWait(func() { m.page = m.w.shell.views.Measured() })
	for _, f := range []func() error{
		func() error { return m.opening(begun) }, m.lists, m.scrolling, m.drawing, m.turning, m.huge,
	} {
		if err := f(); err != nil {
			return err
		}
	}
	return nil
}

func (m *measuring) add(r studio.BenchRow) { m.rows = append(m.rows, r) }

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
	m.add(studio.BenchRow{What: "views read to all thumbnails in sight drawn", Median: ms, High: ms, Unit: "ms", Meant: "< 1 s with opening"})
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
				m.add(studio.BenchRow{What: what, Median: kb / 1024, High: kb / 1024, Unit: "MB", Meant: "≤ 400 MB", Note: "anonymous resident memory"})
			}
		}
	}
}

// lists times filters and orders from the click to the list's being shown, and counts the frames meanwhile.
func (m *measuring) lists() error {
	var times []time.Duration
	states := []string{"annotated", "", "not_annotated", "not_reviewed", ""}
	f := countFrames(func(n int) bool { return !m.listStep(&times, states) })
	slices.Sort(times)
	if len(times) == 0 {
		return errors.New("no list was shown")
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	m.add(studio.BenchRow{What: "filter or order chosen to the list's being shown", Median: ms(times[len(times)/2]), High: ms(times[len(times)-1]), Unit: "ms", Meant: "< 100 ms", Note: fmt.Sprintf("%d times", len(times))})
	m.add(f.row("while lists are read"))
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
	start := time.Now()
	m.add(countFrames(func(int) bool {
		grid.SetOffset(grid.Offset() + 24)
		return time.Since(start) < measureGesture
	}).row("scrolling slowly (24 px a frame)"))
	start = time.Now()
	m.add(countFrames(func(int) bool {
		grid.SetOffset(grid.Offset() + 400)
		return time.Since(start) < measureGesture
	}).row("scrolling fast (400 px a frame)"))
	last := float32(-1)
	m.add(countFrames(func(int) bool {
		grid.SetOffset(grid.Offset() + grid.Size().Height)
		at := grid.Offset()
		if at == last {
			return false
		}
		last = at
		return true
	}).row("through all of it, a page a frame"))
	if err := m.until("the end of the gallery", m.page.Loaded); err != nil {
		return err
	}
	m.memory("memory after that")
	return nil
}

// show opens an image by name and waits until it is drawn.
func (m *measuring) show(name string) error {
	fyne.DoAndWait(func() { m.w.shell.views.OpenNamed(name) })
	return m.until(name, func() bool { return m.w.shell.views.Shown() == name })
}

// gestures counts frames while a box is drawn, the wheel zooms and the image is dragged, in the image that is shown.
func (m *measuring) gestures(what string) {
	a := m.page.Annotator
	var size fyne.Size
	fyne.DoAndWait(func() { a.Fit(); size = a.Size() })
	at := func(t float64) fyne.Position {
		return fyne.NewPos(size.Width*float32(0.5+0.2*math.Cos(t)), size.Height*float32(0.5+0.2*math.Sin(1.3*t)))
	}
	press := func(button desktop.MouseButton, p fyne.Position) {
		a.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: button})
	}
	start := time.Now()
	fyne.DoAndWait(func() { press(desktop.MouseButtonPrimary, fyne.NewPos(size.Width*0.3, size.Height*0.3)) })
	m.add(countFrames(func(n int) bool {
		p := at(float64(n) / 40)
		a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
		return time.Since(start) < measureGesture
	}).row("a box drawn" + what))
	fyne.DoAndWait(func() {
		a.MouseUp(nil)
		a.DeleteSelected()
	})
	start = time.Now()
	m.add(countFrames(func(n int) bool {
		a.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at(1)}, Scrolled: fyne.NewDelta(0, []float32{10, -10}[n/60%2])})
		return time.Since(start) < measureGesture
	}).row("zooming" + what))
	fyne.DoAndWait(func() {
		a.Zoom(4)
		press(desktop.MouseButtonTertiary, at(0))
	})
	start = time.Now()
	m.add(countFrames(func(n int) bool {
		a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(float64(n) / 30)}})
		return time.Since(start) < measureGesture
	}).row("panning" + what))
	fyne.DoAndWait(func() { a.MouseUp(nil); a.Fit() })
}

func (m *measuring) drawing() error {
	if err := m.show(studio.BenchPhoto(0)); err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // its neighbours are being decoded: a hand has not begun
	m.gestures(", 12 megapixels")
	return nil
}

// turning times the key to the next image's being drawn, back and forth over photos of 12 megapixels.
func (m *measuring) turning() error {
	if err := m.show(studio.BenchPhoto(1)); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	var times []time.Duration
	turned, going := make(chan struct{}, 8), true
	f := startFrames(func(int) bool { return going })
	fyne.DoAndWait(func() {
		m.w.shell.views.OnDrawn(func() { f.afterFrame(func() { turned <- struct{}{} }) })
	})
	for n := range measureTurns {
		key := fyne.KeyReturn
		if n/(studio.BenchPhotos-5)%2 == 1 {
			key = fyne.KeyPageUp
		}
		time.Sleep(measureRest)
		for len(turned) > 0 {
			<-turned
		}
		start := time.Now()
		fyne.Do(func() { m.page.Annotator.TypedKey(&fyne.KeyEvent{Name: key}) })
		select {
		case <-turned:
		case <-time.After(measurePatient):
			return errors.New("waited too long for the next photo")
		}
		times = append(times, time.Since(start))
	}
	fyne.DoAndWait(func() {
		going = false
		m.w.shell.views.OnDrawn(nil)
	})
	<-f.ended
	slices.Sort(times)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	m.add(studio.BenchRow{
		What: "key to next image drawn, 12 megapixels", Median: ms(times[len(times)/2]), High: ms(times[len(times)*99/100]), Unit: "ms",
		Meant: "< 50 ms, 99 %: < 150 ms", Note: fmt.Sprintf("%d times, a hand that rests %d ms at each", len(times), measureRest.Milliseconds()),
	})
	return nil
}

// huge opens a photo of 50 megapixels.
func (m *measuring) huge() error {
	start := time.Now()
	if err := m.show(studio.BenchLargePhoto(1)); err != nil {
		return err
	}
	countFrames(func(n int) bool { return n < 1 })
	ms := float64(time.Since(start).Milliseconds())
	m.add(studio.BenchRow{What: "open a 50-megapixel photo", Median: ms, High: ms, Unit: "ms", Meant: "< 1.5 s"})
	time.Sleep(2 * time.Second)
	m.gestures(", 50 megapixels")
	return nil
}
