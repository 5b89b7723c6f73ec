package project

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/app/studio/session"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// The ways of keeping images together, as the sheet words them.
const (
	eachAlone    = "No groups"
	byNumber     = "Names that differ only in their last number (frames of a video)"
	byExpression = "Match of a regular expression in the name"
)

// splitSheet divides the images of a view, or some of them, between train, val and test.
type splitSheet struct {
	shell      page.Shell
	project    Splitting
	view       studio.View
	images     []int64
	d          *widgets.Dialog
	val        *widgets.Entry
	test       *widgets.Entry
	stratify   *widget.Check
	groups     *widget.RadioGroup
	expression *widgets.Entry
	body       *fyne.Container
	counts     *fyne.Container
	message    *look.Paragraph
	divide     *widgets.Button
	plan       *editing.SplitPlan
	turn       int // the last preview that was asked for: an older one's answer is dropped
}

// ShowSplit opens the sheet "Split into train, val and test"; images nil is all of the view.
func ShowSplit(s page.Shell, p Splitting, view studio.View, images []int64) {
	sheet := newSplitSheet(s, p, view, images)
	sheet.d.Show(sheet.val)
	sheet.preview()
}

func newSplitSheet(s page.Shell, p Splitting, view studio.View, images []int64) *splitSheet {
	t := &splitSheet{shell: s, project: p, view: view, images: images}
	t.val = widgets.NewEntry()
	t.val.SetText("20")
	t.test = widgets.NewEntry()
	t.test.SetText("0")
	t.stratify = widget.NewCheck("Stratify by concept", nil)
	t.stratify.Checked = true
	t.groups = widget.NewRadioGroup([]string{eachAlone, byNumber, byExpression}, nil)
	t.groups.Required = true
	t.groups.Selected = eachAlone
	t.expression = widgets.NewEntry()
	t.expression.SetPlaceHolder(`for example ^(.*)_\d+ : what is in the parentheses is the group`)
	t.expression.Hide()
	t.counts = container.NewVBox()
	t.message = look.MutedWrapped("")
	t.divide = widgets.NewIconedButton("Divide", icons.Split, t.run).Important(false)
	t.divide.Disable()
	t.val.OnChanged = func(string) { t.preview() }
	t.test.OnChanged = func(string) { t.preview() }
	t.expression.OnChanged = func(string) { t.preview() }
	t.stratify.OnChanged = func(bool) { t.preview() }
	t.groups.OnChanged = func(which string) {
		if which == byExpression {
			t.expression.Show()
		} else {
			t.expression.Hide()
		}
		t.preview()
	}
	what := "All images of " + view.Name
	if images != nil {
		what = words.Count(len(images), "selected image")
	}
	share := look.Row(8, look.Plain("To val"), look.Width(64, t.val), look.Plain("%"), look.Gap(12, 1), look.Plain("To test"), look.Width(64, t.test), look.Plain("%"), look.Gap(12, 1), t.stratify)
	t.body = container.New(layout.NewCustomPaddedVBoxLayout(6),
		look.MutedWrapped(what+" are split again. Train is used for training; val chooses between iterations and versions; test tells how good the chosen one is. Images in test stay there."),
		share, look.Section("Kept together"), t.groups, t.expression, look.Section("Then"), t.counts, t.message)
	scroll := container.NewVScroll(t.body)
	scroll.SetMinSize(fyne.NewSize(580, 500))
	t.d = widgets.NewDialog("Split into train, val and test", scroll, s.Window())
	t.d.OnClosed = func() { t.turn++ }
	t.d.SetButtons(widgets.NewButton("Cancel", t.d.Close), t.divide)
	return t
}

