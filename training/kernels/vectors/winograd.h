// Included once for each instruction set, after base.h.
// Winograd's minimal filtering for 3x3 convolutions (Lavin, Gray 2015): F(m x m, 3x3) with m = 2, 3, 4. The four
// one-dimensional transforms are the transposes of one another; points 0, 1, -1, (2, (-2,)) infinity.

// Arrays of positions are WINO_PAD floats longer than they need be, so that the same place of all positions does not fall
// into one set of the cache.
#define WINO_PAD 16

// in: n = m+2 values of input -> n. d and o step ds and os vectors.
INL void t_in(const int m, const vf *d, const int ds, vf *o, const int os) {
	vf d0 = d[0], d1 = d[ds], d2 = d[2 * ds], d3 = d[3 * ds];
	if (m == 2) {
		o[0] = d0 - d2;
		o[os] = d1 + d2;
		o[2 * os] = d2 - d1;
		o[3 * os] = d3 - d1;
	} else if (m == 3) {
		vf d4 = d[4 * ds];
		o[0] = 2 * d0 - d1 - 2 * d2 + d3;
		o[os] = d3 - d2 - 2 * d1;
		o[2 * os] = 2 * d1 - 3 * d2 + d3;
		o[3 * os] = d3 - d1;
		o[4 * os] = 2 * d1 - d2 - 2 * d3 + d4;
	} else {
		vf d4 = d[4 * ds], d5 = d[5 * ds];
		vf a = d4 - 4 * d2, b = d3 - 4 * d1, c = d4 - d2, e = 2 * (d3 - d1);
		o[0] = 4 * d0 - 5 * d2 + d4;
		o[os] = a + b;
		o[2 * os] = a - b;
		o[3 * os] = c + e;
		o[4 * os] = c - e;
		o[5 * os] = 4 * d1 - 5 * d3 + d5;
	}
}

// out: n values -> m of output.
INL void t_out(const int m, const vf *d, const int ds, vf *o, const int os) {
	vf d0 = d[0], d1 = d[ds], d2 = d[2 * ds], d3 = d[3 * ds];
	vf p = d1 + d2, q = d1 - d2;
	if (m == 2) {
		o[0] = d0 + p;
		o[os] = q + d3;
	} else if (m == 3) {
		vf d4 = d[4 * ds];
		o[0] = d0 + p + d3;
		o[os] = q + 2 * d3;
		o[2 * os] = p + 4 * d3 + d4;
	} else {
		vf d4 = d[4 * ds], d5 = d[5 * ds];
		vf r = d3 + d4, s = d3 - d4;
		o[0] = d0 + p + r;
		o[os] = q + 2 * s;
		o[2 * os] = p + 4 * r;
		o[3 * os] = q + 8 * s + d5;
	}
}

// grad: m values of the output's gradient -> n (the transpose of out).
INL void t_grad(const int m, const vf *d, const int ds, vf *o, const int os) {
	vf d0 = d[0], d1 = d[ds];
	if (m == 2) {
		o[0] = d0;
		o[os] = d0 + d1;
		o[2 * os] = d0 - d1;
		o[3 * os] = d1;
	} else if (m == 3) {
		vf d2 = d[2 * ds], e = d0 + d2;
		o[0] = d0;
		o[os] = e + d1;
		o[2 * os] = e - d1;
		o[3 * os] = d0 + 2 * d1 + 4 * d2;
		o[4 * os] = d2;
	} else {
		vf d2 = d[2 * ds], d3 = d[3 * ds];
		vf e = d0 + d2, f = d1 + d3, g = d0 + 4 * d2, h = 2 * d1 + 8 * d3;
		o[0] = d0;
		o[os] = e + f;
		o[2 * os] = e - f;
		o[3 * os] = g + h;
		o[4 * os] = g - h;
		o[5 * os] = d3;
	}
}

