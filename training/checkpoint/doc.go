// Package checkpoint reads and writes safetensors files, and keeps the checkpoints of a training.
//
// Safetensors (github.com/huggingface/safetensors, format of 2023): 8 bytes little-endian length of the header, the header (one JSON object:
// tensor name to dtype, shape and offsets; "__metadata__" maps strings to strings), then the tensors' bytes without gaps. Only what a training
// needs is written (F32, and I64 for counts); F16, BF16, F64 and the integer types are read too and converted.
package checkpoint

// Limits of what is read: a file may come from anywhere.
const (
	MaxHeader  = 64 << 20 // bytes
	MaxTensors = 100_000
	MaxRank    = 16
)

// Tensor is a named array in C order; a scalar has an empty shape. Integer tensors are stored as I64, Half ones as F16.
type Tensor struct {
	Name    string
	Shape   []int
	Data    []float32
	Integer bool
	Half    bool // read by Write only
}
