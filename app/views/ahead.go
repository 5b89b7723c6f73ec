package views

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/widgets"
)

// ahead has the datapoint that is shown and its neighbours ready to be drawn: read, decoded, and with the smaller versions that
// the annotator draws from. Its maps are used on the window's thread.
type ahead struct {
	parent  context.Context
	project Project
	writer  *writer
	fresh   func(studio.Datapoint) // takes what was read anew
	ready   map[int64]*readyPoint
	waiting map[int64][]func()
	ctx     context.Context
	cancel  context.CancelFunc
	keep    map[int64]bool
	slots   chan struct{}
	shown   chan struct{} // closed when what the person waits for is there: its neighbours are made ready after it
}

type readyPoint struct {
	point   studio.Datapoint
	picture *widgets.Pyramid
	err     error
	done    bool
	stale   bool // its annotation may have changed; the image has not
	fresh   bool // it is being read anew
	cancel  context.CancelFunc
}

// How many of the next and of the previous images are made ready, and what their images may take together beside the
// shown one: two of 50 megapixels, or many of a phone's.
const (
	aheadNext     = 3
	aheadPrevious = 2
	aheadBytes    = 600 << 20
)

// aheadRest is how long the neighbours of an image that was ready wait until its frame is drawn: two at once took the processors of it.
const aheadRest = 70 * time.Millisecond

func newAhead(ctx context.Context, p Project, w *writer, fresh func(studio.Datapoint)) *ahead {
	a := &ahead{parent: ctx, project: p, writer: w, fresh: fresh, slots: make(chan struct{}, 2)}
	a.forget()
	return a
}

func (a *ahead) forget() {
	if a.cancel != nil {
		a.cancel()
	}
	a.ctx, a.cancel = context.WithCancel(a.parent)
	a.ready, a.waiting, a.keep = map[int64]*readyPoint{}, map[int64][]func(){}, map[int64]bool{}
}

// forgetPoints has all annotations read anew before they are shown.
func (a *ahead) forgetPoints() {
	for _, r := range a.ready {
		r.stale = true
	}
}

func (a *ahead) forgetImages(images []int64) {
	for _, r := range a.ready {
		for _, id := range images {
			if r.point.Image.ID == id {
				r.stale = true
			}
		}
	}
}

// put takes what was done to a datapoint.
func (a *ahead) put(d studio.Datapoint) {
	if r := a.ready[d.ID]; r != nil {
		r.point, r.stale = d, false
	}
}

// around makes ready what stands around a place of the list, and lets go of the rest.
func (a *ahead) around(ids []int64, at int) {
	keep := map[int64]bool{}
	var order []int64
	for step := 0; step <= aheadNext; step++ {
		for _, i := range []int{at + step, at - step} {
			if i >= 0 && i < len(ids) && (i >= at-aheadPrevious) && !keep[ids[i]] {
				keep[ids[i]] = true
				order = append(order, ids[i])
			}
		}
	}
	a.keep = keep
	var bytes int64
	for id, r := range a.ready {
		if !keep[id] {
			r.cancel()
			delete(a.ready, id)
		} else {
			bytes += r.picture.Bytes()
		}
	}
	if r := a.ready[ids[at]]; r != nil && r.done {
		shown := make(chan struct{})
		a.shown = shown
		time.AfterFunc(aheadRest, func() { close(shown) })
	}
	for i, id := range order {
		if r := a.ready[id]; r != nil {
			if r.done && r.stale {
				a.freshen(id, r)
			}
			continue
		}
		if i > 0 && bytes > aheadBytes {
			continue
		}
		a.make(id, i == 0)
	}
}

// make reads and decodes a datapoint. The one that is waited for does not queue behind the others, and they do not take its processors:
// a photo of 50 megapixels beside two neighbours took three times as long.
func (a *ahead) make(id int64, first bool) {
	ctx, cancel := context.WithCancel(a.ctx)
	r := &readyPoint{cancel: cancel}
	a.ready[id] = r
	project, shown := a.project, a.shown
	if first {
		shown = make(chan struct{})
		a.shown = shown
	}
	go func() {
		if first {
			defer close(shown)
		} else if !a.turn(ctx, shown) {
			return
		} else {
			defer func() { <-a.slots }()
		}
		now := a.writer.now()
		d, err := read(ctx, project, id)
		var picture *widgets.Pyramid
		if err == nil {
			var img *image.RGBA
			if img, err = project.DatapointImage(ctx, d); err == nil {
				picture = widgets.NewPyramid(img)
			}
		}
		a.finish(ctx, id, r, readyPoint{point: d, picture: picture, err: err}, now)
	}()
}

// turn waits until a neighbour may be made ready; false if it is not wanted any more. A slot is taken then.
func (a *ahead) turn(ctx context.Context, shown <-chan struct{}) bool {
	if shown != nil {
		select {
		case <-shown:
		case <-ctx.Done():
			return false
		}
	}
	select {
	case a.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	if ctx.Err() != nil {
		<-a.slots
		return false
	}
	return true
}

func read(ctx context.Context, project Project, id int64) (d studio.Datapoint, err error) {
	list, err := project.DatapointsByID(ctx, []int64{id})
	switch {
	case err != nil:
		return d, err
	case len(list) == 0:
		return d, studio.ErrNotFound
	}
	return list[0], nil
}

// finish passes on what was made ready. What was done to the datapoint since it was read, while its image was decoded, is read first.
func (a *ahead) finish(ctx context.Context, id int64, r *readyPoint, got readyPoint, began int64) {
	fyne.Do(func() {
		if ctx.Err() != nil {
			return
		}
		if got.point.ID != 0 && a.writer.changed(got.point.Key(), began) {
			project := a.project
			go func() {
				a.writer.wait(ctx)
				now := a.writer.now()
				d, err := read(ctx, project, id)
				if err != nil {
					got = readyPoint{err: err}
				}
				got.point = d
				a.finish(ctx, id, r, got, now)
			}()
			return
		}
		r.point, r.picture, r.err, r.done = got.point, got.picture, got.err, true
		if a.ready[id] != r {
			return
		}
		for _, f := range a.waiting[id] {
			f()
		}
		delete(a.waiting, id)
	})
}

// freshen reads a datapoint's annotation anew; its image stays.
func (a *ahead) freshen(id int64, r *readyPoint) {
	if r.fresh {
		return
	}
	r.fresh = true
	ctx, project, now := a.ctx, a.project, a.writer.now()
	go func() {
		d, err := read(ctx, project, id)
		fyne.Do(func() {
			r.fresh = false
			if err != nil || ctx.Err() != nil || a.writer.changed(d.Key(), now) {
				return // it stays stale: whoever shows it reads it again, and says what is wrong
			}
			a.fresh(d)
		})
	}()
}

// stale reports whether the annotation of a datapoint may have changed since it was read; its image has not.
func (a *ahead) stale(id int64) bool {
	r := a.ready[id]
	return r != nil && r.done && r.stale && r.err == nil
}

// get gives what is ready; neither an image nor an error means not yet.
func (a *ahead) get(id int64) (studio.Datapoint, *widgets.Pyramid, error) {
	r := a.ready[id]
	if r == nil || !r.done {
		return studio.Datapoint{}, nil, nil
	}
	return r.point, r.picture, r.err
}

// when calls f once it is ready.
func (a *ahead) when(id int64, f func()) { a.waiting[id] = append(a.waiting[id], f) }
