package studio

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"viewfinder/training"
)

// CheckModelFile says whether a network can be written in the format that the file's ending names.
func CheckModelFile(file string) error {
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".safetensors":
		return nil
	case ".onnx":
		return &RuleError{Message: fmt.Sprintf("%s: networks are not written as ONNX; use the ending .safetensors", file)}
	default:
		return &RuleError{Message: fmt.Sprintf("%s: the ending %q is no format of networks; use .safetensors", file, ext)}
	}
}

// ExportModel writes a version's network to file and returns its size in bytes. A file that exists is an error unless replace is set. The file
// is whole, or as it was before.
func (p *Project) ExportModel(ctx context.Context, id int64, file string, replace bool) (int64, error) {
	if err := CheckModelFile(file); err != nil {
		return 0, err
	}
	v, err := p.Version(ctx, id)
	if err != nil {
		return 0, err
	}
	if v.Status != StatusReady && v.Status != StatusStopped {
		return 0, &RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready or was stopped has a network to write", v.Name, v.Status)}
	}
	if _, err := os.Lstat(file); err == nil && !replace {
		return 0, &RuleError{Message: fmt.Sprintf("there is a file %s already: choose another name", file)}
	}
	n, err := training.ExportModel(p.RunDir(v), file, training.ModelExport{})
	if errors.Is(err, training.ErrNoModel) {
		return 0, &RuleError{Message: fmt.Sprintf("%s has no network yet: it was stopped before its first iteration", v.Name)}
	}
	if err != nil {
		return 0, fmt.Errorf("writing the network of %s: %w", v.Name, err)
	}
	return n, nil
}
