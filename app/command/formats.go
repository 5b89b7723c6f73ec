package command

import (
	"fmt"
	"strings"

	"viewfinder/app/studio/transfer"
)

// formatList is a line of help for each format.
func formatList(formats []transfer.Format, say func(transfer.Format) string) string {
	width := 0
	for _, f := range formats {
		width = max(width, len(f.Name))
	}
	var b strings.Builder
	for _, f := range formats {
		fmt.Fprintf(&b, "  %-*s  %s\n", width, f.Name, say(f))
	}
	return b.String()
}

// formatNames joins the formats' names: "folders, csv or images".
func formatNames(formats []transfer.Format) string {
	names := make([]string, len(formats))
	for i, f := range formats {
		names[i] = string(f.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
