package interchange

import (
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"strings"

	"viewfinder/storage/domain"
)

type studioImage struct {
	Data        json.RawMessage    `json:"data"`
	Splits      json.RawMessage    `json:"splits,omitempty"`
	Split       string             `json:"split,omitempty"`
	Width       int                `json:"width,omitempty"`
	Height      int                `json:"height,omitempty"`
	Annotations []studioAnnotation `json:"annotations"`
	Annotated   []string           `json:"annotated,omitempty"`
	Reviewed    []string           `json:"reviewed,omitempty"`
}

type studioAnnotation struct {
	ID        string         `json:"id,omitempty"`
	Source    string         `json:"source,omitempty"`
	Concepts  []studioNaming `json:"concepts"`
	BBox      *studioBox     `json:"bbox,omitempty"`
	Annotated []string       `json:"annotated,omitempty"`
	Reviewed  []string       `json:"reviewed,omitempty"`
}

type studioBox struct {
	XMin float64 `json:"xmin"`
	XMax float64 `json:"xmax"`
	YMin float64 `json:"ymin"`
	YMax float64 `json:"ymax"`
}

// image reads one image's line and returns the record, its ImagePath still
// open, and the image's name.
func (p *studioParser) image(n int, line []byte) (Record, string, error) {
	r := Record{File: p.name, Line: n}
	var s studioImage
	if err := json.Unmarshal(line, &s); err != nil {
		return r, "", fmt.Errorf("it is not a JSON object of an image: %w", jsonError(err))
	}
	image, err := studioData(s.Data)
	if err != nil {
		return r, "", err
	}
	if len(s.Annotations) > maxRegions {
		return r, image, fmt.Errorf("it has more than %d annotations", maxRegions)
	}
	if s.Width > 0 && s.Width <= maxSide && s.Height > 0 && s.Height <= maxSide {
		r.Width, r.Height = s.Width, s.Height
	}
	split, err := studioSplit(s)
	if err != nil {
		p.report(n, image, err.Error()+"; the image is split by its content")
	}
	r.Split = split
	c := studioCollector{p: p, n: n, image: image, found: map[studioKey]*ViewAnnotation{}, ids: map[string]bool{}}
	for i, a := range s.Annotations {
		if a.ID == "" {
			a.ID = fmt.Sprintf("r%d", i+1)
		}
		if c.ids[a.ID] {
			c.report("an annotation was skipped: another has the same id " + a.ID)
			continue
		}
		c.ids[a.ID] = true
		c.annotation(a)
	}
	for _, v := range s.Annotated {
		c.mark(v, "", false)
	}
	for _, v := range s.Reviewed {
		c.mark(v, "", true)
	}
	r.Views, r.Refused = c.result(), c.lost
	return r, image, nil
}

// studioData accepts a string, or an object that holds it under a usual name.
func studioData(raw json.RawMessage) (string, error) {
	var s string
	if json.Unmarshal(raw, &s) == nil && s != "" {
		return s, nil
	}
	var o map[string]json.RawMessage
	if json.Unmarshal(raw, &o) == nil {
		for _, key := range []string{"image", "path", "file", "location", "url", "source"} {
			if json.Unmarshal(o[key], &s) == nil && s != "" {
				return s, nil
			}
		}
	}
	return "", errors.New("its \"data\" does not name an image")
}

