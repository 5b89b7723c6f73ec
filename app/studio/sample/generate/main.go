// Command generate makes the sample project's files out of ../shared/data: a
// choice of photos under images/, sample.jsonl in the Studio format, and the
// licences. It is deterministic. Run it by `go generate` in the sample's folder.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"log"
	"os"
	"path"
	"path/filepath"
	"sort"

	"viewfinder/storage/interchange"
	"viewfinder/training/picture"
)

// How many of each are taken.
const (
	materialTrain, materialVal = 30, 8 // of each of the six materials
	mixtureTrain, mixtureVal   = 48, 12
	smearTrain, smearVal       = 24, 8
	smearWidth, smearHeight    = 320, 240
	smearQuality               = 88
)

const (
	kind     = "Kind of photo"
	material = kind + "/Material"
	contents = kind + "/Contents"
	cells    = kind + "/Cells"
	border   = cells + "/At the border"
)

func concept(name, color, key string) interchange.Concept {
	return interchange.Concept{Name: name, Color: color, Key: key}
}

func when(concepts ...string) *interchange.Condition {
	c := &interchange.Condition{Op: "or"}
	for _, name := range concepts {
		c.Of = append(c.Of, interchange.Condition{Op: "concept", Concept: name})
	}
	if len(c.Of) == 1 {
		return &c.Of[0]
	}
	return c
}

var wastes = []interchange.Concept{
	concept("cardboard", "#b5803c", "1"), concept("glass", "#2a9d8f", "2"), concept("metal", "#6c7a89", "3"),
	concept("paper", "#e9c46a", "4"), concept("plastic", "#3a86ff", "5"), concept("trash", "#8d4a8e", "6"),
}

var views = []interchange.View{
	{Path: kind, Name: "Kind of photo", Type: interchange.Classification, Concepts: []interchange.Concept{
		concept("single item", "#f4a261", "1"), concept("mixture", "#2a9d8f", "2"), concept("blood smear", "#e63946", "3")}},
	{Path: material, Parent: kind, Name: "Material", Type: interchange.Classification, Concepts: wastes, Conditions: when("single item")},
	{Path: contents, Parent: kind, Name: "Contents", Type: interchange.Tagging, Concepts: wastes[:5], Conditions: when("mixture")},
	{Path: cells, Parent: kind, Name: "Cells", Type: interchange.Detection, Conditions: when("blood smear"), Concepts: []interchange.Concept{
		concept("RBC", "#e63946", "1"), concept("WBC", "#7b2cbf", "2"), concept("Platelets", "#ffb703", "3")}},
	{Path: border, Parent: cells, Name: "At the border", Type: interchange.Classification, Conditions: when("WBC", "Platelets"),
		Concepts: []interchange.Concept{concept("whole", "#2a9d8f", "1"), concept("cut off", "#e76f51", "2")}},
}

func main() {
	log.SetFlags(0)
	data := flag.String("data", "../../../../shared/data", "the folder of real data")
	out := flag.String("out", ".", "the sample's folder")
	flag.Parse()
	if err := generate(*data, *out); err != nil {
		log.Fatal(err)
	}
}

// photo is a chosen image: its record and its bytes.
type photo struct {
	record interchange.Record
	bytes  []byte
}

func generate(data, out string) error {
	var photos []photo
	for _, collect := range []func(string) ([]photo, error){materials, mixtures, smears} {
		some, err := collect(data)
		if err != nil {
			return err
		}
		photos = append(photos, some...)
	}
	// In turn, as somebody would meet them who emptied a camera.
	shuffle(photos, func(p photo) string { return p.record.ImagePath })
	for i := range photos {
		leaveSome(&photos[i].record, i)
	}
	folder := filepath.Join(out, "images")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := interchange.NewStudioWriter(&b, interchange.Header{Name: "Waste and blood cells", Views: views})
	if err != nil {
		return err
	}
	total := 0
	for _, p := range photos {
		if err := w.Write(p.record); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, filepath.FromSlash(p.record.ImagePath)), p.bytes, 0o644); err != nil {
			return err
		}
		total += len(p.bytes)
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "sample.jsonl"), b.Bytes(), 0o644); err != nil {
		return err
	}
	for from, to := range map[string]string{"TRASHNET-LICENSE": "LICENSE-trashnet.txt", "cells/LICENSE": "LICENSE-bccd.txt"} {
		text, err := os.ReadFile(filepath.Join(data, filepath.FromSlash(from)))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, to), text, 0o644); err != nil {
			return err
		}
	}
	log.Printf("%d photos, %d kB, sample.jsonl %d kB", len(photos), total>>10, b.Len()>>10)
	return nil
}

