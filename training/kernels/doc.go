// Package kernels is the arithmetic of the layers on the processor: convolution, batch norm, pooling, losses and
// optimizers on float32.
//
// Activations are "channels last": [n][h][w][c], plain []float32. Weights of convolutions are laid out as PyTorch stores
// them, [out][in/groups][kh][kw], and are repacked inside a call into scratch that the caller owns. Nothing here
// allocates in steady state: scratch sizes come from methods on the shapes.
//
// Every function has a version in plain Go, the reference, and where it pays one in C for AVX2+FMA, AVX-512 or NEON,
// picked when the program starts from what the processor has (see Variant; the environment variable VIEWFINDER_KERNELS
// forces one). Work is cut into tiles that depend on shapes alone, never on the number of threads, and every sum is
// taken in a fixed order: with one variant and one set of Forms, results are the same to the bit with any number of
// threads. Between variants they differ by rounding.
//
// NaN and infinity pass through: no kernel hides them. Lengths of slices are checked on entry; a wrong one panics, since
// it is a bug of the program and not an error of its user.
package kernels
