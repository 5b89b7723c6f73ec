package domain

// Concept is something that can be recognised in a view.
type Concept struct {
	ID       int64
	ViewID   int64
	Name     string
	Color    string // #rrggbb
	Key      string // one character, or empty
	Position int    // in its view, from 0
}

// Region is an annotated part of a datapoint. Box is nil for the whole datapoint, which is the only region that views without boxes have. ID is
// 0 for new ones; giving the ID of a region keeps what hangs on it (annotations of its crop in child views).
type Region struct {
	ID       int64
	Box      *Box    // in fractions of the whole image, also where the datapoint is a crop of it
	Concepts []int64 // concept ids, ascending
}
