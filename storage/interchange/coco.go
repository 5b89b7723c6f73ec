package interchange

import (
	"context"
	"errors"
	"fmt"
	"os"
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
	Files:    "`annotations/instances_train.json` and `instances_val.json`, or a JSON file beside the images; the images in `train/`, `val/`, `images/`",
	Loses:    "crowds, key points, captions, licences",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true, Reviewed: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	importer: cocoImporter{},
	exporter: func() exporter { return &cocoExporter{} },
}

// cocoImporter reads COCO's JSON for detection (cocodataset.org): images,
// annotations with a bbox of x, y, width and height in pixels, categories.
//
// It is given a JSON file, or a folder with such files in annotations/ (those
// named instances… where there are any), in itself, or in folders named after
// splits. The split is taken from the file's or its folder's name (train, val,
// valid, test; test counts as val). Images are looked for beside the file, in
// images/, and in folders named after the split.
//
// Every image listed is annotated, without region where it has no annotation,
// unless it says "annotated": false, a field of ours beside "reviewed".
// Annotations of crowds are skipped. Without any bbox in the file its
// categories are taken for concepts of the whole image. Segmentations,
// key points, captions and licences are not kept.
type cocoImporter struct{}

func (cocoImporter) Recognises(root *os.Root, file string) bool {
	if file != "" {
		return strings.EqualFold(path.Ext(file), ".json") && looksLikeCOCO(root, file)
	}
	return len(cocoFiles(root)) > 0
}

// cocoFiles lists the COCO files of a folder.
func cocoFiles(root *os.Root) []string {
	folders := []string{"annotations", ""}
	top, _ := list(root, "")
	for _, e := range top {
		if _, _, ok := splitName(e.name); e.dir && ok {
			folders = append(folders, e.name)
		}
	}
	var found []string
	for i, folder := range folders {
		entries, _ := list(root, folder)
		var here, instances []string
		for _, e := range entries {
			if e.dir || e.err != nil || !strings.EqualFold(path.Ext(e.name), ".json") {
				continue
			}
			if p := path.Join(folder, e.name); looksLikeCOCO(root, p) {
				here = append(here, p)
				if strings.HasPrefix(e.name, "instances") {
					instances = append(instances, p)
				}
			}
		}
		if len(instances) > 0 {
			here = instances
		}
		found = append(found, here...)
		if i < 2 && len(found) > 0 {
			break // one place is enough; folders of splits come together
		}
	}
	return found
}

// looksLikeCOCO looks at the beginning of a file for COCO's words.
func looksLikeCOCO(root *os.Root, name string) bool {
	f, err := openText(root, name, maxCOCOBytes)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, _ := f.Read(head)
	text := strings.TrimSpace(string(decodeText(head[:n])))
	if !strings.HasPrefix(text, "{") || strings.Contains(text, `"views"`) {
		return false
	}
	return strings.Contains(text, `"images"`) || strings.Contains(text, `"annotations"`) && strings.Contains(text, `"image_id"`) ||
		strings.Contains(text, `"categories"`)
}

func (cocoImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	files := []string{file}
	if file == "" {
		if files = cocoFiles(root); len(files) == 0 {
			return Header{}, errors.New("the folder holds no COCO file (annotations/….json)")
		}
	}
	var concepts conceptList
	h := Header{ViewType: domain.Detection}
	seen := map[string]string{}
	tests, records, boxes := 0, 0, 0
	var firstErr error
	view := domain.Task("")
	for _, name := range files {
		c := cocoFile{root: root, name: name, problem: problem}
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
		split, isTest := cocoSplit(name)
		view = c.viewType(view)
		for _, r := range c.records(split) {
			if err := ctx.Err(); err != nil {
				return h, err
			}
			image, err := c.locate(r.ImagePath, split)
			if err == nil && seen[image] != "" {
				err = fmt.Errorf("the image stands in %s already", seen[image])
			}
			if err != nil {
				problem(Problem{File: name, Line: r.Line, Record: r.ImagePath, Reason: "the image was skipped: " + err.Error()})
				continue
			}
			seen[image] = name
			r.ImagePath = image
			records++
			boxes += len(r.Boxes)
			if isTest {
				tests++
			}
			if err := yield(r); err != nil {
				return h, err
			}
		}
	}
	if records == 0 {
		if firstErr != nil {
			return h, firstErr
		}
		return h, errors.New("the file names no image that could be found")
	}
	h.Concepts, h.Notes = concepts.names, testNote(tests)
	if view != "" {
		h.ViewType = view
	}
	return h, nil
}

// cocoSplit reads the split out of the words of a file's name, or else its
// folder's.
func cocoSplit(name string) (split string, isTest bool) {
	dir, base := path.Split(name)
	for _, part := range []string{strings.TrimSuffix(base, path.Ext(base)), path.Base(dir)} {
		for _, word := range strings.FieldsFunc(part, func(r rune) bool { return r == '_' || r == '-' || r == '.' || r == ' ' }) {
			if s, t, ok := splitName(strings.TrimRight(word, "0123456789")); ok && s != "" {
				return s, t
			}
		}
	}
	return "", false
}

// locate finds an image beside the file, or where data sets usually have it.
func (c *cocoFile) locate(image, split string) (string, error) {
	dir := path.Dir(c.name)
	if dir == "." {
		dir = ""
	}
	stem := strings.TrimSuffix(path.Base(c.name), path.Ext(c.name))
	_, set, _ := strings.Cut(stem, "_") // instances_train2017
	up := dir
	if dir == "annotations" {
		up = ""
	}
	folders := []string{dir, path.Join(dir, "images"), up, path.Join(up, "images")}
	for _, name := range []string{set, split} {
		if name != "" {
			folders = append(folders, path.Join(up, name), path.Join(up, "images", name), path.Join(up, name, "images"))
		}
	}
	return findImage(c.root, image, folders...)
}