// filter: 3 values of a filter -> n.
INL void t_filter(const int m, const vf *g, const int gs, vf *o, const int os) {
	vf g0 = g[0], g1 = g[gs], g2 = g[2 * gs];
	if (m == 2) {
		vf e = (g0 + g2) * splat(0.5f), f = g1 * splat(0.5f);
		o[0] = g0;
		o[os] = e + f;
		o[2 * os] = e - f;
		o[3 * os] = g2;
	} else if (m == 3) {
		vf e = (g0 + g2), f = g1;
		o[0] = g0 * splat(0.5f);
		o[os] = (e + f) * splat(-0.5f);
		o[2 * os] = (f - e) * splat(1.0f / 6);
		o[3 * os] = (g0 + 2 * g1 + 4 * g2) * splat(1.0f / 6);
		o[4 * os] = g2;
	} else {
		vf e = g0 + g2, s = splat(-1.0f / 6);
		vf f = g0 * splat(1.0f / 24) + g2 * splat(1.0f / 6), h = g1 * splat(1.0f / 12);
		o[0] = g0 * splat(0.25f);
		o[os] = (e + g1) * s;
		o[2 * os] = (e - g1) * s;
		o[3 * os] = f + h;
		o[4 * os] = f - h;
		o[5 * os] = g2;
	}
}

// back: n values -> 3 of the filter's gradient (the transpose of filter).
INL void t_back(const int m, const vf *d, const int ds, vf *o, const int os) {
	vf d0 = d[0], d1 = d[ds], d2 = d[2 * ds], d3 = d[3 * ds];
	if (m == 2) {
		vf p = (d1 + d2) * splat(0.5f);
		o[0] = d0 + p;
		o[os] = (d1 - d2) * splat(0.5f);
		o[2 * os] = p + d3;
	} else if (m == 3) {
		vf d4 = d[4 * ds], s = splat(1.0f / 6), h = splat(0.5f);
		o[0] = (d0 - d1) * h + (d3 - d2) * s;
		o[os] = (d2 + 2 * d3) * s - d1 * h;
		o[2 * os] = (4 * d3 - d2) * s - d1 * h + d4;
	} else {
		vf d4 = d[4 * ds], d5 = d[5 * ds];
		vf p = (d1 + d2) * splat(-1.0f / 6), r = d3 + d4;
		o[0] = d0 * splat(0.25f) + p + r * splat(1.0f / 24);
		o[os] = (d2 - d1) * splat(1.0f / 6) + (d3 - d4) * splat(1.0f / 12);
		o[2 * os] = p + r * splat(1.0f / 6) + d5;
	}
}

// Pointers to the n x n input pixels of tile t; those outside the image point to zeros.
INL void tile_pixels(const int n, const vf_wino *s, idx t, const float *x, const float *zeros, const float **p) {
	idx per = s->th * s->tw, img = t / per, ti = (t % per) / s->tw, tj = t % s->tw;
	idx h0 = ti * s->m - s->pad_h, w0 = tj * s->m - s->pad_w;
	for (int a = 0; a < n; a++)
		for (int b = 0; b < n; b++) {
			idx h = h0 + a, w = w0 + b;
			p[a * n + b] = h >= 0 && h < s->h && w >= 0 && w < s->w ? x + ((img * s->h + h) * s->w + w) * s->c : zeros;
		}
}

INL void in_tile(const int m, const float *const *p, idx c, vf *o) {
	const int n = m + 2;
	vf t[36], d[6];
#pragma GCC unroll 6
	for (int b = 0; b < n; b++) {
#pragma GCC unroll 6
		for (int a = 0; a < n; a++)
			d[a] = ld(p[a * n + b] + c);
		t_in(m, d, 1, t + b, n);
	}
#pragma GCC unroll 6
	for (int a = 0; a < n; a++)
		t_in(m, t + a * n, 1, o + a * n, 1);
}

