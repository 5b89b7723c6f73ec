package interchange

import (
	"context"
	"path"
)

// perImage reads data sets with one label file an image.
type perImage struct {
	files []string // the label files
	limit int64    // bytes of one
	// parse adds a file's annotations to the image's record.
	parse func(r *Record, data []byte, problem Report) error
	// named is the image that a file names itself, for those that are named
	// otherwise than their image; nil: none does.
	named func(data []byte) string
}

// read yields the images below the folder, in order of names, those without a
// label file not annotated.
func (p perImage) read(ctx context.Context, f *Folder, yield Yield, problem Report) error {
	labels, lost := f.pair(p.files)
	for _, name := range lost {
		image := ""
		data, err := f.read(name, p.limit)
		if err == nil && p.named != nil {
			image = p.named(data)
		}
		if image != "" {
			image, err = f.findImage(image, dirOf(name))
		}
		switch {
		case err != nil:
			problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
		case image == "":
			problem(Problem{File: name, Reason: "was skipped: there is no image for it"})
		case labels[image] != "":
			problem(Problem{File: name, Reason: "was skipped: " + labels[image] + " annotates the same image"})
		default:
			labels[image] = name
		}
	}
	images := f.images()
	if f.File != "" { // one label file was named: its image alone
		images = nil
		for image := range labels {
			images = append(images, image)
		}
	}
	for _, image := range images {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := Record{File: image, ImagePath: image, Split: splitOfPath(f.at(image))}
		if name, ok := labels[image]; ok {
			data, err := f.read(name, p.limit)
			r.File, r.Line = name, 1
			if err == nil {
				err = p.parse(&r, data, problem)
			}
			if err != nil {
				r.refuse(problem, 0, image, "the image is not annotated: "+err.Error())
			}
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	if len(images) == 0 {
		return &emptyError{"there is no image for the label files"}
	}
	return nil
}

// labelFiles are the files with an ending that are of a format: the one that
// was named, or all below the folder.
func (f *Folder) labelFiles(sniff func(name, head string) bool, endings ...string) []string {
	if f.File != "" {
		return []string{f.File}
	}
	var mine []string
	for _, name := range f.files(endings...) {
		if sniff(name, f.head(name)) {
			mine = append(mine, name)
		}
	}
	return mine
}

// recognisesFiles reports whether a folder, or a folder of labels in it, has a
// file of a format.
func (f *Folder) recognisesFiles(sniff func(name, head string) bool, endings ...string) bool {
	if f.File != "" {
		return sniff(f.File, f.head(f.File))
	}
	return f.firstFile(sniff, endings...) != ""
}

// firstFile is the first file of a format in the folder or in a folder of labels in it; "" for none.
func (f *Folder) firstFile(sniff func(name, head string) bool, endings ...string) string {
	places := []string{""}
	entries, _ := f.list("")
	for _, e := range entries {
		if e.dir && isLabelFolder(e.name) {
			places = append(places, e.name)
		}
	}
	for _, dir := range places {
		for _, name := range sample(f.sub(dir).filesHere(endings...)) {
			p := path.Join(dir, name)
			if sniff(p, f.head(p)) {
				return p
			}
		}
	}
	return ""
}
