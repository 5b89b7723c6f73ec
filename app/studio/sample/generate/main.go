// Command generate makes the sample project's files out of ../shared/data: a
// choice of photos under images/, sample.jsonl in the Studio format, and the
// licences. It is deterministic. Run it by `go generate` in the sample's folder.
package main

import (
	"bytes"
	"flag"
	"log"
	"os"
	"path/filepath"

	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
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
	{Path: kind, Name: "Kind of photo", Type: domain.Classification, Concepts: []interchange.Concept{
		concept("single item", "#f4a261", "1"), concept("mixture", "#2a9d8f", "2"), concept("blood smear", "#e63946", "3")}},
	{Path: material, Parent: kind, Name: "Material", Type: domain.Classification, Concepts: wastes, Conditions: when("single item")},
	{Path: contents, Parent: kind, Name: "Contents", Type: domain.Tagging, Concepts: wastes[:5], Conditions: when("mixture")},
	{Path: cells, Parent: kind, Name: "Cells", Type: domain.Detection, Conditions: when("blood smear"), Concepts: []interchange.Concept{
		concept("RBC", "#e63946", "1"), concept("WBC", "#7b2cbf", "2"), concept("Platelets", "#ffb703", "3")}},
	{Path: border, Parent: cells, Name: "At the border", Type: domain.Classification, Conditions: when("WBC", "Platelets"),
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
