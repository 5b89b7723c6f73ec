package nn

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"viewfinder/training/backend"
	"viewfinder/training/kernels"
)

// places is where the memory of each result lies.
type places struct {
	given   map[node]backend.Buffer // of inputs, constants and results that are kept
	own     []backend.Buffer        // of given, what was made here
	blocks  map[node]*block
	arena   backend.Buffer
	scratch []backend.Buffer // of each instruction
}

// block is a piece of the arena and the instructions between which it is in use, both included.
type block struct {
	size        int // float32
	first, last int
	offset      int
}

// place gives every result of order its memory. A result lives from its instruction to its last use (a root to the end);
// where an operation can write over an input that isn't needed afterwards, both are one block. Blocks are then laid into one
// array, the largest first, each as low as the blocks that live at the same time allow ("greedy by size" of Pisarchyk and
// Lee, "Efficient memory management for deep neural net inference", 2020).
func place(device backend.Device, order []instruction, roots []node, given map[node]backend.Buffer) (*places, error) {
	p := &places{given: map[node]backend.Buffer{}, blocks: map[node]*block{}, scratch: make([]backend.Buffer, len(order))}
	last := map[node]int{}
	for i, in := range order {
		for _, child := range in.inputs {
			last[child] = i
		}
	}
	for _, r := range roots {
		last[r] = len(order)
	}
	maps.Copy(p.given, given)
	var blocks []*block
	for i, in := range order {
		for _, child := range in.inputs {
			if err := p.bindInput(device, child); err != nil {
				return nil, err
			}
		}
		for slot, n := range in.results {
			if n == nil || !p.given[n].None() {
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
		size, err := device.Scratch(in.operation(func(n node) backend.Buffer { return backend.Buffer{Len: nodeSize(n)} }))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", in.op, err)
		}
		scratch[i] = &block{size: size, first: i, last: i}
		blocks = append(blocks, scratch[i])
	}
	var err error
	if p.arena, err = device.Allocate(layOut(blocks, device.Alignment())); err != nil {
		return nil, err
	}
	for i, b := range scratch {
		p.scratch[i] = p.arena.Part(b.offset, b.size)
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

// bindInput notes the memory of n if it isn't computed but a value that the host gives: a constant.
func (p *places) bindInput(device backend.Device, n node) error {
	if !p.given[n].None() || p.blocks[n] != nil {
		return nil
	}
	if n.Value() == nil {
		return fmt.Errorf("%w: %s", errNoValue, n.Name())
	}
	data, err := floatsOf(n.Value())
	if err != nil {
		return fmt.Errorf("input %s: %w", n.Name(), err)
	}
	b, err := device.Share(data)
	if err != nil {
		return err
	}
	p.given[n], p.own = b, append(p.own, b)
	return device.Upload(b, data)
}

// buffer is where n's value lies, none if it is neither read nor computed.
func (p *places) buffer(n node) backend.Buffer {
	if b, ok := p.given[n]; ok {
		return b
	}
	b := p.blocks[n]
	if b == nil {
		return backend.Buffer{}
	}
	return p.arena.Part(b.offset, b.size)
}

// free gives back what was made here.
func (p *places) free(device backend.Device) {
	device.Free(p.arena)
	for _, b := range p.own {
		device.Free(b)
	}
}

// layOut sets the blocks' offsets, multiples of alignment, and returns the length of the array that holds them.
func layOut(blocks []*block, alignment int) int {
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
			offset = max(offset, roundUp(other.offset+other.size, alignment))
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
