package transfer

import (
	"context"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strconv"
	"strings"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
)

// ExportFormats lists the formats that can hold the annotations of views of a type; "" = whole projects.
func ExportFormats(t domain.Task) []string {
	var names []string
	for _, f := range interchange.ExportFormats(t) {
		names = append(names, string(f))
	}
	return names
}

// ExportRequest is what to export, where to and how.
type ExportRequest struct {
	Target string // a folder that does not exist or is empty
	Format string // one of ExportFormats
	Apart  bool   // images that are not annotated go into a folder of their own where the format has no place for them; else they are left out
	View   int64  // the view; 0 = all views, in the studio format, or only the images, in the images format
	// Only is what of the project is exported: its Split, State, Concept and Text of its View (0 = View), and those of Images; the zero query = all.
	Only storage.Query
	// Images is how the image files are treated: copied, linked, or left out so that there are annotations alone.
	Images ImageMode
}

// Only is the query for a split and a state, in the commands' words; "" = any.
func Only(split, state string) storage.Query {
	return storage.Query{Split: domain.Split(split), State: storage.State(state)}
}

// ImageMode is how an export treats the image files.
type ImageMode = interchange.ImageMode

// What becomes of the images in an export.
const (
	CopyImages  = interchange.CopyImages
	LinkImages  = interchange.LinkImages
	LeaveImages = interchange.LeaveImages
)

// ImageModes lists them in the commands' words.
func ImageModes() []string { return []string{"copy", string(LinkImages), string(LeaveImages)} }

// ImageModeOf reads one of ImageModes.
func ImageModeOf(word string) ImageMode {
	if word == "copy" {
		return CopyImages
	}
	return ImageMode(word)
}

// ExportReport is what an export did.
type ExportReport struct {
	Target   string          `json:"target"`
	Format   string          `json:"format"`
	Images   int             `json:"images"`
	LeftOut  int             `json:"left_out"` // images that are not annotated, left out or copied apart
	Renamed  int             `json:"renamed"`  // images that could not keep their names; a file lists them
	Notes    []string        `json:"notes"`
	Problems []ImportProblem `json:"problems"` // what the format could not hold
}

// Export writes images and annotations to a folder: a view in one of the common formats, or the whole project as a Studio import file. The
// target is complete or absent.
func (t *Transfer) Export(ctx context.Context, r ExportRequest, progress session.Progress) (*ExportReport, error) {
	e, err := t.prepareExport(ctx, r)
	if err != nil {
		return nil, err
	}
	e.progress = session.ProgressOr(progress)
	sum, err := t.session.Summary(ctx, 0)
	if err != nil {
		return nil, err
	}
	options := r.options()
	options.Progress = func(done int) { e.progress.Update(done, sum.Images, "exporting") }
	done, err := interchange.Export(ctx, r.Target, interchange.Format(r.Format), e.header, e.records(ctx), options)
	if err != nil {
		return nil, err
	}
	return &ExportReport{Target: r.Target, Format: r.Format, Images: done.Images, LeftOut: done.LeftOut, Renamed: done.Renamed, Notes: append([]string{}, done.Notes...), Problems: append([]ImportProblem{}, done.Problems...)}, nil
}

func (r ExportRequest) options() interchange.ExportOptions {
	return interchange.ExportOptions{Apart: r.Apart, Images: r.Images}
}

// prepareExport checks a request and describes the views that it exports.
func (t *Transfer) prepareExport(ctx context.Context, r ExportRequest) (*exporting, error) {
	e := &exporting{transfer: t, only: r.Only}
	format := interchange.Format(r.Format)
	var err error
	switch {
	case format == interchange.Studio:
		err = e.wholeViews(ctx, r.View)
	case r.View != 0:
		err = e.oneView(ctx, r.View, format)
	case format != interchange.Images:
		err = &storage.RuleError{Message: fmt.Sprintf("the format %s holds one view: say which", r.Format)}
	}
	if e.only.View == 0 {
		e.only.View = r.View
	}
	if q := e.only; err == nil && q.View == 0 && (q.State != storage.StateAll || q.Concept != 0) {
		err = &storage.RuleError{Message: "Whether images are annotated depends on the view: say which."}
	}
	e.header.Name = t.session.Name()
	return e, err
}

