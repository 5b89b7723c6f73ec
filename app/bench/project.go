//go:build measure

package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training/picture"
)

// ProjectRequest says how large a project is measured, and where it lies.
type ProjectRequest struct {
	Dir     string // made there if nothing is there yet
	Images  int
	Regions int // on each image
	Import  int // how many photos are imported into a project beside it; 0: none
	Rounds  int // number of repetitions
}

// Row is one thing that was measured.
type Row struct {
	What   string  `json:"what"`
	Median float64 `json:"median"`
	High   float64 `json:"high"` // the 99th percentile, or the most of fewer than 100
	Unit   string  `json:"unit"` // ms, MB, %, or x for a ratio
	Meant  string  `json:"meant,omitempty"`
	Note   string  `json:"note,omitempty"`
}

// WindowMeasurement says what is to be measured in a window, and takes what was.
type WindowMeasurement struct {
	Training bool // annotating alone and beside a training, instead of all else
	Rows     []Row
	Err      error
}

// benchRow sums durations up.
func benchRow(what, meant string, times []time.Duration) Row {
	slices.Sort(times)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return Row{What: what, Median: ms(times[len(times)/2]), High: ms(times[min(len(times)-1, len(times)*99/100)]), Unit: "ms", Meant: meant, Note: fmt.Sprintf("%d times", len(times))}
}

// MakeProject makes the project that Project measures, and does nothing where it is already.
func MakeProject(ctx context.Context, dir string, images, regions int) error {
	if _, err := os.Stat(filepath.Join(dir, "project.db")); err == nil {
		return nil
	}
	name, content, err := benchContent(images)
	if err != nil {
		return err
	}
	return storage.MakeLarge(ctx, dir, storage.Large{Images: images, Regions: regions, Name: name, Content: content})
}

