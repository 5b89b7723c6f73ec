package transfer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
)

// FoundView is a view that a source brings.
type FoundView struct {
	Name string
	Type domain.Task
}

// ImportFormats lists the formats that Import reads.
func ImportFormats() []string {
	var names []string
	for _, f := range interchange.Formats() {
		names = append(names, string(f))
	}
	return names
}

// ImportRequest is what to import, and as what.
type ImportRequest struct {
	Sources []string // folders and files
	Format  string   // one of ImportFormats; "" = recognised, each source for itself
	View    int64    // the view that takes the annotations; 0 = ViewName's
	// ViewName is the view for the annotations where View is 0: made, with the type that the source has, if there is none of that
	// name. "" = the source's name.
	ViewName string
	Split    domain.Split // for all new images; "" = the source's, otherwise by their content
}

// Found is what Recognise sees in a source, images unopened.
type Found struct {
	Path     string
	Name     string      // for a view that takes it
	Format   string      // one of ImportFormats
	Type     domain.Task // that the annotations suit; "" where there are none (or whole views, in the studio format)
	Images   int
	Marked   int // of them annotated
	Boxes    int
	Concepts []string
	Views    []FoundView     // of a source that brings views of its own, in the studio format
	First    []FoundImage    // the first few images, as they would be imported
	Problems int             // records that cannot be read
	LeftOut  []ImportProblem // files of an archive that do not belong there, and why
	Notes    []string        // what will become of the source as a whole
	Unread   []string        // label files that nobody reads, by kind, and why
}

// Recognise finds out what a folder or file holds. It reads the annotations, which may take a second or two for many thousands.
func Recognise(ctx context.Context, path, format string) (Found, error) {
	place := path
	below := ""
	var leftOut []ImportProblem
	if isArchive(path) {
		u, err := unpack(ctx, path, os.TempDir(), true, session.ProgressOr(nil))
		if err != nil {
			return Found{}, err
		}
		defer u.Close()
		place, leftOut = u.dir, u.problems
		if below, err = filepath.Rel(u.whole, u.dir); err != nil {
			return Found{}, err
		}
	}
	source, err := interchange.OpenSource(place, interchange.Format(format))
	if err != nil {
		return Found{}, err
	}
	defer source.Close()
	sum, err := source.Scan(ctx)
	if err != nil {
		return Found{}, fmt.Errorf("reading %s: %w%s", path, err, firstReasons(sum.Reported))
	}
	found := Found{
		Path: path, Name: sum.Name, Format: string(source.Format()), Type: sum.ViewType,
		Images: sum.Records, Concepts: sum.Concepts, Problems: sum.Problems, LeftOut: leftOut,
		Notes: append(sum.Notes, sum.Lost.Notes()...),
	}
	found.Marked, found.Boxes = sum.Marked, sum.Boxes
	for _, v := range sum.Views {
		found.Views = append(found.Views, FoundView{v.Name, v.Type})
	}
	open := source.Open
	if isArchive(path) { // its images were not unpacked
		zipped, closing, err := zippedImages(path, below)
		if err != nil {
			return Found{}, err
		}
		defer closing()
		within, err := filepath.Rel(place, source.Root())
		if err != nil {
			return Found{}, err
		}
		open = func(r interchange.Record) (interchange.ImageFile, error) {
			r.ImagePath = filepath.ToSlash(filepath.Join(within, r.ImagePath))
			return zipped(r)
		}
	}
	found.First = firstImages(ctx, sum.First, open)
	for _, u := range sum.Lost.Unread {
		found.Unread = append(found.Unread, u.First+": "+u.String())
	}
	return found, nil
}

// firstReasons adds the first problems to an error, since nothing came.
func firstReasons(problems []ImportProblem) string {
	text := ""
	for i, p := range problems {
		if i == 3 {
			return text + fmt.Sprintf("; and %d more", len(problems)-i)
		}
		text += "; " + p.String()
	}
	return text
}

// Import brings images and annotations in. Bad records and images become problems in the report and are skipped. What the
// project has already, by content, is not doubled; annotations it has are never overwritten. When the context ends, what was imported
// so far is kept, and the report is Cancelled; the error is nil then. An error (a full disk, a source that cannot be read) comes
// with the report of what was done until then. All of it is one step of Undo, or
// several where somebody annotated meanwhile, which goes on during an import.
func (t *Transfer) Import(ctx context.Context, r ImportRequest, progress session.Progress) (*ImportReport, error) {
	t.imports.Lock()
	defer t.imports.Unlock()
	begin := time.Now()
	i := &importing{transfer: t, request: r, report: new(newReport()), progress: session.ProgressOr(progress), seen: map[seenKey]string{}}
	err := i.run(ctx)
	i.report.Seconds = time.Since(begin).Seconds()
	for _, v := range i.report.Views {
		i.report.ViewNames = append(i.report.ViewNames, v.Name)
	}
	t.session.Changed(session.Change{Kind: session.ChangeProject})
	if ctx.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		i.report.Cancelled = true
		return i.report, nil
	}
	return i.report, err
}

// importing is one call of Import.
type importing struct {
	transfer *Transfer
	request  ImportRequest
	report   *ImportReport
	progress session.Progress
	done     int // records dealt with
	total    int // records in all sources
	seen     map[seenKey]string
	saved    importCounts // what is known to be recorded for good
}

