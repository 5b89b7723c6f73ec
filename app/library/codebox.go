package library

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// codeBox is a text to be copied into another program.
type codeBox struct {
	label *widget.Label
	copy  *widget.Button
}

func newCodeBox() *codeBox {
	c := &codeBox{label: widget.NewLabel("")}
	c.label.TextStyle.Monospace = true
	c.label.SizeName = theme.SizeNameCaptionText
	c.label.Selectable = true
	c.copy = widget.NewButtonWithIcon("Copy", theme.ContentCopyIcon(), nil)
	c.copy.OnTapped = func() {
		fyne.CurrentApp().Clipboard().SetContent(c.label.Text)
		c.copy.SetText("Copied")
	}
	return c
}

func (c *codeBox) set(text string) {
	if strings.Contains(text, "\n") {
		c.label.Wrapping = fyne.TextWrapOff
	} else {
		c.label.Wrapping = fyne.TextWrapBreak
	}
	c.label.SetText(text)
	c.copy.SetText("Copy")
}
