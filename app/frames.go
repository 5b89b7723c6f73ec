package app

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
)

// frames counts frames: an animation's tick is called on the window's thread once before each frame is drawn, so that the time from one tick to
// the next is what a frame took, with all that was done on the thread in between.
type frames struct {
	gaps  []time.Duration
	last  time.Time
	step  func(n int) bool // does something before a frame; false ends the counting
	ended chan struct{}
	tick  *fyne.Animation
	after func() // once the next frame is drawn
}

// countFrames calls step before each frame until it says false, and returns the counts. It must not be called on the window's thread.
func countFrames(step func(n int) bool) *frames {
	f := startFrames(step)
	<-f.ended
	return f
}

// startFrames is countFrames that does not wait.
func startFrames(step func(n int) bool) *frames {
	f := &frames{step: step, ended: make(chan struct{})}
	fyne.DoAndWait(func() {
		f.tick = fyne.NewAnimation(time.Hour, f.ticked)
		f.tick.RepeatCount = fyne.AnimationRepeatForever
		f.tick.Start()
	})
	return f
}

// afterFrame calls f, on the window's thread, once the next frame is drawn. It is called on that thread, with the animation running.
func (f *frames) afterFrame(done func()) { f.after = done }

func (f *frames) ticked(float32) {
	now := time.Now()
	if f.after != nil {
		fyne.Do(f.after) // the thread draws the frame before it takes from its queue
		f.after = nil
	}
	if f.step == nil {
		return
	}
	if !f.last.IsZero() {
		f.gaps = append(f.gaps, now.Sub(f.last))
	}
	f.last = now
	if !f.step(len(f.gaps)) {
		f.step = nil
		f.tick.Stop()
		close(f.ended)
	}
}

// over is the share of frames that took longer, in percent.
func over(gaps []time.Duration, limit time.Duration) float64 {
	n := 0
	for _, g := range gaps {
		if g > limit {
			n++
		}
	}
	return 100 * float64(n) / float64(max(1, len(gaps)))
}

// framesRow sums up what frames took: the share of slow ones, and the longest of all.
func framesRow(what string, gaps []time.Duration) studio.BenchRow {
	sorted := slices.Sorted(slices.Values(gaps))
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	longest, median := 0.0, 0.0
	if n := len(sorted); n > 0 {
		longest, median = ms(sorted[n-1]), ms(sorted[n/2])
	}
	return studio.BenchRow{
		What: what + ": frames over 33 ms", Median: over(gaps, 33*time.Millisecond), High: over(gaps, 50*time.Millisecond), Unit: "%", Meant: "< 1 %",
		Note: fmt.Sprintf("%d frames, median %.1f ms, longest %.0f ms; the second figure: over 50 ms", len(sorted), median, longest),
	}
}
