package views

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// suggestionPanel is where suggestions are decided on by the mouse, and how certain those must be that are shown.
type suggestionPanel struct {
	content *fyne.Container
	title   *look.Paragraph
	least   *look.Styled
	slider  *widget.Slider
	nearest *nearest
}

func newSuggestionPanel(m *model, image openImage, focus func()) *suggestionPanel {
	n := &suggestionPanel{nearest: newNearest(m), title: look.MutedWrapped(""), least: look.Small("")}
	n.slider = widget.NewSlider(0, 1)
	n.slider.Step = 0.01
	n.slider.OnChanged = func(v float64) {
		image.setCertain(v)
		n.slider.Refresh()
	}
	press := func(text, name string) fyne.CanvasObject {
		return widget.NewButton(text, func() { image.press(name); focus() })
	}
	n.content = container.NewVBox(look.Section("Suggestions"), n.title, n.nearest.content, container.NewBorder(nil, nil, n.least, nil, look.Track(n.slider)),
		container.NewGridWithColumns(3, press("Accept", "accept"), press("Reject", "reject"), press("All", "accept_all")))
	n.content.Hide()
	return n
}

// show shows how many are to be decided on; true if the panel came or went.
func (n *suggestionPanel) show(o *opened, certain float64) bool {
	was := n.content.Visible()
	n.nearest.show(o)
	if !o.open || len(o.suggestions) == 0 && o.guess == nil {
		n.content.Hide()
		return was
	}
	text := words.Number(len(o.shown)) + " of " + words.Count(len(o.suggestions), "suggestion is shown", "suggestions are shown")
	if o.makers != "" {
		text += ", made by " + o.makers
	}
	if o.guess != nil {
		text = "By the assistant: Y accepts, a concept's key corrects"
	}
	n.title.SetText(text)
	n.least.SetText(fmt.Sprintf("from %3.0f%% on", 100*certain))
	n.content.Show()
	return !was
}
