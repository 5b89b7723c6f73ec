package training

import (
	"path/filepath"
	"sort"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/checkpoint"
)

// Point is one value of a curve.
type Point struct {
	Iteration int     `json:"iteration"`
	Value     float64 `json:"value"`
}

// History gathers events into what holds of them: what a resume made void is dropped. The zero value is ready to use.
type History struct {
	State    State
	Points   map[string][]Point // by the curve's key, iterations ascending
	Messages []Event            // warnings and facts, in their order
	// OnlyKept: it is ready, and the weights that it does not use, of the best iteration or of the last, are not in the folder, so that there is no choice.
	OnlyKept bool

	stateOnly bool // no points
}

// ReadHistory reads the folder's events.jsonl into a History. Its State has no Alive and no interruption; Inspect has.
func ReadHistory(dir string) (*History, error) {
	h := &History{}
	err := readEvents(dir, h.Add)
	h.init()
	if s := h.State; s.Status == domain.StatusReady {
		other := s.BestIteration
		if s.KeptIteration == other {
			other = s.Iteration
		}
		h.OnlyKept = !(checkpoint.Store{Dir: filepath.Join(dir, CheckpointsDir)}).Has(other)
	}
	return h, err
}

func (h *History) init() {
	if h.Points == nil {
		h.Points = map[string][]Point{}
	}
	if h.State.Steps == nil {
		h.State.Status = domain.StatusQueued
		h.resetSteps()
	}
}

func (h *History) resetSteps() {
	before := h.State.Steps
	h.State.Steps = make([]StepState, len(Steps))
	for i, name := range Steps {
		h.State.Steps[i] = StepState{Name: name, State: StateWaiting}
		if i < len(before) {
			h.State.Steps[i].Seconds = before[i].Seconds // what a step takes is counted over all starts
		}
	}
}

// Add takes the next event.
func (h *History) Add(e Event) {
	h.init()
	s := &h.State
	if e.Kind == KindStarted || e.Kind == KindEnded {
		h.haltSteps(e.Kind == KindEnded, e.Time)
	}
	s.HeardAt = e.Time
	if e.Iterations > 0 {
		s.Iterations = e.Iterations
	}
	switch e.Kind {
	case KindStarted:
		h.restart(e)
	case KindStep:
		h.step(e)
	case KindBatch, KindMetrics:
		h.values(e)
	case KindWarning:
		s.Warnings = append(s.Warnings, e.Message)
		h.Messages = append(h.Messages, e)
	case KindLog:
		if e.Name == NameDevice {
			s.Device = e.Message
		}
		h.Messages = append(h.Messages, e)
	case KindEnded:
		h.end(e)
	case KindUsed:
		h.best(e)
		h.Messages = append(h.Messages, e)
	}
}

// restart drops what lies past the iteration from which the trainer goes on.
func (h *History) restart(e Event) {
	s := &h.State
	for name, points := range h.Points {
		h.Points[name] = points[:sort.Search(len(points), func(i int) bool { return points[i].Iteration > e.Iteration })]
	}
	kept := h.Messages[:0:0]
	s.Warnings = nil
	for _, m := range h.Messages {
		if m.Iteration > 0 && m.Iteration <= e.Iteration { // the others come again, if they still hold
			kept = append(kept, m)
			if m.Kind == KindWarning {
				s.Warnings = append(s.Warnings, m.Message)
			}
		}
	}
	h.Messages = kept
	h.resetSteps()
	s.Status, s.Iteration = domain.StatusPreparing, e.Iteration
	s.Error, s.EndedAt, s.SecondsLeft, s.ImagesPerSecond = "", time.Time{}, 0, 0
	if s.StartedAt.IsZero() {
		s.StartedAt = e.Time
	}
	s.BestIteration, s.KeptIteration, s.Headline, s.HeadlineName = 0, 0, 0, ""
	if best, ok := e.Values[ValueBestIteration]; ok && best > 0 {
		s.BestIteration = int(best)
		if v, ok := e.Values[ValueHeadline]; ok {
			s.Headline, s.HeadlineName = v, e.Name
		}
	}
}

