package library

import (
	"errors"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// optionFields are the fields of a version's options: architecture as cards, iterations and batch size, and the rest folded under Advanced.
type optionFields struct {
	content  *fyne.Container
	shell    page.Shell
	viewID   int64
	view     domain.Task
	weights  *weightsField
	start    runs.Start         // what is started from
	why      *widgets.Paragraph // what is started from and learns, and why
	changed  func()
	cards    map[string]*widgets.OptionCard
	chosen   string
	fields   map[string]*field
	order    []string
	amount   *widgets.Paragraph // what iterations and batch size amount to
	advanced *fyne.Container
	fold     *widget.Button
	open     bool
	touched  map[string]bool // changed by hand: another architecture's defaults leave them
	setting  bool            // fields are being filled, not typed in
	presets  *presets
	train    int    // images, 0 until they are counted
	compare  func() // shows the architectures side by side
	ok       bool
}

func newOptionFields(s page.Shell, view studio.View, o runs.Options, changed func()) *optionFields {
	f := &optionFields{shell: s, viewID: view.ID, view: view.Type, changed: changed, chosen: o.Architecture, cards: map[string]*widgets.OptionCard{}, fields: map[string]*field{}, touched: map[string]bool{}}
	f.amount = widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)
	cards := container.New(&cardsLayout{})
	for _, a := range runs.Architectures() {
		title := a.Title
		if title == "" {
			title = a.Name
		}
		name := a.Name
		card := widgets.NewOptionCard(title, cardFacts(f.view, a.Name, a.Parameters), a.Description, func() { f.choose(name) })
		card.SetChosen(name == f.chosen)
		f.cards[name] = card
		cards.Add(card)
	}
	simple, starts := container.NewGridWithColumns(2), container.NewGridWithColumns(2)
	f.why = widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)
	f.advanced = container.NewVBox()
	for _, d := range runs.OptionDocs(f.view, o.Architecture) {
		if d.Name == "architecture" {
			continue
		}
		one := f.newField(d)
		f.fields[d.Name] = one
		f.order = append(f.order, d.Name)
		if d.Basic {
			one.limits = d.Limits
			simple.Add(container.NewVBox(look.Section(d.Title), container.NewBorder(nil, nil, nil, one.reset, one.input), one.fault))
			continue
		}
		if d.Name == "weights" || d.Name == "learn" {
			one.basic = true
			starts.Add(container.NewVBox(look.Section(d.Title), container.NewBorder(nil, nil, nil, one.reset, one.input), one.fault))
			continue
		}
		f.advanced.Add(f.advancedRow(one))
	}
	f.fold = widget.NewButtonWithIcon("Advanced", icons.Next, f.toggle)
	f.fold.Importance = widget.LowImportance
	f.fold.Alignment = widget.ButtonAlignLeading
	f.advanced.Hide()
	f.presets = newPresets(func(name string) {
		f.takePreset(name)
		f.changed()
	})
	f.content = container.NewVBox(look.Row(8, look.Section("Architecture"), layout.NewSpacer(), widgets.NewLink("Available architectures …", func() { f.compare() })), cards, look.Gap(0, 4), starts, f.why, look.Gap(0, 4), f.presets.content, look.Gap(0, 4), simple, f.amount, f.fold, f.advanced)
	if d := runs.DefaultStart(f.view, o.Architecture); o.Weights == d.Weights {
		f.start = d
	} else if o.Weights != "" {
		f.start = runs.Start{Weights: o.Weights, Title: filepath.Base(o.Weights), Architecture: o.Architecture}
	}
	f.fill(o, true)
	f.tell()
	f.matchPreset()
	return f
}

// cardFacts says how large an architecture is, and its input if nothing else is chosen: of the built-in backbone's architecture that on which its features are best.
func cardFacts(view domain.Task, architecture string, parameters func(classes int) int) string {
	normal, _ := runs.ProposedOptions(view, architecture, 0)
	size, _, _ := strings.Cut(normal.Resizer, ":")
	if h, w, _ := strings.Cut(size, "x"); h == w {
		size = h
	}
	facts := strings.Replace(size, "x", "×", 1) + " px"
	if parameters != nil {
		facts = version.Size(parameters(10)) + " weights · " + facts
	}
	return facts
}

func (f *optionFields) toggle() {
	f.open = !f.open
	f.advanced.Hidden = !f.open
	f.fold.SetIcon(icons.Next)
	if f.open {
		f.fold.SetIcon(theme.MenuDropDownIcon())
	}
	f.content.Refresh()
}

// choose takes another architecture; what wasn't changed by hand follows its defaults, what is started from, too.
func (f *optionFields) choose(name string) {
	f.touched["architecture"] = true
	f.mark(name)
	if !f.touched["weights"] {
		f.start = runs.DefaultStart(f.view, name)
		f.weights.set(f.start.Weights)
	}
	f.refill()
	f.changed()
}

func (f *optionFields) mark(name string) {
	f.chosen = name
	for n, c := range f.cards {
		c.SetChosen(n == name)
	}
}

// fill shows options: all, or those that weren't changed by hand. What differs from the defaults counts as changed by hand.
func (f *optionFields) fill(o runs.Options, all bool) {
	f.setting = true
	defer func() { f.setting = false }()
	defaults := f.defaults()
	for name, one := range f.fields {
		one.normal, _ = defaults.Get(name)
		if name == "weights" {
			one.normal = runs.DefaultStart(f.view, f.chosen).Weights
		}
		if !all && f.touched[name] {
			continue
		}
		if v, err := o.Get(name); err == nil {
			one.set(v)
			if all && v != one.normal {
				f.touched[name] = true
			}
		}
	}
}

// options are those of the fields; what cannot be read keeps its default, and check says so.
func (f *optionFields) options() runs.Options {
	o, _ := f.read()
	return o
}

// read takes the fields' values; what cannot be read keeps its default, and faults says why, by option.
func (f *optionFields) read() (o runs.Options, faults map[string]string) {
	o, faults = runs.DefaultOptions(f.view, f.chosen), map[string]string{}
	for _, name := range f.order {
		var wrong *runs.OptionError
		if errors.As(o.Set(name, plainNumber(f.fields[name].get())), &wrong) {
			faults[name] = wrong.Reason
		}
	}
	return o, faults
}
