// Package backend is what stands between the networks of package nn and the device that computes them: the processor (package cpu),
// or another one, which then is a package of its own.
//
// A device owns memory, seen as Buffers (handles), and computes Ops: a Kernel, which is a name with typed attributes, applied to
// buffers. Ops are recorded as a Program once and run as a whole many times: a training step, from the batch to the updated
// weights, is one Run. Between two runs the host writes the batch and a few numbers and reads the loss; everything else stays
// where it is.
//
// No operation keeps anything between runs: what lasts is in buffers that it names (weights, running statistics, an optimizer's state),
// and its scratch is undefined when it starts.
//
// Arrays are float32, activations [n][h][w][c], weights as PyTorch lays them out; see package kernels, whose shapes the attributes use.
package backend
