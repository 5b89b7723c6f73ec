package command

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
)

// annotateFlags are the flags of `viewfinder annotate`.
type annotateFlags struct {
	view           string
	concepts       []string
	boxes          []string
	parsed         []namedBox // of boxes
	withoutConcept bool
	clear          bool
	reviewed       bool
	split          string
	source         int64
}

// annotate is `viewfinder annotate`.
func (s *session) annotate() *cobra.Command {
	var f annotateFlags
	c := &cobra.Command{
		Use:   "annotate PROJECT IMAGE...",
		Short: "Annotate images, or show their annotations",
		Long: `Sets the whole annotation of each IMAGE in a view (--view; not needed where the project has only one): --concept for
classification and tagging, --box for detection, --without-concept for an image that shows none of the view's concepts. --clear removes
the annotation. Without any of these flags, the annotation is printed. IMAGE is an image's name in the project, its SHA-256, or its id. In a
child view of a detection, --source says which region's crop is meant.`,
		Example: `  viewfinder annotate waste glass12.jpg --view Material --concept Glass
  viewfinder annotate mix mix_003.jpg --view Tags --concept Glass --concept Metal --reviewed
  viewfinder annotate blood BloodImage_00001.jpg --view Cells --box 0.1,0.2,0.3,0.4:RBC --box 0.5,0.5,0.7,0.8:WBC
  viewfinder annotate waste glass12.jpg --view Material --json`,
		Args: between(2, -1, "a project and an image"),
		RunE: func(c *cobra.Command, args []string) error {
			if n := countTrue(len(f.concepts) > 0, len(f.boxes) > 0, f.withoutConcept, f.clear); n > 1 {
				return wrongCall(c, "--concept, --box, --without-concept and --clear exclude one another")
			}
			if err := checkSplit(c, f.split); err != nil {
				return err
			}
			var err error
			if f.parsed, err = parseBoxes(c, f.boxes); err != nil {
				return err
			}
			return s.with(c.Context(), args[0], func(p *studio.Project) error { return s.annotateAll(c, p, args[1:], f) })
		},
	}
	c.Flags().StringVar(&f.view, "view", "", "the view")
	c.Flags().StringArrayVar(&f.concepts, "concept", nil, "a concept of the image (repeat it in a tagging)")
	c.Flags().StringArrayVar(&f.boxes, "box", nil, "xmin,ymin,xmax,ymax:Concept in fractions of the image, 0 to 1 (repeat it)")
	c.Flags().BoolVar(&f.withoutConcept, "without-concept", false, "annotate as without concept: the image shows none of the view's concepts")
	c.Flags().BoolVar(&f.clear, "clear", false, "remove the annotation")
	c.Flags().BoolVar(&f.reviewed, "reviewed", false, "mark the annotation as reviewed (--reviewed=false: as not reviewed)")
	c.Flags().StringVar(&f.split, "split", "", "move the image to "+domain.SplitWords("or"))
	c.Flags().Int64Var(&f.source, "source", 0, "id of the region whose crop is annotated")
	return s.facts(c)
}

func countTrue(list ...bool) int {
	n := 0
	for _, b := range list {
		if b {
			n++
		}
	}
	return n
}

// annotationDoc is a datapoint in JSON.
type annotationDoc struct {
	Image     string        `json:"image"`
	ID        int64         `json:"id"`
	SHA256    string        `json:"sha256"`
	Width     int           `json:"width"`
	Height    int           `json:"height"`
	Split     string        `json:"split"`
	View      string        `json:"view"`
	Source    int64         `json:"source,omitempty"`
	Annotated bool          `json:"annotated"`
	Reviewed  bool          `json:"reviewed"`
	Regions   []regionDoc   `json:"regions"`
	Accepted  []acceptedDoc `json:"accepted,omitempty"`
}

// regionDoc is a region in JSON; bbox is left out for the whole datapoint.
type regionDoc struct {
	ID       int64    `json:"id"`
	BBox     *boxDoc  `json:"bbox,omitempty"`
	Concepts []string `json:"concepts"`
}

// acceptedDoc is a part of an annotation that was a version's suggestion, in JSON.
type acceptedDoc struct {
	Version    string  `json:"version"`
	Concept    string  `json:"concept"`
	Confidence float64 `json:"confidence"`
	BBox       *boxDoc `json:"bbox,omitempty"`
}

// boxDoc is a box in JSON, in fractions of the image.
type boxDoc struct {
	XMin float64 `json:"xmin"`
	YMin float64 `json:"ymin"`
	XMax float64 `json:"xmax"`
	YMax float64 `json:"ymax"`
}

func (s *session) annotateAll(c *cobra.Command, p *studio.Project, images []string, f annotateFlags) error {
	ctx := c.Context()
	v, err := viewOf(ctx, p, f.view)
	if err != nil {
		return err
	}
	names := map[int64]string{}
	concepts, err := p.Concepts(ctx, v.ID)
	if err != nil {
		return err
	}
	for _, c := range concepts {
		names[c.ID] = c.Name
	}
	docs := []annotationDoc{}
	for _, name := range images {
		img, err := p.FindImage(ctx, name)
		if err != nil {
			return err
		}
		key := studio.Key{View: v.ID, Image: img.ID, Source: f.source}
		if err := annotateOne(c, p, v, key, f); err != nil {
			return fmt.Errorf("%s: %w", img.Name, err)
		}
		d, err := p.Datapoint(ctx, key)
		if err != nil {
			return fmt.Errorf("%s in %s: %w", img.Name, v.Name, err)
		}
		doc := annotationDocOf(d, v, names)
		if doc.Accepted, err = acceptedDocs(c, p, key, names); err != nil {
			return fmt.Errorf("%s in %s: %w", img.Name, v.Name, err)
		}
		docs = append(docs, doc)
	}
	var document any = docs
	if len(docs) == 1 {
		document = docs[0]
	}
	return s.print(document, func() {
		for _, d := range docs {
			s.printf("%s", d)
		}
	})
}

