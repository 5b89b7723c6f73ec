package weights

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// MaxFile is how many bytes a file of weights may have.
const MaxFile = 1 << 30

// Read reads the network in the file or folder at path, by the ending of its name: see the readers. The error wraps ErrFile where the file is not what can be
// read, and is the system's where it cannot be opened; it names the file.
func Read(path string) (*Network, error) {
	n, err := read(path)
	var at *fs.PathError
	if err != nil && !errors.As(err, &at) {
		err = fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return n, err
}

func read(path string) (*Network, error) {
	info, err := os.Stat(path) // before opening: a pipe would have us wait for ever
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return readFolder(path)
	}
	if !info.Mode().IsRegular() {
		return nil, refuse("not a regular file")
	}
	if info.Size() > MaxFile {
		return nil, refuse("it has %d bytes and at most %d are read", info.Size(), int64(MaxFile))
	}
	ending := strings.ToLower(filepath.Ext(path))
	reader, ok := readers[ending]
	if !ok {
		return nil, refuse("files that end in %q are not read; those that are end in %s", ending, endings)
	}
	return reader(path)
}

// readers by the ending of a file's name.
var readers = map[string]func(path string) (*Network, error){
	".safetensors": readSafetensors,
	".tflite":      readTFLite,
	".pth":         readPyTorch,
	".pt":          readPyTorch,
	".zip":         readZIP,
}

const endings = ".pth, .pt, .safetensors, .tflite and .zip (of Teachable Machine)"
