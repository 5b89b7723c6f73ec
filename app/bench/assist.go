//go:build measure

package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// AssistRequest says how to measure what the assistant is worth.
type AssistRequest struct {
	View  int64
	Order string // AssistGallery, AssistRandom or AssistUseful
	Every int    // annotations between two heads
	Seeds int
	First int     // images that count as the beginning
	Above float64 // at the end of the beginning, suggestions from this confidence on are looked at
}

// The orders in which a hand goes through the images.
const (
	AssistGallery = "gallery" // by name
	AssistRandom  = "random"
	AssistUseful  = "useful" // most useful first, after ten at random
)

// AssistRun is what one simulated hand did, which accepts what is right with one key and corrects what is not.
type AssistRun struct {
	Order        string  `json:"order"`
	Seed         int     `json:"seed"`
	Images       int     `json:"images"`
	OnlyY        float64 `json:"only_y"`        // share of images, of those in the beginning, that needed one key alone, Y; those without a suggestion count as not
	OnlyYAfter   float64 `json:"only_y_after"`  // the same of those after it
	Actions      float64 `json:"actions"`       // keys an image
	ActionsAlone float64 `json:"actions_alone"` // keys an image without the assistant
	Above        int     `json:"above"`         // of those not annotated at the end of the beginning: with a suggestion from the confidence on
	AboveWrong   int     `json:"above_wrong"`   // of them wrong
	Estimated    float64 `json:"estimated"`     // share of wrong ones that was estimated before; -1 where it was not known
}

// Assist hides the annotations of a view and has a simulated hand make them again, in an order, beside the assistant.
func Assist(ctx context.Context, p *studio.Project, r AssistRequest, progress session.Progress) ([]AssistRun, error) {
	if !slices.Contains([]string{AssistGallery, AssistRandom, AssistUseful}, r.Order) {
		return nil, &storage.RuleError{Message: fmt.Sprintf("there is no order %q: it is %s, %s or %s", r.Order, AssistGallery, AssistRandom, AssistUseful)}
	}
	if r.Every < 1 || r.First < 1 || r.Seeds < 1 {
		return nil, &storage.RuleError{Message: "every, first and seeds must be at least 1"}
	}
	view, err := p.View(ctx, r.View)
	if err != nil {
		return nil, err
	}
	session.ProgressOr(progress).Update(0, r.Seeds, "features")
	on, err := p.Rehearse(ctx, view)
	if err != nil {
		return nil, err
	}
	if on.Len() <= r.First {
		return nil, &storage.RuleError{Message: fmt.Sprintf("%s has %d annotated images: more than %d are needed", view.Name, on.Len(), r.First)}
	}
	seeds := r.Seeds
	if r.Order == AssistGallery {
		seeds = 1
	}
	var all []AssistRun
	for seed := range seeds {
		session.ProgressOr(progress).Update(seed, seeds, "annotating")
		h := &hand{request: r, kind: view.Type, on: on, seed: seed}
		run, err := h.annotate(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, run)
	}
	return all, nil
}

// hand annotates.
type hand struct {
	request AssistRequest
	kind    domain.Task
	on      *assist.Rehearsal
	seed    int
	learnt  *assist.Learnt
	done    []int
	left    []int // in the order in which they come, as far as it is known
}

func (h *hand) annotate(ctx context.Context) (AssistRun, error) {
	run := AssistRun{Order: h.request.Order, Seed: h.seed, Images: h.on.Len(), Estimated: -1}
	for i := range h.on.Len() {
		h.left = append(h.left, i)
	}
	if h.request.Order != AssistGallery {
		rand.New(rand.NewPCG(uint64(h.seed), 25)).Shuffle(len(h.left), func(a, b int) { h.left[a], h.left[b] = h.left[b], h.left[a] })
	}
	for len(h.left) > 0 {
		if len(h.done) >= 10 && len(h.done)%h.request.Every == 0 {
			if err := h.learn(ctx); err != nil {
				return run, err
			}
		}
		if len(h.done) == h.request.First {
			h.look(&run)
		}
		i := h.left[0]
		h.left = h.left[1:]
		alone := h.keys(i)
		run.ActionsAlone += alone
		right := false
		if h.learnt != nil {
			right, _ = h.learnt.Guess(i)
		}
		switch {
		case !right:
			run.Actions += alone
		case len(h.done) < h.request.First:
			run.OnlyY++
			run.Actions++
		default:
			run.OnlyYAfter++
			run.Actions++
		}
		h.done = append(h.done, i)
	}
	n := float64(run.Images)
	run.OnlyY /= float64(h.request.First)
	run.OnlyYAfter /= n - float64(h.request.First)
	run.Actions, run.ActionsAlone = run.Actions/n, run.ActionsAlone/n
	return run, nil
}

// keys is how many keys an image takes without a right suggestion: a classification one, which goes on by itself; tags one each, or W, and one to go on.
func (h *hand) keys(i int) float64 {
	if h.kind.ExactlyOne() {
		return 1
	}
	return float64(max(1, len(h.on.Concepts(i))) + 1)
}

// learn learns anew, and puts the most useful first.
func (h *hand) learn(ctx context.Context) (err error) {
	if h.learnt, err = h.on.Learn(ctx, h.done); err != nil || h.learnt == nil || h.request.Order != AssistUseful {
		return err
	}
	c := predict.Candidates{Task: h.kind, Annotated: make([]training.Sample, len(h.done))}
	for _, i := range slices.Concat(h.left, h.done) {
		c.Predictions = append(c.Predictions, training.Prediction{Scores: h.learnt.Probabilities(i)})
		c.Features = append(c.Features, h.on.Features(i))
	}
	order, _, err := c.Order(ctx, h.request.Every)
	if err != nil {
		return err
	}
	var first []int
	for _, k := range order {
		first = append(first, h.left[k])
	}
	h.left = append(first, slices.DeleteFunc(h.left, func(i int) bool { return slices.Contains(first, i) })...)
	return nil
}

// look says what accepting all from the confidence on would have brought now.
func (h *hand) look(run *AssistRun) {
	if h.learnt == nil {
		return
	}
	for _, i := range h.left {
		if right, confidence := h.learnt.Guess(i); domain.Reaches(confidence, h.request.Above) {
			run.Above++
			if !right {
				run.AboveWrong++
			}
		}
	}
	if share, ok := h.learnt.Estimate(h.request.Above).Share(); ok {
		run.Estimated = share
	}
}
