package weights

import (
	"encoding/binary"
	"math"
	"strings"
)

// A pickle is a program for a small machine with a stack and a memo. This one knows only what the state dicts of PyTorch need: plain values,
// containers, and four of PyTorch's functions, which it doesn't call but understands. Whatever else a pickle would have Python import and call is
// refused, so nothing of a file is ever run. Source: Python's pickletools and PyTorch's torch/serialization.py.

// What values of a pickle are, beside nil, bool, int, float64 and string.
type (
	pyTuple  []any
	pyList   struct{ items []any }
	pyGlobal string // module.name
	pyMark   struct{}
	// pyDict keeps what has names; other keys are dropped.
	pyDict struct {
		names  []string
		values map[string]any
	}
	// pyStorage is memory that lies outside of the pickle.
	pyStorage struct {
		key, kind string // kind: torch.FloatStorage, ...
		count     int
	}
	// pyTensor is a view of a storage; sides and steps in elements.
	pyTensor struct {
		storage      *pyStorage
		offset       int
		shape, steps []int
	}
)

// maxPickle is how many bytes a pickle may have; those of real networks have 100,000.
const maxPickle = 32 << 20

// unpickler is the machine at work.
type unpickler struct {
	data  []byte
	at    int
	stack []any
	memo  map[int]any
	err   error
}

// unpickle runs the pickle at the beginning of data and returns its value and its length.
func unpickle(data []byte) (value any, length int, err error) {
	u := &unpickler{data: data, memo: map[int]any{}}
	for u.err == nil {
		if u.at >= maxPickle {
			return nil, 0, refuse("its pickle exceeds the limit of %d bytes", maxPickle)
		}
		op := u.byte()
		if u.err == nil && op == '.' {
			value = u.pop()
			break
		}
		u.step(op)
	}
	return value, u.at, u.err
}

func (u *unpickler) fail(format string, args ...any) {
	if u.err == nil {
		u.err = refuse(format, args...)
	}
}

// next is the following n bytes.
func (u *unpickler) next(n int) []byte {
	if u.err != nil || n < 0 || n > len(u.data)-u.at {
		u.fail("its pickle ends in the middle; the file may be truncated")
		return make([]byte, 8)
	}
	u.at += n
	return u.data[u.at-n : u.at]
}

func (u *unpickler) byte() byte { return u.next(1)[0] }
func (u *unpickler) u32() int   { return int(binary.LittleEndian.Uint32(u.next(4))) }

// text is a string of n bytes.
func (u *unpickler) text(n int) string {
	b := u.next(n)
	if u.err != nil {
		return ""
	}
	return string(b)
}

// line is what comes before the next line's end.
func (u *unpickler) line() string {
	end := strings.IndexByte(string(u.data[u.at:min(len(u.data), u.at+1000)]), '\n')
	if end < 0 {
		u.fail("its pickle has a name without end")
		return ""
	}
	s := u.text(end)
	u.at++
	return s
}

func (u *unpickler) push(v any) { u.stack = append(u.stack, v) }

func (u *unpickler) pop() any {
	if len(u.stack) == 0 {
		u.fail("its pickle takes from an empty stack")
		return nil
	}
	v := u.stack[len(u.stack)-1]
	u.stack = u.stack[:len(u.stack)-1]
	return v
}

// marked takes off all down to the last mark.
func (u *unpickler) marked() []any {
	for i := len(u.stack) - 1; i >= 0; i-- {
		if _, ok := u.stack[i].(pyMark); ok {
			items := append([]any(nil), u.stack[i+1:]...)
			u.stack = u.stack[:i]
			return items
		}
	}
	u.fail("its pickle lacks a mark")
	return nil
}

func (u *unpickler) top() any {
	v := u.pop()
	u.push(v)
	return v
}

func (u *unpickler) tuple(n int) {
	items := make(pyTuple, n)
	for i := n - 1; i >= 0; i-- {
		items[i] = u.pop()
	}
	u.push(items)
}

func (u *unpickler) recall(key int) {
	v, ok := u.memo[key]
	if !ok {
		u.fail("its pickle recalls what it never noted")
	}
	u.push(v)
}

func (u *unpickler) step(op byte) {
	switch op {
	case 0x80: // protocol
		if p := u.byte(); p > 5 {
			u.fail("its pickle is of protocol %d, and at most 5 is read", p)
		}
	case 0x95: // frame
		u.next(8)
	case '(':
		u.push(pyMark{})
	case '0':
		u.pop()
	case 'N':
		u.push(nil)
	case 0x88, 0x89:
		u.push(op == 0x88)
	case 'K':
		u.push(int(u.byte()))
	case 'M':
		u.push(int(binary.LittleEndian.Uint16(u.next(2))))
	case 'J':
		u.push(int(int32(u.u32())))
	case 0x8a:
		u.push(long(u.next(int(u.byte()))))
	case 'G':
		u.push(math.Float64frombits(binary.BigEndian.Uint64(u.next(8))))
	case 'X', 'T', 'B':
		u.push(u.text(u.u32()))
	case 0x8c, 'U', 'C':
		u.push(u.text(int(u.byte())))
	default:
		u.structure(op)
	}
}

