package views

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/assist"
	"viewfinder/storage/words"
	"viewfinder/widgets/look"
)

// assistantSwitch switches the assistant on and off in the view, and says what it does.
type assistantSwitch struct {
	*model
	content *fyne.Container
	check   *widget.Check
	text    *look.Paragraph
	quiet   bool
}

func newAssistantSwitch(m *model, focus func()) *assistantSwitch {
	s := &assistantSwitch{model: m, text: look.MutedWrapped("")}
	s.check = widget.NewCheck("Assistant", func(on bool) {
		if !s.quiet {
			s.set(on)
			focus()
		}
	})
	s.content = container.NewVBox(s.check, s.text)
	s.content.Hide()
	return s
}

// set switches it, and remembers that in the project.
func (s *assistantSwitch) set(on bool) {
	view, project := s.view(), s.project
	s.shell.Do("switch the assistant of "+view.Name, func(ctx context.Context) error { return project.SetAssistant(ctx, view.ID, on) }, nil)
}

// refresh shows what the assistant does now.
func (s *assistantSwitch) refresh() {
	view := s.view()
	status := s.project.AssistantStatus(view.ID)
	if view.ID == 0 || view.Type.HasBoxes() {
		s.content.Hide()
		return
	}
	if status.View == 0 { // it has not looked at the view yet
		return
	}
	s.quiet = true
	s.check.SetChecked(status.On || status.Waiting != "")
	s.quiet = false
	s.text.SetText(assistantWords(status))
	s.content.Show()
	s.content.Refresh()
}

// assistantWords says what the assistant does.
func assistantWords(s assist.Status) string {
	text := "Suggests concepts while you annotate, once it is on"
	switch {
	case s.Waiting != "":
		text = s.Waiting
	case s.Learned > 0:
		text = fmt.Sprintf("Learned from %s; leave-one-out accuracy %s", words.Count(s.Learned, "annotated image"), words.RoundPercent(float64(s.Right)/float64(s.Learned)))
	case s.On:
		text = "Computing features of the annotated images"
	}
	if s.On && s.Computed < s.Images {
		text += fmt.Sprintf(". %s of %s images are ready.", words.Number(s.Computed), words.Number(s.Images))
	}
	return text
}
