package interchange

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
)

// vocExporter writes Annotations, JPEGImages and ImageSets/Main as vocImporter
// reads them. An image that is not annotated gets no XML file.
type vocExporter struct {
	folder *exportFolder
	sets   map[string]*exportFile
}

func (e *vocExporter) begin(f *exportFolder, _ Header) error {
	e.folder, e.sets = f, map[string]*exportFile{}
	if err := errors.Join(f.mkdir("Annotations"), f.mkdir("JPEGImages")); err != nil {
		return err
	}
	for _, split := range []string{Train, Val} { // test.txt comes with the first image that is in it
		if err := e.set(split); err != nil {
			return err
		}
	}
	return nil
}

// set makes the list of a split.
func (e *vocExporter) set(split string) error {
	file, err := e.folder.create("ImageSets/Main/" + split + ".txt")
	if err == nil {
		e.sets[split] = file
	}
	return err
}

func (e *vocExporter) place(Record) string { return "JPEGImages" }

type vocOut struct {
	XMLName  xml.Name `xml:"annotation"`
	Folder   string   `xml:"folder"`
	Filename string   `xml:"filename"`
	Size     struct {
		Width  int `xml:"width"`
		Height int `xml:"height"`
		Depth  int `xml:"depth"`
	} `xml:"size"`
	Segmented int            `xml:"segmented"`
	Objects   []vocOutObject `xml:"object"`
}

type vocOutObject struct {
	Name      string `xml:"name"`
	Pose      string `xml:"pose"`
	Truncated int    `xml:"truncated"`
	Difficult int    `xml:"difficult"`
	XMin      string `xml:"bndbox>xmin"`
	YMin      string `xml:"bndbox>ymin"`
	XMax      string `xml:"bndbox>xmax"`
	YMax      string `xml:"bndbox>ymax"`
}

// round drops what rounding to and from fractions added to whole pixels.
func round(v float64) float64 { return math.Round(v*1e4) / 1e4 }

func (e *vocExporter) add(r Record, _ func(string)) error {
	stem := strings.TrimSuffix(path.Base(r.ImagePath), path.Ext(r.ImagePath))
	if r.Split == Test && e.sets[Test] == nil {
		if err := e.set(Test); err != nil {
			return err
		}
	}
	if set := e.sets[r.Split]; set != nil {
		fmt.Fprintln(set, stem)
	}
	if !r.HasAnnotation {
		return nil
	}
	if r.Width <= 0 || r.Height <= 0 {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	out := vocOut{Folder: "JPEGImages", Filename: path.Base(r.ImagePath)}
	out.Size.Width, out.Size.Height, out.Size.Depth = r.Width, r.Height, 3
	pixel := func(v float64, side int) string { return strconv.FormatFloat(round(v*float64(side)), 'f', -1, 64) }
	for _, b := range r.Boxes {
		out.Objects = append(out.Objects, vocOutObject{Name: b.Concept, Pose: "Unspecified",
			XMin: pixel(b.XMin, r.Width), YMin: pixel(b.YMin, r.Height), XMax: pixel(b.XMax, r.Width), YMax: pixel(b.YMax, r.Height)})
	}
	text, err := xml.MarshalIndent(out, "", "\t")
	if err != nil {
		return err
	}
	f, err := e.folder.create("Annotations/" + stem + ".xml")
	if err != nil {
		return err
	}
	f.Write(append(text, '\n'))
	return f.Close()
}

func (e *vocExporter) end() error {
	var all error
	for _, set := range e.sets {
		all = errors.Join(all, set.Close())
	}
	return all
}
