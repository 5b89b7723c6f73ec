package training

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"viewfinder/training/checkpoint"
)

// progress is what a training has reached, as far as it decides how the training goes on; it is in each checkpoint.
type progress struct {
	Iteration     int     `json:"iteration"` // iterations done
	BestIteration int     `json:"best_iteration"`
	BestLoss      float64 `json:"best_loss"`     // of the set that decides: val, where there is one
	Headline      float64 `json:"headline"`      // the first performance figure on it at the best iteration: it decides which is best
	HeadlineName  string  `json:"headline_name"` // accuracy, f1 or map50
	Measured      int     `json:"measured"`      // the last iteration with metrics
	Stale         int     `json:"stale"`         // evaluations since the best
	Samples       string  `json:"samples"`       // digest of the samples that could be read
	Ended         bool    `json:"ended"`         // early stopping ended it
}

// Entries of a checkpoint's metadata.
const (
	metaProgress = "progress"
	metaRun      = "run"
	metaPlan     = "plan"
)

func parseProgress(metadata map[string]string) (progress, error) {
	var p progress
	if err := json.Unmarshal([]byte(metadata[metaProgress]), &p); err != nil {
		return p, fmt.Errorf("a checkpoint's progress cannot be read: %w", err)
	}
	if strconv.Itoa(p.Iteration) != metadata[checkpoint.IterationKey] || p.BestIteration > p.Iteration {
		return p, fmt.Errorf("a checkpoint's progress contradicts itself")
	}
	return p, nil
}

func (p progress) String() string {
	b, err := json.Marshal(p)
	if err != nil { // NaN or infinite, which better never lets in
		return "{}"
	}
	return string(b)
}

// better reports whether figures beat the best: by the first performance figure, and where that is equal by loss. For tagging that is F1 and not
// the accuracy: where most decisions are "no", a network that knows little is already right in most of them.
func (p progress) better(headline, loss float64) bool {
	switch {
	case p.BestIteration == 0:
		return true
	case headline != p.Headline:
		return headline > p.Headline
	}
	return loss < p.BestLoss
}

// evaluated takes the figures of an evaluation.
func (p *progress) evaluated(iteration int, headline, loss float64, name string) {
	if !p.better(headline, loss) {
		p.Stale++
		return
	}
	p.BestIteration, p.BestLoss, p.Stale = iteration, loss, 0
	p.Headline, p.HeadlineName = headline, name
}

// announce writes the best so far into an event.
func (p progress) announce(e *Event) {
	if p.BestIteration == 0 {
		return
	}
	if e.Values == nil {
		e.Values = map[string]float64{}
	}
	e.Values[ValueBestIteration] = float64(p.BestIteration)
	e.Values[ValueHeadline] = p.Headline
	e.Name = p.HeadlineName
}

// zeros are the options' values that have no effect.
var zeros = []string{"null", "0", "false", `""`, "[]"}

// digest identifies what decides a training's result: what is computed on (pictures, crops, labels) and the options that decide how.
// Names and keys make no difference, nor does an option of zero: one that a later version of the program adds means, at zero, what was
// computed before it was there, so that version goes on with the checkpoints of this one.
func (r *Run) digest() string {
	b, err := json.Marshal(r.Options)
	if err != nil {
		return ""
	}
	var options map[string]json.RawMessage
	if err := json.Unmarshal(b, &options); err != nil {
		return ""
	}
	for name, v := range options {
		if r := row(name); slices.Contains(zeros, string(v)) || r != nil && r.sameWeights {
			delete(options, name)
		}
	}
	h := sha256.New()
	e := json.NewEncoder(h) // maps by the order of their keys
	_ = e.Encode([]any{r.Task, len(r.Concepts), options})
	for _, s := range r.Samples {
		s.Key = ""
		if s.SHA256 != "" {
			s.Image = "" // the content identifies it, wherever the project lies
		}
		_ = e.Encode(s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// accept reports whether a checkpoint belongs to the run.
func (t *trainer) accept(f *checkpoint.File) error {
	if f.Metadata[metaRun] != t.digest {
		return errors.New("it belongs to a training with other options or images; it was moved to checkpoints/set-aside")
	}
	p, err := parseProgress(f.Metadata)
	if err == nil && p.Iteration > t.o.Iterations {
		err = fmt.Errorf("it is of iteration %d", p.Iteration)
	}
	return err
}

// finite reports whether a number can go into a file.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
