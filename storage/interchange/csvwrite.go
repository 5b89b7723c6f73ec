package interchange

import (
	"encoding/csv"
	"strconv"
	"strings"

	"viewfinder/storage/domain"
)

// csvExporter writes labels.csv beside images/, as csvImporter reads it: one
// row an image, or, for detection, one row a box in fractions.
type csvExporter struct {
	file *exportFile
	out  *csv.Writer
	view domain.Task
}

func (e *csvExporter) begin(f *exportFolder, h Header) (err error) {
	if e.file, err = f.create("labels.csv"); err != nil {
		return err
	}
	e.out, e.view = csv.NewWriter(e.file), h.ViewType
	columns := []string{"file", "concepts", "split", "annotated", "reviewed"}
	if e.view.HasBoxes() {
		columns = append(columns, "xmin", "ymin", "xmax", "ymax", "width", "height")
	}
	return e.out.Write(columns)
}

func (e *csvExporter) place(Record) string { return "images" }

func (e *csvExporter) add(r Record, _ func(string)) error {
	row := []string{r.ImagePath, escapeConcepts(r.Concepts), r.Split, yesNo(r.HasAnnotation), yesNo(r.Reviewed)}
	if !e.view.HasBoxes() {
		return e.out.Write(row)
	}
	size := []string{strconv.Itoa(r.Width), strconv.Itoa(r.Height)}
	if len(r.Boxes) == 0 {
		return e.out.Write(append(append(row, "", "", "", ""), size...))
	}
	for _, b := range r.Boxes {
		row = append(row[:1:1], escapeConcepts([]string{b.Concept}), r.Split, yesNo(r.HasAnnotation), yesNo(r.Reviewed))
		for _, v := range []float64{b.XMin, b.YMin, b.XMax, b.YMax} {
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
		}
		if err := e.out.Write(append(row, size...)); err != nil {
			return err
		}
	}
	return nil
}

func (e *csvExporter) end() error {
	e.out.Flush()
	if err := e.out.Error(); err != nil {
		return err
	}
	return e.file.Close()
}

// escapeConcepts joins names for one cell, as splitConcepts divides them.
func escapeConcepts(concepts []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `;`, `\;`, `|`, `\|`)
	all := make([]string, len(concepts))
	for i, c := range concepts {
		all[i] = escape.Replace(c)
	}
	return strings.Join(all, ";")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
