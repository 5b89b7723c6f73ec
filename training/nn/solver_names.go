package nn

// Names of the optimizers, as in TrainerOptions.Optimizer.
const (
	OptimizerSGD      = "sgd"      // stochastic gradient descent, with momentum if it is above 0
	OptimizerNesterov = "nesterov" // the same with Nesterov's momentum
	OptimizerAdam     = "adam"     // Kingma and Ba, 2014; weight decay is added to the gradient
	OptimizerAdamW    = "adamw"    // Loshchilov and Hutter, 2017; weight decay is taken from the weight itself
)

// Optimizers lists the names of the optimizers.
func Optimizers() []string {
	return []string{OptimizerSGD, OptimizerNesterov, OptimizerAdam, OptimizerAdamW}
}
