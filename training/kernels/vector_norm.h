// Included once for each instruction set, after vector_base.h.
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

FN void norm_apply(idx rows, idx c, const float *x, const float *res, const float *scale, const float *shift, int act, float *y) {
	for (idx r = 0; r < rows; r++, x += c, y += c) {
		EACH_CHANNEL(c) {
			vf v = L(x) * L(scale) + L(shift);
			if (res)
				v += L(res);
			S(y, activate(v, act));
		}
		if (res)
			res += c;
	}
}

// part [2][c] becomes the sums of dz and dz*(x-mean). The activation's mask is taken from y or, without it, computed.
FN void norm_reduce(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, const float *mean, int act, int first, float *part) {
	if (first)
		memset(part, 0, (size_t)(2 * c) * sizeof(float));
	for (idx r = 0; r < rows; r++, x += c, dy += c) {
		EACH_CHANNEL(c) {
			vf xv = L(x), d = L(dy);
			if (act)
				d = masked(d, passing(y ? L(y) : xv * L(coef) + L(coef + c), act));
			S(part, L(part) + d);
			S(part + c, L(part + c) + d * (xv - L(mean)));
		}
		if (y)
			y += c;
	}
}

// dx = coef0*dz + coef2*x + coef3.
FN void norm_back(idx rows, idx c, const float *x, const float *y, const float *dy, const float *coef, int act, float *dx, float *dres) {
	for (idx r = 0; r < rows; r++, x += c, dy += c) {
		EACH_CHANNEL(c) {
			vf xv = L(x), d = L(dy);
			if (act)
				d = masked(d, passing(y ? L(y) : xv * L(coef) + L(coef + c), act));
			if (dres)
				S(dres, d);
			if (dx)
				S(dx, L(coef) * d + L(coef + 2 * c) * xv + L(coef + 3 * c));
		}
		if (y)
			y += c;
		if (dx)
			dx += c;
		if (dres)
			dres += c;
	}
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
