package storage

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func isRule(err error) bool {
	var rule *RuleError
	return errors.As(err, &rule)
}

func TestRulesOfRegions(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	img := addImages(t, p, 1)[0]
	cl, clc := addView(t, p, "Classification", domain.Classification, 0, "A", "B")
	tg, tgc := addView(t, p, "Tagging", domain.Tagging, 0, "A", "B")
	dt, dtc := addView(t, p, "Detection", domain.Detection, 0, "A", "B")
	nan, inf := math.NaN(), math.Inf(1)
	two := func(b domain.Region, c ...int64) domain.Region { b.Concepts = c; return b }
	for _, test := range []struct {
		name    string
		view    View
		regions []domain.Region
		good    bool
	}{
		{"one concept", cl, whole(clc[0]), true},
		{"the same concept twice is one", cl, whole(clc[0], clc[0]), true},
		{"no region", cl, nil, false},
		{"no concept", cl, whole(), false},
		{"two concepts", cl, whole(clc...), false},
		{"two regions", cl, append(whole(clc[0]), whole(clc[1])...), false},
		{"a box", cl, []domain.Region{box(clc[0], 0, 0, 1, 1)}, false},
		{"concept of another view", cl, whole(tgc[0]), false},
		{"concept that does not exist", cl, whole(99999), false},
		{"two tags", tg, whole(tgc...), true},
		{"without concept", tg, whole(), true},
		{"without region", tg, nil, true},
		{"tags on a box", tg, []domain.Region{box(tgc[0], 0, 0, 1, 1)}, false},
		{"two tag regions", tg, append(whole(tgc[0]), whole(tgc[1])...), false},
		{"no boxes", dt, nil, true},
		{"a box", dt, []domain.Region{box(dtc[0], 0.1, 0.1, 0.2, 0.2)}, true},
		{"a box that hangs out", dt, []domain.Region{box(dtc[0], -0.5, 0.1, 2, 0.2)}, true},
		{"a box outside", dt, []domain.Region{box(dtc[0], 1.1, 0.1, 1.2, 0.2)}, false},
		{"no area", dt, []domain.Region{box(dtc[0], 0.1, 0.1, 0.1, 0.2)}, false},
		{"upside down", dt, []domain.Region{box(dtc[0], 0.1, 0.3, 0.2, 0.2)}, false},
		{"not a number", dt, []domain.Region{box(dtc[0], nan, 0.1, 0.2, 0.2)}, false},
		{"infinite", dt, []domain.Region{box(dtc[0], 0, 0.1, inf, 0.2)}, false},
		{"whole image", dt, whole(dtc[0]), false},
		{"box without concept", dt, []domain.Region{two(box(0, 0, 0, 1, 1))}, false},
		{"box with two", dt, []domain.Region{two(box(0, 0, 0, 1, 1), dtc...)}, false},
		{"one good, one bad", dt, []domain.Region{box(dtc[0], 0, 0, 1, 1), box(dtc[0], 0, 0, 0, 0)}, false},
	} {
		t.Run(string(test.view.Type)+"/"+test.name, func(t *testing.T) {
			before := dump(t, p)
			err := p.Annotate(ctx, test.view.ID, img.ID, 0, test.regions)
			if test.good {
				ok(t, err)
				d := must[Datapoint](t)(p.Datapoint(ctx, Key{View: test.view.ID, Image: img.ID}))
				if !d.Annotated {
					t.Fatal("not annotated")
				}
				for _, r := range d.Regions {
					if r.Box != nil && (r.Box.XMin < 0 || r.Box.XMax > 1) {
						t.Fatalf("not clipped: %+v", r.Box)
					}
				}
				return
			}
			if !isRule(err) {
				t.Fatalf("error %v", err)
			}
			sameDump(t, "a refused annotation", before, dump(t, p))
		})
	}
	if err := p.Annotate(ctx, cl.ID, 999, 0, whole(clc[0])); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
	if err := p.Annotate(ctx, 999, img.ID, 0, whole(clc[0])); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}

