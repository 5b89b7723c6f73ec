package interchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"viewfinder/storage/domain"
)

// YOLO is the name of this format.
const YOLO Format = "yolo"

// yoloFormat is YOLO's definition.
var yoloFormat = Definition{
	Name: YOLO, Title: "YOLO",
	Summary:  "YOLO, with its data.yaml",
	Files:    "`data.yaml` with `names`, `train` and `val`; `images/train/`, `labels/train/` and so on, one text file an image",
	Loses:    "scores; that an annotation was reviewed",
	Holds:    Holds{Tasks: []domain.Task{domain.Detection}, Boxes: true, Splits: true, Negatives: true},
	Only:     "holds boxes and suits detection",
	Instead:  "folders or csv",
	importer: yoloImporter{},
	exporter: func() exporter { return &yoloExporter{} },
}

// yoloImporter reads the layout of Ultralytics' YOLO for detection: data.yaml
// with names and the folders (or lists of files) of train, val and test, and
// for each image a text file with lines of "class x y width height", centre
// and size in fractions, in labels/ where the image lies in images/, else
// beside it. Also a folder with classes.txt, images/ and labels/.
//
// Decisions: an image without a text file is not annotated, one with an empty
// file is annotated without region. A sixth number, a score, is not kept; a
// polygon (class and at least three points) becomes the box around it. "path"
// in data.yaml and a leading "../" of the folders are dropped, since they say
// where the data lay on another machine. test counts as val.
type yoloImporter struct{}

func (yoloImporter) Recognises(root *os.Root, file string) bool {
	_, err := openYOLO(root, file)
	return err == nil
}

// yoloSet is a data set's description.
type yoloSet struct {
	root    *os.Root
	file    string // of the description
	names   map[int]string
	order   []string
	places  []yoloPlace
	problem Report
	seen    map[string]bool
	tests   int
}

// yoloPlace is a folder or list of images with its split.
type yoloPlace struct {
	path  string
	split string
	test  bool
}

// yoloStrings is one string or a list of them.
type yoloStrings []string

func (s *yoloStrings) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*s = nil
		if n.Value != "" && n.Tag != "!!null" {
			*s = yoloStrings{n.Value}
		}
		return nil
	}
	return n.Decode((*[]string)(s))
}

type yoloYAML struct {
	Names yaml.Node   `yaml:"names"`
	Train yoloStrings `yaml:"train"`
	Val   yoloStrings `yaml:"val"`
	Valid yoloStrings `yaml:"valid"`
	Test  yoloStrings `yaml:"test"`
}

const maxYAMLBytes = 1 << 20

// openYOLO finds and reads the description.
func openYOLO(root *os.Root, file string) (*yoloSet, error) {
	names := []string{file}
	if file == "" {
		names = []string{"data.yaml", "data.yml", "dataset.yaml"}
		entries, err := list(root, "")
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if ext := strings.ToLower(path.Ext(e.name)); !e.dir && (ext == ".yaml" || ext == ".yml") && !contains(names, e.name) {
				names = append(names, e.name)
			}
		}
	}
	for _, name := range names {
		if ext := strings.ToLower(path.Ext(name)); ext != ".yaml" && ext != ".yml" {
			continue
		}
		data, err := readSmall(root, name, maxYAMLBytes)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if s, err := parseYOLO(data); err == nil || file != "" {
			s.root, s.file = root, name
			return s, err
		}
	}
	if file != "" {
		return nil, fmt.Errorf("%s is no description of a YOLO data set (.yaml)", file)
	}
	for _, need := range []string{"labels", "images"} {
		if info, err := root.Stat(need); err != nil || !info.IsDir() {
			return nil, errors.New("the folder holds no data.yaml with \"names\", and no classes.txt beside images/ and labels/")
		}
	}
	data, err := readSmall(root, "classes.txt", maxYAMLBytes)
	if err != nil {
		return nil, fmt.Errorf("classes.txt: %w", err)
	}
	s := &yoloSet{root: root, file: "classes.txt", names: map[int]string{}}
	err = eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		return s.addName(n-1, string(line))
	})
	for _, split := range []string{Train, Val, "test"} {
		if info, e := root.Stat("images/" + split); e == nil && info.IsDir() {
			name, isTest, _ := splitName(split)
			s.places = append(s.places, yoloPlace{"images/" + split, name, isTest})
		}
	}
	if len(s.places) == 0 {
		s.places = []yoloPlace{{path: "images"}}
	}
	return s, err
}

