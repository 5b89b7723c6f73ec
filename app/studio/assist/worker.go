package assist

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/features"
	"viewfinder/training/machine"
)

// How work is cut, so that what a person does in between is not waited for long.
const (
	portionKept     = 500 // datapoints whose features are read
	portionComputed = 16  // datapoints whose features are computed
	guessedAtOnce   = 2000
	settleFor       = 250 * time.Millisecond // after an annotation, for those that come with it
	publishEvery    = 700 * time.Millisecond
)

// computeFrom is with how many annotations the features of a view's images are begun to be computed.
const computeFrom = firstAnnotations / 2

// backbone computes features.
type backbone interface {
	Size() int
	Groups() []int // of how many numbers the features are, one after the other; the mean activations are the first
	Cache(dir string) (*features.Cache, error)
	Features(ctx context.Context, dir string, samples []training.Sample, use func(i int, half []uint16)) error
	Close()
}

func openBackbone(gate func()) (backbone, error) {
	return training.OpenBackbone(max(1, machine.ThisProcessor().Cores-1), gate)
}

// worker is the goroutine that learns. Nothing of it is used by another.
type worker struct {
	*Assistant
	view      storage.View
	table     *table
	failed    map[int64]bool // datapoints without features
	listed    []int64        // datapoints of the view
	head      *head
	known     []knownRow
	annotated map[int64]bool
	suggested map[int64]bool // by a version, which comes first
	guesses   []guess
	backbone  backbone
	cache     *features.Cache
	cacheOff  bool // nothing can be kept: told once
	published time.Time
}

func (w *worker) close() {
	if w.backbone != nil {
		w.backbone.Close()
		w.backbone = nil
	}
	w.closeCache()
}

func (w *worker) closeCache() {
	if w.cache == nil {
		return
	}
	if err := w.cache.Fault(); err != nil && !w.cacheOff {
		w.cacheOff = true
		slog.Warn("features could not be kept, so they are computed again the next time", "error", err)
	}
	_ = w.cache.Close()
	w.cache = nil
}

// turn looks at everything that is due, learns, and computes what features are missing until something else is due.
func (w *worker) turn(ctx context.Context, view int64, wanted bool, what due) {
	if err := w.try(ctx, view, wanted, what); err != nil && ctx.Err() == nil {
		if !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, training.ErrNoBackbone) {
			slog.Warn("the assistant cannot help", "error", err)
		}
		w.forget()
		w.publish(&state{view: view, waiting: "No suggestions: " + err.Error(), broken: err})
	} else if err != nil {
		w.mu.Lock()
		w.due.add(what)
		w.mu.Unlock()
	}
}

// forget lets go of what was learnt and computed.
func (w *worker) forget() {
	w.table, w.failed, w.listed, w.head, w.known, w.guesses, w.annotated, w.suggested = nil, nil, nil, nil, nil, nil, nil, nil
}

func (w *worker) try(ctx context.Context, id int64, wanted bool, what due) error {
	if id != w.view.ID {
		w.forget()
		w.view = storage.View{}
	}
	if id == 0 {
		return nil
	}
	view, err := w.store.View(ctx, id)
	if err != nil {
		w.view = storage.View{}
		return err
	}
	w.view = view
	on, err := w.AssistantOn(ctx, id)
	if err != nil {
		return err
	}
	on = on && !view.Type.HasBoxes() // there, only similar images are found
	if !on && !wanted {
		w.forget()
		w.publish(&state{view: id, kind: view.Type})
		return nil
	}
	if w.table == nil || what.crops && view.ParentID != 0 {
		w.forget()
		w.table, w.failed = newTable(), map[int64]bool{}
		what.points = true
	}
	if what.points || view.ParentID != 0 {
		if err := w.list(ctx); err != nil {
			return err
		}
	}
	if err := w.forgetGone(ctx, on); err != nil {
		return err
	}
	if !w.rest(ctx) {
		return ctx.Err()
	}
	known, err := w.read(ctx)
	if err != nil {
		return err
	}
	if len(known) < computeFrom && !wanted {
		w.head, w.known, w.guesses = nil, known, nil
		w.publish(w.state(on, begins(len(known))))
		return nil
	}
	w.mu.Lock()
	ids := []int64{w.first}
	w.mu.Unlock()
	for _, k := range known {
		ids = append(ids, k.id)
	}
	if done, err := w.gather(ctx, ids, nil); err != nil || !done {
		return err
	}
	if err := w.learn(ctx, on, known); err != nil {
		return err
	}
	done, err := w.gather(ctx, w.order(), func() error { return w.learn(ctx, on, known) })
	if err != nil || !done {
		return err
	}
	w.close() // until there are new images
	return nil
}

