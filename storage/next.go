package storage

import (
	"context"
	"encoding/json"
)

// SetNext keeps in which order datapoints of a view are best annotated, in place of the order before; ids of other views are
// skipped. It is not a step of Undo. SortUseful lists by it.
func (p *Project) SetNext(ctx context.Context, view int64, ids []int64) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return p.record(ctx, "keeping what to annotate next", func(ctx context.Context) error {
		if _, err := p.conn.ExecContext(ctx, "DELETE FROM next_order WHERE view_id = ?", view); err != nil {
			return err
		}
		_, err := p.conn.ExecContext(ctx, `INSERT OR IGNORE INTO next_order (datapoint_id, view_id, place)
			SELECT d.id, d.view_id, j.key FROM json_each(?) j JOIN datapoints d ON d.id = j.value WHERE d.view_id = ?`, string(list), view)
		return err
	})
}

// NextNotAnnotated is what SetNext put first of what is not annotated yet, at most limit ids (0: all).
func (p *Reader) NextNotAnnotated(ctx context.Context, view int64, limit int) ([]int64, error) {
	rows, err := p.reader.QueryContext(ctx, `SELECT n.datapoint_id FROM next_order n JOIN datapoints d ON d.id = n.datapoint_id
		WHERE n.view_id = ? AND d.annotated = 0 AND d.present = 1 ORDER BY n.place LIMIT ?`, view, orAll(limit))
	if err != nil {
		return nil, explain("reading what to annotate next", err)
	}
	defer rows.Close()
	ids := []int64{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, explain("reading what to annotate next", err)
		}
		ids = append(ids, id)
	}
	return ids, explain("reading what to annotate next", rows.Err())
}

// orAll is SQLite's LIMIT: negative for all.
func orAll(limit int) int {
	if limit == 0 {
		return -1
	}
	return limit
}
