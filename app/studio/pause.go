package studio

import (
	"context"
	"fmt"
	"log/slog"

	"viewfinder/storage"
)

// pausedKey is the project's setting that says that the queue is paused: "-", or the uid of the version whose training was stopped for it.
const pausedKey = "queue_paused"

// QueuePaused says whether the queue is paused: nothing in it is started.
func (p *Project) QueuePaused(ctx context.Context) (bool, error) {
	value, _, err := p.store.Setting(ctx, pausedKey)
	return value != "", err
}

// PauseQueue starts nothing more until ContinueQueue; a training that runs keeps its state and ends, and goes on first then.
func (p *Project) PauseQueue(ctx context.Context) error {
	if paused, err := p.QueuePaused(ctx); err != nil || paused {
		return err
	}
	queue, err := p.Queue(ctx)
	if err != nil {
		return err
	}
	value, running := "-", int64(0)
	for _, v := range queue {
		if v.Running() {
			value, running = v.UID, v.ID
			break
		}
	}
	if err := p.store.SetSetting(ctx, pausedKey, value); err != nil {
		return fmt.Errorf("pausing the queue: %w", err)
	}
	if running != 0 {
		if err := p.Stop(ctx, running); err != nil && asRule(err) == nil { // it may have ended in this moment
			return err
		}
	}
	p.Tell(Change{Kind: ChangeVersions})
	return nil
}

// ContinueQueue ends PauseQueue: the training that was stopped for it goes on, and then what waits.
func (p *Project) ContinueQueue(ctx context.Context) error {
	value, _, err := p.store.Setting(ctx, pausedKey)
	if err != nil || value == "" {
		return err
	}
	if err := p.store.SetSetting(ctx, pausedKey, ""); err != nil {
		return fmt.Errorf("continuing the queue: %w", err)
	}
	defer p.Tell(Change{Kind: ChangeVersions})
	if row, err := p.store.VersionByUID(ctx, value); err == nil {
		v := p.trainings.current(row)
		if v.Status == StatusStopped {
			if err := p.queueFirst(ctx, v.ID); err != nil {
				return err
			}
		} else if !v.Status.Active() {
			slog.Debug("what was paused has ended otherwise", "version", v.Name, "status", v.Status)
		}
	}
	return p.Sync(ctx)
}

// queueFirst puts a version at the front of the queue.
func (p *Project) queueFirst(ctx context.Context, id int64) error {
	waiting, err := p.store.Queue(ctx)
	if err != nil {
		return err
	}
	queued, none := StatusQueued, ""
	if err := p.updateVersion(ctx, id, storage.VersionUpdate{Status: &queued, Error: &none}); err != nil {
		return err
	}
	order := []int64{id}
	for _, v := range waiting {
		order = append(order, v.ID)
	}
	return p.store.OrderQueue(ctx, order)
}