// leaveSome leaves about a tenth of the annotations of each view to the user,
// and marks some as reviewed. i numbers the photos.
func leaveSome(r *interchange.Record, i int) {
	if i%14 == 9 { // nobody has looked at it
		r.Views = nil
		return
	}
	kept := r.Views[:0]
	for _, v := range r.Views {
		if v.View != kind && v.Source == "" && i%11 == 4 {
			break // its kind is known, the rest is not; crops go with their regions
		}
		if v.View == border && (i+len(kept))%10 == 3 {
			continue
		}
		v.Reviewed = i%4 == 0
		kept = append(kept, v)
	}
	r.Views = kept
}

// read returns all records of a source, and the bytes of one by a call.
func read(where string, format interchange.Format) ([]interchange.Record, error) {
	s, err := interchange.OpenSource(where, format)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	var all []interchange.Record
	_, err = s.Read(context.Background(), func(r interchange.Record) error {
		all = append(all, r)
		return nil
	}, nil)
	return all, err
}

// byHash is the split that an image falls into where its source has none: val
// where the last byte of its content's SHA-256 is below 51, one in five.
func byHash(content []byte) string {
	sum := sha256.Sum256(content)
	if sum[len(sum)-1] < 51 {
		return interchange.Val
	}
	return interchange.Train
}

// whole is the annotation of a whole image with concepts.
func whole(view, id string, concepts ...string) interchange.ViewAnnotation {
	v := interchange.ViewAnnotation{View: view}
	if len(concepts) > 0 {
		v.Regions = []interchange.Region{{ID: id, Concepts: concepts}}
	}
	return v
}

// take loads a photo, unless its split is full.
func take(file, split string, left map[string]int) (photo, bool, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return photo{}, false, err
	}
	if split == "" {
		split = byHash(content)
	}
	if left[split] == 0 {
		return photo{}, false, nil
	}
	left[split]--
	_, info, err := picture.Decode(bytes.NewReader(content), file, picture.Limits{})
	if err != nil {
		return photo{}, false, err
	}
	return photo{interchange.Record{ImagePath: "images/" + filepath.Base(file), Split: split, Width: info.Width, Height: info.Height}, content}, true, nil
}

func materials(data string) ([]photo, error) {
	records, err := read(filepath.Join(data, "waste"), interchange.Folders)
	if err != nil {
		return nil, err
	}
	left := map[string]map[string]int{}
	var photos []photo
	for _, r := range records {
		name := r.Concepts[0]
		if left[name] == nil {
			left[name] = map[string]int{interchange.Train: materialTrain, interchange.Val: materialVal}
		}
		p, ok, err := take(filepath.Join(data, "waste", filepath.FromSlash(r.ImagePath)), "", left[name])
		if err != nil {
			return nil, err
		}
		if ok {
			p.record.Views = []interchange.ViewAnnotation{whole(kind, "kind", "single item"), whole(material, "material", name)}
			photos = append(photos, p)
		}
	}
	return photos, nil
}

// shuffle orders records by a hash of their names, always the same way.
func shuffle[T any](all []T, name func(T) string) {
	digest := func(t T) string { sum := sha256.Sum256([]byte(name(t))); return string(sum[:]) }
	sort.Slice(all, func(i, j int) bool { return digest(all[i]) < digest(all[j]) })
}

