package runs

import (
	"fmt"
	"strings"
	"testing"
)

// What is missing is named where it is little; of much, the first few and how many more.
func TestNotEnoughIsShort(t *testing.T) {
	var e NotEnoughError
	for i := range 5 {
		e.Preparation.Missing = append(e.Preparation.Missing, fmt.Sprintf("concept %d has 0 annotated images", i))
	}
	if text := e.Error(); !strings.HasSuffix(text, "concept 4 has 0 annotated images") {
		t.Errorf("five: %s", text)
	}
	for i := range 995 {
		e.Preparation.Missing = append(e.Preparation.Missing, fmt.Sprintf("concept %d has 0 annotated images", 5+i))
	}
	if text := e.Error(); !strings.HasSuffix(text, "concept 3 has 0 annotated images; and 996 more like these") || strings.Contains(text, "concept 4") {
		t.Errorf("a thousand: %s", text)
	}
	if len(e.Preparation.Missing) != 1000 {
		t.Error("the list itself was cut")
	}
}
