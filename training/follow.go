package training

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Follow calls f with every event from the first on as it is written (void ones too: give them to a History), and returns when the run has
// ended, ctx is done, or the trainer died (ErrInterrupted). A run that has not started yet is waited for.
func Follow(ctx context.Context, dir string, f func(Event)) error {
	var file *os.File
	defer func() {
		if file != nil {
			_ = file.Close()
		}
	}()
	var tail *lines
	var last string // kind of the last start or end
	var dead time.Time
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		// Liveness first, as in Inspect.
		live, err := alive(dir)
		if err != nil {
			return err
		}
		if file == nil {
			file, err = os.Open(filepath.Join(dir, EventsFile))
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("following the training: %w", err)
			}
			if err == nil {
				tail = newLines(file)
			}
		}
		if file != nil {
			if err := drain(ctx, tail, func(e Event) {
				if e.Kind == KindStarted || e.Kind == KindEnded {
					last = e.Kind
				}
				f(e)
			}); err != nil {
				return err
			}
		}
		switch {
		case live || last == "":
			dead = time.Time{}
		case last == KindEnded:
			return nil
		case dead.IsZero():
			dead = time.Now()
		case time.Since(dead) > 5*pollInterval:
			return ErrInterrupted
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// drain calls f with the whole lines that are there.
func drain(ctx context.Context, tail *lines, f func(Event)) error {
	for ctx.Err() == nil {
		line, err := tail.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("following the training: %w", err)
		}
		if e, ok := parseEvent(line); ok {
			f(e)
		}
	}
	return ctx.Err()
}
