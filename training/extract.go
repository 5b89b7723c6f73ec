package training

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"viewfinder/training/data"
	"viewfinder/training/features"
	"viewfinder/training/float16"
)

// featureTable holds the features of samples in float16: [samples][views][size].
type featureTable struct {
	size, views int
	half        []uint16
}

func (f *featureTable) row(i, view int) []uint16 {
	at := (i*f.views + view) * f.size
	return f.half[at : at+f.size : at+f.size]
}

// choose keeps the samples of these indices, which rise.
func (f *featureTable) choose(samples []int) {
	n := f.views * f.size
	for to, from := range samples {
		copy(f.half[to*n:(to+1)*n], f.half[from*n:(from+1)*n])
	}
	f.half = f.half[:len(samples)*n]
}

// extract computes the features of views of items, or takes them from the cache. An item that cannot be read, or differs from the snapshot, is a problem.
func (t *trainer) extract(ctx context.Context, its []data.Item, aug *data.Augmenter, views int, progress func(done, total int)) (*featureTable, []data.Problem, error) {
	table := &featureTable{size: t.net.FeatureSize(), views: views}
	table.half = make([]uint16, len(its)*views*table.size)
	cache := t.openFeatures(table.size)
	if cache != nil {
		defer func() {
			if err := cache.Fault(); err != nil {
				t.warn(0, fmt.Sprintf("The features could not be kept, so the next training computes them again: %v.", err))
			}
			_ = cache.Close()
		}()
	}
	var missing []data.ItemView
	var known []int
	for i, it := range its {
		whole := true
		for v := range views {
			k, ok := features.KeyOf(it.SHA256, it.Crop, aug.ViewName(v))
			if !ok || cache == nil || !cache.Get(k, table.row(i, v)) {
				missing, whole = append(missing, data.ItemView{Item: i, View: v}), false
			}
		}
		if whole {
			known = append(known, i)
		}
	}
	problems, err := checkItems(ctx, its, known)
	if err != nil || len(missing) == 0 {
		return table, problems, err
	}
	failed, err := t.compute(ctx, &data.ViewStream{Frame: t.run.frame(), Items: its, Views: missing, Aug: aug}, table, cache, progress)
	problems = append(problems, failed...)
	slices.SortFunc(problems, func(a, b data.Problem) int { return a.Index - b.Index })
	return table, problems, err
}

// checkItems checks whether items whose features are known are still what they were.
func checkItems(ctx context.Context, its []data.Item, known []int) ([]data.Problem, error) {
	list := make([]data.Item, len(known))
	for k, i := range known {
		list[k] = its[i]
	}
	problems, err := data.Check(ctx, list)
	for k := range problems {
		problems[k].Index = known[problems[k].Index]
	}
	return problems, err
}

// compute runs the backbone on the stream's views; it returns one problem for each item that cannot be read.
func (t *trainer) compute(ctx context.Context, stream *data.ViewStream, table *featureTable, cache *features.Cache, progress func(done, total int)) ([]data.Problem, error) {
	r, err := newRunner(t.net, t.threads)
	if err != nil {
		return nil, err
	}
	defer r.close()
	watching, watched := context.WithCancel(ctx)
	defer watched()
	yielding := &yielding{file: filepath.Join(t.dir, yieldFile)}
	go yielding.watch(watching)
	r.p.SetGate(yielding.gate)
	var vector []float32
	r.each = func(sample, k int) {
		view := stream.Views[sample]
		vector = r.p.Vector(k, vector)
		row := table.row(view.Item, view.View)
		for c, v := range vector {
			row[c] = float16.Finite(v)
		}
		it := stream.Items[view.Item]
		if key, ok := features.KeyOf(it.SHA256, it.Crop, stream.Aug.ViewName(view.View)); ok && cache != nil {
			cache.Put(key, row)
		}
	}
	predictions, _, err := r.run(ctx, stream, nil, progress)
	if err != nil {
		return nil, err
	}
	var problems []data.Problem
	for i, p := range predictions {
		item := stream.Views[i].Item
		if n := len(problems); p.Err != nil && (n == 0 || problems[n-1].Index != item) {
			problems = append(problems, data.Problem{Index: item, Err: p.Err})
		}
	}
	return problems, nil
}

// openFeatures opens the cache of the features of this backbone, of pictures in this form, by these kernels; nil where nothing can be kept, which is a warning in the events.
func (t *trainer) openFeatures(size int) *features.Cache {
	c, err := features.Open(featuresDir(t.dir), featuresName(t.net, t.run.frame(), t.run.Picture), size, features.DefaultMost)
	if err != nil {
		t.warn(0, fmt.Sprintf("The features could not be kept, so the next training computes them again: %v.", err))
		return nil
	}
	return c
}

// featuresDir is where features are kept: in the cache of the project that the run folder is in, runs/ID, cache/NAME or cache/NAME/NUMBER of it; elsewhere
// in the run folder's own.
func featuresDir(dir string) string {
	parent := filepath.Dir(dir)
	switch project := filepath.Dir(parent); {
	case filepath.Base(parent) == "runs":
		if info, err := os.Stat(filepath.Join(project, "cache")); err == nil && info.IsDir() {
			return filepath.Join(project, "cache", "features")
		}
	case filepath.Base(parent) == "cache":
		return filepath.Join(parent, "features")
	case filepath.Base(project) == "cache":
		return filepath.Join(project, "features")
	}
	return filepath.Join(dir, cacheDir, "features")
}

// featureSource supplies the features of a set's samples as they are.
type featureSource struct {
	*data.Set
	table *featureTable
}

// FillBatch writes the features of samples from, from+1, … (count of them) to dst.
func (f featureSource) FillBatch(from, count int, dst []float32, _ func(i int, err error)) {
	for k := range count {
		float16.Values(dst[k*f.table.size:(k+1)*f.table.size], f.table.row(from+k, 0))
	}
}

// source is what a set is evaluated by.
func (t *trainer) source(set *data.Set) source {
	if t.head == nil {
		return set
	}
	return featureSource{set, t.tables[set]}
}
