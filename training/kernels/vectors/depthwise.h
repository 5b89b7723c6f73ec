// Included once for each instruction set, after base.h.
// Depthwise convolution: a filter w [kh*kw][c] for each channel, vectors over channels.

INL vf finish(vf v, const float *bias, const float *res, int act) {
	if (bias)
		v += ld(bias);
	if (res)
		v += ld(res);
	return activate(v, act);
}

// One row of output for channels k to k+VW, na rows of the filter valid, x at the first of them; nw columns.
INL void dw_row(const int na, const int kw, const vf_dw *s, const float *x, const float *w, const float *bias, const float *res, float *y) {
	idx c = s->c;
	vf f[9];
#pragma GCC unroll 3
	for (int a = 0; a < na; a++)
#pragma GCC unroll 3
		for (int b = 0; b < kw; b++)
			f[a * kw + b] = ld(w + (a * kw + b) * c);
	for (idx q = 0; q < s->ow; q++) {
		idx w0 = q * s->sw - s->pw;
		vf acc = zero();
		if (w0 >= 0 && w0 + kw <= s->w) {
			const float *p = x + w0 * c;
#pragma GCC unroll 3
			for (int a = 0; a < na; a++)
#pragma GCC unroll 3
				for (int b = 0; b < kw; b++)
					acc += ld(p + (a * s->w + b) * c) * f[a * kw + b];
		} else {
			for (int a = 0; a < na; a++)
				for (int b = 0; b < kw; b++)
					if (w0 + b >= 0 && w0 + b < s->w)
						acc += ld(x + (a * s->w + w0 + b) * c) * ld(w + (a * kw + b) * c);
		}
		st(y + q * c, finish(acc, bias, res ? res + q * c : 0, s->act));
	}
}

// One row of output for channels k to c one by one, or for filters of other sizes.
INL void dw_row_plain(const vf_dw *s, idx na, idx k, const float *x, const float *w, const float *bias, const float *res, float *y) {
	idx c = s->c;
	for (idx q = 0; q < s->ow; q++) {
		idx w0 = q * s->sw - s->pw;
		for (idx i = k; i < c; i++) {
			float sum = 0;
			for (idx a = 0; a < na; a++)
				for (idx b = 0; b < s->kw; b++)
					if (w0 + b >= 0 && w0 + b < s->w)
						sum += x[(a * s->w + w0 + b) * c + i] * w[(a * s->kw + b) * c + i];
			if (bias)
				sum += bias[i];
			if (res)
				sum += res[q * c + i];
			if (s->act) {
				if (sum < 0)
					sum = 0;
				if (s->act == 2 && sum > 6)
					sum = 6;
			}
			y[q * c + i] = sum;
		}
	}
}

// Rows r0 to r1 of one image's output; x, res and y are that image's.
FN void dw_forward(const vf_dw *s, idx r0, idx r1, const float *x, const float *w, const float *bias, const float *res, float *y) {
	idx c = s->c;
	for (idx r = r0; r < r1; r++) {
		idx h0 = r * s->sh - s->ph, a0 = h0 < 0 ? -h0 : 0, a1 = s->h - h0 < s->kh ? s->h - h0 : s->kh, na = a1 - a0;
		const float *xr = x + (h0 + a0) * s->w * c, *wr = w + a0 * s->kw * c, *rr = res ? res + r * s->ow * c : 0;
		float *yr = y + r * s->ow * c;
		idx k = 0;
		if (s->kh == 3 && s->kw == 3)
			for (; k + VW <= c; k += VW) {
				const float *b = bias ? bias + k : 0, *p = rr ? rr + k : 0;
				if (na == 3)
					dw_row(3, 3, s, xr + k, wr + k, b, p, yr + k);
				else if (na == 2)
					dw_row(2, 3, s, xr + k, wr + k, b, p, yr + k);
				else
					dw_row(1, 3, s, xr + k, wr + k, b, p, yr + k);
			}
		if (k < c)
			dw_row_plain(s, na, k, xr, wr, bias, rr, yr);
	}
}

