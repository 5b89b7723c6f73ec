package interchange

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf16"
)

func isEOF(err error) bool { return errors.Is(err, io.EOF) }

// readSmall reads a whole file below the root, of at most limit bytes.
func readSmall(root *os.Root, name string, limit int64) ([]byte, error) {
	f, err := openText(root, name, limit)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, reasonOf(err)
	}
	if int64(len(data)) > limit {
		return nil, tooBig(limit)
	}
	return decodeText(data), nil
}

func tooBig(limit int64) error {
	return fmt.Errorf("the file has more than %d MB, as no such file should", limit>>20)
}

// openText opens a regular file below the root of at most limit bytes.
func openText(root *os.Root, name string, limit int64) (*os.File, error) {
	name = filepath.FromSlash(name)
	info, err := root.Stat(name)
	if err != nil {
		return nil, reasonOf(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a file")
	}
	if info.Size() > limit {
		return nil, tooBig(limit)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, reasonOf(err)
	}
	return f, nil
}

// decodeText drops a UTF-8 byte order mark and turns UTF-16 with one (as
// spreadsheets write it) into UTF-8.
func decodeText(b []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		order = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		order = binary.BigEndian
	default:
		return b
	}
	units := make([]uint16, len(b[2:])/2)
	for i := range units {
		units[i] = order.Uint16(b[2+2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// eachLine calls f with the lines of r, numbered from 1, without their ends.
// A line beyond maxLineBytes is given as nil. f's error ends it.
func eachLine(r io.Reader, f func(n int, line []byte) error) error {
	br := bufio.NewReaderSize(r, 64<<10)
	var line []byte
	for n := 1; ; n++ {
		line = line[:0]
		long := false
		var err error
		for {
			var part []byte
			part, err = br.ReadSlice('\n')
			if len(line)+len(part) > maxLineBytes {
				long = true
			}
			if !long {
				line = append(line, part...)
			}
			if !errors.Is(err, bufio.ErrBufferFull) {
				break
			}
		}
		if err != nil && !isEOF(err) {
			return reasonOf(err)
		}
		if err == nil || len(line) > 0 || long {
			given := bytes.TrimRight(line, "\r\n")
			if long {
				given = nil
			} else if given == nil {
				given = []byte{}
			}
			if ferr := f(n, given); ferr != nil {
				return ferr
			}
		}
		if err != nil {
			return nil
		}
	}
}
