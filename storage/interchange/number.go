package interchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// parseNumber reads a number as programs and people write it: "12", "128.0",
// "1e3", "0,5" with a decimal comma. NaN and infinity are none.
func parseNumber(s string) (float64, error) {
	text := strings.TrimSpace(s)
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%.40q is not a number", s)
	}
	return v, nil
}

// pixels reads a side's length; 0 where it is none.
func pixels(s string) int {
	v, err := parseNumber(s)
	if err != nil {
		return 0
	}
	return wholePixels(v)
}

// wholePixels makes a side's length of a number; 0 where it is none.
func wholePixels(v float64) int {
	if !(v >= 1 && v <= maxSide) {
		return 0
	}
	return int(math.Round(v))
}

// jsonNumber is a number in JSON as programs write it: a number, one in
// quotes, true or false for 1 and 0. Valid reports whether it was one.
type jsonNumber struct {
	Value float64
	Valid bool
}

func (n *jsonNumber) UnmarshalJSON(b []byte) error {
	*n = jsonNumber{}
	if v, ok := plainNumber(b); ok {
		*n = jsonNumber{v, true}
		return nil
	}
	switch text := strings.TrimSpace(string(b)); {
	case text == "null":
	case text == "true":
		*n = jsonNumber{1, true}
	case text == "false":
		*n = jsonNumber{0, true}
	default:
		var quoted string
		if json.Unmarshal(b, &quoted) == nil {
			text = quoted
		}
		v, err := parseNumber(text)
		*n = jsonNumber{v, err == nil}
	}
	return nil
}

// plainNumber reads a number that is written as JSON has them, without quotes.
func plainNumber(b []byte) (float64, bool) {
	if len(b) == 0 || b[0] != '-' && (b[0] < '0' || b[0] > '9') {
		return 0, false
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// plainNumbers appends a list of such numbers; false where it holds anything else.
// What it is given is valid JSON.
func plainNumbers(b []byte, values []float64) ([]float64, bool) {
	if len(b) < 2 || b[0] != '[' || b[len(b)-1] != ']' {
		return nil, false
	}
	for rest, more := b[1:len(b)-1], true; more; {
		var part []byte
		part, rest, more = bytes.Cut(rest, []byte{','})
		v, ok := plainNumber(bytes.TrimSpace(part))
		if !ok {
			return nil, false
		}
		values = append(values, v)
	}
	return values, true
}

func (n jsonNumber) MarshalJSON() ([]byte, error) { return json.Marshal(n.Value) }

// jsonID makes one key of an id: a number, in whatever way it is written, or text.
func jsonID(raw json.RawMessage) string {
	if isDigits(raw) {
		return string(raw)
	}
	if len(raw) > 400 {
		raw = raw[:400]
	}
	text := strings.TrimSpace(string(raw))
	var quoted string
	if json.Unmarshal([]byte(text), &quoted) == nil {
		text = strings.TrimSpace(quoted)
	}
	if text == "null" {
		return ""
	}
	if strings.ContainsAny(text, ".eE") { // 1.0 is 1
		if v, err := strconv.ParseFloat(text, 64); err == nil && v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.FormatInt(int64(v), 10)
		}
	}
	return text
}

func isDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// lenient makes JSON of what Python and JavaScript write: NaN and Infinity,
// which JSON does not have, become the text "!", which is no number, so that
// one of them spoils one value and not the file. Offsets stay.
func lenient(r io.Reader) io.Reader { return &lenientReader{r: r} }

type lenientReader struct {
	r       io.Reader
	pending []byte // read and not yet given
	out     []byte
	quoted  bool
	escaped bool
	err     error
	buffer  [32 << 10]byte
}

var nonNumbers = [][]byte{[]byte("-Infinity"), []byte("Infinity"), []byte("NaN")}

func (l *lenientReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(l.out) == 0 {
		if l.err != nil && len(l.pending) == 0 {
			return 0, l.err
		}
		if l.err == nil {
			var n int
			n, l.err = l.r.Read(l.buffer[:])
			l.pending = append(l.pending, l.buffer[:n]...)
		}
		l.convert()
	}
	n := copy(p, l.out)
	l.out = l.out[n:]
	return n, nil
}

// convert moves what is certain from pending to out: all but the few last
// bytes, with which a word might begin.
func (l *lenientReader) convert() {
	const longest = len("-Infinity")
	b := l.pending
	i := 0
	for i < len(b) && (l.err != nil || len(b)-i >= longest) {
		c := b[i]
		if l.quoted {
			switch {
			case l.escaped:
				l.escaped = false
			case c == '\\':
				l.escaped = true
			case c == '"':
				l.quoted = false
			}
			i++
			continue
		}
		if c == '"' {
			l.quoted = true
		}
		if c == 'N' || c == 'I' || c == '-' {
			for _, word := range nonNumbers {
				if bytes.HasPrefix(b[i:], word) {
					copy(b[i:], `"!"`+strings.Repeat(" ", len(word)-3))
					i += len(word) - 1
					break
				}
			}
		}
		i++
	}
	l.out = append(l.out[:0], b[:i]...) // it was given whole
	l.pending = append(b[:0], b[i:]...)
}

// tooEarly is the error of a file that ends where more was expected.
func tooEarly(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}
