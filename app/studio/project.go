package studio

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"

	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/opinion"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
)

// Project is an open project: its reader, and a part for each kind of thing that can be done with it.
type Project struct {
	*storage.Reader
	*session.Session
	*editing.Editor
	*pictures.Pictures
	*transfer.Transfer
	*runs.Runs
	*opinion.Opinions
	*predict.Predicting
	*evaluate.Judging
	*assist.Assistant
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
	s, err := session.New(ctx, store, readOnly)
	if err != nil {
		return nil, err
	}
	p := &Project{Reader: &store.Reader, Session: s, Editor: editing.New(s, store), Pictures: pictures.New(s, store), Opinions: opinion.New(), Assistant: assist.New(s, store)}
	p.Transfer = transfer.New(s, store, p.Pictures)
	p.Runs = runs.New(s, store, p.Pictures)
	p.Predicting = predict.New(s, store, p.Runs, p.Pictures, p.Transfer, p.Opinions)
	p.Judging = evaluate.New(s, store, p.Runs, p.Pictures, p.Opinions, p.Predicting)
	return p, nil
}

// Attend is what the window calls once after New, Open or Sample: the project becomes the first of the recent ones, and its
// trainings are followed: their events are announced (ChangeRun), their results kept, the next in the queue started. Of a project that is
// open to be read nothing is kept or started.
func (p *Project) Attend() {
	if err := session.RememberRecent(p.Name(), p.Dir()); err != nil {
		slog.Warn("the project could not be put on the list of recent ones", "error", err)
	}
	if p.ReadOnly() {
		return // whoever holds the lock does the rest
	}
	p.Background(p.KeepRecentThumbnail)
	p.Background(p.AttendTrainings)
	p.Background(p.KeepNext)
	p.Background(p.KeepAssistant)
}

// YieldCPU has trainings and the assistant leave the processors alone for a moment, since a person draws, drags or scrolls.
func (p *Project) YieldCPU() {
	p.Runs.YieldCPU()
	p.Assistant.PauseAssistant()
}
