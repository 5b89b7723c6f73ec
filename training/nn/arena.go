package nn

import (
	"cmp"
	"fmt"
	"slices"

	"viewfinder/training/kernels"
)

// places says where the memory of each result lies.
type places struct {
	given   map[node][]float32 // of inputs, constants and pinned results
	blocks  map[node]*block
	arena   []float32
	scratch [][]float32 // of each instruction
}

// block is a piece of the arena and the instructions between which it is in use, both included.
type block struct {
	size        int // float32
	first, last int
	offset      int
}

const blockAlignment = 16 // float32: one cache line of 64 bytes

// place gives every result of order its memory. A result lives from its instruction to its last use (a root to the end);
// where an operation can write over an input that isn't needed afterwards, both are one block. Blocks are then laid into one
// array, the largest first, each as low as the blocks that live at the same time allow ("greedy by size" of Pisarchyk and
// Lee, "Efficient memory management for deep neural net inference", 2020).
func place(order []instruction, roots []node, pinned map[node][]float32) (*places, error) {
	p := &places{given: map[node][]float32{}, blocks: map[node]*block{}, scratch: make([][]float32, len(order))}
	last := map[node]int{}
	for i, in := range order {
		for _, child := range in.inputs {
			last[child] = i
		}
	}
	for _, r := range roots {
		last[r] = len(order)
	}
	for n, memory := range pinned {
		p.given[n] = memory
	}
	var blocks []*block
	for i, in := range order {
		for _, child := range in.inputs {
			if err := p.bindInput(child); err != nil {
				return nil, err
			}
		}
		for slot, n := range in.results {
			if n == nil || p.given[n] != nil {
				continue
			}
			b := p.takeOver(in, slot, i, last)
			if b == nil {
				b = &block{size: nodeSize(n), first: i}
				blocks = append(blocks, b)
			}
			b.last = max(i, last[n])
			p.blocks[n] = b
		}
	}
	scratch := make([]*block, len(order))
	for i, in := range order {
		scratch[i] = &block{size: in.op.scratch + in.op.spare, first: i, last: i}
		blocks = append(blocks, scratch[i])
	}
	p.arena = kernels.Aligned(layOut(blocks))
	for i, b := range scratch {
		p.scratch[i] = p.arena[b.offset : b.offset+b.size : b.offset+b.size]
	}
	return p, nil
}

func nodeSize(n node) int {
	if n.IsScalar() {
		return 1
	}
	return elements(n.Shape())
}

// takeOver finds an input of instruction i whose block the result of slot can have, or nil.
func (p *places) takeOver(in instruction, slot, i int, last map[node]int) *block {
	if slot != in.op.slot {
		return nil
	}
	for _, k := range in.op.overwrites {
		child := in.inputs[k]
		uses := 0
		for _, c := range in.inputs {
			if c == child {
				uses++
			}
		}
		if b := p.blocks[child]; b != nil && last[child] == i && b.last == i && uses == 1 && b.size == nodeSize(in.results[slot]) {
			return b
		}
	}
	return nil
}

// bindInput notes the memory of n if it isn't computed but given.
func (p *places) bindInput(n node) error {
	if p.given[n] != nil || p.blocks[n] != nil {
		return nil
	}
	if n.Value() == nil {
		return fmt.Errorf("%w: %s", errNoValue, n.Name())
	}
	data, err := floatsOf(n.Value())
	if err != nil {
		return fmt.Errorf("input %s: %w", n.Name(), err)
	}
	p.given[n] = data
	return nil
}

// memory is where n's value lies, nil if it is neither read nor computed.
func (p *places) memory(n node) []float32 {
	if data, ok := p.given[n]; ok {
		return data
	}
	b := p.blocks[n]
	if b == nil {
		return nil
	}
	return p.arena[b.offset : b.offset+b.size : b.offset+b.size]
}

// layOut sets the blocks' offsets and returns the length of the array that holds them.
func layOut(blocks []*block) int {
	sorted := slices.Clone(blocks)
	slices.SortStableFunc(sorted, func(a, b *block) int { return cmp.Compare(b.size, a.size) })
	var placed []*block // by offset
	total := 0
	for _, b := range sorted {
		if b.size == 0 {
			continue
		}
		offset := 0
		for _, other := range placed {
			if other.last < b.first || b.last < other.first {
				continue
			}
			if offset+b.size <= other.offset {
				break
			}
			offset = max(offset, roundUp(other.offset+other.size, blockAlignment))
		}
		b.offset = offset
		at, _ := slices.BinarySearchFunc(placed, b, func(x, y *block) int { return cmp.Compare(x.offset, y.offset) })
		placed = slices.Insert(placed, at, b)
		total = max(total, offset+b.size)
	}
	return total
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

func alignedFloats(n int) []float32 { return kernels.Aligned(n) }