// rule is what the fields say; a problem in words if they do not make one.
func (t *splitSheet) rule() (editing.SplitRule, string) {
	r := editing.SplitRule{View: t.view.ID, Images: t.images, Stratify: t.stratify.Checked}
	percent := func(e *widgets.Entry) (float64, bool) {
		n, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(e.Text), ",", ".", 1), 64)
		return n / 100, err == nil && !math.IsNaN(n)
	}
	var ok bool
	if r.Val, ok = percent(t.val); !ok || r.Val <= 0 || r.Val >= 1 {
		return r, "The share of val is a number above 0 and below 100."
	}
	if r.Test, ok = percent(t.test); !ok || r.Test < 0 || r.Val+r.Test > 0.99 {
		return r, "The share of test is 0 or more; val and test together are 99 at most."
	}
	switch t.groups.Selected {
	case byNumber:
		r.Groups = editing.GroupDigits
	case byExpression:
		if r.Groups = strings.TrimSpace(t.expression.Text); r.Groups == "" {
			return r, "Write a regular expression that finds in a name what the names of a group have in common."
		}
	}
	return r, ""
}

// preview counts what the rule would do, off the window's thread.
func (t *splitSheet) preview() {
	t.turn++
	turn := t.turn
	t.plan = nil
	t.divide.Disable()
	r, problem := t.rule()
	if problem != "" {
		t.message.SetText(problem)
		return
	}
	ctx := t.shell.Context()
	go func() {
		plan, err := t.project.PlanSplit(ctx, r)
		fyne.Do(func() {
			if turn == t.turn && ctx.Err() == nil {
				t.show(plan, err)
			}
		})
	}()
}

func (t *splitSheet) show(plan *editing.SplitPlan, err error) {
	if err != nil {
		t.message.SetText(err.Error())
		return
	}
	t.plan = plan
	var bars []widgets.UseBar
	for i, l := range plan.Lines {
		if i == 12 {
			break
		}
		bar := widgets.UseBar{Name: l.Name, Train: l.After.Train, Val: l.After.Val, Test: l.After.Test, Warn: l.After.Train == 0}
		if l.Concept == 0 {
			bar.Color = look.Color(look.ColorMuted)
		}
		bars = append(bars, bar)
	}
	use := widgets.NewUseBars()
	use.Set(bars)
	t.counts.Objects = []fyne.CanvasObject{use}
	t.body.Refresh() // what stands beneath moves
	moves := plan.Moves()
	to := func(s domain.Split) string { return words.Number(len(plan.To[s])) }
	text := fmt.Sprintf("%s to val, %s to train; val has %s then.", words.Count(len(plan.To[domain.SplitVal]), "image moves", "images move"), to(domain.SplitTrain), words.Percent(plan.Val))
	if plan.Test > 0 {
		text = fmt.Sprintf("%s to val, %s to test, %s to train; val has %s and test %s then.", words.Count(len(plan.To[domain.SplitVal]), "image moves", "images move"),
			to(domain.SplitTest), to(domain.SplitTrain), words.Percent(plan.Val), words.Percent(plan.Test))
	}
	if moves == 0 {
		text = "They are already split like this."
	}
	if len(plan.Groups) < plan.Images || t.groups.Selected != eachAlone {
		var names []string
		for _, g := range plan.LargestGroups(3) {
			names = append(names, fmt.Sprintf("%s (%s)", g.Name, words.Number(g.Images)))
		}
		text += " " + words.Count(len(plan.Groups), "group") + "; the largest: " + strings.Join(names, ", ") + "."
	}
	t.message.SetText(text)
	if moves > 0 {
		t.divide.Enable()
	}
}

func (t *splitSheet) run() {
	plan := t.plan
	if plan == nil {
		return
	}
	t.turn++
	t.d.Close()
	t.shell.Long("Splitting the images", func(ctx context.Context, progress session.Progress) error {
		return t.project.ApplySplit(ctx, plan, progress)
	}, func(err error) {
		if err != nil {
			t.shell.Fail("split the images", err)
			return
		}
		t.shell.Notify(words.Count(plan.Moves(), "image was moved", "images were moved") + ". Undo restores them.")
	})
}
