package library

import (
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// A sheet whose images could not be counted stays, with its values and the reason, and goes on when that is tried again.
func TestSheetStaysWhenPreparingFails(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), s.Options(7))
	defer h.close()
	s.Until("the sheet", func() bool { return h.ready })
	h.name.SetText("mine")
	h.failed("look at the annotated images", errors.New("the disk is gone"))()
	if h.closed || !h.create.Disabled() || !h.retry.Visible() || len(s.Failures) > 0 {
		t.Errorf("closed %v, Create disabled %v, failures %v", h.closed, h.create.Disabled(), s.Failures)
	}
	if shown := h.message.Text(); !h.message.Visible() || !strings.Contains(shown, "the disk is gone") {
		t.Errorf("the sheet says %q", shown)
	}
	h.retry.OnTapped()
	s.Until("the counting", func() bool { return h.ready })
	if h.create.Disabled() || h.retry.Visible() || h.name.Text != "mine" || h.fields.options().Iterations != 7 {
		t.Errorf("Create disabled %v, name %q, %d iterations", h.create.Disabled(), h.name.Text, h.fields.options().Iterations)
	}
}

// Cancel while a version is created leaves none.
func TestSheetCancelWhileCreating(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), s.Options(1))
	s.Until("the sheet", func() bool { return h.ready && h.check() })
	h.submit()
	h.close()
	s.Until("the end of the creating", func() bool {
		if h.creating {
			return false
		}
		list, err := s.Project().Versions(t.Context(), s.View().ID)
		return err == nil && len(list) == 0
	})
	if s.Watched != 0 || len(s.Failures) > 0 {
		t.Errorf("watched %d, failures %v", s.Watched, s.Failures)
	}
}

// A version that was created but could not be started closes its sheet, is shown, and says why it waits: pressing Create again would find its
// name taken.
func TestSheetOfAVersionThatCannotStart(t *testing.T) {
	s := versiontest.New(t, 12)
	db, err := sql.Open("sqlite", filepath.Join(s.Project().Dir(), "project.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`CREATE TRIGGER broken BEFORE UPDATE ON versions WHEN NEW.status = 'preparing' BEGIN SELECT RAISE(ABORT, 'the disk is gone'); END`); err != nil {
		t.Fatal(err)
	}
	h := showSheet(s, s.Project(), s.View(), s.Options(1))
	defer h.close()
	s.Until("the sheet", func() bool { return h.ready && h.check() })
	h.submit()
	s.Until("the answer", func() bool { return !h.creating })
	list, err := s.Project().Versions(t.Context(), s.View().ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d versions, %v", len(list), err)
	}
	if !h.closed || s.Watched != list[0].ID || len(s.Failures) != 1 || !strings.Contains(s.Failures[0].Error(), "the disk is gone") {
		t.Errorf("closed %v, watched %d, failures %v, the sheet says %q", h.closed, s.Watched, s.Failures, h.message.Text())
	}
	if _, err := db.Exec(`DROP TRIGGER broken`); err != nil {
		t.Fatal(err)
	}
	if err := s.Project().Sync(t.Context()); err != nil { // it waits, and goes on once that can be
		t.Fatal(err)
	}
	s.Until("the end of the training", func() bool {
		v, err := s.Project().Version(t.Context(), list[0].ID)
		return err == nil && v.Status == domain.StatusReady
	})
}
