// Package weights reads networks that were trained elsewhere, from files of several kinds, into the tensors that package nn names: torchvision's
// names, PyTorch's layout (OIHW, [out][in]), float32.
//
// Nothing of a file is run, and no file is trusted: sizes, shapes and values are checked before memory is taken, and each file that cannot be used
// is refused in one sentence.
package weights
