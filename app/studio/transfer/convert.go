package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/storage/words"
	"viewfinder/training/picture"
)

// ConvertRequest is what to convert, to what and where.
type ConvertRequest struct {
	Source string
	From   string // one of ImportFormats; "" = recognised
	Target string // a folder that does not exist or is empty
	To     string // one of ExportFormats
	View   string // the view of a Studio import file with several; "" = the only one, or all where the target holds all
	Apart  bool   // as in ExportRequest
	Images ImageMode
}

// ConvertReport is what a conversion did. Format is the source's.
type ConvertReport struct {
	ImportReport
	Target  string `json:"target"`
	To      string `json:"to"`
	LeftOut int    `json:"left_out"` // images that are not annotated, left out or copied apart
	Renamed int    `json:"renamed"`
}

// Sentence describes in one line what was done.
func (r *ConvertReport) Sentence() string {
	parts := []string{fmt.Sprintf("Converted %s from %s to %s", words.Count(r.Images, "image"), r.Format, r.To), fmt.Sprintf("%d annotated", r.Annotated)}
	if r.LeftOut > 0 {
		parts = append(parts, fmt.Sprintf("%d not annotated and left out or apart", r.LeftOut))
	}
	return strings.Join(append(parts, r.losses()...), ", ")
}

// Save writes the report's text to a file.
func (r *ConvertReport) Save(path string) error {
	return saveReport(path, r.Sentence(), &r.ImportReport)
}

// Convert reads images and annotations in one format and writes them in another, without a project. Bad records become problems in the report, as in an
// import. The target is complete or absent; with an error, the report has what was found until then.
func Convert(ctx context.Context, r ConvertRequest, progress session.Progress) (*ConvertReport, error) {
	c := &converting{request: r, progress: session.ProgressOr(progress), report: &ConvertReport{ImportReport: newReport(), Target: r.Target, To: r.To}}
	begin := time.Now()
	err := c.run(ctx)
	c.report.Seconds = time.Since(begin).Seconds()
	return c.report, err
}

// converting is one call of Convert.
type converting struct {
	request  ConvertRequest
	report   *ConvertReport
	progress session.Progress
	source   *interchange.Source
	sum      interchange.Summary
	view     string // the one view of a Studio import file that is written; "" = as the records say
	wrap     bool   // records are put into the one view of a Studio import file
}

func (c *converting) run(ctx context.Context) error {
	r := c.request
	if within(r.Target, r.Source) {
		return &storage.RuleError{Message: fmt.Sprintf("%s lies in %s: choose a folder outside of what is converted.", r.Target, r.Source)}
	}
	place := r.Source
	if isArchive(place) {
		in := filepath.Dir(filepath.Clean(r.Target))
		if _, err := os.Stat(in); err != nil {
			in = os.TempDir()
		}
		u, err := unpack(ctx, place, in, false, c.progress)
		if err != nil {
			return err
		}
		defer u.Close()
		place = u.dir
		for _, problem := range u.problems {
			c.report.problem(problem)
		}
	}
	var err error
	if c.source, err = interchange.OpenSource(place, interchange.Format(r.From)); err != nil {
		return err
	}
	defer c.source.Close()
	c.report.Format = string(c.source.Format())
	c.progress.Update(0, 0, "looking at "+filepath.Base(r.Source))
	if c.sum, err = c.source.Scan(ctx); err != nil {
		for _, p := range c.sum.Reported {
			c.report.problem(p)
		}
		return fmt.Errorf("reading %s: %w", r.Source, err)
	}
	header, err := c.header()
	if err != nil {
		return err
	}
	done, err := interchange.Export(ctx, r.Target, interchange.Format(r.To), header, c.records(ctx), interchange.ExportOptions{Apart: r.Apart, Images: r.Images})
	if err != nil {
		return err
	}
	c.report.Images, c.report.LeftOut, c.report.Renamed = done.Images, done.LeftOut, done.Renamed
	c.report.Notes = append(c.report.Notes, done.Notes...)
	for _, p := range done.Problems {
		c.report.problem(p)
	}
	return nil
}

