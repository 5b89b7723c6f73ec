package kernels

import "viewfinder/training/machine"

// A direct convolution is an implicit matrix product: a row of the matrix is an output pixel, made of KH runs of
// KW*C contiguous values of the (padded) input; the columns are output channels.

// direct describes one such product. For the gradient by the input with strides it computes only those pixels whose
// distance to a filter tap is a whole number of steps, so input and output have general steps.
type direct struct {
	n, h, w, c       int // input images, height, width and channels (all groups)
	kh, kw           int // taps
	strideH, strideW int
	top, left        int // padding above and left
	oh, ow           int // outputs to compute
	groups, cg, kg   int // channels of a group: in, out
	yh, yw           int // size of the output image
	stepH, stepW     int // distance of two computed output pixels
	offH, offW       int // the first of them

	plain         bool // rows are read from the input itself, not from a padded copy
	ih, iw        int  // rows of input for a tile's rows of one image, width with padding
	rows, images  int  // a tile: so many output rows of so many images
	rowTiles      int  // tiles of an image (1 where images > 1)
	pixelTiles    int
	blocks, split int // column blocks of a group, parts they are cut into
}

const (
	tilePixels = 96      // pixels a tile has at least, where there are as many
	tileFlops  = 1 << 21 // arithmetic a tile has at least, where pixels allow
	tileMany   = 16      // tiles wanted at least
)

func (d *direct) plan(nr int) {
	d.plain = d.top == 0 && d.left == 0 && (d.oh-1)*d.strideH+d.kh <= d.h && (d.ow-1)*d.strideW+d.kw <= d.w && (d.groups == 1 || d.kw == 1)
	d.iw = (d.ow-1)*d.strideW + d.kw
	flops := 2 * d.kh * d.kw * d.cg * d.kg
	want := max(tilePixels, min(tileFlops/flops, 2048))
	// The copied input and the output should stay in the second-level cache.
	if most := machine.ThisProcessor().L2 / 4 / (d.cg*d.strideH*d.strideW + d.kg/2); want > most {
		want = max(48, most)
	}
	// No fewer tiles than threads can share out well.
	if most := d.n * d.oh * d.ow / tileMany; want > most {
		want = max(48, most)
	}
	d.rows, d.images = d.oh, 1
	if d.oh*d.ow > want {
		d.rows = max(1, want/d.ow)
		// Rows spread evenly over the tiles.
		d.rows = ceilDiv(d.oh, ceilDiv(d.oh, d.rows))
	} else {
		d.images = min(d.n, max(1, want/(d.oh*d.ow)))
	}
	d.rowTiles = ceilDiv(d.oh, d.rows)
	d.pixelTiles = d.rowTiles * ceilDiv(d.n, d.images)
	d.ih = (d.rows-1)*d.strideH + d.kh
	d.blocks = ceilDiv(d.kg, nr)
	d.split = 1
	for d.pixelTiles*d.groups*d.split < tileMany && d.split < d.blocks {
		d.split++
	}
}

// tiles is how many tiles the product is cut into.
func (d *direct) tiles() int { return d.pixelTiles * d.groups * d.split }

// maxPixels is the number of pixels of a full tile.
func (d *direct) maxPixels() int { return d.images * d.rows * d.ow }

// localLen is the working memory of a worker: padded input, offsets of rows and of outputs.
func (d *direct) localLen() int {
	n := 2 * roundUp(d.maxPixels(), 16)
	if !d.plain {
		n += d.images * d.ih * d.iw * d.cg
	}
	return n
}

// packedLen is the length of the packed weights.
func (d *direct) packedLen(nr int) int { return d.groups * d.groupLen(nr) }

func (d *direct) groupLen(nr int) int { return packedCols(d.kg, nr) * d.kh * d.kw * d.cg }

