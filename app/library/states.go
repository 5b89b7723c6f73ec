package library

import (
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// action is a button for an empty state.
func action(text string, tapped func()) *widget.Button {
	b := widget.NewButton(text, tapped)
	b.Importance = widget.HighImportance
	return b
}

// emptyState says in the middle of a page why there is nothing, and what to do.
func emptyState(icon fyne.Resource, title, text string, more ...fyne.CanvasObject) fyne.CanvasObject {
	picture := widget.NewIcon(theme.NewColoredResource(icon, look.ColorMuted))
	words := look.MutedWrapped(text)
	words.Alignment = fyne.TextAlignCenter
	parts := []fyne.CanvasObject{
		container.NewCenter(container.NewGridWrap(fyne.NewSize(56, 56), picture)),
		look.Title(title).Align(fyne.TextAlignCenter),
		words,
	}
	for _, o := range more {
		if _, ok := o.(*widget.Button); ok {
			o = container.NewCenter(o)
		}
		parts = append(parts, o)
	}
	return container.NewCenter(look.Width(460, container.NewVBox(parts...)))
}

// failure says what went wrong with a page itself.
func failure(title string, err error, again func()) fyne.CanvasObject {
	text := err.Error()
	var rule *studio.RuleError
	if errors.As(err, &rule) {
		text = rule.Error()
	}
	b := widget.NewButtonWithIcon("Try again", icons.Again, again)
	return emptyState(icons.Error, title, text+". Nothing of the project was changed.", b)
}

// empty is the table's place while the view has no version: what a version is, and what is missing to train one.
func (l *list) empty() fyne.CanvasObject {
	use := l.data.use
	text := "A model version is a network trained on this view's annotated images. It stays here with its curves and figures, and can be " +
		"compared with later ones. Annotating goes on freely while it trains."
	if use.Ready {
		n := 0
		for _, s := range use.Splits {
			n += s.Images
		}
		ready := look.Plain(look.Plural(n, "annotated image is", "annotated images are") + " ready to train on.").Align(fyne.TextAlignCenter)
		return emptyState(icons.Network, "No model version yet", text, ready, action("Train a new model version", func() { ShowTrain(l.page.shell, 0) }))
	}
	missing := container.NewVBox(look.Section("What is missing to train one"))
	for _, m := range use.Missing {
		missing.Add(point(icons.Warning, theme.ColorNameWarning, m))
	}
	annotate := widget.NewButtonWithIcon("Go to Views", icons.Views, func() { l.page.shell.ShowTab(page.Views) })
	return emptyState(icons.Network, "No model version yet", text, look.Panel(missing), annotate)
}

// point is a sentence with an icon before it.
func point(icon fyne.Resource, tint fyne.ThemeColorName, text string) fyne.CanvasObject {
	i := container.NewGridWrap(fyne.NewSize(16, 16), widget.NewIcon(theme.NewColoredResource(icon, tint)))
	words := look.Wrapped(capital(text))
	words.SizeName = theme.SizeNameCaptionText
	return container.NewBorder(nil, nil, container.NewVBox(look.Gap(0, 4), i), nil, words)
}

func capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}

// askName asks for one line of text.
func askName(w fyne.Window, title, text string, then func(string)) {
	entry := widget.NewEntry()
	entry.SetText(text)
	d := dialog.NewCustomConfirm(title, "Rename", "Cancel", look.Width(320, entry), func(ok bool) {
		if ok {
			then(entry.Text)
		}
	}, w)
	entry.OnSubmitted = func(string) {
		d.Hide()
		then(entry.Text)
	}
	d.Show()
	w.Canvas().Focus(entry)
}