func TestWithoutConceptIsNotNotAnnotated(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 4)
	v, c := addView(t, p, "Tags", domain.Tagging, 0, "A", "B")
	ok(t, p.Annotate(ctx, v.ID, images[0].ID, 0, nil))
	ok(t, p.Annotate(ctx, v.ID, images[1].ID, 0, whole(c...)))
	ok(t, p.SetReviewed(ctx, []Key{{v.ID, images[1].ID, 0}, {v.ID, images[2].ID, 0}}, true))
	for state, want := range map[State]int{StateAll: 4, "all": 4, StateAnnotated: 2, StateNotAnnotated: 2, StateWithoutConcept: 1, StateReviewed: 1, StateNotReviewed: 1, StateSuggested: 0} {
		for _, text := range []string{"", "frame"} { // by tallies and by scan
			if n := must[int](t)(p.Count(ctx, Query{View: v.ID, State: state, Text: text})); n != want {
				t.Errorf("%q: %d, want %d", state, n, want)
			}
		}
		if n := len(must[[]int64](t)(p.DatapointIDs(ctx, Query{View: v.ID, State: state}))); n != want {
			t.Errorf("%q lists %d, want %d", state, n, want)
		}
	}
	// The same annotation again is no action; another resets reviewed.
	steps := len(p.history.undo)
	ok(t, p.Annotate(ctx, v.ID, images[1].ID, 0, whole(c...)))
	if len(p.history.undo) != steps {
		t.Fatal("an action that changes nothing made a step")
	}
	ok(t, p.Annotate(ctx, v.ID, images[1].ID, 0, whole(c[0])))
	if d := must[Datapoint](t)(p.Datapoint(ctx, Key{v.ID, images[1].ID, 0})); d.Reviewed() {
		t.Fatal("still reviewed")
	}
	if err := p.SetReviewed(ctx, []Key{{v.ID, images[3].ID, 0}}, true); !isRule(err) {
		t.Fatal(err)
	}
	ok(t, p.AddConcepts(ctx, []Key{{v.ID, images[3].ID, 0}}, c[1:]))
	ok(t, p.RemoveConcepts(ctx, []Key{{v.ID, images[3].ID, 0}, {v.ID, images[2].ID, 0}}, c[1:]))
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID, State: StateWithoutConcept})); n != 2 {
		t.Fatal(n)
	}
	ok(t, p.ClearAnnotations(ctx, []Key{{v.ID, images[3].ID, 0}}))
	if n := must[int](t)(p.Count(ctx, Query{View: v.ID, State: StateNotAnnotated})); n != 2 {
		t.Fatal(n)
	}
}

func sourcesOf(t *testing.T, p *Project, view int64) (ids []int64) {
	t.Helper()
	for _, d := range must[[]Datapoint](t)(p.Datapoints(context.Background(), Query{View: view})) {
		ids = append(ids, d.Source)
	}
	return ids
}

func TestCropsComeBackWithTheirRegion(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	img := addImages(t, p, 2)[0]
	cells, cc := addView(t, p, "Cells", domain.Detection, 0, "Cell", "Dirt")
	child := must[View](t)(p.AddView(ctx, View{Name: "State", Type: domain.Classification, ParentID: cells.ID, Conditions: domain.HasConcept(cc[0])}))
	divides := must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: child.ID, Name: "Divides"})).ID
	grand := must[View](t)(p.AddView(ctx, View{Name: "Parts", Type: domain.Detection, ParentID: child.ID, Conditions: domain.HasConcept(divides)}))
	part := must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: grand.ID, Name: "Part"})).ID

	ok(t, p.Annotate(ctx, cells.ID, img.ID, 0, []domain.Region{box(cc[0], 0.1, 0.1, 0.5, 0.5), box(cc[1], 0, 0, 1, 1)}))
	regions := must[Datapoint](t)(p.Datapoint(ctx, Key{cells.ID, img.ID, 0})).Regions
	cell, dirt := regions[0], regions[1]
	if got := sourcesOf(t, p, child.ID); !slices.Equal(got, []int64{cell.ID}) {
		t.Fatal(got)
	}
	ok(t, p.Annotate(ctx, child.ID, img.ID, cell.ID, whole(divides)))
	// The grandchild's boxes are clipped to the crop.
	ok(t, p.Annotate(ctx, grand.ID, img.ID, cell.ID, []domain.Region{box(part, 0, 0, 0.3, 0.3)}))
	d := must[Datapoint](t)(p.Datapoint(ctx, Key{grand.ID, img.ID, cell.ID}))
	if *d.Regions[0].Box != (domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.3, YMax: 0.3}) || *d.SourceBox != *cell.Box {
		t.Fatalf("%+v of %+v", d.Regions[0].Box, d.SourceBox)
	}
	whatIsBelow := func() string {
		return dumpOf(t, p, child.ID) + dumpOf(t, p, grand.ID)
	}
	before := whatIsBelow()

	for _, test := range []struct {
		name     string
		away, to []domain.Region
	}{
		{"another concept and back", []domain.Region{{ID: cell.ID, Box: cell.Box, Concepts: cc[1:]}, dirt}, regions},
		{"deleted, and given back by its ID", []domain.Region{dirt}, regions},
		{"deleted, and drawn again where it was", []domain.Region{dirt}, []domain.Region{box(cc[0], 0.1, 0.1, 0.5, 0.5), dirt}},
		{"moved, and moved back", []domain.Region{{ID: cell.ID, Box: &domain.Box{XMin: 0.2, YMin: 0.2, XMax: 0.6, YMax: 0.6}, Concepts: cc[1:]}, dirt}, regions},
	} {
		t.Run(test.name, func(t *testing.T) {
			ok(t, p.Annotate(ctx, cells.ID, img.ID, 0, test.away))
			if got := append(sourcesOf(t, p, child.ID), sourcesOf(t, p, grand.ID)...); len(got) != 0 {
				t.Fatalf("still there: %v", got)
			}
			ok(t, p.Annotate(ctx, cells.ID, img.ID, 0, test.to))
			if got := whatIsBelow(); got != before {
				t.Fatalf("before\n%s\nafter\n%s", before, got)
			}
		})
	}
	t.Run("cleared, and undone", func(t *testing.T) {
		ok(t, p.ClearAnnotations(ctx, []Key{{cells.ID, img.ID, 0}}))
		if got := sourcesOf(t, p, grand.ID); len(got) != 0 {
			t.Fatal(got)
		}
		must[Step](t)(p.Undo(ctx))
		if got := whatIsBelow(); got != before {
			t.Fatal(got)
		}
	})
	t.Run("image deleted, and restored", func(t *testing.T) {
		ok(t, p.DeleteImages(ctx, []int64{img.ID}))
		if got := sourcesOf(t, p, child.ID); len(got) != 0 {
			t.Fatal(got)
		}
		ok(t, p.RestoreImages(ctx, []int64{img.ID}))
		if got := whatIsBelow(); got != before {
			t.Fatal(got)
		}
	})
	t.Run("conditions changed, and back", func(t *testing.T) {
		ok(t, p.SetConditions(ctx, child.ID, domain.HasConcept(cc[1])))
		if got := sourcesOf(t, p, child.ID); !slices.Equal(got, []int64{dirt.ID}) {
			t.Fatal(got)
		}
		ok(t, p.SetConditions(ctx, child.ID, nil))
		if got := sourcesOf(t, p, child.ID); len(got) != 2 {
			t.Fatal(got)
		}
		ok(t, p.SetConditions(ctx, child.ID, domain.HasConcept(cc[0])))
		if got := whatIsBelow(); got != before {
			t.Fatal(got)
		}
	})
}