// exporting is one call of Export.
type exporting struct {
	transfer *Transfer
	only     storage.Query // what is exported
	progress session.Progress
	header   interchange.Header
	views    []exportedView
	tree     bool // records carry whole views
}

// exportedView is a view with its concepts' names.
type exportedView struct {
	storage.View
	path  string
	names map[int64]string
}

// oneView prepares the export of one view.
func (e *exporting) oneView(ctx context.Context, id int64, format interchange.Format) error {
	view, err := e.transfer.store.View(ctx, id)
	if err != nil {
		return err
	}
	if crops, err := e.transfer.hasCrops(ctx, view); err != nil || crops {
		if crops {
			err = &storage.RuleError{Message: fmt.Sprintf("%s looks at crops, which only the studio format holds", view.Name)}
		}
		return err
	}
	if !slices.Contains(interchange.ExportFormats(view.Type), format) {
		return &storage.RuleError{Message: fmt.Sprintf("the format %s does not hold a %s; these do: %v", format, view.Type, ExportFormats(view.Type))}
	}
	e.header.ViewType = view.Type
	v, concepts, err := e.add(ctx, view, view.Name)
	for _, c := range concepts {
		e.header.Concepts = append(e.header.Concepts, c.Name)
	}
	e.views = []exportedView{v}
	return err
}

// hasCrops reports whether a view's datapoints are parts of images: it or an ancestor is the child of a detection.
func (t *Transfer) hasCrops(ctx context.Context, v storage.View) (bool, error) {
	for v.ParentID != 0 {
		var err error
		if v, err = t.store.View(ctx, v.ParentID); err != nil {
			return false, err
		}
		if v.Type.HasBoxes() {
			return true, nil
		}
	}
	return false, nil
}

func (e *exporting) add(ctx context.Context, v storage.View, path string) (exportedView, []interchange.Concept, error) {
	out := exportedView{View: v, path: path, names: map[int64]string{}}
	concepts, err := e.transfer.store.Concepts(ctx, v.ID)
	var list []interchange.Concept
	for _, c := range concepts {
		out.names[c.ID] = c.Name
		list = append(list, interchange.Concept{Name: c.Name, Color: c.Color, Key: c.Key})
	}
	return out, list, err
}

// wholeViews prepares the export of all views, or of one with those above it, which its conditions speak of.
func (e *exporting) wholeViews(ctx context.Context, only int64) error {
	e.tree = true
	views, err := e.transfer.store.Views(ctx)
	if err != nil {
		return err
	}
	wanted := map[int64]bool{}
	for id := only; id != 0; {
		v, err := e.transfer.store.View(ctx, id)
		if err != nil {
			return err
		}
		wanted[id], id = true, v.ParentID
	}
	byID := map[int64]exportedView{}
	for _, v := range views {
		if only != 0 && !wanted[v.ID] {
			continue
		}
		parent := byID[v.ParentID]
		out, concepts, err := e.add(ctx, v, path.Join(parent.path, v.Name))
		if err != nil {
			return err
		}
		byID[v.ID] = out
		e.views = append(e.views, out)
		e.header.Views = append(e.header.Views, interchange.View{
			Path: out.path, Parent: parent.path, Name: v.Name, Type: v.Type,
			Concepts: concepts, Conditions: exportCondition(v.Conditions, parent.names),
		})
	}
	return nil
}

func exportCondition(c *domain.Condition, names map[int64]string) *interchange.Condition {
	if c == nil {
		return nil
	}
	out := &interchange.Condition{Op: c.Op, Concept: names[c.Concept]}
	for _, sub := range c.Of {
		out.Of = append(out.Of, *exportCondition(&sub, names))
	}
	return out
}

// exportPortion is of how many images the annotations are read at once.
const exportPortion = 1000

// records yields the project's images with their annotations in the exported views.
func (e *exporting) records(ctx context.Context) iter.Seq2[interchange.Outgoing, error] {
	return func(yield func(interchange.Outgoing, error) bool) {
		images, err := e.images(ctx)
		if err != nil {
			yield(interchange.Outgoing{}, err)
			return
		}
		for portion := range slices.Chunk(images, exportPortion) {
			all, err := e.portion(ctx, portion)
			if err != nil {
				yield(interchange.Outgoing{}, err)
				return
			}
			for _, out := range all {
				if !yield(out, nil) {
					return
				}
			}
		}
	}
}

