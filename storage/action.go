package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"viewfinder/storage/internal/db"
)

// Portions of a Batch: small enough to keep a cancelled or killed import's loss small and the write-ahead log short.
const (
	portionImages = 256
	portionRows   = 5000
	portionTime   = 2 * time.Second
)

// Batch is where changes are made together. It has the changing methods of Project under the same
// names. It belongs to one goroutine and to the call of f, which must not call changing methods of Project: they would
// wait for its end.
type Batch struct {
	p     *Project
	ctx   context.Context // without cancellation: statements run to their end
	asked context.Context // the caller's, looked at between statements
	q     *db.Queries
	label string

	portions bool
	started  time.Time
	first    int64 // the log's last entry before what the current step of Undo holds
	changed  int   // since the last commit
	incoming incoming
	concepts map[int64][]db.Concept // live concepts by view

	annotated map[int64]bool // images that were annotated, see settle
}

// say names the action, unless it has a name.
func (b *Batch) say(format string, args ...any) {
	if b.label == "" {
		b.label = fmt.Sprintf(format, args...)
	}
}

// act makes one action of f. doing names what is being done, for errors.
func (p *Project) act(ctx context.Context, doing string, f func(*Batch) error) error {
	return explain(doing, p.run(ctx, "", false, f))
}

// Do makes the changes of f one transaction and one step of Undo: all or nothing.
func (p *Project) Do(ctx context.Context, label string, f func(b *Batch) error) error {
	return explain(label, p.run(ctx, label, false, f))
}

// Batch makes the changes of f one step of Undo (several where others wrote in between, see Flush), but commits them in portions, each durable. If
// ctx is cancelled or f fails, the portions so far are kept; the changes since are kept too when f
// returns a context error, else taken back.
func (p *Project) Batch(ctx context.Context, label string, f func(b *Batch) error) error {
	return explain(label, p.run(ctx, label, true, f))
}

func (p *Project) run(ctx context.Context, label string, portions bool, f func(*Batch) error) (err error) {
	if err := p.write.LockContext(ctx); err != nil {
		return err
	}
	defer p.write.Unlock()
	if err := p.writable(); err != nil {
		return err
	}
	b := &Batch{p: p, ctx: context.WithoutCancel(ctx), asked: ctx, q: p.queries, label: label, portions: portions,
		concepts: map[int64][]db.Concept{}, annotated: map[int64]bool{}}
	b.incoming.p = p
	if b.first, err = p.history.position(b.ctx, p.conn); err != nil {
		return err
	}
	open := false
	defer func() { // what was committed is a step, however the rest ended; a panic of f takes back its portion
		if open {
			b.rollback()
		}
		p.history.add(b.label, b.first, p.history.committed)
	}()
	if err := b.begin(); err != nil {
		return err
	}
	open = true
	err = f(b)
	open = false
	if err != nil && (!portions || !isCancel(err)) {
		b.rollback()
		if !portions {
			return err
		}
		if begin := b.begin(); begin != nil { // what was committed before keeps its place, too
			return err
		}
	}
	if wrong := b.settle(); wrong != nil {
		b.rollback()
		return errors.Join(err, wrong)
	}
	return errors.Join(err, b.commit())
}

// writable reports whether changes are possible, to a caller that holds the write lock.
func (p *Project) writable() error {
	switch {
	case p.closed:
		return ErrClosed
	case p.conn == nil:
		return ErrReadOnly
	}
	return nil
}

func isCancel(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (b *Batch) begin() error {
	b.started, b.changed = time.Now(), 0
	_, err := b.p.conn.ExecContext(b.ctx, "BEGIN IMMEDIATE")
	return err
}

// commit makes the changes durable: first the files, then the records that name them.
func (b *Batch) commit() error {
	err := b.incoming.sync()
	var last int64
	if err == nil {
		last, err = b.p.history.position(b.ctx, b.p.conn)
	}
	if err == nil && last > b.p.history.committed {
		err = b.p.history.forgetRedo(b.ctx, b.p.conn)
	}
	if err == nil {
		_, err = b.p.conn.ExecContext(b.ctx, "COMMIT")
	}
	if err != nil {
		b.rollback()
		return err
	}
	b.incoming.done()
	if last > b.p.history.committed {
		b.p.history.committed = last
		b.p.history.dropRedo()
	}
	return nil
}

func (b *Batch) rollback() {
	b.p.conn.ExecContext(b.ctx, "ROLLBACK") // fails when SQLite did it already
	b.p.tree = nil
	b.concepts = map[int64][]db.Concept{}
	b.incoming.undo()
}

// Flush commits what was changed so far, in Project.Batch, and lets those write who wait for it; in Do it does nothing. Where somebody did,
// what comes next is a step of Undo of its own, since steps are taken back in the order in which they were written. Call it where the changes so
// far make sense without those to come: what f read before may be different afterwards.
func (b *Batch) Flush() error {
	if !b.portions {
		return nil
	}
	wanted := b.p.write.Wanted()
	var err error
	if wanted { // what others write stands between this step of Undo and the next
		err = b.settle()
	}
	if err = errors.Join(err, b.commit()); err != nil {
		// A transaction must be open for what f does next, and for the rollback at its end.
		return errors.Join(err, b.begin())
	}
	if wanted {
		if err := b.letOthersWrite(); err != nil {
			return err
		}
	}
	return b.begin()
}

// letOthersWrite gives the lock to those who wait for it, between two transactions.
func (b *Batch) letOthersWrite() error {
	mine := b.p.history.committed
	b.p.write.Unlock()
	b.p.write.Lock()
	if err := b.p.writable(); err != nil { // closed meanwhile
		return err
	}
	if b.p.history.committed != mine {
		b.p.history.add(b.label, b.first, mine)
		b.first = b.p.history.committed
		b.concepts = map[int64][]db.Concept{}
	}
	return nil
}

// Yield is Flush where somebody waits to write, and nothing otherwise.
func (b *Batch) Yield() error {
	if !b.p.write.Wanted() {
		return nil
	}
	return b.Flush()
}

// count notes n changed rows, and flushes when the portion is large enough.
func (b *Batch) count(n int) error {
	b.changed += n
	if b.portions && (b.changed >= portionRows || len(b.incoming.files) >= portionImages || time.Since(b.started) > portionTime) {
		err := b.commit() // not Flush: what belongs together may be half written here
		return errors.Join(err, b.begin())
	}
	return nil
}

// transact is a transaction outside of the history, for a caller that holds the write lock.
func (p *Project) transact(ctx context.Context, f func() error) error {
	if _, err := p.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		_, err = p.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		p.conn.ExecContext(ctx, "ROLLBACK")
	}
	return err
}

// record makes a change to what is not part of the history: versions, models, settings.
func (p *Project) record(ctx context.Context, doing string, f func(context.Context) error) error {
	if err := p.write.LockContext(ctx); err != nil {
		return err
	}
	defer p.write.Unlock()
	if err := p.writable(); err != nil {
		return explain(doing, err)
	}
	ctx = context.WithoutCancel(ctx)
	if err := p.transact(ctx, func() error { return f(ctx) }); err != nil {
		return explain(doing, err)
	}
	return nil
}
