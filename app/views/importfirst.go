package views

import (
	"path"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/studio/transfer"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// The first images in the import sheet.
const (
	firstShown  = 9
	firstAcross = 5
	firstWidth  = 112
	firstHeight = 62
)

// hasView tells whether the project has a view of that name and type.
func (s *importSheet) hasView(v transfer.FoundView) bool {
	for _, n := range s.page.nodes {
		if n.View.Type == v.Type && domain.SameName(n.View.Name, v.Name) {
			return true
		}
	}
	return false
}

// showFirst shows the first images that were found, each with its boxes and its concepts.
func (s *importSheet) showFirst(found []transfer.Found) {
	s.first.RemoveAll()
	for _, f := range found {
		for _, one := range f.First {
			if len(s.first.Objects) < firstShown {
				s.first.Add(firstTile(one, f.Concepts))
			}
		}
	}
	if len(s.first.Objects) > 0 {
		s.what.Hide() // it makes room: something was chosen
		s.first.Show()
	}
}

// firstTile is one image; its boxes are in the colours that the concepts would get.
func firstTile(one transfer.FoundImage, concepts []string) fyne.CanvasObject {
	caption := path.Base(one.Name)
	if len(one.Concepts) > 0 {
		caption = one.Concepts[0]
	}
	shown := fyne.CanvasObject(look.Small("cannot be read").Cut())
	if one.Picture != nil {
		boxes := make([]widgets.GridBox, len(one.Boxes))
		for i, b := range one.Boxes {
			boxes[i] = widgets.GridBox{Box: rectOf(b.Box), Color: look.Concept(max(0, slices.Index(concepts, b.Concept)))}
		}
		picture := canvas.NewImageFromImage(widgets.WithBoxes(one.Picture, boxes))
		picture.FillMode = canvas.ImageFillContain
		shown = picture
	} else {
		caption = path.Base(one.Name) + ": " + one.Reason
	}
	return container.NewVBox(container.NewGridWrap(fyne.NewSize(firstWidth, firstHeight), shown), look.Width(firstWidth, look.Small(caption).Cut()))
}
