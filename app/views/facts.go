package views

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// origin is what was found out about whose suggestions a datapoint's annotation was.
type origin struct {
	datapoint int64
	annotated time.Time
	words     string
}

// showFacts says what is known about a datapoint, at once; whose suggestions its annotation was a moment later.
func (n *panel) showFacts(d studio.Datapoint, kind domain.Task) {
	facts := factsOf(d, kind)
	known := n.origin.datapoint == d.ID && n.origin.annotated.Equal(d.AnnotatedAt)
	if known && n.origin.words != "" {
		facts += "\n" + n.origin.words
	}
	n.facts.SetText(facts)
	if known || !d.Annotated {
		return
	}
	n.origin = origin{datapoint: d.ID, annotated: d.AnnotatedAt}
	asked, ctx := n.origin, n.shell.Context()
	go func() {
		words, err := n.project.Origin(ctx, d.Key())
		if err != nil || words == "" {
			return
		}
		fyne.Do(func() {
			if n.origin == asked && n.facts.Text == facts {
				n.origin.words = words
				n.facts.SetText(facts + "\n" + words)
			}
		})
	}()
}

// factsOf says what is known about a datapoint.
func factsOf(d studio.Datapoint, kind domain.Task) string {
	if d.ID == 0 {
		return ""
	}
	lines := []string{d.Image.Name}
	size := fmt.Sprintf("%s × %s, %s, %s", words.Number(d.Image.Width), words.Number(d.Image.Height), strings.ToUpper(d.Image.Format), words.Bytes(d.Image.Size))
	if b := d.SourceBox; b != nil {
		size = fmt.Sprintf("crop of %.0f × %.0f pixels", (b.XMax-b.XMin)*float64(d.Image.Width), (b.YMax-b.YMin)*float64(d.Image.Height))
	}
	lines = append(lines, size)
	split := "in " + string(d.Image.Split)
	if d.Annotated && kind.HasBoxes() {
		split += ", " + words.Count(len(d.Regions), "box")
	}
	lines = append(lines, split)
	if d.Annotated {
		lines = append(lines, "annotated "+d.AnnotatedAt.Format("2 Jan 2006, 15:04"))
	} else {
		lines = append(lines, "not annotated")
	}
	if d.Reviewed() {
		lines = append(lines, "reviewed "+d.ReviewedAt.Format("2 Jan 2006, 15:04"))
	}
	return strings.Join(lines, "\n")
}
