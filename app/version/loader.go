package version

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

// Loader reads what a page shows off the window's thread: one reading at a time, once more if asked meanwhile, and not more often than
// Pause. All its methods belong to the window's thread.
type Loader struct {
	// Work reads and returns what then is done on the window's thread (nil: nothing). ctx ends with the page.
	Work  func(ctx context.Context) (then func())
	Pause time.Duration

	ctx         context.Context
	stop        context.CancelFunc
	busy, again bool
}

// NewLoader makes a loader whose work ends when ctx does.
func NewLoader(ctx context.Context, work func(ctx context.Context) func()) *Loader {
	l := &Loader{Work: work}
	l.ctx, l.stop = context.WithCancel(ctx)
	return l
}

// Load asks for a reading.
func (l *Loader) Load() {
	if l.ctx.Err() != nil {
		return
	}
	if l.busy {
		l.again = true
		return
	}
	l.busy, l.again = true, false
	ctx, pause := l.ctx, l.Pause
	go func() {
		start := time.Now()
		then := l.Work(ctx)
		pause := max(pause, time.Since(start)) // what takes long is done less often: at most half of the time
		if ctx.Err() != nil {
			return
		}
		fyne.Do(func() {
			if ctx.Err() == nil && then != nil {
				then()
			}
		})
		if pause > 0 {
			select {
			case <-ctx.Done():
				return
			case <-time.After(pause):
			}
		}
		fyne.Do(func() {
			l.busy = false
			if l.again {
				l.Load()
			}
		})
	}()
}

// Ask has f called on the window's thread and waits for its answer; false if ctx ends before.
func Ask[T any](ctx context.Context, f func() T) (answer T, ok bool) {
	answers := make(chan T, 1)
	fyne.Do(func() { answers <- f() })
	select {
	case answer = <-answers:
		return answer, true
	case <-ctx.Done():
		return answer, false
	}
}

// Close ends the work.
func (l *Loader) Close() { l.stop() }
