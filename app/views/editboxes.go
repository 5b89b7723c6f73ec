package views

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// showRegions puts the datapoint's regions into the annotator.
func (e *editor) showRegions(keep bool) {
	var marks []widgets.Mark
	var tags []widgets.Tag
	for _, r := range e.point.Regions {
		if r.Box != nil {
			c := domain.Concept{}
			if len(r.Concepts) > 0 {
				c = e.byID[r.Concepts[0]]
			}
			marks = append(marks, widgets.Mark{ID: r.ID, Value: c.ID, Box: e.toPicture(*r.Box), Label: c.Name, Color: colorOf(c)})
			continue
		}
		for _, id := range r.Concepts {
			c := e.byID[id]
			tags = append(tags, widgets.Tag{Label: c.Name, Color: colorOf(c)})
		}
	}
	if e.point.Annotated && len(marks)+len(tags) == 0 && !e.stale {
		tags = append(tags, widgets.Tag{Label: "Without concept", Color: look.Color(look.ColorMuted)})
	}
	if !slices.Equal(marks, e.annotator.Marks()) || !keep {
		e.annotator.SetMarks(marks, keep)
		e.setBoxes(e.annotator.Marks(), e.annotator.Selected())
	}
	e.annotator.SetTags(tags)
}

// toPicture gives a box of the image as a rectangle of what is shown: the image, or a part of it.
func (e *editor) toPicture(b domain.Box) widgets.Rect { return within(b, e.point.SourceBox) }

func within(b domain.Box, crop *domain.Box) widgets.Rect { return rectOf(b.In(crop)) }

// fromPicture is the way back.
func (e *editor) fromPicture(r widgets.Rect) *domain.Box {
	b := boxOf(r).OutOf(e.point.SourceBox)
	return &b
}

// changed saves what was drawn, moved, deleted.
func (e *editor) changed(marks []widgets.Mark, what string) {
	if e.point.ID == 0 || !e.view.Type.HasBoxes() {
		return
	}
	if len(e.concepts) == 0 {
		e.shell.Notify("Add a concept first: type its name on the right.")
		e.showRegions(false)
		return
	}
	before := map[int64]domain.Region{}
	for _, r := range e.point.Regions {
		before[r.ID] = r
	}
	regions := make([]domain.Region, len(marks))
	for i := range marks {
		m := &marks[i]
		if m.ID == 0 {
			m.ID = e.nextNew
			e.nextNew--
		}
		if _, ok := e.byID[m.Value]; !ok { // pasted from another view
			m.Value = e.brush
		}
		c := e.byID[m.Value]
		m.Label, m.Color = c.Name, colorOf(c)
		regions[i] = domain.Region{ID: m.ID, Box: e.fromPicture(m.Box), Concepts: []int64{m.Value}}
		if old, ok := before[m.ID]; ok && old.Box != nil && e.toPicture(*old.Box) == m.Box {
			regions[i].Box = old.Box // to the last bit, where it is a part of an image
		}
	}
	e.annotator.SetMarks(marks, true)
	d := e.point
	key := d.Key()
	e.assume(d, regions)
	e.setBoxes(e.annotator.Marks(), e.annotator.Selected())
	e.writer.annotate(key, edit{d.Regions, regions}, func(err error) {
		if err != nil {
			e.forget()
			e.reread([]int64{key.Image})
		}
	})
}

// setBox changes the edges of a box; false if it would have no area inside the image.
func (e *editor) setBox(place int, to widgets.Rect) bool { return e.annotator.SetBox(place, to) }

// setTone changes how the image is shown, and nothing else.
func (e *editor) setTone(brightness, contrast float64) { e.annotator.SetTone(brightness, contrast) }
