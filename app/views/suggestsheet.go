package views

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// suggestSheet has a version make suggestions, and accepts those that are certain enough.
type suggestSheet struct {
	*commands
	assistant *assistant
	shown     func() (q studio.Query, filtered bool) // of the gallery
	focus     func()
	d         *widgets.Dialog
	versions  []runs.Version // that can predict, the best on val first
	version   *widget.Select
	scope     *widget.RadioGroup
	keep      *widget.Slider
	assist    *widget.Check
	accept    *widget.Slider
	estimate  *look.Paragraph // of how many of the assistant's are wrong
	asked     int             // counts the estimates that were asked for: an older one's answer is dropped
}

// What suggestions are made for, or accepted on.
const (
	scopeAll      = "Everything in this view"
	scopeShown    = "What the gallery shows"
	scopeSelected = "What is selected"
)

// Suggest shows the sheet, or says what is missing.
func (p *Page) Suggest() {
	view, project := p.shell.View(), p.project
	if view.ID == 0 {
		p.shell.Notify("Create a view first: it defines what is to be recognised.")
		return
	}
	var versions []runs.Version
	p.shell.Do("find the versions of "+view.Name, func(ctx context.Context) error {
		all, err := project.Versions(ctx, view.ID)
		for _, v := range all {
			if v.CanPredict() {
				versions = append(versions, v)
			}
		}
		runs.BestOnVal(versions)
		return err
	}, func() {
		if len(versions) == 0 && project.AssistantStatus(view.ID).Suggestions == 0 {
			p.shell.Notify("No version of this view is ready yet: train one, then it can suggest annotations. The assistant suggests something from the tenth annotation on.")
			return
		}
		p.newSuggestSheet(versions).show()
	})
}

func (p *Page) newSuggestSheet(versions []runs.Version) *suggestSheet {
	s := &suggestSheet{commands: p.commands, assistant: p.assistant, shown: p.Filter, focus: p.focus, versions: versions}
	var names []string
	for _, v := range versions {
		name := v.Name
		if figure := version.Figure(v); figure != "" {
			name += "  (" + figure + " " + domain.FigureTitle(v.HeadlineName) + " on val)"
		}
		names = append(names, name)
	}
	s.version = widget.NewSelect(names, nil)
	if len(names) > 0 {
		s.version.SetSelectedIndex(0)
	}
	scopes := []string{scopeAll, scopeShown}
	if len(s.selection) > 1 {
		scopes = append(scopes, scopeSelected)
	}
	s.scope = widget.NewRadioGroup(scopes, nil)
	s.scope.Required = true
	s.scope.SetSelected(scopeAll)
	if _, filtered := s.shown(); filtered {
		s.scope.SetSelected(scopeShown)
	}
	s.keep, s.accept = fraction(0.5), fraction(0.9)
	s.assist = widget.NewCheck("Also for each image opened in the annotator from now on", nil)
	s.assist.Checked = s.assistant.version != 0
	return s
}

// fraction is a slider from 0 to 1.
func fraction(at float64) *widget.Slider {
	s := widget.NewSlider(0, 1)
	s.Step, s.Value = 0.01, at
	return s
}

// labelled is a slider with its value in words after a title.
func labelled(title string, s *widget.Slider) fyne.CanvasObject {
	text := look.Plain("")
	say := func(v float64) { text.SetText(fmt.Sprintf("%.0f%%", 100*v)) }
	say(s.Value)
	s.OnChanged = say
	return container.NewVBox(look.Row(4, look.Small(title), layout.NewSpacer(), text), s)
}

func (s *suggestSheet) show() {
	suggest := widgets.NewIconedButton("Suggest", icons.Network, s.suggest).Important(false)
	accept := widgets.NewIconedButton("Accept above", icons.Check, s.acceptAbove)
	s.estimate = look.MutedWrapped("")
	body := container.NewVBox(
		look.MutedWrapped("A suggestion is not an annotation: it becomes one when you accept it (Y accepts, X rejects, A accepts all in the annotator). What a version suggests for an image comes before what the assistant does."),
		look.Section("Which images"), s.scope)
	if len(s.versions) > 0 {
		body.Add(look.Section("Suggest"))
		body.Add(container.NewBorder(nil, nil, look.Small("With the version "), nil, s.version))
		body.Add(labelled("Minimum confidence", s.keep))
		body.Add(s.assist)
	}
	slider := labelled("Accept above this confidence", s.accept)
	changed := s.accept.OnChanged
	s.accept.OnChanged = func(v float64) {
		changed(v)
		s.reckon()
	}
	s.scope.OnChanged = func(string) { s.reckon() }
	for _, o := range []fyne.CanvasObject{look.Section("Accept"),
		look.MutedWrapped("Accepts all suggestions above the confidence, from all versions and from the assistant, in one step that can be undone."), slider, s.estimate} {
		body.Add(o)
	}
	s.reckon()
	s.d = widgets.NewDialog("Suggestions", look.Width(480, body), s.shell.Window())
	s.d.OnClosed = s.focus
	if len(s.versions) == 0 {
		accept.Important(false)
		s.d.SetButtons(widgets.NewButton("Close", s.close), accept)
		s.d.Show(accept)
		return
	}
	s.d.SetButtons(widgets.NewButton("Close", s.close), accept, suggest)
	s.d.Show(suggest)
}

