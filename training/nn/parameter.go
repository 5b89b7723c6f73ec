package nn

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
)

// role is what a tensor of the network's state is for; it decides where it is kept and how optimizers treat it.
type role int

const (
	weightRole     role = iota // of a convolution or linear layer: decayed
	biasRole                   // of a convolution or linear layer
	normWeightRole             // batch norm's scale
	normBiasRole               // batch norm's shift
	runningMeanRole
	runningVarRole
	batchesTrackedRole // PyTorch's count of training batches that the running statistics have seen
)

func (r role) trainable() bool { return r <= normBiasRole }

// parameter is one tensor of a network's state.
type parameter struct {
	name     string
	shape    []int
	role     role
	backbone bool // false for the part that is made anew for other concepts
	fill     filler
	data     []float32
	offset   int // of data in the network's array of trainable values, or in that of the others
}

// tensor is the parameter as the package shows it.
func (p *parameter) tensor() Tensor {
	return Tensor{
		Name: p.name, Shape: slices.Clone(p.shape), Data: p.data,
		Trainable: p.role.trainable(), Integer: p.role == batchesTrackedRole,
	}
}

// filler writes a tensor's initial values; r is the tensor's own generator.
type filler func(data []float32, r *rand.Rand)

func constantFill(v float32) filler {
	return func(data []float32, _ *rand.Rand) {
		for i := range data {
			data[i] = v
		}
	}
}

// uniformFill draws from the open interval of plus and minus bound.
func uniformFill(bound float64) filler {
	return func(data []float32, r *rand.Rand) {
		for i := range data {
			data[i] = float32((2*r.Float64() - 1) * bound)
		}
	}
}

func normalFill(deviation float64) filler {
	return func(data []float32, r *rand.Rand) {
		for i := range data {
			data[i] = float32(r.NormFloat64() * deviation)
		}
	}
}

// defaultFill is PyTorch's default for the weight and bias of Conv2d and Linear: kaiming_uniform_(a=sqrt(5)), which comes to
// a bound of 1/sqrt(fan_in) for both.
func defaultFill(fanIn int) filler { return uniformFill(1 / math.Sqrt(float64(fanIn))) }

// kaimingNormalFanOut is what torchvision's ResNet and MobileNet-V2 start their convolutions from (He et al., "Delving deep
// into rectifiers", 2015): kaiming_normal_(mode="fan_out"), deviation sqrt(2/fan_out). fan_out counts as PyTorch does, all
// output channels times the kernel's area, groups or not.
func kaimingNormalFanOut(outputs, kernelArea int) filler {
	return normalFill(math.Sqrt(2 / float64(outputs*kernelArea)))
}

// generator is the source of the initial values of the tensor called name: its values depend on nothing else than seed, name
// and shape, so that a change elsewhere in a network leaves them alone.
func generator(seed uint64, name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(name))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}