// images are those that are asked for, by their split, name or selection.
func (e *exporting) images(ctx context.Context) ([]storage.Image, error) {
	var images []storage.Image
	selected := map[int64]bool{}
	for _, id := range e.only.Images {
		selected[id] = true
	}
	text := strings.ToLower(e.only.Text)
	err := e.transfer.store.Images(ctx, func(img storage.Image) error {
		in := (len(selected) == 0 || selected[img.ID]) && (e.only.Split == "" || img.Split == e.only.Split)
		if e.only.View == 0 && text != "" { // else the view's own order of names decides
			in = in && strings.Contains(strings.ToLower(img.Name), text)
		}
		if in {
			images = append(images, img)
		}
		return nil
	})
	return images, err
}

// filtered reports whether the query chooses by annotations of a view.
func (e *exporting) filtered() bool {
	return e.only.View != 0 && (e.only.State != storage.StateAll || e.only.Concept != 0 || e.only.Text != "")
}

// portion is the records of some images, those left out that no exported view has or that are not asked for.
func (e *exporting) portion(ctx context.Context, images []storage.Image) ([]interchange.Outgoing, error) {
	ids := make([]int64, len(images))
	index := map[int64]int{}
	all := make([]interchange.Outgoing, len(images))
	in := make([]bool, len(images))
	for i, img := range images {
		ids[i], index[img.ID] = img.ID, i
		all[i] = interchange.Outgoing{
			Name: img.Name, Ext: "." + img.Format, Path: e.transfer.store.ImagePath(img),
			Open: func() (io.ReadCloser, error) { return e.transfer.store.OpenImage(img) },
		}
		all[i].Split, all[i].Width, all[i].Height = string(img.Split), img.Width, img.Height
		in[i] = e.tree || len(e.views) == 0
	}
	for _, v := range e.views {
		points, err := e.transfer.store.Datapoints(ctx, storage.Query{View: v.ID, Images: ids})
		if err != nil {
			return nil, err
		}
		for _, d := range points {
			i := index[d.Image.ID]
			in[i] = true
			switch {
			case !d.Annotated:
			case e.tree:
				all[i].Views = append(all[i].Views, v.annotation(d))
			default:
				v.flat(&all[i].Record, d)
			}
		}
	}
	if e.filtered() {
		query := e.only
		query.Images, query.Sort, query.Limit, query.Offset = ids, "", 0, 0
		points, err := e.transfer.store.Datapoints(ctx, query)
		if err != nil {
			return nil, err
		}
		asked := make([]bool, len(images))
		for _, d := range points {
			asked[index[d.Image.ID]] = true
		}
		for i := range in {
			in[i] = in[i] && asked[i]
		}
	}
	kept := all[:0]
	for i, out := range all {
		if in[i] {
			kept = append(kept, out)
		}
	}
	return kept, nil
}

// flat writes an annotated datapoint into a record of a format that holds one view.
func (v exportedView) flat(r *interchange.Record, d storage.Datapoint) {
	r.HasAnnotation, r.Reviewed = true, d.Reviewed()
	for _, region := range d.Regions {
		for _, c := range region.Concepts {
			if b := region.Box; b != nil {
				r.Boxes = append(r.Boxes, interchange.Box{Box: *b, Concept: v.names[c]})
			} else {
				r.Concepts = append(r.Concepts, v.names[c])
			}
		}
	}
}

// annotation is an annotated datapoint in the Studio format. A region is named by its id, as the crops of child views name it.
func (v exportedView) annotation(d storage.Datapoint) interchange.ViewAnnotation {
	a := interchange.ViewAnnotation{View: v.path, Reviewed: d.Reviewed()}
	if d.Source != 0 {
		a.Source = strconv.FormatInt(d.Source, 10)
	}
	for _, region := range d.Regions {
		out := interchange.Region{ID: strconv.FormatInt(region.ID, 10)}
		if b := region.Box; b != nil {
			out.Box = b
		} else if len(region.Concepts) == 0 {
			continue // without concept
		}
		for _, c := range region.Concepts {
			out.Concepts = append(out.Concepts, v.names[c])
		}
		a.Regions = append(a.Regions, out)
	}
	return a
}