// forgetGone takes back what is suggested of concepts that are gone: at once, before it is learnt anew.
func (w *worker) forgetGone(ctx context.Context, on bool) error {
	if w.head == nil {
		return nil
	}
	concepts, err := w.store.Concepts(ctx, w.view.ID)
	if err != nil {
		return err
	}
	for _, id := range w.head.concepts {
		if !slices.ContainsFunc(concepts, func(c domain.Concept) bool { return c.ID == id }) {
			w.head, w.known, w.guesses = nil, nil, nil
			w.publish(w.state(on, ""))
			break
		}
	}
	return nil
}

// rest waits a moment for the annotations that come with one.
func (w *worker) rest(ctx context.Context) bool {
	if w.head == nil {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(settleFor):
	}
	w.mu.Lock() // what came until now is read with it
	w.due.facts = false
	w.mu.Unlock()
	return true
}

// list reads which datapoints there are, and drops the rows of those that are gone.
func (w *worker) list(ctx context.Context) error {
	ids, err := w.store.DatapointIDs(ctx, storage.Query{View: w.view.ID, Sort: storage.SortAdded})
	if err != nil {
		return err
	}
	w.listed = ids
	there := setOf(ids)
	if slices.ContainsFunc(w.table.ids, func(id int64) bool { return !there[id] }) {
		w.table, w.head, w.guesses = newTable(), nil, nil // from the cache it is soon there again
	}
	clear(w.failed)
	return nil
}