// Rows h0 to h1 of one image's gradient by the input, any stride; dy and dx are that image's.
FN void dw_input(const vf_dw *s, idx h0, idx h1, const float *dy, const float *w, float *dx) {
	idx c = s->c;
	for (idx h = h0; h < h1; h++)
		for (idx q = 0; q < s->w; q++) {
			float *out = dx + (h * s->w + q) * c;
			const float *dp[64], *wp[64];
			int n = 0;
			for (idx a = (h + s->ph) % s->sh; a < s->kh; a += s->sh) {
				idx r = (h + s->ph - a) / s->sh;
				if (h + s->ph < a || r >= s->oh)
					continue;
				for (idx b = (q + s->pw) % s->sw; b < s->kw; b += s->sw) {
					idx v = (q + s->pw - b) / s->sw;
					if (q + s->pw < b || v >= s->ow)
						continue;
					dp[n] = dy + (r * s->ow + v) * c;
					wp[n++] = w + (a * s->kw + b) * c;
				}
			}
			idx k = 0;
			for (; k + VW <= c; k += VW) {
				vf acc = zero();
				for (int i = 0; i < n; i++)
					acc += ld(dp[i] + k) * ld(wp[i] + k);
				st(out + k, acc);
			}
			for (; k < c; k++) {
				float sum = 0;
				for (int i = 0; i < n; i++)
					sum += dp[i][k] * wp[i][k];
				out[k] = sum;
			}
		}
}

INL void dw_weights_row(const int na, const int kw, const vf_dw *s, const float *x, const float *dy, float *dw) {
	idx c = s->c;
	vf f[9];
#pragma GCC unroll 3
	for (int a = 0; a < na; a++)
#pragma GCC unroll 3
		for (int b = 0; b < kw; b++)
			f[a * kw + b] = ld(dw + (a * kw + b) * c);
	idx q = 0;
	for (; q < s->ow; q++) {
		idx w0 = q * s->sw - s->pw;
		vf d = ld(dy + q * c);
		if (w0 >= 0 && w0 + kw <= s->w) {
			const float *p = x + w0 * c;
#pragma GCC unroll 3
			for (int a = 0; a < na; a++)
#pragma GCC unroll 3
				for (int b = 0; b < kw; b++)
					f[a * kw + b] += ld(p + (a * s->w + b) * c) * d;
		} else {
#pragma GCC unroll 3
			for (int a = 0; a < na; a++)
#pragma GCC unroll 3
				for (int b = 0; b < kw; b++)
					if (w0 + b >= 0 && w0 + b < s->w)
						f[a * kw + b] += ld(x + (a * s->w + w0 + b) * c) * d;
		}
	}
#pragma GCC unroll 3
	for (int a = 0; a < na; a++)
#pragma GCC unroll 3
		for (int b = 0; b < kw; b++)
			st(dw + (a * kw + b) * c, f[a * kw + b]);
}

// Adds rows r0 to r1 of one image to the gradient by the weights dw [kh*kw][c].
FN void dw_weights(const vf_dw *s, idx r0, idx r1, const float *x, const float *dy, float *dw) {
	idx c = s->c;
	for (idx r = r0; r < r1; r++) {
		idx h0 = r * s->sh - s->ph, a0 = h0 < 0 ? -h0 : 0, a1 = s->h - h0 < s->kh ? s->h - h0 : s->kh, na = a1 - a0;
		const float *xr = x + (h0 + a0) * s->w * c, *dr = dy + r * s->ow * c;
		float *wr = dw + a0 * s->kw * c;
		idx k = 0;
		if (s->kh == 3 && s->kw == 3)
			for (; k + VW <= c; k += VW) {
				if (na == 3)
					dw_weights_row(3, 3, s, xr + k, dr + k, wr + k);
				else if (na == 2)
					dw_weights_row(2, 3, s, xr + k, dr + k, wr + k);
				else
					dw_weights_row(1, 3, s, xr + k, dr + k, wr + k);
			}
		for (; k < c; k++)
			for (idx q = 0; q < s->ow; q++)
				for (idx a = 0; a < na; a++)
					for (idx b = 0; b < s->kw; b++) {
						idx v = q * s->sw - s->pw + b;
						if (v >= 0 && v < s->w)
							wr[(a * s->kw + b) * c + k] += xr[(a * s->w + v) * c + k] * dr[q * c + k];
					}
	}
}
