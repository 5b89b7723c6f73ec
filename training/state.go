package training

import (
	"time"

	"viewfinder/storage/domain"
)

// StepState is one of the five steps.
type StepState struct {
	Name     string    `json:"name"`
	State    string    `json:"state"`
	Progress float64   `json:"progress"`
	Seconds  float64   `json:"seconds"`        // that it took, all starts of the training together; while it runs, before Since
	Since    time.Time `json:"since,omitzero"` // when it began to run, while it does
}

// Took is how long the step has taken until now, all starts of the training together; 0 where it was not begun.
func (s StepState) Took(now time.Time) time.Duration {
	took := time.Duration(s.Seconds * float64(time.Second))
	if !s.Since.IsZero() {
		took += max(0, now.Sub(s.Since)) // a clock can be put back
	}
	return took
}

// State is where a run stands.
type State struct {
	Status          domain.Status `json:"status"`
	Alive           bool          `json:"alive"` // a trainer holds the folder
	Steps           []StepState   `json:"steps"`
	Iteration       int           `json:"iteration"`
	Iterations      int           `json:"iterations"`
	BestIteration   int           `json:"best_iteration"`           // 0 = not known yet
	KeptIteration   int           `json:"kept_iteration,omitempty"` // of the weights that the version uses, once it is ready
	ValImages       int           `json:"val_images,omitempty"`     // images in val that could be read; 0 = not known yet
	Headline        float64       `json:"headline"`                 // of the version's weights when ready, else the best so far
	HeadlineName    string        `json:"headline_name"`            // "accuracy", "f1", "map50"; "" = none yet
	ImagesPerSecond float64       `json:"images_per_s"`
	SecondsLeft     float64       `json:"seconds_left"` // of the whole training; 0 = not known
	Error           string        `json:"error,omitempty"`
	Warnings        []string      `json:"warnings,omitempty"`
	Device          string        `json:"device,omitempty"`
	StartedAt       time.Time     `json:"started_at"` // the first start
	EndedAt         time.Time     `json:"ended_at"`   // zero while it goes on
	HeardAt         time.Time     `json:"heard_at"`   // time of the trainer's last event
}
