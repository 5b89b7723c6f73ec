package kernels

// Resolve replaces Auto forms by those the rule picks; forms that the shape (or plain Go) does not have become Direct. The
// result can be recorded and set again, so that a run is repeated to the bit.
func (s ConvShape) Resolve() ConvShape {
	s.Forms = Forms{s.form(s.Forms.Forward, false), s.form(s.Forms.Input, false), s.form(s.Forms.Weights, true)}
	return s
}

// form resolves one form. The rule: the Winograd form that multiplies least, counting the parts of tiles that stick out
// of the image, where it spares enough to pay for its transforms.
func (s ConvShape) form(f Form, weights bool) Form {
	if active == nil || !s.winogradFits() {
		return Direct
	}
	if f != Auto {
		return f
	}
	best, cost := Direct, float64(9*s.OutH()*s.OutW())
	for _, f := range [...]Form{Winograd4, Winograd3, Winograd2} {
		m := f.winoTile()
		tiles := float64(ceilDiv(s.OutH(), m) * ceilDiv(s.OutW(), m))
		n2 := float64((m + 2) * (m + 2))
		// A transform costs about as much as this many multiplications a channel and position.
		c := tiles * n2 * (1 + 9/float64(s.C) + 9/float64(s.K))
		if c < cost {
			best, cost = f, c
		}
	}
	return best
}