// packedCols is the number of columns of packed weights: whole blocks, the last one half where that is enough.
func packedCols(k, nr int) int {
	full := k / nr * nr
	switch rest := k - full; {
	case rest == 0:
		return full
	case rest <= nr/2:
		return full + nr/2
	default:
		return full + nr
	}
}

// run computes one tile: x is the whole input, w the packed weights, y the whole output; part, unless nil, gets the
// statistics of the tile's outputs.
func (d *direct) run(v *vector, tile int, local, x, w, bias, res []float32, act Activation, y, part []float32) {
	pixelTile := tile / (d.groups * d.split)
	g, split := tile/d.split%d.groups, tile%d.split
	n0 := pixelTile / d.rowTiles * d.images
	n1 := min(d.n, n0+d.images)
	r0 := pixelTile % d.rowTiles * d.rows
	r1 := min(d.oh, r0+d.rows)
	most := roundUp(d.maxPixels(), 16)
	aoff, yoff, buf := ints(local[:most]), ints(local[most:2*most]), local[2*most:]
	src, base := x, 0
	if d.plain {
		base = n0 * d.h * d.w * d.c
		src = x[base:]
	} else {
		d.copyPadded(x, buf, n0, n1, r0, r1, g)
		src = buf
	}
	ybase := n0 * d.yh * d.yw * d.kg * d.groups
	i := 0
	for n := n0; n < n1; n++ {
		for r := r0; r < r1; r++ {
			a := ((n-n0)*d.ih + (r-r0)*d.strideH) * d.iw * d.cg
			step := d.strideW * d.cg
			if d.plain {
				a = ((n-n0)*d.h+r*d.strideH)*d.w*d.c + g*d.cg
				step = d.strideW * d.c
			}
			o := (((n-n0)*d.yh+r*d.stepH+d.offH)*d.yw+d.offW)*d.kg*d.groups + g*d.kg
			for q := range d.ow {
				aoff[i], yoff[i] = int32(a+q*step), int32(o+q*d.stepW*d.kg*d.groups)
				i++
			}
		}
	}
	shape := gemmShape{rows: i, taps: d.kh, tapStride: d.iw * d.cg, run: d.kw * d.cg, cols: d.kg, act: act}
	shape.k0, shape.k1 = d.blocks*split/d.split, d.blocks*(split+1)/d.split
	if d.plain {
		shape.tapStride = d.w * d.c
	}
	if bias != nil {
		bias = bias[g*d.kg:]
	}
	if res != nil {
		res = res[ybase:]
	}
	v.gemm(shape, src, aoff, w[g*d.groupLen(v.nr):], bias, res, y[ybase:], yoff)
	if part != nil {
		v.stats(i, d.kg, y[ybase:], yoff, part)
	}
}

// copyPadded copies what the output rows r0 to r1 of images n0 to n1 need of group g's channels, padding included.
func (d *direct) copyPadded(x, buf []float32, n0, n1, r0, r1, g int) {
	row := d.iw * d.cg
	// Columns of the input that lie in the padded width: from left (zeros before it) to right (zeros from it on).
	left := max(0, min(d.left, d.iw))
	right := max(left, min(d.iw, d.left+d.w))
	for n := n0; n < n1; n++ {
		for i := range (r1-r0-1)*d.strideH + d.kh {
			dst := buf[((n-n0)*d.ih+i)*row:][:row]
			h := r0*d.strideH - d.top + i
			if h < 0 || h >= d.h {
				clear(dst)
				continue
			}
			clear(dst[:left*d.cg])
			clear(dst[right*d.cg:])
			src := x[(n*d.h+h)*d.w*d.c:][:d.w*d.c]
			if d.groups == 1 {
				copy(dst[left*d.cg:right*d.cg], src[(left-d.left)*d.c:])
				continue
			}
			for q := left; q < right; q++ {
				copy(dst[q*d.cg:][:d.cg], src[(q-d.left)*d.c+g*d.cg:])
			}
		}
	}
}
