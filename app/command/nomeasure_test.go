//go:build !measure

package command

import (
	"strings"
	"testing"
)

// What measures the program for those who work on it is no part of the product.
func TestNoMeasurements(t *testing.T) {
	for _, name := range []string{"project", "next", "assist"} {
		if r := call("bench", name, t.TempDir()); r.code != WrongCall {
			t.Errorf("bench %s ends with %d: %s%s", name, r.code, r.out, r.err)
		}
	}
	if help := ok(t, "bench", "--help"); strings.Contains(help, "bench project") || strings.Contains(help, "Available Commands") {
		t.Errorf("the help of bench lists measurements:\n%s", help)
	}
}