// within reports whether a path lies in a folder, or is it.
func within(p, folder string) bool {
	a, errA := filepath.Abs(p)
	b, errB := filepath.Abs(folder)
	if errA != nil || errB != nil {
		return false
	}
	if real, err := filepath.EvalSymlinks(b); err == nil {
		b = real
	}
	if real, err := filepath.EvalSymlinks(filepath.Dir(a)); err == nil {
		a = filepath.Join(real, filepath.Base(a))
	}
	rel, err := filepath.Rel(b, a)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

// header describes what is written.
func (c *converting) header() (interchange.Header, error) {
	h := c.sum.Header
	to, _ := interchange.Lookup(interchange.Format(c.request.To))
	switch {
	case len(h.Views) == 0 && c.request.View != "":
		return h, &storage.RuleError{Message: fmt.Sprintf("%s has no views to choose from.", c.request.Source)}
	case len(h.Views) == 0 && to.Holds.SeveralViews && h.ViewType != "":
		view := interchange.View{Path: h.Name, Name: h.Name, Type: h.ViewType}
		for _, name := range h.Concepts {
			view.Concepts = append(view.Concepts, interchange.Concept{Name: name})
		}
		h.Views, c.wrap = []interchange.View{view}, true
	case len(h.Views) == 0 && h.ViewType == "" && len(to.Holds.Tasks) > 0:
		return h, errors.New("there is no annotation to convert" + firstReasons(c.sum.Reported))
	case len(h.Views) > 0 && to.Holds.SeveralViews && c.request.View != "":
		return h, &storage.RuleError{Message: fmt.Sprintf("The format %s holds all views: leave the view out.", to.Name)}
	case len(h.Views) > 0 && !to.Holds.SeveralViews && len(to.Holds.Tasks) > 0:
		return c.oneView(h)
	}
	return h, nil
}

// oneView chooses a view of a Studio import file.
func (c *converting) oneView(h interchange.Header) (interchange.Header, error) {
	var paths []string
	for _, v := range h.Views {
		paths = append(paths, v.Path)
		if c.request.View == "" && len(h.Views) == 1 || domain.SameName(v.Path, c.request.View) {
			c.view, h.ViewType = v.Path, v.Type
			for _, k := range v.Concepts {
				h.Concepts = append(h.Concepts, k.Name)
			}
			return h, nil
		}
	}
	if c.request.View == "" {
		return h, &storage.RuleError{Message: "The source has several views: say which: " + strings.Join(paths, ", ") + "."}
	}
	return h, &storage.RuleError{Message: fmt.Sprintf("The source has no view %q: there are %s.", c.request.View, strings.Join(paths, ", "))}
}

// errEnough ends reading when the writer wants no more.
var errEnough = errors.New("enough")

// records yields the source's records with their images.
func (c *converting) records(ctx context.Context) iter.Seq2[interchange.Outgoing, error] {
	return func(yield func(interchange.Outgoing, error) bool) {
		n := 0
		h, err := c.source.Read(ctx, func(r interchange.Record) error {
			if n++; n%100 == 1 {
				c.progress.Update(n, c.sum.Records, r.ImagePath)
			}
			out, ok := c.outgoing(r)
			if ok && !yield(out, nil) {
				return errEnough
			}
			return nil
		}, c.report.problem)
		c.report.take(h)
		if err != nil && !errors.Is(err, errEnough) {
			yield(interchange.Outgoing{}, fmt.Errorf("reading %s: %w", c.request.Source, err))
		}
	}
}

// outgoing is a record with its image; ok is false where the image cannot be read, or is not of the view that is written.
func (c *converting) outgoing(r interchange.Record) (out interchange.Outgoing, ok bool) {
	info, err := c.probe(r)
	if err != nil {
		var broken *picture.Error
		if errors.As(err, &broken) {
			err = errors.New(broken.Reason)
		}
		c.report.problem(ImportProblem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: err.Error()})
		return out, false
	}
	r.Resolve(info.Width, info.Height, info.Orientation, c.report.problem)
	r.Width, r.Height = info.Width, info.Height
	c.report.count(r)
	if c.wrap {
		r = c.wrapped(r)
	} else if c.view != "" {
		r = flattened(r, c.view)
	}
	if r.HasAnnotation || len(r.Views) > 0 {
		c.report.Annotated++
	}
	file := filepath.Join(c.source.Root(), filepath.FromSlash(r.ImagePath))
	if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
		file = "" // a link is copied
	}
	return interchange.Outgoing{Record: r, Name: r.ImagePath, Ext: "." + info.Format, Path: file,
		Open: func() (io.ReadCloser, error) { return c.source.Open(r) }}, true
}

func (c *converting) probe(r interchange.Record) (picture.Info, error) {
	f, err := c.source.Open(r)
	if err != nil {
		return picture.Info{}, err
	}
	defer f.Close()
	return picture.Probe(f, path.Base(r.ImagePath), picture.Limits{})
}

// wrapped puts a record's annotations into the only view of a Studio import file.
func (c *converting) wrapped(r interchange.Record) interchange.Record {
	if r.HasAnnotation {
		a := interchange.ViewAnnotation{View: c.sum.Name, Reviewed: r.Reviewed}
		if len(r.Concepts) > 0 {
			a.Regions = []interchange.Region{{Concepts: r.Concepts}}
		}
		for _, b := range r.Boxes {
			a.Regions = append(a.Regions, interchange.Region{Box: &b.Box, Concepts: []string{b.Concept}})
		}
		r.Views = []interchange.ViewAnnotation{a}
	}
	r.HasAnnotation, r.Reviewed, r.Concepts, r.Boxes = false, false, nil, nil
	return r
}

// flattened is a record with one view's annotations of the whole image.
func flattened(r interchange.Record, view string) interchange.Record {
	for _, a := range r.Views {
		if a.View != view || a.Source != "" {
			continue
		}
		r.HasAnnotation, r.Reviewed = true, a.Reviewed
		for _, region := range a.Regions {
			if region.Box == nil {
				r.Concepts = append(r.Concepts, region.Concepts...)
				continue
			}
			for _, name := range region.Concepts {
				r.Boxes = append(r.Boxes, interchange.Box{Box: *region.Box, Concept: name})
			}
		}
	}
	slices.Sort(r.Concepts)
	r.Concepts, r.Views = slices.Compact(r.Concepts), nil
	return r
}
