package views

import (
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// numbers shows the selected box in image pixels, to be typed over.
type numbers struct {
	model   *model
	image   openImage
	content fyne.CanvasObject
	fields  [4]*widgets.Entry // x, y, width, height
	note    *look.Styled
}

func newNumbers(m *model, image openImage, focus func()) *numbers {
	n := &numbers{model: m, image: image, note: look.Small("")}
	cells := make([]fyne.CanvasObject, 0, 8)
	for i, name := range []string{"x", "y", "w", "h"} {
		f := widgets.NewEntry()
		f.OnSubmitted = func(string) { n.apply(); focus() }
		n.fields[i] = f
		cells = append(cells, container.NewBorder(nil, nil, look.Width(12, look.Small(name)), nil, f))
	}
	n.content = container.NewVBox(n.note, container.NewGridWithColumns(2, cells...))
	return n
}

func (n *numbers) size() (w, h float64) {
	d := n.model.opened.point
	w, h = float64(d.Image.Width), float64(d.Image.Height)
	if b := d.SourceBox; b != nil {
		w, h = w*(b.XMax-b.XMin), h*(b.YMax-b.YMin)
	}
	return w, h
}

func (n *numbers) refresh() {
	o := &n.model.opened
	selected := o.chosen
	if len(selected) != 1 || selected[0] >= len(o.boxes) {
		n.note.SetText("Box: none selected")
		if len(selected) > 1 {
			n.note.SetText(words.Number(len(selected)) + " boxes selected")
		}
		for _, f := range n.fields {
			f.SetText("")
			f.Disable()
		}
		return
	}
	m := o.boxes[selected[0]]
	w, h := n.size()
	n.note.SetText("Box in pixels: " + m.Label)
	for i, v := range []float64{m.Box.XMin * w, m.Box.YMin * h, (m.Box.XMax - m.Box.XMin) * w, (m.Box.YMax - m.Box.YMin) * h} {
		n.fields[i].Enable()
		n.fields[i].SetText(strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64))
	}
}

func (n *numbers) apply() {
	selected := n.model.opened.chosen
	w, h := n.size()
	if len(selected) != 1 || w == 0 || h == 0 {
		return
	}
	var v [4]float64
	for i, f := range n.fields {
		x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(f.Text), ",", "."), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			n.model.shell.Notify("Type numbers: the box's corner, width and height in pixels.")
			n.refresh()
			return
		}
		v[i] = x
	}
	if !n.image.setBox(selected[0], widgets.Rect{XMin: v[0] / w, YMin: v[1] / h, XMax: (v[0] + v[2]) / w, YMax: (v[1] + v[3]) / h}) {
		n.model.shell.Notify("A box must have an area inside the image.")
		n.refresh()
	}
}

// newTone makes the sliders that change the display alone.
func newTone(image openImage) fyne.CanvasObject {
	slider := func() *widget.Slider {
		s := widget.NewSlider(-1, 1)
		s.Step = 0.05
		return s
	}
	brightness, contrast := slider(), slider()
	apply := func(float64) { image.setTone(brightness.Value, contrast.Value) }
	brightness.OnChanged, contrast.OnChanged = apply, apply
	reset := widgets.NewIconButton(icons.Again, "Reset brightness and contrast", func() {
		brightness.SetValue(0)
		contrast.SetValue(0)
	})
	row := func(icon fyne.Resource, s *widget.Slider) fyne.CanvasObject {
		return container.NewBorder(nil, nil, widget.NewIcon(icon), nil, look.Track(s))
	}
	return container.NewBorder(nil, nil, nil, reset, container.NewVBox(row(icons.Brightness, brightness), row(icons.Contrast, contrast)))
}
