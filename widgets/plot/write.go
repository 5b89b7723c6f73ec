package plot

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"html"
	"image"
	imagedraw "image/draw"
	"image/png"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	chart "github.com/wcharczuk/go-chart/v2"
)

// WritePNG writes a chart as a PNG image of width x height pixels; see Render for scale.
func WritePNG(w io.Writer, c Chart, width, height int, scale float64, t Theme) error {
	p, err := Render(c, width, height, scale, t)
	if err != nil {
		return err
	}
	if err := png.Encode(w, p.Image); err != nil {
		return fmt.Errorf("write chart %q as PNG: %w", c.Title, err)
	}
	return nil
}

// WriteStackPNG writes charts one above another into one PNG image, heights[i] pixels for charts[i].
func WriteStackPNG(w io.Writer, charts []Chart, width int, heights []int, scale float64, t Theme) error {
	if len(charts) != len(heights) {
		return fmt.Errorf("draw %d charts: %d heights given", len(charts), len(heights))
	}
	total := 0
	for _, h := range heights {
		total += h
	}
	if width < 1 || width > MaxSide || total < 1 || total > MaxSide {
		return fmt.Errorf("draw charts: a picture of %d x %d pixels cannot be drawn", width, total)
	}
	all := image.NewRGBA(image.Rect(0, 0, width, total))
	top := 0
	for i, c := range charts {
		p, err := Render(c, width, heights[i], scale, t)
		if err != nil {
			return err
		}
		imagedraw.Draw(all, image.Rect(0, top, width, top+heights[i]), p.Image, image.Point{}, imagedraw.Src)
		top += heights[i]
	}
	if err := png.Encode(w, all); err != nil {
		return fmt.Errorf("write charts as PNG: %w", err)
	}
	return nil
}

// WriteSVG writes a chart as an SVG image, width x height in CSS pixels.
func WriteSVG(w io.Writer, c Chart, width, height int, t Theme) error {
	// go-chart writes words as they are.
	c.Title, c.XName, c.Empty = html.EscapeString(c.Title), html.EscapeString(c.XName), html.EscapeString(c.Empty)
	c.Curves, c.Bands, c.Marks = slices.Clone(c.Curves), slices.Clone(c.Bands), slices.Clone(c.Marks)
	for i := range c.Curves {
		if c.Curves[i].Style.isZero() {
			c.Curves[i].Style = StyleAt(i)
		}
		c.Curves[i].Name = html.EscapeString(c.Curves[i].Name)
	}
	for i := range c.Bands {
		c.Bands[i].Label = html.EscapeString(c.Bands[i].Label)
	}
	for i := range c.Marks {
		c.Marks[i].Label = html.EscapeString(c.Marks[i].Label)
	}
	var buffer bytes.Buffer
	if _, err := draw(c, width, height, 1, t, chart.SVG, &buffer); err != nil {
		return err
	}
	// The view box is in units; say how large that is to be shown.
	head := fmt.Sprintf(`<svg width="%d" height="%d" `, width, height)
	text := strings.Replace(buffer.String(), "<svg ", head, 1)
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write chart as SVG: %w", err)
	}
	return nil
}

// WriteCSV writes the numbers behind curves: a line per value of x, a column per curve, empty where a curve has no value.
func WriteCSV(w io.Writer, xName string, curves ...Curve) error {
	b := bufio.NewWriter(w)
	out := csv.NewWriter(b)
	row := []string{xName}
	for _, c := range curves {
		row = append(row, c.Name)
	}
	out.Write(row) // errors stay in the writer until Flush
	at := make([]int, len(curves))
	for {
		x := math.Inf(1)
		for i, c := range curves {
			if at[i] < len(c.X) {
				x = math.Min(x, c.X[at[i]])
			}
		}
		if math.IsInf(x, 1) || math.IsNaN(x) {
			break
		}
		row = append(row[:0], strconv.FormatFloat(x, 'f', -1, 64))
		for i, c := range curves {
			cell := ""
			if at[i] < len(c.X) && c.X[at[i]] == x {
				cell = strconv.FormatFloat(c.Y[at[i]], 'g', -1, 64)
				at[i]++
			}
			row = append(row, cell)
		}
		out.Write(row)
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write curves as CSV: %w", err)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write curves as CSV: %w", err)
	}
	return nil
}
