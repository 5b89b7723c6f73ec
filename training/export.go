package training

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"viewfinder/training/checkpoint"
)

// ErrNoModel is what ExportModel returns where a run folder has no trained network.
var ErrNoModel = errors.New("there is no trained network in this training's folder")

// ExportModel copies the folder's model.safetensors to path, whole and synced or not at all, and returns its size in bytes. A damaged one is not
// copied.
func ExportModel(dir, path string) (int64, error) {
	from := filepath.Join(dir, ModelFile)
	if _, err := checkpoint.ReadFile(from); errors.Is(err, fs.ErrNotExist) {
		return 0, ErrNoModel
	} else if err != nil {
		return 0, err
	}
	f, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	var n int64
	err = checkpoint.Replace(path, func(w io.Writer) (err error) {
		n, err = io.Copy(w, f)
		return err
	})
	return n, err
}
