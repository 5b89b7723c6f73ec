package storage

import (
	"context"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// What was named by a rule that allowed more stays as it is; names that differ in case, in spaces or in how letters are composed are one.
func TestVersionNames(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v, c := addView(t, p, "Waste", domain.Classification, 0, "Glass", "Paper")
	add := func(name string) (Version, error) {
		return p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: name, Concepts: c})
	}
	longest := strings.Repeat("é", 80)
	first := must[Version](t)(add("  " + strings.Repeat("e\u0301", 80)))
	if first.Name != longest {
		t.Errorf("stored as %q", first.Name)
	}
	for _, name := range []string{longest + "é", strings.Repeat("É", 80), longest + " ", " \t", "a\nb"} {
		if _, err := add(name); !isRule(err) {
			t.Errorf("%q: %v", name, err)
		}
		if _, err := p.UpdateVersion(ctx, must[Version](t)(add("other")).ID, VersionUpdate{Name: &name}); !isRule(err) {
			t.Errorf("renamed to %q: %v", name, err)
		}
		for _, o := range must[[]Version](t)(p.Versions(ctx, v.ID)) {
			if o.ID != first.ID {
				ok(t, p.DeleteVersion(ctx, o.ID))
			}
		}
	}
	long := strings.Repeat("x", 95)
	if _, err := p.conn.ExecContext(ctx, "UPDATE versions SET name = ?, name_key = ? WHERE id = ?", long, long, first.ID); err != nil {
		t.Fatal(err)
	}
	note := "kept"
	if got := must[Version](t)(p.UpdateVersion(ctx, first.ID, VersionUpdate{Name: &long, Note: &note})); got.Name != long || got.Note != note {
		t.Errorf("%+v", got)
	}
}
