package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// ViewRow is one view of a [ViewTree].
type ViewRow struct {
	ID    int64
	Depth int
	Icon  fyne.Resource
	Name  string
	What  string  // beneath the name: its condition, or its type
	Count string  // "860 / 1,204"
	Done  float64 // share that is annotated, drawn as a thin bar
	Hint  string
}

// ViewTree lists views, children beneath their parents, and marks the current one.
type ViewTree struct {
	widget.BaseWidget
	OnPick func(id int64)
	OnMenu func(id int64, at fyne.Position)

	current int64
	box     *fyne.Container
	parts   []*viewPart
}

type viewPart struct {
	row    ViewRow
	press  *Pressable
	indent *canvas.Rectangle
	icon   *canvas.Image
	name   *look.Styled
	count  *look.Styled
	what   *look.Styled
	bar    *shareBar
}

// NewViewTree makes an empty tree.
func NewViewTree() *ViewTree {
	t := &ViewTree{box: container.New(&tightColumn{gap: 2})}
	t.ExtendBaseWidget(t)
	return t
}

// SetRows shows these views, parents before their children.
func (t *ViewTree) SetRows(rows []ViewRow) {
	for len(t.parts) < len(rows) {
		t.parts = append(t.parts, t.part())
	}
	t.parts = t.parts[:len(rows)]
	objects := make([]fyne.CanvasObject, len(rows))
	for i, p := range t.parts {
		objects[i] = p.press
		p.show(rows[i])
	}
	t.box.Objects = objects
	t.SetCurrent(t.current)
	t.box.Refresh()
	t.Refresh()
}

// SetCurrent marks the current view.
func (t *ViewTree) SetCurrent(id int64) {
	t.current = id
	for _, p := range t.parts {
		p.press.SetSelected(p.row.ID == id)
	}
}

func (t *ViewTree) part() *viewPart {
	p := &viewPart{
		indent: canvas.NewRectangle(color.Transparent),
		icon:   canvas.NewImageFromResource(theme.FileImageIcon()),
		name:   look.NewStyled("", look.Text, true, theme.ColorNameForeground).Cut(),
		count:  look.Small("").Align(fyne.TextAlignTrailing),
		what:   look.NewStyled("", look.TextSmall, false, look.ColorMuted).Cut(),
		bar:    newShareBar(),
	}
	p.icon.FillMode = canvas.ImageFillContain
	p.icon.SetMinSize(fyne.NewSize(18, 18))
	body := container.New(&tightColumn{gap: 2}, p.name, look.Row(6, p.what, p.count), p.bar)
	row := container.NewBorder(nil, nil, container.NewHBox(p.indent, p.icon), nil, look.PadXY(4, 0, body))
	p.press = NewPressable(look.PadXY(8, 6, row), func() {
		if t.OnPick != nil {
			t.OnPick(p.row.ID)
		}
	})
	p.press.OnMenu = func(at fyne.Position) {
		if t.OnMenu != nil {
			t.OnMenu(p.row.ID, at)
		}
	}
	return p
}

func (p *viewPart) show(row ViewRow) {
	p.row = row
	p.indent.SetMinSize(fyne.NewSize(float32(row.Depth)*14, 1))
	p.icon.Resource = row.Icon
	p.icon.Refresh()
	p.name.SetText(row.Name)
	p.count.SetText(row.Count)
	p.what.SetText(row.What)
	p.bar.set(row.Done)
	p.press.Hint = row.Hint
	p.press.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (t *ViewTree) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(t.box) }

// shareBar is a thin bar filled to a share.
type shareBar struct {
	widget.BaseWidget
	share float64
}

func newShareBar() *shareBar {
	b := &shareBar{}
	b.ExtendBaseWidget(b)
	return b
}

func (b *shareBar) set(share float64) {
	if b.share != share {
		b.share = share
		b.Refresh()
	}
}

func (b *shareBar) CreateRenderer() fyne.WidgetRenderer {
	r := &shareBarRenderer{b: b, ground: canvas.NewRectangle(color.Transparent), fill: canvas.NewRectangle(color.Transparent)}
	r.ground.CornerRadius, r.fill.CornerRadius = 1.5, 1.5
	r.Refresh()
	return r
}

type shareBarRenderer struct {
	b            *shareBar
	ground, fill *canvas.Rectangle
}

func (r *shareBarRenderer) Layout(size fyne.Size) {
	r.ground.Resize(size)
	r.fill.Resize(fyne.NewSize(size.Width*float32(r.b.share), size.Height))
}
func (r *shareBarRenderer) MinSize() fyne.Size { return fyne.NewSize(20, 3) }
func (r *shareBarRenderer) Refresh() {
	r.ground.FillColor, r.fill.FillColor = look.Color(look.ColorFaint), look.Color(theme.ColorNamePrimary)
	r.Layout(r.b.Size())
	r.ground.Refresh()
	r.fill.Refresh()
}
func (r *shareBarRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.ground, r.fill}
}
func (r *shareBarRenderer) Destroy() {}
