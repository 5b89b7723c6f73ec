package storage

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// dumpValue writes values to their ends, pointers included.
func dumpValue(v ...any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestRulesOfViewsAndConcepts(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	root, c := addView(t, p, "Äpfel", domain.Classification, 0, "Glass", "Paper")
	other, oc := addView(t, p, "Other", domain.Detection, 0, "X", "Y")
	tags, tc := addView(t, p, "Tags", domain.Tagging, 0, "X", "Y")
	deep := domain.HasConcept(c[0])
	for range 20 {
		deep = &domain.Condition{Op: domain.OpAnd, Of: []domain.Condition{*deep}}
	}
	child := func(parent int64, c *domain.Condition) func() error {
		return func() error {
			return p.Do(ctx, "try", func(b *Batch) error {
				if _, err := b.AddView(View{Name: "Child", ParentID: parent, Type: domain.Tagging, Conditions: c}); err != nil {
					return err
				}
				return errors.New("fine")
			})
		}
	}
	add := func(name, key, color string) func() error {
		return func() error {
			_, err := p.AddConcept(ctx, domain.Concept{ViewID: root.ID, Name: name, Key: key, Color: color})
			return err
		}
	}
	for _, test := range []struct {
		name string
		do   func() error
		good bool
	}{
		{"a view named like another", func() error { _, err := p.AddView(ctx, View{Name: " äPFEL ", Type: domain.Tagging}); return err }, false},
		{"a view without name", func() error { _, err := p.AddView(ctx, View{Name: " \t", Type: domain.Tagging}); return err }, false},
		{"a view without type", func() error { _, err := p.AddView(ctx, View{Name: "N"}); return err }, false},
		{"a root with conditions", child(0, domain.HasConcept(c[0])), false},
		{"rename to itself in capitals", func() error { return p.RenameView(ctx, root.ID, "ÄPFEL") }, true},
		{"rename to another", func() error { return p.RenameView(ctx, root.ID, "OTHER") }, false},
		{"conditions on a root", func() error { return p.SetConditions(ctx, root.ID, domain.HasConcept(c[0])) }, false},
		{"concept of another view", child(root.ID, domain.HasConcept(oc[0])), false},
		{"and over exclusive concepts", child(root.ID, domain.AllOf(c...)), false},
		{"and over boxes' concepts", child(other.ID, domain.AllOf(oc...)), false},
		{"and over tags", child(tags.ID, domain.AllOf(tc...)), true},
		{"or", child(root.ID, domain.AnyOf(c...)), true},
		{"empty or", child(root.ID, domain.AnyOf()), false},
		{"unknown operator", child(root.ID, &domain.Condition{Op: "not", Of: []domain.Condition{*domain.HasConcept(c[0])}}), false},
		{"too deep", child(root.ID, deep), false},
		{"concept named like another", add("GLASS", "", ""), false},
		{"empty concept", add("", "", ""), false},
		{"zero width alone", add("\u200b\u200d", "", ""), false},
		{"300 characters", add(strings.Repeat("é", 300), "", ""), false},
		{"100 characters", add(strings.Repeat("é", 100), "", ""), true},
		{"emoji", add("👩‍🔬🧪", "", ""), true},
		{"arabic", add("زجاج", "", ""), true},
		{"a line break", add("a\nb", "", ""), false},
		{"not UTF-8", add("a\xffb", "", ""), false},
		{"a key", add("Key", "k", ""), true},
		{"the same key", add("Key2", "K", ""), false},
		{"a long key", add("Key3", "ab", ""), false},
		{"a colour", add("Red", "", "#FF0000"), true},
		{"not a colour", add("Red2", "", "red"), false},
		{"merge over views", func() error { return p.MergeConcepts(ctx, c[0], oc[0]) }, false},
		{"merge with itself", func() error { return p.MergeConcepts(ctx, c[0], c[0]) }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := dump(t, p)
			err := test.do()
			if err != nil && strings.HasSuffix(err.Error(), "fine") {
				err = nil
			}
			if test.good {
				ok(t, err)
				return
			}
			if !isRule(err) {
				t.Fatalf("error %v", err)
			}
			sameDump(t, "refused", before, dump(t, p))
		})
	}
}

