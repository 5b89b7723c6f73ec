package interchange

import (
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// cvatExporter writes annotations.xml beside images/, as "CVAT for images 1.1"
// has it and cvatImporter reads it. Images are called as they are below
// images/, for CVAT finds them in its task by the end of their path.
type cvatExporter struct {
	file   *exportFile
	out    *xml.Encoder
	view   domain.Task
	images int
}

type cvatOutLabel struct {
	Name       string   `xml:"name"`
	Type       string   `xml:"type"`
	Attributes struct{} `xml:"attributes"`
}

type cvatOutImage struct {
	XMLName xml.Name     `xml:"image"`
	ID      int          `xml:"id,attr"`
	Name    string       `xml:"name,attr"`
	Subset  string       `xml:"subset,attr,omitempty"`
	Width   int          `xml:"width,attr"`
	Height  int          `xml:"height,attr"`
	Tags    []cvatOutTag `xml:"tag"`
	Boxes   []cvatOutBox `xml:"box"`
}

type cvatOutTag struct {
	Label  string `xml:"label,attr"`
	Source string `xml:"source,attr"`
}

type cvatOutBox struct {
	Label    string `xml:"label,attr"`
	Source   string `xml:"source,attr"`
	Occluded int    `xml:"occluded,attr"`
	XTL      string `xml:"xtl,attr"`
	YTL      string `xml:"ytl,attr"`
	XBR      string `xml:"xbr,attr"`
	YBR      string `xml:"ybr,attr"`
	ZOrder   int    `xml:"z_order,attr"`
}

func (e *cvatExporter) begin(f *exportFolder, h Header) (err error) {
	if err := f.mkdir("images"); err != nil {
		return err
	}
	if e.file, err = f.create("annotations.xml"); err != nil {
		return err
	}
	e.view = h.ViewType
	e.file.WriteString(`<?xml version="1.0" encoding="utf-8"?>` + "\n<annotations>\n  <version>1.1</version>\n")
	var meta struct {
		XMLName xml.Name       `xml:"meta"`
		Name    string         `xml:"task>name"`
		Mode    string         `xml:"task>mode"`
		Labels  []cvatOutLabel `xml:"task>labels>label"`
	}
	meta.Name, meta.Mode = h.Name, "annotation"
	kind := "tag"
	if e.view == domain.Detection {
		kind = "rectangle"
	}
	for _, c := range h.Concepts {
		meta.Labels = append(meta.Labels, cvatOutLabel{Name: c, Type: kind})
	}
	e.out = xml.NewEncoder(e.file)
	e.out.Indent("  ", "  ")
	return e.out.Encode(meta)
}

func (e *cvatExporter) place(Record) string { return "images" }

func (e *cvatExporter) add(r Record, _ func(string)) error {
	if r.Width <= 0 || r.Height <= 0 {
		return errors.New("the size of " + r.ImagePath + " is not known")
	}
	image := cvatOutImage{ID: e.images, Name: strings.TrimPrefix(r.ImagePath, "images/"), Subset: r.Split, Width: r.Width, Height: r.Height}
	e.images++
	for _, c := range r.Concepts {
		image.Tags = append(image.Tags, cvatOutTag{Label: c, Source: "manual"})
	}
	text := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	for _, b := range r.Boxes {
		c := pixelCorners(b, r)
		image.Boxes = append(image.Boxes, cvatOutBox{Label: b.Concept, Source: "manual", XTL: text(c[0]), YTL: text(c[1]), XBR: text(c[2]), YBR: text(c[3])})
	}
	return e.out.Encode(image)
}

func (e *cvatExporter) end() error {
	_, err := e.file.WriteString("\n</annotations>\n")
	return errors.Join(err, e.file.Close())
}
