package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// Facts is a list of names with their values beside them.
type Facts struct {
	widget.BaseWidget
	facts []Fact
	names float32 // width of the column of names
	body  *fyne.Container
}

// NewFacts makes the list; names is how wide the column of names is.
func NewFacts(names float32) *Facts {
	f := &Facts{names: names, body: container.New(&factsLayout{names: names})}
	f.ExtendBaseWidget(f)
	return f
}

// Set shows other facts; those without a value are left out.
func (f *Facts) Set(facts []Fact) {
	kept := facts[:0:0]
	for _, one := range facts {
		if one.Value != "" {
			kept = append(kept, one)
		}
	}
	if len(f.body.Objects) == 2*len(kept) {
		for i, one := range kept {
			f.body.Objects[2*i].(*look.Styled).SetText(one.Name)
			if l := f.body.Objects[2*i+1].(*widget.Label); l.Text != one.Value {
				l.SetText(one.Value)
			}
		}
		f.facts = kept
		return
	}
	f.facts = kept
	f.body.Objects = nil
	for _, one := range kept {
		value := widget.NewLabel(one.Value)
		value.Wrapping = fyne.TextWrapWord
		value.SizeName = theme.SizeNameCaptionText
		value.Selectable = true
		f.body.Objects = append(f.body.Objects, look.Small(one.Name).Cut(), value)
	}
	f.body.Refresh()
	f.Refresh()
}

// Values returns what is shown, for tests.
func (f *Facts) Values() []Fact { return f.facts }

// CreateRenderer implements fyne.Widget.
func (f *Facts) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(f.body) }

type factsLayout struct{ names float32 }

func (l *factsLayout) MinSize(o []fyne.CanvasObject) (m fyne.Size) {
	for i := 0; i+1 < len(o); i += 2 {
		m.Height += fyne.Max(20, o[i+1].MinSize().Height-8)
	}
	m.Width = l.names + 60
	return m
}

func (l *factsLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for i := 0; i+1 < len(o); i += 2 {
		v := o[i+1]
		v.Resize(fyne.NewSize(s.Width-l.names, v.Size().Height))
		h := fyne.Max(20, v.MinSize().Height-8)
		o[i].Move(fyne.NewPos(0, y))
		o[i].Resize(fyne.NewSize(l.names, 20))
		v.Move(fyne.NewPos(l.names, y-4))
		v.Resize(fyne.NewSize(s.Width-l.names, h+8))
		y += h
	}
}
