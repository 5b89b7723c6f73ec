package version

import (
	"errors"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// Action is a button for an empty state.
func Action(text string, tapped func()) *widget.Button {
	b := widget.NewButton(text, tapped)
	b.Importance = widget.HighImportance
	return b
}

// Empty says in the middle of a page why there is nothing, and what to do.
func Empty(icon fyne.Resource, title, text string, more ...fyne.CanvasObject) fyne.CanvasObject {
	picture := widget.NewIcon(theme.NewColoredResource(icon, look.ColorMuted))
	words := widgets.NewParagraph(text, theme.SizeNameText, look.ColorMuted).Centred()
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

// ShowFolder opens a folder in the system's file manager.
func ShowFolder(dir string) error {
	path := filepath.ToSlash(dir)
	if !strings.HasPrefix(path, "/") { // C:/
		path = "/" + path
	}
	return fyne.CurrentApp().OpenURL(&url.URL{Scheme: "file", Path: path})
}

// Failure says what went wrong with a page itself.
func Failure(title string, err error, again func()) fyne.CanvasObject {
	text := err.Error()
	var rule *studio.RuleError
	if errors.As(err, &rule) {
		text = rule.Error()
	}
	b := widget.NewButtonWithIcon("Try again", icons.Again, again)
	return Empty(icons.Error, title, text+". The project was not changed.", b)
}

// Point is a sentence with an icon before it.
func Point(icon fyne.Resource, tint fyne.ThemeColorName, text string) fyne.CanvasObject {
	return pointed(icon, tint, widgets.NewParagraph(Capital(text), theme.SizeNameCaptionText, theme.ColorNameForeground))
}

func pointed(icon fyne.Resource, tint fyne.ThemeColorName, words fyne.CanvasObject) fyne.CanvasObject {
	i := container.NewGridWrap(fyne.NewSize(16, 16), widget.NewIcon(theme.NewColoredResource(icon, tint)))
	return container.NewBorder(nil, nil, container.NewVBox(look.Gap(0, 4), i), nil, words)
}