// Project measures what a person waits for in a large project, without the window: opening it, lists and counts, an annotation that is on
// the disk, an import beside copying and decoding the same photos.
func Project(ctx context.Context, r ProjectRequest, progress session.Progress) ([]Row, error) {
	progress = session.ProgressOr(progress)
	progress.Update(0, 4, "the project")
	small := strings.TrimRight(r.Dir, `/\`) + "-1000"
	for dir, images := range map[string]int{r.Dir: r.Images, small: 1000} {
		if err := MakeProject(ctx, dir, images, r.Regions); err != nil {
			return nil, err
		}
	}
	progress.Update(1, 4, "opening")
	rows, err := benchOpen(ctx, r.Dir, small, r.Rounds)
	if err != nil {
		return nil, err
	}
	p, err := studio.Open(ctx, r.Dir)
	if err != nil {
		return nil, err
	}
	progress.Update(2, 4, "lists")
	more, err := benchLists(ctx, p, r.Rounds)
	if err == nil {
		rows = append(rows, more...)
		more, err = benchAnnotate(ctx, p, 20*r.Rounds)
	}
	rows = append(rows, more...)
	if err := errors.Join(err, p.Close()); err != nil {
		return nil, err
	}
	if r.Import == 0 {
		return rows, nil
	}
	progress.Update(3, 4, "import")
	row, err := benchImport(ctx, filepath.Dir(r.Dir), r.Import, min(3, r.Rounds))
	return append(rows, row), err
}

// benchOpen times opening both projects in turn, to the first page of the first view's gallery.
func benchOpen(ctx context.Context, dir, small string, rounds int) ([]Row, error) {
	times := map[string][]time.Duration{}
	for range rounds {
		for _, d := range []string{small, dir} {
			start := time.Now()
			p, err := studio.Open(ctx, d)
			if err != nil {
				return nil, err
			}
			err = firstPage(ctx, p)
			times[d] = append(times[d], time.Since(start))
			if err := errors.Join(err, p.Close()); err != nil {
				return nil, err
			}
		}
	}
	large, little := benchRow("open, first page of the gallery read", "< 1 s", times[dir]), benchRow("the same with 1,000 images", "", times[small])
	ratio := Row{What: "ratio of the two", Median: large.Median / little.Median, High: large.High / little.High, Unit: "x", Meant: "≤ 2"}
	return []Row{large, little, ratio}, nil
}

func firstPage(ctx context.Context, p *studio.Project) error {
	views, err := p.Views(ctx)
	if err != nil {
		return err
	}
	ids, err := p.DatapointIDs(ctx, storage.Query{View: views[0].ID})
	if err != nil {
		return err
	}
	if _, err := p.Counts(ctx, views[0].ID); err != nil {
		return err
	}
	points, err := p.DatapointsByID(ctx, ids[:min(len(ids), 60)])
	if err != nil {
		return err
	}
	for _, d := range points[:min(len(points), 30)] {
		if _, err := p.Thumbnail(ctx, d, 136); err != nil {
			return err
		}
	}
	return nil
}

func benchLists(ctx context.Context, p *studio.Project, rounds int) ([]Row, error) {
	views, err := p.Views(ctx)
	if err != nil {
		return nil, err
	}
	var filters, counts, sorts []time.Duration
	timed := func(into *[]time.Duration, f func() error) error {
		start := time.Now()
		err := f()
		*into = append(*into, time.Since(start))
		return err
	}
	for range rounds {
		for _, v := range views {
			concepts, err := p.Concepts(ctx, v.ID)
			if err != nil {
				return nil, err
			}
			for _, q := range []storage.Query{
				{}, {Split: domain.SplitVal}, {State: storage.StateAnnotated}, {State: storage.StateNotAnnotated}, {State: storage.StateNotReviewed}, {State: storage.StateReviewed},
				{State: storage.StateWithoutConcept}, {State: storage.StateSuggested}, {Concept: concepts[0].ID}, {Text: "img_00123"}, {Text: "nothing is called so"},
			} {
				q.View = v.ID
				if err := timed(&filters, func() error { _, err := p.DatapointIDs(ctx, q); return err }); err != nil {
					return nil, err
				}
				if err := timed(&counts, func() error { _, err := p.Count(ctx, q); return err }); err != nil {
					return nil, err
				}
			}
			if err := timed(&counts, func() error { _, err := p.ConceptCounts(ctx, v.ID); return err }); err != nil {
				return nil, err
			}
			for _, by := range []storage.Sort{storage.SortName, storage.SortAdded, storage.SortSize, storage.SortAnnotated, storage.SortConfidence} {
				for _, down := range []bool{false, true} {
					q := storage.Query{View: v.ID, Sort: by, Descending: down}
					if err := timed(&sorts, func() error { _, err := p.DatapointIDs(ctx, q); return err }); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return []Row{benchRow("list by a filter", "< 100 ms", filters), benchRow("count by a filter", "< 100 ms", counts), benchRow("list in another order", "< 100 ms", sorts)}, nil
}

// benchAnnotate times concepts set as a key sets them, to their being on the disk; all of it is taken back.
func benchAnnotate(ctx context.Context, p *studio.Project, n int) (_ []Row, err error) {
	v, err := p.FindView(ctx, "Waste")
	if err != nil {
		return nil, err
	}
	concepts, err := p.Concepts(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	points, err := p.Datapoints(ctx, storage.Query{View: v.ID, Limit: n})
	if err != nil {
		return nil, err
	}
	var times []time.Duration
	for i, d := range points {
		start := time.Now()
		if err := p.SetConcept(ctx, []storage.Key{d.Key()}, concepts[i%len(concepts)].ID); err != nil {
			return nil, err
		}
		times = append(times, time.Since(start))
	}
	for label, _ := p.History(); label != ""; label, _ = p.History() {
		if _, err := p.Undo(ctx, 0); err != nil {
			return nil, err
		}
	}
	return []Row{benchRow("concept set, durable on the disk", "< 20 ms at the 99th percentile", times)}, nil
}

// benchImport times an import of photos beside copying and decoding them on as many cores, in turn. What it writes is removed.
func benchImport(ctx context.Context, beside string, n, rounds int) (_ Row, err error) {
	temp, err := os.MkdirTemp(beside, "bench-import-*")
	if err != nil {
		return Row{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	source := filepath.Join(temp, "source")
	if err := os.Mkdir(source, 0o755); err != nil {
		return Row{}, err
	}
	pictures, err := newBenchPictures(640, 480, 40)
	if err != nil {
		return Row{}, err
	}
	for i := range n {
		if err := os.WriteFile(filepath.Join(source, fmt.Sprintf("IMG_%05d.jpg", i)), pictures.file(i), 0o644); err != nil {
			return Row{}, err
		}
	}
	var ratios []float64
	var ours, plain time.Duration
	for k := range rounds {
		start := time.Now()
		if err := copyAndDecode(ctx, source, filepath.Join(temp, fmt.Sprintf("copy-%d", k))); err != nil {
			return Row{}, err
		}
		plain = time.Since(start)
		p, err := studio.New(ctx, filepath.Join(temp, fmt.Sprintf("project-%d", k)), "Import")
		if err != nil {
			return Row{}, err
		}
		start = time.Now()
		report, err := p.Import(ctx, transfer.ImportRequest{Sources: []string{source}}, nil)
		ours = time.Since(start)
		if err == nil && report.Added != n {
			err = fmt.Errorf("%d of %d photos were imported", report.Added, n)
		}
		if err := errors.Join(err, p.Close()); err != nil {
			return Row{}, err
		}
		ratios = append(ratios, ours.Seconds()/plain.Seconds())
	}
	slices.Sort(ratios)
	return Row{
		What: fmt.Sprintf("import of %d photos, of the time that copying and decoding them takes", n), Median: ratios[len(ratios)/2], High: ratios[len(ratios)-1], Unit: "x", Meant: "≤ 1.3",
		Note: fmt.Sprintf("640x480; %d times in turn; the last %.1f s beside %.1f s", rounds, ours.Seconds(), plain.Seconds()),
	}, nil
}

// copyAndDecode copies all files of a folder into another and decodes them, as a program would that keeps no records and trusts its disk.
func copyAndDecode(ctx context.Context, from, to string) error {
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	entries, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(transfer.Workers)
	for _, e := range entries {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			in, err := os.Open(filepath.Join(from, e.Name()))
			if err != nil {
				return err
			}
			defer in.Close()
			out, err := os.Create(filepath.Join(to, e.Name()))
			if err != nil {
				return err
			}
			if _, err := io.Copy(out, in); err != nil {
				return errors.Join(err, out.Close())
			}
			if err := out.Close(); err != nil {
				return err
			}
			if _, err := in.Seek(0, io.SeekStart); err != nil {
				return err
			}
			_, _, err = picture.Decode(in, e.Name(), picture.Limits{})
			return err
		})
	}
	return group.Wait()
}
