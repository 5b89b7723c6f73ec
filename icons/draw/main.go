// Command draw writes this program's icons as SVG files into the folder it is run in (go generate does).
//
// Each icon is a few strokes on a grid of 24 by 24. Fyne recolours only what is filled, so every stroke is written as
// the outline of a pen drawn along it: that way an icon takes the colour of the button or text it stands beside.
package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"sort"
	"strings"
)

const pen = 1.7

type point struct{ x, y float64 }

// sketch collects outlines, all turning the same way so that they add up where they cross.
type sketch struct{ d strings.Builder }

// line draws a pen along the points.
func (s *sketch) line(width float64, closed bool, p ...point) {
	if closed {
		p = append(p, p[0])
	}
	for i := 1; i < len(p); i++ {
		s.capsule(width/2, p[i-1], p[i])
	}
}

func (s *sketch) capsule(r float64, a, b point) {
	dx, dy := b.x-a.x, b.y-a.y
	l := math.Hypot(dx, dy)
	if l < 1e-9 {
		dx, dy, l = 1, 0, 1
	}
	nx, ny := -dy/l*r, dx/l*r
	fmt.Fprintf(&s.d, "M%.2f %.2fL%.2f %.2fA%.2f %.2f 0 0 0 %.2f %.2fL%.2f %.2fA%.2f %.2f 0 0 0 %.2f %.2fZ",
		a.x+nx, a.y+ny, b.x+nx, b.y+ny, r, r, b.x-nx, b.y-ny, a.x-nx, a.y-ny, r, r, a.x+nx, a.y+ny)
}

// fill fills a polygon.
func (s *sketch) fill(p ...point) {
	area := 0.0
	for i := range p {
		q := p[(i+1)%len(p)]
		area += p[i].x*q.y - q.x*p[i].y
	}
	if area > 0 {
		for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
			p[i], p[j] = p[j], p[i]
		}
	}
	for i, q := range p {
		fmt.Fprintf(&s.d, "%c%.2f %.2f", "ML"[min(i, 1)], q.x, q.y)
	}
	s.d.WriteString("Z")
}

// dot is a filled circle.
func (s *sketch) dot(x, y, r float64) { s.fill(arc(x, y, r, 0, 360)...) }

// ring is a drawn circle.
func (s *sketch) ring(x, y, r float64) { s.line(pen, false, arc(x, y, r, 0, 360)...) }

// arc gives the points of an arc; degrees, clockwise from the right.
func arc(x, y, r, from, to float64) []point {
	n := int(math.Ceil(math.Abs(to-from) / 15))
	p := make([]point, 0, n+1)
	for i := range n + 1 {
		t := (from + (to-from)*float64(i)/float64(n)) * math.Pi / 180
		p = append(p, point{x + r*math.Cos(t), y + r*math.Sin(t)})
	}
	return p
}

// rounded gives the points of a rectangle with round corners.
func rounded(x, y, w, h, r float64) []point {
	var p []point
	p = append(p, arc(x+w-r, y+r, r, -90, 0)...)
	p = append(p, arc(x+w-r, y+h-r, r, 0, 90)...)
	p = append(p, arc(x+r, y+h-r, r, 90, 180)...)
	return append(p, arc(x+r, y+r, r, 180, 270)...)
}

// ps reads "x,y x,y ...".
func ps(text string) []point {
	var p []point
	for _, f := range strings.Fields(text) {
		var q point
		if _, err := fmt.Sscanf(f, "%g,%g", &q.x, &q.y); err != nil {
			log.Fatalf("point %q: %v", f, err)
		}
		p = append(p, q)
	}
	return p
}

func (s *sketch) lines(texts ...string) {
	for _, t := range texts {
		s.line(pen, false, ps(t)...)
	}
}

func main() {
	names := make([]string, 0, len(drawings))
	for name := range drawings {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		s := &sketch{}
		drawings[name](s)
		svg := `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"><path fill="#000000" d="` +
			s.d.String() + `"/></svg>` + "\n"
		if err := os.WriteFile(name+".svg", []byte(svg), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
