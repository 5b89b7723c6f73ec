//go:build measure

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

	"viewfinder/storage/domain"
)

const (
	benchImages  = 100_000
	benchRegions = 3 // per image
)

// benchProject is the project of MakeLarge with records alone. It lies in the system's temporary folder and is made once.
func benchProject(b *testing.B, images int) *Project {
	b.Helper()
	ctx := context.Background()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("viewfinder-bench-%d-%x", images, sha256.Sum256([]byte(must[string](b)(schemaText()))))[:60])
	p, err := Open(ctx, dir)
	if err != nil {
		ok(b, os.RemoveAll(dir))
		ok(b, MakeLarge(ctx, dir, Large{Images: images, Regions: benchRegions}))
		p = must[*Project](b)(Open(ctx, dir))
	}
	b.Cleanup(func() { p.Close() })
	return p
}

func schemaText() (string, error) {
	text, err := embedded.ReadFile("migrations/00001_project.sql")
	return string(text), err
}

// BenchmarkProject measures what the window waits for at 100,000 images: go test -tags measure -run '^$' -bench Project ./storage
func BenchmarkProject(b *testing.B) {
	p := benchProject(b, benchImages)
	ctx := context.Background()
	views := must[[]View](b)(p.Views(ctx))
	for _, v := range views {
		concepts := must[[]domain.Concept](b)(p.Concepts(ctx, v.ID))
		queries := map[string]Query{
			"all":          {},
			"val":          {Split: domain.SplitVal},
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
		concepts := must[[]domain.Concept](b)(p.Concepts(ctx, v.ID))
		all := must[[]Datapoint](b)(p.Datapoints(ctx, Query{View: v.ID, Limit: 1000}))
		b.Run(v.Name, func(b *testing.B) {
			var times []time.Duration
			n := 0
			for b.Loop() {
				d := all[n*37%len(all)]
				n++
				regions := whole(concepts[n%len(concepts)].ID)
				if v.Type.HasBoxes() {
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
