package studio

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"

	"viewfinder/storage"
)

// Project is an open project.
type Project struct {
	*storage.Reader
	*Session
	store      *storage.Project
	pictures   *pictures
	thumbnails *thumbnails
	trainings  *trainings
	// descriptions are what images look like in numbers (see describe), by path and crop.
	descriptions *lru[string, []float32]
	imports      sync.Mutex // one import at a time
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
	return opened(ctx, store, false)
}

// Open opens the project in dir and holds its lock until Close.
func Open(ctx context.Context, dir string) (*Project, error) {
	store, err := storage.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	return opened(ctx, store, false)
}

// OpenToRead opens the project in dir without taking its lock, so that facts can be had while a window or another command holds it.
// Whoever holds it keeps the versions up to date; changes answer an error.
func OpenToRead(ctx context.Context, dir string) (*Project, error) {
	store, err := storage.OpenReadOnly(ctx, dir)
	if err != nil {
		return nil, err
	}
	return opened(ctx, store, true)
}

func opened(ctx context.Context, store *storage.Project, readOnly bool) (*Project, error) {
	s, err := NewSession(ctx, store, readOnly)
	if err != nil {
		return nil, err
	}
	p := &Project{Reader: &store.Reader, Session: s, store: store, descriptions: newLRU[string, []float32](descriptionsLimit)}
	p.pictures = newPictures(p)
	p.thumbnails = newThumbnails(p)
	p.trainings = newTrainings(p)
	s.BeforeClose(p.pictures.jobs.close)
	s.BeforeClose(p.thumbnails.jobs.close)
	return p, nil
}

// Attend is what the window calls once after New, Open or Sample: the project becomes the first of the recent ones, and its
// trainings are looked after: their events are told (ChangeRun), their results kept, the next in the queue started.
func (p *Project) Attend() {
	p.RememberRecent()
	p.Background(p.keepRecentPicture)
	p.Background(p.watchTrainings)
	p.Background(p.keepNext)
}

// watchTrainings looks after the trainings until its context ends.
func (p *Project) watchTrainings(ctx context.Context) { p.trainings.watch(ctx) }
