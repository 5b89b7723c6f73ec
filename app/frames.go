//go:build measure

package app

import (
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/bench"
)

// frames counts frames: an animation's tick is called on the window's thread once before each frame is drawn, so that the time from one tick to
// the next is what a frame took, with all that was done on the thread in between.
type frames struct {
	gaps  []time.Duration
	work  []time.Duration // of the window's own thread between them, where the system tells: without those that draw in OpenGL's place
	last  time.Time
	done  time.Duration    // the thread's work so far
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
	done, told := threadTime()
	if !f.last.IsZero() {
		f.gaps = append(f.gaps, now.Sub(f.last))
		if told {
			f.work = append(f.work, done-f.done)
		}
	}
	f.last, f.done = now, done
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

// join adds what was counted another time.
func (f *frames) join(other *frames) {
	f.gaps = append(f.gaps, other.gaps...)
	f.work = append(f.work, other.work...)
}

// row sums up: the share of slow frames, the longest of all, and how much of them the window's own thread was at work.
func (f *frames) row(what string) bench.Row {
	note := fmt.Sprintf("%d frames, median %.1f ms, longest %.0f ms; the second figure: over 50 ms", len(f.gaps), percentile(f.gaps, 50), percentile(f.gaps, 100))
	if len(f.work) > 0 {
		note += fmt.Sprintf("; the window's own thread at work: median %.1f, 99%% %.1f, longest %.0f ms", percentile(f.work, 50), percentile(f.work, 99), percentile(f.work, 100))
	}
	return bench.Row{
		What: what + ": frames over 33 ms", Median: over(f.gaps, 33*time.Millisecond), High: over(f.gaps, 50*time.Millisecond), Unit: "%", Meant: "< 1%",
		Note: note,
	}
}

// percentile is what so many percent of times do not exceed, in milliseconds.
func percentile(times []time.Duration, percent int) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return float64(sorted[min(len(sorted)-1, len(sorted)*percent/100)].Microseconds()) / 1000
}
