// Package version defines how the pages show a model version: words, colours and curves. Library and Training share it.
package version

import (
	"fmt"
	"math"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"viewfinder/app/report"
	"viewfinder/app/studio/runs"
	"viewfinder/icons"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// Chip returns how a status is shown: its word, its icon and its colour, which all say the same.
func Chip(s domain.Status) (text string, icon fyne.Resource, tint fyne.ThemeColorName) {
	switch s {
	case domain.StatusQueued:
		return "Queued", icons.Queue, look.ColorMuted
	case domain.StatusPreparing:
		return "Preparing", icons.Data, look.ColorAccent
	case domain.StatusTraining:
		return "Training", icons.Training, look.ColorAccent
	case domain.StatusEvaluating:
		return "Evaluating", icons.Evaluate, look.ColorAccent
	case domain.StatusReady:
		return "Ready", icons.Check, theme.ColorNameSuccess
	case domain.StatusStopped:
		return "Stopped", icons.Pause, theme.ColorNameWarning
	case domain.StatusInterrupted:
		return "Interrupted", icons.Warning, theme.ColorNameWarning
	case domain.StatusFailed:
		return "Failed", icons.Error, theme.ColorNameError
	}
	return string(s), icons.Info, look.ColorMuted
}

// Figure is a version's first performance figure, "87.3%"; "" while there is none.
func Figure(v runs.Version) string {
	if v.HeadlineName == "" || math.IsNaN(v.Headline) {
		return ""
	}
	return words.Percent(v.Headline)
}

// TestFigure is a version's figure on the test split, "84.1%"; "" where nobody looked.
func TestFigure(v runs.Version) string {
	if v.Test == nil || math.IsNaN(v.Test.Headline) {
		return ""
	}
	return words.Percent(v.Test.Headline)
}

// Measure is what "accuracy" is in the curves of a view of this type; "" where it is accuracy itself.
func Measure(t domain.Task) string {
	if t.HasBoxes() {
		return t.AccuracyTitle()
	}
	return ""
}

// Steps are the five parts of a training as the step progress shows them at a time.
func Steps(s runs.RunState, now time.Time) []widgets.Step {
	states := map[string]widgets.StepState{"running": widgets.StepRunning, "done": widgets.StepDone, "failed": widgets.StepFailed}
	var steps []widgets.Step
	for _, one := range s.Steps {
		step := widgets.Step{Name: one.Name, State: states[one.State], Progress: one.Progress, Share: 1, Took: one.Took(now)}
		if one.Name == "train" {
			step.Share = 3
		}
		if step.State == widgets.StepRunning && !s.Alive && !busy(s) {
			step.State, step.Took = widgets.StepStopped, one.Took(s.HeardAt)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 { // no event yet
		for _, name := range runs.Steps() {
			steps = append(steps, widgets.Step{Name: name, Share: 1})
		}
		steps[2].Share = 3
	}
	return steps
}

func busy(s runs.RunState) bool {
	switch s.Status {
	case domain.StatusPreparing, domain.StatusTraining, domain.StatusEvaluating:
		return true
	}
	return false
}

// Curves turns a run's history into what the charts draw, with the best iteration marked.
func Curves(h *runs.RunHistory) (history *plot.History, marks []plot.Mark) {
	history = report.Curves(h)
	if h == nil {
		return history, nil
	}
	if best := h.State.BestIteration; best > 0 && len(h.Points[runs.CurveValLoss]) > 1 {
		marks = append(marks, plot.Mark{X: float64(best), Label: "best " + words.Number(best)})
		if kept := h.State.KeptIteration; kept > 0 && kept != best {
			marks = append(marks, plot.Mark{X: float64(kept), Label: "used " + words.Number(kept)})
		}
	}
	return history, marks
}

// Sentence says where a version stands, and what to do where something has to be done. now is for times.
func Sentence(v runs.Version, now time.Time) string {
	at := ""
	if v.Run.Iterations > 0 {
		at = fmt.Sprintf(" at iteration %s of %s", words.Number(v.Run.Iteration), words.Number(v.Run.Iterations))
	}
	switch v.Status {
	case domain.StatusQueued:
		return "Queued: waits for the versions before it."
	case domain.StatusPreparing:
		return "Reads and checks the images."
	case domain.StatusTraining:
		return "Trains on the training set."
	case domain.StatusEvaluating:
		return "Evaluates it on the validation set."
	case domain.StatusReady:
		if f := Figure(v); f != "" {
			return fmt.Sprintf("Ready: %s %s on the validation set.", f, domain.FigureTitle(v.HeadlineName))
		}
		return "Ready. There were no validation images to evaluate it on."
	case domain.StatusStopped:
		if v.StartedAt.IsZero() {
			return "Removed from the queue before it started. Resume puts it back."
		}
		return "Stopped" + at + ". Its progress is saved; Resume continues exactly there."
	case domain.StatusInterrupted:
		return "The training process exited unexpectedly" + at + ": the computer was switched off, it ran out of memory, or the process was ended. The last checkpoint is safe; " +
			"Resume continues from it to the same result. If it happens again, try a smaller batch size."
	case domain.StatusFailed:
		reason := v.Error
		if reason == "" {
			reason = "no reason was reported; see its log"
		}
		return "Failed: " + strings.TrimSuffix(reason, ".") + ". Images and annotations are not affected. Correct the cause and press Resume, or train a new version with other options."
	}
	return ""
}

// SentenceColor is the colour of a version's sentence: that of its status where something went well or wrong.
func SentenceColor(s domain.Status) fyne.ThemeColorName {
	switch s {
	case domain.StatusReady, domain.StatusFailed, domain.StatusInterrupted:
		_, _, tint := Chip(s)
		return tint
	}
	return look.ColorMuted
}

// TimeLeft is "6 min left", or "" while it is not known.
func TimeLeft(s runs.RunState) string {
	if s.SecondsLeft <= 0 || math.IsNaN(s.SecondsLeft) || s.SecondsLeft > 1e8 {
		return ""
	}
	return words.Duration(time.Duration(s.SecondsLeft*float64(time.Second))) + " left"
}

// Speed is "412 images/s", or "".
func Speed(s runs.RunState) string {
	switch r := s.ImagesPerSecond; {
	case r <= 0 || math.IsNaN(r) || math.IsInf(r, 0):
		return ""
	case r < 10:
		return fmt.Sprintf("%.1f images/s", r)
	default:
		return words.Number(int(r+0.5)) + " images/s"
	}
}

// Done is how much of a training is done, 0 to 1.
func Done(s runs.RunState) float64 {
	if s.Iterations <= 0 {
		return 0
	}
	return math.Min(1, float64(s.Iteration)/float64(s.Iterations))
}

// Started is when a version's training began, in words; created where it hasn't.
func Started(v runs.Version, now time.Time) string {
	if v.StartedAt.IsZero() {
		return words.Ago(v.CreatedAt, now)
	}
	return words.Ago(v.StartedAt, now)
}

// Took is how long a version's training took; "" if it hasn't begun, or nobody knows when it ended.
func Took(v runs.Version) string {
	if v.EndedAt.IsZero() && !v.Running() {
		return ""
	}
	if d := v.Duration(); d > 0 {
		return words.Duration(d)
	}
	return ""
}

// ShortDevice says in a few words what trained: "CPU, 2 threads" of "CPU (linux/amd64), 2 threads, avx2 kernels".
func ShortDevice(device string) string {
	parts := strings.Split(device, ", ")
	parts[0], _, _ = strings.Cut(parts[0], " (")
	return strings.Join(parts[:min(2, len(parts))], ", ")
}

// ArchitectureTitle is what people call an architecture.
func ArchitectureTitle(name string) string {
	for _, a := range runs.Architectures() {
		if a.Name == name && a.Title != "" {
			return a.Title
		}
	}
	return name
}

// Size writes a number of parameters: "0.39 M", "11.2 M", "640 k".
func Size(parameters int) string {
	m := float64(parameters) / 1e6
	switch {
	case m >= 10:
		return fmt.Sprintf("%.1f M", m)
	case m >= 0.1:
		return fmt.Sprintf("%.2f M", m)
	}
	return fmt.Sprintf("%.0f k", m*1000)
}
