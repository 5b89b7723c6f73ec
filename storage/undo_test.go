package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// dump is everything that undo and redo must bring back to the letter, and what triggers make of it.
func dump(t testing.TB, p *Project) string {
	t.Helper()
	ctx := context.Background()
	var out strings.Builder
	for _, table := range append([]string{"tallies"}, tracked...) {
		columns, keys, err := tableColumns(ctx, p.conn, table)
		ok(t, err)
		rows, err := p.conn.QueryContext(ctx, "SELECT quote("+strings.Join(columns, ")||','||quote(")+") FROM "+table+" ORDER BY "+strings.Join(keys, ","))
		ok(t, err)
		fmt.Fprintf(&out, "== %s\n", table)
		for rows.Next() {
			var line string
			ok(t, rows.Scan(&line))
			out.WriteString(line + "\n")
		}
		ok(t, rows.Err())
		rows.Close()
	}
	return out.String()
}

func sameDump(t testing.TB, when, want, got string) {
	t.Helper()
	if want == got {
		return
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if i >= len(g) || w[i] != g[i] {
			t.Fatalf("%s: line %d\nwant %s\ngot  %s", when, i, w[i], strings.Join(g[min(i, len(g)-1):min(i+1, len(g))], ""))
		}
	}
	t.Fatalf("%s: %d lines more", when, len(g)-len(w))
}

// actor does random things to a project, right and wrong ones.
type actor struct {
	t       testing.TB
	p       *Project
	r       *rand.Rand
	n       int
	version int64
}

func (a *actor) name(what string) string { a.n++; return fmt.Sprintf("%s %d", what, a.n) }

func pick[T any](r *rand.Rand, list []T) (v T) {
	if len(list) == 0 {
		return v
	}
	return list[r.IntN(len(list))]
}

func (a *actor) regions(v View, concepts []domain.Concept, there []domain.Region) []domain.Region {
	switch v.Type {
	case domain.Classification:
		return whole(pick(a.r, concepts).ID)
	case domain.Tagging:
		var ids []int64
		for _, c := range concepts {
			if a.r.IntN(2) == 0 {
				ids = append(ids, c.ID)
			}
		}
		return whole(ids...)
	}
	var regions []domain.Region
	for _, r := range there {
		switch a.r.IntN(4) {
		case 0: // left out
		case 1:
			r.Concepts = []int64{pick(a.r, concepts).ID}
			regions = append(regions, r)
		default:
			regions = append(regions, r)
		}
	}
	for range a.r.IntN(3) {
		x, y := a.r.Float64(), a.r.Float64()
		regions = append(regions, box(pick(a.r, concepts).ID, x, y, x+a.r.Float64(), y+a.r.Float64()))
	}
	return regions
}

