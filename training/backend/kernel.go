package backend

import "viewfinder/training/kernels"

// Kernel is the attributes of an operation: a value of one of the types of this package, each of which is a kernel. Beside each type
// stand its inputs and results: "x, w, bias? to y, statistics?" has three inputs, of which the last may be missing, and two results,
// of which the last may not be wanted. Where an input is "over" a result, both may be the same memory.
type Kernel interface {
	// Name of the kernel.
	Name() string
}

// Convolutions.
type (
	// Convolution is x [n][h][w][c], w [k][c/groups][kh][kw], bias? [k] to y [n][outH][outW][k], statistics? [2][k]: mean and biased
	// variance of y over the batch. With statistics there is no bias, and y may be unwanted.
	Convolution struct{ Shape kernels.ConvShape }
	// ConvolutionInput is the gradient by the input: dy, w to dx.
	ConvolutionInput struct{ Shape kernels.ConvShape }
	// ConvolutionWeights is the gradients by weights and bias: x, dy to dw?, dbias?.
	ConvolutionWeights struct{ Shape kernels.ConvShape }
	// NormedConvolution is a batch norm (that of Norm's activation) and the convolution after it: what the norm normalises, its
	// statistics [2][c], gamma [c], beta [c], w to y, statistics [2][k].
	NormedConvolution struct {
		Shape kernels.ConvShape
		Norm  kernels.BatchNormShape
	}
	// NormedConvolutionGradients is the gradients of a convolution and of the batch norm After it: y, its statistics, gamma, beta, the
	// gradient dz of the norm's result, its parameters' gradients [2][k], w, and the convolution's input x or, with Before, what the
	// norm before it normalises, its statistics, gamma and beta; to the gradient by x (by the result of Before), by w, and, with
	// Before, by its parameters? [2][c].
	NormedConvolutionGradients struct {
		Shape  kernels.ConvShape
		After  kernels.BatchNormShape
		Before *kernels.BatchNormShape
	}
	// ConvolutionPrediction is act(conv(x, packed) + bias + residual): x, packed, bias [k], residual? to y; residual over y.
	ConvolutionPrediction struct {
		Shape kernels.ConvShape
		Act   kernels.Activation
	}
	// Pack readies weights for ConvolutionPrediction: w, scale? [k] (what each output channel is multiplied by) to packed.
	Pack struct{ Shape kernels.ConvShape }
)

// Batch norms.
type (
	// BatchNorm is x, statistics [2][c], gamma [c], beta [c], residual? to y = act(norm(x) + residual); x or residual over y.
	BatchNorm struct{ Shape kernels.BatchNormShape }
	// BatchNormGradient is x, statistics, gamma, beta, dy, y? (where a residual and an activation followed) to dx?, dgamma and dbeta?
	// [2][c], the residual's gradient?; dy over dx.
	BatchNormGradient struct{ Shape kernels.BatchNormShape }
	// BatchNormGradientInput is the same where the parameters' gradients are known: x, statistics, gamma, beta, dy, dgamma and dbeta
	// [2][c] to dx; dy over dx.
	BatchNormGradientInput struct{ Shape kernels.BatchNormShape }
	// BatchNormRunning moves the running statistics: statistics of the batch [2][c] to mean [c], variance [c], number of batches [1],
	// which are read and written.
	BatchNormRunning struct {
		Shape    kernels.BatchNormShape
		Momentum float32
	}
	// BatchNormFold is gamma, beta, mean, variance, all [c], to scale [c], shift [c] with norm(x) = x*scale + shift.
	BatchNormFold struct{ Shape kernels.BatchNormShape }
	// BatchNormMaxPool is a batch norm and the max pooling of its result: x, statistics, gamma, beta to y?, index?.
	BatchNormMaxPool struct {
		Norm kernels.BatchNormShape
		Pool kernels.PoolShape
	}
	// BatchNormMaxPoolGradient is x, statistics, gamma, beta, y, index, dy to dx?, dgamma and dbeta? [2][c].
	BatchNormMaxPoolGradient struct {
		Norm kernels.BatchNormShape
		Pool kernels.PoolShape
	}
)

// Poolings. An index is one byte a result, four to a float32: which element of the window won.
type (
	MaxPool           struct{ Shape kernels.PoolShape } // x to y?, index?
	MaxPoolGradient   struct{ Shape kernels.PoolShape } // dy, index to dx
	AveragePool       struct{ Shape kernels.PoolShape } // x to y
	AveragePoolBack   struct{ Shape kernels.PoolShape } // dy to dx
	GlobalAverage     struct{ N, Pixels, C int }        // x [n][pixels][c] to y [n][c]
	GlobalAverageBack struct{ N, Pixels, C int }        // dy to dx
	// MapStatistics is x [n][pixels][c] to y [n][Len] of kernels.StatisticsShape.
	MapStatistics struct{ Shape kernels.StatisticsShape }
	// MapStatisticsBack is x, y, dy to dx.
	MapStatisticsBack struct{ Shape kernels.StatisticsShape }
)

