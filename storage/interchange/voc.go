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

// VOC is the name of this format.
const VOC Format = "voc"

// vocFormat is Pascal VOC's definition.
var vocFormat = Definition{
	Name: VOC, Title: "Pascal VOC",
	Summary:  "Pascal VOC, with its ImageSets",
	Files:    "`Annotations/NAME.xml`, `JPEGImages/NAME.jpg`, `ImageSets/Main/train.txt` and `val.txt`; or XML files beside their images",
	Loses:    "pose, truncated, difficult, segmented; that an annotation was reviewed",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	importer: vocImporter{},
	exporter: func() exporter { return &vocExporter{} },
}

// vocImporter reads Pascal VOC's layout for detection: Annotations/NAME.xml,
// JPEGImages/NAME.jpg (or .png, …) and, for the splits, ImageSets/Main/train.txt,
// val.txt and test.txt; also XML files that lie beside their images.
//
// Decisions: the image is the one named as the XML file is, else the one its
// <filename> names. An image without an XML file is not annotated; an XML file
// without objects means "annotated, nothing there". An image named in train.txt
// and val.txt is val, one named only in test.txt is val too (a note says how
// many), so that what was kept for judging is never trained on; one named in
// none falls by its content. Coordinates are edges in pixels, divided by the
// size given in the XML file. Boxes without area or outside the image are
// skipped, those that reach outside are cut, each reported. The tags pose,
// truncated, difficult and segmented are not kept. DOCTYPE and entities of its
// own make an XML file be refused.
type vocImporter struct{}

func (vocImporter) Recognises(root *os.Root, file string) bool {
	if file != "" {
		return false
	}
	if info, err := root.Stat("Annotations"); err == nil && info.IsDir() {
		return true
	}
	entries, _ := list(root, "")
	return len(vocStems(entries)) > 0 && len(imagesByStem("", entries)) > 0
}

// vocStems returns the names of the XML files, without their ending.
func vocStems(entries []entry) []string {
	var stems []string
	for _, e := range entries {
		if !e.dir && strings.EqualFold(path.Ext(e.name), ".xml") {
			stems = append(stems, strings.TrimSuffix(e.name, path.Ext(e.name)))
		}
	}
	return stems
}

// imagesByStem maps names without their ending to paths below the root.
func imagesByStem(dir string, entries []entry) map[string]string {
	images := map[string]string{}
	for _, e := range entries {
		if !e.dir && e.err == nil && isImageName(e.name) {
			stem := strings.TrimSuffix(e.name, path.Ext(e.name))
			if _, twice := images[stem]; !twice {
				images[stem] = path.Join(dir, e.name)
			}
		}
	}
	return images
}

func (vocImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Detection}
	if file != "" {
		return h, fmt.Errorf("%s is a file; the format %q wants the folder that holds Annotations and JPEGImages", file, VOC)
	}
	v := vocSet{root: root, problem: problem}
	if err := v.open(); err != nil {
		return h, err
	}
	images := 0
	for _, e := range v.imageEntries {
		if err := ctx.Err(); err != nil {
			return h, err
		}
		p := path.Join(v.imageDir, e.name)
		switch {
		case e.err != nil && isImageName(e.name):
			problem(Problem{File: p, Reason: e.err.Error()})
			continue
		case e.dir || !isImageName(e.name):
			continue
		}
		stem := strings.TrimSuffix(e.name, path.Ext(e.name))
		if v.images[stem] != p {
			problem(Problem{File: p, Reason: "was skipped: another image has the same name with another ending"})
			continue
		}
		r := Record{File: p, ImagePath: p, Split: v.split(stem)}
		if xml, ok := v.annotations[stem]; ok {
			v.annotate(&r, xml)
		}
		images++
		if err := yield(r); err != nil {
			return h, err
		}
	}
	if images == 0 {
		return h, errors.New("there is no image in " + v.imageDir)
	}
	v.reportLost()
	h.Notes = testNote(v.tests)
	return h, nil
}

// vocSet is a data set whose folders have been listed.
type vocSet struct {
	root         *os.Root
	problem      Report
	imageDir     string
	imageEntries []entry
	images       map[string]string // stem to path
	annotations  map[string]string // image's stem to the XML file's path
	lost         []Problem         // XML files without an image
	splits       map[string]string
	testOnly     map[string]bool
	tests        int
}