// annotateOne does to one datapoint what the flags say.
func annotateOne(c *cobra.Command, p *studio.Project, v studio.View, key studio.Key, f annotateFlags) error {
	ctx, keys := c.Context(), []studio.Key{key}
	var err error
	switch {
	case len(f.concepts) > 0:
		var ids []int64
		for _, name := range f.concepts {
			concept, err := p.FindConcept(ctx, v.ID, name)
			if err != nil {
				return err
			}
			ids = append(ids, concept.ID)
		}
		err = p.SetConcepts(ctx, keys, ids)
	case len(f.parsed) > 0:
		var regions []domain.Region
		for _, b := range f.parsed {
			concept, err := p.FindConcept(ctx, v.ID, b.concept)
			if err != nil {
				return err
			}
			regions = append(regions, domain.Region{Box: &b.box, Concepts: []int64{concept.ID}})
		}
		err = p.Annotate(ctx, key, regions)
	case f.withoutConcept:
		err = p.WithoutConcept(ctx, keys)
	case f.clear:
		err = p.Clear(ctx, keys)
	}
	if err == nil && f.split != "" {
		err = p.SetSplit(ctx, []int64{key.Image}, domain.Split(f.split))
	}
	if err == nil && c.Flags().Changed("reviewed") {
		err = p.SetReviewed(ctx, keys, f.reviewed)
	}
	return err
}

// namedBox is a box with the name of its concept.
type namedBox struct {
	box     domain.Box
	concept string
}

// parseBoxes reads "xmin,ymin,xmax,ymax:Concept".
func parseBoxes(c *cobra.Command, texts []string) ([]namedBox, error) {
	var boxes []namedBox
	for _, text := range texts {
		numbers, name, ok := strings.Cut(text, ":")
		parts := strings.Split(numbers, ",")
		if !ok || len(parts) != 4 {
			return nil, wrongCall(c, "--box %q is not of the form xmin,ymin,xmax,ymax:Concept", text)
		}
		var edges [4]float64
		for i, part := range parts {
			f, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
			if err != nil {
				return nil, wrongCall(c, "--box %q: %q is not a number", text, part)
			}
			edges[i] = f
		}
		boxes = append(boxes, namedBox{domain.Box{XMin: edges[0], YMin: edges[1], XMax: edges[2], YMax: edges[3]}, name})
	}
	return boxes, nil
}

func annotationDocOf(d studio.Datapoint, v studio.View, names map[int64]string) annotationDoc {
	doc := annotationDoc{
		Image: d.Image.Name, ID: d.Image.ID, SHA256: d.Image.SHA256, Width: d.Image.Width, Height: d.Image.Height,
		Split: string(d.Image.Split), View: v.Name, Source: d.Source, Annotated: d.Annotated, Reviewed: d.Reviewed(), Regions: []regionDoc{},
	}
	for _, r := range d.Regions {
		region := regionDoc{ID: r.ID, Concepts: []string{}}
		region.BBox = boxDocOf(r.Box)
		for _, id := range r.Concepts {
			region.Concepts = append(region.Concepts, names[id])
		}
		doc.Regions = append(doc.Regions, region)
	}
	return doc
}

func boxDocOf(b *domain.Box) *boxDoc {
	if b == nil {
		return nil
	}
	return &boxDoc{b.XMin, b.YMin, b.XMax, b.YMax}
}

// acceptedDocs are the parts of a datapoint's annotation that were suggestions.
func acceptedDocs(c *cobra.Command, p *studio.Project, key studio.Key, names map[int64]string) ([]acceptedDoc, error) {
	list, err := p.Accepted(c.Context(), key)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, a := range list {
		ids = append(ids, a.Version)
	}
	versions := p.VersionNames(c.Context(), ids)
	var docs []acceptedDoc
	for _, a := range list {
		docs = append(docs, acceptedDoc{Version: versions[a.Version], Concept: names[a.Concept], Confidence: a.Confidence, BBox: boxDocOf(a.Box)})
	}
	return docs, nil
}

// String is the datapoint in a line.
func (d annotationDoc) String() string {
	parts := []string{d.Split}
	if d.Reviewed {
		parts = append(parts, "reviewed")
	}
	what := "not annotated"
	if d.Annotated {
		var regions []string
		for _, r := range d.Regions {
			text := strings.Join(r.Concepts, " + ")
			if r.BBox != nil {
				text += fmt.Sprintf(" (%.3f,%.3f,%.3f,%.3f)", r.BBox.XMin, r.BBox.YMin, r.BBox.XMax, r.BBox.YMax)
			}
			if text != "" {
				regions = append(regions, text)
			}
		}
		if what = strings.Join(regions, ", "); what == "" {
			what = "without concept"
		}
	}
	return fmt.Sprintf("%s in %s: %s (%s)", d.Image, d.View, what, strings.Join(parts, ", "))
}
