package judge

import (
	"context"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/pictures"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// mostCases is how many cases a gallery shows.
const mostCases = 2000

// cases is a gallery of predictions: each image with what is annotated and what the version predicts. Enter opens it in the annotator, where next and
// previous go through the others; coming back, the one after it is chosen.
type cases struct {
	sheet   *sheet
	content fyne.CanvasObject
	title   *look.Styled
	hint    *look.Styled
	grid    *widgets.ImageGrid
	list    []entry
	points  map[int64]studio.Datapoint
	wanted  map[int]bool
	files   map[string]image.Image
	turn    int
	then    func() // after what is being looked for is shown
}

const openHint = "Enter opens the image in the annotator; Escape comes back."

// entry is one case as it is shown.
type entry struct {
	evaluate.Shown
	note string // the line beneath
}

func newCases(s *sheet) *cases {
	c := &cases{sheet: s, title: look.Strong("").Cut(), hint: look.Small("").Cut(), points: map[int64]studio.Datapoint{}, wanted: map[int]bool{}, files: map[string]image.Image{}}
	c.grid = widgets.NewImageGrid()
	c.grid.SetCellSize(180)
	c.grid.Item = c.item
	c.grid.OnOpen = c.open
	c.content = look.Frame(container.NewVBox(c.title, c.hint, look.Gap(0, 2)), nil, nil, nil, c.grid)
	return c
}

// fill shows cases that are found off the window's thread.
func (c *cases) fill(title string, find func() []evaluate.JudgeCase) {
	e := c.sheet.e
	c.work(title, func() []entry {
		found := find()
		list := make([]entry, 0, min(len(found), mostCases))
		for _, one := range found {
			if len(list) == mostCases {
				break
			}
			shown := e.Show(one)
			list = append(list, entry{Shown: shown, note: say(e.View.Type, shown)})
		}
		return list
	})
}

// work shows what is found off the window's thread, unless something else is asked for before.
func (c *cases) work(title string, find func() []entry) {
	c.turn++
	turn := c.turn
	c.title.SetText(title)
	project, ctx := c.sheet.owner.project, c.sheet.owner.shell.Context()
	go func() {
		list := find()
		points := c.read(ctx, project, list)
		fyne.Do(func() {
			if turn == c.turn && ctx.Err() == nil {
				for id, d := range points {
					c.points[id] = d
				}
				c.set(title, list)
				if then := c.then; then != nil {
					c.then = nil
					then()
				}
			}
		})
	}()
}

// read reads the datapoints of a list.
func (c *cases) read(ctx context.Context, project Project, list []entry) map[int64]studio.Datapoint {
	var ids []int64
	seen := map[int64]bool{}
	for _, one := range list {
		if one.Inside() && !seen[one.Datapoint] {
			seen[one.Datapoint] = true
			ids = append(ids, one.Datapoint)
		}
	}
	points := map[int64]studio.Datapoint{}
	if len(ids) == 0 {
		return points
	}
	read, err := project.DatapointsByID(ctx, ids)
	if err != nil {
		return points // their cells say that they cannot be read
	}
	for _, d := range read {
		points[d.ID] = d
	}
	return points
}

func (c *cases) set(title string, list []entry) {
	c.title.SetText(title)
	hint := openHint
	switch {
	case len(list) == 0:
		hint = "There are none."
	case !list[0].Inside():
		hint = "These images are not in the project."
	case len(list) == mostCases:
		hint = "The first " + words.Number(mostCases) + ". " + hint
	}
	c.hint.SetText(hint)
	keep := c.grid.Current()
	c.list = list
	c.wanted = map[int]bool{}
	c.grid.SetLength(len(list))
	if len(list) > 0 {
		c.grid.SelectOnly(max(0, min(keep, len(list)-1)))
	}
	c.grid.RefreshAll()
}

// say says a case in few words.
func say(t domain.Task, s evaluate.Shown) string {
	truth, predicted := s.Truth, s.Predicted
	switch {
	case truth == predicted && truth != "":
		return truth + ", " + words.RoundPercent(s.Confidence)
	case t.AnyNumber() && predicted == "":
		return truth + " not seen"
	case t.AnyNumber():
		return predicted + "? " + words.RoundPercent(s.Confidence)
	case predicted == "":
		return truth + " not found"
	case truth == "":
		return predicted + "? " + words.RoundPercent(s.Confidence)
	}
	return truth + " → " + predicted + " " + words.RoundPercent(s.Confidence)
}

func (c *cases) item(i, px int) widgets.GridItem {
	if i >= len(c.list) {
		return widgets.GridItem{}
	}
	one := c.list[i]
	item := widgets.GridItem{Name: one.Name, Thumbnail: c.picture(i, px), Annotated: true, Mark: string(one.Split)}
	if one.Seen {
		item.Mark = "trained on"
	}
	tint := look.Color(theme.ColorNameError)
	if one.Truth == one.Predicted && one.Truth != "" {
		tint = look.Color(theme.ColorNameSuccess)
	}
	item.Chips = []widgets.Swatch{{Text: one.note, Color: tint}}
	add := func(b *domain.Box, concept string, guess bool) {
		if b != nil {
			item.Boxes = append(item.Boxes, widgets.GridBox{Box: within(one.Crop, *b), Color: c.sheet.named(concept), Suggested: guess})
		}
	}
	add(one.TruthBox, one.Truth, false)
	add(one.FoundBox, one.Predicted, true)
	d, known := c.points[one.Datapoint]
	switch {
	case one.Inside() && !known:
		item.Failed = true
	case one.Inside() && c.corrected(d):
		item.Reviewed, item.Mark = true, "changed"
	}
	return item
}

// corrected reports whether what is annotated on a datapoint was changed after the evaluation: its case is done with.
func (c *cases) corrected(d studio.Datapoint) bool {
	return d.AnnotatedAt.After(c.sheet.e.Made)
}

// reread reads the datapoints of the list anew, whose annotations may be others now.
func (c *cases) reread() {
	turn, list := c.turn, c.list
	project, ctx := c.sheet.owner.project, c.sheet.owner.shell.Context()
	go func() {
		points := c.read(ctx, project, list)
		fyne.Do(func() {
			if turn != c.turn || ctx.Err() != nil {
				return
			}
			changed := 0
			for id, d := range points {
				c.points[id] = d
				if c.corrected(d) {
					changed++
				}
			}
			if changed > 0 {
				c.hint.SetText(words.Count(changed, "image was", "images were") + " changed since the evaluation. " + openHint)
			}
			c.grid.RefreshAll()
		})
	}()
}

// within brings a box of an image into fractions of the crop that is shown of it.
func within(crop *domain.Box, b domain.Box) widgets.Rect {
	b = b.In(crop)
	return widgets.Rect{XMin: b.XMin, YMin: b.YMin, XMax: b.XMax, YMax: b.YMax}
}

// picture is a case's thumbnail, or nil while it is on its way.
func (c *cases) picture(i, px int) image.Image {
	one := c.list[i]
	if c.wanted[i] {
		return nil
	}
	arrived := func() {
		fyne.Do(func() {
			delete(c.wanted, i)
			c.grid.RefreshItem(i)
		})
	}
	shell := c.sheet.owner.shell
	if !one.Inside() {
		if small := c.files[one.Name]; small != nil {
			return small
		}
		c.wanted[i] = true
		go func() {
			small, err := pictures.FileThumbnail(one.Name, px)
			fyne.Do(func() {
				if err == nil {
					c.files[one.Name] = small
					delete(c.wanted, i)
				}
				c.grid.RefreshItem(i)
			})
		}()
		return nil
	}
	d, known := c.points[one.Datapoint]
	if !known {
		return nil
	}
	img := c.sheet.owner.project.ThumbnailAsync(shell.Context(), d, px, func(_ image.Image, err error) {
		if err == nil {
			arrived()
		}
	})
	if img == nil {
		c.wanted[i] = true
	}
	return img
}

// open opens a case in the annotator, and those after it.
func (c *cases) open(i int) {
	if i < 0 || i >= len(c.list) || !c.list[i].Inside() {
		return
	}
	var ids []int64
	place := map[int64]int{}
	for _, one := range c.list {
		if _, there := place[one.Datapoint]; one.Inside() && !there {
			place[one.Datapoint] = len(ids)
			ids = append(ids, one.Datapoint)
		}
	}
	shell, first := c.sheet.owner.shell, c.list[i].Datapoint
	focus := shell.Window().Canvas().Focused()
	shell.OpenCases(c.sheet.e.View.ID, ids, place[first], func(last int64) { c.returned(first, last, focus) })
}

// returned chooses where to go on after the annotator: at the image that was shown last, or after it where that is the one that was opened. The
// keyboard goes back to what had it.
func (c *cases) returned(first, last int64, focus fyne.Focusable) {
	c.reread()
	next := -1
	for i, one := range c.list {
		if next < 0 && one.Datapoint == last {
			next = i
		}
		if next >= 0 && last == first && one.Datapoint != first && i > next {
			next = i
			break
		}
	}
	if next >= 0 {
		c.grid.SelectOnly(next)
		c.grid.ScrollTo(next)
	}
	if focus == nil {
		focus = c.grid
	}
	c.sheet.owner.shell.Window().Canvas().Focus(focus)
}

// focus gives the gallery the keyboard.
func (c *cases) focus() {
	if canvas := c.sheet.owner.shell.Window().Canvas(); canvas != nil && len(c.list) > 0 {
		canvas.Focus(c.grid)
	}
}
