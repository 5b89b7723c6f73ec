package views

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/keys"
	"viewfinder/app/project"
	"viewfinder/app/studio"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// conceptOfKey is the concept that has a key.
func (p *Page) conceptOfKey(r rune) (studio.Concept, bool) {
	for _, c := range p.concepts {
		if c.Key != "" && []rune(c.Key)[0] == r {
			return c, true
		}
	}
	return studio.Concept{}, false
}

// typed does what a character stands for in the gallery.
func (g *gallery) typed(r rune) bool {
	if c, ok := g.page.conceptOfKey(r); ok {
		g.setConcept(c)
		return true
	}
	return g.do(g.page.keys.Action(keys.Gallery, keys.Rune(r)))
}

func (g *gallery) key(k fyne.KeyName, mod fyne.KeyModifier) bool {
	if k == fyne.KeyEscape {
		if g.grid.SelectedCount() > 0 {
			g.grid.SelectOnly(-1)
			return true
		}
		return false
	}
	return g.do(g.page.keys.Action(keys.Gallery, keys.Key(k, mod))) || k == fyne.KeyReturn || k == fyne.KeyEnter
}

// shortcut does a combination with Ctrl or Alt; those that are not the gallery's are the window's.
func (g *gallery) shortcut(s fyne.Shortcut) bool {
	if !g.do(g.page.keys.Action(keys.Gallery, keys.Shortcut(s))) {
		widgets.HandOn(g.grid, s)
	}
	return true
}

func (g *gallery) do(name string) bool {
	switch name {
	case "useful":
		g.page.openUseful()
	case "without":
		g.without()
	case "reviewed":
		g.review()
	case "split":
		g.split()
	case "delete":
		g.deleteImages()
	case "open":
		g.grid.Open()
	case "paste_images":
		g.page.Paste()
	case "select_all":
		g.grid.SelectAll()
	case "details":
		g.page.foldDetails()
	case "help":
		g.page.showKeys()
	default:
		return false
	}
	return true
}

// setConcept gives what is selected a concept.
func (g *gallery) setConcept(c studio.Concept) {
	kind := g.page.shell.View().Type
	if kind == studio.ViewDetection {
		g.page.shell.Notify("In a detection concepts belong to boxes: open an image with Enter and draw them.")
		return
	}
	g.withChosen("give the images a concept", func(list []studio.Datapoint) {
		g.page.giveConcept(kind, list, c, nil)
	})
}

// giveConcept sets a concept: in a classification instead of the one there was, in a tagging on or off.
func (p *Page) giveConcept(kind studio.ViewType, list []studio.Datapoint, c studio.Concept, after func(error)) {
	keys := keysOf(list)
	off := kind == studio.ViewTagging
	for _, d := range list {
		off = off && slices.Contains(conceptsOf(d), c.ID)
	}
	for _, d := range list {
		var set []int64
		if kind == studio.ViewTagging {
			set = slices.DeleteFunc(conceptsOf(d), func(id int64) bool { return id == c.ID })
			if !off {
				set = append(set, c.ID)
			}
		} else {
			set = []int64{c.ID}
		}
		p.assume(d, []studio.Region{{Concepts: set}})
	}
	project := p.shell.Project()
	p.writer.add(job{doing: "give the images the concept " + c.Name, keys: keys, after: after, work: func(ctx context.Context) error {
		return project.ToggleConcept(ctx, keys, c.ID)
	}})
}

// assume shows what was done before it is read back from the disk.
func (p *Page) assume(d studio.Datapoint, regions []studio.Region) {
	d.Regions, d.Annotated, d.AnnotatedAt, d.ReviewedAt = regions, true, time.Now(), time.Time{}
	p.gallery.put(d)
	p.editor.put(d)
}

func (g *gallery) without() {
	if g.page.shell.View().Type == studio.ViewClassification {
		g.page.shell.Notify("In a classification every image has exactly one concept; leave it not annotated instead.")
		return
	}
	g.withChosen("annotate the images as without concept", func(list []studio.Datapoint) {
		boxes := 0
		for _, d := range list {
			boxes += len(d.Regions)
		}
		do := func() {
			for _, d := range list {
				g.page.assume(d, nil)
			}
			keys := keysOf(list)
			project := g.page.shell.Project()
			g.page.writer.add(job{doing: "annotate the images as without concept", keys: keys, work: func(ctx context.Context) error {
				return project.WithoutConcept(ctx, keys)
			}})
		}
		if g.page.shell.View().Type == studio.ViewDetection && boxes > 0 {
			g.page.shell.Confirm("Without concept", fmt.Sprintf("This takes away %s of the selected images. It can be undone.", words.Count(boxes, "box")), "Take them away", true, do)
			return
		}
		do()
	})
}

func (g *gallery) review() {
	g.withChosen("mark the images as reviewed", func(list []studio.Datapoint) { g.page.review(list) })
}

