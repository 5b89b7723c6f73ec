package domain

import "slices"

// Status is the state of a model version and of its run folder. The words stand in project files and in the commands' JSON.
type Status string

// The states of a model version.
const (
	StatusQueued      Status = "queued" // no training process has touched its folder yet
	StatusPreparing   Status = "preparing"
	StatusTraining    Status = "training"
	StatusEvaluating  Status = "evaluating"
	StatusReady       Status = "ready"
	StatusStopped     Status = "stopped"     // by a person
	StatusInterrupted Status = "interrupted" // the training process exited unexpectedly
	StatusFailed      Status = "failed"      // with an error
)

// Statuses lists the states, in the order in which a version goes through them.
func Statuses() []Status {
	return []Status{StatusQueued, StatusPreparing, StatusTraining, StatusEvaluating, StatusReady, StatusStopped, StatusInterrupted, StatusFailed}
}

// Valid reports whether s is one of the states.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// Busy reports whether a training process is at work on the version.
func (s Status) Busy() bool {
	return s == StatusPreparing || s == StatusTraining || s == StatusEvaluating
}

// Active reports whether the version waits or is being trained.
func (s Status) Active() bool { return s == StatusQueued || s.Busy() }

// Resumable reports whether the version's training can go on from its last checkpoint.
func (s Status) Resumable() bool {
	return s == StatusStopped || s == StatusInterrupted || s == StatusFailed
}
