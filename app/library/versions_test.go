package library

import (
	"strings"
	"testing"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
)

// three makes a library of three versions that nobody trains.
func three(t *testing.T) (*versiontest.Shell, *Page, map[string]runs.Version) {
	t.Helper()
	s := versiontest.New(t, 12)
	made := map[string]runs.Version{}
	for _, name := range []string{"first", "second", "big one"} {
		v, err := s.Project().Train(t.Context(), runs.TrainRequest{View: s.View().ID, Name: name, Options: s.Options(400)})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Project().Stop(t.Context(), v.ID); err != nil {
			t.Fatal(err)
		}
		made[name] = v
	}
	s.Until("all to have ended", func() bool {
		list, err := s.Project().Versions(t.Context(), s.View().ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			if v.Run.Alive || v.Status.Active() {
				return false
			}
		}
		return true
	})
	p := show(s)
	t.Cleanup(p.Close)
	s.Until("the library", func() bool { return p.list.loaded && len(p.list.rows) == 4 })
	return s, p, made
}

// A deleted version can be brought back from below the table, also one of several.
func TestDeletedVersionComesBack(t *testing.T) {
	s, p, made := three(t)
	again := func() { p.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeVersions}}) }
	if p.list.back.content.Visible() {
		t.Error("something can be brought back at first")
	}
	if err := s.Project().DeleteVersion(t.Context(), made["second"].ID); err != nil {
		t.Fatal(err)
	}
	again()
	s.Until("the deletion", func() bool { return len(p.list.rows) == 3 })
	if !p.list.back.content.Visible() || !strings.Contains(p.list.back.message.Text(), "second is permanently deleted") {
		t.Errorf("it says %q", p.list.back.message.Text())
	}
	p.list.back.link.Tapped(nil)
	s.Until("the version", func() bool { return len(p.list.rows) == 4 && !p.list.back.content.Visible() })
	for _, name := range []string{"second", "first"} {
		if err := s.Project().DeleteVersion(t.Context(), made[name].ID); err != nil {
			t.Fatal(err)
		}
	}
	again()
	s.Until("two deletions", func() bool { return len(p.list.rows) == 2 })
	if !strings.Contains(p.list.back.message.Text(), "2 versions") {
		t.Errorf("it says %q", p.list.back.message.Text())
	}
	p.list.back.restore(p.list.back.deleted[1])
	s.Until("one of them", func() bool { return len(p.list.rows) == 3 && len(p.list.back.deleted) == 1 })
}

// The filter keeps versions with all its words, in the name, the note or the network, and says where none is like that.
func TestFilterVersions(t *testing.T) {
	s, p, made := three(t)
	if err := s.Project().SetNote(t.Context(), made["first"].ID, "Before the lamp was changed"); err != nil {
		t.Fatal(err)
	}
	p.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeVersions}})
	s.Until("the note", func() bool {
		return len(p.list.rows) == 4 && p.list.rows[3].version.Note+p.list.rows[2].version.Note+p.list.rows[1].version.Note != ""
	})
	for text, want := range map[string]int{"": 3, "big": 1, "LAMP": 1, "small cnn": 3, "small lamp": 1, "second lamp": 0, "stopped": 3} {
		p.list.find.SetText(text)
		n := 0
		for _, r := range p.list.rows {
			if r.version != nil {
				n++
			}
		}
		if n != want || p.list.none.Visible() != (want == 0) {
			t.Errorf("%q finds %d versions, not %d (%v)", text, n, want, statuses(t, s))
		}
	}
}

// What is typed as a note is kept a moment later, or when the version's page is left.
func TestNoteIsKept(t *testing.T) {
	s, p, made := three(t)
	note := func() string {
		v, err := s.Project().Version(t.Context(), made["first"].ID)
		if err != nil {
			t.Fatal(err)
		}
		return v.Note
	}
	p.Open(made["first"].ID)
	s.Until("the version", func() bool { return p.detail.loaded })
	p.detail.overview.note.entry.SetText("kept by itself")
	s.Until("the note", func() bool { return note() == "kept by itself" && p.detail.overview.note.message.Text() == "kept" })
	p.detail.overview.note.entry.SetText("kept on leaving")
	p.showList()
	s.Until("the other note", func() bool { return note() == "kept on leaving" })
	if err := s.Project().SetNote(t.Context(), made["first"].ID, strings.Repeat("x", 1<<20)); err == nil {
		t.Error("a note of a megabyte is taken")
	}
}

// Marked versions are deleted together; what runs or is gone is not counted.
func TestMarkedVersions(t *testing.T) {
	s, p, made := three(t)
	l := p.list
	if l.compare.Visible() || l.remove.Visible() {
		t.Error("buttons are shown though nothing is marked")
	}
	l.choose(made["first"].ID, true)
	l.choose(made["second"].ID, true)
	if l.compare.Visible() || !l.remove.Visible() || l.remove.Text != "Delete 2" {
		t.Errorf("two stopped versions: compare %v, %q", l.compare.Visible(), l.remove.Text)
	}
	l.choose(made["second"].ID, false)
	l.removeChosen() // the test's shell confirms
	s.Until("the deletion", func() bool { return len(s.Notes) > 0 })
	p.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeVersions}}) // as the window does when a version changes
	s.Until("the list without it", func() bool { return len(l.back.deleted) == 1 && len(l.rows) == 3 })
	if len(l.chosen) != 0 || l.remove.Visible() {
		t.Errorf("a deleted version is still marked: %v", l.chosen)
	}
}

// statuses names each version's status, for failures.
func statuses(t *testing.T, s *versiontest.Shell) map[string]string {
	t.Helper()
	list, err := s.Project().Versions(t.Context(), s.View().ID)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, v := range list {
		all[v.Name] = string(v.Status)
	}
	return all
}
