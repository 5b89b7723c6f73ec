package training

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"viewfinder/storage/wholefile"
	"viewfinder/training/bundle"
	"viewfinder/training/checkpoint"
	"viewfinder/training/onnx"
)

// ErrNoModel is what ExportModel returns where a run folder has no trained network.
var ErrNoModel = errors.New("there is no trained network in this training's folder")

// ModelExport is how a network is written.
type ModelExport struct {
	// Form, Precision and Raw are for ONNX, in the words of package onnx; "" = the default. Precision is for bundles, too.
	Form, Precision string
	Raw             bool
	// Program is the program's version, for the metadata.
	Program string
}

// ModelFormat is a kind of file that networks are written as.
type ModelFormat struct {
	Extension string // ".onnx"
	Title     string
	Help      string // what it is for, one line
	write     func(e exported, o ModelExport, w io.Writer) error
}

// ModelFormats lists them, the one for most people first.
func ModelFormats() []ModelFormat {
	return []ModelFormat{
		{".onnx", "ONNX", "One file that other programs run; from the image to the result, everything is inside", writeONNX},
		{".zip", "Bundle", "A ZIP archive with the ONNX file, the weights, the labels, and programs in Python and JavaScript that run as they are", writeBundle},
		{".safetensors", "Safetensors", "The weights under torchvision's names, for PyTorch and for another version's initial weights", writeSafetensors},
	}
}

// ModelFormatOf finds the format that a file's extension names.
func ModelFormatOf(path string) (ModelFormat, error) {
	extension := strings.ToLower(filepath.Ext(path))
	var known []string
	for _, f := range ModelFormats() {
		if f.Extension == extension {
			return f, nil
		}
		known = append(known, f.Extension)
	}
	return ModelFormat{}, fmt.Errorf("%s: networks are not written with the extension %q; use one of %s", path, extension, strings.Join(known, ", "))
}

// CheckModelExport returns why a network cannot be written to a file of that name in that way; nil if it can. Whether a detector is needed shows only
// when the network is known.
func CheckModelExport(path string, o ModelExport) error {
	f, err := ModelFormatOf(path)
	if err != nil {
		return err
	}
	onONNX := f.Extension == ".onnx"
	switch {
	case o.Form != "" && !slices.Contains(onnx.Forms(), onnx.Form(o.Form)):
		return fmt.Errorf("there is no form %q of ONNX files; there are %v", o.Form, onnx.Forms())
	case o.Precision != "" && !slices.Contains(onnx.Precisions(), onnx.Precision(o.Precision)):
		return fmt.Errorf("there is no precision %q; there are %v", o.Precision, onnx.Precisions())
	case (o.Form != "" || o.Raw) && !onONNX:
		return fmt.Errorf("form and raw are for .onnx files, not for %s", path)
	case o.Precision != "" && f.Extension == ".safetensors":
		return fmt.Errorf("precision is for .onnx and .zip files, not for %s", path)
	case o.Raw && onnx.Form(o.Form) != onnx.FormTensor:
		return errors.New("raw needs the form tensor: the raw map takes the finished tensor")
	}
	return nil
}

// exported is a run folder's network, read and checked.
type exported struct {
	run  *Run
	file *checkpoint.File
	path string // of model.safetensors
}

// ExportModel writes the folder's trained network to path, in the format that its extension names, whole and synced or not at all, and returns its size in bytes. A
// damaged network is not written.
func ExportModel(dir, path string, o ModelExport) (int64, error) {
	if err := CheckModelExport(path, o); err != nil {
		return 0, err
	}
	format, err := ModelFormatOf(path)
	if err != nil {
		return 0, err
	}
	e := exported{path: filepath.Join(dir, ModelFile)}
	if e.file, err = checkpoint.ReadFile(e.path); errors.Is(err, fs.ErrNotExist) {
		return 0, ErrNoModel
	} else if err != nil {
		return 0, err
	}
	if e.run, err = ReadRun(dir); err != nil {
		return 0, err
	}
	e.run.Samples = nil
	if err := wholefile.Fill(path, func(w io.Writer) error { return format.write(e, o, w) }); err != nil {
		return 0, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// writeSafetensors writes model.safetensors as it is.
func writeSafetensors(e exported, _ ModelExport, w io.Writer) error {
	f, err := os.Open(e.path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

func (e exported) model(o ModelExport) onnx.Model {
	m := onnx.Model{
		Spec: e.run.spec(), State: fromCheckpoint(e.file), Pad: e.run.frame().Pad, Resizer: e.run.Options.Resizer, Threshold: DefaultThreshold(e.run.Task),
		Name: e.run.Name, Version: o.Program, Form: onnx.Form(o.Form), Precision: onnx.Precision(o.Precision), Raw: o.Raw,
	}
	for _, c := range e.run.Concepts {
		m.Labels = append(m.Labels, c.Name)
	}
	return m
}

func writeONNX(e exported, o ModelExport, w io.Writer) error { return onnx.Write(w, e.model(o)) }

func writeBundle(e exported, o ModelExport, w io.Writer) error {
	f, err := os.Open(e.path)
	if err != nil {
		return err
	}
	defer f.Close()
	return bundle.Write(w, bundle.Bundle{Model: e.model(o), Safetensors: f, Run: e.run})
}
