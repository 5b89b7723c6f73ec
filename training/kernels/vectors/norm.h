// Included once for each instruction set, after base.h.
// Batch norm, pooling and element-wise work: bound by memory, so each goes over its data once, in order.

// Loops over the channels of a row in vectors; the last may be partial. L and S load and store there.
#define EACH_CHANNEL(c) for (idx k = 0, left = (c); left > 0; k += VW, left -= VW)
#define L(p) (left >= VW ? ld((p) + k) : ld_part((p) + k, left))
#define S(p, v)                                                                                                    \
	do {                                                                                                            \
		if (left >= VW)                                                                                             \
			st((p) + k, v);                                                                                         \
		else                                                                                                        \
			st_part((p) + k, v, left);                                                                              \
	} while (0)

// Lanes where the activation lets the gradient through: not at z <= 0, not at z >= 6; at NaN it does.
INL vi passing(vf z, int act) {
	vi m = ~(vi)(z <= zero());
	if (act == 2)
		m &= ~(vi)(z >= splat(6));
	return m;
}
INL vf masked(vf v, vi m) { return (vf)((vi)v & m); }

// The batch norm's sweeps go over blocks of rows that stay in the first-level cache, and in each over one or two vectors of
// channels at a time, whose coefficients and sums are in registers. Channels that fill no vector come last, row by row.
#define NORM_BLOCK 1536

#define NORM_SWEEP(run, ...)                                                                                       \
	for (idx r0 = 0, n; r0 < rows; r0 += n) {                                                                       \
		n = NORM_BLOCK / c < 4 ? 4 : NORM_BLOCK / c;                                                                \
		if (n > rows - r0)                                                                                          \
			n = rows - r0;                                                                                          \
		idx at = r0 * c, k = 0;                                                                                     \
		for (; k + 2 * VW <= c; k += 2 * VW) {                                                                      \
			run(2)                                                                                                  \
		}                                                                                                           \
		for (; k + VW <= c; k += VW) {                                                                              \
			run(1)                                                                                                  \
		}                                                                                                           \
		if (k < c)                                                                                                  \
			for (idx r = 0; r < n; r++) {                                                                           \
				idx i = at + r * c + k, left = c - k;                                                               \
				__VA_ARGS__                                                                                            \
			}                                                                                                       \
	}

// ON is p + i where there is a p.
#define ON(p, i) ((p) ? (p) + (i) : 0)

INL void norm_apply_k(const int nv, const int act, idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, float *y) {
	vf a[2], b[2];
#pragma GCC unroll 2
	for (int j = 0; j < nv; j++) {
		a[j] = ld(scale + j * VW);
		b[j] = ld(shift + j * VW);
	}
	for (idx r = 0; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < nv; j++) {
			vf v = ld(x + r * c + j * VW) * a[j] + b[j];
			if (res)
				v += ld(res + r * c + j * VW);
			st(y + r * c + j * VW, activate(v, act));
		}
}

INL void norm_apply_act(const int act, idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, float *y) {
#define RUN(nv) norm_apply_k(nv, act, n, c, x + at + k, ON(res, at + k), scale + k, shift + k, y + at + k);
	NORM_SWEEP(RUN, {
		vf v = ld_part(x + i, left) * ld_part(scale + k, left) + ld_part(shift + k, left);
		if (res)
			v += ld_part(res + i, left);
		st_part(y + i, activate(v, act), left);
	})
#undef RUN
}

#define BY_ACT(f, ...)                                                                                             \
	switch (act) {                                                                                                  \
	case 0:                                                                                                         \
		f(0, __VA_ARGS__);                                                                                          \
		break;                                                                                                      \
	case 1:                                                                                                         \
		f(1, __VA_ARGS__);                                                                                          \
		break;                                                                                                      \
	default:                                                                                                        \
		f(2, __VA_ARGS__);                                                                                          \
	}

FN void norm_apply(idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, int act, float *y) {
	BY_ACT(norm_apply_act, rows, c, x, res, scale, shift, y)
}

// What the activation lets through of dy: its mask is taken from y or, without it, computed from x.
INL vf through(vf d, vf xv, const float *y, vf scale, vf shift, int act) {
	if (!act)
		return d;
	return masked(d, passing(y ? ld(y) : xv * scale + shift, act));
}

