package library

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

func show(s *versiontest.Shell) *Page {
	p := New(s, s.Project())
	s.Window().SetContent(p.Content())
	p.Refresh(page.Change{View: true, Data: true})
	p.Show()
	return p
}

func TestEmptyStates(t *testing.T) {
	s := versiontest.New(t, 0)
	p := show(s)
	s.Until("the library", func() bool { return p.list.loaded })
	shown := versiontest.Texts(p.Content())
	for _, want := range []string{"No model version yet", "What is missing to train one", "Go to Views"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing:\n%s", want, shown)
		}
	}
	s.NoView()
	p.Refresh(page.Change{View: true})
	s.Until("no view", func() bool { return strings.Contains(versiontest.Texts(p.Content()), "No view yet") })
	p.Close()
}

func TestSheetSaysWhatIsMissing(t *testing.T) {
	s := versiontest.New(t, 0)
	h := showSheet(s, s.Project(), s.View(), runs.DefaultOptions(domain.Classification, ""))
	defer h.close()
	s.Until("the preparation", func() bool { return h.ready })
	if !h.create.Disabled() {
		t.Error("Create can be pressed though nothing is annotated")
	}
	if shown := versiontest.Texts(h.use.content); !strings.Contains(shown, "Missing") {
		t.Errorf("what is missing is not shown:\n%s", shown)
	}
}

func TestSheetChecksFields(t *testing.T) {
	s := versiontest.New(t, 12)
	if _, err := s.Project().Train(t.Context(), runs.TrainRequest{View: s.View().ID, Name: "v1", Options: s.Options(1)}); err != nil {
		t.Fatal(err)
	}
	h := showSheet(s, s.Project(), s.View(), runs.DefaultOptions(domain.Classification, ""))
	defer h.close()
	s.Until("a proposed name", func() bool { return h.name.Text == "v2" })
	if h.create.Disabled() {
		t.Fatalf("Create is disabled: %s %s", h.nameAt.Text(), h.message.Text())
	}
	for _, c := range []struct{ option, value, fault string }{
		{"iterations", "0", "Must be from 1 to 100,000,000"},
		{"iterations", "many", "number"},
		{"batch_size", "9999", "Must be from 1 to 4,096"},
		{"resizer", "100x100", "steps of 16"},
		{"learning_rate", "-1", "Must be from 1e-10 to 100"},
		{"learning_rate", "0,0001", "number"},
		{"early_stopping", "-3", "Must be 0 (off)"},
	} {
		f := h.fields.fields[c.option]
		before := f.get()
		f.set(c.value)
		h.check()
		if !strings.Contains(f.fault.Text(), c.fault) || !f.fault.Visible() || !h.create.Disabled() {
			t.Errorf("%s = %q: says %q", c.option, c.value, f.fault.Text())
		}
		f.set(before)
		if !h.check() {
			t.Errorf("%s = %q again: %q", c.option, before, f.fault.Text())
		}
	}
	h.fields.fields["iterations"].set("12,500")
	if o := h.fields.options(); o.Iterations != 12500 || !h.check() {
		t.Errorf("12,500 iterations: %d", o.Iterations)
	}
	h.name.SetText("v1")
	if !strings.Contains(h.nameAt.Text(), "already") || !h.create.Disabled() {
		t.Errorf("a name that is taken: %q", h.nameAt.Text())
	}
	h.name.SetText("v2")

	// Another architecture brings its defaults, except where something was changed by hand; the default comes back by its button.
	h.fields.fields["seed"].set("7")
	rate := h.fields.fields["learning_rate"]
	h.fields.choose("resnet18")
	o := h.fields.options()
	if o.Seed != 7 || o.Architecture != "resnet18" || o.LearningRate != runs.DefaultOptions(domain.Classification, "resnet18").LearningRate {
		t.Errorf("after another architecture: %+v", o)
	}
	rate.set("0.5")
	h.check()
	if rate.reset.Hidden {
		t.Error("a changed option has no way back to its default")
	}
	test.Tap(rate.reset)
	if rate.get() != rate.normal {
		t.Errorf("reset to %q, default %q", rate.get(), rate.normal)
	}
}

// The sheet reads annotations and files once, not at each change of an option: with the files gone, it still tells what will be used.
func TestSheetReadsOnce(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), s.Options(1))
	defer h.close()
	s.Until("the preparation", func() bool { return h.ready })
	facts, images := h.facts, h.prepared.Images()
	if images != 24 || !h.prepared.Ready {
		t.Fatalf("%d images, ready %v", images, h.prepared.Ready)
	}
	if err := os.RemoveAll(filepath.Join(s.Project().Dir(), "images")); err != nil {
		t.Fatal(err)
	}
	h.fields.fields["iterations"].set("0")
	s.Until("other options", func() bool { return !h.prepared.Ready })
	h.fields.fields["iterations"].set("7")
	s.Until("other options again", func() bool { return h.prepared.Ready })
	if h.facts != facts || h.prepared.Images() != images || len(h.prepared.LeftOut) != 0 {
		t.Errorf("it was read again: %d images, left out %v", h.prepared.Images(), h.prepared.LeftOut)
	}
	h.failed("do something", errors.New("of the test"))()
	h.changed()
	s.Until("a second look after a failure", func() bool { return h.ready })
	if h.facts == facts || h.prepared.Images() != 0 || h.prepared.Ready {
		t.Errorf("after a failure it was not read again: %d images", h.prepared.Images())
	}
}

