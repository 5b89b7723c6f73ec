package nn

import "viewfinder/training/kernels"

// StageKind names what a Stage computes.
type StageKind string

// The kinds of layers that networks are made of.
const (
	// ConvStage: a convolution, then batch norm where Norm is set, then the sum with a second input where there is one, then Activation.
	ConvStage StageKind = "conv"
	// MaxPoolStage: the maximum over windows of Kernel x Kernel; padding never wins.
	MaxPoolStage StageKind = "max_pool"
	// UpsampleAddStage: the first input spread to the second's size by nearest neighbours (pixel i of the output copies pixel floor(i*h/H)), plus the second.
	UpsampleAddStage StageKind = "upsample_add"
	// MeanStage: the mean over each map, [n][c][h][w] to [n][c].
	MeanStage StageKind = "mean"
	// StatisticsStage: the statistics of each map, [n][c][h][w] to [n][2c], or with Pairs [n][2c+c(c-1)/2]: each channel's mean, then each one's deviation, the root
	// of the variance (by the number of pixels) plus StatisticsEpsilon; then the correlation of each channel with those before it, covariance / (deviation * deviation).
	StatisticsStage StageKind = "statistics"
	// ConcatStage: the first input's channels [n][a], then the second's [n][b].
	ConcatStage StageKind = "concat"
	// PictureStage: the input turned by 180 degrees and its channels scaled and shifted, as Picture sets.
	PictureStage StageKind = "picture"
	// LinearStage: a fully connected layer with bias.
	LinearStage StageKind = "linear"
)

// Stage is one step of a network in evaluation mode, for those who write it in another form. Tensors are named as in State.
type Stage struct {
	Kind StageKind
	// Inputs are places in the list of layers; ImageInput is the picture. A convolution's second input is added before its activation.
	Inputs []int
	// Weights and Biases name the tensors; several of them stand for one that is joined along the first axis.
	Weights, Biases []string
	// Norm is the prefix of the batch norm's tensors ("features.1": weight, bias, running_mean, running_var); "" where there is none.
	Norm                           string
	Kernel, Stride, Padding, Group int
	Activation                     string // "none", "relu" or "relu6"
	Picture                        Picture
	Pairs                          bool // of a StatisticsStage
	Inner                          int  // the channels of a StatisticsStage's maps
	// Height, Width and Channels of the result; Height and Width are 1 after MeanStage and StatisticsStage.
	Height, Width, Channels int
}

// ImageInput stands in Stage.Inputs for the network's input.
const ImageInput = -1

// NormEpsilon is what every batch norm adds to the variance.
const NormEpsilon = normEpsilon

// StatisticsEpsilon is what a StatisticsStage adds to a variance.
const StatisticsEpsilon = kernels.StatisticsEpsilon

// Stages lists spec's network in evaluation mode, each layer after its inputs; the last one's result is what the network computes: logits
// [n][classes], or the detector's joint map [n][classes+4][h][w], whose channels are each class's heatmap logit, then width and height before
// softplus and the centre's offset, in cells. The errors are ErrUnknownArchitecture and ErrSpec.
func Stages(spec Spec) ([]Stage, error) {
	recorded := &recording{place: map[node]int{}}
	if _, err := layOutNetwork(spec, recorded); err != nil {
		return nil, err
	}
	return recorded.stages, nil
}

// recording collects the layers while a builder lays a network out.
type recording struct {
	stages []Stage
	place  map[node]int // of a layer's result in layers
}

// record notes the layer whose result is out, if the builder is asked to.
func (b *builder) record(out node, l Stage, inputs ...node) {
	if b.recorded == nil {
		return
	}
	for _, in := range inputs {
		if in == nil {
			continue
		}
		at, ok := b.recorded.place[in]
		if !ok {
			at = ImageInput
		}
		l.Inputs = append(l.Inputs, at)
	}
	l.Height, l.Width = 1, 1
	switch s := out.Shape(); len(s) {
	case 4:
		l.Height, l.Width, l.Channels = s[1], s[2], s[3]
	default:
		l.Channels = s[len(s)-1]
	}
	if l.Activation == "" {
		l.Activation = "none"
	}
	b.recorded.place[out] = len(b.recorded.stages)
	b.recorded.stages = append(b.recorded.stages, l)
}

// layer is the convolution as a Stage.
func (c convConfig) stage() Stage {
	return Stage{Kind: ConvStage, Kernel: c.kernel, Stride: max(c.stride, 1), Padding: c.kernel / 2, Group: max(c.groups, 1), Activation: c.act.String()}
}

func namesOf(parameters []*parameter) []string {
	all := make([]string, len(parameters))
	for i, p := range parameters {
		all[i] = p.name
	}
	return all
}