// u[pos][block][c][columns] from w: forward [k][c][9], or with flip the filters turned round and the channels' roles
// exchanged, w [c][k][9].
INL void weights_m(const int m, idx c, idx k, idx kb0, idx kb1, int flip, const float *w, const float *scale, float *u) {
	const int n = m + 2;
	idx full = k / NR * NR, kp = k == full ? k : full + (narrow(k - full) ? NR / 2 : NR);
	for (idx kb = kb0; kb < kb1; kb++) {
		idx col = kb * NR, width = k - col < NR ? k - col : NR, cols = narrow(width) ? NR / 2 : NR;
		for (idx ci = 0; ci < c; ci++) {
			float g[9][NR];
			for (idx j = 0; j < cols; j++)
				for (int t = 0; t < 9; t++)
					g[t][j] = j >= width ? 0 : (flip ? w[(ci * k + col + j) * 9 + 8 - t] : w[((col + j) * c + ci) * 9 + t] * (scale ? scale[col + j] : 1));
			for (idx j = 0; j < cols; j += VW) {
				vf a[9], b[18], o[36];
#pragma GCC unroll 9
				for (int t = 0; t < 9; t++)
					a[t] = ld(g[t] + j);
#pragma GCC unroll 3
				for (int q = 0; q < 3; q++)
					t_filter(m, a + q, 3, b + q, 3);
#pragma GCC unroll 6
				for (int q = 0; q < n; q++)
					t_filter(m, b + q * 3, 1, o + q * n, 1);
#pragma GCC unroll 36
				for (int q = 0; q < n * n; q++)
					st(u + q * (c * kp + WINO_PAD) + col * c + ci * cols + j, o[q]);
			}
		}
	}
}

FN void wino_weights(idx m, idx c, idx k, idx kb0, idx kb1, int flip, const float *w, const float *scale, float *u) {
	if (m == 2)
		weights_m(2, c, k, kb0, kb1, flip, w, scale, u);
	else if (m == 3)
		weights_m(3, c, k, kb0, kb1, flip, w, scale, u);
	else
		weights_m(4, c, k, kb0, kb1, flip, w, scale, u);
}

#define WINO_COLS (4 * NR) // columns between two output transforms