func mixtures(data string) ([]photo, error) {
	records, err := read(filepath.Join(data, "waste-mix", "labels.csv"), interchange.CSV)
	if err != nil {
		return nil, err
	}
	shuffle(records, func(r interchange.Record) string { return r.ImagePath }) // the first ones are mostly of one kind
	left := map[string]int{interchange.Train: mixtureTrain, interchange.Val: mixtureVal}
	var photos []photo
	for _, r := range records {
		p, ok, err := take(filepath.Join(data, "waste-mix", filepath.FromSlash(r.ImagePath)), "", left)
		if err != nil {
			return nil, err
		}
		if ok {
			p.record.Views = []interchange.ViewAnnotation{whole(kind, "kind", "mixture"), whole(contents, "contents", r.Concepts...)}
			photos = append(photos, p)
		}
	}
	return photos, nil
}

// smears takes as many smears with a white cell or platelet that is cut off as
// without, out of the data's own train and val sets.
func smears(data string) ([]photo, error) {
	records, err := read(filepath.Join(data, "cells"), interchange.VOC)
	if err != nil {
		return nil, err
	}
	tests, err := testNames(data)
	if err != nil {
		return nil, err
	}
	shuffle(records, func(r interchange.Record) string { return r.ImagePath })
	left := map[bool]map[string]int{}
	for _, b := range []bool{false, true} {
		left[b] = map[string]int{interchange.Train: smearTrain / 2, interchange.Val: smearVal / 2}
	}
	var photos []photo
	for _, r := range records {
		stem := path.Base(r.ImagePath)
		if tests[stem[:len(stem)-len(path.Ext(stem))]] || !r.HasAnnotation {
			continue
		}
		p, ok, err := take(filepath.Join(data, "cells", filepath.FromSlash(r.ImagePath)), r.Split, left[hasCut(r)])
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if p.bytes, err = shrink(p.bytes); err != nil {
			return nil, err
		}
		p.record.Views = smearViews(r)
		p.record.Width, p.record.Height = smearWidth, smearHeight
		photos = append(photos, p)
	}
	return photos, nil
}

func testNames(data string) (map[string]bool, error) {
	text, err := os.ReadFile(filepath.Join(data, "cells", "ImageSets", "Main", "test.txt"))
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, line := range bytes.Fields(text) {
		names[string(line)] = true
	}
	return names, nil
}

// cut says whether a box touches the border, by a pixel of the full size.
func cut(r interchange.Record, b interchange.Box) bool {
	x, y := 1.5/float64(r.Width), 1.5/float64(r.Height)
	return b.XMin < x || b.YMin < y || b.XMax > 1-x || b.YMax > 1-y
}

func hasCut(r interchange.Record) bool {
	for _, b := range r.Boxes {
		if b.Concept != "RBC" && cut(r, b) {
			return true
		}
	}
	return false
}

func smearViews(r interchange.Record) []interchange.ViewAnnotation {
	boxes := interchange.ViewAnnotation{View: cells}
	var crops []interchange.ViewAnnotation
	for i, b := range r.Boxes {
		id := fmt.Sprintf("cell%d", i+1)
		rect := b
		rect.Concept = ""
		boxes.Regions = append(boxes.Regions, interchange.Region{ID: id, Box: &rect, Concepts: []string{b.Concept}})
		if b.Concept == "RBC" {
			continue
		}
		state := "whole"
		if cut(r, b) {
			state = "cut off"
		}
		crop := whole(border, id+".border", state)
		crop.Source = id
		crops = append(crops, crop)
	}
	return append([]interchange.ViewAnnotation{whole(kind, "kind", "blood smear"), boxes}, crops...)
}

// shrink makes a smear smaller.
func shrink(content []byte) ([]byte, error) {
	img, _, err := picture.Decode(bytes.NewReader(content), "smear", picture.Limits{})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	small := image.Image(picture.Resize(img, smearWidth, smearHeight))
	err = jpeg.Encode(&b, small, &jpeg.Options{Quality: smearQuality})
	return b.Bytes(), err
}
