package page

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Try does work while a dialog is still there: it closes once that is done, and says in problem why it is refused, with what was typed left
// as it is. Other errors are shown as [Shell.Fail] shows them.
func Try(s Shell, d *widgets.Dialog, problem *look.Styled, doing string, work func(ctx context.Context) error, then func()) {
	var refused *studio.RuleError
	s.Do(doing, func(ctx context.Context) error {
		err := work(ctx)
		if errors.As(err, &refused) {
			return nil
		}
		return err
	}, func() {
		if refused != nil {
			problem.SetText(refused.Message)
			return
		}
		d.Close()
		if then != nil {
			then()
		}
	})
}

// AskText asks for one line of text, such as a new name, and tries work with it.
func AskText(s Shell, title, action, text, note string, work func(ctx context.Context, text string) error) {
	field := widgets.NewEntry()
	field.SetText(text)
	problem := look.NewStyled("", look.TextSmall, false, theme.ColorNameError)
	var d *widgets.Dialog
	do := func() {
		typed := strings.TrimSpace(field.Text)
		Try(s, d, problem, strings.ToLower(title[:1])+title[1:], func(ctx context.Context) error { return work(ctx, typed) }, nil)
	}
	field.OnChanged = func(string) { problem.SetText("") }
	field.OnSubmitted = func(string) { do() }
	body := container.NewVBox(field, problem)
	if note != "" {
		body.Add(look.MutedWrapped(note))
	}
	d = widgets.NewDialog(title, look.Width(400, body), s.Window())
	d.SetButtons(widgets.NewButton("Cancel", d.Close), widgets.NewButton(action, do).Important(false))
	d.Show(field)
}
