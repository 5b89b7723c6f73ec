package predict

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WritePredictions writes predictions as "json" (the list that `viewfinder predict --json` prints) or "csv": one line a concept or box
// with file, concept, score, xmin, ymin, xmax, ymax (empty for what has no box) and error; a file on which nothing was found has a
// line of its name alone.
func WritePredictions(w io.Writer, format string, list []Prediction) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		if list == nil {
			list = []Prediction{}
		}
		return e.Encode(list)
	case "csv":
		return writePredictionsCSV(w, list)
	}
	return fmt.Errorf("predictions cannot be saved as %q: use csv or json", format)
}

func writePredictionsCSV(w io.Writer, list []Prediction) error {
	out := csv.NewWriter(w)
	line := func(fields ...string) {
		for i, f := range fields {
			if strings.HasPrefix(f, "=") || strings.HasPrefix(f, "+") || strings.HasPrefix(f, "@") {
				fields[i] = "'" + f // a spreadsheet would compute it
			}
		}
		_ = out.Write(fields) // Error below reports it
	}
	number := func(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }
	line("file", "concept", "score", "xmin", "ymin", "xmax", "ymax", "error")
	for _, p := range list {
		if len(p.Concepts)+len(p.Boxes) == 0 {
			line(p.File, "", "", "", "", "", "", p.Error)
		}
		for _, c := range p.Concepts {
			line(p.File, c.Concept, number(c.Score), "", "", "", "", "")
		}
		for _, b := range p.Boxes {
			line(p.File, b.Concept, number(b.Score), number(b.XMin), number(b.YMin), number(b.XMax), number(b.YMax), "")
		}
	}
	out.Flush()
	return out.Error()
}
