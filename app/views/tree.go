package views

import (
	"cmp"

	"fyne.io/fyne/v2"

	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

func (p *Page) showTree() {
	rows := make([]widgets.ViewRow, 0, len(p.nodes))
	for _, n := range p.nodes {
		t := n.Counts.Total()
		done := 0.0
		if t.All > 0 {
			done = float64(t.Annotated) / float64(t.All)
		}
		rows = append(rows, widgets.ViewRow{
			ID: n.View.ID, Depth: n.Depth, Icon: typeIcon(n.View.Type), Name: n.View.Name, What: cmp.Or(n.Condition, string(n.View.Type)),
			Count: words.Number(t.Annotated) + " / " + words.Number(t.All), Done: done,
			Hint: n.View.Name + ": " + string(n.View.Type) + ", " + words.Number(t.Annotated) + " of " + words.Number(t.All) + " annotated. Right-click to change it.",
		})
	}
	p.tree.SetRows(rows)
	p.tree.SetCurrent(p.shell.View().ID)
}

func typeIcon(t domain.Task) fyne.Resource {
	switch t {
	case domain.Tagging:
		return icons.Tagging
	case domain.Detection:
		return icons.Detection
	}
	return icons.Classification
}
