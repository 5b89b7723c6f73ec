package studio

import (
	"fmt"
	"os"
	"strings"
)

// logTail is how much of the end of a log is looked at, in bytes.
const logTail = 256 << 10

// lastLines reads the last lines of a file.
func lastLines(f *os.File, n int) ([]string, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	start := max(0, info.Size()-logTail)
	data := make([]byte, info.Size()-start)
	read, err := f.ReadAt(data, start)
	if err != nil && read == 0 && len(data) > 0 {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	text := strings.TrimRight(string(data[:read]), "\n")
	if text == "" {
		return nil, nil
	}
	lines := strings.Split(text, "\n")
	if start > 0 && len(lines) > 1 {
		lines = lines[1:] // the first is cut
	}
	return lines[max(0, len(lines)-n):], nil
}
