package library

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
)

// defaults are the options that suit the chosen architecture, what is started from and what learns.
func (f *optionFields) defaults() runs.Options {
	o, _ := f.suits()
	return o
}

func (f *optionFields) suits() (runs.Options, string) {
	start, learn := f.start, ""
	start.Architecture = f.chosen
	if one := f.fields["learn"]; one != nil && f.touched["learn"] && start.Weights != "" {
		learn = one.get()
	}
	return runs.StartOptions(f.view, start, learn, f.train)
}

// startChanged finds out about what was chosen to start from. A file is read off the window's thread.
func (f *optionFields) startChanged() {
	value := f.weights.get()
	if value == "" {
		delete(f.touched, "learn")
		if !f.touched["architecture"] {
			f.mark(runs.DefaultOptions(f.view, "").Architecture)
		}
		f.take(runs.Start{})
		return
	}
	if v, ok := f.weights.version(value); ok {
		f.take(runs.StartOf(v))
		return
	}
	if d := runs.DefaultStart(f.view, ""); value == d.Weights {
		f.take(d)
		return
	}
	f.take(runs.Start{Weights: value, Title: f.weights.title(), Architecture: f.chosen})
	go func() {
		start, err := runs.ReadWeights(value)
		fyne.Do(func() {
			if f.weights.get() != value { // another was chosen meanwhile
				return
			}
			if err != nil {
				f.weights.broken = map[string]string{value: err.Error()}
			} else {
				f.take(start)
			}
			f.changed()
		})
	}()
}

// take starts from something: architecture and what was not changed by hand follow.
func (f *optionFields) take(s runs.Start) {
	f.start = s
	if s.Architecture != "" && f.cards[s.Architecture] != nil {
		f.mark(s.Architecture)
	}
	f.refill()
}

// refill has what was not changed by hand follow what is started from and what learns.
func (f *optionFields) refill() {
	if one := f.fields["learn"]; !f.touched["learn"] { // first: a preset keeps it
		f.setting = true
		one.set(f.defaults().Learn)
		f.setting = false
	}
	if f.presets.holds != "" {
		f.takePreset(f.presets.holds)
	} else {
		f.fill(f.defaults(), false)
		f.matchPreset()
	}
	f.tell()
}

// tell says what is started from, what learns, and why; without pretrained weights everything learns.
func (f *optionFields) tell() {
	_, why := f.suits()
	f.why.SetText(why)
	learn := f.fields["learn"].input.(*widget.Select)
	if (f.start.Weights == "") != learn.Disabled() {
		if f.start.Weights == "" {
			learn.Disable()
		} else {
			learn.Enable()
		}
	}
}
