package interchange

import (
	"errors"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// yoloExporter writes data.yaml, images/train, images/val, images/test where there are any, and labels/ as
// yoloImporter reads them. An image that is not annotated gets no text file.
type yoloExporter struct {
	folder *exportFolder
	ids    map[string]int
	names  []string
	test   bool // some image is in it
}

func (e *yoloExporter) begin(f *exportFolder, h Header) error {
	e.folder, e.ids = f, map[string]int{}
	for _, c := range h.Concepts {
		e.class(c)
	}
	for _, split := range []string{Train, Val} {
		if err := errors.Join(f.mkdir("images/"+split), f.mkdir("labels/"+split)); err != nil {
			return err
		}
	}
	return nil
}

func (e *yoloExporter) class(name string) int {
	if id, ok := e.ids[name]; ok {
		return id
	}
	e.ids[name] = len(e.names)
	e.names = append(e.names, name)
	return len(e.names) - 1
}

func (e *yoloExporter) place(r Record) string {
	if r.Split == "" {
		return "images/" + Train
	}
	return "images/" + r.Split
}

func (e *yoloExporter) add(r Record, _ func(string)) error {
	e.test = e.test || r.Split == Test
	if !r.HasAnnotation {
		return nil
	}
	f, err := e.folder.create(labelPath(r.ImagePath))
	if err != nil {
		return err
	}
	for _, b := range r.Boxes {
		fmt.Fprintf(f, "%d %s %s %s %s\n", e.class(b.Concept), short((b.XMin+b.XMax)/2), short((b.YMin+b.YMax)/2), short(b.XMax-b.XMin), short(b.YMax-b.YMin))
	}
	return f.Close()
}

// short writes a fraction to a thousandth of a pixel of the largest images.
func short(v float64) string {
	return strconv.FormatFloat(v, 'f', 9, 64)
}

func (e *yoloExporter) end() error {
	f, err := e.folder.create("data.yaml")
	if err != nil {
		return err
	}
	names := yaml.Node{Kind: yaml.MappingNode}
	for i, n := range e.names {
		var value yaml.Node
		value.SetString(n)
		if n != "" {
			value.Style = yaml.DoubleQuotedStyle
		}
		names.Content = append(names.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(i)}, &value)
	}
	description := struct {
		Train string    `yaml:"train"`
		Val   string    `yaml:"val"`
		Test  string    `yaml:"test,omitempty"`
		Count int       `yaml:"nc"`
		Names yaml.Node `yaml:"names"`
	}{"images/train", "images/val", "", len(e.names), names}
	if e.test {
		description.Test = "images/test"
	}
	out := yaml.NewEncoder(f)
	return errors.Join(out.Encode(description), out.Close(), f.Close())
}
