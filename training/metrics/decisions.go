package metrics

// Confusion counts [truth][predicted].
func Confusion(truth, predicted []int, classes int) [][]int {
	m := square(classes)
	for i, t := range truth {
		m[t][predicted[i]]++
	}
	return m
}

func square(n int) [][]int {
	flat := make([]int, n*n)
	m := make([][]int, n)
	for i := range m {
		m[i] = flat[i*n : (i+1)*n : (i+1)*n]
	}
	return m
}

// FromConfusion reads each concept's counts off a confusion matrix.
func FromConfusion(m [][]int) []Counts {
	total := 0
	for _, row := range m {
		for _, v := range row {
			total += v
		}
	}
	counts := make([]Counts, len(m))
	for c := range m {
		k := &counts[c]
		k.TruePositives = m[c][c]
		for i := range m {
			if i != c {
				k.FalseNegatives += m[c][i]
				k.FalsePositives += m[i][c]
			}
		}
		k.TrueNegatives = total - k.TruePositives - k.FalsePositives - k.FalseNegatives
	}
	return counts
}

// Argmax returns the index of the largest score, the first of equals.
func Argmax(scores []float64) int {
	best := 0
	for i, s := range scores {
		if s > scores[best] {
			best = i
		}
	}
	return best
}

// Decide counts the yes/no decisions of one concept: yes where the score is at least the threshold.
func Decide(scores []float64, truth []bool, threshold float64) Counts {
	var c Counts
	for i, s := range scores {
		switch yes := s >= threshold; {
		case yes && truth[i]:
			c.TruePositives++
		case yes:
			c.FalsePositives++
		case truth[i]:
			c.FalseNegatives++
		default:
			c.TrueNegatives++
		}
	}
	return c
}
