// Package watch predicts each image that appears in a folder, writes its line into a CSV file, and sorts it by its predicted concept or puts it aside to be
// annotated. The CSV file is all that is remembered: an image is done when its line is on the disk, so that a watch that was killed goes on where it was.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"viewfinder/app/studio/predict"
	"viewfinder/storage/domain"
)

// Request says what is watched and what becomes of its images.
type Request struct {
	In        string      // the folder; those below it are watched, too, hidden ones are not
	CSV       string      // a line for each image; goes on where it ends if it is there
	SortInto  string      // an image goes into the folder of its most confident concept in here; "": it stays
	Below     float64     // an image whose least certain prediction is below, 0 to 1, goes into Aside instead
	Aside     string      // "": nothing is put aside
	Threshold float64     // least score of a tag or box; 0 = 0.5
	Task      domain.Task // of the version's view
	Version   string      // its name, for the lines
}

// Network predicts image files; *predict.Network is one.
type Network interface {
	Files(ctx context.Context, files []string, each func(i int, p predict.Prediction)) error
}

// News is how a watch stands, told after each image and each change of Trouble.
type News struct {
	Image   *Line  // what was just written; nil where nothing was
	Done    int    // images written down since the start
	Before  int    // images that had their line before
	Waiting int    // images that are still growing, unreadable so far, or next
	Trouble string // why something does not go on at the moment; it is tried again until it does. "": nothing
}

// Check refuses what cannot be watched, before a network is loaded: a folder that is missing, or that images would be sorted back into.
func (r *Request) Check() error {
	if r.Below < 0 || r.Below > 1 || r.Threshold < 0 || r.Threshold > 1 {
		return errors.New("a confidence is a number from 0 to 1")
	}
	info, err := os.Stat(r.In)
	switch {
	case err != nil:
		return fmt.Errorf("watching %s: %w", r.In, err)
	case !info.IsDir():
		return fmt.Errorf("watching %s: not a folder", r.In)
	}
	for _, path := range []*string{&r.In, &r.CSV, &r.SortInto, &r.Aside} {
		if *path == "" {
			continue
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return fmt.Errorf("finding %s: %w", *path, err)
		}
	}
	if r.CSV == "" {
		return errors.New("a watch needs a CSV file to write to")
	}
	for _, into := range []string{r.SortInto, r.Aside} {
		if into != "" && within(resolved(r.In), resolved(into)) {
			return fmt.Errorf("images cannot be sorted into %s, which is the watched folder or holds it: choose a folder beside it or in it", into)
		}
	}
	return nil
}

// resolved is a path without symbolic links, as far as it exists.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// within reports whether path is dir or below it; both are absolute.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// pace is how long a watch waits for what.
type pace struct {
	settle time.Duration // a file must not have changed for so long
	poll   time.Duration // between two looks at the folder, where nothing is noticed before; a large folder is looked at less often
	giveUp time.Duration // a file that cannot be read for so long, and does not change, gets a line with the error
}

var ordinary = pace{settle: time.Second, poll: 2 * time.Second, giveUp: 30 * time.Second}

// Run watches until ctx ends, which is no error, and calls tell from this goroutine. What cannot be read or written for the moment is tried again;
// an error is that of the network, or of a CSV file that is not one of watch's.
func Run(ctx context.Context, r Request, n Network, tell func(News)) error {
	return run(ctx, r, n, tell, ordinary)
}

func run(ctx context.Context, r Request, n Network, tell func(News), p pace) error {
	if err := r.Check(); err != nil {
		return err
	}
	j, err := openJournal(r.CSV)
	if err != nil {
		return err
	}
	defer j.close()
	w := &watcher{Request: r, pace: p, network: n, journal: j, tell: tell, pending: map[string]*pending{}, news: News{Before: len(j.done)}}
	w.notices = newNotices()
	defer w.notices.close()
	return w.loop(ctx)
}

// watcher is a running watch. It belongs to one goroutine.
type watcher struct {
	Request
	pace
	network Network
	journal *journal
	notices *notices
	tell    func(News)
	pending map[string]*pending // by the name in the folder
	news    News
	told    string // the trouble that was told last
}

func (w *watcher) loop(ctx context.Context) error {
	var next, soonest time.Time // when the folder is looked at again: by itself, and where something is heard of it
	woken := false
	for first := true; ctx.Err() == nil; first = false {
		if begin := time.Now(); !begin.Before(next) {
			w.news.Trouble, woken = "", false
			w.scan(begin)
			// A look at 100,000 files on a slow share may take long: it gets a tenth of the time.
			took := time.Since(begin)
			next, soonest = time.Now().Add(max(w.poll, 9*took)), time.Now().Add(max(w.poll/20, 9*took))
		}
		ready, wake := w.ready(time.Now())
		if first {
			w.say(nil)
		}
		for len(ready) > 0 && w.news.Trouble == "" && (wake.IsZero() || time.Now().Before(wake)) && time.Now().Before(next) {
			n := min(len(ready), portion)
			if err := w.predict(ctx, ready[:n]); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
			ready = ready[n:]
		}
		if w.news.Trouble != w.told {
			w.say(nil)
		}
		if len(ready) > 0 && w.news.Trouble == "" {
			continue
		}
		if _, wake = w.ready(time.Now()); wake.IsZero() || next.Before(wake) || w.news.Trouble != "" {
			wake = next
		}
		heard := w.notices.heard()
		if woken { // it is known that something happened
			heard = nil
		}
		timer := time.NewTimer(max(time.Until(wake), time.Millisecond))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-heard:
			woken = true
			if soonest.Before(next) {
				next = soonest
			}
		}
		timer.Stop()
	}
	return nil
}

// say tells how the watch stands.
func (w *watcher) say(l *Line) {
	n := w.news
	n.Image, n.Waiting = l, len(w.pending)
	w.told = n.Trouble
	w.tell(n)
}

// trouble keeps the first thing that does not go on.
func (w *watcher) trouble(format string, args ...any) {
	if w.news.Trouble == "" {
		w.news.Trouble = fmt.Sprintf(format, args...)
	}
}

// gone reports whether a file is no longer there, or the whole folder is not: then nothing is reported about the file.
func (w *watcher) gone(err error) bool {
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	_, err = os.ReadDir(w.In)
	return err != nil
}
