package nn

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"gorgonia.org/gorgonia"

	"viewfinder/training/kernels"
)

// machine runs a graph of the package's operations. It implements gorgonia.VM. Everything is settled when it is made: the
// order of the work, where in one array each result lies (see place), which operations share a kernel and which may write
// over an input; a run only calls the kernels, one after the other, and allocates nothing.
type machine struct {
	steps []step
	arena []float32
	where *places
	// elapsed collects the time of each step while it is not nil.
	elapsed []time.Duration
}

// step is one instruction with the memory that it works on.
type step struct {
	instruction
	call call
}

var _ gorgonia.VM = (*machine)(nil)

// sharedPool is what operations run on when gorgonia's own machines call them.
var sharedPool = sync.OnceValue(func() *kernels.Pool { return kernels.NewPool(0) })

var errNoValue = errors.New("an input has no value")

// newMachine plans the work of computing roots. Results named in pinned are written to the memory given there, which is
// never reused; the others share an array of the machine's own, in which roots keep theirs until the next run. Inputs are
// read from the memory of the values that they are bound to. With fusing, neighbours that can be one kernel are (see fuse):
// the same results but for rounding, in less time and memory.
func newMachine(pool *kernels.Pool, roots []node, pinned map[node][]float32, fusing bool) (*machine, error) {
	order, err := schedule(roots)
	if err != nil {
		return nil, err
	}
	if fusing {
		order = fuse(order, roots)
	}
	where, err := place(order, roots, pinned)
	if err != nil {
		return nil, err
	}
	m := &machine{arena: where.arena, where: where}
	for i, in := range order {
		s := step{instruction: in}
		s.call = call{pool: pool, scratch: where.scratch[i]}
		for _, n := range in.results {
			var out []float32
			if n != nil {
				out = where.memory(n)
			}
			s.call.outs = append(s.call.outs, out)
		}
		for _, n := range in.inputs {
			s.call.in = append(s.call.in, where.memory(n))
		}
		m.steps = append(m.steps, s)
	}
	return m, nil
}

// RunAll computes every root once. It doesn't fail: what can go wrong is found when the machine is made.
func (m *machine) RunAll() error {
	for i := range m.steps {
		s := &m.steps[i]
		if m.elapsed != nil {
			start := time.Now()
			s.op.run(&s.call)
			m.elapsed[i] += time.Since(start)
			continue
		}
		s.op.run(&s.call)
	}
	return nil
}

// Reset does nothing: a run leaves nothing behind that the next one would have to clear.
func (m *machine) Reset() {}

// Close gives the memory back. The pool belongs to whoever made it.
func (m *machine) Close() error {
	m.steps, m.arena, m.where = nil, nil, nil
	return nil
}

// value is the memory of n, valid until the next run; nil if the machine neither reads nor computes it.
func (m *machine) value(n node) []float32 { return m.where.memory(n) }

// String lists the operations in the order in which they run.
func (m *machine) String() string {
	var b strings.Builder
	for _, s := range m.steps {
		fmt.Fprintf(&b, "%s %v\n", s.op, s.op.out)
	}
	return b.String()
}

// instruction is one kernel call: a node that has to be computed, or several of one family.
type instruction struct {
	op      *operation
	results []node // by slot; nil where not needed
	inputs  []node
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

// isGiven tells whether n is an input or a constant: something that is there before the run.
func isGiven(n node) bool { return n.Op() == nil || n.Value() != nil && len(childrenOf(n)) == 0 }

// joined is the operation that stands for o and another one of its family. Only one of their results can take an input's
// memory over.
func (o *operation) joined(other *operation) *operation {
	joint := *o
	joint.scratch, joint.spare = max(o.scratch, other.scratch), 0
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
