// Included once for each instruction set, after base.h.
// Sums of outer products over pixels: out[m][n] (+)= sum over rows and pixels of a[m] * b[n], for gradients by weights.
// a steps a_px floats a pixel, a_row a row and a_img an image; b steps NR floats a pixel, b_row a row and b_img an image.

INL void outer_tile(const int mr, const int nv, idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx b_px, int first, const float *a, const float *b, float *out, idx ldo) {
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
			br += b_px;
		}
	}
#pragma GCC unroll 32
	for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
		for (int j = 0; j < nv; j++)
			st(out + i * ldo + j * VW, acc[i][j]);
}

#define OUTER(mr)                                                                                                  \
	outer_tile(mr, nv, imgs, rows, px, a_img, a_row, a_px, b_img, b_row, b_px, first, a, b, out, ldo);                   \
	a += mr;                                                                                                        \
	out += mr * ldo;                                                                                                \
	m -= mr;

// One panel of b; ldo is a multiple of NR, columns behind the last are garbage that nobody reads.
INL void outer_panel_n(const int nv, idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx b_px, idx m, int first, const float *a, const float *b, float *out, idx ldo) {
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

FN void outer_panel(idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, int first, const float *a, const float *b, float *out, idx ldo) {
	outer_panel_n(NRV, imgs, rows, px, a_img, a_row, a_px, b_img, b_row, NR, m, first, a, b, out, ldo);
}

// How many pixels are summed for all panels before the next: those of a must stay in the first-level cache.
#define OUTER_PIXELS 160

FN void outer(idx imgs, idx rows, idx px, idx a_img, idx a_row, idx a_px, idx b_img, idx b_row, idx m, idx panels, idx b_panel, int first, const float *a, const float *b, float *out, idx ldo) {
	// Rows and images that follow each other without a gap are one row.
	if (a_row == px * a_px && b_row == px * NR) {
		if (imgs > 1 && a_img == rows * a_row && b_img == rows * b_row) {
			rows *= imgs;
			imgs = 1;
		}
		px *= rows;
		rows = 1;
		if (imgs > 1) {
			rows = imgs;
			imgs = 1;
			a_row = a_img;
			b_row = b_img;
		}
	}
	for (idx n = 0; n < imgs; n++)
		for (idx r = 0, rs; r < rows; r += rs) {
			rs = px < OUTER_PIXELS ? OUTER_PIXELS / px : 1;
			if (rs > rows - r)
				rs = rows - r;
			for (idx p = 0, ps; p < px; p += ps) {
				ps = rs > 1 || px - p < 2 * OUTER_PIXELS ? px - p : OUTER_PIXELS;
				for (idx i = 0; i < panels; i++)
					outer_panel(1, rs, ps, 0, a_row, a_px, 0, b_row, m, first, a + n * a_img + r * a_row + p * a_px, b + n * b_img + r * b_row + p * NR + i * b_panel, out + i * NR, ldo);
				first = 0;
			}
		}
}

// sums [c][ldo] (+)= the outer products of x [px][c] and dy [px][k], k a multiple of NR or half of it more, straight from
// where they lie.
FN void outer_plain(idx px, idx c, idx k, int first, const float *x, const float *dy, float *sums, idx ldo) {
	for (idx p = 0, n; p < px; p += n) {
		n = px - p < OUTER_PIXELS * 3 / 2 ? px - p : OUTER_PIXELS;
		for (idx j = 0; j < k; j += NR) {
			const float *a = x + p * c, *b = dy + p * k + j;
			if (k - j >= NR)
				outer_panel_n(NRV, 1, 1, n, 0, 0, c, 0, 0, k, c, first && p == 0, a, b, sums + j, ldo);
			else
				outer_panel_n(NRV / 2, 1, 1, n, 0, 0, c, 0, 0, k, c, first && p == 0, a, b, sums + j, ldo);
		}
	}
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
