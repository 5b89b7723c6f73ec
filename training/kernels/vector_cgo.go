//go:build cgo && (amd64 || arm64)

package kernels

/*
#cgo CFLAGS: -O3
#cgo noescape vf_call_gemm
#cgo nocallback vf_call_gemm
#cgo noescape vf_call_pack
#cgo nocallback vf_call_pack
#cgo noescape vf_call_stats
#cgo nocallback vf_call_stats
#cgo noescape vf_call_wino_weights
#cgo nocallback vf_call_wino_weights
#cgo noescape vf_call_wino_forward
#cgo nocallback vf_call_wino_forward
#cgo noescape vf_call_wino_grad_in
#cgo nocallback vf_call_wino_grad_in
#cgo noescape vf_call_wino_grad_mul
#cgo nocallback vf_call_wino_grad_mul
#cgo noescape vf_call_wino_grad_out
#cgo nocallback vf_call_wino_grad_out
#cgo noescape vf_call_outer
#cgo nocallback vf_call_outer
#cgo noescape vf_call_outer_plain
#cgo nocallback vf_call_outer_plain
#cgo noescape vf_call_panel
#cgo nocallback vf_call_panel
#include "vectors/vector.h"

static double vf_call_peak(const vf_table *t, idx rounds) { return t->peak(rounds); }
static void vf_call_gemm(const vf_table *t, const vf_gemm *g, const float *a, const int32_t *aoff, const float *w, const float *bias, const float *res, float *y, const int32_t *yoff) { t->gemm(g, a, aoff, w, bias, res, y, yoff); }
static void vf_call_pack(const vf_table *t, idx cg, idx taps, idx k0, idx k1, idx kend, const float *w, const float *scale, float *out) { t->pack_oihw(cg, taps, k0, k1, kend, w, scale, out); }
static void vf_call_stats(const vf_table *t, idx rows, idx c, const float *y, const int32_t *yoff, float *part) { t->stats(rows, c, y, yoff, part); }
static void vf_call_wino_weights(const vf_table *t, idx m, idx c, idx k, idx kb0, idx kb1, int flip, const float *w, const float *scale, float *u) { t->wino_weights(m, c, k, kb0, kb1, flip, w, scale, u); }
static void vf_call_wino_forward(const vf_table *t, const vf_wino *s, const float *x, const float *zeros, const float *u, const float *bias, const float *res, float *v, float *mm, float *y, float *part, int32_t *off) { t->wino_forward(s, x, zeros, u, bias, res, v, mm, y, part, off); }
static void vf_call_wino_grad_in(const vf_table *t, const vf_wino *s, idx at, idx chunk, const float *x, const float *dy, const float *zeros, float *v, float *d) { t->wino_grad_in(s, at, chunk, x, dy, zeros, v, d); }
static void vf_call_wino_grad_mul(const vf_table *t, idx tiles, idx chunk, idx c, idx k, idx pos, idx cb, int first, const float *v, const float *d, float *du) { t->wino_grad_mul(tiles, chunk, c, k, pos, cb, first, v, d, du); }
static void vf_call_wino_grad_out(const vf_table *t, idx m, idx c, idx k, idx c0, idx c1, const float *du, float *dw) { t->wino_grad_out(m, c, k, c0, c1, du, dw); }
static void vf_call_outer(const vf_table *t, idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, idx panels, idx b_panel, int first, const float *a, const float *b, float *out, idx ldo) { t->outer(imgs, rows, px, a_img, a_row, a_px, b_img, b_row, m, panels, b_panel, first, a, b, out, ldo); }
static void vf_call_outer_plain(const vf_table *t, idx px, idx c, idx k, int first, const float *x, const float *dy, float *sums, idx ldo) { t->outer_plain(px, c, k, first, x, dy, sums, ldo); }
static void vf_call_panel(const vf_table *t, idx px, idx c, idx a_px, idx b_panel, const float *a, float *b) { t->panel(px, c, a_px, b_panel, a, b); }
*/
import "C"

import "unsafe"

// vector is one set of vector kernels.
type vector struct {
	name       string
	vw, mr, nr int
	t          *C.vf_table
}

func newVector(name string, table unsafe.Pointer) *vector {
	t := (*C.vf_table)(table)
	return &vector{name: name, vw: int(t.vw), mr: int(t.mr), nr: int(t.nr), t: t}
}

func ptr(x []float32) *C.float { return (*C.float)(unsafe.Pointer(unsafe.SliceData(x))) }

func iptr(x []int32) *C.int32_t { return (*C.int32_t)(unsafe.Pointer(unsafe.SliceData(x))) }

func cbool(b bool) C.int {
	if b {
		return 1
	}
	return 0
}

func (v *vector) peak(rounds int) float64 { return float64(C.vf_call_peak(v.t, C.idx(rounds))) }

