package command

import (
	"context"
	"errors"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
)

// lockPatience is how long a command waits for another that has the project open; a script's commands may follow one another closely.
const lockPatience = 3 * time.Second

// open opens a project.
func (s *session) open(ctx context.Context, dir string) (*studio.Project, error) {
	deadline := time.Now().Add(lockPatience)
	for {
		p, err := studio.Open(ctx, dir)
		if err == nil || !errors.Is(err, studio.ErrLocked) || time.Now().After(deadline) {
			return p, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// with opens a project, calls f, and closes it. What f changed is saved by then, so that an error of closing matters only by itself.
func (s *session) with(ctx context.Context, dir string, f func(p *studio.Project) error) error {
	p, err := s.open(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(f(p), p.Close())
}

// reading is with for what changes nothing: it works also while a window or another command holds the project.
func (s *session) reading(ctx context.Context, dir string, f func(p *studio.Project) error) error {
	p, err := studio.Open(ctx, dir)
	if errors.Is(err, studio.ErrLocked) || errors.Is(err, studio.ErrNoPermission) {
		p, err = studio.OpenToRead(ctx, dir)
	}
	if err != nil {
		return err
	}
	return errors.Join(f(p), p.Close())
}

// withOrRun is with; where a window or another command holds the project, it calls run with the run folder of the version instead, which is
// enough to follow and to stop a training.
func (s *session) withOrRun(ctx context.Context, project, version string, run func(dir string) error, f func(p *studio.Project) error) error {
	err := s.with(ctx, project, f)
	if !errors.Is(err, studio.ErrLocked) {
		return err
	}
	dir, findErr := runs.FindRun(project, version)
	if findErr != nil {
		return err
	}
	return run(dir)
}

// viewOf finds the view that --view names; without it, the project's only one.
func viewOf(ctx context.Context, p *studio.Project, name string) (studio.View, error) {
	if name != "" {
		return p.FindView(ctx, name)
	}
	views, err := p.Views(ctx)
	if err != nil {
		return studio.View{}, err
	}
	switch len(views) {
	case 0:
		return studio.View{}, errors.New("the project has no view yet: create one with `viewfinder view PROJECT add NAME --type classification`")
	case 1:
		return views[0], nil
	}
	names := ""
	for i, v := range views {
		if i > 0 {
			names += ", "
		}
		names += v.Name
	}
	return studio.View{}, errors.New("the project has several views; choose one with --view: " + names)
}
