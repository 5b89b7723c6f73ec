//go:build distill

package main

import (
	"math"
	"math/rand/v2"

	"viewfinder/training/data"
)

// crops writes count random crops of random photos to dst, [count][size][size][3] as networks take them: a quarter to all of a photo's area, sides
// of up to 1:1.65, mirrored half of the time, with other contrast and brightness and another tint. They depend on seed and step alone.
func crops(dst []float32, p pool, count, size int, seed, step uint64) {
	r := rand.New(rand.NewPCG(seed, step))
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*r.Float64() }
	columns, rows := make([]tap, size), make([]tap, size)
	for i := range count {
		photo := p.photo(r.IntN(p.count))
		scale, aspect := math.Sqrt(between(0.25, 1)), math.Exp(between(-0.25, 0.25))
		sx, sy := min(1, scale*aspect), min(1, scale/aspect)
		x, y := between(sx-1, 1-sx), between(sy-1, 1-sy)
		if r.IntN(2) == 0 {
			sx = -sx
		}
		taps(columns, sx, x)
		taps(rows, sy, y)
		contrast, brightness := between(0.7, 1.3), between(-0.15, 0.15)
		// From a byte to the value from -1 to 1, changed and clamped, to the network's input.
		var level [3]struct{ a, b, mean, deviation float32 }
		for c := range level {
			l := &level[c]
			l.a, l.b = float32(contrast/127.5), float32(-contrast+brightness+between(-0.08, 0.08))
			l.mean, l.deviation = 2*data.Mean[c]-1, 1/(2*data.Deviation[c])
		}
		out := dst[i*size*size*3:][:size*size*3]
		for _, row := range rows {
			above, below := photo[row.at*side*3:][:side*3], photo[row.next*side*3:][:side*3]
			for _, column := range columns {
				a, b := column.at*3, column.next*3
				for c := range 3 {
					l := &level[c]
					upper := float32(above[a+c]) + column.share*(float32(above[b+c])-float32(above[a+c]))
					lower := float32(below[a+c]) + column.share*(float32(below[b+c])-float32(below[a+c]))
					v := (upper+row.share*(lower-upper))*l.a + l.b
					out[c] = (min(1, max(-1, v)) - l.mean) * l.deviation
				}
				out = out[3:]
			}
		}
	}
}

// tap is where a value along an axis is read: between two pixels.
type tap struct {
	at, next int
	share    float32 // of next
}

// taps reads a stretch of a photo's axis, which goes from -1 to 1: its middle and half its length.
func taps(dst []tap, half, middle float64) {
	for i := range dst {
		v := (half*(float64(2*i+1)/float64(len(dst))-1)+middle+1)*side/2 - 0.5
		v = min(side-1, max(0, v))
		at := min(side-2, int(v))
		dst[i] = tap{at, at + 1, float32(v - float64(at))}
	}
}
