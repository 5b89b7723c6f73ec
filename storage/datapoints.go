package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"viewfinder/storage/domain"
)

// querier is a pool, a connection or a transaction.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// Datapoint returns one datapoint that is in its view.
func (p *Reader) Datapoint(ctx context.Context, key Key) (Datapoint, error) {
	row, err := p.read.FindDatapoint(ctx, key.View, key.Image, key.Source)
	if err != nil {
		return Datapoint{}, found(err, "datapoint", key)
	}
	if row.Present == 1 {
		all, err := p.DatapointsByID(ctx, []int64{row.ID})
		if err != nil {
			return Datapoint{}, err
		}
		if len(all) == 1 {
			return all[0], nil
		}
	}
	return Datapoint{}, fmt.Errorf("image %d in view %d: %w", key.Image, key.View, ErrNotFound)
}

// Datapoints returns what q chooses, whole, as of one moment.
func (p *Reader) Datapoints(ctx context.Context, q Query) ([]Datapoint, error) {
	var all []Datapoint
	err := p.snapshot(ctx, func(tx *sql.Tx) error {
		ids, err := p.ids(ctx, tx, q)
		if err != nil {
			return err
		}
		all, err = loadDatapoints(ctx, tx, ids)
		return err
	})
	return all, err
}

// snapshot reads as of one moment.
func (p *Reader) snapshot(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := p.reader.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return explain("reading the project", err)
	}
	defer tx.Rollback()
	return f(tx)
}

// DatapointIDs returns the ids of all that q chooses, in q's order: what a gallery scrolls through.
func (p *Reader) DatapointIDs(ctx context.Context, q Query) ([]int64, error) {
	return p.ids(ctx, p.reader, q)
}

func (p *Reader) ids(ctx context.Context, from querier, q Query) ([]int64, error) {
	if err := p.checkQuery(ctx, q); err != nil {
		return nil, err
	}
	s, sort, err := q.idsSQL()
	if err != nil {
		return nil, err
	}
	rows, err := from.QueryContext(ctx, s.String(), s.args...)
	if err != nil {
		return nil, explain("listing images", err)
	}
	defer rows.Close()
	ids, keys, err := scanIDs(rows, sort)
	if err != nil {
		return nil, explain("listing images", err)
	}
	if sort {
		ids = q.cut(sortIDs(ids, keys, q.Sort, q.Descending))
	}
	return ids, nil
}

func (p *Reader) checkQuery(ctx context.Context, q Query) error {
	if err := q.check(); err != nil {
		return err
	}
	if _, err := p.read.GetView(ctx, q.View); err != nil {
		return found(err, "view", q.View)
	}
	return nil
}

// DatapointsByID returns datapoints in the order of ids; those that are gone, or left their view, are left out.
func (p *Reader) DatapointsByID(ctx context.Context, ids []int64) ([]Datapoint, error) {
	var all []Datapoint
	err := p.snapshot(ctx, func(tx *sql.Tx) (err error) {
		all, err = loadDatapoints(ctx, tx, ids)
		return err
	})
	return all, err
}

func loadDatapoints(ctx context.Context, from querier, ids []int64) ([]Datapoint, error) {
	const portion = 2000
	all := make([]Datapoint, 0, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), portion)
		some, err := loadPortion(ctx, from, ids[:n])
		if err != nil {
			return nil, explain("reading images and their annotations", err)
		}
		all = append(all, some...)
		ids = ids[n:]
	}
	return all, nil
}

const (
	datapointsSQL = `SELECT d.id, d.view_id, d.source_id, d.annotated_at, d.reviewed_at, d.suggested, d.confidence,
	i.id, i.sha256, i.name, i.format, i.width, i.height, i.size, i.split, i.added_at, s.xmin, s.ymin, s.xmax, s.ymax
	FROM json_each(?) e CROSS JOIN datapoints d ON d.id = e.value CROSS JOIN images i ON i.id = d.image_id
	LEFT JOIN regions s ON s.id = d.source_id AND d.source_id <> 0
	WHERE d.present = 1 AND i.deleted_at IS NULL ORDER BY e.key`
	regionsSQL = `SELECT r.datapoint_id, r.id, r.xmin, r.ymin, r.xmax, r.ymax, coalesce(rc.concept_id, 0)
	FROM json_each(?) e CROSS JOIN regions r ON r.datapoint_id = e.value LEFT JOIN region_concepts rc ON rc.region_id = r.id
	WHERE r.deleted = 0 ORDER BY e.key, r.position, r.id, rc.concept_id`
)

func loadPortion(ctx context.Context, from querier, ids []int64) ([]Datapoint, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := from.QueryContext(ctx, datapointsSQL, string(list))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := make([]Datapoint, 0, len(ids))
	index := make(map[int64]int, len(ids))
	for rows.Next() {
		var d Datapoint
		var annotatedAt, reviewedAt *int64
		var split, addedAt int64
		var xmin, ymin, xmax, ymax *float64
		img := &d.Image
		if err := rows.Scan(&d.ID, &d.View, &d.Source, &annotatedAt, &reviewedAt, &d.Suggested, &d.Confidence,
			&img.ID, &img.SHA256, &img.Name, &img.Format, &img.Width, &img.Height, &img.Size, &split, &addedAt, &xmin, &ymin, &xmax, &ymax); err != nil {
			return nil, err
		}
		img.Split, img.AddedAt = splitFrom(split), fromMillis(addedAt)
		d.Annotated, d.AnnotatedAt, d.ReviewedAt = annotatedAt != nil, fromMillisOrZero(annotatedAt), fromMillisOrZero(reviewedAt)
		d.SourceBox = boxFrom(xmin, ymin, xmax, ymax)
		index[d.ID] = len(all)
		all = append(all, d)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	return all, loadRegions(ctx, from, string(list), all, index)
}

func loadRegions(ctx context.Context, from querier, list string, all []Datapoint, index map[int64]int) error {
	rows, err := from.QueryContext(ctx, regionsSQL, list)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var datapoint, concept int64
		var r domain.Region
		var xmin, ymin, xmax, ymax *float64
		if err := rows.Scan(&datapoint, &r.ID, &xmin, &ymin, &xmax, &ymax, &concept); err != nil {
			return err
		}
		i, ok := index[datapoint]
		if !ok {
			continue
		}
		regions := all[i].Regions
		if len(regions) == 0 || regions[len(regions)-1].ID != r.ID {
			r.Box = boxFrom(xmin, ymin, xmax, ymax)
			regions = append(regions, r)
		}
		if concept != 0 {
			last := &regions[len(regions)-1]
			last.Concepts = append(last.Concepts, concept)
		}
		all[i].Regions = regions
	}
	return rows.Err()
}

// Count counts what q chooses; Limit and Offset are ignored.
func (p *Reader) Count(ctx context.Context, q Query) (int, error) {
	if err := p.checkQuery(ctx, q); err != nil {
		return 0, err
	}
	if q.counted() {
		return p.countTallies(ctx, q)
	}
	s := &statement{}
	s.add("SELECT count(*)")
	if err := q.from(s); err != nil {
		return 0, err
	}
	var n int
	err := p.reader.QueryRowContext(ctx, s.String(), s.args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return n, explain("counting images", err)
}