// Upsampling is the shape of upsampling by nearest neighbours: [N][H][W][C] to [N][ToH][ToW][C]. Pixel i of the output's axis comes
// from pixel floor(i*(H/ToH)) of the input's, H/ToH as float32.
type Upsampling struct{ N, H, W, C, ToH, ToW int }

// Other layers.
type (
	// Linear is x [n][in], w [out][in], bias [out] to y [n][out].
	Linear struct{ N, In, Out int }
	// LinearGradient is x, w, dy to dx?, dw?, dbias?.
	LinearGradient struct{ N, In, Out int }
	// UpsampleAdd is x [n][h][w][c], fine [n][toH][toW][c] to fine + x spread to its size; fine over the result.
	UpsampleAdd struct{ Upsampling }
	// UpsampleGradient is the gradient by x: dy to dx.
	UpsampleGradient struct{ Upsampling }
	// Picture is x to y of the same shape, which must not overlap.
	Picture struct{ Shape kernels.PictureShape }
	// Concat is a [rows][ca], b [rows][cb] to y [rows][ca+cb].
	Concat struct{ Rows, CA, CB int }
	// Split is y to a?, b?.
	Split struct{ Rows, CA, CB int }
	// Dropout is x, step [1] to y; x over y. Element i is dropped where the upper 24 bits of mix(seed + i*0x9e3779b97f4a7c15) are below
	// Rate*2^24, with seed = Seed + step*0xd1342543de82ef95 and mix the finalizer of SplitMix64; see kernels.Dropout.
	Dropout struct {
		Rate float32
		Seed uint64
	}
)

// Element by element.
type (
	Sum              struct{}                         // a, b to y; either over y
	Activate         struct{ Act kernels.Activation } // x to y; x over y
	ActivateGradient struct{ Act kernels.Activation } // z (what went in or what came out), dy to dx; dy over dx
	Multiply         struct{}                         // x, factor [1] to y; x over y
	Row              struct{ Index int }              // x [rows][size] to y [size]
	Copy             struct{}                         // any number of arrays to as many, each to its copy
)

// Losses: prediction, target to loss? [1], the gradient by the prediction?.
type (
	// CrossEntropy is kernels.SoftmaxCrossEntropy of logits [n][classes] with labels [n] (whole numbers).
	CrossEntropy struct {
		N, Classes int
		Weights    []float32 // of the classes; nil: none
		Smoothing  float32
	}
	// SigmoidCrossEntropy is kernels.SigmoidBCE of logits [n][classes] with targets [n][classes].
	SigmoidCrossEntropy struct {
		N, Classes int
		Positive   []float32 // weights of the classes' positive terms; nil: none
	}
	// Distance is kernels.Distance of two maps.
	Distance struct{ Shape kernels.DistanceShape }
	// DetectionLoss is kernels.DetectionLoss of a detector's joint map.
	DetectionLoss struct {
		Shape   kernels.DetectionShape
		Weights []float32 // of the classes' heatmaps; nil: none
	}
)

// Updates.
type (
	// GradientNorm is any number of gradients to [2]: the norm of all of them as one vector, and what to scale them by so that it
	// doesn't exceed Clip: min(1, Clip/(norm+1e-6)).
	GradientNorm struct{ Clip float64 }
	// SGD updates parameters: settings [SettingsLen], [2] of GradientNorm?, then the gradient of each parameter; to each parameter and,
	// unless Momentum is 0, then each one's momentum. All are read and written.
	SGD struct {
		Momentum float32
		Nesterov bool
		Decays   []float32 // weight decay of each parameter
		Rates    []float32 // what the learning rate is multiplied by for each parameter; 0 stands for 1, nil for 1 for all
	}
	// Adam updates parameters: inputs as of SGD; to each parameter, then each one's first, then each one's second moment.
	Adam struct {
		Decoupled bool // weight decay, as AdamW
		Decays    []float32
		Rates     []float32 // as of SGD
	}
	// Average moves averages: settings, then sources; to as many averages: decay*average + (1-decay)*source.
	Average struct{}
)

// Settings are the numbers of a step beside its batch: one float32 each in a buffer of SettingsLen.
const (
	// SettingStep is the number of steps taken before this one; Dropout reads it.
	SettingStep = 0
	// SettingSolver is the first of those that the optimizer reads: of SGD the learning rate, of Adam kernels.AdamFactors.
	SettingSolver = 1
	// SettingDecay is Average's.
	SettingDecay = SettingSolver + kernels.AdamFactorsLen
	SettingsLen  = SettingDecay + 1
)
