package kernels

// The plain versions of the convolution, and the measure of the others. A tile is a row of the output (forward), a row
// of the input (gradient by the input) or one output channel (gradient by the weights), so no sum crosses tiles.

type referenceForwardRow struct{ *convJob }

func (j referenceForwardRow) tile(tile int, _ *workspace) {
	row := j.shape.OutW() * j.shape.K
	j.referenceRow(tile, j.y[tile*row:][:row])
}

// referenceRow computes a row of the output into y.
func (j *convJob) referenceRow(tile int, y []float32) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	n, r := tile/oh, tile%oh
	cg, kg := s.C/s.Groups, s.K/s.Groups
	for q := range ow {
		out := y[q*s.K:][:s.K]
		for k := range out {
			sum := float32(0)
			g := k / kg
			for a := range s.KH {
				h := r*s.StrideH - s.PadH + a
				if h < 0 || h >= s.H {
					continue
				}
				for b := range s.KW {
					v := q*s.StrideW - s.PadW + b
					if v < 0 || v >= s.W {
						continue
					}
					in := j.x[((n*s.H+h)*s.W+v)*s.C+g*cg:][:cg]
					wt := j.w[(k*cg*s.KH+a)*s.KW+b:]
					for c, xv := range in {
						sum += xv * wt[c*s.KH*s.KW]
					}
				}
			}
			if j.bias != nil {
				sum += j.bias[k]
			}
			out[k] = sum
		}
	}
}

type referenceInputRow struct{ *convJob }

func (j referenceInputRow) tile(tile int, _ *workspace) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	n, h := tile/s.H, tile%s.H
	cg, kg := s.C/s.Groups, s.K/s.Groups
	for v := range s.W {
		out := j.x[((n*s.H+h)*s.W+v)*s.C:][:s.C]
		clear(out)
		for a := range s.KH {
			r := h + s.PadH - a
			if r < 0 || r%s.StrideH != 0 || r/s.StrideH >= oh {
				continue
			}
			r /= s.StrideH
			for b := range s.KW {
				q := v + s.PadW - b
				if q < 0 || q%s.StrideW != 0 || q/s.StrideW >= ow {
					continue
				}
				q /= s.StrideW
				dy := j.y[((n*oh+r)*ow+q)*s.K:][:s.K]
				for k, d := range dy {
					wt := j.w[(k*cg*s.KH+a)*s.KW+b:]
					dst := out[k/kg*cg:][:cg]
					for c := range dst {
						dst[c] += d * wt[c*s.KH*s.KW]
					}
				}
			}
		}
	}
}

type referenceWeightsChannel struct{ *gradJob }

func (j referenceWeightsChannel) tile(k int, _ *workspace) {
	s := &j.shape
	oh, ow := s.OutH(), s.OutW()
	cg, kg := s.C/s.Groups, s.K/s.Groups
	dw := j.dw[k*cg*s.KH*s.KW:][:cg*s.KH*s.KW]
	clear(dw)
	g, bias := k/kg, float32(0)
	for n := range s.N {
		for r := range oh {
			for q := range ow {
				d := j.dy[((n*oh+r)*ow+q)*s.K+k]
				bias += d
				for a := range s.KH {
					h := r*s.StrideH - s.PadH + a
					if h < 0 || h >= s.H {
						continue
					}
					for b := range s.KW {
						v := q*s.StrideW - s.PadW + b
						if v < 0 || v >= s.W {
							continue
						}
						in := j.x[((n*s.H+h)*s.W+v)*s.C+g*cg:][:cg]
						for c, xv := range in {
							dw[(c*s.KH+a)*s.KW+b] += d * xv
						}
					}
				}
			}
		}
	}
	if j.dbias != nil {
		j.dbias[k] = bias
	}
}
