package command

import (
	"bytes"
	"strings"
	"testing"
)

// TestTableAligns: columns stand below each other whatever the script: a letter of Chinese takes two cells, a combining accent none.
func TestTableAligns(t *testing.T) {
	var out bytes.Buffer
	s := &session{out: &out}
	s.table([][]string{{"name", "n"}, {"瓶子", "1"}, {"e\u0301te\u0301", "2"}, {"ﾊﾟ", "3"}, {"🧪", "4"}, {"line\nbreak", "5"}})
	for i, line := range strings.Split(strings.TrimRight(out.String(), "\n"), "\n") {
		at := strings.LastIndexByte(line, ' ') + 1
		if n := cells(line[:at]); n != len("line break")+2 {
			t.Errorf("row %d: the second column begins at cell %d: %q", i, n, line)
		}
	}
}
