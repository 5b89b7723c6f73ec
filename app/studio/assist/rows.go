package assist

import (
	"maps"
	"math"
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"viewfinder/training/float16"
	"viewfinder/training/linear"
)

// directions is how many numbers an image's features are brought down to, in memory and for whatever is computed with them.
const directions = 128

// fittedOn is how many images the directions are found on at most.
const fittedOn = 512

// rows are the features of datapoints, each of directions numbers. What was handed out is never written to.
type rows struct {
	ids   []int64
	x     []float32 // [ids][directions]
	place map[int64]int32
	space
}

// space is what features are described in.
type space struct {
	groups     []int     // see training.Backbone
	scale      []float32 // of the statistics, which follow the first group
	mean       []float32
	components [][]float32 // at most directions
}

func (r rows) at(i int) []float32 {
	return r.x[i*directions : (i+1)*directions : (i+1)*directions]
}

// of is the features of a datapoint; nil where there are none.
func (r rows) of(id int64) []float32 {
	if i, ok := r.place[id]; ok {
		return r.at(int(i))
	}
	return nil
}

// statisticsShare is what each group of statistics counts, beside the mean activations, which count 1; measured in docs/assistant.md.
const statisticsShare = 0.1

// table gathers rows. The mean activations of a backbone are turned into the root of each number, made as long as 1; statistics of earlier maps are scaled so that
// each varies as much as the others of its group, and the group by its share. Both are described in the directions in which the first images of the view differ
// most (principal components): distances and whatever is linear stay, in a tenth of the numbers.
type table struct {
	rows
	raw        [][]uint16 // of the first rows, fittedOn at most
	fitted     int        // how many of them the directions were found on
	generation int        // counts the times the directions were found
}

func newTable() *table { return &table{rows: rows{place: map[int64]int32{}}} }

// add takes the features of a datapoint. They can be used once settle was called.
func (t *table) add(id int64, half []uint16) {
	t.place[id] = int32(len(t.ids))
	t.ids = append(t.ids, id)
	if len(t.raw) < fittedOn {
		t.raw = append(t.raw, append([]uint16(nil), half...))
		return
	}
	if t.fitted < fittedOn {
		t.settle()
	}
	t.x = append(t.x, t.project(half)...)
}

// settle brings what was added into the directions, which are found anew when there are twice as many images as they were found on.
func (t *table) settle() {
	if n := len(t.raw); n > 0 && t.fitted < n && (n >= 2*t.fitted || n == fittedOn) {
		t.fit()
		t.x = make([]float32, 0, len(t.ids)*directions)
	}
	for i := len(t.x) / directions; i < len(t.raw) && i < len(t.ids); i++ {
		t.x = append(t.x, t.project(t.raw[i])...)
	}
}

// share is the rows as they are now, for others to read.
func (t *table) share() rows {
	n := len(t.x) / directions
	return rows{ids: t.ids[:n:n], x: t.x[: n*directions : n*directions], place: maps.Clone(t.place), space: t.space}
}

// fit finds the directions on the first rows.
func (t *table) fit() {
	n, size := len(t.raw), len(t.raw[0])
	t.fitted = n
	t.generation++
	t.space = space{groups: t.groups, mean: make([]float32, size)}
	t.standardise()
	y := blas64.General{Rows: n, Cols: size, Stride: size, Data: make([]float64, n*size)}
	mean := make([]float64, size)
	unit := make([]float32, size)
	for i, half := range t.raw {
		t.describe(unit, half)
		for j, v := range unit {
			y.Data[i*size+j] = float64(v)
			mean[j] += float64(v) / float64(n)
		}
	}
	for j, m := range mean {
		t.mean[j] = float32(m)
		for i := range n {
			y.Data[i*size+j] -= m
		}
	}
	gram := blas64.General{Rows: n, Cols: n, Stride: n, Data: make([]float64, n*n)}
	blas64.Gemm(blas.NoTrans, blas.Trans, 1, y, y, 0, gram)
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(n, gram.Data), true) {
		return
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	for k := n - 1; k >= 0 && len(t.components) < directions; k-- {
		if !(values[k] > 1e-9*float64(n)) {
			break
		}
		of := make([]float64, size)
		for i := range n {
			v := vectors.At(i, k) / math.Sqrt(values[k])
			for j, a := range y.Data[i*size : (i+1)*size] {
				of[j] += v * a
			}
		}
		c := make([]float32, size)
		for j, v := range of {
			c[j] = float32(v)
		}
		t.components = append(t.components, c)
	}
}

// standardise finds the scales of the statistics on the first rows.
func (t *table) standardise() {
	size := len(t.raw[0])
	if len(t.groups) < 2 {
		t.groups = []int{size}
		return
	}
	first, n := t.groups[0], float64(len(t.raw))
	sum, square := make([]float64, size), make([]float64, size)
	x := make([]float32, size)
	t.scale = slices.Repeat([]float32{1}, size-first)
	for _, half := range t.raw {
		t.describe(x, half)
		for j, v := range x {
			sum[j] += float64(v)
			square[j] += float64(v) * float64(v)
		}
	}
	variance := func(j int) float64 { return max(0, square[j]/n-sum[j]/n*sum[j]/n) }
	whole := 0.0
	for j := range first {
		whole += variance(j)
	}
	from := first
	for _, g := range t.groups[1:] {
		for j := from; j < from+g; j++ {
			t.scale[j-first] = 0
			if v := variance(j); v > 1e-8 {
				t.scale[j-first] = float32(math.Sqrt(statisticsShare * whole / float64(g) / v))
			}
		}
		from += g
	}
}

// describe writes features with the scales that they are compared at.
func (t *space) describe(dst []float32, half []uint16) {
	first := t.groups[0]
	unitRoots(dst[:first], half[:first])
	float16.Values(dst[first:], half[first:])
	for j, s := range t.scale {
		dst[first+j] *= s
	}
}

// project describes features in the directions.
func (t space) project(half []uint16) []float32 {
	unit := make([]float32, len(half))
	t.describe(unit, half)
	for j, m := range t.mean {
		unit[j] -= m
	}
	row := make([]float32, directions)
	for k, c := range t.components {
		row[k] = linear.Dot(c, unit)
	}
	return row
}

// unitRoots writes the roots of features, all together as long as 1. A backbone's mean activations are not negative; what is counts as nothing.
func unitRoots(dst []float32, half []uint16) {
	float16.Values(dst, half)
	sum := float32(0)
	for j, v := range dst {
		v = max(0, v)
		sum += v
		dst[j] = float32(math.Sqrt(float64(v)))
	}
	if sum > 0 {
		by := float32(1 / math.Sqrt(float64(sum)))
		for j := range dst {
			dst[j] *= by
		}
	}
}