func TestModelsAreSetsOfConcepts(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, c := addView(t, p, "Waste", domain.Classification, 0, "Glass", "Paper")
	first := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "one", Concepts: []int64{c[1], c[0]}}))
	if first.Concepts[0].Name != "Paper" || first.Status != domain.StatusQueued || first.QueueOrder != 1 {
		t.Fatalf("%+v", first)
	}
	current := func() Model { return must[[]Model](t)(p.Models(ctx, v.ID))[0] }
	if m := current(); m.ID != first.ModelID || !m.Current || m.Versions != 1 {
		t.Fatalf("%+v", m)
	}
	addImages(t, p, 2)
	ok(t, p.RenameConcept(ctx, c[0], "Bottle"))
	ok(t, p.SetConceptColor(ctx, c[0], "#123456"))
	ok(t, p.OrderConcepts(ctx, v.ID, []int64{c[1], c[0]}))
	if m := current(); m.ID != first.ModelID || !slices.Equal(m.Names, []string{"Bottle", "Paper"}) {
		t.Fatalf("renaming made another model: %+v", m)
	}
	metal := must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "Metal"})).ID
	if m := current(); m.ID != 0 || len(m.Concepts) != 3 {
		t.Fatalf("%+v", m)
	}
	second := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "two"}))
	ok(t, p.DeleteConcept(ctx, metal))
	if m := current(); m.ID != first.ModelID {
		t.Fatalf("not back at the first model: %+v", m)
	}
	if again := must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "METAL"})); again.ID != metal {
		t.Fatalf("another concept: %+v", again)
	}
	if m := current(); m.ID != second.ModelID {
		t.Fatalf("not back at the second model: %+v", m)
	}
	if _, err := p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "ONE"}); !isRule(err) {
		t.Fatal(err)
	}
	if err := p.DeleteView(ctx, v.ID); !isRule(err) {
		t.Fatalf("deleted a view whose version is queued: %v", err)
	}
	ok(t, p.OrderQueue(ctx, []int64{second.ID}))
	if q := must[[]Version](t)(p.Queue(ctx)); q[0].ID != second.ID || q[1].ID != first.ID {
		t.Fatalf("%+v", q)
	}
	training, failed, why := domain.StatusTraining, domain.StatusFailed, "No images."
	must[Version](t)(p.UpdateVersion(ctx, first.ID, VersionUpdate{Status: &training}))
	if err := p.DeleteVersion(ctx, first.ID); !isRule(err) {
		t.Fatal(err)
	}
	got := must[Version](t)(p.UpdateVersion(ctx, first.ID, VersionUpdate{Status: &failed, Error: &why}))
	if stored := must[Version](t)(p.VersionByUID(ctx, first.UID)); dumpValue(got) != dumpValue(stored) || got.Error != why || got.QueueOrder != 0 {
		t.Fatalf("%+v", got)
	}
	ok(t, p.DeleteVersion(ctx, second.ID))
	ok(t, p.DeleteVersion(ctx, first.ID))
	if m := must[[]Model](t)(p.Models(ctx, v.ID)); len(m) != 1 || m[0].ID != 0 {
		t.Fatalf("%+v", m)
	}
}

func TestDeletingSaysWhatGoes(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	images := addImages(t, p, 3)
	v, c := addView(t, p, "Boxes", domain.Detection, 0, "A", "B")
	child, cc := addView(t, p, "Child", domain.Classification, v.ID, "X")
	ok(t, p.Annotate(ctx, v.ID, images[0].ID, 0, []domain.Region{box(c[0], 0, 0, 1, 1), box(c[0], 0, 0, 0.5, 1), box(c[1], 0, 0, 0.5, 0.5)}))
	d := must[[]Datapoint](t)(p.Datapoints(ctx, Query{View: child.ID}))
	ok(t, p.Annotate(ctx, child.ID, images[0].ID, d[0].Source, whole(cc[0])))
	version := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "v", Status: domain.StatusReady}))

	if got, want := must[Contents](t)(p.ViewContents(ctx, v.ID)), (Contents{Views: 1, Concepts: 3, Annotations: 2, Regions: 3, Versions: 1}); got != want {
		t.Errorf("view: %+v", got)
	}
	if got, want := must[Contents](t)(p.ConceptContents(ctx, c[0])), (Contents{Annotations: 1, Regions: 2}); got != want {
		t.Errorf("concept: %+v", got)
	}
	if got, want := must[Contents](t)(p.ImageContents(ctx, []int64{images[0].ID, images[1].ID})), (Contents{Annotations: 2, Regions: 3}); got != want {
		t.Errorf("images: %+v", got)
	}
	counts := must[[]ConceptCount](t)(p.ConceptCounts(ctx, v.ID))
	if counts[0].Train+counts[0].Val != 1 || counts[0].TrainRegions+counts[0].ValRegions != 2 {
		t.Errorf("counts: %+v", counts)
	}
	ok(t, p.SetConditions(ctx, child.ID, domain.AnyOf(c...)))
	if err := p.DeleteConcept(ctx, c[0]); !isRule(err) || !strings.Contains(err.Error(), "Child") {
		t.Fatal(err)
	}
	ok(t, p.MergeConcepts(ctx, c[0], c[1]))
	if v := must[View](t)(p.View(ctx, child.ID)); !slices.Equal(v.Conditions.Concepts(), []int64{c[1]}) {
		t.Fatalf("%+v", v.Conditions)
	}
	if n := must[int](t)(p.Count(ctx, Query{View: child.ID})); n != 3 {
		t.Fatal(n)
	}
	ok(t, p.DeleteView(ctx, v.ID))
	if views := must[[]View](t)(p.Views(ctx)); len(views) != 0 {
		t.Fatal(views)
	}
	must[Step](t)(p.Undo(ctx))
	if views := must[[]View](t)(p.Views(ctx)); len(views) != 2 {
		t.Fatal(views)
	}
	must[Step](t)(p.Redo(ctx))
	ok(t, p.Close())
	p = must[*Project](t)(Open(ctx, p.Dir()))
	defer p.Close()
	for _, table := range []string{"views", "datapoints", "regions", "concepts", "versions", "models"} {
		var n int
		ok(t, p.conn.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows of %s are left after closing", n, table)
		}
	}
	if report := must[Report](t)(p.Check(ctx, false, nil)); len(report.Problems) > 0 {
		t.Fatalf("%+v", report.Problems)
	}
	if _, err := p.Version(ctx, version.ID); !errors.Is(err, ErrNotFound) {
		t.Fatal(err)
	}
}
