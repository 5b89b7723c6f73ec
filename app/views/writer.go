package views

import (
	"context"
	"slices"
	"sync"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/storage/domain"
)

// writer saves what is done in the gallery and the annotator, in its order, off the window's thread, so that a person never
// waits for the disk and the next action never overtakes the last.
type writer struct {
	shell   page.Shell
	project Project
	saved   func(job) // hears, on the window's thread, that work was done

	mu      sync.Mutex
	jobs    []job
	running bool
	idle    *sync.Cond
	pending map[studio.Key]int
	clock   int64                // counts what was begun and what was finished
	touched map[studio.Key]int64 // when a datapoint's last job was begun or finished
	all     int64                // when one that may change anything was
	undoing int                  // how many of those there are
	real    map[int64]int64      // ids of regions by the negative ones that stood for them until they were saved
}

type job struct {
	doing string
	keys  []studio.Key
	any   bool // it may change any datapoint
	work  func(ctx context.Context) error
	after func(err error) // on the window's thread; may be nil
}

// saver is what a shell may be: told how much is still to be saved.
type saver interface{ Saving(pending int) }

func newWriter(s page.Shell, p Project, saved func(job)) *writer {
	w := &writer{shell: s, project: p, saved: saved, pending: map[studio.Key]int{}, touched: map[studio.Key]int64{}, real: map[int64]int64{}}
	w.idle = sync.NewCond(&w.mu)
	return w
}

// add queues work on datapoints.
func (w *writer) add(j job) {
	w.mu.Lock()
	w.jobs = append(w.jobs, j)
	w.clock++
	for _, k := range j.keys {
		w.pending[k]++
		w.touched[k] = w.clock
	}
	if j.any {
		w.all = w.clock
		w.undoing++
	}
	n := len(w.jobs)
	start := !w.running
	w.running = true
	w.mu.Unlock()
	w.tell(n)
	if start {
		go w.run()
	}
}

func (w *writer) tell(n int) {
	if s, ok := w.shell.(saver); ok {
		s.Saving(n)
	}
}

func (w *writer) run() {
	// What a person did is saved even while the project closes; close waits for it.
	ctx := context.WithoutCancel(w.shell.Context())
	for {
		w.mu.Lock()
		if len(w.jobs) == 0 {
			w.running = false
			w.idle.Broadcast()
			w.mu.Unlock()
			return
		}
		j := w.jobs[0]
		w.mu.Unlock()
		err := j.work(ctx)
		w.mu.Lock()
		w.jobs = w.jobs[1:]
		n := len(w.jobs)
		w.clock++
		for _, k := range j.keys {
			w.touched[k] = w.clock
			if w.pending[k]--; w.pending[k] == 0 {
				delete(w.pending, k)
			}
		}
		if j.any {
			w.all = w.clock
			w.undoing--
		}
		w.mu.Unlock()
		fyne.Do(func() {
			w.tell(n)
			if err != nil {
				w.shell.Fail(j.doing, err)
			}
			if j.after != nil {
				j.after(err)
			}
			w.saved(j)
		})
	}
}

// waits reports whether something about a datapoint is still to be saved.
func (w *writer) waits(k studio.Key) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending[k] > 0
}

// now is a time to be asked about later, see changed.
func (w *writer) now() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

// changed reports whether what was read of a datapoint, in a reading that began at a time, may be older than what a person did: it is not to
// be shown, since it would take that back before their eyes. It is read again once that is saved.
func (w *writer) changed(k studio.Key, since int64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending[k] > 0 || w.undoing > 0 || w.touched[k] > since || w.all > since
}

// read reads datapoints; while something about them is being saved, it waits and reads again. began is for changed.
func (w *writer) read(ctx context.Context, ids []int64) (list []studio.Datapoint, began int64, err error) {
	for range 3 {
		began = w.now()
		list, err = w.project.DatapointsByID(ctx, ids)
		if err != nil || !slices.ContainsFunc(list, func(d studio.Datapoint) bool { return w.changed(d.Key(), began) }) {
			break
		}
		w.wait(ctx)
	}
	return list, began, err
}

// wait returns once everything is saved, or ctx ends.
func (w *writer) wait(ctx context.Context) {
	stop := context.AfterFunc(ctx, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.idle.Broadcast()
	})
	defer stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.running && ctx.Err() == nil {
		w.idle.Wait()
	}
}

// annotate saves a change of a datapoint's boxes. Regions that are not saved yet have negative ids; the ids they get are remembered.
func (w *writer) annotate(k studio.Key, change edit, after func(err error)) {
	w.add(job{doing: "save the annotation", keys: []studio.Key{k}, after: after, work: func(ctx context.Context) error {
		var wanted []domain.Region
		stored, err := w.project.Amend(ctx, k, func(there []domain.Region) []domain.Region {
			wanted = change.on(there, w.idOf)
			return wanted
		})
		if err != nil {
			return err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		for i, r := range wanted {
			if r.ID < 0 {
				w.real[r.ID] = stored[i].ID
			}
		}
		return nil
	}})
}

// idOf is the id that a region got when it was saved, 0 before that.
func (w *writer) idOf(id int64) int64 {
	if id >= 0 {
		return id
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.real[id]
}
