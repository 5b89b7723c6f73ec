package training

import (
	"fmt"
	"io"
	"os"
)

// openRegular opens a file for reading. What is not a regular file is refused before it is opened: a pipe in its place would have us wait for ever.
func openRegular(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file: %v", path, info.Mode().Type())
	}
	return os.Open(path)
}

// readTail reads the last bytes of a file, at most so many.
func readTail(path string, most int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > most {
		_, _ = f.Seek(-most, io.SeekEnd)
	}
	return io.ReadAll(io.LimitReader(f, most))
}
