// The interface between Go and the vector kernels. One table of functions for each instruction set; every table is the
// same source (*.h) compiled for another vector width.
#ifndef VIEWFINDER_VECTOR_H
#define VIEWFINDER_VECTOR_H

#include <stddef.h>
#include <stdint.h>

typedef ptrdiff_t idx;

// vf_gemm is a block of an implicit matrix product: rows of A found by offsets, weights packed in blocks of nr columns.
typedef struct {
	idx rows;       // how many rows (pixels)
	idx taps;       // runs of contiguous values that make up a row
	idx tap_stride; // floats between the starts of two runs
	idx run;        // values in a run
	idx cols;       // output columns (channels)
	idx k0, k1;     // range of column blocks to compute
	int act;        // 0 none, 1 ReLU, 2 ReLU6
	int accumulate;
} vf_gemm;

// vf_wino is a 3x3 convolution of stride 1 in Winograd form with output tiles m x m.
typedef struct {
	idx m;          // 2, 3 or 4
	idx h, w, c;    // input
	idx oh, ow, k;  // output
	idx pad_h, pad_w;
	idx th, tw;     // tiles down and across an image
	idx t0, t1;     // range of tiles, counted over the batch
	idx k0, k1;     // range of output channels, k0 a multiple of 4*nr
	int act;
} vf_wino;

// vf_pool is a pooling.
typedef struct {
	idx h, w, c, oh, ow, kh, kw, sh, sw, ph, pw;
	int act;
} vf_pool;

// vf_dw is a depthwise convolution.
typedef vf_pool vf_dw;

typedef struct {
	idx vw, mr, nr;
	double (*peak)(idx rounds);
	void (*pack_oihw)(idx cg, idx taps, idx k0, idx k1, idx kend, const float *w, const float *scale, float *out);
	void (*gemm)(const vf_gemm *g, const float *a, const int32_t *aoff, const float *w, const float *bias, const float *res, float *y, const int32_t *yoff);
	void (*stats)(idx rows, idx c, const float *y, const int32_t *yoff, float *part);
	void (*wino_weights)(idx m, idx c, idx k, idx kb0, idx kb1, int flip, const float *w, const float *scale, float *u);
	void (*wino_forward)(const vf_wino *s, const float *x, const float *zeros, const float *u, const float *bias, const float *res, float *v, float *mm, float *y, float *part, int32_t *off);
	void (*wino_grad_in)(const vf_wino *s, idx at, idx chunk, const float *x, const float *dy, const float *zeros, float *v, float *d);
	void (*wino_grad_mul)(idx tiles, idx chunk, idx c, idx k, idx pos, idx cb, int first, const float *v, const float *d, float *du);
	void (*wino_grad_out)(idx m, idx c, idx k, idx c0, idx c1, const float *du, float *dw);
	void (*outer)(idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, idx panels, idx b_panel, int first, const float *a, const float *b, float *out, idx ldo);
	void (*outer_plain)(idx px, idx c, idx k, int first, const float *x, const float *dy, float *sums, idx ldo);
	void (*panel)(idx px, idx c, idx a_px, idx b_panel, const float *a, float *b);
	void (*norm_apply)(idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, int act, float *y);
	void (*norm_reduce)(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, int act, int first, float *part);
	void (*norm_back)(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, int act, float *dx, float *dres);
	void (*pool_row)(const vf_pool *s, idx n, idx r, const float *x, const float *scale, const float *shift, float *y, uint8_t *index);
	void (*pool_gather_row)(const vf_pool *s, idx n, idx h, const float *y, const uint8_t *index, const float *dy, float *dx);
	void (*add_act)(idx n, const float *a, const float *b, int act, float *y);
	void (*act_back)(idx n, const float *z, const float *dy, int act, float *dx);
	void (*sgd)(idx n, float *w, const float *g, float *m, float rate, float momentum, float decay, float scale, int nesterov);
	void (*adam)(idx n, float *w, const float *g, float *m, float *v, const float *f, float decay, float shrink);
	void (*dw_forward)(const vf_dw *s, idx r0, idx r1, const float *x, const float *w, const float *bias, const float *res, float *y);
	void (*dw_input)(const vf_dw *s, idx h0, idx h1, const float *dy, const float *w, float *dx);
	void (*dw_weights)(const vf_dw *s, idx r0, idx r1, const float *x, const float *dy, float *dw);
} vf_table;

const vf_table *vf_avx2(void);
const vf_table *vf_avx512(void);
const vf_table *vf_neon(void);

#endif
