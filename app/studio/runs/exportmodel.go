package runs

import (
	"context"
	"errors"
	"fmt"
	"os"

	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/training"
)

// ModelFormats lists the kinds of files that networks are written as, the one for most people first.
func ModelFormats() []training.ModelFormat { return training.ModelFormats() }

// CheckModelExport returns why a network cannot be written to a file of that name in that way; nil if it can.
func CheckModelExport(file string, o training.ModelExport) error {
	if err := training.CheckModelExport(file, o); err != nil {
		return &storage.RuleError{Message: err.Error()}
	}
	return nil
}

// ExportModel writes a version's network to file, in the format that its extension names, and returns its size in bytes. A file that exists is an
// error unless replace is set. The file is whole, or as it was before.
func (rs *Runs) ExportModel(ctx context.Context, id int64, file string, replace bool, o training.ModelExport) (int64, error) {
	if err := CheckModelExport(file, o); err != nil {
		return 0, err
	}
	v, err := rs.Version(ctx, id)
	if err != nil {
		return 0, err
	}
	if v.Status != domain.StatusReady && v.Status != domain.StatusStopped {
		return 0, &storage.RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready or was stopped has a network to write", v.Name, v.Status)}
	}
	if _, err := os.Lstat(file); err == nil && !replace {
		return 0, &storage.RuleError{Message: fmt.Sprintf("there is a file %s already: choose another name", file)}
	}
	n, err := training.ExportModel(rs.RunDir(v), file, o)
	if errors.Is(err, training.ErrNoModel) {
		return 0, &storage.RuleError{Message: fmt.Sprintf("%s has no network yet: it was stopped before its first iteration", v.Name)}
	}
	if err != nil {
		return 0, fmt.Errorf("writing the network of %s: %w", v.Name, err)
	}
	return n, nil
}
