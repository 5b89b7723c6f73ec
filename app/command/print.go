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
