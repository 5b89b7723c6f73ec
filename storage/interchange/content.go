package interchange

import "fmt"

// Content counts what an export has that a format may not hold.
type Content struct {
	Unannotated int // images that are not annotated
	Negatives   int // annotated without concept or region
	Reviewed    int
	Split       int // images of a split
}

// Omits reports whether the format has no place for an image, since it is not
// annotated and readers would take it for a hard negative.
func (d Definition) Omits(r Record) bool { return !r.HasAnnotation && !d.Holds.Unannotated }

// Count adds a record that is exported to the format.
func (c *Content) Count(d Definition, r Record) {
	if d.Omits(r) {
		c.Unannotated++
		return
	}
	if r.HasAnnotation && len(r.Boxes)+len(r.Concepts) == 0 {
		c.Negatives++
	}
	if r.Reviewed {
		c.Reviewed++
	}
	if r.Split != "" {
		c.Split++
	}
}

// NotHeld describes what an export of such content loses, and what becomes of
// images that are not annotated.
func (d Definition) NotHeld(c Content, options ExportOptions) []string {
	var notes []string
	if n := c.Unannotated; n > 0 && !d.Holds.Unannotated {
		where := "left out"
		switch {
		case options.Apart && options.Images == LeaveImages:
			where = fmt.Sprintf("listed in %q", notAnnotatedFolder+".txt")
		case options.Apart:
			where = fmt.Sprintf("put into the folder %q", notAnnotatedFolder)
		}
		notes = append(notes, fmt.Sprintf("%s not annotated and %s %s: in the data set, others would take %s for hard negatives",
			counted(n, "image is", "images are"), pick(n, "is", "are"), where, pick(n, "it", "them")))
	}
	if len(d.Holds.Tasks) == 0 {
		return notes // the images alone, or all there is
	}
	if n := c.Negatives; n > 0 && !d.Holds.Negatives {
		notes = append(notes, fmt.Sprintf("that %s annotated without concept is not kept: %s cannot tell %s from %s that nobody annotated",
			counted(n, "image is", "images are"), d.Title, pick(n, "it", "them"), pick(n, "one", "those")))
	}
	if n := c.Reviewed; n > 0 && !d.Holds.Reviewed {
		notes = append(notes, fmt.Sprintf("that %s reviewed is not kept: %s has no place for it", counted(n, "annotation was", "annotations were"), d.Title))
	}
	if n := c.Split; n > 0 && !d.Holds.Splits {
		notes = append(notes, fmt.Sprintf("which split %s in is not kept: %s has no place for it", counted(n, "image is", "images are"), d.Title))
	}
	return notes
}