// review marks as reviewed, or not reviewed if all are.
func (p *Page) review(list []studio.Datapoint) {
	list = slices.DeleteFunc(slices.Clone(list), func(d studio.Datapoint) bool { return !d.Annotated })
	if len(list) == 0 {
		p.shell.Notify("Only what is annotated can be reviewed.")
		return
	}
	to := false
	for _, d := range list {
		to = to || !d.Reviewed()
	}
	for _, d := range list {
		d.ReviewedAt = time.Time{}
		if to {
			d.ReviewedAt = time.Now()
		}
		p.gallery.put(d)
		p.editor.put(d)
	}
	keys := keysOf(list)
	project := p.shell.Project()
	p.writer.add(job{doing: "mark the images as reviewed", keys: keys, work: func(ctx context.Context) error {
		return project.SetReviewed(ctx, keys, to)
	}})
}

func (g *gallery) split() {
	g.withChosen("move the images to the other split", func(list []studio.Datapoint) { g.page.flipSplit(list) })
}

// flipSplit moves images to val, or to train if all are in val.
func (p *Page) flipSplit(list []studio.Datapoint) {
	to := studio.SplitTrain
	for _, d := range list {
		if d.Image.Split == studio.SplitTrain {
			to = studio.SplitVal
		}
	}
	p.setSplit(list, to)
}

func (p *Page) setSplit(list []studio.Datapoint, to studio.Split) {
	for _, d := range list {
		d.Image.Split = to
		p.gallery.put(d)
		p.editor.put(d)
	}
	images := imagesOf(list)
	project := p.shell.Project()
	p.writer.add(job{doing: "move the images to the split " + string(to), keys: keysOf(list), work: func(ctx context.Context) error {
		return project.SetSplit(ctx, images, to)
	}})
}

// clear makes datapoints not annotated again.
func (p *Page) clear(list []studio.Datapoint) {
	for _, d := range list {
		d.Regions, d.Annotated, d.AnnotatedAt, d.ReviewedAt = nil, false, time.Time{}, time.Time{}
		p.gallery.put(d)
		p.editor.put(d)
	}
	keys := keysOf(list)
	project := p.shell.Project()
	p.writer.add(job{doing: "take the annotation away", keys: keys, work: func(ctx context.Context) error {
		return project.Clear(ctx, keys)
	}})
}

// deleteImages moves images to the trash, after saying what goes along.
func (g *gallery) deleteImages() {
	g.withChosen("delete the images", func(list []studio.Datapoint) {
		images := imagesOf(list)
		project := g.page.shell.Project()
		var contents studio.Contents
		g.page.shell.Do("see what the images take along", func(ctx context.Context) (err error) {
			contents, err = project.ImageContents(ctx, images)
			return err
		}, func() {
			text := words.Count(len(images), "image goes", "images go") + " to the project's trash, in all views"
			if contents.Annotations > 0 {
				text += ", with " + words.Count(contents.Annotations, "annotation")
			}
			text += ". Undo brings them back."
			g.page.shell.Confirm("Delete images", text, "Delete", true, func() {
				g.page.writer.add(job{doing: "delete the images", keys: keysOf(list), work: func(ctx context.Context) error {
					return project.DeleteImages(ctx, images)
				}})
			})
		})
	})
}

// menu shows what can be done with what is selected.
func (g *gallery) menu(at fyne.Position) {
	if g.grid.SelectedCount() == 0 {
		return
	}
	item := func(text string, icon fyne.Resource, do func()) *fyne.MenuItem {
		m := fyne.NewMenuItem(text, do)
		m.Icon = icon
		return m
	}
	var concepts []*fyne.MenuItem
	for _, c := range g.page.concepts {
		concepts = append(concepts, fyne.NewMenuItem(c.Name, func() { g.setConcept(c) }))
	}
	give := item("Concept", nil, nil)
	give.ChildMenu = fyne.NewMenu("", concepts...)
	give.Disabled = len(concepts) == 0 || g.page.shell.View().Type == studio.ViewDetection
	split := func(to studio.Split) func() {
		return func() {
			g.withChosen("move the images", func(list []studio.Datapoint) { g.page.setSplit(list, to) })
		}
	}
	items := []*fyne.MenuItem{item("Open", icons.Image, func() { g.grid.OnOpen(max(0, g.grid.Current())) }), give}
	if g.page.shell.View().Type != studio.ViewClassification {
		items = append(items, item("Without concept", icons.Without, g.without))
	}
	items = append(items,
		item("Not annotated", icons.Remove, func() {
			g.withChosen("take the annotation away", func(list []studio.Datapoint) { g.page.clear(list) })
		}),
		item("Reviewed, or not", icons.Reviewed, g.review),
		item("To train", icons.Split, split(studio.SplitTrain)),
		item("To val", icons.Split, split(studio.SplitVal)),
		item("Divide by a rule …", icons.Split, func() {
			g.withChosen("divide the images", func(list []studio.Datapoint) { project.ShowSplit(g.page.shell, g.page.shell.View(), imagesOf(list)) })
		}),
		fyne.NewMenuItemSeparator(),
		item("Delete …", icons.Delete, g.deleteImages))
	widget.ShowPopUpMenuAtPosition(fyne.NewMenu("", items...), g.page.shell.Window().Canvas(), at)
}