func (v *vocSet) open() error {
	xmlDir := ""
	if info, err := v.root.Stat("Annotations"); err == nil && info.IsDir() {
		xmlDir, v.imageDir = "Annotations", "JPEGImages"
		if _, err := v.root.Stat(v.imageDir); err != nil {
			v.imageDir = "images"
		}
		if _, err := v.root.Stat(v.imageDir); err != nil {
			return errors.New("there is a folder Annotations, but none of images (JPEGImages) beside it")
		}
	}
	xmlEntries, err := list(v.root, xmlDir)
	if err != nil {
		return fmt.Errorf("reading the folder %s: %w", xmlDir, err)
	}
	if v.imageEntries, err = list(v.root, v.imageDir); err != nil {
		return fmt.Errorf("reading the folder %s: %w", v.imageDir, err)
	}
	v.images = imagesByStem(v.imageDir, v.imageEntries)
	v.annotations = map[string]string{}
	for _, e := range xmlEntries {
		if e.dir || !strings.EqualFold(path.Ext(e.name), ".xml") {
			continue
		}
		p := path.Join(xmlDir, e.name)
		if e.err != nil {
			v.problem(Problem{File: p, Reason: "was skipped: " + e.err.Error()})
			continue
		}
		stem := strings.TrimSuffix(e.name, path.Ext(e.name))
		if _, ok := v.images[stem]; !ok {
			other, err := v.named(p)
			if err != nil {
				v.lost = append(v.lost, Problem{File: p, Reason: "was skipped: " + err.Error()})
				continue
			}
			stem = other
		}
		if _, twice := v.annotations[stem]; twice {
			v.lost = append(v.lost, Problem{File: p, Reason: "was skipped: another file annotates the same image"})
			continue
		}
		v.annotations[stem] = p
	}
	v.readSplits()
	return nil
}

// named returns the stem of the image that the XML file names itself.
func (v *vocSet) named(xml string) (string, error) {
	a, _, err := v.parse(xml)
	if err != nil {
		return "", err
	}
	base := path.Base(strings.ReplaceAll(a.filename, `\`, "/"))
	stem := strings.TrimSuffix(base, path.Ext(base))
	if p, ok := v.images[stem]; ok && path.Base(p) == base {
		return stem, nil
	}
	return "", fmt.Errorf("there is no image for it in %s", v.imageDir)
}

func (v *vocSet) parse(xml string) (vocAnnotation, []Problem, error) {
	data, err := readSmall(v.root, xml, maxXMLBytes)
	if err != nil {
		return vocAnnotation{}, nil, err
	}
	return parseVOC(data)
}

// annotate fills the record from an XML file; where that is damaged the image
// stays, not annotated.
func (v *vocSet) annotate(r *Record, xml string) {
	a, problems, err := v.parse(xml)
	for _, p := range problems {
		p.File = xml
		v.problem(p)
	}
	if err != nil {
		v.problem(Problem{File: xml, Line: a.line, Record: r.ImagePath, Reason: "the annotation was skipped, the image is not annotated: " + err.Error()})
		return
	}
	r.File, r.Line, r.HasAnnotation = xml, 1, true
	r.Width, r.Height, r.Boxes = a.width, a.height, a.boxes
}

func (v *vocSet) readSplits() {
	v.splits, v.testOnly = map[string]string{}, map[string]bool{}
	if info, err := v.root.Stat("ImageSets/Main"); err != nil || !info.IsDir() {
		return
	}
	for _, set := range []string{"test", Train, Val} {
		name := "ImageSets/Main/" + set + ".txt"
		if _, err := v.root.Stat(name); errors.Is(err, os.ErrNotExist) {
			continue
		}
		data, err := readSmall(v.root, name, maxTextBytes)
		if err != nil {
			v.problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
			continue
		}
		eachLine(strings.NewReader(string(data)), func(n int, line []byte) error {
			stem, _, _ := strings.Cut(strings.TrimSpace(string(line)), "\t")
			if _, known := v.images[stem]; !known {
				stem, _, _ = strings.Cut(stem, " ") // a set of one class has a flag behind the name
			}
			if stem == "" {
				return nil
			}
			if _, known := v.images[stem]; !known {
				v.problem(Problem{File: name, Line: n, Record: stem, Reason: "there is no such image"})
				return nil
			}
			before, again := v.splits[stem]
			switch {
			case set == "test":
				v.splits[stem], v.testOnly[stem] = Val, true
				return nil
			case again && !v.testOnly[stem] && before != set:
				v.problem(Problem{File: name, Line: n, Record: stem, Reason: "the image stands in train.txt and in val.txt; it was counted as val"})
			case again && v.testOnly[stem] && set == Train:
				v.problem(Problem{File: name, Line: n, Record: stem, Reason: "the image stands in train.txt and in test.txt; it was counted as train"})
			}
			delete(v.testOnly, stem)
			v.splits[stem] = set
			return nil
		})
	}
}

// split returns the image's split and counts those of the test split.
func (v *vocSet) split(stem string) string {
	if v.testOnly[stem] {
		v.tests++
	}
	return v.splits[stem]
}

func (v *vocSet) reportLost() {
	for _, p := range v.lost {
		v.problem(p)
	}
}
