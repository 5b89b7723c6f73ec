package report

import (
	"bytes"
	"fmt"
	"image"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"viewfinder/app/studio/evaluate"
	"viewfinder/storage/words"
	"viewfinder/widgets/plot"
)

// Measures of a page of A4, in millimetres.
const (
	pageWidth   = 210.0
	pageHeight  = 297.0
	margin      = 18.0
	textWidth   = pageWidth - 2*margin
	lineHeight  = 5.2
	bottomLimit = pageHeight - 20
)

// document is a PDF being written.
type document struct {
	*fpdf.Fpdf
	fonts  *fonts
	images int
}

// PDF writes the report as PDF.
func PDF(f *evaluate.ReportFacts) ([]byte, error) {
	d := &document{Fpdf: fpdf.New("P", "mm", "A4", "")}
	d.fonts = addFonts(d.Fpdf)
	d.SetTitle(f.Version.Name+": "+f.View.Name, true)
	d.SetCreator("Viewfinder", true)
	d.SetCreationDate(f.Made)
	d.SetMargins(margin, margin, margin)
	d.SetAutoPageBreak(false, 0)
	d.SetFooterFunc(func() {
		d.ink(0x5c6672)
		d.at(margin, pageHeight-12)
		d.text(8, false, textWidth-20, f.Version.Name+" · "+f.View.Name+" · "+f.Project)
		d.at(pageWidth-margin-20, pageHeight-12)
		d.right(8, false, 20, fmt.Sprint(d.PageNo()))
	})
	d.AddPage()
	d.head(f)
	d.concepts(f)
	d.matrix(f)
	if err := d.curves(f); err != nil {
		return nil, err
	}
	if err := d.errorCases(f); err != nil {
		return nil, err
	}
	d.made(f)
	var out bytes.Buffer
	if err := d.Output(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (d *document) at(x, y float64) { d.SetXY(x, y) }

func (d *document) ink(rgb int) { d.SetTextColor(rgb>>16, rgb>>8&255, rgb&255) }

// room begins a new page if there is not so much room left on this one.
func (d *document) room(height float64) {
	if d.GetY()+height > bottomLimit {
		d.AddPage()
		d.SetY(margin)
	}
}

// text writes a line, cut to a width.
func (d *document) text(size float64, bold bool, width float64, s string) {
	d.write(size, bold, width, size*0.5, 0, s)
}

func (d *document) right(size float64, bold bool, width float64, s string) {
	d.write(size, bold, width, size*0.5, 1, s)
}

func (d *document) centre(size float64, bold bool, width, height float64, s string, fill bool) {
	x, y := d.GetXY()
	d.CellFormat(width, height, "", "1", 0, "C", fill, 0, "")
	d.SetXY(x, y)
	d.write(size, bold, width, height, 0.5, s)
}

// write writes a line into a cell at the place where the pen is, cut to the cell's width, at its left (0), middle (0.5) or right (1). The
// pen then stands behind the cell.
func (d *document) write(size float64, bold bool, cell, height, side float64, s string) {
	const edge = 1.0
	x, y := d.GetXY()
	runs := d.fonts.fit(d.Fpdf, size, bold, cell-2*edge, s)
	at := x + edge + side*(cell-2*edge-width(d.Fpdf, size, runs))
	base := y + height/2 + 0.3*size*25.4/72
	for _, r := range runs {
		d.SetFont(r.font, r.style, size)
		d.Text(at, base, r.text)
		at += d.GetStringWidth(r.text)
	}
	d.SetXY(x+cell, y)
}

// section writes a heading that has so much room below it.
func (d *document) section(title string, height float64) {
	d.SetY(d.GetY() + 6)
	d.room(height + 10)
	d.ink(0x1c2128)
	d.SetX(margin)
	d.text(13, true, textWidth, title)
	d.SetY(d.GetY() + 9)
}

func (d *document) head(f *evaluate.ReportFacts) {
	d.ink(0x1c2128)
	d.at(margin, margin)
	d.text(24, true, textWidth, f.Version.Name)
	d.at(margin, margin+12)
	d.ink(0x5c6672)
	d.text(10, false, textWidth, f.View.Name+" · "+f.Project+" · "+f.Made.Local().Format("2 January 2006"))
	d.at(margin, margin+20)
	d.ink(0x1c2128)
	d.paragraph(11, headline(f))
	if text := tested(f); text != "" {
		d.paragraph(11, text)
	}
	if f.OutOfDate != "" {
		d.ink(0x9a6200)
		d.paragraph(9.5, "The annotations have changed since then: "+f.OutOfDate+".")
	}
	y := d.GetY() + 4
	n := float64(max(1, len(f.Figures)))
	card := (textWidth - 4*(n-1)) / n
	for i, c := range f.Figures {
		x := margin + float64(i)*(card+4)
		d.SetDrawColor(0xdc, 0xdf, 0xe4)
		d.RoundedRect(x, y, card, 24, 2, "1234", "D")
		d.at(x+3, y+3)
		d.ink(0x5c6672)
		d.text(8.5, false, card-6, c.Name)
		d.at(x+3, y+9)
		d.ink(0x1c2128)
		if i == 0 {
			d.ink(0x2f62d6)
		}
		d.text(18, true, card-6, words.Percent(c.Value))
		d.at(x+3, y+18.5)
		d.ink(0x5c6672)
		if c.High > 0 {
			d.text(7.5, false, card-6, fmt.Sprintf("95%% interval %.0f to %.0f%%", 100*c.Low, 100*c.High))
		}
	}
	d.SetY(y + 26)
}

// paragraph writes words over several lines.
func (d *document) paragraph(size float64, s string) {
	line := ""
	for _, word := range strings.Fields(s) {
		longer := strings.TrimPrefix(line+" "+word, " ")
		if line != "" && width(d.Fpdf, size, d.fonts.runs(d.Fpdf, false, longer)) > textWidth-2 {
			d.line(size, line)
			longer = word
		}
		line = longer
	}
	d.line(size, line)
}

func (d *document) line(size float64, s string) {
	d.SetX(margin)
	d.write(size, false, textWidth, lineHeight, 0, s)
	d.SetY(d.GetY() + lineHeight)
}

func (d *document) concepts(f *evaluate.ReportFacts) {
	d.section("By concept", 20)
	columns := []struct {
		title string
		width float64
	}{{"Concept", 64}, {"Precision", 22}, {"Recall", 22}, {"F1", 22}, {"Avg. prec.", 24}, {"Count", 20}}
	d.SetX(margin)
	d.ink(0x5c6672)
	for i, c := range columns {
		if i == 0 {
			d.text(8.5, true, c.width, c.title)
		} else {
			d.right(8.5, true, c.width, c.title)
		}
	}
	d.SetY(d.GetY() + 6)
	for _, c := range f.Concepts {
		d.room(7)
		y := d.GetY()
		r, g, b := rgbOf(c.Color)
		d.SetFillColor(r, g, b)
		d.Circle(margin+1.5, y+2.3, 1.4, "F")
		d.at(margin+5, y)
		d.ink(0x1c2128)
		d.text(9.5, false, columns[0].width-5, c.Name)
		for k, v := range []float64{c.Precision, c.Recall, c.F1, c.AveragePrecision} {
			d.right(9.5, false, columns[k+1].width, words.Percent(v))
		}
		d.right(9.5, false, columns[5].width, fmt.Sprint(c.Support))
		d.SetDrawColor(0xee, 0xf0, 0xf3)
		d.Line(margin, y+5.8, margin+textWidth, y+5.8)
		d.SetY(y + 6.6)
	}
}

// mostInMatrix is how many concepts a matrix on paper can have.
const mostInMatrix = 20

func (d *document) matrix(f *evaluate.ReportFacts) {
	n := len(f.Matrix)
	if n == 0 || n > mostInMatrix {
		return
	}
	label := 38.0
	cell := min(18, (textWidth-label)/float64(n))
	height := min(8, cell)
	d.section("Confusion matrix", float64(n+1)*height+8)
	d.SetX(margin)
	d.ink(0x5c6672)
	d.SetDrawColor(0xee, 0xf0, 0xf3)
	d.right(7.5, false, label-2, "rows: annotated; columns: predicted")
	d.SetX(margin + label)
	for _, name := range f.Names {
		d.centre(7, true, cell, height, name, false)
	}
	d.SetY(d.GetY() + height)
	for i, row := range f.Matrix {
		d.SetX(margin)
		d.ink(0x5c6672)
		d.write(8, true, label-2, height, 1, f.Names[i])
		d.SetX(margin + label)
		d.ink(0x1c2128)
		for k, v := range row {
			r, g, b := shade(row, i == k, v)
			d.SetFillColor(r, g, b)
			d.centre(8, false, cell, height, fmt.Sprint(v), true)
		}
		d.SetY(d.GetY() + height)
	}
}

func (d *document) curves(f *evaluate.ReportFacts) error {
	height := textWidth * 300 / 640
	d.section("Training curves", height)
	for _, c := range charts(f) {
		d.room(height)
		p, err := plot.Render(c, 1920, 900, 3, plot.Light())
		if err != nil {
			return err
		}
		if err := d.picture(p.Image, margin, d.GetY(), textWidth, height); err != nil {
			return err
		}
		d.SetY(d.GetY() + height + 3)
	}
	return nil
}

// picture puts an image on the page.
func (d *document) picture(img image.Image, x, y, w, h float64) error {
	data, err := jpegOf(img)
	if err != nil {
		return err
	}
	d.images++
	name := fmt.Sprint("image", d.images)
	d.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "JPG"}, bytes.NewReader(data))
	d.ImageOptions(name, x, y, w, h, false, fpdf.ImageOptions{ImageType: "JPG"}, 0, "")
	return d.Error()
}

