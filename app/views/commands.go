package views

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// commands are what is done to datapoints, from the gallery, the annotator and the panel alike. What was done is shown at once and saved in its
// order.
type commands struct {
	*model
	writer *writer
	gate   gate
	put    func(studio.Datapoint) // shows what was done to a datapoint
}

// withSelected does something with the selected datapoints, after what was done before; those that are not in memory are read first.
func (c *commands) withSelected(doing string, do func(list []studio.Datapoint)) {
	c.gate.pass(func() { c.selected(doing, do) })
}

func (c *commands) selected(doing string, do func(list []studio.Datapoint)) {
	ids := slices.Clone(c.selection)
	if len(ids) == 0 {
		c.shell.Notify("Select images first: click one, or drag a rectangle around several.")
		return
	}
	var list []studio.Datapoint
	for _, id := range ids {
		if d, ok := c.point(id); ok {
			list = append(list, d)
		}
	}
	if len(list) == len(ids) {
		do(list)
		return
	}
	c.gate.close()
	c.shell.Do(doing, func(ctx context.Context) (err error) {
		c.writer.wait(ctx)
		if list, err = c.project.DatapointsByID(ctx, ids); err != nil {
			fyne.Do(c.gate.open)
		}
		return err
	}, func() {
		do(list)
		c.gate.open()
	})
}

// assume shows what was done before it is read back from the disk.
func (c *commands) assume(d studio.Datapoint, regions []domain.Region) {
	d.Regions, d.Annotated, d.AnnotatedAt, d.ReviewedAt = regions, true, time.Now(), time.Time{}
	c.put(d)
}

// setConcept gives what is selected a concept.
func (c *commands) setConcept(k domain.Concept) {
	kind := c.view().Type
	if kind.HasBoxes() {
		c.shell.Notify("In a detection view, concepts belong to boxes: open an image with Enter and draw them.")
		return
	}
	c.withSelected("set the concept of the images", func(list []studio.Datapoint) { c.giveConcept(kind, list, k) })
}

// giveConcept sets a concept: in a classification instead of the one there was, in a tagging on or off.
func (c *commands) giveConcept(kind domain.Task, list []studio.Datapoint, k domain.Concept) {
	keys := keysOf(list)
	off := kind.AnyNumber()
	for _, d := range list {
		off = off && slices.Contains(d.Concepts(), k.ID)
	}
	for _, d := range list {
		var set []int64
		if kind.AnyNumber() {
			set = slices.DeleteFunc(d.Concepts(), func(id int64) bool { return id == k.ID })
			if !off {
				set = append(set, k.ID)
			}
		} else {
			set = []int64{k.ID}
		}
		c.assume(d, []domain.Region{{Concepts: set}})
	}
	c.writer.add(job{doing: "set the concept of the images to " + k.Name, keys: keys, work: func(ctx context.Context) error {
		return c.project.ToggleConcept(ctx, keys, k.ID)
	}})
}

// copyConcepts gives a datapoint the concepts of another.
func (c *commands) copyConcepts(d, from studio.Datapoint) {
	set := from.Concepts()
	if slices.Equal(set, d.Concepts()) && d.Annotated {
		return
	}
	keys := []studio.Key{d.Key()}
	c.assume(d, []domain.Region{{Concepts: set}})
	c.writer.add(job{doing: "copy the concepts", keys: keys, work: func(ctx context.Context) error {
		if len(set) == 0 {
			return c.project.WithoutConcept(ctx, keys)
		}
		return c.project.SetConcepts(ctx, keys, set)
	}})
}

// without annotates what is selected as without concept, and asks first where boxes go with it.
func (c *commands) without() {
	if c.view().Type.ExactlyOne() {
		c.shell.Notify(exactlyOne)
		return
	}
	c.withSelected("annotate the images as without concept", func(list []studio.Datapoint) {
		boxes := 0
		for _, d := range list {
			boxes += len(d.Regions)
		}
		if c.view().Type.HasBoxes() && boxes > 0 {
			c.shell.Confirm("Without concept", fmt.Sprintf("This removes %s from the selected images. It can be undone.", words.Count(boxes, "box")), "Remove them", true,
				func() { c.withoutConcept(list) })
			return
		}
		c.withoutConcept(list)
	})
}

const exactlyOne = "In a classification view every image has exactly one concept; leave the image not annotated instead."

