package storage

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const (
	benchImages  = 100_000
	benchRegions = 3 // per image
)

// benchProject makes a project of 100,000 images (records alone, no files) with a classification view, a detection view
// of 300,000 regions, and a child of it with one crop per region of two of its five concepts. It
// lies in the system's temporary folder and is made once.
func benchProject(b *testing.B, images int) *Project {
	b.Helper()
	ctx := context.Background()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("viewfinder-bench-%d-%x", images, sha256.Sum256([]byte(must[string](b)(schemaText()))))[:60])
	if p, err := Open(ctx, dir); err == nil {
		b.Cleanup(func() { p.Close() })
		return p
	}
	ok(b, os.RemoveAll(dir))
	p := must[*Project](b)(Create(ctx, dir, "Bench"))
	b.Cleanup(func() { p.Close() })
	ok(b, p.history.stop(ctx, p.conn))
	exec := func(sql string, args ...any) {
		b.Helper()
		if _, err := p.conn.ExecContext(ctx, sql, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec("BEGIN")
	stmt, err := p.conn.PrepareContext(ctx, "INSERT INTO images (sha256, name, name_key, format, width, height, size, split, added_at) VALUES (?, ?, ?, 'jpeg', 4000, 3000, ?, ?, ?)")
	ok(b, err)
	for i := range images {
		name := fmt.Sprintf("camera %d/IMG_%06d.jpg", i%7, i*7919%images)
		hash := sha256.Sum256([]byte(name))
		split, _ := splitNumber(DefaultSplit(hash))
		_, err := stmt.ExecContext(ctx, fmt.Sprintf("%x", hash), name, sortKey(name), 1000+i*31%50000, split, int64(1_700_000_000_000+i))
		ok(b, err)
	}
	stmt.Close()
	exec("COMMIT")
	waste, wc := addView(b, p, "Waste", ViewClassification, 0, "Glass", "Paper", "Metal", "Plastic")
	cells, cc := addView(b, p, "Cells", ViewDetection, 0, "A", "B", "C", "D", "E")
	exec("BEGIN")
	// classification: six of ten annotated
	exec(`UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000 + image_id, concept_set = '|' || (? + image_id % 4) || ':1|',
		reviewed_at = CASE WHEN image_id % 3 = 0 THEN 1700000000000 END WHERE view_id = ? AND image_id % 10 < 6`, wc[0], waste.ID)
	exec("INSERT INTO regions (datapoint_id, position) SELECT id, 0 FROM datapoints WHERE view_id = ? AND annotated = 1", waste.ID)
	exec("INSERT INTO region_concepts SELECT r.id, ? + d.image_id % 4 FROM regions r JOIN datapoints d ON d.id = r.datapoint_id WHERE d.view_id = ?", wc[0], waste.ID)
	// detection: all annotated
	for i := range benchRegions {
		exec("INSERT INTO regions (datapoint_id, xmin, ymin, xmax, ymax, position) SELECT id, 0.1, 0.1, 0.5, 0.5, ? FROM datapoints WHERE view_id = ?", i, cells.ID)
	}
	exec("INSERT INTO region_concepts SELECT r.id, ? + (r.id * 7) % 5 FROM regions r JOIN datapoints d ON d.id = r.datapoint_id WHERE d.view_id = ?", cc[0], cells.ID)
	exec("UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000, concept_set = "+conceptSetSQL+" WHERE view_id = ?", cells.ID)
	exec("COMMIT")
	child := must[View](b)(p.AddView(ctx, View{Name: "State", Type: ViewTagging, ParentID: cells.ID, Conditions: AnyOf(cc[0], cc[1])}))
	tags := must[Concept](b)(p.AddConcept(ctx, Concept{ViewID: child.ID, Name: "Divides"}))
	exec("UPDATE datapoints SET annotated = 1, annotated_at = 1700000000000, concept_set = CASE WHEN id % 2 THEN '|' || ? || ':1|' ELSE '' END WHERE view_id = ? AND id % 4 < 3", tags.ID, child.ID)
	exec("ANALYZE")
	exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return p
}

func schemaText() (string, error) {
	text, err := embedded.ReadFile("migrations/00001_project.sql")
	return string(text), err
}

// BenchmarkProject measures what the window waits for at 100,000 images: go test -run '^$' -bench Project ./storage
func BenchmarkProject(b *testing.B) {
	p := benchProject(b, benchImages)
	ctx := context.Background()
	views := must[[]View](b)(p.Views(ctx))
	for _, v := range views {
		concepts := must[[]Concept](b)(p.Concepts(ctx, v.ID))
		queries := map[string]Query{
			"all":          {},
			"val":          {Split: SplitVal},
			"notannotated": {State: StateNotAnnotated},
			"notreviewed":  {State: StateNotReviewed},
			"concept":      {Concept: concepts[0].ID},
			"text":         {Text: "img_00123"},
			"textnone":     {Text: "no such name"},
			"added":        {Sort: SortAdded, Descending: true},
			"size":         {Sort: SortSize},
			"annotated":    {Sort: SortAnnotated},
			"confidence":   {Sort: SortConfidence},
		}
		for name, q := range queries {
			q.View = v.ID
			b.Run(v.Name+"/list/"+name, func(b *testing.B) {
				for b.Loop() {
					must[[]int64](b)(p.DatapointIDs(ctx, q))
				}
			})
			if q.Sort == "" {
				b.Run(v.Name+"/count/"+name, func(b *testing.B) {
					for b.Loop() {
						must[int](b)(p.Count(ctx, q))
					}
				})
			}
		}
		b.Run(v.Name+"/counts", func(b *testing.B) {
			for b.Loop() {
				must[Counts](b)(p.Counts(ctx, v.ID))
			}
		})
		b.Run(v.Name+"/conceptcounts", func(b *testing.B) {
			for b.Loop() {
				must[[]ConceptCount](b)(p.ConceptCounts(ctx, v.ID))
			}
		})
		b.Run(v.Name+"/page", func(b *testing.B) {
			ids := must[[]int64](b)(p.DatapointIDs(ctx, Query{View: v.ID}))
			at := 0
			for b.Loop() {
				must[[]Datapoint](b)(p.DatapointsByID(ctx, ids[at:at+100]))
				at = (at + 7919) % (len(ids) - 100)
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	p := benchProject(b, benchImages)
	ctx := context.Background()
	ok(b, p.Close())
	for b.Loop() {
		p := must[*Project](b)(Open(ctx, p.Dir()))
		views := must[[]View](b)(p.Views(ctx))
		ids := must[[]int64](b)(p.DatapointIDs(ctx, Query{View: views[0].ID}))
		must[[]Datapoint](b)(p.DatapointsByID(ctx, ids[:100]))
		must[Counts](b)(p.Counts(ctx, views[0].ID))
		ok(b, p.Close())
	}
}

// BenchmarkAnnotate is one concept set by key, durable on disk.
func BenchmarkAnnotate(b *testing.B) {
	p := benchProject(b, benchImages)
	ctx := context.Background()
	views := must[[]View](b)(p.Views(ctx))
	for _, v := range views {
		concepts := must[[]Concept](b)(p.Concepts(ctx, v.ID))
		all := must[[]Datapoint](b)(p.Datapoints(ctx, Query{View: v.ID, Limit: 1000}))
		b.Run(v.Name, func(b *testing.B) {
			var times []time.Duration
			n := 0
			for b.Loop() {
				d := all[n*37%len(all)]
				n++
				regions := whole(concepts[n%len(concepts)].ID)
				if v.Type == ViewDetection {
					f := 0.2 + 0.5*float64(n%1000)/1000
					regions = append(slices.Clone(d.Regions), box(concepts[n%len(concepts)].ID, 0.1, 0.1, f, f))
				}
				start := time.Now()
				ok(b, p.Annotate(ctx, v.ID, d.Image.ID, d.Source, regions))
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}
