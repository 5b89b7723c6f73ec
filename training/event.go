package training

import "time"

// The five steps of a training, in their order.
const (
	StepPrepare  = "prepare data"
	StepBuild    = "build network"
	StepTrain    = "train"
	StepEvaluate = "evaluate"
	StepSave     = "save"
)

// Steps lists the five in their order.
var Steps = []string{StepPrepare, StepBuild, StepTrain, StepEvaluate, StepSave}

// States of a step.
const (
	StateWaiting = "waiting"
	StateRunning = "running"
	StateDone    = "done"
	StateFailed  = "failed"
)

// Kinds of events.
const (
	// KindStarted: a trainer took the folder. Iteration is where it goes on from (0 = the beginning): whatever the events before it stated
	// about later iterations, and any earlier end, no longer holds.
	KindStarted = "started"
	// KindStep: Step is now in State; Progress is its own share done, 0..1.
	KindStep = "step"
	// KindBatch: Values has CurveBatchLoss, CurveLearningRate, ValueImagesPerSecond, ValueSecondsLeft at Iteration.
	KindBatch = "batch"
	// KindMetrics: Values has CurveTrainLoss, CurveValLoss, CurveTrainAccuracy, CurveValAccuracy at Iteration (val only where there are val
	// samples), ValueBestIteration and, of the best so far, ValueHeadline, whose name is in Name.
	KindMetrics = "metrics"
	// KindWarning: Message is something the user should know; the training goes on.
	KindWarning = "warning"
	// KindLog: Message is a fact for the version's page (device, weights taken, early stop).
	KindLog = "log"
	// KindEnded: State is EndReady, EndStopped or EndFailed; Message is the reason where it failed; Values has ValueBestIteration,
	// ValueKeptIteration where it is ready and, where there is one, ValueHeadline, whose name is in Name.
	KindEnded = "ended"
	// KindUsed, after the end: the user had the version use other weights of it. Values has ValueKeptIteration and ValueHeadline, whose name
	// is in Name.
	KindUsed = "used"
)

// States of KindEnded.
const (
	EndReady   = "ready"
	EndStopped = "stopped"
	EndFailed  = "failed"
)

// Names in Values beside the curves.
const (
	ValueImagesPerSecond = "images_per_s"
	ValueSecondsLeft     = "seconds_left"
	ValueBestIteration   = "best_iteration"
	ValueValImages       = "val_images"     // of KindMetrics: images that could be read, in val
	ValueKeptIteration   = "kept_iteration" // of the weights that the version uses
	ValueHeadline        = "headline"
)

// Names of KindLog events: what computes, what of the initial weights was taken, that early stopping ended the training, and
// that it uses another number of processor cores.
const (
	NameDevice    = "device"
	NameWeights   = "weights"
	NameEarlyStop = "early_stopping"
	NameThreads   = "threads"
)

// Event is one line of events.jsonl.
type Event struct {
	Time       time.Time          `json:"time"`
	Kind       string             `json:"kind"`
	Step       string             `json:"step,omitempty"`
	State      string             `json:"state,omitempty"`
	Progress   float64            `json:"progress,omitempty"`
	Iteration  int                `json:"iteration,omitempty"`
	Iterations int                `json:"iterations,omitempty"`
	Values     map[string]float64 `json:"values,omitempty"`
	Name       string             `json:"name,omitempty"`
	Message    string             `json:"message,omitempty"`
}
