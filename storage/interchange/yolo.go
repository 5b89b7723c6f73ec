package interchange

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"viewfinder/storage/domain"
)

// YOLO is the name of this format.
const YOLO Format = "yolo"

// yoloFormat is YOLO's definition.
var yoloFormat = Definition{
	Name: YOLO, Title: "YOLO",
	Summary:  "YOLO text files, with their data.yaml, classes.txt or obj.names",
	Files:    "`data.yaml` with `names`, `train`, `val` and, where there is one, `test`; `images/train/`, `labels/train/` and so on, one text file an image; or `classes.txt` (labelImg, Label Studio), `obj.names` (darknet, CVAT) or `_darknet.labels` (Roboflow) with the text files beside the images or in folders of their own",
	Loses:    "scores, track ids and key points; polygons and oriented boxes (DOTA, Roboflow) become the boxes around them; that an annotation was reviewed",
	Proved:   "darknet's, Ultralytics' and Roboflow's samples with plain and oriented boxes in openvinotoolkit/datumaro; CVAT's in DivyaniMandale/Multi-Object-Annotation-using-CVAT, whose images are missing, which is reported",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeYOLO,
	Unread:   "but no file names their classes (data.yaml, classes.txt, obj.names)",
	importer: yoloImporter{},
	naming:   keepFolders,
	exporter: func() exporter { return &yoloExporter{} },
}

// yoloImporter reads text files with lines of "class x y width height",
// centre and size in fractions, one file an image, and a file that names the
// classes: Ultralytics' data.yaml, which also gives the folders of the images of train,
// val and test, or a list of names.
//
// Decisions: the text file is looked for in labels/ where the image lies in
// images/, else beside it, else by its name. An image without a text file is
// not annotated, one with an empty file is annotated without region. Where the
// folders that data.yaml names lie elsewhere, they are found by the end of
// their path; where none is found, all images below the file count, with the
// splits that their folders name.
type yoloImporter struct{}

func (yoloImporter) Recognises(f *Folder) (bool, error) {
	set, err := openYOLO(f)
	if err != nil {
		return false, err
	}
	return set != nil, nil
}

// yoloSet is a data set's description.
type yoloSet struct {
	folder  *Folder
	file    string // of the description
	names   map[int]string
	order   []string
	places  []yoloPlace
	keys    int // values of the key points of each box; 0 where they are not known
	problem Report
	labels  map[string]string // image to text file, where they do not lie beside one another
	seen    map[string]bool
	twice   int
	first   string // the first image that was named twice
}

// yoloPlace is a folder or list of images with its split.
type yoloPlace struct {
	path  string
	split string
}

func (yoloImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Detection}
	s, err := openYOLO(f)
	if err != nil {
		return h, err
	}
	if s == nil {
		return h, fmt.Errorf("%s is not a description of a YOLO data set: it has no data.yaml with \"names\", and no classes.txt or obj.names with text files of labels", f.at(f.File))
	}
	f.took(s.file)
	for _, name := range f.filesHere(".data") {
		f.took(name) // darknet's: where its lists lie
	}
	s.problem, s.seen = problem, map[string]bool{}
	var concepts conceptList
	for _, n := range s.order {
		concepts.add(n)
	}
	h.Concepts = concepts.names
	found := false
	for _, p := range s.places {
		ok, err := s.readPlace(ctx, p, yield)
		if err != nil {
			return h, err
		}
		found = found || ok
	}
	if !found {
		if err := s.readAll(ctx, yield); err != nil {
			return h, err
		}
	}
	if len(s.seen) == 0 {
		return h, &emptyError{fmt.Sprintf("%s names no folder with images", s.file)}
	}
	if s.twice > 0 {
		h.Notes = append(h.Notes, fmt.Sprintf("%s names %s twice, such as %s; the first split counts", s.file, counted(s.twice, "image", "images"), s.first))
	}
	return h, nil
}

// visit yields one image.
func (s *yoloSet) visit(image, split string, yield Yield) error {
	if s.seen[image] {
		if s.twice++; s.twice == 1 {
			s.first = image
		}
		return nil
	}
	s.seen[image] = true
	return yield(s.record(image, split))
}

// readAll yields all images below the folder.
func (s *yoloSet) readAll(ctx context.Context, yield Yield) error {
	visit := func(image string) error {
		return s.visit(image, splitOfPath(image), yield)
	}
	if isLabelFolder(path.Base(s.folder.dir)) { // the images lie beside it
		for _, image := range s.folder.images() {
			if err := errors.Join(ctx.Err(), visit(image)); err != nil {
				return err
			}
		}
		return nil
	}
	return s.folder.walkImages(ctx, "", visit, s.problem)
}

// readPlace yields the images of a folder or of a list of files; ok is false
// where there is none.
func (s *yoloSet) readPlace(ctx context.Context, p yoloPlace, yield Yield) (ok bool, err error) {
	if name, isDir := s.folder.findDir(p.path); isDir {
		before := len(s.seen) + s.twice
		err := s.folder.walkImages(ctx, name, func(image string) error { return s.visit(image, p.split, yield) }, s.problem)
		return len(s.seen)+s.twice > before, err
	}
	name, isList := s.list(p.path)
	if !isList {
		if p.split != "" && p.split != Test || len(segments(p.path)) > 0 {
			s.problem(Problem{File: s.file, Record: p.path, Reason: "was skipped: there is no such folder or list of images"})
		}
		return false, nil
	}
	data, err := s.folder.read(name, maxTextBytes)
	if err != nil {
		s.problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
		return false, nil
	}
	err = eachLine(strings.NewReader(string(data)), func(n int, line []byte) error {
		image := strings.TrimSpace(string(line))
		if image == "" || ctx.Err() != nil {
			return ctx.Err()
		}
		found, err := s.folder.findImage(image, "", path.Dir(name))
		if err != nil {
			s.problem(Problem{File: name, Line: n, Record: image, Reason: "was skipped: " + err.Error()})
			return nil
		}
		ok = true
		return s.visit(found, p.split, yield)
	})
	return ok, err
}

// list finds a list of files that a description names.
func (s *yoloSet) list(name string) (string, bool) {
	parts := segments(name)
	for i := range parts {
		if found, ok := s.folder.find(strings.Join(parts[i:], "/")); ok && !s.folder.isDir(found) {
			return found, true
		}
	}
	return "", false
}

// looksLikeYOLO reports whether a text file has lines of a class and at least
// four numbers, or names classes for them.
func looksLikeYOLO(name, head string) bool {
	lower := strings.ToLower(name)
	if slices.Contains(yoloLists, lower) || strings.HasSuffix(lower, ".names") || lower == "obj.data" || lower == "darknet.data" {
		return true
	}
	if lower == "data.yaml" || lower == "data.yml" {
		return true
	}
	if !strings.HasSuffix(lower, ".txt") {
		return false
	}
	lines := strings.Split(head, "\n")
	if len(lines) > 20 {
		lines = lines[:20]
	}
	n := 0
	for _, line := range lines {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 5 || !isDigits([]byte(fields[0])) {
			return false
		}
		for _, f := range fields[1:5] {
			if _, err := parseNumber(f); err != nil {
				return false
			}
		}
		n++
	}
	return n > 0
}