func (c *commands) withoutConcept(list []studio.Datapoint) {
	for _, d := range list {
		c.assume(d, nil)
	}
	keys := keysOf(list)
	c.writer.add(job{doing: "annotate the images as without concept", keys: keys, work: func(ctx context.Context) error {
		return c.project.WithoutConcept(ctx, keys)
	}})
}

func (c *commands) reviewSelected() { c.withSelected("mark the images as reviewed", c.review) }

// review marks as reviewed, or not reviewed if all are.
func (c *commands) review(list []studio.Datapoint) {
	list = slices.DeleteFunc(slices.Clone(list), func(d studio.Datapoint) bool { return !d.Annotated })
	if len(list) == 0 {
		c.shell.Notify("Only annotated images can be reviewed.")
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
		c.put(d)
	}
	keys := keysOf(list)
	c.writer.add(job{doing: "mark the images as reviewed", keys: keys, work: func(ctx context.Context) error {
		return c.project.SetReviewed(ctx, keys, to)
	}})
}

func (c *commands) flipSelected() {
	c.withSelected("move the images between train and val", c.flipSplit)
}

// flipSplit moves images to val if one is in train, else to train.
func (c *commands) flipSplit(list []studio.Datapoint) {
	to := domain.SplitTrain
	for _, d := range list {
		if d.Image.Split == domain.SplitTrain {
			to = domain.SplitVal
		}
	}
	c.setSplit(list, to)
}

func (c *commands) flipTestSelected() {
	c.withSelected("move the images to the test split, or out of it", c.flipTest)
}

// flipTest moves images to test, or to train if all are in test.
func (c *commands) flipTest(list []studio.Datapoint) {
	to := domain.SplitTrain
	for _, d := range list {
		if d.Image.Split != domain.SplitTest {
			to = domain.SplitTest
		}
	}
	c.setSplit(list, to)
}

// moveSelected moves what is selected to a split.
func (c *commands) moveSelected(to domain.Split) {
	c.withSelected("move the images", func(list []studio.Datapoint) { c.setSplit(list, to) })
}

func (c *commands) setSplit(list []studio.Datapoint, to domain.Split) {
	for _, d := range list {
		d.Image.Split = to
		c.put(d)
	}
	images := imagesOf(list)
	c.writer.add(job{doing: "move the images to the split " + string(to), keys: keysOf(list), work: func(ctx context.Context) error {
		return c.project.SetSplit(ctx, images, to)
	}})
}

func (c *commands) clearSelected() { c.withSelected("remove the annotation", c.clear) }

// clear makes datapoints not annotated again.
func (c *commands) clear(list []studio.Datapoint) {
	for _, d := range list {
		d.Regions, d.Annotated, d.AnnotatedAt, d.ReviewedAt = nil, false, time.Time{}, time.Time{}
		c.put(d)
	}
	keys := keysOf(list)
	c.writer.add(job{doing: "remove the annotation", keys: keys, work: func(ctx context.Context) error {
		return c.project.Clear(ctx, keys)
	}})
}

// deleteImages moves the selected images to the trash, after saying what goes along.
func (c *commands) deleteImages() {
	c.withSelected("delete the images", func(list []studio.Datapoint) {
		images := imagesOf(list)
		var contents studio.Contents
		c.shell.Do("check what would be deleted with the images", func(ctx context.Context) (err error) {
			contents, err = c.project.ImageContents(ctx, images)
			return err
		}, func() {
			text := words.Count(len(images), "image goes", "images go") + " to the project's trash, in all views"
			if contents.Annotations > 0 {
				text += ", with " + words.Count(contents.Annotations, "annotation")
			}
			text += ". Undo restores them."
			c.shell.Confirm("Delete images", text, "Delete", true, func() {
				c.writer.add(job{doing: "delete the images", keys: keysOf(list), work: func(ctx context.Context) error {
					return c.project.DeleteImages(ctx, images)
				}})
			})
		})
	})
}

func keysOf(list []studio.Datapoint) []studio.Key {
	keys := make([]studio.Key, len(list))
	for i, d := range list {
		keys[i] = d.Key()
	}
	return keys
}

// imagesOf gives the images of datapoints, each once, in the order in which they come first.
func imagesOf(list []studio.Datapoint) []int64 {
	ids := make([]int64, 0, len(list))
	seen := make(map[int64]bool, len(list))
	for _, d := range list {
		if !seen[d.Image.ID] {
			seen[d.Image.ID] = true
			ids = append(ids, d.Image.ID)
		}
	}
	return ids
}
