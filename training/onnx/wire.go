package onnx

import (
	"encoding/binary"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// elementType is TensorProto.DataType.
type elementType int

const (
	typeFloat   elementType = 1
	typeUint8   elementType = 2
	typeInt8    elementType = 3
	typeInt64   elementType = 7
	typeFloat16 elementType = 10
)

// message is an encoded protobuf message in the making.
type message []byte

func (m *message) integer(field protowire.Number, v int64) {
	*m = protowire.AppendTag(*m, field, protowire.VarintType)
	*m = protowire.AppendVarint(*m, uint64(v))
}

func (m *message) float(field protowire.Number, v float32) {
	*m = protowire.AppendTag(*m, field, protowire.Fixed32Type)
	*m = protowire.AppendFixed32(*m, math.Float32bits(v))
}

func (m *message) bytes(field protowire.Number, v []byte) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendBytes(*m, v)
}

func (m *message) text(field protowire.Number, v string) {
	*m = protowire.AppendTag(*m, field, protowire.BytesType)
	*m = protowire.AppendString(*m, v)
}

// attribute is a node's AttributeProto.
type attribute struct {
	name  string
	value any // int64, float32, string or []int64
}

func (a attribute) encode() message {
	var m message
	m.text(1, a.name)
	switch v := a.value.(type) {
	case float32:
		m.float(2, v)
		m.integer(20, 1)
	case int64:
		m.integer(3, v)
		m.integer(20, 2)
	case string:
		m.text(4, v)
		m.integer(20, 3)
	case []int64:
		for _, i := range v {
			m.integer(8, i)
		}
		m.integer(20, 7)
	default:
		panic("onnx: an attribute of a kind that is not written")
	}
	return m
}

// tensorProto encodes a TensorProto whose data is raw, little endian.
func tensorProto(name string, kind elementType, shape []int, raw []byte) message {
	var m message
	for _, d := range shape {
		m.integer(1, int64(d))
	}
	m.integer(2, int64(kind))
	m.text(8, name)
	m.bytes(9, raw)
	return m
}

// dimension is one of a value's sizes: a name where it is free.
type dimension struct {
	name string
	size int
}

func fixed(sizes ...int) []dimension {
	all := make([]dimension, len(sizes))
	for i, n := range sizes {
		all[i].size = n
	}
	return all
}

// valueInfo encodes a ValueInfoProto: an input or output of the graph.
func valueInfo(name, doc string, kind elementType, shape []dimension) message {
	var dims message
	for _, d := range shape {
		var one message
		if d.name != "" {
			one.text(2, d.name)
		} else {
			one.integer(1, int64(d.size))
		}
		dims.bytes(1, one)
	}
	var tensor, typ, m message
	tensor.integer(1, int64(kind))
	tensor.bytes(2, dims)
	typ.bytes(1, tensor)
	m.text(1, name)
	m.bytes(2, typ)
	m.text(3, doc)
	return m
}

func rawFloats(values []float32) []byte {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}

func rawInts(values []int64) []byte {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return raw
}
