package judge

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// MostCompared is how many versions stand side by side.
const MostCompared = 4

// compareSection puts other versions of the view beside this one, judged on the same images.
type compareSection struct {
	sheet   *sheet
	content *fyne.Container
	others  []runs.Version
	chosen  map[int64]bool
	checks  *fyne.Container
	result  *fyne.Container
	begin   *widget.Button
	read    bool
	cancel  context.CancelFunc
}

func newCompareSection(s *sheet) *compareSection {
	c := &compareSection{sheet: s, chosen: map[int64]bool{}, checks: widgets.NewFlow(8), result: container.NewStack()}
	c.begin = widget.NewButton("Compare", c.compare)
	c.begin.Importance = widget.HighImportance
	c.begin.Disable()
	head := look.Panel(container.NewBorder(nil, nil, nil, container.NewCenter(c.begin), container.NewVBox(look.Strong("Beside "+s.owner.version.Name), c.checks)))
	c.content = look.PadXY(0, 4, look.Frame(head, nil, nil, nil, c.result)).(*fyne.Container)
	return c
}

func (c *compareSection) object() fyne.CanvasObject { return c.content }

func (c *compareSection) show(o fyne.CanvasObject) {
	c.result.Objects = []fyne.CanvasObject{o}
	c.result.Refresh()
}

// update reads the other versions, once.
func (c *compareSection) update() {
	if c.read {
		return
	}
	c.read = true
	s := c.sheet
	project, ctx := s.owner.project, s.owner.shell.Context()
	go func() {
		all, err := project.Versions(ctx, s.e.View.ID)
		fyne.Do(func() {
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				c.read = false
				c.show(version.Failure("The other versions could not be read", err, c.update))
				return
			}
			for _, v := range all {
				if v.ID != s.e.Version && v.CanPredict() {
					c.others = append(c.others, v)
				}
			}
			c.offer()
		})
	}()
}

func (c *compareSection) offer() {
	if len(c.others) == 0 {
		c.show(version.Empty(icons.Evaluate, "Nothing to compare with yet", "Train another version of this view to compare the two here, on the same images."))
		return
	}
	known := map[int64]bool{}
	for _, v := range c.others {
		known[v.ID] = true
		text := v.Name
		if f := version.Figure(v); f != "" {
			text += " (" + f + ")"
		}
		check := widget.NewCheck(text, func(on bool) {
			if on {
				c.chosen[v.ID] = true
			} else {
				delete(c.chosen, v.ID)
			}
			c.enable()
		})
		check.Checked = c.chosen[v.ID]
		c.checks.Add(check)
	}
	c.checks.Refresh()
	maps.DeleteFunc(c.chosen, func(id int64, _ bool) bool { return !known[id] })
	if c.enable(); !c.begin.Disabled() { // they were chosen elsewhere
		c.compare()
		return
	}
	c.show(version.Empty(icons.Evaluate, "Which versions?", "Choose one or more above. Each is evaluated on the same images as this one, and the difference is tested for statistical significance."))
}

func (c *compareSection) enable() {
	if n := len(c.chosen); n > 0 && n < MostCompared {
		c.begin.Enable()
	} else {
		c.begin.Disable()
	}
}

// compare evaluates what is not evaluated yet and shows all side by side.
func (c *compareSection) compare() {
	s := c.sheet
	ids := []int64{s.e.Version}
	for _, v := range c.others {
		if c.chosen[v.ID] {
			ids = append(ids, v.ID)
		}
	}
	if c.cancel != nil {
		c.cancel()
	}
	ctx, cancel := context.WithCancel(s.owner.shell.Context())
	c.cancel = cancel
	bar := widget.NewProgressBar()
	c.show(version.Empty(icons.Evaluate, "Comparing", "Versions that were not evaluated on these images are evaluated now.", bar, widget.NewButton("Cancel", cancel)))
	project, request := s.owner.project, s.e.Request
	go func() {
		comparison, err := project.Compare(ctx, ids, request, session.ProgressFunc(func(done, total int, _ string) {
			if total > 0 {
				fyne.Do(func() { bar.SetValue(float64(done) / float64(total)) })
			}
		}))
		fyne.Do(func() {
			cancelled := ctx.Err() != nil
			cancel()
			switch {
			case cancelled || errors.Is(err, context.Canceled):
				c.show(container.NewWithoutLayout())
			case err != nil:
				c.show(version.Failure("The versions could not be compared", err, c.compare))
			default:
				c.show(c.table(comparison))
			}
		})
	}()
}

// table lays a comparison out: figures, options that differ, images on which the predictions differ.
func (c *compareSection) table(r *evaluate.Comparison) fyne.CanvasObject {
	n := len(r.Versions)
	figures := container.New(&figureGrid{columns: n + 1})
	figures.Add(look.Section("On " + words.Count(len(r.Items), "image")).Cut())
	for _, v := range r.Versions {
		figures.Add(look.Section(v.Name).Align(fyne.TextAlignTrailing).Cut())
	}
	verdicts := container.NewVBox()
	for _, row := range r.Rows {
		figures.Add(look.Plain(row.Figure).Cut())
		for i, f := range row.Values {
			text := "–"
			if row.Known[i] {
				text = words.Percent(f.Value)
			}
			figures.Add(look.Plain(text).Align(fyne.TextAlignTrailing).Cut())
		}
		for i := 1; i < len(row.Against); i++ {
			if w := row.Against[i].Words; w != "" {
				verdicts.Add(look.MutedWrapped(fmt.Sprintf("%s of %s: %s (%s).", row.Figure, r.Versions[i].Name, w, row.Against[i].Method)))
			}
		}
	}
	options := container.New(&figureGrid{columns: n + 1})
	options.Add(look.Section("Option").Cut())
	for _, v := range r.Versions {
		options.Add(look.Section(v.Name).Align(fyne.TextAlignTrailing).Cut())
	}
	for _, o := range r.Options {
		options.Add(look.Plain(runs.OptionTitle(o.Option)).Cut())
		for _, v := range o.Values {
			options.Add(look.Plain(v).Align(fyne.TextAlignTrailing).Cut())
		}
	}
	var differ fyne.CanvasObject = look.Small("None: they were trained with the same options.")
	if len(r.Options) > 0 {
		differ = options
	}
	left := container.NewVScroll(container.NewVBox(
		look.Panel(container.NewVBox(look.Strong("Comparison"), verdicts, figures)),
		look.Panel(container.NewVBox(look.Strong("Options that differ"), differ)),
	))
	gallery := newCases(c.sheet)
	gallery.work(words.Count(len(r.Differ), "image")+" on which they differ", func() []entry { return disagreements(r) })
	return look.PadXY(0, 6, container.NewGridWithColumns(2, left, look.Panel(gallery.content)))
}

// disagreements are the images on which the predictions differ, as a gallery shows them.
func disagreements(r *evaluate.Comparison) []entry {
	var list []entry
	for _, d := range r.Differ {
		note := d.Truth
		if note == "" {
			note = "background"
		}
		note += ":"
		for i, predicted := range d.Predicted {
			mark := " ✗ "
			if d.Right[i] {
				mark = " ✓ "
			}
			if predicted == "" {
				predicted = "nothing"
			}
			note += mark + predicted
		}
		one := entry{Shown: evaluate.Shown{EvaluatedItem: r.Items[d.Sample], Truth: d.Truth}, note: note}
		list = append(list, one)
	}
	return list
}
