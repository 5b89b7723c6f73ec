package training

import (
	"context"
	"testing"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
	"viewfinder/training/data"
)

// BenchmarkPipeline trains small_cnn at 96 px, batch 32, in turn with batches from the loader and on one batch that is at hand, and reports the
// share of the speed without loading that is left.
func BenchmarkPipeline(b *testing.B) {
	for _, c := range []struct {
		name    string
		augment []string
	}{{"flip", []string{data.FlipHorizontal}}, {"all", data.Augmentations}} {
		b.Run(c.name, func(b *testing.B) {
			dir := newRun(b, domain.Classification, set(func(o *Options) {
				o.Iterations, o.BatchSize, o.Resizer, o.Threads, o.Augment = 1_000_000, 32, "96x96", 0, c.augment
			}))
			t := &trainer{dir: dir, samples: map[*data.Set][]Sample{}, store: checkpoint.Store{Dir: dir}}
			t.saver = newSaver(t.store)
			var err error
			if t.journal, err = openJournal(dir); err != nil {
				b.Fatal(err)
			}
			defer t.journal.close()
			defer t.close()
			if err := t.begin(); err != nil {
				b.Fatal(err)
			}
			if err := t.prepare(context.Background()); err != nil {
				b.Fatal(err)
			}
			if err := t.build(context.Background()); err != nil {
				b.Fatal(err)
			}
			aug, err := data.NewAugmenter(t.o.Augment, t.run.frame())
			if err != nil {
				b.Fatal(err)
			}
			loader := data.NewLoader(t.train, t.order(), aug, data.LoaderOptions{Batch: 32, End: t.o.Iterations, Workers: 2})
			defer loader.Close()
			targets := newTargets(t.run.Task, 3, 32)
			iterate := func(batch *data.Batch) time.Duration {
				begin := time.Now()
				if batch == nil {
					batch = loader.Next()
				}
				if _, err := t.iterate(batch, targets, 1e-4); err != nil {
					b.Fatal(err)
				}
				return time.Since(begin)
			}
			var piped, bare time.Duration
			for b.Loop() {
				for range 10 {
					piped += iterate(nil)
				}
				batch := loader.Next()
				for range 10 {
					bare += iterate(batch)
				}
			}
			b.ReportMetric(bare.Seconds()/piped.Seconds(), "of_bare_speed")
			b.ReportMetric(float64(b.N)*320/piped.Seconds(), "images/s")
		})
	}
}
