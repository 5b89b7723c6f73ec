package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sync/errgroup"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/storage/words"
	"viewfinder/training/picture"
)

// How many images are read and checked at once, and how many may be ready and waiting to be recorded.
const (
	Workers     = 2
	importAhead = 32
)

// preparedImage is a record on its way through the pipeline.
type preparedImage struct {
	record   interchange.Record
	problems []ImportProblem // of its boxes, now that the image's size is known
	done     chan struct{}   // closed when the fields below are set
	staged   *storage.Staged
	reason   error // why the image cannot be used
	fatal    error // why nothing can go on
}

// pipeline reads the source's records, checks and copies their images in several goroutines, and calls add for each good one, in the
// source's order, on the caller's goroutine.
func (i *importing) pipeline(ctx context.Context, s *importSource, add func(*preparedImage) error) error {
	// The workers stop on their own context, so that a cancelled import still records what is ready.
	inner, stop := context.WithCancel(ctx)
	defer stop()
	inOrder := make(chan *preparedImage, importAhead)
	work := make(chan *preparedImage)
	problems := make(chan ImportProblem, importAhead)
	group, inner := errgroup.WithContext(inner)
	var header interchange.Header
	group.Go(func() error {
		defer close(inOrder)
		defer close(work)
		var err error
		header, err = s.Read(inner, func(r interchange.Record) error {
			prepared := &preparedImage{record: r, done: make(chan struct{})}
			for _, next := range []chan<- *preparedImage{inOrder, work} {
				select {
				case next <- prepared:
				case <-inner.Done():
					prepared.fatal = inner.Err()
					if next == work {
						close(prepared.done) // it stands in line already
					}
					return inner.Err()
				}
			}
			return nil
		}, func(p ImportProblem) {
			select {
			case problems <- p:
			case <-inner.Done():
			}
		})
		return err
	})
	for range Workers {
		group.Go(func() error {
			for prepared := range work {
				i.transfer.prepareImage(inner, s, prepared, i.request.Split)
				close(prepared.done)
			}
			return nil
		})
	}
	err := i.collect(ctx, s, inOrder, problems, add)
	stop()
	for prepared := range inOrder { // what nobody will add any more
		<-prepared.done
		if prepared.staged != nil {
			prepared.staged.Discard()
		}
	}
	readErr := group.Wait()
	i.drain(problems)
	i.report.take(header)
	if err == nil && readErr != nil && ctx.Err() == nil && !errors.Is(readErr, context.Canceled) {
		err = fmt.Errorf("reading %s: %w", s.sum.Name, readErr)
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// collect takes prepared images in order and passes the good ones to add.
func (i *importing) collect(ctx context.Context, s *importSource, inOrder <-chan *preparedImage, problems <-chan ImportProblem, add func(*preparedImage) error) error {
	for {
		select {
		case p := <-problems:
			i.report.problem(p)
		case prepared, more := <-inOrder:
			if !more {
				return nil
			}
			<-prepared.done
			i.drain(problems)
			switch {
			case ctx.Err() != nil || prepared.fatal != nil:
				if prepared.staged != nil {
					prepared.staged.Discard()
				}
				if ctx.Err() != nil {
					return ctx.Err()
				}
				return prepared.fatal
			case prepared.reason != nil:
				i.report.problem(imageProblem(prepared))
			default:
				for _, p := range prepared.problems {
					i.report.problem(p)
				}
				i.report.count(prepared.record)
				if err := add(prepared); err != nil {
					prepared.staged.Discard()
					return err
				}
			}
			i.done++
			i.progress.Update(i.done, i.total, prepared.record.ImagePath)
		}
	}
}

// drain takes the problems that were reported so far.
func (i *importing) drain(problems <-chan ImportProblem) {
	for {
		select {
		case p := <-problems:
			i.report.problem(p)
		default:
			return
		}
	}
}

// imageProblem words an image that cannot be used; its record is named too where it stands in another file.
func imageProblem(prepared *preparedImage) ImportProblem {
	r := prepared.record
	problem := ImportProblem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: prepared.reason.Error()}
	if problem.File == "" {
		problem.File = r.ImagePath
	}
	var broken *picture.Error
	if errors.As(prepared.reason, &broken) {
		problem.Reason = broken.Reason
	}
	return problem
}

// prepareImage opens a record's image, checks that it is one, copies it beside the project's images, and decodes it whole if it is
// new, so that a damaged one is noticed now and its thumbnail is there later.
func (t *Transfer) prepareImage(ctx context.Context, s *importSource, prepared *preparedImage, split domain.Split) {
	name := prepared.record.ImagePath
	f, err := s.Open(prepared.record)
	if err != nil {
		prepared.reason = err
		return
	}
	defer f.Close()
	info, err := picture.Probe(f, name, picture.Limits{})
	if err != nil {
		prepared.reason = err
		return
	}
	prepared.record.Resolve(info.Width, info.Height, info.Orientation, func(p ImportProblem) { prepared.problems = append(prepared.problems, p) })
	if n := picture.Frames(f, info.Format); n > 1 {
		what := "pages"
		if info.Format == "gif" {
			what = "frames"
		}
		prepared.problems = append(prepared.problems, ImportProblem{File: name, Reason: fmt.Sprintf("has %s %s, of which the first was imported; save the others as images of their own to have them", words.Number(n), what)})
	}
	if split == "" {
		split = domain.Split(prepared.record.Split)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		prepared.reason = err
		return
	}
	meta := storage.ImageMeta{Name: name, Format: info.Format, Width: info.Width, Height: info.Height, Split: split}
	staged, err := t.store.Stage(ctx, f, meta)
	if err != nil {
		prepared.fatal = fmt.Errorf("copying %s into the project: %w", name, err)
		return
	}
	if _, err := t.store.ImageByHash(ctx, staged.SHA256()); err != nil {
		if err := t.pictures.DecodeNew(f, name, staged.SHA256()); err != nil {
			staged.Discard()
			prepared.reason = err
			return
		}
	}
	prepared.staged = staged
}
