package cpu

import (
	"fmt"

	"viewfinder/training/backend"
)

// kernelOf finds the kernel for an operation, of whose buffers it reads only the lengths.
func kernelOf(op backend.Op) (kernel, error) {
	switch k := op.Kernel.(type) {
	case backend.Convolution:
		return convolution(k, op), nil
	case backend.ConvolutionInput:
		return convolutionInput(k), nil
	case backend.ConvolutionWeights:
		return convolutionWeights(k, op), nil
	case backend.NormedConvolution:
		return normedConvolution(k), nil
	case backend.NormedConvolutionGradients:
		return normedConvolutionGradients(k), nil
	case backend.ConvolutionPrediction:
		return convolutionPrediction(k), nil
	case backend.Pack:
		return pack(k), nil
	case backend.BatchNorm:
		return batchNorm(k), nil
	case backend.BatchNormGradient:
		return batchNormGradient(k), nil
	case backend.BatchNormGradientInput:
		return batchNormGradientInput(k), nil
	case backend.BatchNormRunning:
		return batchNormRunning(k), nil
	case backend.BatchNormFold:
		return batchNormFold(k), nil
	case backend.BatchNormMaxPool:
		return batchNormMaxPool(k, op), nil
	case backend.BatchNormMaxPoolGradient:
		return batchNormMaxPoolGradient(k, op), nil
	case backend.MaxPool:
		return maxPool(k, op), nil
	case backend.MaxPoolGradient:
		return maxPoolGradient(k), nil
	case backend.AveragePool:
		return averagePool(k), nil
	case backend.AveragePoolBack:
		return averagePoolBack(k), nil
	case backend.GlobalAverage:
		return globalAverage(k), nil
	case backend.GlobalAverageBack:
		return globalAverageBack(k), nil
	case backend.MapStatistics:
		return mapStatistics(k), nil
	case backend.MapStatisticsBack:
		return mapStatisticsBack(k), nil
	case backend.Linear:
		return linear(k), nil
	case backend.LinearGradient:
		return linearGradient(k, op), nil
	case backend.UpsampleAdd:
		return upsampleAdd(k), nil
	case backend.UpsampleGradient:
		return upsampleGradient(k), nil
	case backend.Picture:
		return pictureOf(k), nil
	case backend.Concat:
		return concat(k), nil
	case backend.Split:
		return split(k, op), nil
	case backend.Dropout:
		return dropout(k), nil
	case backend.Sum:
		return sum(), nil
	case backend.Activate:
		return activate(k), nil
	case backend.ActivateGradient:
		return activateGradient(k), nil
	case backend.Multiply:
		return multiply(), nil
	case backend.Row:
		return row(k), nil
	case backend.Copy:
		return copies(), nil
	case backend.CrossEntropy:
		return crossEntropy(k), nil
	case backend.SigmoidCrossEntropy:
		return sigmoidCrossEntropy(k), nil
	case backend.Distance:
		return distance(k), nil
	case backend.DetectionLoss:
		return detectionLoss(k), nil
	case backend.GradientNorm:
		return gradientNorm(k, op), nil
	case backend.SGD:
		return sgd(k), nil
	case backend.Adam:
		return adam(k), nil
	case backend.Average:
		return average(), nil
	}
	return kernel{}, fmt.Errorf("no kernel for %T", op.Kernel)
}

// spare is size if a result isn't wanted: then the kernel writes it to the scratch.
func spare(op backend.Op, result, size int) int {
	if op.Out[result].None() {
		return size
	}
	return 0
}
