// Included once for each instruction set, after base.h.
// The matrix product at the heart of convolutions: mr rows by nv vectors of columns in registers, one broadcast of each
// row's value and nv vectors of packed weights for every step.

INL void tile_product(const int mr, const int nv, idx taps, idx tap_stride, idx run, const float *const *a, const float *w, vf acc[][NRV]) {
	const float *ap[2 * MR];
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
		ap[i] = a[i];
	for (idx t = 0; t < taps; t++) {
		for (idx k = 0; k < run; k++) {
			vf b[NRV];
#pragma GCC unroll 4
			for (int j = 0; j < nv; j++)
				b[j] = ld(w + j * VW);
#pragma GCC unroll 32
			for (int i = 0; i < mr; i++) {
				vf x = splat(ap[i][k]);
#pragma GCC unroll 4
				for (int j = 0; j < nv; j++)
					acc[i][j] += x * b[j];
			}
			w += nv * VW;
		}
#pragma GCC unroll 32
		for (int i = 0; i < mr; i++)
			ap[i] += tap_stride;
	}
}

// One register tile: product, then sum with what is there already (accumulate), bias, residual, activation, store.
INL void gemm_tile(const int mr, const int nv, const vf_gemm *g, idx rows, idx width, const float *const *a, const float *w, const float *bias, const float *const *res, float *const *y, idx col) {
	vf acc[mr][NRV];
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
		for (int j = 0; j < nv; j++)
			acc[i][j] = zero();
	tile_product(mr, nv, g->taps, g->tap_stride, g->run, a, w, acc);
	if (width == nv * VW) {
		if (bias) {
#pragma GCC unroll 4
			for (int j = 0; j < nv; j++) {
				vf b = ld(bias + col + j * VW);
#pragma GCC unroll 32
				for (int i = 0; i < mr; i++)
					acc[i][j] += b;
			}
		}
#pragma GCC unroll 32
		for (int i = 0; i < mr; i++) {
			if (i >= rows)
				break;
#pragma GCC unroll 4
			for (int j = 0; j < nv; j++) {
				vf v = acc[i][j];
				if (res)
					v += ld(res[i] + col + j * VW);
				if (g->accumulate)
					v += ld(y[i] + col + j * VW);
				st(y[i] + col + j * VW, activate(v, g->act));
			}
		}
		return;
	}
	float t[2 * MR][NR];
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
		for (int j = 0; j < nv; j++)
			st(t[i] + j * VW, acc[i][j]);
	for (idx i = 0; i < rows; i++)
		for (idx j = 0; j < width; j++) {
			float v = t[i][j];
			if (bias)
				v += bias[col + j];
			if (res)
				v += res[i][col + j];
			if (g->accumulate)
				v += y[i][col + j];
			if (g->act) {
				if (v < 0)
					v = 0;
				if (g->act == 2 && v > 6)
					v = 6;
			}
			y[i][col + j] = v;
		}
}

// Columns come in blocks of NR; a rest of at most NR/2 is a block of half the width and twice the rows.
INL idx narrow(idx rest) { return NRV > 1 && rest <= NR / 2; }

#define GEMM_ROWS(mr, nv)                                                                                          \
	for (idx r = 0; r < g->rows; r += mr) {                                                                         \
		const float *ap[2 * MR], *rp[2 * MR];                                                                       \
		float *yp[2 * MR];                                                                                          \
		idx rows = g->rows - r < mr ? g->rows - r : mr;                                                             \
		for (idx i = 0; i < mr; i++) {                                                                              \
			idx q = r + (i < rows ? i : rows - 1);                                                                  \
			ap[i] = a + aoff[q];                                                                                    \
			yp[i] = y + yoff[q];                                                                                    \
			rp[i] = res ? res + yoff[q] : 0;                                                                        \
		}                                                                                                           \
		gemm_tile(mr, nv, g, rows, width, ap, w, bias, res ? rp : 0, yp, col);                                      \
	}

// How many steps of the product go over the columns' weights before the next rows: those must stay in the first-level cache.
#define GEMM_STEPS 288

