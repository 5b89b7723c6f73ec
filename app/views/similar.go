package views

import (
	"context"
	"fmt"
	"path"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// similar is the gallery's order by similarity to an image, and the bar that says so and leads back.
type similar struct {
	content *fyne.Container
	text    *look.Styled
	rank    map[int64]int // place of each datapoint; nil: the usual order
	usual   func()        // reads the list in the usual order
}

func newSimilar(usual func()) *similar {
	s := &similar{text: look.NewStyled("", look.Text, true, look.ColorAccent).Cut(), usual: usual}
	row := container.NewBorder(nil, nil, nil, look.Row(4, layout.NewSpacer(), widgets.NewLink("Back to the usual order (Esc)", func() { s.end() })), s.text)
	s.content = container.New(layout.NewCustomPaddedVBoxLayout(0), look.Sheet(look.PadXY(10, 4, row)), look.HLine())
	s.content.Hide()
	return s
}

// begin orders by a list.
func (s *similar) begin(title string, order []int64) {
	s.rank = make(map[int64]int, len(order))
	for i, id := range order {
		s.rank[id] = i
	}
	s.text.SetText(title)
	s.content.Show()
}

// forget goes back to the usual order, which whoever calls it reads; false where that is what there is.
func (s *similar) forget() bool {
	if s.rank == nil {
		return false
	}
	s.rank = nil
	s.content.Hide()
	return true
}

// end goes back to the usual order; false where that is what there is.
func (s *similar) end() bool {
	if !s.forget() {
		return false
	}
	s.usual()
	return true
}

// sort brings a list into this order, if there is one. What was not in it comes last.
func (s *similar) sort(ids []int64) {
	if s.rank == nil {
		return
	}
	place := func(id int64) int {
		if i, ok := s.rank[id]; ok {
			return i
		}
		return len(s.rank)
	}
	slices.SortStableFunc(ids, func(a, b int64) int { return place(a) - place(b) })
}

// similar shows what is most like the image that is open, or like its first selected box.
func (e *editor) similar() {
	if e.point.ID == 0 {
		return
	}
	var region *domain.Box
	if len(e.chosen) > 0 && e.chosen[0] < len(e.boxes) {
		box := boxOf(e.boxes[e.chosen[0]].Box).OutOf(e.point.SourceBox)
		region = &box
	}
	e.to.similar(e.point.ID, region)
}

// showSimilar shows the gallery, what is most similar to a datapoint, or to a region of it, first.
func (p *Page) showSimilar(id int64, region *domain.Box) {
	view, project := p.shell.View(), p.project
	query := p.gallery.query()
	var d studio.Datapoint
	var order []int64
	computed := 0
	p.shell.Do("find similar images", func(ctx context.Context) error {
		list, err := project.DatapointsByID(ctx, []int64{id})
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].View != view.ID {
			return &studio.RuleError{Message: "similar images are found in the view that is shown"}
		}
		d = list[0]
		ids, err := project.AssistedIDs(ctx, query)
		if err != nil {
			return err
		}
		order, computed, err = project.Similar(ctx, ids, d, region)
		return err
	}, func() {
		if p.shell.View().ID != view.ID {
			return
		}
		what := path.Base(d.Image.Name)
		if region != nil {
			what = "the box on " + what
		}
		title := "Most similar to " + what + " first"
		if computed < len(order) {
			title += fmt.Sprintf(" (%s of %s compared so far: press M again later)", words.Number(computed), words.Number(len(order)))
		}
		p.gallery.similar.begin(title, order)
		p.gallery.grid.SetOffset(0)
		if p.editor.isOpen() {
			p.returning = nil
			p.back()
			return
		}
		p.load(true)
	})
}