INL void forward_m(const int m, const vf_wino *s, const float *x, const float *zeros, const float *u, const float *bias, const float *res, float *v, float *mm, float *y, float *part, int32_t *off) {
	const int n = m + 2, n2 = n * n;
	idx tiles = s->t1 - s->t0, per = s->th * s->tw, c = s->c, k = s->k;
	idx full = k / NR * NR, kp = k == full ? k : full + (narrow(k - full) ? NR / 2 : NR);
	const idx vs = tiles * c + WINO_PAD;
	for (idx t = 0; t < tiles; t++) {
		const float *p[36];
		tile_pixels(n, s, s->t0 + t, x, zeros, p);
		for (idx ci = 0; ci < c; ci += VW) {
			vf o[36];
			in_tile(m, p, ci, o);
#pragma GCC unroll 36
			for (int q = 0; q < n2; q++)
				st(v + q * vs + t * c + ci, o[q]);
		}
	}
	const idx ms = tiles * WINO_COLS + WINO_PAD;
	int32_t *aoff = off, *moff = off + tiles, *poff = off + 2 * tiles;
	for (idx col = s->k0; col < s->k1; col += WINO_COLS) {
		idx cols = s->k1 - col < WINO_COLS ? s->k1 - col : WINO_COLS;
		for (idx t = 0; t < tiles; t++) {
			aoff[t] = (int32_t)(t * c);
			moff[t] = (int32_t)(t * WINO_COLS);
		}
		vf_gemm g = {.rows = tiles, .taps = 1, .run = c, .cols = cols, .k0 = 0, .k1 = (cols + NR - 1) / NR};
		for (int q = 0; q < n2; q++)
			gemm(&g, v + q * vs, aoff, u + q * (c * kp + WINO_PAD) + col * c, 0, 0, mm + q * ms, moff);
		for (idx t = 0; t < tiles; t++) {
			idx g0 = s->t0 + t, img = g0 / per, r0 = (g0 % per) / s->tw * m, q0 = g0 % s->tw * m;
			idx rows = s->oh - r0 < m ? s->oh - r0 : m, pix = s->ow - q0 < m ? s->ow - q0 : m;
			for (idx j = 0; j < cols; j += VW) {
				vf a[24], o[16], d[6];
#pragma GCC unroll 6
				for (int b = 0; b < n; b++) {
#pragma GCC unroll 6
					for (int q = 0; q < n; q++)
						d[q] = ld(mm + (q * n + b) * ms + t * WINO_COLS + j);
					t_out(m, d, 1, a + b, n);
				}
#pragma GCC unroll 4
				for (int q = 0; q < m; q++)
					t_out(m, a + q * n, 1, o + q * m, 1);
				float *yt = y + ((img * s->oh + r0) * s->ow + q0) * k + col + j;
				const float *rt = res ? res + (yt - y) : 0;
				vf bv = bias ? ld(bias + col + j) : zero();
				if (rows == m && pix == m && !rt) {
#pragma GCC unroll 4
					for (int a1 = 0; a1 < m; a1++)
#pragma GCC unroll 4
						for (int b1 = 0; b1 < m; b1++)
							st(yt + (a1 * s->ow + b1) * k, activate(o[a1 * m + b1] + bv, s->act));
					continue;
				}
				for (idx a1 = 0; a1 < rows; a1++)
					for (idx b1 = 0; b1 < pix; b1++) {
						idx at = (a1 * s->ow + b1) * k;
						vf val = o[a1 * m + b1] + bv;
						if (rt)
							val += ld(rt + at);
						st(yt + at, activate(val, s->act));
					}
			}
		}
	}
	if (part) {
		idx pixels = 0;
		for (idx t = s->t0; t < s->t1; t++) {
			idx img = t / per, r0 = (t % per) / s->tw * m, q0 = t % s->tw * m;
			for (idx a = r0; a < r0 + m && a < s->oh; a++)
				for (idx b = q0; b < q0 + m && b < s->ow; b++)
					poff[pixels++] = (int32_t)(((img * s->oh + a) * s->ow + b) * k);
		}
		stats(pixels, k, y, poff, part);
	}
}

FN void wino_forward(const vf_wino *s, const float *x, const float *zeros, const float *u, const float *bias, const float *res, float *v, float *mm, float *y, float *part, int32_t *off) {
	if (s->m == 2)
		forward_m(2, s, x, zeros, u, bias, res, v, mm, y, part, off);
	else if (s->m == 3)
		forward_m(3, s, x, zeros, u, bias, res, v, mm, y, part, off);
	else
		forward_m(4, s, x, zeros, u, bias, res, v, mm, y, part, off);
}

