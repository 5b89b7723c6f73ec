package onnx

import "fmt"

// graph collects nodes and initializers. Its methods return the names of results.
type graph struct {
	nodes, initializers []message
	inputs, outputs     []message
	constants           map[string]string // by content, so that each is written once
	count               int
}

func newGraph() *graph { return &graph{constants: map[string]string{}} }

// op adds a node with one result.
func (g *graph) op(kind string, inputs []string, attributes ...attribute) string {
	g.count++
	out := fmt.Sprintf("%s_%d", kind, g.count)
	g.node(kind, inputs, []string{out}, attributes...)
	return out
}

// node adds a node whose results have the given names.
func (g *graph) node(kind string, inputs, outputs []string, attributes ...attribute) {
	var m message
	for _, in := range inputs {
		m.text(1, in)
	}
	for _, out := range outputs {
		m.text(2, out)
	}
	m.text(3, "node_"+outputs[0])
	m.text(4, kind)
	for _, a := range attributes {
		m.bytes(5, a.encode())
	}
	g.nodes = append(g.nodes, m)
}

// named gives a value the name of an output of the graph.
func (g *graph) named(value, name string) { g.node("Identity", []string{value}, []string{name}) }

// initializer adds a tensor called name.
func (g *graph) initializer(name string, kind elementType, shape []int, raw []byte) string {
	g.initializers = append(g.initializers, tensorProto(name, kind, shape, raw))
	return name
}

// constant adds a small tensor, once for each content.
func (g *graph) constant(kind elementType, shape []int, raw []byte) string {
	key := fmt.Sprint(kind, shape, raw)
	if name, ok := g.constants[key]; ok {
		return name
	}
	name := fmt.Sprintf("constant_%d", len(g.constants)+1)
	g.constants[key] = g.initializer(name, kind, shape, raw)
	return name
}

// ints is a constant vector, scalarInt a constant without axes.
func (g *graph) ints(values ...int64) string {
	return g.constant(typeInt64, []int{len(values)}, rawInts(values))
}

func (g *graph) scalarInt(v int64) string { return g.constant(typeInt64, nil, rawInts([]int64{v})) }

// float is a constant without axes, floats one of a shape.
func (g *graph) float(v float32) string {
	return g.constant(typeFloat, nil, rawFloats([]float32{v}))
}

func (g *graph) floats(shape []int, values ...float32) string {
	return g.constant(typeFloat, shape, rawFloats(values))
}

func (g *graph) add(a, b string) string { return g.op("Add", []string{a, b}) }
func (g *graph) sub(a, b string) string { return g.op("Sub", []string{a, b}) }
func (g *graph) mul(a, b string) string { return g.op("Mul", []string{a, b}) }
func (g *graph) div(a, b string) string { return g.op("Div", []string{a, b}) }

// round is the nearest whole number, halves upwards.
func (g *graph) round(x string) string { return g.op("Floor", []string{g.add(x, g.float(0.5))}) }

// cast changes the type of elements.
func (g *graph) cast(x string, to elementType) string {
	return g.op("Cast", []string{x}, attribute{"to", int64(to)})
}

// clip is x between two constants.
func (g *graph) clip(x string, lo, hi float32) string {
	return g.op("Clip", []string{x, g.float(lo), g.float(hi)})
}

// slice is the part from (inclusive) to (exclusive) of x along an axis.
func (g *graph) slice(x string, axis, from, to int64) string {
	return g.op("Slice", []string{x, g.ints(from), g.ints(to), g.ints(axis)})
}

func (g *graph) reshape(x string, shape ...int64) string {
	return g.op("Reshape", []string{x, g.ints(shape...)})
}

func (g *graph) transpose(x string, order ...int64) string {
	return g.op("Transpose", []string{x}, attribute{"perm", order})
}

func (g *graph) concat(axis int64, parts ...string) string {
	return g.op("Concat", parts, attribute{"axis", axis})
}

func (g *graph) unsqueeze(x string, axes ...int64) string {
	return g.op("Unsqueeze", []string{x, g.ints(axes...)})
}

// encode is the GraphProto.
func (g *graph) encode(name string) message {
	var m message
	for _, n := range g.nodes {
		m.bytes(1, n)
	}
	m.text(2, name)
	for _, t := range g.initializers {
		m.bytes(5, t)
	}
	for _, v := range g.inputs {
		m.bytes(11, v)
	}
	for _, v := range g.outputs {
		m.bytes(12, v)
	}
	return m
}