// Ctrl+Return while the sheet still counts creates once it has counted, and creates one version however often it is pressed.
func TestSheetCreatesOnceCounted(t *testing.T) {
	s := versiontest.New(t, 12)
	h := showSheet(s, s.Project(), s.View(), s.Options(1))
	h.submit()
	if h.ready || !h.wanted || h.create.Text == "Create" {
		t.Fatalf("ready %v, wanted %v, %q", h.ready, h.wanted, h.create.Text)
	}
	s.Until("the creating", func() bool { return h.creating })
	h.submit()
	h.changed()
	if !h.create.Disabled() || h.create.Text != "Creating…" {
		t.Errorf("while it is created, %q can be pressed", h.create.Text)
	}
	s.Until("the version", func() bool { return s.Watched != 0 })
	list, err := s.Project().Versions(t.Context(), s.View().ID)
	if err != nil || len(list) != 1 || len(s.Failures) > 0 || !h.closed {
		t.Errorf("%d versions, %v, %v", len(list), err, s.Failures)
	}

	// What was asked for before the options were changed is not done with others.
	h = showSheet(s, s.Project(), s.View(), s.Options(1))
	defer h.close()
	h.submit()
	h.changed()
	s.Until("the counting", func() bool { return h.ready })
	if h.creating || h.create.Disabled() || h.create.Text != "Create" {
		t.Errorf("creating %v, %q", h.creating, h.create.Text)
	}
}

// From the sheet to a version that is ready, measured and shown in the table, with a real trainer.
func TestFromSheetToFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("trains a network")
	}
	s := versiontest.New(t, 15)
	s.Project().Attend()
	p := show(s)
	s.Until("the library", func() bool { return p.list.loaded })
	if shown := versiontest.Texts(p.Content()); !strings.Contains(shown, "ready to train on") {
		t.Errorf("the empty state does not state that one can train:\n%s", shown)
	}
	h := showSheet(s, s.Project(), s.View(), s.Options(12))
	s.Until("the sheet", func() bool { return h.ready && h.check() })
	h.submit()
	s.Until("the version", func() bool { return s.Watched != 0 })
	id := s.Watched
	s.Until("the end of the training", func() bool {
		v, err := s.Project().Version(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return !v.Status.Active()
	})
	p.Refresh(page.Change{Data: true, Studio: session.Change{Kind: session.ChangeVersions}})
	s.Until("the line of the version", func() bool {
		for _, r := range p.list.rows {
			if r.version != nil && r.version.Status == domain.StatusReady {
				return true
			}
		}
		return false
	})
	p.open(id, tabPerformance)
	figures := p.detail.more[0].Content()
	s.Until("figures", func() bool { return strings.Contains(versiontest.Texts(figures), "By concept") })
	shown := versiontest.Texts(figures)
	for _, want := range []string{"Accuracy", "By concept", "red", "blue"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing:\n%s", want, shown)
		}
	}
	s.Until("the last iteration", func() bool { // the window reads again when the studio tells of it
		p.detail.loader.Load()
		return strings.Contains(fmt.Sprint(p.detail.overview.about.Values()), "{Iterations 12 of 12}")
	})
	about, options := fmt.Sprint(p.detail.overview.about.Values()), fmt.Sprint(p.detail.overview.options.Values())
	if !strings.Contains(about, "{Status Ready}") || !strings.Contains(about, "{Iterations 12 of 12}") || !strings.Contains(options, "{Optimizer SGD with momentum}") {
		t.Errorf("overview: %s %s", about, options)
	}
	var many []runs.Finding
	for i := range 6 { // the page does not grow with what there is to say
		many = append(many, runs.Finding{Kind: runs.FindingOverfitting, Text: fmt.Sprint(i, strings.Repeat(" a long sentence about it.", 8)), Evidence: "numbers"})
	}
	p.detail.show(tabCurves)
	p.detail.advice.Set(many)
	s.Until("the page to be laid out", func() bool { return p.detail.advice.Content.Visible() })
	if m := p.detail.content.MinSize(); m.Height > 640 || m.Width > 1000 {
		t.Errorf("the page of a version with six findings needs %v", m)
	}
	if !p.Escape() || p.detail != nil {
		t.Error("Escape does not go back to the list")
	}
	v, err := s.Project().Version(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	p.remove(v)
	s.Until("the deletion", func() bool { return len(s.Notes) > 0 })
	if len(s.Failures) > 0 {
		t.Error(s.Failures)
	}
	p.Close()
}
