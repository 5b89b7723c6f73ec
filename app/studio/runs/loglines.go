package runs

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
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
	lines = lines[max(0, len(lines)-n):]
	for i, line := range lines {
		lines[i] = readableLine(line)
	}
	return lines, nil
}

// logged is how the trainer's log begins a line: time, level, message.
var logged = regexp.MustCompile(`^time=\S+T(\d\d:\d\d:\d\d)\S* level=(\w+) msg=("(?:[^"\\]|\\.)*"|\S*)`)

// readableLine puts a line of the log as a person would: the time of day, the level where it is more than information, the message.
func readableLine(line string) string {
	m := logged.FindStringSubmatchIndex(line)
	if m == nil {
		return line
	}
	clock, level, message, rest := line[m[2]:m[3]], line[m[4]:m[5]], line[m[6]:m[7]], line[m[1]:]
	if plain, err := strconv.Unquote(message); err == nil {
		message = plain
	}
	if level == "INFO" {
		return clock + "  " + message + rest
	}
	return clock + "  " + level + " " + message + rest
}