func studioSplit(s studioImage) (string, error) {
	names := []string{s.Split}
	if len(s.Splits) > 0 && string(s.Splits) != "null" {
		if json.Unmarshal(s.Splits, &names) != nil {
			names = make([]string, 1)
			if json.Unmarshal(s.Splits, &names[0]) != nil {
				return "", errors.New("its \"splits\" is not a list of names")
			}
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	split, ok := splitName(names[0])
	if !ok || len(names) > 1 {
		return "", fmt.Errorf("its splits %q are not one of train, val and test", names)
	}
	return split, nil
}

// studioKey is a datapoint: a view's index and the region it is a crop of.
type studioKey struct {
	view   int
	source string
}

// studioCollector gathers the annotations of one image by view.
type studioCollector struct {
	p     *studioParser
	n     int
	image string
	found map[studioKey]*ViewAnnotation
	keys  []studioKey
	ids   map[string]bool
	// refused are the views of annotations that were skipped, lost their number.
	refused map[int]bool
	lost    int
}

func (c *studioCollector) report(reason string) { c.p.report(c.n, c.image, reason) }

func (c *studioCollector) at(view int, source string) *ViewAnnotation {
	key := studioKey{view, source}
	if a, ok := c.found[key]; ok {
		return a
	}
	a := &ViewAnnotation{View: c.p.views[view].Path, Source: source}
	c.found[key] = a
	c.keys = append(c.keys, key)
	return a
}

// annotation adds one annotation's concepts to their views.
func (c *studioCollector) annotation(a studioAnnotation) {
	var box *domain.Box
	if a.BBox != nil {
		b, note, err := clipBox(domain.Box{XMin: a.BBox.XMin, YMin: a.BBox.YMin, XMax: a.BBox.XMax, YMax: a.BBox.YMax})
		if err != nil {
			note = err.Error()
		}
		if note != "" {
			c.report(note)
		}
		if err != nil {
			c.refuse(a)
			return
		}
		box = &b
	}
	byView := map[int][]string{}
	for _, naming := range a.Concepts {
		view, err := c.p.viewOf(naming, byView)
		if err != nil {
			c.report("a concept was left out: " + err.Error())
			continue
		}
		name := strings.TrimSpace(naming.Name)
		if len(byView[view]) > 0 && !c.p.views[view].Type.AnyNumber() {
			c.report(fmt.Sprintf("the concept %q was left out: the view %q takes one per region, and %q came first", name, c.p.views[view].Path, byView[view][0]))
			continue
		}
		if !contains(byView[view], name) {
			byView[view] = append(byView[view], name)
		}
	}
	views := make([]int, 0, len(byView))
	for v := range byView {
		views = append(views, v)
	}
	sort.Ints(views) // parents come first
	for _, v := range views {
		source, regionBox := a.Source, box
		region := Region{ID: a.ID, Concepts: byView[v]}
		if d := c.p.detectionAbove(v); d >= 0 && source == "" {
			if byView[d] == nil || box == nil {
				c.report(fmt.Sprintf("the concept %q was left out: it belongs to crops of the view %q, of which the annotation has no concept or no bbox", byView[v][0], c.p.views[d].Path))
				continue
			}
			source, regionBox, region.ID = a.ID, nil, fmt.Sprintf("%s.%d", a.ID, v)
		}
		if c.p.views[v].Type.HasBoxes() && regionBox == nil {
			c.report(fmt.Sprintf("the concept %q was left out: the view %q is a detection, and the annotation has no bbox", byView[v][0], c.p.views[v].Path))
			continue
		}
		region.Box = regionBox
		at := c.at(v, source)
		at.Regions = append(at.Regions, region)
	}
	for _, v := range a.Annotated {
		c.mark(v, a.ID, false)
	}
	for _, v := range a.Reviewed {
		c.mark(v, a.ID, true)
	}
}

// refuse keeps which views an annotation that was skipped belongs to: what it
// marks is there, so that the image is no negative of theirs.
func (c *studioCollector) refuse(a studioAnnotation) {
	c.lost++
	taken := map[int][]string{}
	for _, naming := range a.Concepts {
		if view, err := c.p.viewOf(naming, taken); err == nil {
			if c.refused == nil {
				c.refused = map[int]bool{}
			}
			c.refused[view] = true
		}
	}
}

// mark records that a view's datapoint is annotated, with or without regions.
func (c *studioCollector) mark(view, source string, reviewed bool) {
	i, err := c.p.find(view)
	if err != nil {
		c.report("a mark was left out: " + err.Error())
		return
	}
	if c.p.views[i].Type.ExactlyOne() && c.found[studioKey{i, source}] == nil {
		c.report(fmt.Sprintf("a mark was left out: in the view %q, a classification, nothing is annotated without a concept", view))
		return
	}
	a := c.at(i, source)
	a.Reviewed = a.Reviewed || reviewed
}

// result orders the annotations by view, then as they came, and leaves out
// those whose source is no region.
func (c *studioCollector) result() []ViewAnnotation {
	sort.SliceStable(c.keys, func(i, j int) bool { return c.keys[i].view < c.keys[j].view })
	regions := map[string]bool{"": true}
	var all []ViewAnnotation
	for _, key := range c.keys {
		a := c.found[key]
		if !regions[key.source] {
			c.report(fmt.Sprintf("an annotation of the view %q was left out: its source %q is not a region of the parent view", a.View, key.source))
			continue
		}
		if c.refused[key.view] && key.source == "" {
			if a.Reviewed = false; len(a.Regions) == 0 {
				continue
			}
		}
		for _, r := range a.Regions {
			regions[r.ID] = true
		}
		all = append(all, *a)
	}
	return all
}

// find returns the view of that path, or of that name where it is the only one.
func (p *studioParser) find(name string) (int, error) {
	found := -1
	for i, v := range p.views {
		if v.Path == name {
			return i, nil
		}
		if v.Name == name {
			if found >= 0 {
				return -1, fmt.Errorf("there are several views %q; give the path from the root", name)
			}
			found = i
		}
	}
	if found < 0 {
		return -1, fmt.Errorf("there is no view %q", name)
	}
	return found, nil
}

// viewOf returns the view that a concept belongs to. Where no view is named
// and several have the concept, the one below a view that this annotation
// already has a concept of is meant.
func (p *studioParser) viewOf(c studioNaming, taken map[int][]string) (int, error) {
	name := strings.TrimSpace(c.Name)
	if c.View != "" {
		i, err := p.find(c.View)
		if err == nil && !p.views[i].has(name) {
			err = fmt.Errorf("the view %q has no concept %q", c.View, name)
		}
		return i, err
	}
	found, below := []int{}, []int{}
	for i, v := range p.views {
		if v.has(name) {
			found = append(found, i)
			if p.parent[i] >= 0 && taken[p.parent[i]] != nil {
				below = append(below, i)
			}
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(below) == 1:
		return below[0], nil
	case len(found) == 0:
		return -1, fmt.Errorf("no view has a concept %q", name)
	}
	return -1, fmt.Errorf("several views have a concept %q; say which is meant by \"view\"", name)
}

// detectionAbove returns the nearest detection view above v; -1 for none.
func (p *studioParser) detectionAbove(v int) int {
	for v = p.parent[v]; v >= 0; v = p.parent[v] {
		if p.views[v].Type.HasBoxes() {
			return v
		}
	}
	return -1
}
