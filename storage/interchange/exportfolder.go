package interchange

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// exportFolder is the folder that an export is written to.
type exportFolder struct {
	dir   string
	taken map[string]bool // names without ending, in lower case
}

// copyImage writes the image below dir (with slashes) and returns its path. A
// name is used once in the whole export, whatever its ending and letters'
// case, since formats pair files by their names.
func (f *exportFolder) copyImage(dir string, out Outgoing) (string, error) {
	ext := out.Ext
	switch own := path.Ext(out.Name); {
	case ext == "":
		ext = strings.ToLower(own)
	case sameEnding(own, ext): // .jpg stays .jpg
		ext = own
	}
	if !imageExtensions[strings.ToLower(ext)] {
		ext = ".jpg"
	}
	base := path.Base(strings.ReplaceAll(out.Name, `\`, "/"))
	stem := fileName(strings.TrimSuffix(base, path.Ext(base)))
	name := stem
	for n := 2; f.taken[strings.ToLower(name)]; n++ {
		name = fmt.Sprintf("%s-%d", stem, n)
	}
	f.taken[strings.ToLower(name)] = true
	p := path.Join(dir, name+ext)
	in, err := out.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	w, err := f.create(p)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(w.file, in); err != nil {
		w.file.Close()
		return "", err
	}
	return p, w.Close()
}

// sameEnding tells whether two endings are of the same format.
func sameEnding(a, b string) bool {
	same := map[string]string{".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tiff": ".tif", ".dib": ".bmp"}
	kind := func(s string) string {
		s = strings.ToLower(s)
		if k, ok := same[s]; ok {
			return k
		}
		return s
	}
	return kind(a) == kind(b)
}

// fileName makes a harmless file name out of any text: what file systems or
// formats cannot bear becomes "_".
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, s)
	s = strings.Trim(s, " .")
	for len(s) > 120 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	if s == "" {
		return "image"
	}
	switch upper := strings.ToUpper(s); {
	case upper == "CON", upper == "PRN", upper == "AUX", upper == "NUL",
		len(upper) == 4 && (strings.HasPrefix(upper, "COM") || strings.HasPrefix(upper, "LPT")):
		return "_" + s // names that Windows keeps for itself
	}
	return s
}

// mkdir makes a folder below the export.
func (f *exportFolder) mkdir(name string) error {
	return os.MkdirAll(filepath.Join(f.dir, filepath.FromSlash(name)), 0o755)
}

// exportFile is a buffered file; the first error of a write comes at Close.
type exportFile struct {
	*bufio.Writer
	file *os.File
}

func (f *exportFolder) create(name string) (*exportFile, error) {
	if dir := path.Dir(name); dir != "." {
		if err := f.mkdir(dir); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(filepath.Join(f.dir, filepath.FromSlash(name)), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	return &exportFile{bufio.NewWriter(file), file}, nil
}

// Close writes what is buffered and closes the file.
func (w *exportFile) Close() error {
	return errors.Join(w.Flush(), w.file.Close())
}
