package library

import (
	"context"
	"fmt"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/page"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// architecturesSheet is "Available architectures": what each is for, its size, what it takes here, and how fast it is on this machine.
type architecturesSheet struct {
	shell   page.Shell
	view    domain.Task
	use     runs.Preparation
	list    []runs.Architecture // to be measured
	train   int                 // images
	choose  func(name string)
	d       *widgets.Dialog
	rows    *fyne.Container
	measure *widgets.Button
	message *look.Styled
	speeds  map[string]*look.Styled
	cancel  context.CancelFunc
}

// showArchitectures opens it; use says how many concepts and images there are, choose takes the one that is chosen.
func showArchitectures(s page.Shell, view domain.Task, use runs.Preparation, choose func(name string)) *architecturesSheet {
	train := splitUse(use, domain.SplitTrain).Images
	a := &architecturesSheet{train: train, list: runs.Architectures(), shell: s, view: view, use: use, choose: choose, rows: container.New(layout.NewCustomPaddedVBoxLayout(8)), message: look.Small(""), speeds: map[string]*look.Styled{}}
	a.measure = widgets.NewIconedButton("Measure on this computer", icons.Clock, a.measureAll)
	a.measure.Disable()
	closing := widgets.NewButton("Close", func() { a.d.Close() })
	size := s.Window().Canvas().Size()
	scroll := container.NewVScroll(a.rows)
	scroll.SetMinSize(fyne.NewSize(fyne.Min(860, size.Width-80), fyne.Min(520, size.Height-190)))
	a.d = widgets.NewDialog("Available architectures", scroll, s.Window())
	a.d.SetButtons(look.Width(220, container.NewCenter(a.message)), a.measure, closing)
	a.d.OnClosed = func() {
		if a.cancel != nil {
			a.cancel()
		}
	}
	a.rows.Add(look.Small("Estimating time and memory …"))
	a.d.Show(closing)
	var facts []runs.ArchitectureFacts
	s.Do("look at the architectures", func(context.Context) (err error) {
		facts, err = runs.DescribeArchitectures(view, len(use.Concepts), use.Images())
		return err
	}, func() { a.show(facts) })
	return a
}

func (a *architecturesSheet) show(facts []runs.ArchitectureFacts) {
	a.rows.Objects = nil
	for _, f := range facts {
		a.rows.Add(a.row(f))
	}
	a.rows.Refresh()
	a.measure.Enable()
}

// row is one architecture.
func (a *architecturesSheet) row(f runs.ArchitectureFacts) fyne.CanvasObject {
	speed := look.Plain(speedText(f.PerSecond))
	a.speeds[f.Name] = speed
	batch := strconv.Itoa(f.BatchSize)
	if most := a.largest(f.Memory.LargestBatch); most > 0 {
		batch += fmt.Sprintf(", up to %s here", words.Number(most))
	}
	size := fmt.Sprintf("%d × %d px", f.Height, f.Width)
	cell := func(name string, value fyne.CanvasObject) fyne.CanvasObject {
		return container.New(layout.NewCustomPaddedVBoxLayout(1), look.Small(name), value)
	}
	memory := "about " + words.Bytes(f.Memory.Need)
	numbers := container.NewGridWithColumns(5, cell("Weights", look.Plain(version.Size(f.Weights))), cell("Sees", look.Plain(size)), cell("Batch size", look.Plain(batch).Cut()),
		cell("Memory", look.Plain(memory).Cut()), cell("Trains", speed))
	use := widgets.NewButton("Use", func() {
		a.d.Close()
		a.choose(f.Name)
	})
	text := widgets.NewParagraph(f.Description, theme.SizeNameCaptionText, look.ColorMuted)
	head := look.Row(8, look.Strong(f.Title), layout.NewSpacer(), use)
	return look.Outlined(container.New(layout.NewCustomPaddedVBoxLayout(4), head, text, numbers))
}

// largest is the largest batch that makes sense here: it fits into the memory, and does not show an image twice.
func (a *architecturesSheet) largest(fits int) int {
	for fits > 1 && fits > a.train && a.train > 0 {
		fits /= 2
	}
	return fits
}

func speedText(perSecond float64) string {
	switch {
	case perSecond <= 0:
		return "not measured"
	case perSecond < 10:
		return fmt.Sprintf("%.1f images/s", perSecond)
	}
	return words.Number(int(perSecond+0.5)) + " images/s"
}

// measureAll times one after the other, beside the window.
func (a *architecturesSheet) measureAll() {
	a.measure.Disable()
	ctx, cancel := context.WithCancel(a.shell.Context())
	a.cancel = cancel
	list, view, concepts := a.list, a.view, len(a.use.Concepts)
	go func() {
		defer cancel()
		wrong := ""
		for i, one := range list {
			if ctx.Err() != nil {
				return
			}
			fyne.Do(func() { a.message.SetText(fmt.Sprintf("Measuring %d of %d …", i+1, len(list))) })
			perSecond, err := runs.MeasureArchitecture(ctx, view, one.Name, concepts)
			if ctx.Err() != nil {
				return
			}
			text := speedText(perSecond)      // kept or not, it was measured
			if perSecond == 0 && err != nil { // the others are measured all the same
				text, wrong = "could not be measured", err.Error()
			}
			fyne.Do(func() { a.speeds[one.Name].SetText(text) })
		}
		fyne.Do(func() {
			a.message.SetText(wrong)
			a.measure.Enable()
		})
	}()
}
