package evaluate

import (
	"viewfinder/storage/domain"
	"viewfinder/training/metrics"
)

// The records of package metrics, for pages and commands; package studio says why they have names here, and metrics what each is.
type (
	JudgeSettings    = metrics.Settings
	JudgeFigures     = metrics.Figures
	JudgeCase        = metrics.Case
	JudgeChoice      = metrics.Choice
	Intervals        = metrics.Intervals
	Measured         = metrics.Figure
	MeasuredInterval = metrics.Interval
	JudgeMeans       = metrics.Means
	JudgeConcept     = metrics.ConceptFigures
	ErrorKind        = metrics.ErrorKind
	ErrorOrder       = metrics.Order
)

// NoConcept stands in the place of a concept where nothing is annotated, or nothing was predicted.
const NoConcept = metrics.None

// The kinds of errors, and the orders they come in.
const (
	FalsePositives   = metrics.FalsePositives
	FalseNegatives   = metrics.FalseNegatives
	ConfidentErrors  = metrics.ConfidentErrors
	UncertainCorrect = metrics.UncertainRight

	OrderDefault   = metrics.OrderDefault
	OrderConfident = metrics.OrderConfident
	OrderUncertain = metrics.OrderUncertain
	OrderImages    = metrics.OrderSample
)

// LikelyPlace is the kind of a likely error where the box lies elsewhere.
const LikelyPlace = metrics.LikelyPlace

// DefaultIoU is the overlap from which a found box counts as the true one.
const DefaultIoU = metrics.DefaultIoU

// ErrorKinds lists the kinds of errors.
func ErrorKinds() []ErrorKind { return metrics.ErrorKinds() }

// DefaultJudgeSettings are the threshold and the overlap where none are chosen.
func DefaultJudgeSettings(t domain.Task) JudgeSettings {
	return metrics.DefaultSettings(t)
}
