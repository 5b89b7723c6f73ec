package interchange

import (
	"context"
	"fmt"
	"path"
	"slices"

	"viewfinder/storage/domain"
)

// dirOf is the folder of a name; "" is this one.
func dirOf(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// yieldAll yields records that were collected.
func yieldAll(ctx context.Context, all []Record, yield Yield) error {
	for _, r := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	return nil
}

// taskSeen is the task that records suit: boxes mean detection, and
// concepts of whole images then are left out with a note; else no concept or
// several mean tagging, one each classification.
type taskSeen struct {
	declared []string // concepts in the source's order
}

// header is the header for the records, which it makes suit the task.
func (s taskSeen) header(all []Record) Header {
	h := Header{Concepts: s.declared}
	boxes, tags, several, annotated := false, 0, false, false
	for _, r := range all {
		boxes = boxes || len(r.Boxes) > 0 || r.Refused > 0 && len(r.Concepts) == 0
		if len(r.Concepts) > 0 {
			tags++
		}
		annotated = annotated || r.HasAnnotation
		several = several || r.HasAnnotation && len(r.Concepts) != 1
	}
	switch {
	case boxes || annotated && tags == 0:
		h.ViewType = domain.Detection
		for i := range all {
			if len(all[i].Concepts) > 0 && len(all[i].Boxes) == 0 {
				all[i].HasAnnotation = false // what is annotated of the whole image tells nothing about boxes
			}
			all[i].Concepts = nil
		}
		if tags > 0 {
			h.Notes = append(h.Notes, fmt.Sprintf("%s also concepts for the whole, which were not read beside boxes", counted(tags, "image has", "images have")))
		}
	case !annotated:
	case several:
		h.ViewType = domain.Tagging
	default:
		h.ViewType = domain.Classification
	}
	return h
}
