package nn

import (
	"fmt"
	"hash"
	"hash/fnv"
	"sync"

	"github.com/chewxy/hm"
	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"viewfinder/training/backend"
	"viewfinder/training/backend/cpu"
)

// node is a value of the graph: an input (images, targets, a parameter) or the result of an operation.
type node = *gorgonia.Node

// operation is a layer, a loss or a gradient of one as gorgonia knows them: it implements gorgonia.Op and gorgonia.SDOp. All
// of the package's operations are values of this one type, made by one constructor each (convolution, batchNorm, ...) which
// documents the shapes. An operation is pure: its result depends on its inputs only, and it keeps nothing between calls, so
// that machines may run it where and when they like. It describes what is computed; a backend.Device computes it.
type operation struct {
	kind  string // "convolution", ...; with attributes it identifies the operation
	attrs string // what else the result depends on, printed
	in    [][]int
	out   []int // shape of the result; empty for a scalar
	// kernel computes the operation: its inputs are the operation's, its results those of the family, by slot.
	kernel backend.Kernel
	// overwrites lists the inputs whose memory may become the result's if nobody needs the input afterwards.
	overwrites []int
	// family and slot: a kernel that has several results (a batch norm's gradients for its input, scale and shift) is several
	// operations, one a slot, of one family. Alone, each computes its own result; the machine runs those of the same
	// family on the same inputs as one. family is empty for an operation that has one result.
	family string
	slot   int
	slots  int // in the family; 0 stands for 1
	// differentiable reports for which inputs gradient makes a node.
	differentiable []bool
	// gradient builds the gradients for the inputs from the gradient dy of the result y; nil where not differentiable.
	gradient func(in []node, y, dy node) ([]node, error)
	// flops counts the multiplications and additions of a convolution or linear layer in its direct form, for benchmarks.
	flops int
}

var (
	_ gorgonia.SDOp            = (*operation)(nil)
	_ gorgonia.UsePreallocDoer = (*operation)(nil)
)

// Arity is the number of inputs.
func (o *operation) Arity() int { return len(o.in) }

// Type is the operation's signature in gorgonia's type system: float32 tensors of the inputs' ranks to one of the result's.
func (o *operation) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.in)+1)
	for _, shape := range o.in {
		types = append(types, typeOf(shape))
	}
	return hm.NewFnType(append(types, typeOf(o.out))...)
}

func typeOf(shape []int) hm.Type {
	if len(shape) == 0 {
		return tensor.Float32
	}
	return gorgonia.TensorType{Dims: len(shape), Of: tensor.Float32}
}

// InferShape is the result's shape, which the operation knows from the start; the inputs' are checked.
func (o *operation) InferShape(inputs ...gorgonia.DimSizer) (tensor.Shape, error) {
	for i, want := range o.in {
		for axis, size := range want {
			if got, err := inputs[i].DimSize(axis); err != nil || got != size {
				return nil, fmt.Errorf("%s: input %d has size %d on axis %d where %d is needed", o, i, got, axis, size)
			}
		}
	}
	return tensor.Shape(o.out).Clone(), nil
}

// Do runs the operation for gorgonia's own machines, on new memory.
func (o *operation) Do(inputs ...gorgonia.Value) (gorgonia.Value, error) {
	if len(o.out) == 0 {
		var out [1]float32
		if err := o.apply(out[:], inputs); err != nil {
			return nil, err
		}
		return gorgonia.NewF32(out[0]), nil
	}
	return o.UsePreallocDo(tensor.New(tensor.WithShape(o.out...), tensor.Of(tensor.Float32)), inputs...)
}

// UsePreallocDo is Do into prealloc, a tensor of the result's shape.
func (o *operation) UsePreallocDo(prealloc gorgonia.Value, inputs ...gorgonia.Value) (gorgonia.Value, error) {
	out, ok := prealloc.Data().([]float32)
	if !ok || len(o.out) == 0 {
		return o.Do(inputs...)
	}
	return prealloc, o.apply(out, inputs)
}

// hostDevice computes what gorgonia's own machines ask for.
var hostDevice = sync.OnceValue(func() *cpu.Device { return cpu.New(0) })

// apply runs the operation on the memory of gorgonia's values.
func (o *operation) apply(out []float32, inputs []gorgonia.Value) error {
	d := hostDevice()
	op := backend.Op{Kernel: o.kernel, Out: make([]backend.Buffer, max(1, o.slots))}
	var shared []backend.Buffer
	defer func() {
		for _, b := range shared {
			d.Free(b)
		}
	}()
	share := func(data []float32) backend.Buffer {
		b, _ := d.Share(data) // which never fails for the processor
		shared = append(shared, b)
		return b
	}
	for i, v := range inputs {
		data, err := floatsOf(v)
		if err != nil {
			return fmt.Errorf("%s: input %d: %w", o, i, err)
		}
		op.In = append(op.In, share(data))
	}
	op.Out[o.slot] = share(out)
	scratch, err := d.Scratch(op)
	if err != nil {
		return fmt.Errorf("%s: %w", o, err)
	}
	op.Scratch = share(make([]float32, scratch))
	p, err := d.Record([]backend.Op{op})
	if err != nil {
		return fmt.Errorf("%s: %w", o, err)
	}
	defer p.Close()
	return p.Run()
}

// floatsOf is the memory behind one of gorgonia's values, of a scalar a copy.
func floatsOf(v gorgonia.Value) ([]float32, error) {
	switch data := v.Data().(type) {
	case []float32:
		return data, nil
	case float32:
		return []float32{data}, nil
	default:
		return nil, fmt.Errorf("a value of type %T where float32 is needed", data)
	}
}

// ReturnsPtr tells gorgonia that the result has memory of its own.
func (o *operation) ReturnsPtr() bool { return false }

// CallsExtern is false: gorgonia's machines need not prepare for a call to a device.
func (o *operation) CallsExtern() bool { return false }

// OverwritesInput is -1: only the package's own machine lets an operation overwrite its input.
func (o *operation) OverwritesInput() int { return -1 }

// WriteHash writes what identifies the operation.
func (o *operation) WriteHash(h hash.Hash) { fmt.Fprint(h, o.String(), o.in, o.out) }

// Hashcode is the hash of what identifies the operation.
func (o *operation) Hashcode() uint32 {
	h := fnv.New32a()
	o.WriteHash(h)
	return h.Sum32()
}

// String names the operation and its attributes.
func (o *operation) String() string {
	if o.attrs == "" {
		return o.kind
	}
	return o.kind + " " + o.attrs
}

// DiffWRT reports for which inputs there is a gradient.
func (o *operation) DiffWRT(inputs int) []bool {
	if o.differentiable == nil {
		return make([]bool, inputs)
	}
	return o.differentiable
}

// SymDiff builds the gradients for the inputs from that of the output.
func (o *operation) SymDiff(inputs gorgonia.Nodes, output, grad node) (gorgonia.Nodes, error) {
	if o.gradient == nil {
		return nil, fmt.Errorf("%s has no gradient", o)
	}
	return o.gradient(inputs, output, grad)
}

// apply puts o's result on inputs into their graph.
func apply(o *operation, inputs ...node) (node, error) { return gorgonia.ApplyOp(o, inputs...) }
