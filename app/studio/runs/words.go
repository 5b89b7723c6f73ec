package runs

import (
	"slices"

	"viewfinder/storage/domain"
	"viewfinder/training"
	"viewfinder/training/advice"
	"viewfinder/training/nn"
)

// The records of package training, for pages and commands; see package studio for why they have names here.
type (
	Architecture = nn.Info
	Curve        = training.Curve
	Event        = training.Event
	Finding      = advice.Finding
	FindingKind  = advice.Kind
	LastBatch    = training.LastBatch
	MemoryUse    = training.MemoryUse
	ModelExport  = training.ModelExport
	OptionDoc    = training.OptionDoc
	OptionError  = training.OptionError
	OptionErrors = training.OptionErrors
	Options      = training.Options
	Point        = training.Point
	Reproduction = training.Reproduction
	RunHistory   = training.History
	RunState     = training.State
	Start        = training.Start // what a training may start from
	StepState    = training.StepState
	Tile         = training.Tile
)

// Their constants.
const (
	CurveBatchLoss   = training.CurveBatchLoss
	CurveValLoss     = training.CurveValLoss
	CurveValAccuracy = training.CurveValAccuracy

	FigureAccuracy = training.FigureAccuracy
	OverBatch      = training.OverBatch

	KindSwitch  = training.KindSwitch
	KindChoice  = training.KindChoice
	KindChoices = training.KindChoices
	KindWeights = training.KindWeights

	FindingOverfitting      = advice.Overfitting
	FindingLearningRateHigh = advice.LearningRateHigh
)

// ErrInterrupted is the error of Follow where the trainer's process exited unexpectedly.
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
func Steps() []string { return slices.Clone(training.Steps) }

// OptionDocs lists every training option with its default and a one-line explanation, in the panel's order.
func OptionDocs(view domain.Task, architecture string) []OptionDoc {
	return training.OptionDocs(view, architecture)
}

// OptionTitle is what people call an option.
func OptionTitle(name string) string { return training.OptionTitle(name) }

// DefaultOptions are options that train well for views of this type; architecture "" is the type's default one.
func DefaultOptions(view domain.Task, architecture string) Options {
	return training.DefaultOptions(view, architecture)
}

// StartOptions are the options that suit views of this type and a training that starts from s, in which learn learns ("" = by rule), on so many train images
// (0: not known); and why, in one line.
func StartOptions(view domain.Task, s Start, learn string, train int) (o Options, why string) {
	return training.StartOptions(view, s, learn, train)
}

// Presets lists the presets, the quickest first.
func Presets() []training.Preset { return training.Presets() }

// DefaultStart is what a training of a view's type and an architecture ("" = any) starts from where nobody chose.
func DefaultStart(view domain.Task, architecture string) Start {
	return training.DefaultStart(view, architecture)
}

// ProposedOptions are the options of a training about which nothing was chosen but its architecture ("" = by rule), on so many train images (0 = not
// known yet); and why, in one line.
func ProposedOptions(view domain.Task, architecture string, train int) (o Options, why string) {
	return training.ProposedOptions(view, architecture, train)
}

// PresetOf are a preset's options where o are the defaults, such as those of StartOptions.
func PresetOf(name string, o Options, train int) (Options, bool) {
	return training.PresetOf(name, o, train)
}
