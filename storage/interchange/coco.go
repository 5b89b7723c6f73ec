package interchange

import (
	"context"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// COCO is the name of this format.
const COCO Format = "coco"

// cocoFormat is COCO's definition.
var cocoFormat = Definition{
	Name: COCO, Title: "COCO",
	Summary:  "COCO JSON",
	Files:    "`annotations/instances_train.json`, `instances_val.json` and `instances_test.json`, or a JSON file beside the images; the images in `train/`, `val/`, `test/`, `images/`",
	Loses:    "crowds, key points, captions, licences; segmentations become the boxes around them where there is no bbox",
	Proved:   "Roboflow's export in Ikwus/raccoon (196 images, 213 boxes, all read), the samples of nine dialects in openvinotoolkit/datumaro (crowds and captions are named)",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true, Reviewed: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeCOCO,
	importer: cocoImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &cocoExporter{} },
}

// cocoImporter reads COCO's JSON for detection (cocodataset.org): images,
// annotations with a bbox of x, y, width and height in pixels, or with a
// segmentation (polygons or run lengths), whose box is taken, and categories.
//
// It is given a JSON file, or a folder with such files in annotations/ (those
// named instances… where there are any), in itself, or in folders named after
// splits. The split is taken from the file's or its folder's name (train, val,
// valid, test). Images are looked for beside the file, in
// images/, in folders named after the split, and by the end of their path.
//
// Every image listed is annotated, without region where it has no annotation,
// unless it has "annotated": false, an extension of this program as is "reviewed", or the
// file has no annotation of a category at all, as lists of images and captions.
// Annotations of crowds are refused. Where the file has no box or segmentation,
// its categories are concepts of the whole image. Ids are equal
// when they are written as number or text. Segmentations, key points, captions
// and licences are not kept.
type cocoImporter struct{}

func (cocoImporter) Recognises(f *Folder) (bool, error) {
	if f.File != "" {
		return looksLikeCOCO(f.File, f.head(f.File)), nil
	}
	return len(cocoFiles(f)) > 0, nil
}

// cocoFiles lists the COCO files of a folder.
func cocoFiles(f *Folder) []string {
	here, annotations, splits := []string{""}, []string(nil), []string(nil)
	top, _ := f.list("")
	for _, e := range top {
		if !e.dir {
			continue
		}
		if s, ok := splitName(e.name); ok && s != "" {
			splits = append(splits, e.name)
		} else if isLabelFolder(e.name) {
			annotations = append(annotations, e.name)
		}
	}
	for _, places := range [][]string{annotations, here, splits} { // one place is enough; folders of splits come together
		var found []string
		for _, place := range places {
			found = append(found, cocoFilesIn(f, place)...)
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func cocoFilesIn(f *Folder, place string) []string {
	var all, instances []string
	for _, name := range atMost(f.sub(place).filesHere(".json"), 200) {
		if p := path.Join(place, name); looksLikeCOCO(name, f.head(p)) {
			all = append(all, p)
			if strings.HasPrefix(name, "instances") {
				instances = append(instances, p)
			}
		}
	}
	if len(instances) > 0 {
		return instances
	}
	return all
}

// looksLikeCOCO reports whether the beginning of a file has COCO's keys.
func looksLikeCOCO(name, head string) bool {
	text := strings.TrimSpace(head)
	if !strings.EqualFold(path.Ext(name), ".json") || !strings.HasPrefix(text, "{") || strings.Contains(text, `"views"`) {
		return false
	}
	return strings.Contains(text, `"images"`) && (strings.Contains(text, `"file_name"`) || strings.Contains(text, `"annotations"`)) ||
		strings.Contains(text, `"annotations"`) && strings.Contains(text, `"image_id"`) ||
		strings.Contains(text, `"categories"`) && (strings.Contains(text, `"supercategory"`) || strings.Contains(text, `"id"`)) && !strings.Contains(text, `"items"`)
}

func (cocoImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	files := []string{f.File}
	if f.File == "" {
		if files = cocoFiles(f); len(files) == 0 {
			return Header{}, &emptyError{"the folder holds no COCO file (annotations/….json)"}
		}
	}
	var concepts conceptList
	h := Header{ViewType: domain.Detection}
	seen := map[string]string{}
	records := 0
	var firstErr error
	view := domain.Task("")
	for _, name := range files {
		c := cocoFile{folder: f, name: name, problem: problem}
		if err := c.load(ctx); err != nil {
			if ctx.Err() != nil || len(files) == 1 {
				return h, fmt.Errorf("%s: %w", name, err)
			}
			problem(Problem{File: name, Reason: "the file was skipped: " + err.Error()})
			firstErr = err
			continue
		}
		for _, n := range c.concepts.names {
			concepts.add(n)
		}
		split := cocoSplit(f.at(name))
		view = c.viewType(view)
		h.Notes = append(h.Notes, c.notes()...)
		for _, r := range c.records(split) {
			if err := ctx.Err(); err != nil {
				return h, err
			}
			image, err := c.locate(r.ImagePath, split)
			if err == nil && seen[image] != "" {
				err = fmt.Errorf("the image is already listed in %s", seen[image])
			}
			if err != nil {
				problem(Problem{File: name, Line: r.Line, Record: r.ImagePath, Reason: "the image was skipped: " + err.Error()})
				continue
			}
			seen[image] = name
			r.ImagePath = image
			records++
			if err := yield(r); err != nil {
				return h, err
			}
		}
	}
	if records == 0 {
		if firstErr != nil {
			return h, firstErr
		}
		return h, &emptyError{"the file names no image that could be found"}
	}
	h.Concepts = concepts.names
	h.ViewType = view
	return h, nil
}

// cocoSplit reads the split out of the words of a file's name, or else its
// folder's.
func cocoSplit(name string) string {
	dir, base := path.Split(name)
	for _, part := range []string{strings.TrimSuffix(base, path.Ext(base)), path.Base(dir)} {
		for _, word := range strings.FieldsFunc(part, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' }) {
			if s, ok := splitName(strings.TrimRight(word, "0123456789")); ok && s != "" {
				return s
			}
		}
	}
	return ""
}

// locate finds an image beside the file, or where data sets usually have it.
func (c *cocoFile) locate(image, split string) (string, error) {
	dir := path.Dir(c.name)
	if dir == "." {
		dir = ""
	}
	_, set, _ := strings.Cut(stemOf(c.name), "_") // instances_train2017
	up := dir
	switch {
	case isLabelFolder(path.Base(dir)):
		up = path.Dir(dir)
	case isLabelFolder(path.Base(c.folder.dir)) && dir == "":
		up = "/" + path.Dir(c.folder.dir)
	}
	folders := []string{dir, path.Join(dir, "images"), up, path.Join(up, "images")}
	for _, name := range []string{set, split} {
		if name != "" {
			folders = append(folders, path.Join(up, name), path.Join(up, "images", name), path.Join(up, name, "images"))
		}
	}
	return c.folder.findImage(image, folders...)
}
