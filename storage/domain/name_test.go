package domain

import (
	"errors"
	"strings"
	"testing"
)

func TestCleanName(t *testing.T) {
	all := []Named{NamedProject, NamedView, NamedConcept, NamedVersion}
	for _, c := range []struct {
		name  string
		want  string
		fault NameFault
	}{
		{"Glass", "Glass", 0},
		{" \u00a0Green glass\t", "Green glass", 0},
		{"A\u0308pfel", "Äpfel", 0},
		{"👩‍🔬🧪", "👩‍🔬🧪", 0},
		{"٣", "٣", 0},
		{"", "", NameEmpty},
		{" \t\n", "", NameEmpty},
		{"\u200b\u200d", "", NameEmpty},
		{"\u0301", "", NameEmpty}, // an accent of nothing
		{"a\tb", "", NameControl},
		{"a\nb", "", NameControl},
		{"a\u2028b", "", NameControl},
		{"a\x00b", "", NameControl},
		{"a\xffb", "", NameNotText},
	} {
		for _, of := range all {
			got, err := of.Clean(c.name)
			var fault *NameError
			if errors.As(err, &fault); err == nil && c.fault != 0 || err != nil && (fault == nil || fault.Fault != c.fault || fault.Of != of) || got != c.want {
				t.Errorf("%s %q: %q, %v", of, c.name, got, err)
			}
		}
	}
}

func TestLongestNames(t *testing.T) {
	for of, most := range map[Named]int{NamedProject: 100, NamedView: 100, NamedConcept: 100, NamedVersion: 80} {
		for _, letter := range []string{"a", "é", "e\u0301", "ز", "界", "🧪"} { // of one to four bytes, and one that is composed of two
			longest := strings.Repeat(letter, most)
			if name, err := of.Clean("  " + longest + " "); err != nil || !SameName(name, longest) {
				t.Errorf("%s of %d times %q: %v", of, most, letter, err)
			}
			_, err := of.Clean(longest + letter)
			var fault *NameError
			if !errors.As(err, &fault) || fault.Fault != NameTooLong || fault.Letters != most+1 {
				t.Errorf("%s of %d times %q: %v", of, most+1, letter, err)
			}
		}
	}
}

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Glass", "glass", true},
		{"Glass", " GLASS ", true},
		{"ÄPFEL", "a\u0308pfel", true},
		{"Straße", "STRASSE", true}, // full folding: strings.EqualFold says no
		{"Σ", "ς", true},
		{"K", "\u212a", true}, // the Kelvin sign
		{"a b", "ab", false},
		{"a b", "a  b", false},
		{"apfel", "äpfel", false},
		{"Glass", "Glas", false},
		{"", " ", true},
	} {
		if SameName(c.a, c.b) != c.same || SameName(c.b, c.a) != c.same || (NameKey(c.a) == NameKey(c.b)) != c.same {
			t.Errorf("%q and %q: want same %v", c.a, c.b, c.same)
		}
	}
}

func TestFindName(t *testing.T) {
	names := []string{"v1", "Glass", "glass", "GLASS", "Paper"}
	for name, want := range map[string]int{"glass": 2, "Glass": 1, "gLaSs": -1, "PAPER": 4, " paper ": 4, "V1": 0, "v2": -1, "": -1} {
		if got := FindName(names, name); got != want {
			t.Errorf("%q: %d, want %d", name, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	for _, seed := range []string{"Glass", " Äpfel ", "a\x00b", "\u200b", strings.Repeat("e\u0301", 100), "\xff", "İ", "ß", "ﬁ", "\u0345"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := NamedVersion.Clean(text)
		if err != nil {
			return
		}
		if again, err := NamedVersion.Clean(name); err != nil || again != name || !SameName(name, text) {
			t.Fatalf("%q cleaned twice: %q %v", name, again, err)
		}
		if NameKey(name) != NameKey(NameKey(name)) {
			t.Fatalf("folding %q is not final", name)
		}
	})
}
