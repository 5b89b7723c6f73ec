package views

import (
	"fmt"
	"image/color"
	"slices"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// guessed is itemOf, with what the assistant suggests where nothing is annotated.
func (m *model) guessed(d studio.Datapoint, kind domain.Task) widgets.GridItem {
	item := itemOf(d, kind, m.byID)
	g, ok := m.project.Assisted(d)
	if !ok {
		return item
	}
	for _, id := range g.Concepts {
		c, there := m.byID[id]
		if !there {
			return item
		}
		item.Chips = append(item.Chips, widgets.Swatch{Text: c.Name, Color: colorOf(c)})
	}
	item.Guess = words.RoundPercent(g.Confidence)
	if len(g.Concepts) == 0 {
		item.Note = withoutConcept
	}
	return item
}

const withoutConcept = "without concept"

// itemOf is a datapoint as a cell of the gallery shows it, without its image.
func itemOf(d studio.Datapoint, kind domain.Task, concepts map[int64]domain.Concept) widgets.GridItem {
	item := widgets.GridItem{Name: d.Image.Name, Annotated: d.Annotated, Reviewed: d.Reviewed(), Suggested: d.Suggested > 0}
	if d.Image.Split != domain.SplitTrain {
		item.Mark = string(d.Image.Split)
	}
	counts := map[int64]int{}
	var order []int64
	for _, r := range d.Regions {
		for _, c := range r.Concepts {
			if counts[c] == 0 {
				order = append(order, c)
			}
			counts[c]++
			if r.Box != nil {
				item.Boxes = append(item.Boxes, widgets.GridBox{Box: within(*r.Box, d.SourceBox), Color: colorOf(concepts[c])})
			}
		}
	}
	slices.Sort(order)
	for _, c := range order {
		text := concepts[c].Name
		if kind.HasBoxes() {
			text = fmt.Sprintf("%d %s", counts[c], text)
		}
		item.Chips = append(item.Chips, widgets.Swatch{Text: text, Color: colorOf(concepts[c])})
	}
	if d.Annotated && len(order) == 0 {
		item.Note = withoutConcept
	}
	return item
}

func colorOf(c domain.Concept) color.NRGBA {
	if v, ok := look.ParseColor(c.Color); ok {
		return v
	}
	return color.NRGBA{R: 0x88, G: 0x88, B: 0x88, A: 0xff}
}

func rectOf(b domain.Box) widgets.Rect {
	return widgets.Rect{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax}
}

func boxOf(r widgets.Rect) *domain.Box {
	return &domain.Box{XMin: r.XMin, YMin: r.YMin, XMax: r.XMax, YMax: r.YMax}
}