// reckon says how many of the assistant's suggestions would be accepted, and how many of them are likely wrong.
func (s *suggestSheet) reckon() {
	s.asked++
	turn, q, from := s.asked, s.query(), s.accept.Value
	var e assist.Estimate
	s.shell.Do("estimate how many suggestions are wrong", func(ctx context.Context) (err error) {
		e, err = s.project.EstimateAbove(ctx, q, from)
		return err
	}, func() {
		if turn == s.asked {
			s.estimate.SetText(estimateWords(e, from))
		}
	})
}

// estimateWords says what is known of the assistant's suggestions from a confidence on.
func estimateWords(e assist.Estimate, from float64) string {
	if e.Above == 0 {
		return fmt.Sprintf("No suggestion of the assistant reaches %s here.", words.RoundPercent(from))
	}
	text := words.Count(e.Above, "suggestion of the assistant reaches it", "suggestions of the assistant reach it") + ". "
	share, known := e.Share()
	if !known {
		return text + "Their error rate is not known: in leave-one-out no annotated image reaches this confidence."
	}
	return text + fmt.Sprintf("Estimated error rate %s: in leave-one-out, %s of %s above this confidence had a wrong suggestion.", words.RoundPercent(share), words.Number(e.Wrong), words.Count(e.Of, "annotated image"))
}

func (s *suggestSheet) close() {
	s.setAssistant()
	s.d.Close()
}

func (s *suggestSheet) chosen() runs.Version { return s.versions[max(0, s.version.SelectedIndex())] }

func (s *suggestSheet) setAssistant() {
	if s.assist.Checked && len(s.versions) > 0 {
		s.assistant.use(s.chosen().ID, s.keep.Value)
	} else {
		s.assistant.use(0, 0)
	}
}

// query is what the scope chooses. Images stand for their datapoints, which is what a person sees selected.
func (s *suggestSheet) query() studio.Query {
	switch s.scope.Selected {
	case scopeShown:
		q, _ := s.shown()
		q.Sort, q.Descending = "", false
		return q
	case scopeSelected:
		q := studio.Query{View: s.view().ID}
		for _, id := range s.selection {
			if d, ok := s.point(id); ok {
				q.Images = append(q.Images, d.Image.ID)
			}
		}
		if len(q.Images) > 0 {
			return q
		}
	}
	return studio.Query{View: s.view().ID}
}

// suggest runs the version.
func (s *suggestSheet) suggest() {
	v := s.chosen()
	r := predict.SuggestRequest{Query: s.query(), Threshold: max(s.keep.Value, 1e-6)}
	s.close()
	n := 0
	s.shell.Long("Suggesting with "+v.Name, func(ctx context.Context, progress session.Progress) (err error) {
		s.writer.wait(ctx)
		n, err = s.project.SuggestFor(ctx, v.ID, r, progress)
		return err
	}, func(err error) {
		cancelled := errors.Is(err, context.Canceled)
		if err != nil && !cancelled {
			s.shell.Fail("make suggestions", err)
			return
		}
		text := v.Name + " made suggestions for " + words.Count(n, "image")
		if cancelled {
			text += "; then cancelled"
		} else if n == 0 {
			text = v.Name + " makes no prediction above this confidence here."
		}
		s.shell.Notify(text)
	})
}

// acceptAbove makes annotations of what is certain enough.
func (s *suggestSheet) acceptAbove() {
	q, from := s.query(), s.accept.Value
	if q.State == studio.StateNotAnnotated {
		q.State = studio.StateSuggested
	}
	s.close()
	accepted, images := 0, 0
	s.writer.add(job{doing: "accept the suggestions", any: true, work: func(ctx context.Context) (err error) {
		accepted, images, err = s.project.AcceptAllAbove(ctx, q, from)
		return err
	}, after: func(err error) {
		if err != nil || s.shell.Context().Err() != nil {
			return
		}
		if accepted == 0 {
			s.shell.Notify(fmt.Sprintf("No suggestion reaches %.0f%%; nothing was changed.", 100*from))
			return
		}
		s.shell.Notify(words.Count(accepted, "suggestion of ", "suggestions of ") + words.Count(images, "image") + " accepted. Undo restores them as suggestions.")
	}})
}
