package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path"
	"path/filepath"
	"sort"

	"viewfinder/storage/interchange"
	"viewfinder/training/picture"
)

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

// cut reports whether a box touches the border, by a pixel of the full size.
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
		boxes.Regions = append(boxes.Regions, interchange.Region{ID: id, Box: &b.Box, Concepts: []string{b.Concept}})
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
