package library

import (
	"errors"
	"strings"
	"testing"

	"viewfinder/app/version/versiontest"
)

// A sheet whose images could not be counted stays, with its values and the reason, and goes on when that is tried again.
func TestSheetStaysWhenPreparingFails(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.View(), s.Options(7))
	defer h.close()
	s.Until("the sheet", func() bool { return h.ready })
	h.name.SetText("mine")
	h.failed("look at the annotated images", errors.New("the disk is gone"))()
	if h.closed || !h.create.Disabled() || !h.retry.Visible() || len(s.Failures) > 0 {
		t.Errorf("closed %v, Create disabled %v, failures %v", h.closed, h.create.Disabled(), s.Failures)
	}
	if said := h.said.Text(); !h.said.Visible() || !strings.Contains(said, "the disk is gone") {
		t.Errorf("the sheet says %q", said)
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
	h := showSheet(s, s.View(), s.Options(1))
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
