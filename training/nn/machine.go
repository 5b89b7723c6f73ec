package nn

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorgonia.org/gorgonia"

	"viewfinder/training/backend"
)

// machine runs a graph of the package's operations on a device. It implements gorgonia.VM. Everything is settled when it is made: the
// order of the work, where in one array each result lies (see place), which operations share a kernel and which may write
// over an input; a run only has the device run its list.
type machine struct {
	device  backend.Device
	order   []instruction
	ops     []backend.Op // of order
	where   *places
	program backend.Program // of ops; nil before the first run
}

var _ gorgonia.VM = (*machine)(nil)

var errNoValue = errors.New("an input has no value")

// newMachine plans the work of computing roots. Results and inputs named in given are in the buffers given there, which are
// never reused; the others share an array of the machine's own, in which roots keep theirs until the next run. Other inputs are
// read from the memory of the values that they are bound to. With fusing, neighbours that can be one kernel are (see fuse):
// the same results but for rounding, in less time and memory.
func newMachine(device backend.Device, roots []node, given map[node]backend.Buffer, fusing bool) (*machine, error) {
	order, err := schedule(roots)
	if err != nil {
		return nil, err
	}
	if fusing {
		order = fuse(device, order, roots)
	}
	where, err := place(device, order, roots, given)
	if err != nil {
		return nil, err
	}
	m := &machine{device: device, order: order, where: where}
	for i, in := range order {
		op := in.operation(where.buffer)
		op.Scratch = where.scratch[i]
		m.ops = append(m.ops, op)
	}
	return m, nil
}

// RunAll computes every root once.
func (m *machine) RunAll() error {
	if m.program == nil {
		var err error
		if m.program, err = m.device.Record(m.ops); err != nil {
			return err
		}
	}
	return m.program.Run()
}

// Reset does nothing: a run leaves nothing behind that the next one would have to clear.
func (m *machine) Reset() {}

// Close gives the memory back. The device belongs to whoever made it.
func (m *machine) Close() error {
	if m.program != nil {
		m.program.Close()
	}
	m.where.free(m.device)
	*m = machine{}
	return nil
}

// value is a copy of n's value after a run.
func (m *machine) value(n node) ([]float32, error) {
	b := m.where.buffer(n)
	data := make([]float32, b.Len)
	return data, m.device.Download(b, data)
}

// String lists the operations in the order in which they run.
func (m *machine) String() string {
	var b strings.Builder
	for _, in := range m.order {
		fmt.Fprintf(&b, "%s %v\n", in.op, in.op.out)
	}
	return b.String()
}

// instruction is one kernel call: a node that has to be computed, or several of one family.
type instruction struct {
	op      *operation
	results []node // by slot; nil where not needed
	inputs  []node
}

// operation is the instruction for a device, with the buffers of its inputs and results.
func (in instruction) operation(buffer func(node) backend.Buffer) backend.Op {
	op := backend.Op{Kernel: in.op.kernel}
	for _, n := range in.inputs {
		op.In = append(op.In, buffer(n))
	}
	for _, n := range in.results {
		var b backend.Buffer
		if n != nil {
			b = buffer(n)
		}
		op.Out = append(op.Out, b)
	}
	return op
}

// schedule lists what has to be computed for roots, children first: in the order in which the nodes were made, which is the
// network's forward and then gorgonia's walk back through it. That keeps lifetimes short, and is the same every time.
func schedule(roots []node) ([]instruction, error) {
	seen := map[node]bool{}
	var nodes []node
	var visit func(n node)
	visit = func(n node) {
		if seen[n] || isGiven(n) {
			return
		}
		seen[n] = true
		for _, child := range childrenOf(n) {
			visit(child)
		}
		nodes = append(nodes, n)
	}
	for _, r := range roots {
		visit(r)
	}
	slices.SortFunc(nodes, func(a, b node) int { return cmp.Compare(a.ID(), b.ID()) })

	var order []instruction
	families := map[string]int{}
	for _, n := range nodes {
		op, err := operationOf(n)
		if err != nil {
			return nil, err
		}
		inputs := childrenOf(n)
		if op.family != "" {
			key := op.family
			for _, in := range inputs {
				key += fmt.Sprint(" ", in.ID())
			}
			if at, ok := families[key]; ok {
				order[at].results[op.slot] = n
				order[at].op = order[at].op.joined(op)
				continue
			}
			families[key] = len(order)
		}
		in := instruction{op: op, inputs: inputs, results: make([]node, max(1, op.slots))}
		in.results[op.slot] = n
		order = append(order, in)
	}
	return order, nil
}

// isGiven reports whether n is an input or a constant: something that is there before the run.
func isGiven(n node) bool { return n.Op() == nil || n.Value() != nil && len(childrenOf(n)) == 0 }

// joined is the operation that stands for o and another one of its family. Only one of their results can take an input's
// memory over.
func (o *operation) joined(other *operation) *operation {
	joint := *o
	joint.flops = o.flops + other.flops
	if len(o.overwrites) == 0 && len(other.overwrites) > 0 {
		joint.overwrites, joint.slot = other.overwrites, other.slot
	}
	return &joint
}

// childrenOf is the inputs of n in their order.
func childrenOf(n node) []node {
	it := n.Graph().From(n.ID())
	if it == nil {
		return nil
	}
	var children []node
	for it.Next() {
		children = append(children, it.Node().(node))
	}
	return children
}

// operationOf is n's operation: one of ours, or the one of ours that does what a stock operation of gorgonia does. The only
// one of those in our graphs is the sum that gorgonia.Grad makes where a value is used more than once.
func operationOf(n node) (*operation, error) {
	if op, ok := n.Op().(*operation); ok {
		return op, nil
	}
	children := childrenOf(n)
	if strings.HasPrefix(n.Op().String(), "+ ") && len(children) == 2 && slices.Equal(children[0].Shape(), children[1].Shape()) {
		return sum(children[0].Shape()), nil
	}
	return nil, fmt.Errorf("the operation %s cannot be run here", n.Op())
}
