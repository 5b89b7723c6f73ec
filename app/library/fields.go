package library

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// optionFields are the fields of a version's options: architecture as cards, iterations and batch size, and the rest folded under Advanced.
type optionFields struct {
	content  *fyne.Container
	shell    page.Shell
	viewID   int64
	view     studio.ViewType
	weights  *weightsField
	changed  func()
	cards    map[string]*widgets.OptionCard
	chosen   string
	fields   map[string]*field
	order    []string
	passes   *widgets.Paragraph // what iterations and batch size amount to
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

// field is one option: its input, what is wrong with it, and its way back to the default.
type field struct {
	name    string
	input   fyne.CanvasObject
	get     func() string
	set     func(string)
	fault   *look.Styled
	explain *widgets.Paragraph
	reset   *widget.Button
	text    string // its explanation
	normal  string // its default
}

func newOptionFields(s page.Shell, view studio.View, o studio.Options, changed func()) *optionFields {
	f := &optionFields{shell: s, viewID: view.ID, view: view.Type, changed: changed, chosen: o.Architecture, cards: map[string]*widgets.OptionCard{}, fields: map[string]*field{}, touched: map[string]bool{}}
	f.passes = widgets.NewParagraph(" ", theme.SizeNameCaptionText, look.ColorMuted)
	cards := container.New(&cardsLayout{})
	for _, a := range studio.Architectures() {
		title := a.Title
		if title == "" {
			title = a.Name
		}
		normal := studio.DefaultOptions(f.view, a.Name)
		size, _, _ := strings.Cut(normal.Resizer, ":")
		if h, w, _ := strings.Cut(size, "x"); h == w {
			size = h
		}
		facts := strings.Replace(size, "x", "×", 1) + " px"
		if a.Parameters != nil {
			facts = version.Size(a.Parameters(10)) + " weights · " + facts
		}
		name := a.Name
		card := widgets.NewOptionCard(title, facts, a.Description, func() { f.choose(name) })
		card.SetChosen(name == f.chosen)
		f.cards[name] = card
		cards.Add(card)
	}
	f.advanced = container.NewVBox()
	for _, d := range studio.OptionDocs(f.view, o.Architecture) {
		if d.Name == "architecture" {
			continue
		}
		one := f.newField(d)
		f.fields[d.Name] = one
		f.order = append(f.order, d.Name)
		if d.Name != "iterations" && d.Name != "batch_size" {
			f.advanced.Add(f.advancedRow(one))
		}
	}
	f.fold = widget.NewButtonWithIcon("Advanced", icons.Next, f.toggle)
	f.fold.Importance = widget.LowImportance
	f.fold.Alignment = widget.ButtonAlignLeading
	f.advanced.Hide()
	simple := container.NewGridWithColumns(2, f.simple("iterations", "Iterations"), f.simple("batch_size", "Batch size"))
	f.presets = newPresets(func(name string) {
		f.takePreset(name)
		f.changed()
	})
	f.content = container.NewVBox(look.Row(8, look.Section("Architecture"), layout.NewSpacer(), widgets.NewLink("Available architectures …", func() { f.compare() })), cards, look.Gap(0, 4), f.presets.content, look.Gap(0, 4), simple, f.passes, f.fold, f.advanced)
	f.fill(o, true)
	f.matchPreset()
	return f
}

func (f *optionFields) simple(name, title string) fyne.CanvasObject {
	one := f.fields[name]
	return container.NewVBox(look.Section(title), container.NewBorder(nil, nil, nil, one.reset, one.input), one.fault)
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

// newField makes the input that suits an option's values.
func (f *optionFields) newField(d studio.OptionDoc) *field {
	one := &field{name: d.Name, text: d.Explanation, normal: d.Default, fault: look.Small("").Cut()}
	one.fault.SetColor(colorFault)
	one.fault.Hide()
	touch := func() bool {
		if !f.setting {
			f.touched[d.Name] = true
			f.matchPreset()
			f.changed()
		}
		return true
	}
	switch {
	case d.Name == "augment":
		one.input, one.get, one.set = checks(d.Values, touch)
	case d.Name == "weights":
		f.weights = newWeightsField(f.shell, f.viewID, func() { touch() })
		one.input, one.get, one.set = f.weights.choice, f.weights.get, f.weights.set
	case len(d.Values) > 0:
		titles := map[string]string{}
		var words []string
		for _, v := range d.Values {
			w := version.ValueTitle(d.Name, v)
			titles[w] = v
			words = append(words, w)
		}
		s := widget.NewSelect(words, func(string) { touch() })
		one.input = s
		one.get = func() string { return titles[s.Selected] }
		one.set = func(v string) { s.SetSelected(version.ValueTitle(d.Name, v)) }
	case d.Default == "true" || d.Default == "false":
		c := widget.NewCheck("", func(bool) { touch() })
		one.input = c
		one.get = func() string { return fmt.Sprint(c.Checked) }
		one.set = func(v string) { c.SetChecked(v == "true") }
	default:
		e := newEntry(touch)
		one.input = e
		one.get = func() string { return e.Text }
		one.set = e.SetText
	}
	one.reset = widget.NewButtonWithIcon("", icons.Undo, func() {
		delete(f.touched, d.Name)
		f.setting = true
		one.set(one.normal)
		f.setting = false
		f.matchPreset()
		f.changed()
	})
	one.reset.Importance = widget.LowImportance
	one.reset.Hide()
	return one
}

// checks is a choice of any number of values.
func checks(values []string, touch func() bool) (fyne.CanvasObject, func() string, func(string)) {
	var boxes []*widget.Check
	row := widgets.NewFlow(4)
	for _, v := range values {
		c := widget.NewCheck(version.ValueTitle("augment", v), func(bool) { touch() })
		boxes = append(boxes, c)
		row.Add(c)
	}
	get := func() string {
		var on []string
		for i, c := range boxes {
			if c.Checked {
				on = append(on, values[i])
			}
		}
		return strings.Join(on, ",")
	}
	set := func(text string) {
		on := strings.Split(text, ",")
		for i, c := range boxes {
			c.SetChecked(slices.Contains(on, values[i]))
		}
	}
	return row, get, set
}

// advancedRow is an option's line: title, input, the way back to the default, and its explanation or what is wrong with it.
func (f *optionFields) advancedRow(one *field) fyne.CanvasObject {
	one.explain = widgets.NewParagraph(one.text, theme.SizeNameCaptionText, look.ColorMuted)
	title := container.NewVBox(look.Gap(0, 5), look.Width(150, look.Plain(version.OptionTitle(one.name))))
	input := container.NewBorder(nil, nil, nil, container.NewVBox(container.NewStack(look.Gap(32, 0), one.reset)), one.input)
	return container.NewBorder(nil, nil, title, nil, container.NewVBox(input, one.fault, one.explain))
}

// choose takes another architecture; what wasn't changed by hand follows its defaults.
func (f *optionFields) choose(name string) {
	f.chosen = name
	for n, c := range f.cards {
		c.SetChosen(n == name)
	}
	if f.presets.holds != "" {
		f.takePreset(f.presets.holds)
	} else {
		f.fill(studio.DefaultOptions(f.view, name), false)
		f.matchPreset()
	}
	f.changed()
}

// fill shows options: all, or those that weren't changed by hand. What differs from the defaults counts as changed by hand.
func (f *optionFields) fill(o studio.Options, all bool) {
	f.setting = true
	defer func() { f.setting = false }()
	for _, d := range studio.OptionDocs(f.view, f.chosen) {
		one := f.fields[d.Name]
		if one == nil {
			continue
		}
		one.normal = d.Default
		if !all && f.touched[d.Name] {
			continue
		}
		if v, err := o.Get(d.Name); err == nil {
			one.set(v)
			if all && v != d.Default {
				f.touched[d.Name] = true
			}
		}
	}
}

// options are those of the fields; what cannot be read keeps its default, and check says so.
func (f *optionFields) options() studio.Options {
	o, _ := f.read()
	return o
}

func (f *optionFields) read() (o studio.Options, faults map[string]string) {
	o, faults = studio.DefaultOptions(f.view, f.chosen), map[string]string{}
	for _, name := range f.order {
		if err := o.Set(name, plainNumber(f.fields[name].get())); err != nil {
			faults[name] = strings.TrimPrefix(err.Error(), "option "+name+": ")
		}
	}
	return o, faults
}

// check shows, at each field, what is wrong with it, and returns what belongs to none of them. train is the number of train images, for
// how often the network will see each.
func (f *optionFields) check(train int) (rest string) {
	f.setTrain(train)
	o, faults := f.read()
	if err := studio.ValidateOptions(f.view, o); err != nil {
		var others []string
		for _, m := range strings.Split(strings.TrimPrefix(err.Error(), "training options: "), "; ") {
			name, _, _ := strings.Cut(m, " ")
			name = strings.TrimSuffix(name, ":")
			if _, known := f.fields[name]; known {
				if faults[name] == "" {
					faults[name] = m
				}
			} else {
				others = append(others, m)
			}
		}
		rest = version.Capital(strings.Join(others, "; "))
	}
	if fault := f.weights.fault(f.chosen); fault != "" && faults["weights"] == "" {
		faults["weights"] = fault
	}
	f.ok = len(faults) == 0 && rest == ""
	for name, one := range f.fields {
		fault := faults[name]
		if fault != "" {
			fault = strings.Replace(fault, name, version.OptionTitle(name), 1)
		}
		one.fault.SetText(version.Capital(grouped(fault)))
		one.fault.Hidden = fault == ""
		one.reset.Hidden = one.get() == one.normal
		one.fault.Refresh()
		one.reset.Refresh()
	}
	hidden := 0
	for name := range faults {
		if name != "iterations" && name != "batch_size" {
			hidden++
		}
	}
	f.fold.SetText("Advanced")
	switch n := f.changedCount(); {
	case hidden > 0:
		f.fold.SetText(fmt.Sprintf("Advanced: %s to put right", look.Plural(hidden, "field", "fields")))
	case n > 0:
		f.fold.SetText(fmt.Sprintf("Advanced: %s changed", look.Plural(n, "option", "options")))
	}
	f.passes.SetText(passes(o, train, faults))
	return rest
}

var thousands = regexp.MustCompile(`^\s*[1-9]\d{0,2}(,\d{3})+\s*$`)

// plainNumber takes the commas out of 10,000; a comma that stands for a decimal point is left, so that it is said to be wrong.
func plainNumber(text string) string {
	if thousands.MatchString(text) {
		return strings.ReplaceAll(text, ",", "")
	}
	return text
}

var long = regexp.MustCompile(`\b\d{5,}\b`)

// grouped sets commas into the long numbers of a sentence.
func grouped(text string) string {
	return long.ReplaceAllStringFunc(text, func(digits string) string {
		n, err := strconv.Atoi(digits)
		if err != nil {
			return digits
		}
		return look.Count(n)
	})
}

func (f *optionFields) changedCount() (n int) {
	for name, one := range f.fields {
		if name != "iterations" && name != "batch_size" && one.get() != one.normal {
			n++
		}
	}
	return n
}

// passes says what iterations and batch size amount to.
func passes(o studio.Options, train int, faults map[string]string) string {
	if faults["iterations"] != "" || faults["batch_size"] != "" || o.Iterations < 1 || o.BatchSize < 1 {
		return " "
	}
	text := fmt.Sprintf("%s iterations of %s", look.Count(o.Iterations), look.Plural(o.BatchSize, "image", "images"))
	if train > 0 {
		times := float64(o.Iterations) * float64(o.BatchSize) / float64(train)
		if times < 10 {
			text += fmt.Sprintf(": each of the %s train images is seen %.1f times", look.Count(train), times)
		} else {
			text += fmt.Sprintf(": each of the %s train images is seen about %s times", look.Count(train), look.Count(int(times+0.5)))
		}
	}
	return text + ". The time it takes is known after the first iterations."
}

// cardsLayout is a grid of cards in as many columns as fit, all of one height.
type cardsLayout struct{ width float32 }

const cardLeast, cardGap = 186, 8

func (l *cardsLayout) columns(n int, width float32) int {
	return max(1, min(n, int((width+cardGap)/(cardLeast+cardGap))))
}

// MinSize implements fyne.Layout.
func (l *cardsLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	width := l.width
	if width == 0 {
		width = 600
	}
	rows := (len(o) + l.columns(len(o), width) - 1) / max(1, l.columns(len(o), width))
	return fyne.NewSize(cardLeast, float32(rows)*(l.height(o)+cardGap)-cardGap)
}

func (l *cardsLayout) height(o []fyne.CanvasObject) (h float32) {
	for _, c := range o {
		h = fyne.Max(h, c.MinSize().Height)
	}
	return h
}

// Layout implements fyne.Layout.
func (l *cardsLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	n := l.columns(len(o), s.Width)
	w := (s.Width - cardGap*float32(n-1)) / float32(n)
	for i, c := range o { // widths first: heights of wrapped words follow from them
		c.Resize(fyne.NewSize(w, c.Size().Height))
		c.Move(fyne.NewPos(float32(i%n)*(w+cardGap), c.Position().Y))
	}
	h := l.height(o)
	for i, c := range o {
		c.Move(fyne.NewPos(float32(i%n)*(w+cardGap), float32(i/n)*(h+cardGap)))
		c.Resize(fyne.NewSize(w, h))
	}
}
