package runs

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/nn"
)

// What a training is made of and says.
type (
	Options      = training.Options
	OptionDoc    = training.OptionDoc
	OptionError  = training.OptionError
	OptionErrors = training.OptionErrors
	Event        = training.Event
	StepState    = training.StepState
	RunState     = training.State
	RunHistory   = training.History
	Point        = training.Point
	Curve        = training.Curve
	Evaluation   = training.Evaluation
	Architecture = nn.Info
)

// Keys of the six curves.
const (
	CurveBatchLoss     = training.CurveBatchLoss
	CurveLearningRate  = training.CurveLearningRate
	CurveTrainLoss     = training.CurveTrainLoss
	CurveValLoss       = training.CurveValLoss
	CurveTrainAccuracy = training.CurveTrainAccuracy
	CurveValAccuracy   = training.CurveValAccuracy

	FigureAccuracy = training.FigureAccuracy
	OverBatch      = training.OverBatch
)

// ErrInterrupted is what Follow answers where the trainer died.
var ErrInterrupted = training.ErrInterrupted

// Architectures lists the networks that can be trained, in the order in which people see them.
func Architectures() []Architecture { return nn.Architectures() }

// Curves is the table of the six curves in the legend's order.
func Curves() []Curve { return slices.Clone(training.Curves) }

// CurveOf is the curve of a key.
func CurveOf(key string) Curve {
	for _, c := range training.Curves {
		if c.Key == key {
			return c
		}
	}
	return Curve{Key: key, Name: key}
}

// Steps lists the five steps of a training in their order.
func Steps() []string { return append([]string(nil), training.Steps...) }

// OptionDocs lists every training option with its default and a one-line explanation, in the panel's order.
func OptionDocs(view domain.Task, architecture string) []OptionDoc {
	return training.OptionDocs(view, architecture)
}

// Kinds of training options.
const (
	KindNumber  = training.KindNumber
	KindSwitch  = training.KindSwitch
	KindChoice  = training.KindChoice
	KindChoices = training.KindChoices
	KindText    = training.KindText
	KindWeights = training.KindWeights
)

// OptionTitle is what people call an option.
func OptionTitle(name string) string { return training.OptionTitle(name) }

// DefaultOptions are options that train well for views of this type; architecture "" is the type's default one.
func DefaultOptions(view domain.Task, architecture string) Options {
	return training.DefaultOptions(view, architecture)
}

// Start is what a training may start from, as far as its other options depend on it.
type Start = training.Start

// Values of the option learn.
const (
	LearnHead        = training.LearnHead
	LearnHeadThenAll = training.LearnHeadThenAll
	LearnAll         = training.LearnAll
)

// StartOptions are the options that suit views of this type and a training that starts from s, in which learn learns ("" = by rule), on so many train images
// (0: not known); and why, in one line.
func StartOptions(view domain.Task, s Start, learn string, train int) (o Options, why string) {
	return training.StartOptions(view, s, learn, train)
}

// Preset is a name for training options that go together.
type Preset = training.Preset

// Presets lists the presets, the quickest first.
func Presets() []Preset { return training.Presets() }

// PresetOptions are a preset's options for views of this type, an architecture ("" = the type's default one) and a number of train images (0:
// not known). ok is false where there is no preset of that name.
func PresetOptions(name string, view domain.Task, architecture string, train int) (o Options, ok bool) {
	return training.PresetOptions(name, view, architecture, train)
}

// ValidateOptions says what is wrong with options for views of this type, one by one; nil if nothing is, else OptionErrors.
func ValidateOptions(view domain.Task, o Options) error { return o.Validate(view) }

// IdleOptions says which options have no effect beside the others in a view of this type, and why, in a sentence each.
func IdleOptions(view domain.Task, o Options) map[string]string {
	return o.Idle(view)
}
