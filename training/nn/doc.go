// Package nn holds Viewfinder's networks: the architectures, the layers as operations of a gorgonia graph, the executor
// that runs such a graph without allocating, the optimizers, and the two types that the rest of the program uses, Trainer and
// Predictor.
//
// A network is a gorgonia.ExprGraph of the package's own operations (see operation), its gradients come from gorgonia's
// symbolic differentiation (gorgonia.Grad over the operations' SymDiff), and a machine (an implementation of gorgonia.VM)
// runs it: nodes sorted once, every buffer placed once, kernels of package kernels called on them. gorgonia's own tape
// machine can run the same graph, slower; a test holds the two against each other.
//
// Images and feature maps are NHWC ("channels last") float32 inside; weights keep PyTorch's layout (OIHW, [out][in]) and
// torchvision's names, so that state dicts can be exchanged both ways.
//
// To add an architecture, write one file like resnet.go and give it a row in registry.go.
package nn

// gorgonia's dependencies check the garbage collector's version through this module; it must be linked at a version that
// knows today's Go, or the program panics at its start.
import _ "go4.org/unsafe/assume-no-moving-gc"
