package library

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio/runs"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// presets is the row of options that go together. One holds as long as all fields are as it sets them; it then follows the architecture and
// the number of train images.
type presets struct {
	content fyne.CanvasObject
	choice  *widgets.Segments
	text    *widgets.Paragraph
	holds   string // the preset that the fields show, "" after one was changed by hand
	last    string // the one that held last
}

func newPresets(chosen func(name string)) *presets {
	p := &presets{text: widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)}
	var items []widgets.Segment
	for _, one := range runs.Presets() {
		items = append(items, widgets.Segment{Key: one.Name, Text: one.Title, Hint: one.Explanation})
	}
	p.choice = widgets.NewSegments(items, chosen)
	p.content = container.NewVBox(look.Section("Preset"), p.choice, p.text)
	return p
}

// show marks the preset that holds.
func (p *presets) show(name string) {
	p.holds = name
	if name != "" {
		p.last = name
	}
	p.choice.SetSelected(name)
	for _, one := range runs.Presets() {
		switch {
		case one.Name == name:
			p.text.SetText(one.Explanation)
		case name == "" && one.Name == p.last:
			p.text.SetText("Changed from “" + one.Title + "”. Choose a preset to restore its values.")
		case name == "" && p.last == "":
			p.text.SetText("Custom values. Choose a preset to use its values.")
		}
	}
}

// takePreset fills the fields that a preset sets.
func (f *optionFields) takePreset(name string) {
	o, ok := runs.PresetOf(name, f.defaults(), f.train)
	if !ok {
		return
	}
	for name, one := range f.fields {
		if one.keptByPresets {
			_ = o.Set(name, plainNumber(one.get())) // what cannot be read gets the default
		} else {
			delete(f.touched, name)
		}
	}
	f.fill(o, true)
	f.presets.show(name)
}

// matchPreset finds the preset whose values all fields have; where two have the same, the one that held.
func (f *optionFields) matchPreset() {
	found := ""
	for _, one := range runs.Presets() {
		if f.shows(one.Name) && (found == "" || one.Name == f.presets.holds) {
			found = one.Name
		}
	}
	f.presets.show(found)
}

// shows reports whether all fields are as the preset sets them.
func (f *optionFields) shows(preset string) bool {
	o, _ := runs.PresetOf(preset, f.defaults(), f.train)
	for _, name := range f.order {
		if f.fields[name].keptByPresets {
			continue
		}
		want, err := o.Get(name)
		if err != nil || plainNumber(f.fields[name].get()) != want {
			return false
		}
	}
	return true
}

// setTrain tells how many train images there are: the preset that holds follows.
func (f *optionFields) setTrain(n int) {
	if n == f.train {
		return
	}
	f.train = n
	if f.start.Weights != "" {
		f.refill()
	}
	if f.presets.holds != "" {
		f.takePreset(f.presets.holds)
	}
}
