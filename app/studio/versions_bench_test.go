package studio

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"viewfinder/storage"
)

// BenchmarkLibrary1000 reads a view's library of 1,000 ready versions.
func BenchmarkLibrary1000(b *testing.B) {
	ctx := b.Context()
	p, err := New(ctx, filepath.Join(b.TempDir(), "project"), "Test")
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	v, err := p.AddView(ctx, View{Name: "V", Type: ViewTagging})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 8 {
		if _, err := p.AddConcept(ctx, Concept{ViewID: v.ID, Name: fmt.Sprint("concept ", i)}); err != nil {
			b.Fatal(err)
		}
	}
	o, err := json.Marshal(DefaultOptions(ViewTagging, ""))
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		if _, err := p.store.CreateVersion(ctx, storage.NewVersion{ViewID: v.ID, Name: fmt.Sprint("v", i), Architecture: "small_cnn", Options: o, Images: 100, Status: StatusReady}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		groups, err := p.Library(ctx, v.ID)
		if err != nil || len(groups) != 1 || len(groups[0].Versions) != 1000 {
			b.Fatal(len(groups), err)
		}
	}
}