func (v *vector) gemm(g gemmShape, a []float32, aoff []int32, w, bias, res, y []float32, yoff []int32) {
	c := C.vf_gemm{rows: C.idx(g.rows), taps: C.idx(g.taps), tap_stride: C.idx(g.tapStride), run: C.idx(g.run), cols: C.idx(g.cols), k0: C.idx(g.k0), k1: C.idx(g.k1), act: C.int(g.act), accumulate: cbool(g.accumulate)}
	C.vf_call_gemm(v.t, &c, ptr(a), iptr(aoff), ptr(w), ptr(bias), ptr(res), ptr(y), iptr(yoff))
}

func (v *vector) pack(cg, taps, k0, k1, k int, w, scale, out []float32) {
	C.vf_call_pack(v.t, C.idx(cg), C.idx(taps), C.idx(k0), C.idx(k1), C.idx(k), ptr(w), ptr(scale), ptr(out))
}

func (v *vector) stats(rows, c int, y []float32, yoff []int32, part []float32) {
	C.vf_call_stats(v.t, C.idx(rows), C.idx(c), ptr(y), iptr(yoff), ptr(part))
}

func (v *vector) statsRows(rows, c int, x, part []float32) {
	C.vf_call_stats(v.t, C.idx(rows), C.idx(c), ptr(x), nil, ptr(part))
}

func (s *winoShape) vf() C.vf_wino {
	return C.vf_wino{m: C.idx(s.m), h: C.idx(s.h), w: C.idx(s.w), c: C.idx(s.c), oh: C.idx(s.oh), ow: C.idx(s.ow), k: C.idx(s.k), pad_h: C.idx(s.padH), pad_w: C.idx(s.padW), th: C.idx(s.th), tw: C.idx(s.tw), t0: C.idx(s.t0), t1: C.idx(s.t1), k0: C.idx(s.k0), k1: C.idx(s.k1), act: C.int(s.act)}
}

func (v *vector) winoWeights(m, c, k, kb0, kb1 int, flip bool, w, scale, u []float32) {
	C.vf_call_wino_weights(v.t, C.idx(m), C.idx(c), C.idx(k), C.idx(kb0), C.idx(kb1), cbool(flip), ptr(w), ptr(scale), ptr(u))
}

func (v *vector) winoForward(s *winoShape, x, zeros, u, bias, res, vbuf, mbuf, y, part []float32, off []int32) {
	c := s.vf()
	C.vf_call_wino_forward(v.t, &c, ptr(x), ptr(zeros), ptr(u), ptr(bias), ptr(res), ptr(vbuf), ptr(mbuf), ptr(y), ptr(part), iptr(off))
}

func (v *vector) winoGradIn(s *winoShape, at, chunk int, x, dy, zeros, vbuf, d []float32) {
	c := s.vf()
	C.vf_call_wino_grad_in(v.t, &c, C.idx(at), C.idx(chunk), ptr(x), ptr(dy), ptr(zeros), ptr(vbuf), ptr(d))
}

func (v *vector) winoGradMul(tiles, chunk, c, k, pos, cb int, first bool, vbuf, d, du []float32) {
	C.vf_call_wino_grad_mul(v.t, C.idx(tiles), C.idx(chunk), C.idx(c), C.idx(k), C.idx(pos), C.idx(cb), cbool(first), ptr(vbuf), ptr(d), ptr(du))
}

func (v *vector) winoGradOut(m, c, k, c0, c1 int, du, dw []float32) {
	C.vf_call_wino_grad_out(v.t, C.idx(m), C.idx(c), C.idx(k), C.idx(c0), C.idx(c1), ptr(du), ptr(dw))
}

func (v *vector) outer(imgs, rows, px, aImg, aRow, aPx, bImg, bRow, m, panels, bPanel int, first bool, a, b, out []float32, ldo int) {
	C.vf_call_outer(v.t, C.idx(imgs), C.idx(rows), C.idx(px), C.idx(aImg), C.idx(aRow), C.idx(aPx), C.idx(bImg), C.idx(bRow), C.idx(m), C.idx(panels), C.idx(bPanel), cbool(first), ptr(a), ptr(b), ptr(out), C.idx(ldo))
}

func (v *vector) panel(px, c, aPx, bPanel int, a, b []float32) {
	C.vf_call_panel(v.t, C.idx(px), C.idx(c), C.idx(aPx), C.idx(bPanel), ptr(a), ptr(b))
}

func (v *vector) outerPlain(px, c, k int, first bool, x, dy, sums []float32, ldo int) {
	C.vf_call_outer_plain(v.t, C.idx(px), C.idx(c), C.idx(k), cbool(first), ptr(x), ptr(dy), ptr(sums), C.idx(ldo))
}
