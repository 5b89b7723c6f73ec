package nn

import (
	"cmp"
	"fmt"
	"strings"

	"viewfinder/storage/domain"
)

// Info describes an architecture to people.
type Info struct {
	Name        string // as in Spec.Architecture, options and files
	Title       string
	Description string // one line: when to use it
	// PyTorch are statements of Python that make the classifier as the module net for the list concepts, with torch and torchvision imported: its
	// tensors have the names and shapes of Network.State. "" where nothing in PyTorch is the same network.
	PyTorch string
	// PyTorchStatistics are such statements for PoolingStatistics, "" where Statistics is false.
	PyTorchStatistics string
	// Parameters is the number of trainable values of the classifier for so many classes.
	Parameters       func(classes int) int
	DefaultBatchSize int
	// Statistics: its classifier can stand on the statistics of earlier maps, too (PoolingStatistics).
	Statistics          bool
	DefaultSize         int     // height and width of the input, pixels
	DefaultOptimizer    string  // for classification and tagging; detectors do best with adamw
	DefaultLearningRate float64 // the peak of the schedule that goes with DefaultOptimizer
	DefaultWeightDecay  float64
	// DetectionLearningRate and DetectionWeightDecay go with adamw.
	DetectionLearningRate float64
	DetectionWeightDecay  float64
}

// architecture is one row of the registry: how to describe and how to build a network.
type architecture struct {
	Info
	// strides that its detector offers, pixels of the input to a cell of the maps.
	strides []int
	// stages builds the backbone on the images x [n][h][w][3] and returns its feature maps, finest first, each half as
	// fine as the one before it.
	stages func(b *builder, x node) []node
	// top turns the last of the stages' maps into the one that is averaged over the picture; nil: it is that map.
	top func(b *builder, x node) node
	// last turns the average into logits [n][classes].
	last lastLayer
}

// lastLayer is a classifier's fully connected layer: its name, and what its weight and bias start from; nil: PyTorch's default.
type lastLayer struct {
	name         string
	weight, bias filler
}

// architectures is the registry, in the order in which people see it.
var architectures = []architecture{
	smallCNN(),
	mobileNetV2("mobilenet_v2_035", 0.35),
	mobileNetV2("mobilenet_v2_050", 0.5),
	mobileNetV2("mobilenet_v2_100", 1),
	resNet18(),
}

// Architectures lists what can be built, in the order in which to show it.
func Architectures() []Info {
	infos := make([]Info, len(architectures))
	for i, a := range architectures {
		infos[i] = a.info()
	}
	return infos
}

// Lookup finds the architecture called name; its error lists the names there are.
func Lookup(name string) (Info, error) {
	a, err := find(name)
	if err != nil {
		return Info{}, err
	}
	return a.info(), nil
}

func find(name string) (*architecture, error) {
	names := make([]string, len(architectures))
	for i := range architectures {
		if architectures[i].Name == name {
			return &architectures[i], nil
		}
		names[i] = architectures[i].Name
	}
	return nil, fmt.Errorf("%w %q (there are %s)", ErrUnknownArchitecture, name, strings.Join(names, ", "))
}

// info completes a's description: the recipe that suits all of today's architectures where it names none of its own, and the count of parameters.
func (a architecture) info() Info {
	i := a.Info
	name := a.Name
	i.DefaultBatchSize = cmp.Or(i.DefaultBatchSize, 32)
	i.DefaultSize = cmp.Or(i.DefaultSize, 96)
	i.DefaultOptimizer = cmp.Or(i.DefaultOptimizer, OptimizerSGD)
	i.DefaultLearningRate = cmp.Or(i.DefaultLearningRate, 0.05)
	i.DefaultWeightDecay = cmp.Or(i.DefaultWeightDecay, 1e-4)
	i.DetectionLearningRate = cmp.Or(i.DetectionLearningRate, 2e-3)
	i.DetectionWeightDecay = cmp.Or(i.DetectionWeightDecay, 5e-2)
	i.Parameters = func(classes int) int {
		return countParameters(Spec{Architecture: name, Task: domain.Classification, Classes: max(classes, 2), Height: 64, Width: 64})
	}
	return i
}