func (h *History) step(e Event) {
	s := &h.State
	for i := range s.Steps {
		if s.Steps[i].Name == e.Step {
			if running := e.State == StateRunning; running && s.Steps[i].Since.IsZero() {
				s.Steps[i].Since = e.Time
			} else if !running {
				s.Steps[i].halt(e.Time)
			}
			s.Steps[i].State, s.Steps[i].Progress = e.State, e.Progress
			if e.State == StateDone {
				s.Steps[i].Progress = 1
			}
		}
	}
	if e.State != StateRunning {
		return
	}
	switch e.Step {
	case StepPrepare, StepBuild:
		s.Status = domain.StatusPreparing
	case StepTrain:
		s.Status = domain.StatusTraining
	case StepEvaluate, StepSave:
		s.Status = domain.StatusEvaluating
	}
}

// haltSteps ends the clocks of the steps that run: at the end of the trainer where it recorded one, else at its last event.
func (h *History) haltSteps(recorded bool, at time.Time) {
	if !recorded {
		at = h.State.HeardAt
	}
	for i := range h.State.Steps {
		h.State.Steps[i].halt(at)
	}
}

func (s *StepState) halt(at time.Time) {
	s.Seconds, s.Since = s.Took(at).Seconds(), time.Time{}
}

func (h *History) values(e Event) {
	s := &h.State
	s.Iteration = max(s.Iteration, e.Iteration)
	for _, c := range Curves {
		if v, ok := e.Values[c.Key]; ok {
			h.put(c.Key, Point{e.Iteration, v})
		}
	}
	if v, ok := e.Values[ValueValImages]; ok {
		s.ValImages = int(v)
	}
	if v, ok := e.Values[ValueImagesPerSecond]; ok {
		s.ImagesPerSecond = v
	}
	if v, ok := e.Values[ValueSecondsLeft]; ok {
		s.SecondsLeft = v
	}
	h.best(e)
	if s.Iterations > 0 {
		for i := range s.Steps {
			if s.Steps[i].Name == StepTrain && s.Steps[i].State == StateRunning {
				s.Steps[i].Progress = min(1, float64(e.Iteration)/float64(s.Iterations))
			}
		}
	}
}

// put appends the point, unless the curve has one of this iteration or a later one.
func (h *History) put(curve string, p Point) {
	if h.stateOnly {
		return
	}
	points := h.Points[curve]
	if n := len(points); n > 0 && points[n-1].Iteration >= p.Iteration {
		return
	}
	h.Points[curve] = append(points, p)
}

func (h *History) best(e Event) {
	s := &h.State
	if v, ok := e.Values[ValueBestIteration]; ok {
		s.BestIteration = int(v)
	}
	if v, ok := e.Values[ValueKeptIteration]; ok {
		s.KeptIteration = int(v)
	}
	if v, ok := e.Values[ValueHeadline]; ok {
		s.Headline, s.HeadlineName = v, e.Name
	}
}

func (h *History) end(e Event) {
	s := &h.State
	h.best(e)
	s.EndedAt, s.SecondsLeft = e.Time, 0
	switch e.State {
	case EndReady:
		s.Status = domain.StatusReady
	case EndStopped:
		s.Status = domain.StatusStopped
	default:
		s.Status, s.Error = domain.StatusFailed, e.Message
	}
}

// ReadEvents returns the events that hold: those that a resume made void are left out, as are lines that are cut short or broken.
func ReadEvents(dir string) ([]Event, error) {
	var all []Event
	err := readEvents(dir, func(e Event) {
		if e.Kind == KindStarted {
			kept := all[:0]
			for _, old := range all {
				if old.Kind == KindEnded || old.Kind == KindStep || old.Iteration > e.Iteration {
					continue
				}
				if (old.Kind == KindWarning || old.Kind == KindLog) && old.Iteration == 0 {
					continue
				}
				kept = append(kept, old)
			}
			all = kept
		}
		all = append(all, e)
	})
	return all, err
}