// act does one random thing; errors of rules are part of the game.
func (a *actor) act() error {
	ctx, p, r := context.Background(), a.p, a.r
	views := must[[]View](a.t)(p.Views(ctx))
	view := pick(r, views)
	var concepts []domain.Concept
	var all []Datapoint
	if view.ID != 0 {
		concepts = must[[]domain.Concept](a.t)(p.Concepts(ctx, view.ID))
		all = must[[]Datapoint](a.t)(p.Datapoints(ctx, Query{View: view.ID}))
	}
	some := func() (keys []Key) {
		for range 1 + r.IntN(4) {
			if d := pick(r, all); d.ID != 0 {
				keys = append(keys, d.Key())
			}
		}
		return keys
	}
	d := pick(r, all)
	switch r.IntN(24) {
	case 0:
		_, err := p.AddView(ctx, View{Name: a.name("View"), Type: pick(r, []domain.Task{domain.Classification, domain.Tagging, domain.Detection})})
		return err
	case 1:
		_, err := p.AddView(ctx, View{Name: a.name("Child"), ParentID: view.ID, Type: pick(r, []domain.Task{domain.Classification, domain.Tagging, domain.Detection}),
			Conditions: domain.AnyOf(pick(r, concepts).ID, pick(r, concepts).ID)})
		return err
	case 2:
		if r.IntN(4) == 0 {
			return p.DeleteView(ctx, view.ID)
		}
		return p.MoveView(ctx, view.ID, r.IntN(3))
	case 3:
		return p.RenameView(ctx, view.ID, a.name("Renamed"))
	case 4, 5:
		_, err := p.AddConcept(ctx, domain.Concept{ViewID: view.ID, Name: fmt.Sprintf("Concept %d", r.IntN(6))})
		return err
	case 6:
		return p.DeleteConcept(ctx, pick(r, concepts).ID)
	case 7:
		return p.MergeConcepts(ctx, pick(r, concepts).ID, pick(r, concepts).ID)
	case 8:
		return p.SetConditions(ctx, view.ID, nil)
	case 9:
		name := a.name("image") + ".png"
		_, _, err := p.AddImage(ctx, bytes.NewReader([]byte(name)), ImageMeta{Name: name, Format: "png", Width: 10, Height: 10})
		return err
	case 10:
		return p.DeleteImages(ctx, []int64{d.Image.ID})
	case 11:
		for _, img := range must[[]Image](a.t)(p.Trash(ctx)) {
			return p.RestoreImages(ctx, []int64{img.ID})
		}
	case 12:
		return p.SetSplit(ctx, []int64{d.Image.ID}, pick(r, domain.Splits()))
	case 13:
		return p.SetConcepts(ctx, some(), []int64{pick(r, concepts).ID})
	case 14:
		return p.ClearAnnotations(ctx, some())
	case 15:
		return p.SetReviewed(ctx, some(), r.IntN(2) == 0)
	case 16:
		s := []Suggestion{{Concept: pick(r, concepts).ID, Confidence: r.Float64()}}
		if view.Type.HasBoxes() {
			s[0].Box = &domain.Box{XMin: 0.1, YMin: 0.2, XMax: 0.3, YMax: 1.0 / 3}
		}
		return p.SetSuggestions(ctx, a.version, d.Key(), s)
	case 17:
		if d.ID != 0 {
			for _, s := range must[[]Suggestion](a.t)(p.Suggestions(ctx, d.Key())) {
				return p.AcceptSuggestions(ctx, []int64{s.ID})
			}
		}
		return p.ClearSuggestions(ctx, view.ID, 0)
	case 18:
		return p.Batch(ctx, "Import", func(b *Batch) error {
			for range 3 {
				name := a.name("batch") + ".png"
				img, _, err := b.AddImage(bytes.NewReader([]byte(name)), ImageMeta{Name: name, Format: "png", Width: 10, Height: 10})
				if err != nil {
					return err
				}
				if view.ParentID == 0 && len(concepts) > 0 {
					if err := b.Annotate(view.ID, img.ID, 0, a.regions(view, concepts, nil)); err != nil {
						return err
					}
				}
				if err := b.Flush(); err != nil {
					return err
				}
			}
			return nil
		})
	case 19:
		return p.RenameProject(ctx, a.name("Project"))
	default:
		return p.Annotate(ctx, view.ID, d.Image.ID, d.Source, a.regions(view, concepts, d.Regions))
	}
	return nil
}

