package interchange

import (
	"context"
	"fmt"
)

// located collects the records of a file that lists images, finds their
// images, and joins records of the same image.
type located struct {
	folder  *Folder
	problem Report
	folders []string // where images are looked for first
	all     []Record
	index   map[string]int
}

func newLocated(f *Folder, problem Report, folders ...string) *located {
	return &located{folder: f, problem: problem, folders: folders, index: map[string]int{}}
}

// add takes a record whose ImagePath is the name that the file gives. Where
// another record has the image already, this one's annotations go there.
func (l *located) add(r Record) {
	image, err := l.folder.findImage(r.ImagePath, l.folders...)
	if err != nil {
		l.problem(Problem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: "the image was skipped: " + err.Error()})
		return
	}
	r.ImagePath = image
	if i, twice := l.index[image]; twice {
		first := &l.all[i]
		first.HasAnnotation = first.HasAnnotation || r.HasAnnotation
		first.Boxes = append(first.Boxes, r.Boxes...)
		first.Refused += r.Refused
		for _, c := range r.Concepts {
			if !contains(first.Concepts, c) {
				first.Concepts = append(first.Concepts, c)
			}
		}
		return
	}
	if r.Split == "" {
		r.Split = splitOfPath(l.folder.at(image))
	}
	l.index[image] = len(l.all)
	l.all = append(l.all, r)
}

// yield passes the records on, with the header that suits them. concepts are
// those that the file declares.
func (l *located) yield(ctx context.Context, concepts []string, yield Yield, file string) (Header, error) {
	if len(l.all) == 0 {
		return Header{}, &emptyError{fmt.Sprintf("%s names no image that could be found", file)}
	}
	h := taskSeen{declared: concepts}.header(l.all)
	return h, yieldAll(ctx, l.all, yield)
}
