package kernels

// Activation is the function after a layer, by itself or fused into the layer before.
type Activation int

const (
	None  Activation = iota // y = x
	ReLU                    // y = max(x, 0)
	ReLU6                   // y = min(max(x, 0), 6)
)

func (a Activation) String() string {
	return [...]string{"none", "relu", "relu6"}[a]
}

// apply keeps NaN: a comparison with NaN is false, and then x itself is the answer.
func (a Activation) apply(x float32) float32 {
	if a != None {
		if x < 0 {
			return 0
		}
		if a == ReLU6 && x > 6 {
			return 6
		}
	}
	return x
}

// passes reports whether the gradient goes through at the value z before (or after) the activation, as in PyTorch: not at
// 0, not at 6. At NaN it passes, so that it is seen.
func (a Activation) passes(z float32) bool {
	if a == None {
		return true
	}
	return !(z <= 0) && !(a == ReLU6 && z >= 6)
}

// ActivationForward computes y = act(x), element by element; y may be x.
func ActivationForward(p *Pool, act Activation, x, y []float32) {
	if !(len(x) == len(y)) {
		fail("activation: %d inputs, %d outputs", len(x), len(y))
	}
	j := &p.begin().element
	j.act, j.a, j.y = act, x, y
	p.run(activationForwardTile{j}, ceilDiv(len(x), elementTile))
}

type activationForwardTile struct{ *elementJob }

func (j activationForwardTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	x, y, act := j.a[lo:hi], j.y[lo:hi], j.act
	if active != nil {
		active.addAct(x, nil, act, y)
		return
	}
	for i, v := range x {
		y[i] = act.apply(v)
	}
}

// ActivationBackward computes dx = dy where the activation let its input through and 0 elsewhere. z is the activation's
// input or its output: both answer the question. dx may be dy.
func ActivationBackward(p *Pool, act Activation, z, dy, dx []float32) {
	if !(len(z) == len(dy) && len(z) == len(dx)) {
		fail("activation backward: lengths %d, %d, %d", len(z), len(dy), len(dx))
	}
	j := &p.begin().element
	j.act, j.a, j.b, j.y = act, z, dy, dx
	p.run(activationBackwardTile{j}, ceilDiv(len(z), elementTile))
}

type activationBackwardTile struct{ *elementJob }

func (j activationBackwardTile) tile(tile int, _ *workspace) {
	lo, hi := elementRange(tile, len(j.y))
	z, dy, dx, act := j.a[lo:hi], j.b[lo:hi], j.y[lo:hi], j.act
	if active != nil {
		active.actBack(z, dy, act, dx)
		return
	}
	for i, v := range z {
		if act.passes(v) {
			dx[i] = dy[i]
		} else {
			dx[i] = 0
		}
	}
}
