// Package session is an open project as every other subject of the studio needs it: its name, its listeners, its work in the background, what it
// remembers; and what the program remembers of its user: recent projects, settings.
package session

import (
	"context"
	"errors"
	"sync"

	"viewfinder/storage"
)

// Session is an open project as every subject needs it: its name, its listeners, and the background work that ends before it closes.
type Session struct {
	store    *storage.Project
	name     string
	nameMu   sync.Mutex
	changes  changes
	readOnly bool // another process holds the lock

	ctx     context.Context // ends when the project closes
	stop    context.CancelFunc
	jobs    sync.WaitGroup // goroutines that must end before the storage closes
	jobsMu  sync.Mutex
	closers []func()
	closed  bool
}

// NewSession takes an open store over: Close closes it, and so does an error. readOnly is true where another process holds the project's lock.
func New(ctx context.Context, store *storage.Project, readOnly bool) (*Session, error) {
	info, err := store.Info(ctx)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	s := &Session{store: store, name: info.Name, readOnly: readOnly}
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Close ends what runs in the background and lets others open the project. Trainings go on.
func (s *Session) Close() error {
	s.jobsMu.Lock()
	if s.closed {
		s.jobsMu.Unlock()
		return nil
	}
	s.closed = true
	closers := s.closers
	s.jobsMu.Unlock()
	s.stop()
	s.changes.close()
	for _, f := range closers {
		f()
	}
	s.jobs.Wait()
	return s.store.Close()
}

// BeforeClose has Close call f, which ends workers of a subject's own, before the storage closes.
func (s *Session) BeforeClose(f func()) {
	s.jobsMu.Lock()
	defer s.jobsMu.Unlock()
	s.closers = append(s.closers, f)
}

// Background runs f on a goroutine that Close waits for; f must return when its context ends.
func (s *Session) Background(f func(ctx context.Context)) {
	s.jobsMu.Lock()
	defer s.jobsMu.Unlock()
	if s.closed {
		return
	}
	s.jobs.Add(1)
	go func() {
		defer s.jobs.Done()
		f(s.ctx)
	}()
}

// ReadOnly reports whether the project was opened to be read: another process holds its lock and keeps its versions up to date.
func (s *Session) ReadOnly() bool { return s.readOnly }

// Name is the project's name.
func (s *Session) Name() string {
	s.nameMu.Lock()
	defer s.nameMu.Unlock()
	return s.name
}

// Rename gives the project another name; its folder keeps the old one.
func (s *Session) Rename(ctx context.Context, name string) error {
	if err := s.store.RenameProject(ctx, name); err != nil {
		return err
	}
	return s.Reread(ctx)
}

// Reread takes the name again, which Undo may have changed, and announces that anything may have changed.
func (s *Session) Reread(ctx context.Context) error {
	info, err := s.store.Info(ctx)
	if err != nil {
		return err
	}
	s.nameMu.Lock()
	s.name = info.Name
	s.nameMu.Unlock()
	s.Changed(Change{Kind: ChangeProject})
	return nil
}

// Subscribe has f called after each change, in order, on a goroutine of the studio (the window goes through fyne.Do), until cancel.
func (s *Session) Subscribe(f func(Change)) (cancel func()) { return s.changes.subscribe(f) }

// Changed announces a change of the data, which also changes what Undo would do, to the listeners.
func (s *Session) Changed(list ...Change) {
	s.changes.emit(append(list, Change{Kind: ChangeHistory})...)
}

// Tell announces changes that are not part of Undo to the listeners.
func (s *Session) Tell(list ...Change) { s.changes.emit(list...) }

// Summary is the counts of a status bar.
type Summary struct {
	Images    int // images of the project, or datapoints of the view
	Annotated int // of them; 0 for the whole project if it has no view
	ToReview  int // annotated but not reviewed
	Suggested int // with open suggestions
}

// Summary counts a view's datapoints; for view 0 the project's images.
func (s *Session) Summary(ctx context.Context, view int64) (Summary, error) {
	if view == 0 {
		n, err := s.store.CountImages(ctx)
		return Summary{Images: n.All()}, err
	}
	counts, err := s.store.Counts(ctx, view)
	total := counts.Total()
	return Summary{Images: total.All, Annotated: total.Annotated, ToReview: total.NotReviewed(), Suggested: total.Suggested}, err
}

// Check verifies every hash, reference and run of the project; with repair it mends what can be.
func (s *Session) Check(ctx context.Context, repair bool, progress Progress) (storage.Report, error) {
	report, err := s.store.Check(ctx, repair, ProgressOr(progress).Update)
	if repair {
		s.Changed(Change{Kind: ChangeProject})
	}
	return report, err
}
