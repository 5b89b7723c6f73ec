package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/icons"
	"viewfinder/widgets/look"
)

// ConceptRow is one concept of a [ConceptList].
type ConceptRow struct {
	ID         int64
	Name       string
	Color      color.NRGBA
	Dots       int    // beside the colour, so that it can be told from one like it
	Key        string // the key that sets it; may be empty
	Train, Val string // counts, ready to be shown
	Test       string // "" where nothing is in test
}

const conceptGap = 1 // between two rows

// ConceptList lists concepts: colour, name, key, and how often each is used in each split. Some can be marked as holding
// for what is shown, or as the one that is drawn with next.
type ConceptList struct {
	widget.BaseWidget
	OnPick func(id int64)
	OnMenu func(id int64, at fyne.Position)
	OnMove func(id int64, by int) // dragged, or moved by Alt+Up and Alt+Down, so many rows down; never past an end

	rows   []ConceptRow
	active map[int64]bool
	ahead  int64 // the concept that Enter takes while one is typed
	box    *fyne.Container
	drop   *canvas.Rectangle // where what is dragged would go
	parts  []*conceptPart
}

type conceptPart struct {
	row    ConceptRow
	press  *conceptItem
	swatch *ConceptSwatch
	name   *look.Styled
	key    *KeyCap
	counts *look.Styled
	check  *canvas.Image
}

// NewConceptList makes an empty list.
func NewConceptList() *ConceptList {
	l := &ConceptList{active: map[int64]bool{}, box: container.New(&tightColumn{gap: conceptGap}), drop: canvas.NewRectangle(color.Transparent)}
	l.drop.Hide()
	l.ExtendBaseWidget(l)
	return l
}

// SetRows shows these concepts. Rows are kept where their concept is at the same place, so that focus stays.
func (l *ConceptList) SetRows(rows []ConceptRow) {
	l.rows = rows
	for len(l.parts) < len(rows) {
		l.parts = append(l.parts, l.part())
	}
	l.parts = l.parts[:len(rows)]
	objects := make([]fyne.CanvasObject, len(rows))
	for i, p := range l.parts {
		objects[i] = p.press
		p.show(rows[i])
	}
	l.box.Objects = objects
	l.style()
	l.box.Refresh()
	l.Refresh()
}

// SetActive marks concepts as holding now.
func (l *ConceptList) SetActive(ids ...int64) {
	clear(l.active)
	for _, id := range ids {
		l.active[id] = true
	}
	l.style()
}

// SetAhead marks the concept that Enter would take, 0 for none.
func (l *ConceptList) SetAhead(id int64) {
	if l.ahead != id {
		l.ahead = id
		l.style()
	}
}

// At is a concept's place in the list, from its top to its bottom; both are 0 if it isn't there.
func (l *ConceptList) At(id int64) (top, bottom float32) {
	for _, p := range l.parts {
		if p.row.ID == id {
			return p.press.Position().Y, p.press.Position().Y + p.press.Size().Height
		}
	}
	return 0, 0
}

func (l *ConceptList) part() *conceptPart {
	p := &conceptPart{
		swatch: NewConceptSwatch(),
		name:   look.NewStyled("", look.Text, false, theme.ColorNameForeground).Cut(),
		key:    NewKeyCap(""),
		counts: look.Small("").Align(fyne.TextAlignTrailing),
		check:  canvas.NewImageFromResource(theme.NewPrimaryThemedResource(icons.Check)),
	}
	p.check.SetMinSize(fyne.NewSize(14, 14))
	p.check.FillMode = canvas.ImageFillContain
	p.press = &conceptItem{list: l, part: p}
	p.press.Content = look.PadXY(8, 5, look.Row(8, p.swatch, p.name, p.check, p.counts, p.key))
	p.press.radius = look.Radius - 1
	p.press.OnPress = func() {
		if l.OnPick != nil {
			l.OnPick(p.row.ID)
		}
	}
	p.press.ExtendBaseWidget(p.press)
	p.press.OnMenu = func(at fyne.Position) {
		if l.OnMenu != nil {
			l.OnMenu(p.row.ID, at)
		}
	}
	return p
}