// parseYOLO reads data.yaml.
func parseYOLO(data []byte) (*yoloSet, error) {
	s := &yoloSet{names: map[int]string{}}
	var y yoloYAML
	if err := yaml.Unmarshal(data, &y); err != nil {
		return s, fmt.Errorf("it is damaged YAML: %w", err)
	}
	switch y.Names.Kind {
	case yaml.SequenceNode:
		for i, n := range y.Names.Content {
			if err := s.addName(i, n.Value); err != nil {
				return s, err
			}
		}
	case yaml.MappingNode:
		for i := 0; i+1 < len(y.Names.Content); i += 2 {
			class, err := strconv.Atoi(y.Names.Content[i].Value)
			if err != nil || class < 0 {
				return s, fmt.Errorf("the class %q in \"names\" is no number", y.Names.Content[i].Value)
			}
			if err := s.addName(class, y.Names.Content[i+1].Value); err != nil {
				return s, err
			}
		}
	}
	if len(s.names) == 0 {
		return s, errors.New("it has no \"names\"")
	}
	for _, part := range []struct {
		name  string
		paths yoloStrings
	}{{Train, y.Train}, {Val, y.Val}, {Val, y.Valid}, {"test", y.Test}} {
		split, isTest, _ := splitName(part.name)
		for _, p := range part.paths {
			p = path.Clean(strings.ReplaceAll(p, `\`, "/"))
			for strings.HasPrefix(p, "../") {
				p = p[3:]
			}
			s.places = append(s.places, yoloPlace{p, split, isTest})
		}
	}
	if len(s.places) == 0 {
		return s, errors.New("it has neither \"train\" nor \"val\"")
	}
	return s, nil
}

func (s *yoloSet) addName(class int, name string) error {
	name, err := conceptName(name)
	if err != nil {
		return err
	}
	if len(s.names) >= maxConcepts {
		return errors.New("there are too many names")
	}
	s.names[class] = name
	s.order = append(s.order, name)
	return nil
}

func (yoloImporter) Read(ctx context.Context, root *os.Root, file string, yield Yield, problem Report) (Header, error) {
	h := Header{ViewType: domain.Detection}
	s, err := openYOLO(root, file)
	if err != nil {
		return h, err
	}
	s.problem, s.seen = problem, map[string]bool{}
	var concepts conceptList
	for _, n := range s.order {
		concepts.add(n)
	}
	h.Concepts = concepts.names
	for _, p := range s.places {
		if err := s.readPlace(ctx, p, yield); err != nil {
			return h, err
		}
	}
	if len(s.seen) == 0 {
		return h, fmt.Errorf("%s names no folder with images", s.file)
	}
	h.Notes = testNote(s.tests)
	return h, nil
}

// readPlace yields the images of a folder or of a list of files.
func (s *yoloSet) readPlace(ctx context.Context, p yoloPlace, yield Yield) error {
	visit := func(image string) error {
		if s.seen[image] {
			s.problem(Problem{File: s.file, Record: image, Reason: "the image was named twice; the first split counts"})
			return nil
		}
		s.seen[image] = true
		if p.test {
			s.tests++
		}
		return yield(s.record(image, p.split))
	}
	name, err := safePath(p.path)
	if p.path == "." {
		name, err = ".", nil
	}
	if err != nil {
		s.problem(Problem{File: s.file, Record: p.path, Reason: "was skipped: " + err.Error()})
		return nil
	}
	info, err := s.root.Stat(name)
	switch {
	case err != nil:
		s.problem(Problem{File: s.file, Record: p.path, Reason: "was skipped: " + reasonOf(err).Error()})
		return nil
	case info.IsDir():
		return walkImages(ctx, s.root, name, visit, s.problem)
	}
	data, err := readSmall(s.root, name, maxTextBytes)
	if err != nil {
		s.problem(Problem{File: name, Reason: "was skipped: " + err.Error()})
		return nil
	}
	return eachLine(bytes.NewReader(data), func(n int, line []byte) error {
		image := strings.TrimSpace(string(line))
		if image == "" || ctx.Err() != nil {
			return ctx.Err()
		}
		found, err := findImage(s.root, image, "", path.Dir(name))
		if err != nil {
			s.problem(Problem{File: name, Line: n, Record: image, Reason: "was skipped: " + err.Error()})
			return nil
		}
		return visit(found)
	})
}
