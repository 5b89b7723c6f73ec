package storage

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"viewfinder/storage/domain"
)

func FuzzCondition(f *testing.F) {
	for _, seed := range []string{
		`{"op":"concept","concept":3}`,
		`{"op":"and","of":[{"op":"concept","concept":1},{"op":"or","of":[{"op":"concept","concept":2},{"op":"concept","concept":3}]}]}`,
		`{"op":"or","of":[]}`, `{"op":"not"}`, `null`, `[]`, `{"op":"concept","concept":-1}`, `{"op":"concept","concept":1e3}`,
		strings.Repeat(`{"op":"and","of":[`, 40) + `{"op":"concept","concept":1}` + strings.Repeat(`]}`, 40),
	} {
		f.Add(seed)
	}
	p := newProject(f)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCondition([]byte(text))
		if err != nil {
			return
		}
		// What is accepted comes back the same, and is SQL that agrees with Matches.
		encoded := must[*string](t)(encodeCondition(c))
		again := must[*domain.Condition](t)(decodeCondition(encoded))
		if a, b := must[[]byte](t)(json.Marshal(c)), must[[]byte](t)(json.Marshal(again)); string(a) != string(b) {
			t.Fatalf("%s became %s", a, b)
		}
		ids := c.Concepts()
		for _, carried := range [][]int64{nil, ids, ids[:min(1, len(ids))], ids[min(1, len(ids)):]} {
			var regions []domain.Region
			for _, id := range carried {
				regions = append(regions, domain.Region{Concepts: []int64{id}})
			}
			var sql strings.Builder
			conditionSQL(&sql, c, "instr(?1, '|%d:') > 0")
			var matches bool
			if err := p.reader.QueryRowContext(context.Background(), "SELECT "+sql.String(), conceptSet(regions)).Scan(&matches); err != nil {
				t.Fatalf("%s: %v", sql.String(), err)
			}
			if matches != c.Matches(carried) {
				t.Fatalf("%s on %v: SQL says %v", sql.String(), carried, matches)
			}
		}
	})
}

func FuzzNames(f *testing.F) {
	for _, seed := range []string{"Glass", " Äpfel ", "زجاج", "👩‍🔬", "a\x00b", "\u2028", "\u200b", strings.Repeat("e\u0301", 100), "\xff", "İ", "ß", "ﬁ", "frame_010.png", "50%_x\\y", "٣"} {
		f.Add(seed)
	}
	p := newProject(f)
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, text string) {
		if name, err := cleanName(domain.NamedConcept, text); err == nil {
			if again, err := cleanName(domain.NamedConcept, name); err != nil || again != name {
				t.Fatalf("%q cleaned twice: %q %v", name, again, err)
			}
			if n := utf8.RuneCountInString(name); n == 0 || n > domain.NamedConcept.MaxLetters() || strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) {
				t.Fatalf("%q", name)
			}
			if domain.NameKey(name) != domain.NameKey(domain.NameKey(name)) {
				t.Fatalf("folding %q is not final", name)
			}
		} else if !isRule(err) {
			t.Fatal(err)
		}
		// The search finds a name by all of it, by its front and by its end.
		name := cleanImageName(text)
		if again := cleanImageName(name); again != name {
			t.Fatalf("%q cleaned twice: %q", name, again)
		}
		runes := []rune(domain.Fold(name))
		for _, part := range []string{name, string(runes[:len(runes)/2]), string(runes[len(runes)/2:])} {
			if domain.Fold(part) != domain.Fold(domain.Fold(part)) || !strings.Contains(domain.Fold(name), domain.Fold(part)) {
				continue // folding or composing changed at the cut
			}
			var found bool
			if err := p.reader.QueryRowContext(ctx, `SELECT ? LIKE ? ESCAPE '\'`, sortKey(name), likePattern(part)).Scan(&found); err != nil {
				t.Fatal(err)
			}
			if !found {
				t.Fatalf("%q (%q) is not found by %q (%q)", name, sortKey(name), part, likePattern(part))
			}
		}
	})
}

func TestNaturalOrder(t *testing.T) {
	names := []string{"a", "a1", "a2", "A3b", "a10", "a11b", "a0100", "b", "b 7/9", "b 7/10", "b 12/1"}
	for i := 1; i < len(names); i++ {
		if a, b := sortKey(names[i-1]), sortKey(names[i]); a >= b {
			t.Errorf("%q (%q) is not before %q (%q)", names[i-1], a, names[i], b)
		}
	}
}
