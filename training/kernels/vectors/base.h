// Vectors of VW floats through GCC's vector extensions (clang has them too), and the register tile of MR rows by
// NRV vectors. Defined by the including file: VW, MR, NRV, TARGET (attribute), NAME(x).
#include "vector.h"
#include <math.h>
#include <string.h>

#define NR (VW * NRV)
#define INL static inline __attribute__((always_inline)) TARGET
#define FN static TARGET

typedef float vf __attribute__((vector_size(VW * 4)));
typedef float vfu __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef int32_t vi __attribute__((vector_size(VW * 4)));

INL vf ld(const float *p) { return *(const vfu *)p; }
INL void st(float *p, vf v) { *(vfu *)p = v; }
INL vf splat(float s) { return s - (vf){}; } // s - 0 is s to the bit (0 + s is not, for -0), so this is a broadcast alone
INL vf zero(void) { return (vf){}; }

// select takes a where the mask is set, b elsewhere.
INL vf pick(vi mask, vf a, vf b) { return (vf)(((vi)a & mask) | ((vi)b & ~mask)); }

// The activation keeps NaN: NaN < 0 is false.
INL vf activate(vf v, int act) {
	if (act) {
		v = (vf)((vi)v & ~(vi)(v < zero()));
		if (act == 2) {
			vf six = splat(6);
			v = pick(v > six, six, v);
		}
	}
	return v;
}

// First n floats of a vector, n < VW, without touching memory behind them.
INL void st_part(float *p, vf v, idx n) {
	float t[VW];
	st(t, v);
	for (idx i = 0; i < n; i++)
		p[i] = t[i];
}
INL vf ld_part(const float *p, idx n) {
	float t[VW] = {0};
	for (idx i = 0; i < n; i++)
		t[i] = p[i];
	return ld(t);
}
