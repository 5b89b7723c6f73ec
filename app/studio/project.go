package studio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"

	"viewfinder/storage"
)

// Project is an open project.
type Project struct {
	store      *storage.Project
	name       string
	nameMu     sync.Mutex
	changes    changes
	pictures   *pictures
	thumbnails *thumbnails
	trainings  *trainings
	// descriptions are what images look like in numbers (see describe), by path and crop.
	descriptions *lru[string, []float32]
	imports      sync.Mutex // one import at a time
	readOnly     bool       // another process holds the lock

	ctx    context.Context // ends when the project closes
	stop   context.CancelFunc
	jobs   sync.WaitGroup // goroutines that must end before the storage closes
	jobsMu sync.Mutex
	closed bool
}

// New makes a project in dir, which must not exist or be empty, and opens it. Name "" is the folder's.
func New(ctx context.Context, dir, name string) (*Project, error) {
	if name == "" {
		absolute, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("making the project: %w", err)
		}
		name = filepath.Base(absolute)
	}
	store, err := storage.Create(ctx, dir, name)
	if err != nil {
		return nil, err
	}
	return opened(ctx, store)
}

// Open opens the project in dir and holds its lock until Close.
func Open(ctx context.Context, dir string) (*Project, error) {
	store, err := storage.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	return opened(ctx, store)
}

// OpenToRead opens the project in dir without taking its lock, so that facts can be had while a window or another command holds it.
// Whoever holds it keeps the versions up to date; changes answer an error.
func OpenToRead(ctx context.Context, dir string) (*Project, error) {
	store, err := storage.OpenReadOnly(ctx, dir)
	if err != nil {
		return nil, err
	}
	p, err := opened(ctx, store)
	if err == nil {
		p.readOnly = true
	}
	return p, err
}

func opened(ctx context.Context, store *storage.Project) (*Project, error) {
	info, err := store.Info(ctx)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	p := &Project{store: store, name: info.Name, descriptions: newLRU[string, []float32](descriptionsLimit)}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.pictures = newPictures(p)
	p.thumbnails = newThumbnails(p)
	p.trainings = newTrainings(p)
	return p, nil
}

// Attend is what the window calls once after New, Open or Sample: the project becomes the first of the recent ones, and its
// trainings are looked after: their events are told (ChangeRun), their results kept, the next in the queue started.
func (p *Project) Attend() {
	if err := rememberRecent(p.Name(), p.Dir()); err != nil {
		slog.Warn("the project could not be put on the list of recent ones", "error", err)
	}
	p.background(p.keepRecentPicture)
	p.background(p.trainings.watch)
	p.background(p.keepNext)
}

// Close ends what the studio does in the background and lets others open the project. Trainings go on.
func (p *Project) Close() error {
	p.jobsMu.Lock()
	if p.closed {
		p.jobsMu.Unlock()
		return nil
	}
	p.closed = true
	p.jobsMu.Unlock()
	p.stop()
	p.changes.close()
	p.pictures.jobs.close()
	p.thumbnails.jobs.close()
	p.jobs.Wait()
	return p.store.Close()
}

// background runs f on a goroutine that Close waits for; f must return when its context ends.
func (p *Project) background(f func(ctx context.Context)) {
	p.jobsMu.Lock()
	defer p.jobsMu.Unlock()
	if p.closed {
		return
	}
	p.jobs.Add(1)
	go func() {
		defer p.jobs.Done()
		f(p.ctx)
	}()
}

// Name is the project's name.
func (p *Project) Name() string {
	p.nameMu.Lock()
	defer p.nameMu.Unlock()
	return p.name
}

// Dir is the project's folder, absolute.
func (p *Project) Dir() string { return p.store.Dir() }

// Rename gives the project another name; its folder keeps the old one.
func (p *Project) Rename(ctx context.Context, name string) error {
	if err := p.store.RenameProject(ctx, name); err != nil {
		return err
	}
	return p.reread(ctx)
}

// reread takes the name again, which Undo may have changed, and tells everybody that anything may be different.
func (p *Project) reread(ctx context.Context) error {
	info, err := p.store.Info(ctx)
	if err != nil {
		return err
	}
	p.nameMu.Lock()
	p.name = info.Name
	p.nameMu.Unlock()
	p.changed(Change{Kind: ChangeProject})
	return nil
}

// Subscribe has f called after each change, in order, on a goroutine of the studio (the window goes through fyne.Do), until cancel.
func (p *Project) Subscribe(f func(Change)) (cancel func()) { return p.changes.subscribe(f) }

// changed tells the listeners; every change of the data also changes what Undo would do.
func (p *Project) changed(list ...Change) {
	p.changes.emit(append(list, Change{Kind: ChangeHistory})...)
}

// Summary is what a status bar says.
type Summary struct {
	Images    int // images of the project, or datapoints of the view
	Annotated int // of them; 0 for the whole project if it has no view
	ToReview  int // annotated but not reviewed
	Suggested int // with open suggestions
}

// Summary counts a view's datapoints; for view 0 the project's images.
func (p *Project) Summary(ctx context.Context, view int64) (Summary, error) {
	if view == 0 {
		train, val, err := p.store.CountImages(ctx)
		return Summary{Images: train + val}, err
	}
	counts, err := p.store.Counts(ctx, view)
	total := counts.Total()
	return Summary{Images: total.All, Annotated: total.Annotated, ToReview: total.NotReviewed(), Suggested: total.Suggested}, err
}

// Check verifies every hash, reference and run of the project; with repair it mends what can be.
func (p *Project) Check(ctx context.Context, repair bool, progress Progress) (CheckReport, error) {
	report, err := p.store.Check(ctx, repair, progressOr(progress).Update)
	if repair {
		p.changed(Change{Kind: ChangeProject})
	}
	return report, err
}
