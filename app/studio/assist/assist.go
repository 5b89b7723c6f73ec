// Package assist suggests concepts while a person annotates: a head that takes a fraction of a second to fit learns, after each few annotations of a view, from the
// features of the built-in backbone, which are computed once for each image and kept in the project's cache. Nothing of it is stored but what a person accepts.
package assist

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// Assistant makes suggestions for the view that a person works on. All of its answers are from memory and come at once, unless they take a context.
type Assistant struct {
	store   *storage.Project
	session *session.Session
	open    func(gate func()) (backbone, error) // tests put another in its place

	now  atomic.Pointer[state]
	busy atomic.Int64 // when a person last drew, dragged or scrolled, in Unix nanoseconds

	mu       sync.Mutex
	view     int64              // that the window shows
	wanted   bool               // its features are wanted, however little is annotated
	first    int64              // the datapoint whose features are wanted first
	due      due                // what is to be looked at again
	cut      context.CancelFunc // ends the turn that is going on
	rejected map[int64][]int64  // concepts that a person rejected for a datapoint, as they were suggested
	wake     chan struct{}
}

// due is what has changed since it was last read.
type due struct {
	facts  bool // the view, its concepts, annotations
	points bool // which datapoints there are
	crops  bool // what they show
}

func (d *due) add(more due) {
	d.facts, d.points, d.crops = d.facts || more.facts, d.points || more.points, d.crops || more.crops
}

// New assists in the project of a session, once KeepAssistant runs.
func New(s *session.Session, store *storage.Project) *Assistant {
	a := &Assistant{store: store, session: s, open: openBackbone, rejected: map[int64][]int64{}, wake: make(chan struct{}, 1)}
	a.now.Store(&state{})
	return a
}

// AssistView has the assistant work on the view that is shown from now on; 0 on none.
func (a *Assistant) AssistView(view int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.view == view {
		return
	}
	a.view, a.wanted, a.first = view, false, 0
	clear(a.rejected)
	a.now.Store(&state{})
	a.again(due{true, true, true}, true)
}

// again has the next turn look at something again, at once or when the one that is going on has ended. The caller holds mu.
func (a *Assistant) again(d due, cut bool) {
	a.due.add(d)
	if cut && a.cut != nil {
		a.cut()
	}
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// AssistantOn reports whether the assistant is switched on in a view, as it is until a person switches it off.
func (a *Assistant) AssistantOn(ctx context.Context, view int64) (bool, error) {
	text, err := a.session.Remembered(ctx, setting(view))
	return text != "off", err
}

// SetAssistant switches the assistant on or off in a view, and remembers it in the project.
func (a *Assistant) SetAssistant(ctx context.Context, view int64, on bool) error {
	text := "on"
	if !on {
		text = "off"
	}
	if err := a.session.Remember(ctx, setting(view), text); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.view == view {
		if !on {
			a.now.Store(&state{view: view})
		}
		a.again(due{facts: true}, !on)
	}
	return nil
}

func setting(view int64) string { return "assistant:" + strconv.FormatInt(view, 10) }

// How long after the last input the assistant computes again, and how long it waits for that at most.
const (
	pauseFor  = 150 * time.Millisecond
	pauseMost = 5 * time.Second
)

// PauseAssistant has the assistant leave the processors alone for a moment, since a person draws, drags or scrolls. It may be called on any goroutine, for each movement.
func (a *Assistant) PauseAssistant() { a.busy.Store(time.Now().UnixNano()) }

// gate waits while a person draws, drags or scrolls.
func (a *Assistant) gate() {
	for until := time.Now().Add(pauseMost); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if time.Since(time.Unix(0, a.busy.Load())) > pauseFor {
			return
		}
	}
}

// KeepAssistant works until ctx ends: it learns anew whenever what it learnt from has changed.
func (a *Assistant) KeepAssistant(ctx context.Context) {
	cancel := a.session.Subscribe(a.heard)
	defer cancel()
	w := &worker{Assistant: a}
	defer w.close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-a.wake:
		}
		view, wanted, what, turn := a.take(ctx)
		w.turn(turn, view, wanted, what)
		a.mu.Lock()
		a.cut()
		a.cut = nil
		a.mu.Unlock()
	}
}

// take begins a turn.
func (a *Assistant) take(ctx context.Context) (view int64, wanted bool, d due, turn context.Context) {
	a.mu.Lock()
	defer a.mu.Unlock()
	turn, a.cut = context.WithCancel(ctx)
	d, a.due = a.due, due{}
	return a.view, a.wanted, d, turn
}

// pending reports whether something has changed since the turn began.
func (a *Assistant) pending() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.due != due{}
}

// heard hears of a change of the project. What can make a suggestion wrong, such as a concept that is gone, ends the turn that is going on.
func (a *Assistant) heard(c session.Change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch c.Kind {
	case session.ChangeProject:
		a.again(due{true, true, true}, true)
	case session.ChangeViews, session.ChangeConcepts:
		a.again(due{facts: true, points: c.Kind == session.ChangeViews}, true)
	case session.ChangeImages:
		a.again(due{facts: true, points: true}, false)
	case session.ChangeAnnotations:
		if c.View == 0 || c.View == a.view {
			a.again(due{facts: true}, false)
		} else { // the view's crops may be of that one's regions
			a.again(due{points: true, crops: true}, false)
		}
	}
}

// Status is what the assistant does in the view that is shown.
type Status struct {
	View        int64
	On          bool
	Waiting     string // what is missing until it suggests; "" where nothing is
	Images      int    // datapoints of the view
	Computed    int    // of them with features
	Learned     int    // annotated datapoints that it learnt from; 0: nothing yet
	Right       int    // of them that it predicts rightly from the others
	Suggestions int    // datapoints that are not annotated and for which it suggests something
}

// AssistantStatus says what the assistant does in a view; the zero Status where it does not look at that view.
func (a *Assistant) AssistantStatus(view int64) Status {
	s := a.now.Load()
	if s.view != view || view == 0 {
		return Status{}
	}
	status := Status{View: view, On: s.on, Waiting: s.waiting, Images: s.images, Computed: len(s.rows.ids), Suggestions: s.open}
	if s.head != nil {
		status.Learned, status.Right = len(s.head.left), s.head.right
	}
	return status
}

// state is what the assistant knows at one moment. It is never changed.
type state struct {
	view    int64
	kind    domain.Task
	on      bool
	waiting string
	images  int
	open    int // not annotated, with a suggestion
	rows    rows
	head    *head          // nil: nothing was learnt
	guesses []guess        // of rows; as many as there are with head
	known   []knownRow     // what the head learnt from
	failed  map[int64]bool // datapoints without features
	broken  error          // why nothing can be computed
}
