package metrics

// Box is a rectangle of a class, true or found. Coordinates may be in any unit.
type Box struct {
	XMin, YMin, XMax, YMax float64
	Class                  int
	Score                  float64 // of one that was found
}

// IoU is the area that two boxes share over the area that they cover together.
func IoU(a, b Box) float64 {
	w := min(a.XMax, b.XMax) - max(a.XMin, b.XMin)
	h := min(a.YMax, b.YMax) - max(a.YMin, b.YMin)
	if w <= 0 || h <= 0 {
		return 0
	}
	shared := w * h
	return shared / ((a.XMax-a.XMin)*(a.YMax-a.YMin) + (b.XMax-b.XMin)*(b.YMax-b.YMin) - shared)
}