// Transforms of input and output gradient for the gradient by the weights, tiles t0 to t1 of the batch, which begin at
// place at of a chunk: v[pos][c/NR][chunk][NR], d[pos][k/NR][chunk][NR].
INL void grad_in_m(const int m, const vf_wino *s, idx at, idx chunk, const float *x, const float *dy, const float *zeros, float *v, float *d) {
	const int n = m + 2, n2 = n * n;
	idx per = s->th * s->tw, cb = (s->c + NR - 1) / NR, kb = (s->k + NR - 1) / NR;
	for (idx t = s->t0; t < s->t1; t++, at++) {
		const float *p[36];
		tile_pixels(n, s, t, x, zeros, p);
		for (idx ci = 0; ci < s->c; ci += VW) {
			vf o[36];
			in_tile(m, p, ci, o);
			float *out = v + (ci / NR * chunk + at) * NR + ci % NR;
#pragma GCC unroll 36
			for (int q = 0; q < n2; q++)
				st(out + q * (cb * chunk * NR + WINO_PAD), o[q]);
		}
		idx img = t / per, r0 = (t % per) / s->tw * m, q0 = t % s->tw * m;
		for (int a = 0; a < m; a++)
			for (int b = 0; b < m; b++)
				p[a * m + b] = r0 + a < s->oh && q0 + b < s->ow ? dy + ((img * s->oh + r0 + a) * s->ow + q0 + b) * s->k : zeros;
		for (idx ki = 0; ki < s->k; ki += VW) {
			vf e[4], f[24], o[36];
#pragma GCC unroll 4
			for (int b = 0; b < m; b++) {
#pragma GCC unroll 4
				for (int a = 0; a < m; a++)
					e[a] = ld(p[a * m + b] + ki);
				t_grad(m, e, 1, f + b, m);
			}
#pragma GCC unroll 6
			for (int a = 0; a < n; a++)
				t_grad(m, f + a * m, 1, o + a * n, 1);
			float *out = d + (ki / NR * chunk + at) * NR + ki % NR;
#pragma GCC unroll 36
			for (int q = 0; q < n2; q++)
				st(out + q * (kb * chunk * NR + WINO_PAD), o[q]);
		}
	}
}

FN void wino_grad_in(const vf_wino *s, idx at, idx chunk, const float *x, const float *dy, const float *zeros, float *v, float *d) {
	if (s->m == 2)
		grad_in_m(2, s, at, chunk, x, dy, zeros, v, d);
	else if (s->m == 3)
		grad_in_m(3, s, at, chunk, x, dy, zeros, v, d);
	else
		grad_in_m(4, s, at, chunk, x, dy, zeros, v, d);
}

// du[pos][c][kp] (+)= the sum over a chunk's tiles of v times d, for one position and one block of input channels.
FN void wino_grad_mul(idx tiles, idx chunk, idx c, idx k, idx pos, idx cblock, int first, const float *v, const float *d, float *du) {
	idx cb = (c + NR - 1) / NR, kb = (k + NR - 1) / NR, kp = kb * NR;
	idx rows = c - cblock * NR < NR ? c - cblock * NR : NR;
	const float *a = v + pos * (cb * chunk * NR + WINO_PAD) + cblock * chunk * NR;
	outer(1, 1, tiles, 0, 0, NR, 0, 0, rows, kb, chunk * NR, first, a, d + pos * (kb * chunk * NR + WINO_PAD), du + pos * (c * kp + WINO_PAD) + cblock * NR * kp, kp);
}

INL void grad_out_m(const int m, idx c, idx k, idx c0, idx c1, const float *du, float *dw) {
	const int n = m + 2;
	idx kp = (k + NR - 1) / NR * NR;
	for (idx ci = c0; ci < c1; ci++)
		for (idx ki = 0; ki < k; ki += VW) {
			vf a[36], b[18], o[9];
#pragma GCC unroll 36
			for (int q = 0; q < n * n; q++)
				a[q] = ld(du + q * (c * kp + WINO_PAD) + ci * kp + ki);
#pragma GCC unroll 6
			for (int q = 0; q < n; q++)
				t_back(m, a + q, n, b + q, n);
#pragma GCC unroll 3
			for (int q = 0; q < 3; q++)
				t_back(m, b + q * n, 1, o + q * 3, 1);
			float t[9][VW];
#pragma GCC unroll 9
			for (int q = 0; q < 9; q++)
				st(t[q], o[q]);
			for (idx j = 0; j < VW && ki + j < k; j++)
				for (int q = 0; q < 9; q++)
					dw[((ki + j) * c + ci) * 9 + q] = t[q][j];
		}
}

FN void wino_grad_out(idx m, idx c, idx k, idx c0, idx c1, const float *du, float *dw) {
	if (m == 2)
		grad_out_m(2, c, k, c0, c1, du, dw);
	else if (m == 3)
		grad_out_m(3, c, k, c0, c1, du, dw);
	else
		grad_out_m(4, c, k, c0, c1, du, dw);
}
