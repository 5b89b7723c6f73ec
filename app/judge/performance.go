// Package judge is a version's Performance: its figures with thresholds that move, the confusion matrix, curves, errors that open in the
// annotator, and other versions beside it.
package judge

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/icons"
)

// Performance is the sub-tab. What was evaluated before is opened at once; nothing is evaluated twice unless it is asked for.
type Performance struct {
	shell   page.Shell
	project Project
	content *fyne.Container
	sheet   *sheet // what is shown of an evaluation; nil while there is none
	source  source
	version runs.Version
	view    studio.View
	cancel  context.CancelFunc
	turn    int     // grows with each thing that is begun: what comes of an earlier one is not shown
	busy    bool    // an evaluation runs or is opened
	failed  bool    // why there is none is shown
	set     bool    // the version is known
	wanted  bool    // the tab was opened before that
	tested  bool    // the view has annotated images in test
	beside  []int64 // versions to compare with once the figures are there
}

// New makes the sub-tab; it shows nothing before Set.
func New(s page.Shell, p Project) *Performance {
	return &Performance{shell: s, project: p, content: container.NewStack(), source: source{name: onVal}}
}

// Content is made once.
func (f *Performance) Content() fyne.CanvasObject { return f.content }

// Close ends what runs.
func (f *Performance) Close() {
	f.turn++
	if f.cancel != nil {
		f.cancel()
	}
}

func (f *Performance) show(o fyne.CanvasObject) {
	f.content.Objects = []fyne.CanvasObject{o}
	f.content.Refresh()
}

// Set is called each time the version was read.
func (f *Performance) Set(v runs.Version, view studio.View) {
	f.version, f.view, f.set = v, view, true
	switch {
	case f.wanted:
		f.wanted = false
		f.Selected()
	case f.sheet != nil:
		f.sheet.look()
	case f.busy || f.failed:
	case !v.CanPredict():
		f.show(version.Empty(icons.Evaluate, "Not evaluated yet", "Figures are available once the version is ready. "+version.Sentence(v, time.Now())))
	default:
		f.invite()
	}
}

// invite offers to evaluate.
func (f *Performance) invite() {
	f.show(version.Empty(icons.Evaluate, "How good is it?",
		"Runs the network on annotated images and compares predictions with annotations: figures for each concept, the confusion matrix, and the images behind each error.",
		version.Action("Evaluate "+f.source.words(), f.run)))
}

// Selected is called when the tab is opened: what was evaluated before is shown, else a version that is ready is evaluated at once.
func (f *Performance) Selected() {
	f.wanted = !f.set
	if f.set && f.version.CanPredict() && !f.busy && !f.failed && f.sheet == nil {
		f.open()
	}
}

// choose shows the figures on other images.
func (f *Performance) choose(s source) {
	if f.source != s {
		f.source = s
		f.open()
	}
}

// open shows a kept evaluation, or makes one.
func (f *Performance) open() {
	if f.busy && f.cancel != nil {
		f.cancel()
	}
	project, id, request := f.project, f.version.ID, f.source.request()
	f.begin(func(ctx context.Context) (*evaluate.StoredEvaluation, error) {
		return project.FindEvaluation(ctx, id, request)
	}, func(e *evaluate.StoredEvaluation) {
		if e == nil {
			f.run()
			return
		}
		f.put(e)
	})
}

// begin does work off the window's thread; what comes of it is dropped when something else was begun meanwhile.
func (f *Performance) begin(work func(ctx context.Context) (*evaluate.StoredEvaluation, error), then func(e *evaluate.StoredEvaluation)) {
	f.turn++
	turn := f.turn
	f.busy, f.failed = true, false
	ctx, cancel := context.WithCancel(f.shell.Context())
	f.cancel = cancel
	go func() {
		e, err := work(ctx)
		fyne.Do(func() {
			cancelled := ctx.Err() != nil
			cancel()
			if turn != f.turn {
				return
			}
			f.busy = false
			switch {
			case cancelled || errors.Is(err, context.Canceled):
				if f.sheet != nil {
					f.put(f.sheet.e)
				} else {
					f.invite()
				}
			case err != nil:
				f.fail(err)
			default:
				then(e)
			}
		})
	}()
}

// run evaluates, whatever is kept.
func (f *Performance) run() {
	if f.busy || !f.version.CanPredict() {
		return
	}
	bar := widget.NewProgressBar()
	f.show(version.Empty(icons.Evaluate, "Evaluating "+f.source.words(), "The network predicts each image, and the prediction is compared with its annotation.",
		bar, widget.NewButton("Cancel", func() { f.cancel() })))
	project, id, request := f.project, f.version.ID, f.source.request()
	f.begin(func(ctx context.Context) (*evaluate.StoredEvaluation, error) {
		return project.EvaluateStored(ctx, id, request, session.ProgressFunc(func(done, total int, _ string) {
			if total > 0 {
				fyne.Do(func() { bar.SetValue(float64(done) / float64(total)) })
			}
		}))
	}, f.put)
}

// put shows an evaluation; thresholds and the page that was open stay.
func (f *Performance) put(e *evaluate.StoredEvaluation) {
	before := f.sheet
	f.sheet = newSheet(f, e, before)
	f.show(f.sheet.content)
	f.sheet.recompute()
	f.sheet.look()
	if len(f.beside) > 0 {
		beside := f.beside
		f.beside = nil
		f.sheet.compare(beside)
	}
}

// Compare puts other versions of the view beside this one, at once or as soon as its figures are there.
func (f *Performance) Compare(others []int64) {
	if f.sheet != nil {
		f.sheet.compare(others)
		return
	}
	f.beside = others
}

// fail says why there are no figures, until they are asked for again.
func (f *Performance) fail(err error) {
	f.failed, f.sheet = true, nil
	f.show(version.Failure("The version could not be evaluated", err, func() {
		f.failed = false
		f.run()
	}))
}
