package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/storage/words"
)

// importTarget takes the annotations of a source's records. The zero view takes none.
type importTarget struct {
	importing *importing
	view      storage.View
	fresh     bool             // the view was made by this import
	concepts  map[string]int64 // by name
	made      []int64          // concepts that this import added
	used      map[int64]bool   // concepts that it gave to something
}

// target finds or makes the view that takes a source's annotations, with its concepts.
func (i *importing) target(ctx context.Context, b *storage.Batch, s *importSource) (*importTarget, error) {
	t := &importTarget{importing: i, concepts: map[string]int64{}, used: map[int64]bool{}}
	kind := s.sum.ViewType
	if kind == "" {
		return t, nil
	}
	if err := t.chooseView(ctx, b, s, kind); err != nil {
		return nil, err
	}
	existing, err := b.Concepts(t.view.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range existing {
		t.concepts[c.Name] = c.ID
	}
	for _, name := range s.sum.Concepts {
		if _, err := t.concept(b, name); err != nil {
			return nil, err
		}
	}
	if !slices.ContainsFunc(i.report.Views, func(v storage.View) bool { return v.ID == t.view.ID }) {
		i.report.Views = append(i.report.Views, t.view)
	}
	return t, b.Flush()
}

func (t *importTarget) chooseView(ctx context.Context, b *storage.Batch, s *importSource, kind domain.Task) error {
	p, r := t.importing.transfer, t.importing.request
	name := r.ViewName
	if name == "" {
		name = s.sum.Name
	}
	views, err := p.store.Views(ctx)
	if err != nil {
		return err
	}
	for _, v := range views {
		if v.ID == r.View || r.View == 0 && domain.SameName(v.Name, name) {
			t.view = v
			return Suits(s.sum.Name, kind, v)
		}
	}
	if r.View != 0 {
		return fmt.Errorf("the view to import into is gone: %w", storage.ErrNotFound)
	}
	t.fresh = true
	if t.view, err = b.AddView(storage.View{Name: name, Type: kind}); err != nil {
		return fmt.Errorf("making the view %s for the import: %w", name, err)
	}
	return nil
}

// Suits reports whether annotations of a kind can go into a view: concepts of whole images into a classification or a tagging, boxes
// into a detection.
func Suits(name string, kind domain.Task, v storage.View) error {
	if kind.HasBoxes() == v.Type.HasBoxes() {
		return nil
	}
	has := "concepts for whole images"
	if kind.HasBoxes() {
		has = "boxes"
	}
	return &storage.RuleError{Message: fmt.Sprintf("%s has %s, but the view %s is a %s: import into a view of another type, or into a new one", name, has, v.Name, v.Type)}
}

// concept is the id of the view's concept of that name; see [domain.SameName].
func (t *importTarget) concept(b *storage.Batch, name string) (int64, error) {
	if id, ok := t.concepts[name]; ok {
		return id, nil
	}
	for other, id := range t.concepts {
		if domain.SameName(other, name) {
			t.concepts[name] = id
			return id, nil
		}
	}
	c := domain.Concept{ViewID: t.view.ID, Name: name}
	if n := len(t.concepts); n < 9 {
		c.Key = fmt.Sprint(n + 1)
	}
	added, err := b.AddConcept(c)
	if err != nil && c.Key != "" { // the key may be taken
		c.Key = ""
		added, err = b.AddConcept(c)
	}
	if err != nil {
		return 0, fmt.Errorf("adding the concept %s: %w", name, err)
	}
	t.concepts[name] = added.ID
	t.made = append(t.made, added.ID)
	return added.ID, nil
}

// tidy takes back the concepts that were made for folders of which nothing came in (all of their images were there already, annotated as something
// else, or could not be read). Other formats declare their concepts: these stay.
func (t *importTarget) tidy(b *storage.Batch, format interchange.Format) error {
	if format != interchange.Folders {
		return nil
	}
	for _, id := range t.made {
		if t.used[id] {
			continue
		}
		if err := b.DeleteConcept(id); err != nil {
			return fmt.Errorf("taking back a concept without images: %w", err)
		}
	}
	return nil
}

// annotate records the source's annotation of an image, unless the project has one already.
func (t *importTarget) annotate(ctx context.Context, b *storage.Batch, img storage.Image, r interchange.Record) error {
	if t.view.ID == 0 || !r.HasAnnotation {
		return nil
	}
	regions, signature, err := t.regions(b, img, r)
	if err != nil {
		return t.refuse(r, err)
	}
	before, err := t.before(ctx, img)
	if err != nil {
		return err
	}
	if before != "" {
		if before != signature {
			t.importing.report.problem(t.problem(r, "is already in the project with another annotation, which was kept"))
		}
		return nil
	}
	if err := b.Annotate(t.view.ID, img.ID, 0, regions); err != nil {
		return t.refuse(r, err)
	}
	if r.Reviewed {
		if err := b.SetReviewed([]storage.Key{{View: t.view.ID, Image: img.ID}}, true); err != nil {
			return err
		}
	}
	for _, region := range regions {
		for _, id := range region.Concepts {
			t.used[id] = true
		}
	}
	t.importing.seen[seenKey{t.view.ID, img.ID}] = signature
	t.importing.report.Annotated++
	return nil
}

// regions turns a record into regions, and a text that is equal for equal annotations.
func (t *importTarget) regions(b *storage.Batch, img storage.Image, r interchange.Record) ([]domain.Region, string, error) {
	if t.view.Type.HasBoxes() {
		var regions []domain.Region
		for _, box := range r.Boxes {
			id, err := t.concept(b, box.Concept)
			if err != nil {
				return nil, "", err
			}
			regions = append(regions, domain.Region{
				Box:      &box.Box,
				Concepts: []int64{id},
			})
		}
		return regions, signatureOf(regions), nil
	}
	region := domain.Region{}
	for _, name := range r.Concepts {
		id, err := t.concept(b, name)
		if err != nil {
			return nil, "", err
		}
		if !slices.Contains(region.Concepts, id) {
			region.Concepts = append(region.Concepts, id)
		}
	}
	slices.Sort(region.Concepts)
	if n := len(region.Concepts); t.view.Type.ExactlyOne() && n != 1 {
		return nil, "", &storage.RuleError{Message: fmt.Sprintf("has %s, but the view %s takes exactly one", words.Count(n, "concept"), t.view.Name)}
	}
	regions := []domain.Region{region}
	return regions, signatureOf(regions), nil
}

// before is the signature of the annotation that an image has in the view; "" = none.
func (t *importTarget) before(ctx context.Context, img storage.Image) (string, error) {
	if signature, ok := t.importing.seen[seenKey{t.view.ID, img.ID}]; ok {
		return signature, nil
	}
	if t.fresh {
		return "", nil
	}
	points, err := t.importing.transfer.store.Datapoints(ctx, storage.Query{View: t.view.ID, Images: []int64{img.ID}})
	if err != nil || len(points) == 0 || !points[0].Annotated {
		return "", err
	}
	return signatureOf(points[0].Regions), nil
}

// signatureOf is a text that is equal for equal annotations, whatever the order of their regions.
func signatureOf(regions []domain.Region) string {
	parts := []string{}
	for _, r := range regions {
		if r.Box == nil && len(r.Concepts) == 0 {
			continue
		}
		box := ""
		if r.Box != nil {
			box = fmt.Sprintf("%.4f %.4f %.4f %.4f", r.Box.XMin, r.Box.YMin, r.Box.XMax, r.Box.YMax)
		}
		parts = append(parts, fmt.Sprintf("%v %s", r.Concepts, box))
	}
	slices.Sort(parts)
	return "regions: " + strings.Join(parts, "; ")
}

// refuse makes a broken rule a problem of the record; other errors end the import.
func (t *importTarget) refuse(r interchange.Record, err error) error {
	if rule := session.AsRule(err); rule != nil {
		t.importing.report.problem(t.problem(r, rule.Message))
		return nil
	}
	return fmt.Errorf("annotating %s: %w", r.ImagePath, err)
}

func (t *importTarget) problem(r interchange.Record, reason string) ImportProblem {
	return ImportProblem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: reason}
}
