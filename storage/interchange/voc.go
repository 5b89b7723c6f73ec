package interchange

import (
	"context"
	"fmt"
	"path"
	"strings"

	"viewfinder/storage/domain"
)

// VOC is the name of this format.
const VOC Format = "voc"

// vocFormat is Pascal VOC's definition.
var vocFormat = Definition{
	Name: VOC, Title: "Pascal VOC",
	Summary:  "Pascal VOC's XML files, with their ImageSets",
	Files:    "`Annotations/NAME.xml`, `JPEGImages/NAME.jpg`, `ImageSets/Main/train.txt`, `val.txt` and `test.txt`; or XML files beside their images (labelImg, Roboflow) or in any folder below, in `train/`, `valid/` and `test/` where these are splits",
	Loses:    "pose, truncated, difficult, segmented; that an annotation was reviewed",
	Proved:   "labelImg's in datitran/raccoon_dataset (217 boxes in 200 images; four images are the same twice) and Shenggan/BCCD_Dataset (4,886 of 4,888 boxes; two have no area and are named)",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	Sniff:    looksLikeVOC,
	importer: vocImporter{},
	exporter: func() exporter { return &vocExporter{} },
}

// vocImporter reads Pascal VOC's layout for detection: Annotations/NAME.xml,
// JPEGImages/NAME.jpg (or .png, …) and, for the splits, ImageSets/Main/train.txt,
// val.txt and test.txt; also XML files that lie beside their images or anywhere below.
//
// Decisions: the image is the one named as the XML file is, else the one its
// <filename> names. An image without an XML file is not annotated; an XML file
// without objects means "annotated without concept". An image named in train.txt
// and test.txt is test, one named in val.txt is val in any case, so that what
// was kept for judging is never trained on; one named in none has the split that
// its folder names, or falls by its content.
// Coordinates are edges in pixels, divided by the size given in the XML file;
// corners may come in any order. Boxes without area or outside the image are
// refused, those that reach outside are cut, each reported. The tags pose,
// truncated, difficult and segmented are not kept. DOCTYPE and entities of its
// own make an XML file be refused.
type vocImporter struct{}

func (vocImporter) Recognises(f *Folder) (bool, error) {
	if f.File != "" {
		return looksLikeVOC(f.File, f.head(f.File)), nil
	}
	places := []string{""}
	entries, _ := f.list("")
	for _, e := range entries {
		if e.dir && isLabelFolder(e.name) {
			places = append(places, e.name)
		}
	}
	for _, dir := range places {
		for _, name := range sample(f.sub(dir).filesHere(".xml")) {
			if p := path.Join(dir, name); looksLikeVOC(p, f.head(p)) {
				return true, nil
			}
		}
	}
	return false, nil
}

// looksLikeVOC reports whether a file begins as VOC's annotations do.
func looksLikeVOC(name, head string) bool {
	if !strings.EqualFold(path.Ext(name), ".xml") {
		return false
	}
	i := strings.Index(head, "<annotation")
	return i >= 0 && i < 2000 && i+11 < len(head) && strings.ContainsRune("> \t\r\n/", rune(head[i+11]))
}

func (vocImporter) Read(ctx context.Context, f *Folder, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Detection}
	v := vocSet{folder: f, problem: problem}
	v.open()
	images := 0
	for _, p := range v.images {
		if err := ctx.Err(); err != nil {
			return h, err
		}
		xml, annotated := v.annotations[p]
		if f.File != "" && !annotated {
			continue // the user named one XML file: its image alone
		}
		r := Record{File: p, ImagePath: p, Split: v.split(p)}
		if annotated {
			v.annotate(&r, xml)
		}
		images++
		if err := yield(r); err != nil {
			return h, err
		}
	}
	for _, p := range v.lost {
		problem(p)
	}
	if images == 0 {
		return h, &emptyError{"there is no image for the XML files"}
	}
	return h, nil
}

// vocSet is a data set whose folders have been listed.
type vocSet struct {
	folder      *Folder
	problem     Report
	images      []string
	annotations map[string]string // image to XML file
	lost        []Problem         // XML files without an image
	splits      map[string]string // by the image's name without ending
}

