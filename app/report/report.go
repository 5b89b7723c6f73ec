// Package report writes a version's page as one file that can be sent to somebody: HTML with everything in it, or PDF.
package report

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"path/filepath"
	"strings"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage/wholefile"
	"viewfinder/storage/words"
	"viewfinder/widgets/plot"
)

// Project is what a report asks of a project.
type Project interface {
	ReportFacts(ctx context.Context, version int64, progress session.Progress) (*evaluate.ReportFacts, error)
}

// Write makes the report of a version and writes it to path, as its ending says: .html or .pdf. What was there is replaced once the
// report is whole.
func Write(ctx context.Context, p Project, version int64, path string, progress session.Progress) error {
	var write func(*evaluate.ReportFacts) ([]byte, error)
	switch strings.ToLower(filepath.Ext(path)) {
	case ".html", ".htm":
		write = HTML
	case ".pdf":
		write = PDF
	default:
		return &studio.RuleError{Message: fmt.Sprintf("a report is a .html or a .pdf file, and %s is neither", filepath.Base(path))}
	}
	facts, err := p.ReportFacts(ctx, version, progress)
	if err != nil {
		return err
	}
	data, err := write(facts)
	if err != nil {
		return fmt.Errorf("writing the report of %s: %w", facts.Version.Name, err)
	}
	if err := wholefile.Write(path, data); err != nil {
		return fmt.Errorf("writing the report of %s: %w", facts.Version.Name, err)
	}
	return nil
}

// charts are the curves of the training.
func charts(f *evaluate.ReportFacts) []plot.Chart {
	losses, accuracies, _ := Curves(f.History).Charts("")
	losses.Title, accuracies.Title = "Loss", f.View.Type.AccuracyTitle()
	losses.Legend, accuracies.Legend = true, true
	if best := f.History.State.BestIteration; best > 0 {
		accuracies.Marks = []plot.Mark{{X: float64(best), Label: fmt.Sprintf("best %d", best)}}
	}
	return []plot.Chart{losses, accuracies}
}

// jpegOf is an image as it is embedded.
func jpegOf(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85})
	return b.Bytes(), err
}

func between(f evaluate.ReportFigure) string {
	if f.Low == 0 && f.High == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f to %.0f%% with 95%% confidence", 100*f.Low, 100*f.High)
}

// fact is a line of "how it was made".
type fact struct{ Name, Value string }

func madeOf(f *evaluate.ReportFacts) []fact {
	v, o := f.Version, f.Options
	facts := []fact{
		{"Project", f.Project},
		{"View", f.View.Name + " (" + string(f.View.Type) + ")"},
		{"Architecture", architecture(v.Architecture)},
		{"Trained", v.CreatedAt.Local().Format("2 January 2006, 15:04")},
		{"Took", took(v.Duration())},
		{"On", v.Device},
	}
	for _, s := range f.Use.Splits {
		text := words.Count(s.Images, "image")
		if f.View.Type.HasBoxes() {
			text += ", " + fmt.Sprint(s.Regions) + " boxes"
		}
		facts = append(facts, fact{"In " + string(s.Split), text})
	}
	return append(facts,
		fact{"Iterations", words.Count(o.Iterations, "iteration") + " of " + words.Count(o.BatchSize, "image")},
		fact{"Size of the input", strings.ReplaceAll(o.Resizer, "x", " × ")},
		fact{"Learning", fmt.Sprintf("%s, rate %g, %s", o.Optimizer, o.LearningRate, strings.ReplaceAll(o.Schedule, "_", " "))},
		fact{"Augmentation", orNothing(strings.ReplaceAll(strings.Join(o.Augment, ", "), "_", " "))})
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func architecture(name string) string {
	for _, a := range runs.Architectures() {
		if a.Name == name {
			return a.Title
		}
	}
	return name
}

func took(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// headline says in a sentence how good the version is.
func headline(f *evaluate.ReportFacts) string {
	if len(f.Figures) == 0 {
		return ""
	}
	first := f.Figures[0]
	on := words.Count(f.Images, "image") + " (" + f.On + ")"
	switch {
	case f.View.Type.ExactlyOne() && first.Name == "Accuracy":
		return fmt.Sprintf("%s reaches an accuracy of %s on %s that it was not trained on.", f.Version.Name, words.Percent(first.Value), on)
	case f.View.Type.HasBoxes():
		return fmt.Sprintf("%s reaches an mAP@0.5 of %s on %s that it was not trained on.", f.Version.Name, words.Percent(first.Value), on)
	}
	return fmt.Sprintf("%s reaches a mean F1 of %s on %s that it was not trained on.", f.Version.Name, words.Percent(first.Value), on)
}

// tested is a sentence on the figure on the test split; "" where nobody looked.
func tested(f *evaluate.ReportFacts) string {
	if f.Test == nil {
		return ""
	}
	text := fmt.Sprintf("On test, %s that nothing was trained on or chosen by: %s %s", words.Count(f.Test.Images, "image"), f.Test.Name, words.Percent(f.Test.Value))
	if sure := between(f.Test.ReportFigure); sure != "" {
		text += " (" + sure + ")"
	}
	return text + ". " + f.Test.Looks + "."
}

// describe words an error: what was predicted, and what is annotated.
func describe(m evaluate.ReportError) string {
	switch {
	case m.Predicted == "":
		return "missed " + m.Truth
	case m.Truth == "":
		return "predicted " + m.Predicted + " (" + words.Percent(m.Confidence) + "), not annotated"
	}
	return "predicted " + m.Predicted + " (" + words.Percent(m.Confidence) + "), annotated " + m.Truth
}
