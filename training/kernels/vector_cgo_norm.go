//go:build cgo && (amd64 || arm64)

package kernels

/*
#cgo noescape vf_call_norm_apply
#cgo nocallback vf_call_norm_apply
#cgo noescape vf_call_norm_reduce
#cgo nocallback vf_call_norm_reduce
#cgo noescape vf_call_norm_back
#cgo nocallback vf_call_norm_back
#cgo noescape vf_call_pool_row
#cgo nocallback vf_call_pool_row
#cgo noescape vf_call_pool_gather_row
#cgo nocallback vf_call_pool_gather_row
#cgo noescape vf_call_add_act
#cgo nocallback vf_call_add_act
#cgo noescape vf_call_act_back
#cgo nocallback vf_call_act_back
#cgo noescape vf_call_sgd
#cgo nocallback vf_call_sgd
#cgo noescape vf_call_adam
#cgo nocallback vf_call_adam
#cgo noescape vf_call_dw_forward
#cgo nocallback vf_call_dw_forward
#cgo noescape vf_call_dw_input
#cgo nocallback vf_call_dw_input
#cgo noescape vf_call_dw_weights
#cgo nocallback vf_call_dw_weights
#include "vectors/vector.h"

static void vf_call_norm_apply(const vf_table *t, idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, int act, float *y) { t->norm_apply(rows, c, x, res, scale, shift, act, y); }
static void vf_call_norm_reduce(const vf_table *t, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, int act, int first, float *part) { t->norm_reduce(rows, c, x, y, dy, coef, mean, act, first, part); }
static void vf_call_norm_back(const vf_table *t, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, int act, float *dx, float *dres) { t->norm_back(rows, c, x, y, dy, coef, act, dx, dres); }
static void vf_call_pool_row(const vf_table *t, const vf_pool *s, idx n, idx r, const float *x, const float *scale, const float *shift, float *y, uint8_t *index) { t->pool_row(s, n, r, x, scale, shift, y, index); }
static void vf_call_pool_gather_row(const vf_table *t, const vf_pool *s, idx n, idx h, const float *y, const uint8_t *index, const float *dy, float *dx) { t->pool_gather_row(s, n, h, y, index, dy, dx); }
static void vf_call_add_act(const vf_table *t, idx n, const float *a, const float *b, int act, float *y) { t->add_act(n, a, b, act, y); }
static void vf_call_act_back(const vf_table *t, idx n, const float *z, const float *dy, int act, float *dx) { t->act_back(n, z, dy, act, dx); }
static void vf_call_sgd(const vf_table *t, idx n, float *w, const float *g, float *m, float rate, float momentum, float decay, float scale, int nesterov) { t->sgd(n, w, g, m, rate, momentum, decay, scale, nesterov); }
static void vf_call_adam(const vf_table *t, idx n, float *w, const float *g, float *m, float *v, const float *f, float decay, float shrink) { t->adam(n, w, g, m, v, f, decay, shrink); }
static void vf_call_dw_forward(const vf_table *t, const vf_dw *s, idx r0, idx r1, const float *x, const float *w, const float *bias, const float *res, float *y) { t->dw_forward(s, r0, r1, x, w, bias, res, y); }
static void vf_call_dw_input(const vf_table *t, const vf_dw *s, idx h0, idx h1, const float *dy, const float *w, float *dx) { t->dw_input(s, h0, h1, dy, w, dx); }
static void vf_call_dw_weights(const vf_table *t, const vf_dw *s, idx r0, idx r1, const float *x, const float *dy, float *dw) { t->dw_weights(s, r0, r1, x, dy, dw); }
*/
import "C"

import "unsafe"

func bptr(x []uint8) *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(x))) }

func (v *vector) normApply(rows, c int, x, res, scale, shift []float32, act Activation, y []float32) {
	C.vf_call_norm_apply(v.t, C.idx(rows), C.idx(c), ptr(x), ptr(res), ptr(scale), ptr(shift), C.int(act), ptr(y))
}

func (v *vector) normReduce(rows, c int, x, y, dy, coef, mean []float32, act Activation, first bool, part []float32) {
	C.vf_call_norm_reduce(v.t, C.idx(rows), C.idx(c), ptr(x), ptr(y), ptr(dy), ptr(coef), ptr(mean), C.int(act), cbool(first), ptr(part))
}

