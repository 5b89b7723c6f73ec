package studio_test

import (
	"context"
	"errors"
	"testing"

	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/studiotest"
	"viewfinder/storage"
)

func TestRecent(t *testing.T) {
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	p, _ := studiotest.ColourProject(t, 1, 0)
	p.Attend()
	list := studiotest.Must(session.Recent())(t)
	if len(list) != 1 || list[0].Dir != p.Dir() || list[0].Name != "Test" || list[0].Missing {
		t.Fatalf("the list is %+v", list)
	}
	studiotest.Eventually(t, "the project's picture", func() bool { _, err := list[0].Thumbnail(); return err == nil })
	if err := session.RememberRecent("Gone", "/nowhere/at all"); err != nil {
		t.Fatal(err)
	}
	if list = studiotest.Must(session.Recent())(t); len(list) != 2 || !list[0].Missing || list[1].Missing {
		t.Errorf("the list is %+v", list)
	}
	if err := session.ForgetRecent("/nowhere/at all"); err != nil {
		t.Fatal(err)
	}
	if list = studiotest.Must(session.Recent())(t); len(list) != 1 {
		t.Errorf("the list is %+v", list)
	}
}

// TestOpenTwice: a second window is told who has the project open.
func TestOpenTwice(t *testing.T) {
	p := studiotest.Project(t)
	_, err := studio.Open(context.Background(), p.Dir())
	var locked *storage.LockedError
	if !errors.Is(err, storage.ErrLocked) || !errors.As(err, &locked) || locked.PID == 0 {
		t.Errorf("opening twice: %v", err)
	}
	if _, err := studio.Open(context.Background(), t.TempDir()); !errors.Is(err, storage.ErrNotProject) {
		t.Errorf("opening an empty folder: %v", err)
	}
	if _, err := studio.New(context.Background(), p.Dir(), ""); !errors.Is(err, storage.ErrExists) {
		t.Errorf("a new project over another: %v", err)
	}
}