// Where all weights fit into the first-level cache together: rows outside, columns inside.
INL void gemm_small(const vf_gemm *g, const float *a, const int32_t *aoff, const float *wp, const float *bias, const float *res, float *y, const int32_t *yoff) {
	idx len = g->taps * g->run;
	for (idx r = 0; r < g->rows; r += 2 * MR) {
		const float *ap[2 * MR], *rp[2 * MR];
		float *yp[2 * MR];
		idx rows = g->rows - r < 2 * MR ? g->rows - r : 2 * MR;
		for (idx i = 0; i < 2 * MR; i++) {
			idx q = r + (i < rows ? i : rows - 1);
			ap[i] = a + aoff[q];
			yp[i] = y + yoff[q];
			rp[i] = res ? res + yoff[q] : 0;
		}
		for (idx kb = g->k0; kb < g->k1; kb++) {
			idx col = kb * NR, width = g->cols - col < NR ? g->cols - col : NR;
			const float *w = wp + col * len;
			if (narrow(width)) {
				gemm_tile(2 * MR, NRV / 2, g, rows, width, ap, w, bias, res ? rp : 0, yp, col);
				continue;
			}
			gemm_tile(MR, NRV, g, rows < MR ? rows : MR, width, ap, w, bias, res ? rp : 0, yp, col);
			if (rows > MR)
				gemm_tile(MR, NRV, g, rows - MR, width, ap + MR, w, bias, res ? rp + MR : 0, yp + MR, col);
		}
	}
}

// Blocks of columns, then rows; sums too long for the cache are made in parts, which lie in y in between. A residual
// joins the first part, since it may be y itself; bias and activation the last.
FN void gemm(const vf_gemm *whole, const float *a0, const int32_t *aoff, const float *wp, const float *bias0, const float *res0, float *y, const int32_t *yoff) {
	vf_gemm part = *whole, *g = &part;
	idx len = whole->taps * whole->run;
	if (len <= GEMM_STEPS && len * (whole->k1 - whole->k0) * NR <= 6144) {
		gemm_small(whole, a0, aoff, wp, bias0, res0, y, yoff);
		return;
	}
	// Either all taps at once, or one after the other in pieces of a run.
	int once = len <= GEMM_STEPS;
	idx pieces = once ? 1 : (whole->run + GEMM_STEPS - 1) / GEMM_STEPS;
	idx step = once ? whole->run : (whole->run + pieces - 1) / pieces;
	idx parts = once ? 1 : whole->taps * pieces;
	for (idx kb = whole->k0; kb < whole->k1; kb++) {
		idx col = kb * NR, width = whole->cols - col < NR ? whole->cols - col : NR;
		idx across = narrow(width) ? NR / 2 : NR;
		const float *w = wp + col * len;
		for (idx i = 0; i < parts; i++) {
			const float *a = a0, *bias = i == parts - 1 ? bias0 : 0, *res = i == 0 ? res0 : 0;
			if (!once) {
				idx k = i % pieces * step;
				a += i / pieces * whole->tap_stride + k;
				part.taps = 1;
				part.run = whole->run - k < step ? whole->run - k : step;
				part.accumulate = whole->accumulate || i > 0;
				part.act = i == parts - 1 ? whole->act : 0;
			}
			if (across < NR) {
				GEMM_ROWS(2 * MR, NRV / 2)
			} else {
				GEMM_ROWS(MR, NRV)
			}
			w += part.taps * part.run * across;
		}
	}
}

// Packs weights [k][cg][taps] for output channels of blocks k0 to k1 as [block][taps][cg][columns], each channel times
// scale (or 1); columns behind the last channel are zero.
FN void pack_oihw(idx cg, idx taps, idx k0, idx k1, idx kend, const float *w, const float *scale, float *out) {
	for (idx kb = k0; kb < k1; kb++) {
		idx col = kb * NR, width = kend - col < NR ? kend - col : NR;
		idx n = narrow(width) ? NR / 2 : NR;
		float *o = out + col * cg * taps;
		for (idx j = 0; j < n; j++) {
			const float *src = w + (col + j) * cg * taps;
			float f = j < width && scale ? scale[col + j] : 1;
			for (idx t = 0; t < taps; t++)
				for (idx c = 0; c < cg; c++)
					o[(t * cg + c) * n + j] = j < width ? src[c * taps + t] * f : 0;
		}
	}
}

