package library

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// field is one option: its input, what is wrong with it, and its way back to the default.
type field struct {
	name          string
	title         string
	input         fyne.CanvasObject
	get           func() string
	set           func(string)
	fault         *look.Styled
	explain       *widgets.Paragraph
	reset         *widget.Button
	text          string // its explanation, and its limits
	limits        string // shown where there is no fault; "" = that line is not there then
	basic         bool   // before Advanced
	keptByPresets bool
	normal        string // its default
}

// newField makes the input that suits an option's values.
func (f *optionFields) newField(d runs.OptionDoc) *field {
	one := &field{name: d.Name, title: d.Title, basic: d.Basic, keptByPresets: d.KeptByPresets, text: explained(d), normal: d.Default, fault: look.Small("").Cut()}
	one.fault.SetColor(theme.ColorNameError)
	one.fault.Hide()
	touch := func() bool {
		if !f.setting {
			f.touched[d.Name] = true
			switch d.Name {
			case "weights":
				f.startChanged()
			case "learn":
				f.refill()
			}
			f.matchPreset()
			f.changed()
		}
		return true
	}
	switch d.Kind {
	case runs.KindChoices:
		one.input, one.get, one.set = checks(d, touch)
	case runs.KindWeights:
		f.weights = newWeightsField(f.shell, f.viewID, func() { touch() })
		one.input, one.get, one.set = f.weights.choice, f.weights.get, f.weights.set
	case runs.KindChoice:
		titles := map[string]string{}
		var words []string
		for _, v := range d.Values {
			w := d.Words(v)
			titles[w] = v
			words = append(words, w)
		}
		s := widget.NewSelect(words, func(string) { touch() })
		one.input = s
		one.get = func() string { return titles[s.Selected] }
		one.set = func(v string) { s.SetSelected(d.Words(v)) }
	case runs.KindSwitch:
		c := widget.NewCheck("", func(bool) { touch() })
		one.input = c
		one.get = func() string { return fmt.Sprint(c.Checked) }
		one.set = func(v string) { c.SetChecked(v == "true") }
	default:
		e := widgets.NewEntry()
		e.OnChanged = func(string) { touch() }
		one.input = e
		one.get = func() string { return e.Text }
		one.set = e.SetText
	}
	one.reset = widget.NewButtonWithIcon("", icons.Undo, func() {
		delete(f.touched, d.Name)
		f.setting = true
		one.set(one.normal)
		f.setting = false
		switch d.Name {
		case "weights":
			f.startChanged()
		case "learn":
			f.refill()
		}
		f.matchPreset()
		f.changed()
	})
	one.reset.Importance = widget.LowImportance
	one.reset.Hide()
	return one
}

// say shows what is wrong with the option; with "", its limits where they have no other place.
func (f *field) say(fault string) {
	if fault == "" {
		f.fault.SetText(f.limits)
		f.fault.SetColor(look.ColorMuted)
	} else {
		f.fault.SetText(fault)
		f.fault.SetColor(theme.ColorNameError)
	}
	f.fault.Hidden = f.fault.Text() == ""
}

// idle says why the option has no effect beside the others, and takes no value meanwhile; "" = it has one.
func (f *field) idle(why string) {
	input, can := f.input.(fyne.Disableable)
	if !can || f.explain == nil || (why != "") == input.Disabled() {
		return
	}
	if why != "" {
		input.Disable()
		f.explain.SetText(why)
		return
	}
	input.Enable()
	f.explain.SetText(f.text)
}

// explained is what an option's line says of it: what it is, and what it may be.
func explained(d runs.OptionDoc) string {
	if d.Limits == "" {
		return d.Explanation
	}
	return d.Explanation + " From " + d.Limits + "."
}

// checks is a choice of any number of values.
func checks(d runs.OptionDoc, touch func() bool) (fyne.CanvasObject, func() string, func(string)) {
	var boxes []*widget.Check
	row := widgets.NewFlow(4)
	for _, v := range d.Values {
		c := widget.NewCheck(d.Words(v), func(bool) { touch() })
		boxes = append(boxes, c)
		row.Add(c)
	}
	get := func() string {
		var on []string
		for i, c := range boxes {
			if c.Checked {
				on = append(on, d.Values[i])
			}
		}
		return strings.Join(on, ",")
	}
	set := func(text string) {
		on := strings.Split(text, ",")
		for i, c := range boxes {
			c.SetChecked(slices.Contains(on, d.Values[i]))
		}
	}
	return row, get, set
}

// advancedRow is an option's line: title, input, the way back to the default, and its explanation or what is wrong with it.
func (f *optionFields) advancedRow(one *field) fyne.CanvasObject {
	one.explain = widgets.NewParagraph(one.text, theme.SizeNameCaptionText, look.ColorMuted)
	title := container.NewVBox(look.Gap(0, 5), look.Width(150, look.Plain(one.title)))
	input := container.NewBorder(nil, nil, nil, container.NewVBox(container.NewStack(look.Gap(32, 0), one.reset)), one.input)
	return container.NewBorder(nil, nil, title, nil, container.NewVBox(input, one.fault, one.explain))
}
