package domain

// Reaches reports whether a score is at or above a threshold, both 0 to 1. Networks score in float32 and people set thresholds in decimals, so both
// are compared in float32: a score of exactly 0.7 reaches a threshold of 0.7, although float32(0.7) is a little below the float64. NaN reaches nothing.
func Reaches(score, threshold float64) bool { return float32(score) >= float32(threshold) }