#define AT(r) (packed ? (r) * c : (idx)yoff[r])

// Mean and sum of squared distances from it of rows [c] found by offsets, for nv vectors of channels: a cache line at a time,
// where there are two.
INL void stats_k(const int nv, const int packed, idx rows, idx c, const float *y, const int32_t *yoff, float *part) {
	vf s[4][2], m[2];
	float inv = 1.0f / (float)rows;
#pragma GCC unroll 4
	for (int i = 0; i < 4; i++)
#pragma GCC unroll 2
		for (int j = 0; j < nv; j++)
			s[i][j] = zero();
	idx r = 0;
	for (; r + 4 <= rows; r += 4)
#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
#pragma GCC unroll 2
			for (int j = 0; j < nv; j++)
				s[i][j] += ld(y + AT(r + i) + j * VW);
	for (; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < nv; j++)
			s[0][j] += ld(y + AT(r) + j * VW);
#pragma GCC unroll 2
	for (int j = 0; j < nv; j++) {
		m[j] = ((s[0][j] + s[1][j]) + (s[2][j] + s[3][j])) * splat(inv);
		s[0][j] = s[1][j] = s[2][j] = s[3][j] = zero();
	}
	for (r = 0; r + 4 <= rows; r += 4)
#pragma GCC unroll 4
		for (int i = 0; i < 4; i++)
#pragma GCC unroll 2
			for (int j = 0; j < nv; j++) {
				vf d = ld(y + AT(r + i) + j * VW) - m[j];
				s[i][j] += d * d;
			}
	for (; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < nv; j++) {
			vf d = ld(y + AT(r) + j * VW) - m[j];
			s[0][j] += d * d;
		}
#pragma GCC unroll 2
	for (int j = 0; j < nv; j++) {
		st(part + j * VW, m[j]);
		st(part + c + j * VW, (s[0][j] + s[1][j]) + (s[2][j] + s[3][j]));
	}
}

// part is [mean c][squares c][count]. Without offsets the rows follow each other.
INL void stats_at(const int packed, idx rows, idx c, const float *y, const int32_t *yoff, float *part) {
	float inv = 1.0f / (float)rows;
	idx k = 0;
	for (; k + 2 * VW <= c; k += 2 * VW)
		stats_k(2, packed, rows, c, y + k, yoff, part + k);
	for (; k + VW <= c; k += VW)
		stats_k(1, packed, rows, c, y + k, yoff, part + k);
	for (; k < c; k++) {
		float s = 0, q = 0;
		for (idx r = 0; r < rows; r++)
			s += y[AT(r) + k];
		s *= inv;
		for (idx r = 0; r < rows; r++) {
			float d = y[AT(r) + k] - s;
			q += d * d;
		}
		part[k] = s;
		part[c + k] = q;
	}
	part[2 * c] = (float)rows;
}

FN void stats(idx rows, idx c, const float *y, const int32_t *yoff, float *part) {
	if (yoff)
		stats_at(0, rows, c, y, yoff, part);
	else
		stats_at(1, rows, c, y, yoff, part);
}

// Multiplies and adds in registers alone: the peak that the other kernels are held against.
FN double peak(idx rounds) {
	vf acc[12];
	for (int i = 0; i < 12; i++)
		acc[i] = splat(0.001f * (float)(i + 1));
	vf a = splat(0.999f), b = splat(1e-6f);
	asm volatile("" : "+x"(a), "+x"(b));
	for (idx r = 0; r < rounds; r++)
#pragma GCC unroll 12
		for (int i = 0; i < 12; i++)
			acc[i] += a * b;
	vf s = zero();
	for (int i = 0; i < 12; i++)
		s += acc[i];
	float t[VW];
	st(t, s);
	double sum = 0;
	for (int i = 0; i < VW; i++)
		sum += t[i];
	return sum;
}