func (p *conceptPart) show(row ConceptRow) {
	p.row = row
	p.swatch.Set(row.Color, row.Dots)
	p.name.SetText(row.Name)
	counts := row.Train
	if row.Val != "" {
		counts += " · " + row.Val
	}
	test := ""
	if row.Test != "" {
		counts += " · " + row.Test
		test = ", " + row.Test + " in test"
	}
	p.counts.SetText(counts)
	p.key.SetText(row.Key)
	p.press.Hint = row.Name + ": " + row.Train + " in train, " + row.Val + " in val" + test + ". Right-click to change it; drag it, or use Alt+↑ and Alt+↓, to reorder."
}

func (l *ConceptList) style() {
	for _, p := range l.parts {
		on := l.active[p.row.ID]
		p.press.SetAhead(l.ahead != 0 && l.ahead == p.row.ID)
		p.press.SetSelected(on)
		if on {
			p.check.Show()
		} else {
			p.check.Hide()
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (l *ConceptList) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(l.box, container.NewWithoutLayout(l.drop)))
}

// KeyCap shows a key as it looks on a keyboard; empty, it keeps its room.
type KeyCap struct {
	widget.BaseWidget
	text string
}

// NewKeyCap makes a key.
func NewKeyCap(text string) *KeyCap {
	k := &KeyCap{text: text}
	k.ExtendBaseWidget(k)
	return k
}

// SetText changes the key.
func (k *KeyCap) SetText(text string) {
	if k.text != text {
		k.text = text
		k.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (k *KeyCap) CreateRenderer() fyne.WidgetRenderer {
	r := &keyCapRenderer{k: k, cap: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", color.Black)}
	r.cap.CornerRadius = 4
	r.text.TextSize = look.TextSmall
	r.text.Alignment = fyne.TextAlignCenter
	r.Refresh()
	return r
}

type keyCapRenderer struct {
	k    *KeyCap
	cap  *canvas.Rectangle
	text *canvas.Text
}

func (r *keyCapRenderer) Layout(size fyne.Size) {
	r.cap.Resize(size)
	h := r.text.MinSize().Height
	r.text.Move(fyne.NewPos(0, (size.Height-h)/2))
	r.text.Resize(fyne.NewSize(size.Width, h))
}

func (r *keyCapRenderer) MinSize() fyne.Size {
	m := r.text.MinSize()
	return fyne.NewSize(fyne.Max(20, m.Width+10), m.Height+2)
}

func (r *keyCapRenderer) Refresh() {
	r.text.Text = r.k.text
	r.text.Color = look.Color(look.ColorMuted)
	r.cap.FillColor, r.cap.StrokeColor, r.cap.StrokeWidth = look.Color(theme.ColorNameBackground), look.Color(theme.ColorNameInputBorder), 1
	if r.k.text == "" {
		r.cap.FillColor, r.cap.StrokeWidth = color.Transparent, 0
	}
	r.cap.Refresh()
	r.text.Refresh()
}

func (r *keyCapRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.cap, r.text} }
func (r *keyCapRenderer) Destroy()                     {}

// tightColumn lays objects below each other with a small gap, each as wide as the column.
type tightColumn struct{ gap float32 }

func (c *tightColumn) MinSize(objects []fyne.CanvasObject) (m fyne.Size) {
	for _, o := range objects {
		if o.Visible() {
			s := o.MinSize()
			m = fyne.NewSize(fyne.Max(m.Width, s.Width), m.Height+s.Height+c.gap)
		}
	}
	return m
}

func (c *tightColumn) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for _, o := range objects {
		if o.Visible() {
			h := o.MinSize().Height
			o.Move(fyne.NewPos(0, y))
			o.Resize(fyne.NewSize(size.Width, h))
			y += h + c.gap
		}
	}
}