// read reads what is annotated, and for what versions suggest something.
func (w *worker) read(ctx context.Context) ([]knownRow, error) {
	ids, err := w.store.DatapointIDs(ctx, storage.Query{View: w.view.ID, State: storage.StateAnnotated, Sort: storage.SortAdded})
	if err != nil {
		return nil, err
	}
	w.annotated = setOf(ids)
	suggested, err := w.store.DatapointIDs(ctx, storage.Query{View: w.view.ID, State: storage.StateSuggested, Sort: storage.SortAdded})
	if err != nil {
		return nil, err
	}
	w.suggested = setOf(suggested)
	if len(ids) > mostLearned {
		few := make([]int64, mostLearned)
		for i := range few {
			few[i] = ids[i*len(ids)/mostLearned]
		}
		ids = few
	}
	var known []knownRow
	for part := range slices.Chunk(ids, portionKept) {
		w.gate()
		points, err := w.store.DatapointsByID(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, d := range points {
			k := knownRow{id: d.ID, concepts: d.Concepts()}
			if d.Image.Split == domain.SplitTest { // nothing is learnt from these, whatever it is for
				continue
			}
			if d.Annotated && (!w.view.Type.ExactlyOne() || len(k.concepts) == 1) {
				known = append(known, k)
			}
		}
	}
	return known, nil
}

func setOf(ids []int64) map[int64]bool {
	set := make(map[int64]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// order is the datapoints without features: first some spread over all, so that what they differ in is known early, then as they were added.
func (w *worker) order() []int64 {
	order := make([]int64, 0, len(w.listed))
	if n := len(w.listed); len(w.table.ids) < fittedOn && n > fittedOn {
		for i := range fittedOn {
			order = append(order, w.listed[i*n/fittedOn])
		}
	}
	return append(order, w.listed...)
}

// gather gets features of datapoints that have none yet, from the cache or from the backbone. done is false where something else is due. each, which may be nil, is
// called now and then, and at the end.
func (w *worker) gather(ctx context.Context, ids []int64, each func() error) (done bool, err error) {
	seen := make(map[int64]bool, len(ids))
	var lacking []int64
	for _, id := range ids {
		if _, ok := w.table.place[id]; !ok && id != 0 && !w.failed[id] && !seen[id] {
			seen[id] = true
			lacking = append(lacking, id)
		}
	}
	if len(lacking) == 0 {
		return true, nil
	}
	if err := w.ready(); err != nil {
		return false, err
	}
	w.table.groups = w.backbone.Groups()
	half := make([]uint16, w.backbone.Size())
	for part := range slices.Chunk(lacking, portionKept) {
		w.gate()
		points, err := w.store.DatapointsByID(ctx, part)
		if err != nil {
			return false, err
		}
		var compute []storage.Datapoint
		for _, d := range points {
			if !w.whole(d.Image) {
				w.failed[d.ID] = true
				continue
			}
			if k, ok := keyOf(d); ok && w.cache != nil && w.cache.Get(k, half) {
				w.table.add(d.ID, half)
			} else {
				compute = append(compute, d)
			}
		}
		if err := w.tell(each, false); err != nil {
			return false, err
		}
		for few := range slices.Chunk(compute, portionComputed) {
			if w.pending() {
				w.table.settle()
				return false, nil
			}
			if err := w.compute(ctx, few); err != nil {
				w.table.settle()
				return false, err
			}
			if err := w.tell(each, false); err != nil {
				return false, err
			}
		}
		if w.pending() {
			w.table.settle()
			return false, nil
		}
	}
	w.closeCache()
	return true, w.tell(each, true)
}

// tell has what was gathered be used, at most so often.
func (w *worker) tell(each func() error, now bool) error {
	if !now && time.Since(w.published) < publishEvery {
		return nil
	}
	w.table.settle()
	if each == nil {
		return nil
	}
	return each()
}

// ready opens backbone and cache.
func (w *worker) ready() (err error) {
	if w.backbone == nil {
		if w.backbone, err = w.open(w.gate); err != nil {
			w.backbone = nil
			return err
		}
	}
	if w.cache == nil {
		if w.cache, err = w.backbone.Cache(filepath.Join(w.store.CacheDir(), "features")); err != nil {
			w.cache = nil
			if !w.cacheOff {
				w.cacheOff = true
				slog.Warn("features cannot be kept, so they are computed again the next time", "error", err)
			}
		}
	}
	return nil
}

// whole reports whether an image's file is there, as large as it was.
func (w *worker) whole(img storage.Image) bool {
	info, err := os.Stat(w.store.ImagePath(img))
	return err == nil && info.Mode().IsRegular() && info.Size() == img.Size
}

func keyOf(d storage.Datapoint) (features.Key, bool) {
	return features.KeyOf(d.Image.SHA256, d.SourceBox, "")
}

// compute runs the backbone. What cannot be read gets no features.
func (w *worker) compute(ctx context.Context, points []storage.Datapoint) error {
	samples := make([]training.Sample, len(points))
	for i, d := range points {
		w.failed[d.ID] = true
		samples[i] = training.Sample{Image: w.store.ImagePath(d.Image), SHA256: d.Image.SHA256, Crop: d.SourceBox}
	}
	err := w.backbone.Features(ctx, "", samples, func(i int, half []uint16) {
		delete(w.failed, points[i].ID)
		if k, ok := keyOf(points[i]); ok && w.cache != nil {
			w.cache.Put(k, half)
		}
		w.table.add(points[i].ID, half)
	})
	if err != nil { // it is tried again
		for _, d := range points {
			delete(w.failed, d.ID)
		}
		return fmt.Errorf("computing features: %w", err)
	}
	return nil
}

// learn learns anew where what it learns from is other than before, predicts what is new, and publishes that.
func (w *worker) learn(ctx context.Context, on bool, known []knownRow) error {
	w.table.settle()
	var usable []knownRow
	for _, k := range known {
		if _, ok := w.table.place[k.id]; ok {
			usable = append(usable, k)
		}
	}
	waiting := missing(w.view.Type, usable)
	same := w.head != nil && on && w.head.generation == w.table.generation && slices.EqualFunc(usable, w.known, func(a, b knownRow) bool { return a.id == b.id && slices.Equal(a.concepts, b.concepts) })
	if !same {
		w.head, w.known, w.guesses = nil, usable, nil
		if waiting == "" && on {
			h, err := learn(ctx, w.view.Type, usable, w.table.of)
			if err != nil {
				return fmt.Errorf("learning from the annotated images: %w", err)
			}
			h.generation = w.table.generation
			w.head = h
		}
	}
	if w.head != nil {
		room := make([]float32, len(w.head.concepts))
		guesses := w.guesses[:len(w.guesses):len(w.guesses)] // what was published stays as it is
		for i := len(guesses); i < len(w.table.x)/directions; i++ {
			if i%guessedAtOnce == 0 {
				w.gate()
				if err := ctx.Err(); err != nil {
					return err
				}
			}
			guesses = append(guesses, w.head.guess(w.table.at(i), room))
		}
		w.guesses = guesses
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.publish(w.state(on, waiting))
	return nil
}

// state is what is known now.
func (w *worker) state(on bool, waiting string) *state {
	s := &state{view: w.view.ID, kind: w.view.Type, on: on, waiting: waiting, images: len(w.listed), rows: w.table.share(), head: w.head, guesses: w.guesses, known: w.known, failed: maps.Clone(w.failed)}
	if s.head != nil {
		for _, id := range s.rows.ids {
			if !w.annotated[id] && !w.suggested[id] {
				s.open++
			}
		}
	}
	return s
}

// publish has everybody see what is known, unless another view is shown by now.
func (w *worker) publish(s *state) {
	w.published = time.Now()
	w.mu.Lock()
	if w.Assistant.view != s.view {
		w.mu.Unlock()
		return
	}
	w.now.Store(s)
	w.mu.Unlock()
	w.session.Tell(session.Change{Kind: session.ChangeAssistant, View: s.view})
}
