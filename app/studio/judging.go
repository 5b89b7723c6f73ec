package studio

import "viewfinder/training/metrics"

// The judge of a StoredEvaluation and what goes in and out of it, under the names that pages and commands use.
type (
	Judge           = metrics.Judge    // figures, curves and cases at any thresholds
	JudgeSettings   = metrics.Settings // where the thresholds stand
	Figures         = metrics.Figures  // what decisions add up to
	Figure          = metrics.Figure   // a value with its 95 % interval
	Interval        = metrics.Interval //
	Means           = metrics.Means    // over concepts
	ConceptFigures  = metrics.ConceptFigures
	SizeFigures     = metrics.SizeFigures   // of small, medium and large boxes
	FigureIntervals = metrics.Intervals     // by the bootstrap
	PRPoint         = metrics.PR            // of a precision-recall curve
	F1Point         = metrics.F1Point       //
	ThresholdChoice = metrics.Choice        // what a threshold leads to
	Calibration     = metrics.Calibration   //
	CalibrationBin  = metrics.Bin           //
	Case            = metrics.Case          // one decision with what is true of it
	Outcome         = metrics.Outcome       //
	MistakeKind     = metrics.MistakeKind   // a gallery of cases
	CaseOrder       = metrics.Order         // an order of cases
	SuspicionKind   = metrics.SuspicionKind // what is likely wrong with an annotation
)

// NoConcept stands for "nothing" in a Case, a cell of the confusion matrix and the curves of all decisions.
const NoConcept = metrics.None

// Values of the types above.
const (
	TruePositive  = metrics.TruePositive
	FalsePositive = metrics.FalsePositive
	FalseNegative = metrics.FalseNegative

	FalsePositives    = metrics.FalsePositives
	FalseNegatives    = metrics.FalseNegatives
	ConfidentMistakes = metrics.ConfidentMistakes
	UncertainRight    = metrics.UncertainRight

	OrderDefault   = metrics.OrderDefault
	OrderConfident = metrics.OrderConfident
	OrderUncertain = metrics.OrderUncertain
	OrderSample    = metrics.OrderSample

	LikelyOther   = metrics.LikelyOther
	LikelyMissing = metrics.LikelyMissing
	LikelyExtra   = metrics.LikelyExtra
	LikelyPlace   = metrics.LikelyPlace

	HeadlineAccuracy = metrics.HeadlineAccuracy
	HeadlineF1       = metrics.HeadlineF1
	HeadlineMAP50    = metrics.HeadlineMAP50

	DefaultIoU = metrics.DefaultIoU
)

// MistakeKinds lists the galleries.
func MistakeKinds() []MistakeKind { return metrics.MistakeKinds() }

// DefaultJudgeSettings are where the thresholds stand at first in a view of that type.
func DefaultJudgeSettings(t ViewType) JudgeSettings { return metrics.DefaultSettings(metrics.Task(t)) }