// dumpOf is what is annotated in a view, ids included.
func dumpOf(t *testing.T, p *Project, view int64) string {
	t.Helper()
	var out strings.Builder
	for _, d := range must[[]Datapoint](t)(p.Datapoints(context.Background(), Query{View: view})) {
		for _, r := range d.Regions {
			out.WriteString(strings.Join([]string{d.Image.Name, dumpValue(d.Source, r)}, " ") + "\n")
		}
	}
	return out.String()
}

func TestChildrenOfClassificationAndTagging(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 6)
	tags, c := addView(t, p, "Tags", domain.Tagging, 0, "Indoor", "Person", "Dog")
	child := must[View](t)(p.AddView(ctx, View{Name: "Poses", Type: domain.Detection, ParentID: tags.ID,
		Conditions: &domain.Condition{Op: domain.OpAnd, Of: []domain.Condition{*domain.HasConcept(c[0]), *domain.AnyOf(c[1], c[2])}}}))
	for i, set := range [][]int64{{c[0]}, {c[0], c[1]}, {c[1], c[2]}, {c[0], c[2]}, {}} {
		ok(t, p.Annotate(ctx, tags.ID, images[i].ID, 0, whole(set...)))
	}
	names := func() (names []string) {
		for _, d := range must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: child.ID})) {
			names = append(names, d.Image.Name)
		}
		return names
	}
	if got := names(); !slices.Equal(got, []string{"frame_2.png", "frame_4.png"}) {
		t.Fatal(got)
	}
	ok(t, p.AddConcepts(ctx, []Key{{tags.ID, images[2].ID, 0}}, c[:1]))
	ok(t, p.RemoveConcepts(ctx, []Key{{tags.ID, images[1].ID, 0}}, c[:1]))
	if got := names(); !slices.Equal(got, []string{"frame_3.png", "frame_4.png"}) {
		t.Fatal(got)
	}
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) > 0 {
		t.Fatalf("%+v", report.Problems)
	}
}