func (v *vector) normBack(rows, c int, x, y, dy, coef []float32, act Activation, dx, dres []float32) {
	C.vf_call_norm_back(v.t, C.idx(rows), C.idx(c), ptr(x), ptr(y), ptr(dy), ptr(coef), C.int(act), ptr(dx), ptr(dres))
}

func (s *PoolShape) vf(act Activation) C.vf_pool {
	return C.vf_pool{h: C.idx(s.H), w: C.idx(s.W), c: C.idx(s.C), oh: C.idx(s.OutH()), ow: C.idx(s.OutW()), kh: C.idx(s.KH), kw: C.idx(s.KW), sh: C.idx(s.StrideH), sw: C.idx(s.StrideW), ph: C.idx(s.PadH), pw: C.idx(s.PadW), act: C.int(act)}
}

func (v *vector) poolRow(s *PoolShape, n, r int, x, scale, shift []float32, act Activation, y []float32, index []uint8) {
	c := s.vf(act)
	C.vf_call_pool_row(v.t, &c, C.idx(n), C.idx(r), ptr(x), ptr(scale), ptr(shift), ptr(y), bptr(index))
}

func (v *vector) poolGatherRow(s *PoolShape, n, h int, y []float32, index []uint8, dy []float32, act Activation, dx []float32) {
	c := s.vf(act)
	C.vf_call_pool_gather_row(v.t, &c, C.idx(n), C.idx(h), ptr(y), bptr(index), ptr(dy), ptr(dx))
}

func (v *vector) addAct(a, b []float32, act Activation, y []float32) {
	C.vf_call_add_act(v.t, C.idx(len(y)), ptr(a), ptr(b), C.int(act), ptr(y))
}

func (v *vector) actBack(z, dy []float32, act Activation, dx []float32) {
	C.vf_call_act_back(v.t, C.idx(len(dx)), ptr(z), ptr(dy), C.int(act), ptr(dx))
}

func (v *vector) sgd(w, g, m []float32, rate, momentum, decay, scale float32, nesterov bool) {
	C.vf_call_sgd(v.t, C.idx(len(w)), ptr(w), ptr(g), ptr(m), C.float(rate), C.float(momentum), C.float(decay), C.float(scale), cbool(nesterov))
}

func (v *vector) adam(w, g, m, second, f []float32, decay, shrink float32) {
	C.vf_call_adam(v.t, C.idx(len(w)), ptr(w), ptr(g), ptr(m), ptr(second), ptr(f), C.float(decay), C.float(shrink))
}

func (s *ConvShape) dw(act Activation) C.vf_dw {
	return C.vf_dw{h: C.idx(s.H), w: C.idx(s.W), c: C.idx(s.C), oh: C.idx(s.OutH()), ow: C.idx(s.OutW()), kh: C.idx(s.KH), kw: C.idx(s.KW), sh: C.idx(s.StrideH), sw: C.idx(s.StrideW), ph: C.idx(s.PadH), pw: C.idx(s.PadW), act: C.int(act)}
}

func (v *vector) dwForward(s *ConvShape, r0, r1 int, x, w, bias, res []float32, act Activation, y []float32) {
	c := s.dw(act)
	C.vf_call_dw_forward(v.t, &c, C.idx(r0), C.idx(r1), ptr(x), ptr(w), ptr(bias), ptr(res), ptr(y))
}

// dwInput takes the number of rows of dy apart from s, since it may see a part of an image.
func (v *vector) dwInput(s *ConvShape, oh, h0, h1 int, dy, w, dx []float32) {
	c := s.dw(None)
	c.oh = C.idx(oh)
	C.vf_call_dw_input(v.t, &c, C.idx(h0), C.idx(h1), ptr(dy), ptr(w), ptr(dx))
}

func (v *vector) dwWeights(s *ConvShape, r0, r1 int, x, dy, dw []float32) {
	c := s.dw(None)
	C.vf_call_dw_weights(v.t, &c, C.idx(r0), C.idx(r1), ptr(x), ptr(dy), ptr(dw))
}