// long is an integer of any length, as far as it fits.
func long(b []byte) any {
	if len(b) > 8 {
		return string(b)
	}
	v := int64(0)
	for i, x := range b {
		v |= int64(x) << (8 * i)
	}
	if n := len(b); n > 0 && n < 8 && b[n-1] >= 0x80 {
		v -= 1 << (8 * n)
	}
	return int(v)
}

// structure does the steps that make containers, refer to things and call.
func (u *unpickler) structure(op byte) {
	switch op {
	case '}':
		u.push(newDict())
	case ']':
		u.push(&pyList{})
	case ')':
		u.push(pyTuple{})
	case 't':
		u.push(pyTuple(u.marked()))
	case 0x85, 0x86, 0x87:
		u.tuple(int(op - 0x84))
	case 'q':
		u.memo[int(u.byte())] = u.top()
	case 'r':
		u.memo[u.u32()] = u.top()
	case 0x94:
		u.memo[len(u.memo)] = u.top()
	case 'h':
		u.recall(int(u.byte()))
	case 'j':
		u.recall(u.u32())
	case 'c':
		module := u.line()
		u.push(pyGlobal(module + "." + u.line()))
	case 0x93:
		name, _ := u.pop().(string)
		module, _ := u.pop().(string)
		u.push(pyGlobal(module + "." + name))
	case 's':
		value, key := u.pop(), u.pop()
		u.set([]any{key, value})
	case 'u':
		u.set(u.marked())
	case 'a':
		u.extend([]any{u.pop()})
	case 'e':
		u.extend(u.marked())
	case 'Q':
		u.storage()
	case 'R':
		u.call()
	case 'b': // an object's attributes: those of an OrderedDict are not part of the network
		u.pop()
		if _, ok := u.top().(*pyDict); !ok {
			u.fail("its pickle holds an object that is no state dict; save net.state_dict() instead of the network")
		}
	case 0x81, 0x92:
		u.pop()
		u.fail("it would have Python make an object of %q, which is not done; save net.state_dict() instead of the network", name(u.pop()))
	default:
		u.fail("its pickle has the step %#x, which no state dict needs", op)
	}
}

func name(v any) string {
	g, ok := v.(pyGlobal)
	if !ok {
		return "something"
	}
	return string(g)
}

func newDict() *pyDict { return &pyDict{values: map[string]any{}} }

func (u *unpickler) set(pairs []any) {
	d, ok := u.top().(*pyDict)
	if !ok || len(pairs)%2 != 0 {
		u.fail("its pickle sets items of what is no dictionary")
		return
	}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			continue
		}
		if _, there := d.values[key]; !there {
			d.names = append(d.names, key)
		}
		d.values[key] = pairs[i+1]
	}
}

func (u *unpickler) extend(items []any) {
	l, ok := u.top().(*pyList)
	if !ok {
		u.fail("its pickle appends to what is no list")
		return
	}
	l.items = append(l.items, items...)
}

// storage reads a reference to memory: ("storage", kind, key, place, number of elements, ...).
func (u *unpickler) storage() {
	t, _ := u.pop().(pyTuple)
	if len(t) < 5 {
		u.fail("its pickle refers to memory in another way than PyTorch's")
		return
	}
	kind, ok := t[1].(pyGlobal)
	key, text := t[2].(string)
	count, number := t[4].(int)
	if t[0] != "storage" || !ok || !text || !number || count < 0 || count > maxElements {
		u.fail("its pickle refers to memory in another way than PyTorch's")
		return
	}
	u.push(&pyStorage{key: key, kind: string(kind), count: count})
}

// call understands what PyTorch's state dicts have Python call.
func (u *unpickler) call() {
	arguments, _ := u.pop().(pyTuple)
	what := name(u.pop())
	switch what {
	case "collections.OrderedDict":
		d := newDict()
		u.push(d)
		if len(arguments) > 0 {
			if pairs, ok := arguments[0].(*pyList); ok {
				for _, p := range pairs.items {
					if pair, ok := p.(pyTuple); ok && len(pair) == 2 {
						u.set(pair)
					}
				}
			}
		}
	case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
		u.tensor(arguments)
	case "torch._utils._rebuild_parameter":
		if len(arguments) == 0 {
			u.fail("its pickle has a parameter without a tensor")
			return
		}
		u.push(arguments[0])
	case "torch.Size":
		u.push(pyTuple{})
	default:
		u.fail("it would have Python call %q when it is read, which is not done; save net.state_dict() alone", what)
	}
}

// tensor reads (storage, offset, sides, steps, ...).
func (u *unpickler) tensor(a pyTuple) {
	if len(a) < 4 {
		u.fail("its pickle has a tensor that isn't PyTorch's")
		return
	}
	storage, ok := a[0].(*pyStorage)
	offset, number := a[1].(int)
	shape, steps := numbers(a[2]), numbers(a[3])
	if !ok || !number || offset < 0 || shape == nil || steps == nil || len(shape) != len(steps) || len(shape) > 16 {
		u.fail("its pickle has a tensor that isn't PyTorch's")
		return
	}
	u.push(&pyTensor{storage, offset, shape, steps})
}

// numbers is a tuple of numbers from 0 on; nil if it is anything else.
func numbers(v any) []int {
	t, ok := v.(pyTuple)
	if !ok {
		return nil
	}
	all := make([]int, len(t))
	for i, x := range t {
		n, ok := x.(int)
		if !ok || n < 0 || n > 1<<40 {
			return nil
		}
		all[i] = n
	}
	return all
}