INL void norm_reduce_k(const int nv, const int act, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, float *part) {
	// One vector alone is summed in two rows at a time, so that an addition need not wait for the one before.
	const int nr = nv == 1 ? 2 : 1;
	vf s[2], d[2], a[2], b[2], m[2];
#pragma GCC unroll 2
	for (int j = 0; j < nv; j++) {
		a[j] = ld(coef + j * VW);
		b[j] = ld(coef + c + j * VW);
		m[j] = ld(mean + j * VW);
	}
	s[0] = ld(part);
	d[0] = ld(part + c);
	s[1] = nv == 2 ? ld(part + VW) : zero();
	d[1] = nv == 2 ? ld(part + c + VW) : zero();
	idx r = 0;
	for (; r + nr <= rows; r += nr)
#pragma GCC unroll 2
		for (int j = 0; j < 2; j++) {
			int v = nv == 2 ? j : 0;
			idx i = nv == 2 ? r * c + j * VW : (r + j) * c;
			vf xv = ld(x + i), dz = through(ld(dy + i), xv, ON(y, i), a[v], b[v], act);
			s[j] += dz;
			d[j] += dz * (xv - m[v]);
		}
	if (r < rows) {
		vf xv = ld(x + r * c), dz = through(ld(dy + r * c), xv, ON(y, r * c), a[0], b[0], act);
		s[0] += dz;
		d[0] += dz * (xv - m[0]);
	}
	if (nv == 2) {
		st(part + VW, s[1]);
		st(part + c + VW, d[1]);
	} else {
		s[0] += s[1];
		d[0] += d[1];
	}
	st(part, s[0]);
	st(part + c, d[0]);
}

INL void norm_reduce_act(const int act, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, float *part) {
#define RUN(nv) norm_reduce_k(nv, act, n, c, x + at + k, ON(y, at + k), dy + at + k, coef + k, mean + k, part + k);
	NORM_SWEEP(RUN, {
		vf xv = ld_part(x + i, left), d = ld_part(dy + i, left);
		if (act)
			d = masked(d, passing(y ? ld_part(y + i, left) : xv * ld_part(coef + k, left) + ld_part(coef + c + k, left), act));
		st_part(part + k, ld_part(part + k, left) + d, left);
		st_part(part + c + k, ld_part(part + c + k, left) + d * (xv - ld_part(mean + k, left)), left);
	})
#undef RUN
}

// part [2][c] becomes the sums of dz and dz*(x-mean).
FN void norm_reduce(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, int act, int first, float *part) {
	if (first)
		memset(part, 0, (size_t)(2 * c) * sizeof(float));
	BY_ACT(norm_reduce_act, rows, c, x, y, dy, coef, mean, part)
}

INL void norm_back_k(const int nv, const int act, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, float *dx, float *dres) {
	vf a[2], b[2], p[2], q[2];
#pragma GCC unroll 2
	for (int j = 0; j < nv; j++) {
		a[j] = ld(coef + j * VW);
		b[j] = ld(coef + c + j * VW);
		p[j] = ld(coef + 2 * c + j * VW);
		q[j] = ld(coef + 3 * c + j * VW);
	}
	for (idx r = 0; r < rows; r++)
#pragma GCC unroll 2
		for (int j = 0; j < nv; j++) {
			idx i = r * c + j * VW;
			vf xv = ld(x + i), d = through(ld(dy + i), xv, ON(y, i), a[j], b[j], act);
			if (dres)
				st(dres + i, d);
			if (dx)
				st(dx + i, a[j] * d + p[j] * xv + q[j]);
		}
}

INL void norm_back_act(const int act, idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, float *dx, float *dres) {
#define RUN(nv) norm_back_k(nv, act, n, c, x + at + k, ON(y, at + k), dy + at + k, coef + k, ON(dx, at + k), ON(dres, at + k));
	NORM_SWEEP(RUN, {
		vf xv = ld_part(x + i, left), d = ld_part(dy + i, left);
		if (act)
			d = masked(d, passing(y ? ld_part(y + i, left) : xv * ld_part(coef + k, left) + ld_part(coef + c + k, left), act));
		if (dres)
			st_part(dres + i, d, left);
		if (dx)
			st_part(dx + i, ld_part(coef + k, left) * d + ld_part(coef + 2 * c + k, left) * xv + ld_part(coef + 3 * c + k, left), left);
	})
#undef RUN
}

// dx = coef0*dz + coef2*x + coef3.
FN void norm_back(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, int act, float *dx, float *dres) {
	BY_ACT(norm_back_act, rows, c, x, y, dy, coef, dx, dres)
}

typedef uint8_t vb __attribute__((vector_size(VW)));
typedef uint8_t vbu __attribute__((vector_size(VW), aligned(1), may_alias));

