package runs_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// BenchmarkLibrary1000 reads a view's library of 1,000 ready versions.
func BenchmarkLibrary1000(b *testing.B) {
	ctx := b.Context()
	dir := filepath.Join(b.TempDir(), "project")
	store, err := storage.Create(ctx, dir, "Test")
	if err != nil {
		b.Fatal(err)
	}
	v, err := store.AddView(ctx, storage.View{Name: "V", Type: domain.Tagging})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 8 {
		if _, err := store.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: fmt.Sprint("concept ", i)}); err != nil {
			b.Fatal(err)
		}
	}
	o, err := json.Marshal(training.DefaultOptions(domain.Tagging, ""))
	if err != nil {
		b.Fatal(err)
	}
	for i := range 1000 {
		if _, err := store.CreateVersion(ctx, storage.NewVersion{ViewID: v.ID, Name: fmt.Sprint("v", i), Architecture: "small_cnn", Options: o, Images: 100, Status: domain.StatusReady}); err != nil {
			b.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	p, err := studio.Open(ctx, dir)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	for b.Loop() {
		groups, err := p.Library(ctx, v.ID)
		if err != nil || len(groups) != 1 || len(groups[0].Versions) != 1000 {
			b.Fatal(len(groups), err)
		}
	}
}
