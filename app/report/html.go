package report

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/words"
	"viewfinder/widgets/plot"
)

//go:embed report.html
var page string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"percent": words.Percent, "between": between, "counted": words.Count, "describe": describe,
	"bar": func(v float64) template.CSS { return template.CSS(fmt.Sprintf("width:%.1f%%", 100*max(0, min(1, v)))) },
}).Parse(page))

// htmlPage is what the template shows.
type htmlPage struct {
	*evaluate.ReportFacts
	Headline string
	Tested   string
	Charts   []template.HTML
	Crops    []template.URL // of Errors, around what is wrong
	Cells    [][]htmlCell
	Facts    []fact
	Date     string
}

// htmlCell is a cell of the confusion matrix.
type htmlCell struct {
	N     int
	Style template.CSS
}

// HTML writes the report as one page that needs nothing from outside and runs no script.
func HTML(f *evaluate.ReportFacts) ([]byte, error) {
	p := htmlPage{ReportFacts: f, Headline: headline(f), Tested: tested(f), Facts: madeOf(f), Date: f.Made.Local().Format("2 January 2006")}
	for _, c := range charts(f) {
		var svg bytes.Buffer
		if err := plot.WriteSVG(&svg, c, 640, 300, plot.Light()); err != nil {
			return nil, err
		}
		p.Charts = append(p.Charts, template.HTML(svg.String())) // words in it are escaped by WriteSVG
	}
	for _, m := range f.Errors {
		data, err := jpegOf(m.Crop)
		if err != nil {
			return nil, err
		}
		p.Crops = append(p.Crops, template.URL("data:image/jpeg;base64,"+base64.StdEncoding.EncodeToString(data)))
	}
	for i, row := range f.Matrix {
		var cells []htmlCell
		for k, n := range row {
			r, g, b := shade(row, i == k, n)
			cells = append(cells, htmlCell{N: n, Style: template.CSS(fmt.Sprintf("background:#%02x%02x%02x", r, g, b))})
		}
		p.Cells = append(p.Cells, cells)
	}
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, p); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// shade is the colour of a cell that holds n of its row: blue where it is right, orange where it is wrong.
func shade(row []int, right bool, n int) (r, g, b int) {
	total := 0
	for _, v := range row {
		total += v
	}
	if total == 0 || n == 0 {
		return 255, 255, 255
	}
	s := 0.12 + 0.6*float64(n)/float64(total)
	ink := [3]float64{0xd5, 0x5e, 0x00}
	if right {
		ink = [3]float64{0x00, 0x72, 0xb2}
	}
	mix := func(c float64) int { return int(255 + s*(c-255) + 0.5) }
	return mix(ink[0]), mix(ink[1]), mix(ink[2])
}
