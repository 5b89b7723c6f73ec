//go:build measure

package storage

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"viewfinder/storage/domain"
)

// Large is the size of the project that MakeLarge makes.
type Large struct {
	Images  int
	Regions int // boxes on each image of the detection view
	// Content gives the content of image i: a file, its format and its size in pixels. Nil: records alone, without files.
	Content func(i int) (data []byte, format string, width, height int, err error)
	// Name gives the name of image i. Nil: frames of seven cameras.
	Name func(i int) string
}

// MakeLarge makes a project to measure with, far faster than importing does: a classification view ("Waste") of which six images in ten
// are annotated, a detection view ("Cells") with all of them annotated, and a tagging child of it ("State") with one crop for each region of two of
// its five concepts. It writes no history and does not wait for the disk; dir must be free.
func MakeLarge(ctx context.Context, dir string, l Large) error {
	p, err := Create(ctx, dir, "Bench")
	if err != nil {
		return err
	}
	err = p.fill(ctx, l)
	if closed := p.Close(); err == nil {
		err = closed
	}
	return err
}

func (p *Project) fill(ctx context.Context, l Large) error {
	if err := p.history.stop(ctx, p.conn); err != nil {
		return err
	}
	if err := p.fillImages(ctx, l); err != nil {
		return err
	}
	return p.fillViews(ctx, l)
}

func (p *Project) fillImages(ctx context.Context, l Large) error {
	if l.Name == nil {
		l.Name = func(i int) string { return fmt.Sprintf("camera %d/IMG_%06d.jpg", i%7, i*7919%l.Images) }
	}
	tx, err := p.conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	insert, err := tx.PrepareContext(ctx, "INSERT INTO images (sha256, name, name_key, format, width, height, size, split, added_at, settled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)")
	if err != nil {
		return err
	}
	defer insert.Close()
	for i := range l.Images {
		name := l.Name(i)
		hash, format, width, height, size := sha256.Sum256([]byte(name)), "jpeg", 4000, 3000, 1000+i*31%50000
		if l.Content != nil {
			var data []byte
			if data, format, width, height, err = l.Content(i); err != nil {
				return err
			}
			hash, size = sha256.Sum256(data), len(data)
			path := filepath.Join(p.dir, filepath.FromSlash(relativeImagePath(fmt.Sprintf("%x", hash), format)))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, data, 0o644); err != nil {
				return err
			}
		}
		split, err := splitNumber(DefaultSplit(hash))
		if err != nil {
			return err
		}
		if _, err := insert.ExecContext(ctx, fmt.Sprintf("%x", hash), name, sortKey(name), format, width, height, size, split, int64(1_700_000_000_000+i)); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (p *Project) fillViews(ctx context.Context, l Large) error {
	waste, materials, err := p.fillView(ctx, View{Name: "Waste", Type: domain.Classification}, "Glass", "Paper", "Metal", "Plastic")
	if err != nil {
		return err
	}
	cells, kinds, err := p.fillView(ctx, View{Name: "Cells", Type: domain.Detection}, "A", "B", "C", "D", "E")
	if err != nil {
		return err
	}
	err = p.fillTransaction(ctx, func(exec func(string, ...any)) {
		exec(`UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000 + image_id, concept_set = '|' || (? + image_id % 4) || ':1|',
			reviewed_at = CASE WHEN image_id % 3 = 0 THEN 1700000000000 END WHERE view_id = ? AND image_id % 10 < 6`, materials[0], waste.ID)
		exec("INSERT INTO regions (datapoint_id, position) SELECT id, 0 FROM datapoints WHERE view_id = ? AND annotated = 1", waste.ID)
		exec("INSERT INTO region_concepts SELECT r.id, ? + d.image_id % 4 FROM regions r JOIN datapoints d ON d.id = r.datapoint_id WHERE d.view_id = ?", materials[0], waste.ID)
		for i := range l.Regions {
			at := 0.05 + 0.2*float64(i%4)
			exec("INSERT INTO regions (datapoint_id, xmin, ymin, xmax, ymax, position) SELECT id, ?, ?, ?, ?, ? FROM datapoints WHERE view_id = ?", at, at, at+0.3, at+0.3, i, cells.ID)
		}
		exec("INSERT INTO region_concepts SELECT r.id, ? + (r.id * 7) % 5 FROM regions r JOIN datapoints d ON d.id = r.datapoint_id WHERE d.view_id = ?", kinds[0], cells.ID)
		exec("UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000, concept_set = "+conceptSetSQL+" WHERE view_id = ?", cells.ID)
	})
	if err != nil {
		return err
	}
	child, tags, err := p.fillView(ctx, View{Name: "State", Type: domain.Tagging, ParentID: cells.ID, Conditions: domain.AnyOf(kinds[0], kinds[1])}, "Divides")
	if err != nil {
		return err
	}
	err = p.fillTransaction(ctx, func(exec func(string, ...any)) {
		exec("UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000, concept_set = CASE WHEN id % 2 THEN '|' || ? || ':1|' ELSE '' END WHERE view_id = ? AND id % 4 < 3", tags[0], child.ID)
		exec("INSERT INTO regions (datapoint_id, position) SELECT id, 0 FROM datapoints WHERE view_id = ? AND concept_set <> ''", child.ID)
		exec("INSERT INTO region_concepts SELECT r.id, ? FROM regions r JOIN datapoints d ON d.id = r.datapoint_id WHERE d.view_id = ?", tags[0], child.ID)
	})
	if err != nil {
		return err
	}
	for _, sql := range []string{"ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := p.conn.ExecContext(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

func (p *Project) fillView(ctx context.Context, v View, concepts ...string) (View, []int64, error) {
	v, err := p.AddView(ctx, v)
	var ids []int64
	for _, name := range concepts {
		var c domain.Concept
		if err == nil {
			c, err = p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: name})
			ids = append(ids, c.ID)
		}
	}
	return v, ids, err
}

// fillTransaction runs statements in one transaction, none after one that failed.
func (p *Project) fillTransaction(ctx context.Context, f func(exec func(string, ...any))) error {
	tx, err := p.conn.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	f(func(text string, args ...any) {
		if err == nil {
			_, err = tx.ExecContext(ctx, text, args...)
		}
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}
