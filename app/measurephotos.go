//go:build measure

package app

import (
	"errors"
	"fmt"
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"viewfinder/app/bench"
)

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
	m.addFrames("a box drawn"+what, countFrames(func(n int) bool {
		p := at(float64(n) / 40)
		a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: p}})
		return time.Since(start) < measureGesture
	}))
	fyne.DoAndWait(func() {
		a.MouseUp(nil)
		a.DeleteSelected()
	})
	start = time.Now()
	m.addFrames("zooming"+what, countFrames(func(n int) bool {
		a.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: at(1)}, Scrolled: fyne.NewDelta(0, []float32{10, -10}[n/60%2])})
		return time.Since(start) < measureGesture
	}))
	fyne.DoAndWait(func() {
		a.Zoom(4)
		press(desktop.MouseButtonTertiary, at(0))
	})
	start = time.Now()
	m.addFrames("panning"+what, countFrames(func(n int) bool {
		a.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: at(float64(n) / 30)}})
		return time.Since(start) < measureGesture
	}))
	fyne.DoAndWait(func() { a.MouseUp(nil); a.Fit() })
}

func (m *measuring) drawing() error {
	if err := m.show(bench.Photo(0)); err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // its neighbours are being decoded: a hand has not begun
	m.gestures(", 12 megapixels")
	return nil
}

// turning times the key to the next image's being drawn, back and forth over photos of 12 megapixels.
func (m *measuring) turning(count int) error {
	if err := m.show(bench.Photo(1)); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	var times []time.Duration
	turned, going := make(chan struct{}, 8), true
	f := startFrames(func(int) bool { return going })
	fyne.DoAndWait(func() {
		m.page.OnPut(func() { f.afterFrame(func() { turned <- struct{}{} }) })
	})
	for n := range count {
		key := fyne.KeyReturn
		if n/(bench.Photos-5)%2 == 1 {
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
		m.page.OnPut(nil)
	})
	<-f.ended
	what := "key to next image drawn, 12 megapixels" + m.when
	times = append(times, m.turns[what]...)
	m.turns[what] = times
	m.add(bench.Row{
		What: what, Median: percentile(times, 50), High: percentile(times, 99), Unit: "ms",
		Meant: "< 50 ms, 99%: < 150 ms", Note: fmt.Sprintf("%d times, a hand that rests %d ms at each", len(times), measureRest.Milliseconds()),
	})
	return nil
}

// huge opens a photo of 50 megapixels.
func (m *measuring) huge() error {
	start := time.Now()
	if err := m.show(bench.LargePhoto(1)); err != nil {
		return err
	}
	countFrames(func(n int) bool { return n < 1 })
	ms := float64(time.Since(start).Milliseconds())
	m.add(bench.Row{What: "open a 50-megapixel photo", Median: ms, High: ms, Unit: "ms", Meant: "< 1.5 s"})
	time.Sleep(2 * time.Second)
	m.gestures(", 50 megapixels")
	return nil
}
