package training

// Keys of the curves, in Values of events and in History.Points. They stay as they are: files of runs hold them.
const (
	CurveBatchLoss     = "loss/batch"
	CurveLearningRate  = "learning_rate"
	CurveTrainLoss     = "loss/train"
	CurveValLoss       = "loss/val"
	CurveTrainAccuracy = "accuracy/train"
	CurveValAccuracy   = "accuracy/val"
)

// Curve is a row of the table of curves.
type Curve struct {
	Key    string
	Name   string // as people see it
	Figure string // what is drawn, and so the chart it stands in: one of the figures below
	Over   string // what it is computed over, and so its look: one of the below, "" for neither
	Former string // its key in the events of runs from before keys; "" for curves that were added later
}

// Figures of curves.
const (
	FigureLoss         = "loss"
	FigureAccuracy     = "accuracy"
	FigureLearningRate = "learning rate"
)

// What curves are computed over.
const (
	OverBatch = "batch"
	OverTrain = "train"
	OverVal   = "val"
)

// Curves is the table of curves, in the order of the legend. A curve is its row here, its key above, and the code that writes its values into events.
var Curves = []Curve{
	{CurveBatchLoss, "Total loss (batch)", FigureLoss, OverBatch, "Total loss (batch)"},
	{CurveLearningRate, "Learning rate", FigureLearningRate, "", "Learning rate"},
	{CurveTrainLoss, "Total loss (train set)", FigureLoss, OverTrain, "Total loss (train set)"},
	{CurveValLoss, "Total loss (val set)", FigureLoss, OverVal, "Total loss (val set)"},
	{CurveTrainAccuracy, "Accuracy (train set)", FigureAccuracy, OverTrain, "Accuracy (train set)"},
	{CurveValAccuracy, "Accuracy (val set)", FigureAccuracy, OverVal, "Accuracy (val set)"},
}

// withKeys gives the values of an event of before the keys of today.
func withKeys(values map[string]float64) {
	for _, c := range Curves {
		if v, ok := values[c.Former]; ok && c.Former != c.Key {
			delete(values, c.Former)
			values[c.Key] = v
		}
	}
}
