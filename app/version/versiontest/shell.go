// Package versiontest lets tests run the Library and Training pages on a real project without a window: a shell that notes what pages
// ask of it, a project with small images, and a queue in place of the window's thread.
package versiontest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/widgets/look"
	"viewfinder/widgets/threadtest"
)

// Main runs a package's tests: the test program is its own trainer ("run FOLDER"), and what belongs on the window's thread waits until
// a test calls Shell.Until.
func Main(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "run" {
		if err := training.Execute(context.Background(), os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	config, err := os.MkdirTemp("", "viewfinder-config")
	if err != nil {
		panic(err)
	}
	os.Setenv("VIEWFINDER_CONFIG", config)
	code := m.Run()
	os.RemoveAll(config)
	os.Exit(code)
}

var pending = make(chan func(), 4096)

// Shell is a page.Shell that notes what it is asked.
type Shell struct {
	Gallery *studio.Query // what the gallery shows, where that is not all
	t       testing.TB
	window  fyne.Window
	project *studio.Project
	view    studio.View
	ctx     context.Context

	Tab             page.Tab
	Opened, Watched int64
	Trained         int64
	Cases           []int64
	CaseAt          int
	Back            func(last int64)
	Notes           []string
	Failures        []error
	Badges          int
}

var _ page.Shell = (*Shell)(nil)

// New makes a shell on a new project with one classification view, "Colour", of the concepts red and blue; perConcept images are
// annotated with each, and as many more not at all. perConcept 0 makes a project with the view only.
func New(t testing.TB, perConcept int) *Shell {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	app := threadtest.Use(test.NewTempApp(t), pending)
	look.Apply(app)
	s := &Shell{t: t, ctx: ctx, window: test.NewTempWindow(t, nil)}
	s.window.SetPadded(false)
	s.window.Resize(fyne.NewSize(1280, 760))
	dir := t.TempDir()
	p, err := studio.New(ctx, filepath.Join(dir, "project"), "Test")
	s.fatal(err)
	s.project = p
	t.Cleanup(func() {
		cancel()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		for len(pending) > 0 {
			<-pending
		}
	})
	if perConcept == 0 {
		s.view, err = p.AddView(ctx, studio.View{Name: "Colour", Type: domain.Classification})
		s.fatal(err)
		return s
	}
	for i, name := range []string{"red", "blue"} {
		s.fatal(os.MkdirAll(filepath.Join(dir, "source", name), 0o755))
		for n := range perConcept {
			img := image.NewRGBA(image.Rect(0, 0, 32, 32))
			for j := range img.Pix {
				img.Pix[j] = uint8((j*7 + n*13) % 60)
			}
			for j := 0; j < len(img.Pix); j += 4 {
				img.Pix[j+2*i] += 150
				img.Pix[j+3] = 255
			}
			img.Set(n%32, n/32, color.White)
			var b bytes.Buffer
			s.fatal(png.Encode(&b, img))
			s.fatal(os.WriteFile(filepath.Join(dir, "source", name, fmt.Sprintf("%s%03d.png", name, n)), b.Bytes(), 0o644))
		}
	}
	_, err = p.Import(ctx, transfer.ImportRequest{Sources: []string{filepath.Join(dir, "source")}, Format: "folders", ViewName: "Colour"}, nil)
	s.fatal(err)
	views, err := p.Views(ctx)
	s.fatal(err)
	s.view = views[0]
	return s
}

func (s *Shell) fatal(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// Until runs what belongs on the window's thread until a condition holds.
func (s *Shell) Until(what string, holds func() bool) {
	s.t.Helper()
	deadline := time.After(60 * time.Second)
	for !holds() {
		select {
		case f := <-pending:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			s.t.Fatalf("waited a minute for: %s (failures: %v)", what, s.Failures)
		}
	}
}

// Settle runs what belongs on the window's thread until nothing has come for a while.
func (s *Shell) Settle() {
	for {
		select {
		case f := <-pending:
			f()
		case <-time.After(150 * time.Millisecond):
			return
		}
	}
}

// Window implements page.Shell.
func (s *Shell) Window() fyne.Window { return s.window }

// Project is the project, to be given to the page and asked by the test.
func (s *Shell) Project() *studio.Project { return s.project }

// View implements page.Shell.
func (s *Shell) View() studio.View { return s.view }

// Filter implements page.Shell: Gallery, if it is set.
func (s *Shell) Filter() (studio.Query, bool) {
	if s.Gallery == nil {
		return studio.Query{View: s.view.ID}, false
	}
	return *s.Gallery, true
}

// SetView implements page.Shell.
func (s *Shell) SetView(id int64) {
	v, err := s.project.View(s.ctx, id)
	s.fatal(err)
	s.view = v
}

// NoView makes the project one without a current view.
func (s *Shell) NoView() { s.view = studio.View{} }

// ShowTab implements page.Shell.
func (s *Shell) ShowTab(t page.Tab) { s.Tab = t }

// ShowGallery implements page.Shell.
func (s *Shell) ShowGallery(view int64, state studio.State, concept int64) {
	s.Gallery = &studio.Query{View: view, State: state, Concept: concept}
	s.Tab = page.Views
}

// OpenCases implements page.Shell.
func (s *Shell) OpenCases(_ int64, ids []int64, at int, back func(last int64)) {
	s.Cases, s.CaseAt, s.Back = ids, at, back
}

// OpenVersion implements page.Shell.
func (s *Shell) OpenVersion(id int64) { s.Opened = id }

// WatchTraining implements page.Shell.
func (s *Shell) WatchTraining(id int64) { s.Watched = id }

// Train implements page.Shell.
func (s *Shell) Train(from int64) { s.Trained = from }

// Notify implements page.Shell.
func (s *Shell) Notify(text string) { s.Notes = append(s.Notes, text) }

// Fail implements page.Shell.
func (s *Shell) Fail(doing string, err error) {
	s.Failures = append(s.Failures, fmt.Errorf("%s: %w", doing, err))
}

// Confirm implements page.Shell: the answer is yes.
func (s *Shell) Confirm(_, _, _ string, _ bool, do func()) { do() }

// Do implements page.Shell.
func (s *Shell) Do(doing string, work func(ctx context.Context) error, then func()) {
	go func() {
		err := work(s.ctx)
		fyne.Do(func() {
			if err != nil {
				s.Fail(doing, err)
			} else if then != nil {
				then()
			}
		})
	}()
}

// Long implements page.Shell.
func (s *Shell) Long(_ string, work func(ctx context.Context, p session.Progress) error, then func(err error)) {
	go func() {
		err := work(s.ctx, session.ProgressFunc(func(int, int, string) {}))
		fyne.Do(func() { then(err) })
	}()
}

// Context implements page.Shell.
func (s *Shell) Context() context.Context { return s.ctx }

// RefreshBadges implements page.Shell.
func (s *Shell) RefreshBadges() { s.Badges++ }

// Options are those of a training of a few seconds.
func (s *Shell) Options(iterations int) runs.Options {
	o := runs.DefaultOptions(s.view.Type, "small_cnn")
	o.Iterations, o.BatchSize, o.Resizer, o.Threads = iterations, 4, "32x32", 1
	return o
}

// TrainNow makes a version and waits until it has ended.
func (s *Shell) TrainNow(name string, iterations int) runs.Version {
	s.t.Helper()
	v, err := s.project.Train(s.ctx, runs.TrainRequest{View: s.view.ID, Name: name, Options: s.Options(iterations)})
	s.fatal(err)
	ended := make(chan error, 1)
	go func() { ended <- s.project.Follow(s.ctx, v.ID, func(training.Event) {}) }()
	s.Until(name+" to be trained", func() bool {
		select {
		case err = <-ended:
			return true
		default:
			return false
		}
	})
	s.fatal(err)
	s.fatal(s.project.Sync(s.ctx))
	v, err = s.project.Version(s.ctx, v.ID)
	s.fatal(err)
	return v
}
