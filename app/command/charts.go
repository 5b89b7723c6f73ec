package command

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"

	"viewfinder/app/report"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/wholefile"
	"viewfinder/widgets/plot"
)

// Sizes of the charts that are written as images, in pixels at a scale of 2.
const chartWidth = 1600

var chartHeights = []int{640, 520, 300}

// writeCharts writes a training's curves into a folder and returns the files: losses, accuracies and learning rate in one image, and
// the numbers behind them.
func writeCharts(h *runs.RunHistory, measure, dir string) ([]string, error) {
	losses, accuracies, rate := report.Curves(h).Charts(measure)
	losses.Legend, accuracies.Legend, rate.Legend = true, true, true
	if best := h.State.BestIteration; best > 0 {
		accuracies.Marks = []plot.Mark{{X: float64(best), Label: fmt.Sprintf("best %d", best)}}
	}
	all := append(append(append([]plot.Curve{}, losses.Curves...), accuracies.Curves...), rate.Curves...)
	var files []string
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"curves.png", func(w io.Writer) error {
			return plot.WriteStackPNG(w, []plot.Chart{losses, accuracies, rate}, chartWidth, chartHeights, 2, plot.Light())
		}},
		{"curves.csv", func(w io.Writer) error { return plot.WriteCSV(w, "iteration", all...) }},
	} {
		var data bytes.Buffer
		if err := f.write(&data); err != nil {
			return files, fmt.Errorf("drawing %s: %w", f.name, err)
		}
		path := filepath.Join(dir, f.name)
		if err := wholefile.Write(path, data.Bytes()); err != nil {
			return files, fmt.Errorf("writing the charts: %w", err)
		}
		files = append(files, path)
	}
	return files, nil
}