func (d *document) errorCases(f *evaluate.ReportFacts) error {
	if len(f.Errors) == 0 {
		return nil
	}
	const columns = 4
	width := (textWidth - 4*(columns-1)) / columns
	height := width*0.75 + 12
	d.section("Most confident errors", height+8)
	d.ink(0x5c6672)
	d.paragraph(9, words.Count(f.ErrorCount, "error")+" in total; these are the most confident. Some may be annotation errors.")
	d.SetY(d.GetY() + 2)
	for i, m := range f.Errors {
		if i%columns == 0 {
			if i > 0 {
				d.SetY(d.GetY() + height)
			}
			d.room(height)
		}
		x, y := margin+float64(i%columns)*(width+4), d.GetY()
		box := width * 0.75
		b := m.Crop.Bounds()
		scale := min(width/float64(b.Dx()), box/float64(b.Dy()))
		w, h := float64(b.Dx())*scale, float64(b.Dy())*scale
		d.SetFillColor(0xe6, 0xe8, 0xec)
		d.Rect(x, y, width, box, "F")
		if err := d.picture(m.Crop, x+(width-w)/2, y+(box-h)/2, w, h); err != nil {
			return err
		}
		d.at(x, y+box+1)
		d.ink(0x1c2128)
		d.text(7.5, false, width, describe(m))
		d.at(x, y+box+5)
		d.ink(0x5c6672)
		d.text(7, false, width, m.Image)
		d.SetY(y)
	}
	d.SetY(d.GetY() + height)
	return nil
}

func (d *document) made(f *evaluate.ReportFacts) {
	facts := madeOf(f)
	d.section("Training information", float64(len(facts))*5.6)
	for _, fact := range facts {
		d.room(6)
		d.SetX(margin)
		d.ink(0x5c6672)
		d.text(9, false, 45, fact.Name)
		d.ink(0x1c2128)
		d.text(9, false, textWidth-45, fact.Value)
		d.SetY(d.GetY() + 5.6)
	}
}

func rgbOf(hex string) (r, g, b int) {
	if n, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil || n != 3 {
		return 0x88, 0x88, 0x88
	}
	return r, g, b
}
