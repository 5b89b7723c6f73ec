// Included once for each instruction set, after vector_base.h.
// Sums of outer products over pixels: out[m][n] (+)= sum over rows and pixels of a[m] * b[n], for gradients by weights.
// a steps a_px floats a pixel, a_row a row and a_img an image; b steps NR floats a pixel, b_row a row and b_img an image.

INL void outer_tile(const int mr, const int nv, idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, int first, const float *a, const float *b, float *out, idx ldo) {
	vf acc[mr][NRV];
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
		for (int j = 0; j < nv; j++)
			acc[i][j] = first ? zero() : ld(out + i * ldo + j * VW);
	for (idx n = 0; n < imgs; n++)
	for (idx r = 0; r < rows; r++) {
		const float *ar = a + n * a_img + r * a_row, *br = b + n * b_img + r * b_row;
		for (idx p = 0; p < px; p++) {
			vf bv[NRV];
#pragma GCC unroll 4
			for (int j = 0; j < nv; j++)
				bv[j] = ld(br + j * VW);
#pragma GCC unroll 32
			for (int i = 0; i < mr; i++) {
				vf x = splat(ar[i]);
#pragma GCC unroll 4
				for (int j = 0; j < nv; j++)
					acc[i][j] += x * bv[j];
			}
			ar += a_px;
			br += NR;
		}
	}
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
		for (int j = 0; j < nv; j++)
			st(out + i * ldo + j * VW, acc[i][j]);
}

#define OUTER(mr)                                                                                                  \
	outer_tile(mr, NRV, imgs, rows, px, a_img, a_row, a_px, b_img, b_row, first, a, b, out, ldo);                   \
	a += mr;                                                                                                        \
	out += mr * ldo;                                                                                                \
	m -= mr;

// One panel of b; ldo is a multiple of NR, columns behind the last are garbage that nobody reads.
FN void outer_panel(idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, int first, const float *a, const float *b, float *out, idx ldo) {
	while (m > 0) {
		if (m >= 2 * MR || m == MR || (m > MR && m < MR + 4 && m != 8)) {
			OUTER(MR)
		} else if (m >= 4) {
			OUTER(4)
		} else if (m == 3) {
			OUTER(3)
		} else if (m == 2) {
			OUTER(2)
		} else {
			OUTER(1)
		}
	}
}

FN void outer(idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, idx panels, idx b_panel, int first, const float *a, const float *b, float *out, idx ldo) {
	for (idx i = 0; i < panels; i++)
		outer_panel(imgs, rows, px, a_img, a_row, a_px, b_img, b_row, m, first, a, b + i * b_panel, out + i * NR, ldo);
}

// Rearranges pixels of c channels, a_px floats apart, into panels of NR channels, b_panel floats apart; lanes behind the
// last channel become zero.
FN void panel(idx px, idx c, idx a_px, idx b_panel, const float *a, float *b) {
	for (idx k = 0; k < c; k += NR) {
		float *out = b + k / NR * b_panel;
		if (k + NR <= c) {
			for (idx p = 0; p < px; p++)
				for (int i = 0; i < NR; i += VW)
					st(out + p * NR + i, ld(a + p * a_px + k + i));
			continue;
		}
		for (idx p = 0; p < px; p++)
			for (int i = 0; i < NR; i++)
				out[p * NR + i] = k + i < c ? a[p * a_px + k + i] : 0;
	}
}
