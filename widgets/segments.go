package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/widgets/look"
)

// Segment is one choice of [Segments].
type Segment struct {
	Key   string
	Text  string
	Badge string        // beside the text, quieter: a count
	Icon  fyne.Resource // before the text; may be nil
	Hint  string
}

// Segments is a row of choices of which one holds. Left and right go on when one is focused, through Tab.
type Segments struct {
	widget.BaseWidget
	OnChange func(key string)

	items    []Segment
	selected string
	row      *fyne.Container
	parts    []*segmentPart
	large    bool
}

type segmentPart struct {
	press *Pressable
	text  *look.Styled
	badge *look.Styled
	icon  *canvas.Image
}

// NewSegments makes a row of choices, the first of which holds.
func NewSegments(items []Segment, changed func(key string)) *Segments {
	s := &Segments{OnChange: changed, row: look.Row(2)}
	s.ExtendBaseWidget(s)
	s.SetItems(items)
	return s
}

// NewTabs makes segments that are larger, for the head of a window.
func NewTabs(items []Segment, changed func(key string)) *Segments {
	s := &Segments{OnChange: changed, row: look.Row(4), large: true}
	s.ExtendBaseWidget(s)
	s.SetItems(items)
	return s
}

// SetItems changes the choices; when only badges differ, nothing else is made anew.
func (s *Segments) SetItems(items []Segment) {
	same := len(items) == len(s.items)
	for i := 0; same && i < len(items); i++ {
		same = items[i].Key == s.items[i].Key && items[i].Text == s.items[i].Text
	}
	s.items = items
	if s.selected == "" && len(items) > 0 {
		s.selected = items[0].Key
	}
	if same {
		for i, p := range s.parts {
			if p.badge.Text() != items[i].Badge {
				p.badge.SetText(items[i].Badge)
				if items[i].Badge == "" {
					p.badge.Hide()
				} else {
					p.badge.Show()
				}
				p.press.Refresh()
			}
		}
		s.row.Refresh()
		s.Refresh()
		return
	}
	s.parts = nil
	s.row.Objects = nil
	for _, item := range items {
		s.parts = append(s.parts, s.part(item))
		s.row.Objects = append(s.row.Objects, s.parts[len(s.parts)-1].press)
	}
	s.style()
	s.row.Refresh()
	s.Refresh()
}

func (s *Segments) part(item Segment) *segmentPart {
	size, x, y := look.Text, float32(8), float32(4)
	if s.large {
		size, x, y = look.Text+1, 12, 6
	}
	p := &segmentPart{
		text:  look.NewStyled(item.Text, size, s.large, theme.ColorNameForeground),
		badge: look.NewStyled(item.Badge, look.TextSmall, false, look.ColorMuted),
	}
	var objects []fyne.CanvasObject
	if item.Icon != nil {
		p.icon = canvas.NewImageFromResource(item.Icon)
		p.icon.FillMode = canvas.ImageFillContain
		p.icon.SetMinSize(fyne.NewSize(17, 17))
		objects = append(objects, p.icon)
	}
	if item.Badge == "" {
		p.badge.Hide()
	}
	objects = append(objects, p.text, p.badge)
	key := item.Key
	p.press = NewPressable(look.PadXY(x, y, look.Row(6, objects...)), func() { s.choose(key) })
	p.press.Hint = item.Hint
	return p
}

func (s *Segments) choose(key string) {
	if s.selected == key {
		return
	}
	s.SetSelected(key)
	if s.OnChange != nil {
		s.OnChange(key)
	}
}

// SetSelected chooses without telling OnChange.
func (s *Segments) SetSelected(key string) {
	s.selected = key
	s.style()
}

// Selected is the key of the one that holds.
func (s *Segments) Selected() string { return s.selected }

func (s *Segments) style() {
	for i, p := range s.parts {
		on := s.items[i].Key == s.selected
		p.press.SetSelected(on)
		name, badge := look.ColorMuted, look.ColorMuted
		if on {
			name, badge = theme.ColorNamePrimary, theme.ColorNamePrimary
		}
		p.text.SetColor(name)
		p.badge.SetColor(badge)
		if p.icon != nil {
			if on {
				p.icon.Resource = theme.NewPrimaryThemedResource(s.items[i].Icon)
			} else {
				p.icon.Resource = s.items[i].Icon
			}
			p.icon.Refresh()
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(s.row))
}
