package advice

import (
	"fmt"

	"viewfinder/storage/words"
)

// number writes a loss as people read it.
func number(v float64) string {
	switch {
	case v >= 100:
		return words.Number(int(v + 0.5))
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	case v >= 0.1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
