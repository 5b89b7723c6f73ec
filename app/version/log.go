package version

import (
	"regexp"

	"viewfinder/app/studio/runs"
)

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

// Messages are the facts and warnings that a training told, a line each: what stands in for a log that is empty.
func Messages(h *runs.RunHistory) []string {
	if h == nil {
		return nil
	}
	var lines []string
	for _, e := range h.Messages {
		if e.Message != "" {
			lines = append(lines, e.Time.Local().Format("15:04:05 ")+e.Message)
		}
	}
	return lines
}
