//go:build measure

package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// NextRequest says how to measure whether the order of Next is worth anything.
type NextRequest struct {
	View       int64
	First      int // labels at the beginning
	Rounds     int
	PerRound   int // labels added in each round
	Seeds      int
	Iterations int
	Resizer    string
}

// NextRound is the accuracy on val after a training with that many labels.
type NextRound struct {
	Seed   int     `json:"seed"`
	Labels int     `json:"labels"`
	Useful float64 `json:"useful"` // labels chosen as Next does
	Random float64 `json:"random"`
}

// Next hides the labels of an annotated classification and gives them back in rounds, chosen as Next chooses and at random; after
// each round a small network is trained anew on the labels there are, and judged on val. Both begin with the same labels.
func Next(ctx context.Context, p *studio.Project, r NextRequest, progress session.Progress) ([]NextRound, error) {
	view, err := p.View(ctx, r.View)
	if err != nil {
		return nil, err
	}
	if !view.Type.ExactlyOne() {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s is a %s: this is measured on a classification", view.Name, view.Type)}
	}
	dir, err := os.MkdirTemp("", "viewfinder-next-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	concepts, err := p.Concepts(ctx, view.ID)
	if err != nil {
		return nil, err
	}
	s, err := p.TakeSnapshot(ctx, view, concepts, filepath.Join(dir, "run"))
	if err != nil {
		return nil, err
	}
	b := &nextBench{project: p, ctx: ctx, dir: dir, request: r, snapshot: s, progress: session.ProgressOr(progress)}
	b.total = r.Seeds * (1 + 2*r.Rounds)
	for _, sample := range s.Samples {
		if sample.Split == training.SplitVal {
			b.val = append(b.val, sample)
		} else {
			b.train = append(b.train, sample)
		}
	}
	if need := r.First + r.Rounds*r.PerRound; len(b.train) < need || len(b.val) == 0 {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s has %d annotated images in train and %d in val: it takes %d in train, and some in val", view.Name, len(b.train), len(b.val), need)}
	}
	var rounds []NextRound
	for seed := range r.Seeds {
		list, err := b.seed(seed)
		if err != nil {
			return rounds, err
		}
		rounds = append(rounds, list...)
	}
	return rounds, nil
}

type nextBench struct {
	project     *studio.Project
	ctx         context.Context
	dir         string
	request     NextRequest
	snapshot    *runs.Snapshot
	train, val  []training.Sample
	progress    session.Progress
	done, total int
}

func (b *nextBench) seed(seed int) ([]NextRound, error) {
	random := rand.New(rand.NewPCG(uint64(seed), 60))
	shuffled := random.Perm(len(b.train))
	first := shuffled[:b.request.First]
	model, accuracy, err := b.fit(seed, first)
	if err != nil {
		return nil, err
	}
	rounds := []NextRound{{Seed: seed, Labels: len(first), Useful: accuracy, Random: accuracy}}
	useful := slices.Clone(first)
	for round := range b.request.Rounds {
		chosen, err := b.choose(seed, model, useful)
		model.Close()
		if err != nil {
			return nil, err
		}
		useful = append(useful, chosen...)
		r := NextRound{Seed: seed, Labels: len(useful)}
		if model, r.Useful, err = b.fit(seed, useful); err != nil {
			return nil, err
		}
		other, accuracy, err := b.fit(seed, shuffled[:b.request.First+(round+1)*b.request.PerRound])
		if err != nil {
			model.Close()
			return nil, err
		}
		other.Close()
		r.Random = accuracy
		rounds = append(rounds, r)
	}
	model.Close()
	return rounds, nil
}

// fit trains a network on the labels and judges it on val.
func (b *nextBench) fit(seed int, labels []int) (*training.Model, float64, error) {
	b.progress.Update(b.done, b.total, fmt.Sprintf("training on %d labels", len(labels)))
	dir := filepath.Join(b.dir, "run")
	if err := os.RemoveAll(dir); err != nil {
		return nil, 0, err
	}
	o := training.DefaultOptions(domain.Classification, "small_cnn")
	o.Iterations, o.MetricsInterval, o.Resizer, o.Seed = b.request.Iterations, training.IntervalEvery, b.request.Resizer, uint64(seed)
	run := &training.Run{ID: "next", Name: "next", Task: domain.Classification, Concepts: b.snapshot.ConceptRefs(), Options: o, Samples: slices.Clone(b.val), Decoding: training.DecodingReduced}
	for _, i := range labels {
		run.Samples = append(run.Samples, b.train[i])
	}
	if err := training.WriteRun(dir, run); err != nil {
		return nil, 0, err
	}
	if err := training.Execute(b.ctx, dir); err != nil {
		if errors.Is(err, training.ErrStopped) && b.ctx.Err() != nil {
			err = b.ctx.Err()
		}
		return nil, 0, err
	}
	model, err := training.Open(dir)
	if err != nil {
		return nil, 0, err
	}
	e, err := model.Evaluate(b.ctx, dir, b.val, training.EvaluateOptions{})
	if err != nil {
		model.Close()
		return nil, 0, err
	}
	b.done++
	return model, e.Accuracy, nil
}

// choose names the next labels as Next does.
func (b *nextBench) choose(seed int, model *training.Model, labelled []int) ([]int, error) {
	dir := filepath.Join(b.dir, "run")
	c := predict.Candidates{Task: domain.Classification, Classes: len(b.snapshot.Concepts), Seed: uint64(seed)}
	var pool []int
	var samples []training.Sample
	for i, sample := range b.train {
		if slices.Contains(labelled, i) {
			c.Annotated = append(c.Annotated, sample)
		} else {
			pool, samples = append(pool, i), append(samples, sample)
		}
	}
	c.Annotated = append(c.Annotated, b.val...)
	samples = append(samples, c.Annotated...)
	var err error
	if c.Predictions, c.Features, err = model.PredictFeatures(b.ctx, dir, samples, nil); err != nil {
		return nil, err
	}
	if c.Described, err = b.project.Describe(b.ctx, dir, samples, session.ProgressOr(nil)); err != nil {
		return nil, err
	}
	order, _, err := c.Order(b.ctx, b.request.PerRound)
	chosen := make([]int, len(order))
	for k, at := range order {
		chosen[k] = pool[at]
	}
	return chosen, err
}
