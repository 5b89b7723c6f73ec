package interchange

import (
	"errors"
	"strings"
)

// separatorOf returns which of comma, semicolon and tab separates the first line,
// by their number outside quotes; a tie or none gives the comma.
func separatorOf(line string) byte {
	best, most := byte(','), 0
	for _, sep := range []byte{',', '\t', ';'} {
		n, quoted := 0, false
		for i := range len(line) {
			switch line[i] {
			case '"':
				quoted = !quoted
			case sep:
				if !quoted {
					n++
				}
			}
		}
		if n > most {
			best, most = sep, n
		}
	}
	return best
}

// splitFields divides one line by RFC 4180's rules.
func splitFields(line string, sep byte) ([]string, error) {
	var fields []string
	for {
		if len(fields) > 1000 {
			return nil, errors.New("it has more than 1,000 fields")
		}
		lead := len(line) - len(strings.TrimLeft(line, " "))
		if !strings.HasPrefix(line[lead:], `"`) {
			i := strings.IndexByte(line, sep)
			if i < 0 {
				return append(fields, line), nil
			}
			fields, line = append(fields, line[:i]), line[i+1:]
			continue
		}
		line = line[lead+1:]
		var b strings.Builder
		for {
			i := strings.IndexByte(line, '"')
			if i < 0 {
				return nil, errors.New("a quote is not closed")
			}
			b.WriteString(line[:i])
			line = line[i+1:]
			if !strings.HasPrefix(line, `"`) {
				break
			}
			b.WriteByte('"')
			line = line[1:]
		}
		fields = append(fields, b.String())
		rest := strings.TrimLeft(line, " ")
		if rest == "" {
			return fields, nil
		}
		if rest[0] != sep {
			return nil, errors.New("something follows a closing quote")
		}
		line = rest[1:]
	}
}

// splitConcepts divides a cell at ';' and '|', minding backslashes.
func splitConcepts(s string) []string {
	var all []string
	var b strings.Builder
	flush := func() {
		if c := strings.TrimSpace(b.String()); c != "" {
			all = append(all, c)
		}
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte(`;|\`, s[i+1]) >= 0:
			i++
			b.WriteByte(s[i])
		case s[i] == ';' || s[i] == '|':
			flush()
		default:
			b.WriteByte(s[i])
		}
	}
	flush()
	return all
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func yes(s string) bool {
	switch strings.ToLower(s) {
	case "1", "yes", "y", "true":
		return true
	}
	return false
}

func no(s string) bool {
	switch strings.ToLower(s) {
	case "0", "no", "n", "false":
		return true
	}
	return false
}
