package version

import "regexp"

// stamp is what begins a line of a log: date, time and, for most lines, the level.
var stamp = regexp.MustCompile(`^\d{4}/\d\d/\d\d (\d\d:\d\d:\d\d)(?: INFO)?`)

// LogLines leaves the date and the ordinary level out of the lines of a log.
func LogLines(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = stamp.ReplaceAllString(l, "$1")
	}
	return out
}