// One row of a max pooling of act(x*scale + shift) (scale 0: of x) with the place of each maximum.
INL void pool_row_k(const int kh, const int kw, const vf_pool *s, idx n, idx r, const float *x, const float *scale, const float *shift, float *y, uint8_t *index) {
	idx c = s->c, h0 = r * s->sh - s->ph;
	for (idx q = 0; q < s->ow; q++) {
		idx w0 = q * s->sw - s->pw;
		EACH_CHANNEL(c) {
			vf best = zero(), sc = scale ? L(scale) : zero(), sf = scale ? L(shift) : zero();
			vi at = {0};
			int found = 0;
			for (int a = 0; a < kh; a++) {
				if (h0 + a < 0 || h0 + a >= s->h)
					continue;
				for (int b = 0; b < kw; b++) {
					if (w0 + b < 0 || w0 + b >= s->w)
						continue;
					vf v = L(x + ((n * s->h + h0 + a) * s->w + w0 + b) * c);
					if (scale)
						v = v * sc + sf;
					vi here = (vi){0} + (a * kw + b);
					if (!found) {
						best = v;
						at = here;
						found = 1;
						continue;
					}
					vi m = (vi)(v > best) | (vi)(v != v);
					best = pick(m, v, best);
					at = (here & m) | (at & ~m);
				}
			}
			best = activate(best, s->act);
			vb bytes = __builtin_convertvector(at, vb);
			if (left >= VW) {
				st(y + k, best);
				*(vbu *)(index + k) = bytes;
			} else {
				st_part(y + k, best, left);
				for (idx i = 0; i < left; i++)
					index[k + i] = bytes[i];
			}
		}
		y += c;
		index += c;
	}
}

FN void pool_row(const vf_pool *s, idx n, idx r, const float *x, const float *scale, const float *shift, float *y, uint8_t *index) {
	if (s->kh == 2 && s->kw == 2)
		pool_row_k(2, 2, s, n, r, x, scale, shift, y, index);
	else if (s->kh == 3 && s->kw == 3)
		pool_row_k(3, 3, s, n, r, x, scale, shift, y, index);
	else
		pool_row_k((int)s->kh, (int)s->kw, s, n, r, x, scale, shift, y, index);
}

// What the windows around row h of image n of the input send back to it: dy where index points here and the pooled
// value y lets it through. dy, index and y are whole. Windows come in the order of their rows, then columns.
FN void pool_gather_row(const vf_pool *s, idx n, idx h, const float *y, const uint8_t *index, const float *dy, float *dx) {
	idx c = s->c;
	int apart = s->kh <= s->sh && s->kw <= s->sw; // no two windows meet
	memset(dx, 0, (size_t)(s->w * c) * sizeof(float));
	for (idx a = (h + s->ph) % s->sh; a < s->kh && a <= h + s->ph; a += s->sh) {
		idx r = (h + s->ph - a) / s->sh;
		if (r >= s->oh)
			continue;
		for (idx q = 0; q < s->ow; q++) {
			idx f = ((n * s->oh + r) * s->ow + q) * c;
			for (idx b = 0; b < s->kw; b++) {
				idx w = q * s->sw - s->pw + b;
				if (w < 0 || w >= s->w)
					continue;
				int tap = (int)(a * s->kw + b);
				float *out = dx + w * c;
				EACH_CHANNEL(c) {
					vb bytes = {0};
					if (left >= VW)
						bytes = *(const vbu *)(index + f + k);
					else
						for (idx i = 0; i < left; i++)
							bytes[i] = index[f + k + i];
					vi m = __builtin_convertvector(bytes, vi) == (vi){0} + tap;
					if (s->act)
						m &= passing(L(y + f), s->act);
					vf d = masked(L(dy + f), m);
					S(out, apart ? d : L(out) + d);
				}
			}
		}
	}
}

FN void add_act(idx n, const float *a, const float *b, int act, float *y) {
	EACH_CHANNEL(n) {
		vf v = L(a);
		if (b)
			v += L(b);
		S(y, activate(v, act));
	}
}

FN void act_back(idx n, const float *z, const float *dy, int act, float *dx) {
	EACH_CHANNEL(n) {
		vf d = L(dy);
		S(dx, act ? masked(d, passing(L(z), act)) : d);
	}
}

FN void sgd(idx n, float *w, const float *g, float *m, float rate, float momentum, float decay, float scale, int nesterov) {
	EACH_CHANNEL(n) {
		vf wv = L(w), d = scale * L(g) + decay * wv;
		if (m) {
			vf mv = momentum * L(m) + d;
			S(m, mv);
			d = nesterov ? d + momentum * mv : mv;
		}
		S(w, wv - rate * d);
	}
}

INL vf root(vf v) {
	for (int i = 0; i < VW; i++)
		v[i] = sqrtf(v[i]);
	return v;
}

// f: -, beta1, 1-beta1, beta2, 1-beta2, eps, rate/(1-beta1^t), 1/sqrt(1-beta2^t), gradient scale.
FN void adam(idx n, float *w, const float *g, float *m, float *v, const float *f, float decay, float shrink) {
	EACH_CHANNEL(n) {
		vf wv = L(w) * shrink, d = f[8] * L(g) + decay * wv;
		vf mv = f[1] * L(m) + f[2] * d, vv = f[3] * L(v) + f[4] * (d * d);
		S(m, mv);
		S(v, vv);
		S(w, wv - f[6] * mv / (root(vv) * f[7] + f[5]));
	}
}
