package library

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// weightsChoice says which iteration's weights a version uses, and has it use the other: the best one's on val, or the last one's.
type weightsChoice struct {
	content *fyne.Container
	message *widgets.Paragraph
	change  *widget.Button
	shell   page.Shell
	project weighing
	version runs.Version
	other   string // "best" or "last"
	done    func() // the version changed
}

func newWeightsChoice(s page.Shell, p weighing, done func()) *weightsChoice {
	w := &weightsChoice{shell: s, project: p, done: done, message: widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)}
	w.change = widget.NewButtonWithIcon("", icons.Again, w.use)
	w.content = container.NewVBox(w.message, container.NewHBox(w.change))
	w.content.Hide()
	return w
}

// set shows the choice where there is one: the version is ready, its best iteration is not its last, and the weights of both are there.
func (w *weightsChoice) set(v runs.Version, h *runs.RunHistory) {
	if h == nil || h.OnlyKept || v.Status != domain.StatusReady || h.State.BestIteration == 0 || h.State.BestIteration == h.State.Iteration {
		w.content.Hide()
		return
	}
	w.version = v
	best, last := words.Number(h.State.BestIteration), words.Number(h.State.Iteration)
	if h.State.KeptIteration == h.State.Iteration {
		w.other = "best"
		w.message.SetText("It uses the weights of the last iteration, " + last + ". On val, iteration " + best + " was better.")
		w.change.SetText("Use the best instead")
	} else {
		w.other = "last"
		w.message.SetText("It uses the weights of iteration " + best + ", the best on val. Those of the last, " + last + ", are kept too.")
		w.change.SetText("Use the last instead")
	}
	w.content.Show()
}

// use changes the weights; the figures are computed anew.
func (w *weightsChoice) use() {
	v, other := w.version, w.other
	w.change.Disable()
	w.shell.Long("Evaluating the "+other+" weights of "+v.Name, func(ctx context.Context, progress session.Progress) error {
		return w.project.UseWeights(ctx, v.ID, other, progress)
	}, func(err error) {
		w.change.Enable()
		if err != nil && !errors.Is(err, context.Canceled) {
			w.shell.Fail("use the "+other+" weights of "+v.Name, err)
		}
		w.done()
	})
}