// importCounts are what a failed import has to take back where it could not be recorded.
type importCounts struct{ images, added, duplicates, annotated int }

// importPortion is the number of images after which an import records them durably.
const importPortion = 100

// save records what was imported so far for good. Where that fails, the report has what was recorded before.
func (i *importing) save(b *storage.Batch) error {
	r := i.report
	if err := b.Flush(); err != nil {
		r.Images, r.Added, r.Duplicates, r.Annotated = i.saved.images, i.saved.added, i.saved.duplicates, i.saved.annotated
		return err
	}
	i.saved = importCounts{r.Images, r.Added, r.Duplicates, r.Annotated}
	return nil
}

// seenKey is a datapoint of a whole image that this import annotated; storage's readers do not see it before it is committed.
type seenKey struct{ view, image int64 }

func (i *importing) run(ctx context.Context) error {
	if len(i.request.Sources) == 0 {
		return errors.New("nothing to import was named")
	}
	var sources []*importSource
	var archives []*unpacked
	defer func() {
		for _, s := range sources {
			s.Close()
		}
		for _, u := range archives {
			if err := u.Close(); err != nil {
				slog.Warn("what was unpacked could not be removed", "folder", u.temp, "error", err)
			}
		}
	}()
	i.transfer.removeUnpacked()
	for _, path := range i.request.Sources {
		i.progress.Update(0, 0, "looking at "+filepath.Base(path))
		place, err := path, error(nil)
		if isArchive(path) {
			var u *unpacked
			if u, err = unpack(ctx, path, i.transfer.store.CacheDir(), false, i.progress); err == nil {
				archives = append(archives, u)
				place = u.dir
				for _, problem := range u.problems {
					i.report.problem(problem)
				}
			}
		}
		var source *interchange.Source
		if err == nil {
			source, err = interchange.OpenSource(place, interchange.Format(i.request.Format))
		}
		if err != nil && len(i.request.Sources) > 1 {
			// One of many that were dropped on the window: the rest goes on.
			i.report.problem(ImportProblem{File: path, Reason: err.Error()})
			continue
		}
		if err != nil {
			return err
		}
		s := &importSource{Source: source}
		sources = append(sources, s)
		if s.sum, err = source.Scan(ctx); err != nil {
			for _, p := range s.sum.Reported {
				i.report.problem(p)
			}
			return fmt.Errorf("reading %s: %w", path, err)
		}
		i.total += s.sum.Records
		if f := string(source.Format()); !strings.Contains(i.report.Format, f) {
			i.report.Format = strings.TrimPrefix(i.report.Format+", "+f, ", ")
		}
	}
	if len(sources) == 0 {
		return errors.New("none of the sources could be imported: " + i.report.Problems[0].String())
	}
	label := "import " + sources[0].sum.Name
	return i.transfer.store.Batch(ctx, label, func(b *storage.Batch) error {
		for _, s := range sources {
			if err := i.source(ctx, b, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// importSource is a source with what Scan saw in it.
type importSource struct {
	*interchange.Source
	sum interchange.Summary
}

// source imports one source.
func (i *importing) source(ctx context.Context, b *storage.Batch, s *importSource) error {
	annotate, tidy, err := i.annotator(ctx, b, s)
	if err != nil {
		return err
	}
	err = i.pipeline(ctx, s, func(prepared *preparedImage) error {
		if err := b.Yield(); err != nil { // somebody annotates meanwhile
			return err
		}
		if i.report.Images >= i.saved.images+importPortion {
			if err := i.save(b); err != nil {
				return err
			}
		}
		img, added, err := b.AddStaged(prepared.staged)
		if err != nil {
			return fmt.Errorf("adding %s: %w", prepared.record.ImagePath, err)
		}
		i.report.Images++
		if added {
			i.report.Added++
		} else {
			i.report.duplicate(prepared.record.ImagePath, img.Name)
		}
		return annotate(img, added, prepared.record)
	})
	if err != nil && ctx.Err() != nil {
		return err // the storage keeps what is there
	}
	if err == nil {
		err = tidy()
	}
	// Also after a failure: what is there is good, and what waited beside it has made room by now.
	return errors.Join(err, i.save(b))
}

// annotator is what records a source's annotations: in one view, or in the tree of views that a Studio file brings; tidy is called at the source's end.
func (i *importing) annotator(ctx context.Context, b *storage.Batch, s *importSource) (annotate func(storage.Image, bool, interchange.Record) error, tidy func() error, err error) {
	if len(s.sum.Views) == 0 {
		target, err := i.target(ctx, b, s)
		if err != nil {
			return nil, nil, err
		}
		return func(img storage.Image, _ bool, r interchange.Record) error { return target.annotate(ctx, b, img, r) },
			func() error { return target.tidy(b, s.Format()) }, nil
	}
	views, err := i.transfer.makeViews(ctx, b, s.sum.Views)
	if err != nil {
		return nil, nil, err
	}
	i.report.Views = append(i.report.Views, views.views...)
	return func(img storage.Image, added bool, r interchange.Record) error {
		problem := func(reason string) {
			i.report.problem(ImportProblem{File: r.File, Line: r.Line, Record: r.ImagePath, Reason: reason})
		}
		return views.annotate(ctx, b, img, added, r, problem, func() { i.report.Annotated++ })
	}, func() error { return nil }, b.Flush()
}
