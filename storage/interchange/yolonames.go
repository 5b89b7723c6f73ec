package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const maxYAMLBytes = 1 << 20

// yoloLists are files that list names of classes, one a line.
var yoloLists = []string{"classes.txt", "obj.names", "_darknet.labels", "predefined_classes.txt", "classes.names", "coco.names", "voc.names", "labels.txt", "class_names.txt", "class.txt"}

// openYOLO finds and reads the description; nil where there is none. A
// description that cannot be read is an error where it is certainly one.
func openYOLO(f *Folder) (*yoloSet, error) {
	if f.File != "" {
		switch ext := strings.ToLower(path.Ext(f.File)); {
		case ext == ".yaml" || ext == ".yml":
			return readYOLO(f, f.File)
		case slices.Contains(yoloLists, strings.ToLower(f.File)) || ext == ".names":
			return listYOLO(f, f.File)
		}
		return nil, nil
	}
	all := f.filesHere(".yaml", ".yml")
	rank := func(name string) int { // data.yaml first
		return slices.Index([]string{"dataset.yml", "dataset.yaml", "data.yml", "data.yaml"}, strings.ToLower(name))
	}
	slices.SortStableFunc(all, func(a, b string) int { return rank(b) - rank(a) })
	var first error
	for _, name := range atMost(all, 50) {
		s, err := readYOLO(f, name)
		if s != nil && err == nil {
			return s, nil
		}
		if err != nil && first == nil && (rank(name) >= 0 || strings.Contains(f.head(name), "\nnames:")) {
			first = err
		}
	}
	for _, name := range f.filesHere(".txt", ".names", ".labels") {
		if slices.Contains(yoloLists, strings.ToLower(name)) || strings.HasSuffix(strings.ToLower(name), ".names") {
			if s, err := listYOLO(f, name); s != nil && err == nil {
				return s, nil
			} else if first == nil {
				first = err
			}
		}
	}
	return nil, first
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
	Path  string      `yaml:"path"`
	Names yaml.Node   `yaml:"names"`
	Train yoloStrings `yaml:"train"`
	Val   yoloStrings `yaml:"val"`
	Valid yoloStrings `yaml:"valid"`
	Test  yoloStrings `yaml:"test"`
	Keys  []int       `yaml:"kpt_shape"`
}

// readYOLO reads a description in YAML; nil where it has no names, and so is
// another program's.
func readYOLO(f *Folder, name string) (*yoloSet, error) {
	data := []byte(f.head(name))
	if len(data) >= headBytes {
		var err error
		if data, err = f.read(name, maxYAMLBytes); err != nil {
			return nil, &fileError{file: name, err: err}
		}
	}
	s, err := parseYOLO(data)
	if errors.Is(err, errNotYOLO) {
		return nil, nil
	}
	if err != nil {
		return nil, &fileError{file: name, line: yamlLine(err), err: err}
	}
	s.folder, s.file = f, name
	return s, nil
}

var errNotYOLO = errors.New("it has no \"names\"")

// yamlLine reads the line out of an error of the YAML library.
func yamlLine(err error) int {
	_, rest, _ := strings.Cut(err.Error(), "line ")
	n := 0
	fmt.Sscanf(rest, "%d", &n)
	return n
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
				return s, fmt.Errorf("the class %q in \"names\" is not a number", y.Names.Content[i].Value)
			}
			if err := s.addName(class, y.Names.Content[i+1].Value); err != nil {
				return s, err
			}
		}
	}
	if len(s.names) == 0 {
		return s, errNotYOLO
	}
	if len(y.Keys) == 2 && y.Keys[0] > 0 && y.Keys[0] <= 1000 && (y.Keys[1] == 2 || y.Keys[1] == 3) {
		s.keys = y.Keys[0] * y.Keys[1]
	}
	for _, part := range []struct {
		split string
		paths yoloStrings
	}{{Train, y.Train}, {Val, y.Val}, {Val, y.Valid}, {Test, y.Test}} {
		for _, p := range part.paths {
			p = strings.ReplaceAll(p, `\`, "/")
			if y.Path != "" && !strings.HasPrefix(p, "/") {
				p = strings.ReplaceAll(y.Path, `\`, "/") + "/" + p
			}
			s.places = append(s.places, yoloPlace{p, part.split})
		}
	}
	return s, nil
}

// listYOLO reads a list of names; nil where there is no text file of labels
// below it, so that it is the list of something else.
func listYOLO(f *Folder, name string) (*yoloSet, error) {
	if !slices.ContainsFunc(sample(f.files(".txt")), func(t string) bool {
		return !slices.Contains(yoloLists, strings.ToLower(path.Base(t))) && looksLikeYOLO(path.Base(t), f.head(t))
	}) {
		return nil, nil
	}
	s := &yoloSet{folder: f, file: name, names: map[int]string{}}
	err := eachLine(strings.NewReader(f.head(name)), func(n int, line []byte) error {
		if len(bytes.TrimSpace(line)) == 0 {
			return nil
		}
		return s.addName(n-1, string(line))
	})
	if err != nil {
		return nil, &fileError{file: name, err: err}
	}
	if len(s.names) == 0 {
		return nil, &fileError{file: name, err: errors.New("it names no class")}
	}
	return s, nil
}

// sample is some of many files, from all over the list.
func sample(files []string) []string {
	const most = 50
	if len(files) <= most {
		return files
	}
	some := make([]string, 0, most)
	for i := range most {
		some = append(some, files[i*len(files)/most])
	}
	return some
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
