package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// history is undo and redo of the session, after https://www.sqlite.org/undoredo.html: temporary triggers on the
// writer's connection write, for each row that changes, the SQL that changes it back. The log is a temporary
// table, so that it is part of each transaction and gone when the session ends.
type history struct {
	mu         sync.Mutex // guards the two below, so that CanUndo need not wait for a running change
	undo, redo []step
	committed  int64 // highest log number that is committed
}

type step struct {
	label       string
	first, last int64 // numbers in the log
}

// Step is an action that was undone or redone.
type Step struct {
	Label      string
	Datapoints []int64 // ids of what it changed, in the order in which the action changed it; at most MaxTouched. Some may be gone now.
}

// MaxTouched is the most datapoints that a Step names.
const MaxTouched = 10_000

// tracked are the tables that undo and redo change. Not tracked: tallies (kept by triggers that run
// during undo as well), models, versions and settings (not part of the history).
var tracked = []string{"project", "views", "concepts", "images", "datapoints", "regions", "region_concepts", "suggestions", "accepted"}

// start makes the log and the triggers.
func (h *history) start(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "CREATE TEMP TABLE undo_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, sql TEXT NOT NULL, datapoint INTEGER)"); err != nil {
		return err
	}
	for _, table := range tracked {
		columns, keys, err := tableColumns(ctx, conn, table)
		if err != nil {
			return err
		}
		for _, trigger := range undoTriggers(table, columns, keys) {
			if _, err := conn.ExecContext(ctx, trigger); err != nil {
				return fmt.Errorf("preparing undo for %s: %w", table, err)
			}
		}
	}
	return nil
}

// stop removes the triggers; what changes afterwards cannot be undone.
func (h *history) stop(ctx context.Context, conn *sql.Conn) error {
	for _, table := range tracked {
		for _, kind := range []string{"insert", "update", "delete"} {
			if _, err := conn.ExecContext(ctx, "DROP TRIGGER IF EXISTS temp.undo_"+table+"_"+kind); err != nil {
				return err
			}
		}
	}
	return h.clear(ctx, conn)
}

// clear forgets all steps.
func (h *history) clear(ctx context.Context, conn *sql.Conn) error {
	if _, err := conn.ExecContext(ctx, "DELETE FROM temp.undo_log"); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.undo, h.redo = nil, nil
	return nil
}

func tableColumns(ctx context.Context, conn *sql.Conn, table string) (columns, keys []string, err error) {
	rows, err := conn.QueryContext(ctx, "SELECT name, pk FROM pragma_table_info(?) ORDER BY cid", table)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		var pk int
		if err := rows.Scan(&name, &pk); err != nil {
			return nil, nil, err
		}
		columns = append(columns, name)
		if pk > 0 {
			keys = append(keys, name)
		}
	}
	return columns, keys, rows.Err()
}

func undoTriggers(table string, columns, keys []string) []string {
	quoted := func(row string, names []string, between string) string { // a='||quote(row.a)||'<between>b='||quote(row.b)||'
		parts := make([]string, len(names))
		for i, name := range names {
			parts[i] = name + "='||quote(" + row + "." + name + ")||'"
		}
		return strings.Join(parts, between)
	}
	values := make([]string, len(columns))
	for i, name := range columns {
		values[i] = "'||quote(old." + name + ")||'"
	}
	trigger := func(kind, undo string) string {
		datapoint, row := "NULL", "new."
		if kind == "delete" {
			row = "old."
		}
		switch table {
		case "datapoints":
			datapoint = row + "id"
		case "regions", "suggestions", "accepted":
			datapoint = row + "datapoint_id"
		}
		return fmt.Sprintf("CREATE TEMP TRIGGER undo_%[1]s_%[2]s AFTER %[2]s ON main.%[1]s BEGIN INSERT INTO undo_log(sql, datapoint) VALUES('%[3]s', %[4]s); END", table, kind, undo, datapoint)
	}
	return []string{
		trigger("insert", "DELETE FROM "+table+" WHERE "+quoted("new", keys, " AND ")),
		trigger("update", "UPDATE "+table+" SET "+quoted("old", columns, ",")+" WHERE "+quoted("new", keys, " AND ")),
		trigger("delete", "INSERT INTO "+table+"("+strings.Join(columns, ",")+") VALUES("+strings.Join(values, ",")+")"),
	}
}

// position is the number of the last entry of the log, those in an open transaction included.
func (h *history) position(ctx context.Context, conn *sql.Conn) (int64, error) {
	var seq int64
	err := conn.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM temp.sqlite_sequence WHERE name = 'undo_log'").Scan(&seq)
	return seq, err
}

