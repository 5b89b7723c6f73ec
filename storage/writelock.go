package storage

import (
	"context"
	"sync/atomic"
)

// writeLock is held during a change. Those who wait for it are served in turn, and give up when their context ends, so that nothing is written
// after its deadline.
type writeLock struct {
	held    chan struct{} // of one place: a channel serves its senders in turn
	waiting atomic.Int32
}

func newWriteLock() *writeLock { return &writeLock{held: make(chan struct{}, 1)} }

// Lock waits as long as it takes.
func (l *writeLock) Lock() {
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	l.held <- struct{}{}
}

// LockContext waits until the lock is free or ctx has ended; then it returns why, and the lock is not held.
func (l *writeLock) LockContext(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.waiting.Add(1)
	defer l.waiting.Add(-1)
	select {
	case l.held <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil { // both were ready
		l.Unlock()
		return err
	}
	return nil
}

func (l *writeLock) Unlock() { <-l.held }

// Wanted reports whether somebody waits for the lock.
func (l *writeLock) Wanted() bool { return l.waiting.Load() > 0 }
