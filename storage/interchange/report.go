package interchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// WriteReport writes problems as a CSV table (file, line, record, reason).
func WriteReport(w io.Writer, problems []Problem) error {
	out := csv.NewWriter(w)
	out.Write([]string{"file", "line", "record", "reason"})
	for _, p := range problems {
		line := ""
		if p.Line > 0 {
			line = strconv.Itoa(p.Line)
		}
		out.Write([]string{p.File, line, p.Record, p.Reason})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// WriteReportText writes problems as lines of text.
func WriteReportText(w io.Writer, problems []Problem) error {
	for _, p := range problems {
		if _, err := fmt.Fprintln(w, p); err != nil {
			return fmt.Errorf("writing the report: %w", err)
		}
	}
	return nil
}