func TestUndoIsExact(t *testing.T) {
	actions := 100
	if testing.Short() {
		actions = 40
	}
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			ctx := context.Background()
			p := newProject(t)
			images := addImages(t, p, 4)
			root, c := addView(t, p, "Root", domain.Detection, 0, "A", "B")
			child, cc := addView(t, p, "Below", domain.Detection, root.ID, "C", "D")
			grand := must[View](t)(p.AddView(ctx, View{Name: "Below that", Type: domain.Tagging, ParentID: child.ID, Conditions: domain.HasConcept(cc[0])}))
			must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: grand.ID, Name: "E"}))
			ok(t, p.Annotate(ctx, root.ID, images[0].ID, 0, []domain.Region{box(c[0], 0, 0, 0.5, 0.5), box(c[1], 0.1, 0.1, 0.7, 0.7)}))
			version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: root.ID, Name: "v", Status: domain.StatusReady}))
			// Reopen, so that the session begins with all that.
			ok(t, p.Close())
			p = must[*Project](t)(Open(ctx, p.Dir()))
			defer p.Close()
			a := &actor{t: t, p: p, r: rand.New(rand.NewPCG(seed, 1)), version: version.ID}
			dumps := []string{dump(t, p)}
			done, refused := 0, 0
			for i := range actions {
				before := len(p.history.undo)
				err := a.act()
				var rule *RuleError
				if err != nil && !errors.As(err, &rule) && !errors.Is(err, ErrNotFound) {
					t.Fatalf("action %d: %v", i, err)
				}
				if err != nil {
					refused++
				}
				switch len(p.history.undo) - before {
				case 0:
					sameDump(t, fmt.Sprintf("action %d (%v) changed something without a step", i, err), dumps[len(dumps)-1], dump(t, p))
				case 1:
					done++
					dumps = append(dumps, dump(t, p))
				default:
					t.Fatalf("action %d made more than one step", i)
				}
				// Now and then walk back and forth.
				if r := a.r.IntN(12); r == 0 && len(p.history.undo) > 3 {
					for range 3 {
						must[Step](t)(p.Undo(ctx))
					}
					for range a.r.IntN(4) {
						must[Step](t)(p.Redo(ctx))
					}
					dumps = dumps[:len(p.history.undo)+1]
					sameDump(t, "walking", dumps[len(dumps)-1], dump(t, p))
				}
			}
			dumps = dumps[:len(p.history.undo)+1]
			for len(p.history.redo) > 0 { // left from walking
				must[Step](t)(p.Redo(ctx))
				dumps = append(dumps, dump(t, p))
			}
			report := must[Report](t)(p.Check(ctx, false, nil))
			if len(report.Problems) > 0 {
				t.Fatalf("after the actions: %+v", report.Problems)
			}
			for i := len(dumps) - 2; i >= 0; i-- {
				label := must[Step](t)(p.Undo(ctx)).Label
				sameDump(t, "undoing "+label, dumps[i], dump(t, p))
			}
			if _, err := p.Undo(ctx); !errors.Is(err, ErrNothingToUndo) {
				t.Fatal(err)
			}
			for i := 1; i < len(dumps); i++ {
				label := must[Step](t)(p.Redo(ctx)).Label
				if label == "" {
					t.Fatal("a step without a label")
				}
				sameDump(t, "redoing "+label, dumps[i], dump(t, p))
			}
			if _, err := p.Redo(ctx); !errors.Is(err, ErrNothingToRedo) {
				t.Fatal(err)
			}
			t.Logf("%d actions done, %d refused", done, refused)
		})
	}
}

// TestUndoneImportLeavesNoFiles: files of an import that was undone go when the project is closed, not before, since it
// may be redone.
func TestUndoneImportLeavesNoFiles(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 3)
	must[Step](t)(p.Undo(ctx))
	if report := must[Report](t)(p.Check(ctx, true, nil)); len(report.Problems) > 0 {
		t.Fatalf("%+v", report.Problems)
	}
	must[Step](t)(p.Redo(ctx))
	f, err := p.OpenImage(images[1])
	ok(t, err)
	f.Close()
	must[Step](t)(p.Undo(ctx))
	ok(t, p.Close())
	if files, _ := filepath.Glob(filepath.Join(p.Dir(), "images", "??", "*")); len(files) > 0 {
		t.Fatal(files)
	}
}

// Undo and Redo say which datapoints they changed: the one that was annotated first, then those of child views that came or went.
func TestUndoSaysWhere(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, concepts := addView(t, p, "Things", domain.Detection, 0, "cup")
	images := addImages(t, p, 3)
	key := func(i int) Key { return Key{View: v.ID, Image: images[i].ID} }
	id := func(i int) int64 { return must[Datapoint](t)(p.Datapoint(ctx, key(i))).ID }
	drawn := box(concepts[0], 0.1, 0.1, 0.5, 0.5)
	stored := must[[]domain.Region](t)(p.Amend(ctx, key(1), func(there []domain.Region) []domain.Region {
		return append(there, drawn)
	}))
	if len(stored) != 1 || stored[0].ID == 0 || *stored[0].Box != *drawn.Box {
		t.Fatalf("stored %+v", stored)
	}
	ok(t, p.SetSplit(ctx, []int64{images[2].ID, images[1].ID}, domain.SplitVal))
	ok(t, p.SetSplit(ctx, []int64{images[2].ID, images[1].ID}, domain.SplitTrain))
	for _, do := range []func(context.Context) (Step, error){p.Undo, p.Redo, p.Undo, p.Undo, p.Redo, p.Undo} {
		step := must[Step](t)(do(ctx))
		if len(step.Datapoints) == 0 || slices.Contains(step.Datapoints, id(0)) {
			t.Errorf("%q has %v", step.Label, step.Datapoints)
		}
	}
	for _, do := range []func(context.Context) (Step, error){p.Undo, p.Redo} {
		if step := must[Step](t)(do(ctx)); !slices.Equal(step.Datapoints, []int64{id(1)}) {
			t.Errorf("%q has %v, not %d", step.Label, step.Datapoints, id(1))
		}
	}
}