// open lists images and XML files, and joins them.
func (v *vocSet) open() {
	f := v.folder
	var xmls []string
	if f.File != "" {
		xmls = []string{f.File}
	} else {
		xmls = f.files(".xml")
	}
	v.images = f.images()
	if f.File != "" {
		v.images = append(v.images, (&Folder{tree: f.tree}).imagesOutside(f)...)
	}
	var lost []string
	v.annotations, lost = f.pair(xmls)
	for _, xml := range lost {
		image, err := v.named(xml)
		if err == nil && v.annotations[image] != "" {
			err = fmt.Errorf("another file annotates the same image %s", image)
		}
		if err != nil {
			v.lost = append(v.lost, Problem{File: xml, Reason: "was skipped: " + err.Error()})
			continue
		}
		v.annotations[image] = xml
	}
	v.readSplits()
}

// imagesOutside lists the images below the folder that do not lie below
// another one, as that one calls them.
func (f *Folder) imagesOutside(other *Folder) []string {
	if other.dir == "" {
		return nil
	}
	var names []string
	for _, p := range f.images() {
		if name := other.name(p); strings.HasPrefix(name, "/") {
			names = append(names, name)
		}
	}
	return names
}

// named returns the image that the XML file names itself.
func (v *vocSet) named(xml string) (string, error) {
	a, _, err := v.parse(xml)
	if err != nil {
		return "", err
	}
	if a.filename == "" {
		return "", fmt.Errorf("there is no image of its name, and it names none")
	}
	image, err := v.folder.findImage(a.filename, path.Dir(xml))
	if err != nil {
		return "", fmt.Errorf("there is no image for it: %w", err)
	}
	return image, nil
}

func (v *vocSet) parse(xml string) (vocAnnotation, []Problem, error) {
	data, err := v.folder.read(xml, maxXMLBytes)
	if err != nil {
		return vocAnnotation{}, nil, err
	}
	return parseVOC(data)
}

// annotate fills the record from an XML file; where that is damaged the image
// stays, not annotated.
func (v *vocSet) annotate(r *Record, xml string) {
	a, problems, err := v.parse(xml)
	r.File, r.Line = xml, 1
	for _, p := range problems {
		p.File = xml
		v.problem(p)
	}
	if err != nil {
		r.refuse(v.problem, a.line, r.ImagePath, "the annotation was skipped, the image is not annotated: "+err.Error())
		return
	}
	r.HasAnnotation, r.Refused = true, a.refused
	r.Width, r.Height, r.Boxes = a.width, a.height, a.boxes
}

// stemOf is a path's last part without its ending.
func stemOf(p string) string { return strings.TrimSuffix(path.Base(p), path.Ext(p)) }

// readSplits reads ImageSets/Main.
func (v *vocSet) readSplits() {
	v.splits = map[string]string{}
	f := v.folder
	sets, ok := f.find("ImageSets")
	if !ok || !f.isDir(sets) {
		return
	}
	for _, name := range f.sub(sets).files(".txt") {
		f.took(path.Join(sets, name)) // those of single classes add nothing
	}
	known := map[string]bool{}
	for _, p := range v.images {
		known[stemOf(p)] = true
	}
	for _, set := range []string{Train, Test, Val} { // of two lists that name an image the later counts: nothing is trained on that is judged on
		name, ok := f.find(sets + "/Main/" + set + ".txt")
		if !ok {
			continue
		}
		data, err := f.read(name, maxTextBytes)
		if err != nil {
			v.problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
			continue
		}
		eachLine(strings.NewReader(string(data)), func(n int, line []byte) error {
			v.member(known, name, n, set, string(line))
			return nil
		})
	}
}

// member takes one line of a set.
func (v *vocSet) member(known map[string]bool, name string, n int, set, line string) {
	stem, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
	if !known[stem] {
		stem, _, _ = strings.Cut(stem, " ") // a set of one class has a flag behind the name
	}
	if stem != "" && !known[stem] {
		stem = stemOf(strings.ReplaceAll(stem, `\`, "/")) // some write the path
	}
	if stem == "" || stem == "." {
		return
	}
	if !known[stem] {
		v.problem(Problem{File: name, Line: n, Record: stem, Reason: "there is no such image"})
		return
	}
	if before := v.splits[stem]; before != "" && before != set {
		v.problem(Problem{File: name, Line: n, Record: stem, Reason: fmt.Sprintf("the image is listed in %s.txt and in %s.txt; it was put into %s", before, set, set)})
	}
	v.splits[stem] = set
}

// split returns the image's split, as the sets or its folder say.
func (v *vocSet) split(image string) string {
	if split, listed := v.splits[stemOf(image)]; listed {
		return split
	}
	return splitOfPath(image)
}
