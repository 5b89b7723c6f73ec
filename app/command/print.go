package command

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// print writes facts: with --json the document, otherwise what text writes.
func (s *session) print(document any, text func()) error {
	s.progress().end()
	if !s.json {
		text()
		return nil
	}
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// printf writes a line of facts.
func (s *session) printf(format string, args ...any) { fmt.Fprintf(s.out, format+"\n", args...) }

// complain names on standard error what could not be used; --quiet does not hide it.
func (s *session) complain(format string, args ...any) {
	fmt.Fprintf(s.progress(), "%s\n", oneLine(fmt.Sprintf(format, args...)))
}

// table writes rows in columns that are as wide as they need to be; the first row is the heading.
func (s *session) table(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(oneLine(cell)))
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			cell = oneLine(cell)
			b.WriteString(cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-cells(cell)+2))
			}
		}
		s.printf("%s", strings.TrimRight(b.String(), " "))
	}
}

// cells is how many columns of a terminal a text takes: two for each letter of Chinese, Japanese and Korean and most emoji, none for marks that
// sit on the letter before (Unicode's East Asian width, UAX 11).
func cells(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide, width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

// percent is 0.8731 as "87.3 %".
func percent(f float64) string { return fmt.Sprintf("%.1f %%", 100*f) }

// count is 1 image, 1,204 images.
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

// thousands is 1204 as "1,204".
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// seconds is a length of time as people say it: 42 s, 3 min 20 s, 2 h 5 min.
func seconds(f float64) string {
	n := int(f + 0.5)
	switch {
	case n < 60:
		return fmt.Sprintf("%d s", n)
	case n < 3600:
		return fmt.Sprintf("%d min %d s", n/60, n%60)
	}
	return fmt.Sprintf("%d h %d min", n/3600, n%3600/60)
}
