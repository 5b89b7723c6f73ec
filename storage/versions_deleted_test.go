package storage

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
)

// A deleted version leaves its name and its place in every list, comes back with its folder, also after a crash, and is gone once the project was
// closed.
func TestDeletedVersionComesBack(t *testing.T) {
	ctx := context.Background()
	p := newProject(t)
	v := must[View](t)(p.AddView(ctx, View{Name: "V", Type: domain.Tagging}))
	must[domain.Concept](t)(p.AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: "a"}))
	one := must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "one"}))
	file := filepath.Join(p.RunDir(one.UID), "run.json")
	ok(t, os.WriteFile(file, []byte("{}"), 0o644))
	ok(t, p.DeleteVersion(ctx, one.ID))
	if list := must[[]Version](t)(p.Versions(ctx, v.ID)); len(list) != 0 {
		t.Errorf("listed: %+v", list)
	}
	if queue := must[[]Version](t)(p.Queue(ctx)); len(queue) != 0 {
		t.Errorf("queued: %+v", queue)
	}
	if _, err := p.Version(ctx, one.ID); err == nil {
		t.Error("it can still be read")
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Errorf("its folder is still among the runs: %v", err)
	}
	must[Version](t)(p.CreateVersion(ctx, NewVersion{ViewID: v.ID, Name: "ONE"}))
	// The program ended before the folder was moved.
	ok(t, os.Rename(p.deletedDir(one.UID), p.RunDir(one.UID)))
	ok(t, p.settleDeleted(ctx))
	back := must[Version](t)(p.RestoreVersion(ctx, one.ID))
	if back.Name != "one (2)" || back.Status != domain.StatusStopped {
		t.Errorf("it came back as %q, %s", back.Name, back.Status)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	// The program ended after the folder was moved back, before the record was.
	ok(t, p.move(p.RunDir(one.UID), p.deletedDir(one.UID)))
	ok(t, p.settleDeleted(ctx))
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
	ok(t, p.DeleteVersion(ctx, one.ID))
	dir := p.Dir()
	ok(t, p.Close())
	p = must[*Project](t)(Open(ctx, dir))
	defer p.Close()
	if list := must[[]Version](t)(p.DeletedVersions(ctx)); len(list) != 0 {
		t.Errorf("still there after closing: %+v", list)
	}
	if _, err := os.Stat(filepath.Join(dir, deletedFolder)); !os.IsNotExist(err) {
		t.Errorf("the folder of deleted versions stays: %v", err)
	}
}
