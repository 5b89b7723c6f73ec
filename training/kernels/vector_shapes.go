package kernels

// gemmShape mirrors vf_gemm.
type gemmShape struct {
	rows, taps, tapStride, run, cols, k0, k1 int
	act                                      Activation
	accumulate                               bool
}

// winoShape mirrors vf_wino.
type winoShape struct {
	m, h, w, c, oh, ow, k, padH, padW, th, tw, t0, t1, k0, k1 int
	act                                                       Activation
}