func TestSuggestions(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 3)
	cl, clc := addView(t, p, "Class", domain.Classification, 0, "A", "B")
	dt, dtc := addView(t, p, "Boxes", domain.Detection, 0, "A")
	tg, tgc := addView(t, p, "Tags", domain.Tagging, 0, "A", "B")
	version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: cl.ID, Name: "v", Status: domain.StatusReady})).ID
	key := func(v View) Key { return Key{v.ID, images[0].ID, 0} }
	ok(t, p.SetSuggestions(ctx, version, key(cl), []Suggestion{{Concept: clc[0], Confidence: 0.25}, {Concept: clc[1], Confidence: 0.75}}))
	ok(t, p.SetSuggestions(ctx, version, key(dt), []Suggestion{{Concept: dtc[0], Confidence: 0.9, Box: &domain.Box{XMin: -1, YMin: 0, XMax: 0.5, YMax: 0.5}}, {Concept: dtc[0], Confidence: 0.5, Box: &domain.Box{XMin: 0.5, YMin: 0.5, XMax: 1, YMax: 1}}}))
	ok(t, p.SetSuggestions(ctx, version, key(tg), []Suggestion{{Concept: tgc[0], Confidence: 0.9}, {Concept: tgc[1], Confidence: 0.1}}))
	for _, v := range []View{cl, dt, tg} {
		counts := must[Counts](t)(p.Counts(ctx, v.ID))
		if got := counts.Total(); got.Suggested != 1 || got.Annotated != 0 {
			t.Fatalf("%s: a suggestion must not be an annotation: %+v", v.Name, got)
		}
	}
	if ids := must[[]int64](t)(p.DatapointIDs(ctx, Query{View: cl.ID, Sort: SortConfidence})); len(ids) != 3 {
		t.Fatal(ids)
	} else if first := must[[]Datapoint](t)(p.DatapointsByID(ctx, ids[:1]))[0]; first.Confidence != 0.75 || first.Suggested != 2 {
		t.Fatalf("%+v", first)
	}
	open := func(v View) []Suggestion { return must[[]Suggestion](t)(p.Suggestions(ctx, key(v))) }
	regions := func(v View) []domain.Region { return must[Datapoint](t)(p.Datapoint(ctx, key(v))).Regions }
	ok(t, p.AcceptSuggestions(ctx, []int64{open(cl)[0].ID}))
	if r := regions(cl); len(open(cl)) != 0 || r[0].Concepts[0] != clc[1] {
		t.Fatalf("%+v", r)
	}
	ok(t, p.AcceptSuggestions(ctx, []int64{open(dt)[0].ID}))
	if r := regions(dt); len(open(dt)) != 1 || len(r) != 1 || r[0].Box.XMin != 0 {
		t.Fatalf("%+v", r)
	}
	ok(t, p.RejectSuggestions(ctx, []int64{open(dt)[0].ID}))
	ok(t, p.AcceptSuggestions(ctx, []int64{open(tg)[0].ID}))
	if r := regions(tg); len(open(tg)) != 1 || !slices.Equal(r[0].Concepts, tgc[:1]) {
		t.Fatalf("%+v", r)
	}
	ok(t, p.Annotate(ctx, tg.ID, images[0].ID, 0, whole(tgc[0]))) // decided: the rest goes
	if len(open(tg)) != 0 {
		t.Fatal(open(tg))
	}
	must[Step](t)(p.Undo(ctx))
	if len(open(tg)) != 1 {
		t.Fatal("undo does not bring suggestions back")
	}
	for _, s := range []Suggestion{{Concept: dtc[0], Confidence: 2, Box: &domain.Box{XMin: 0, YMin: 0, XMax: 1, YMax: 1}}, {Concept: clc[0], Confidence: 0.5, Box: &domain.Box{XMin: 0, YMin: 0, XMax: 1, YMax: 1}}, {Concept: dtc[0], Confidence: 0.5}} {
		if err := p.SetSuggestions(ctx, version, key(dt), []Suggestion{s}); !isRule(err) {
			t.Fatal(err)
		}
	}
	ok(t, p.ClearSuggestions(ctx, tg.ID, version))
	if len(open(tg)) != 0 {
		t.Fatal(open(tg))
	}
}

// Undo's labels count in English.
func TestTheLabelOfBoxes(t *testing.T) {
	p := newProject(t)
	images := addImages(t, p, 1)
	view, concepts := addView(t, p, "V", domain.Detection, 0, "a")
	for n, want := range []string{"Set 0 boxes on frame_1.png", "Set 1 box on frame_1.png", "Set 2 boxes on frame_1.png"} {
		var regions []domain.Region
		for i := range n {
			regions = append(regions, box(concepts[0], 0.1*float64(i), 0.1, 0.1*float64(i)+0.3, 0.5))
		}
		ok(t, p.Annotate(context.Background(), view.ID, images[0].ID, 0, regions))
		if label, _ := p.CanUndo(); label != want {
			t.Errorf("%q, want %q", label, want)
		}
	}
}
