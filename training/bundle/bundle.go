package bundle

import (
	"archive/zip"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"text/template"
	"time"

	"viewfinder/storage/domain"
	"viewfinder/training/onnx"
)

//go:embed files
var files embed.FS

// Bundle is what goes into the archive.
type Bundle struct {
	Model       onnx.Model // its form is FormPicture whatever is set: the programs rely on it
	Safetensors io.Reader  // model.safetensors
	Run         any        // run.json, without samples
}

// labelsDoc is labels.json.
type labelsDoc struct {
	Name         string      `json:"name"`
	Task         domain.Task `json:"task"`
	Architecture string      `json:"architecture"`
	Labels       []string    `json:"labels"`
	Threshold    float64     `json:"threshold"`
}

// when is the date of every file inside, so that the same network gives the same bytes.
var when = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Write writes the archive.
func Write(w io.Writer, b Bundle) error {
	b.Model.Form, b.Model.Raw = onnx.FormPicture, false
	z := zip.NewWriter(w)
	put := func(name string, write func(io.Writer) error) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: when})
		if err == nil {
			err = write(f)
		}
		if err != nil {
			return fmt.Errorf("writing %s into the bundle: %w", name, err)
		}
		return nil
	}
	document := func(v any) func(io.Writer) error {
		return func(w io.Writer) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			return e.Encode(v)
		}
	}
	for _, part := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"README.md", b.readme},
		{"model.onnx", func(w io.Writer) error { return onnx.Write(w, b.Model) }},
		{"labels.json", document(labelsDoc{b.Model.Name, b.Model.Spec.Task, b.Model.Spec.Architecture, b.Model.Labels, b.Model.Threshold})},
		{"model.safetensors", func(w io.Writer) error { _, err := io.Copy(w, b.Safetensors); return err }},
		{"run.json", document(b.Run)},
		{"predict.py", program("predict.py")},
		{"predict.mjs", program("predict.mjs")},
	} {
		if err := put(part.name, part.write); err != nil {
			return err
		}
	}
	return z.Close()
}

func program(name string) func(io.Writer) error {
	return func(w io.Writer) error {
		text, err := files.ReadFile("files/" + name)
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	}
}

var readme = template.Must(template.ParseFS(files, "files/README.md"))

func (b Bundle) readme(w io.Writer) error {
	outputs := "Output `confidences`: one for each label, 0 to 1."
	if b.Model.Spec.Task.HasBoxes() {
		outputs = "Outputs: `boxes` (xmin, ymin, xmax, ymax in fractions of the picture), `confidences` (the highest first), `labels` (places in the list of labels)."
	}
	return readme.Execute(w, map[string]any{
		"Name": b.Model.Name, "Task": b.Model.Spec.Task, "Architecture": b.Model.Spec.Architecture, "Labels": b.Model.Labels, "Pad": b.Model.Pad, "Outputs": outputs,
	})
}