// add makes a step of the log's entries after first up to last; steps that others wrote after it stay above it.
func (h *history) add(label string, first, last int64) {
	if last <= first {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	at := len(h.undo)
	for at > 0 && h.undo[at-1].first > last {
		at--
	}
	h.undo = slices.Insert(h.undo, at, step{label: label, first: first + 1, last: last})
}

// dropRedo empties the list of what was undone.
func (h *history) dropRedo() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.redo = nil
}

// forgetRedo removes the log of what was undone, within a transaction; the caller calls dropRedo once it is committed.
func (h *history) forgetRedo(ctx context.Context, conn *sql.Conn) error {
	for _, s := range h.redo {
		if _, err := conn.ExecContext(ctx, "DELETE FROM temp.undo_log WHERE seq BETWEEN ? AND ?", s.first, s.last); err != nil {
			return err
		}
	}
	return nil
}

// replay runs the log of a step backwards and returns the step that changes it back again.
func (h *history) replay(ctx context.Context, conn *sql.Conn, s step) (step, error) {
	before, err := h.position(ctx, conn)
	if err != nil {
		return step{}, err
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
		return step{}, err
	}
	const portion = 1000 // read some, run them: the log may be large
	for last := s.last; last >= s.first; {
		var statements []string
		rows, err := conn.QueryContext(ctx, "SELECT seq, sql FROM temp.undo_log WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?", s.first, last, portion)
		if err != nil {
			return step{}, err
		}
		lowest := s.first
		for rows.Next() {
			var statement string
			if err := rows.Scan(&lowest, &statement); err != nil {
				rows.Close()
				return step{}, err
			}
			statements = append(statements, statement)
		}
		if err := rows.Err(); err != nil {
			return step{}, err
		}
		if len(statements) == 0 {
			break
		}
		for _, statement := range statements {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return step{}, err
			}
		}
		last = lowest - 1
	}
	if _, err := conn.ExecContext(ctx, "DELETE FROM temp.undo_log WHERE seq BETWEEN ? AND ?", s.first, s.last); err != nil {
		return step{}, err
	}
	after, err := h.position(ctx, conn)
	return step{label: s.label, first: before + 1, last: after}, err
}

// touched is the datapoints that entries of the log are about, those of the earliest entries first.
func (h *history) touched(ctx context.Context, conn *sql.Conn, s step) ([]int64, error) {
	rows, err := conn.QueryContext(ctx, `SELECT datapoint FROM temp.undo_log WHERE seq BETWEEN ? AND ? AND datapoint IS NOT NULL
		GROUP BY datapoint ORDER BY min(seq) LIMIT ?`, s.first, s.last, MaxTouched)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// Undo takes the last action back and returns its label; ErrNothingToUndo at the session's beginning.
func (p *Project) Undo(ctx context.Context) (Step, error) {
	return p.step(ctx, &p.history.undo, &p.history.redo, ErrNothingToUndo, "undoing")
}

// Redo makes the last action that was undone again and returns its label.
func (p *Project) Redo(ctx context.Context) (Step, error) {
	return p.step(ctx, &p.history.redo, &p.history.undo, ErrNothingToRedo, "redoing")
}

func (p *Project) step(ctx context.Context, from, to *[]step, nothing error, doing string) (Step, error) {
	if err := p.write.LockContext(ctx); err != nil {
		return Step{}, err
	}
	defer p.write.Unlock()
	if err := p.writable(); err != nil {
		return Step{}, err
	}
	if len(*from) == 0 {
		return Step{}, nothing
	}
	s := (*from)[len(*from)-1]
	ctx = context.WithoutCancel(ctx)
	var back step
	var touched []int64
	err := p.transact(ctx, func() (err error) {
		if touched, err = p.history.touched(ctx, p.conn, s); err != nil {
			return err
		}
		back, err = p.history.replay(ctx, p.conn, s)
		return err
	})
	p.tree = nil
	if err != nil {
		return Step{}, explain(doing+" “"+s.label+"”", err)
	}
	p.history.committed = back.last
	p.history.mu.Lock()
	*from = (*from)[:len(*from)-1]
	*to = append(*to, back)
	p.history.mu.Unlock()
	return Step{Label: s.label, Datapoints: touched}, nil
}

// CanUndo returns the label of what Undo would take back.
func (p *Project) CanUndo() (label string, ok bool) { return p.top(&p.history.undo) }

// CanRedo returns the label of what Redo would make again.
func (p *Project) CanRedo() (label string, ok bool) { return p.top(&p.history.redo) }

func (p *Project) top(steps *[]step) (string, bool) {
	p.history.mu.Lock()
	defer p.history.mu.Unlock()
	if len(*steps) == 0 {
		return "", false
	}
	return (*steps)[len(*steps)-1].label, true
}
