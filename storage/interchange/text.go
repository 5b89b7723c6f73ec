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
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
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
	return fmt.Errorf("the file exceeds the limit of %d MB", limit>>20)
}

// openText opens a regular file below the root of at most limit bytes.
func openText(root *os.Root, name string, limit int64) (*os.File, error) {
	name = filepath.FromSlash(name)
	info, err := root.Stat(name)
	if err != nil {
		return nil, reasonOf(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("it is not a regular file")
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

// charsetReader reads XML whose declaration names another encoding than UTF-8,
// in whatever way that is written: utf8, latin1, windows-1252, gbk, … Text in
// UTF-16 has become UTF-8 by then.
func charsetReader(charset string, in io.Reader) (io.Reader, error) {
	switch name := strings.ToLower(strings.ReplaceAll(charset, "_", "-")); name {
	case "utf-8", "utf8", "us-ascii", "ascii", "unicode", "utf-16", "utf16", "utf-16le", "utf-16be":
		return in, nil
	default:
		encoding, err := htmlindex.Get(name)
		if err != nil {
			return nil, fmt.Errorf("its encoding %q is not known; save it as UTF-8", charset)
		}
		return encoding.NewDecoder().Reader(in), nil
	}
}

// codePage converts text that is not UTF-8 to UTF-8: it is read in Windows' Cyrillic
// or western code page, by whether bytes above 127 stand together, as in words of such letters
// alone, or apart. name is "" where it was UTF-8.
func codePage(data []byte) (text []byte, name string) {
	if utf8.Valid(data) || hasLetters(data) {
		return data, ""
	}
	high, together := 0, 0
	for i, c := range data {
		if c >= 0x80 {
			high++
			if i > 0 && data[i-1] >= 0xc0 && c >= 0xc0 {
				together++
			}
		}
	}
	page, name := charmap.Windows1252, "Windows-1252"
	if together*2 > high {
		page, name = charmap.Windows1251, "Windows-1251"
	}
	decoded, err := page.NewDecoder().Bytes(data)
	if err != nil {
		return data, ""
	}
	return decoded, name
}

// hasLetters reports whether text that is not UTF-8 as a whole has letters in
// UTF-8 nevertheless: then it is UTF-8 with some broken bytes.
func hasLetters(data []byte) bool {
	for i, c := range data {
		if c >= 0xc3 {
			if r, n := utf8.DecodeRune(data[i:]); r != utf8.RuneError && n > 1 {
				return true
			}
		}
	}
	return false
}

// utf8Text is codePage for the beginning of a file, which may end within a letter.
func utf8Text(head string) string {
	for range utf8.UTFMax {
		if utf8.ValidString(head) || head == "" {
			return head
		}
		if r, n := utf8.DecodeLastRuneInString(head); r == utf8.RuneError && n == 1 {
			head = head[:len(head)-1]
			continue
		}
		break
	}
	text, _ := codePage([]byte(head))
	return string(text)
}
