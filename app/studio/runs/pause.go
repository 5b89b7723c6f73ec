package runs

import (
	"context"
	"fmt"
	"log/slog"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
)

// pausedKey is the project's setting of a paused queue: "-", or the uid of the version whose training was stopped for it.
// batteryKey is set where the battery paused it, not a person.
const (
	pausedKey  = "queue_paused"
	batteryKey = "queue_paused_by_battery"
)

// QueuePaused reports whether the queue is paused: nothing in it is started.
func (rs *Runs) QueuePaused(ctx context.Context) (bool, error) {
	value, _, err := rs.store.Setting(ctx, pausedKey)
	return value != "", err
}

// PauseQueue starts nothing more until ContinueQueue; a training that runs keeps its state and ends, and goes on first then.
func (rs *Runs) PauseQueue(ctx context.Context) error {
	if paused, err := rs.QueuePaused(ctx); err != nil || paused {
		return err
	}
	queue, err := rs.Queue(ctx)
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
	if err := rs.store.SetSetting(ctx, pausedKey, value); err != nil {
		return fmt.Errorf("pausing the queue: %w", err)
	}
	if running != 0 {
		if err := rs.Stop(ctx, running); err != nil && session.AsRule(err) == nil { // it may have ended in this moment
			return err
		}
	}
	rs.session.Tell(session.Change{Kind: session.ChangeVersions})
	return nil
}

// PauseOnBattery pauses the queue as long as the machine runs on battery and that is wished, and continues it afterwards, in another session too. A queue
// that a person paused stays paused; one that a person continued on battery is paused again only after the machine was plugged in.
func (rs *Runs) PauseOnBattery(ctx context.Context, onBattery, wished bool) error {
	paused, err := rs.QueuePaused(ctx)
	if err != nil {
		return err
	}
	mark, _, err := rs.store.Setting(ctx, batteryKey)
	if err != nil {
		return err
	}
	byBattery := mark != ""
	switch {
	case onBattery && wished && !byBattery && !paused:
		// First the mark: a pause without it would last for ever.
		if err := rs.store.SetSetting(ctx, batteryKey, "yes"); err != nil {
			return fmt.Errorf("pausing the queue: %w", err)
		}
		return rs.PauseQueue(ctx)
	case byBattery && (!onBattery || !wished):
		if err := rs.ContinueQueue(ctx); err != nil {
			return err
		}
		if err := rs.store.SetSetting(ctx, batteryKey, ""); err != nil {
			return fmt.Errorf("continuing the queue: %w", err)
		}
	}
	return nil
}

// ContinueQueue ends PauseQueue: the training that was stopped for it goes on, and then what waits.
func (rs *Runs) ContinueQueue(ctx context.Context) error {
	value, _, err := rs.store.Setting(ctx, pausedKey)
	if err != nil || value == "" {
		return err
	}
	if err := rs.store.SetSetting(ctx, pausedKey, ""); err != nil {
		return fmt.Errorf("continuing the queue: %w", err)
	}
	defer rs.session.Tell(session.Change{Kind: session.ChangeVersions})
	if row, err := rs.store.VersionByUID(ctx, value); err == nil {
		v := rs.trainings.current(row)
		if v.Status == domain.StatusStopped {
			if err := rs.queueFirst(ctx, v.ID); err != nil {
				return err
			}
		} else if !v.Status.Active() {
			slog.Debug("what was paused has ended otherwise", "version", v.Name, "status", v.Status)
		}
	}
	return rs.Sync(ctx)
}

// queueFirst puts a version at the front of the queue.
func (rs *Runs) queueFirst(ctx context.Context, id int64) error {
	waiting, err := rs.store.Queue(ctx)
	if err != nil {
		return err
	}
	queued, none := domain.StatusQueued, ""
	if err := rs.updateVersion(ctx, id, storage.VersionUpdate{Status: &queued, Error: &none}); err != nil {
		return err
	}
	order := []int64{id}
	for _, v := range waiting {
		order = append(order, v.ID)
	}
	return rs.store.OrderQueue(ctx, order)
}
