package plot

// The curves of a training, as the tests draw them.
var (
	batchLoss     = Series{"Total loss (batch)", "loss", "batch"}
	learningRate  = Series{"Learning rate", "learning rate", ""}
	trainLoss     = Series{"Total loss (train set)", "loss", "train"}
	valLoss       = Series{"Total loss (val set)", "loss", "val"}
	trainAccuracy = Series{"Accuracy (train set)", "accuracy", "train"}
	valAccuracy   = Series{"Accuracy (val set)", "accuracy", "val"}
)

func newTestHistory() *History {
	return NewHistory(batchLoss, learningRate, trainLoss, valLoss, trainAccuracy, valAccuracy)
}
