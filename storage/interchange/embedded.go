package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// ImageFile is an image's bytes, opened.
type ImageFile interface {
	io.ReadSeeker
	io.Closer
}

// memoryImage is an image that lies inside another file.
type memoryImage struct{ *bytes.Reader }

func (memoryImage) Close() error { return nil }

// InMemory is an image whose bytes are at hand.
func InMemory(data []byte) ImageFile { return memoryImage{bytes.NewReader(data)} }

// Embedded reports whether the image lies inside a table, so that ImagePath is only its name.
func (r Record) Embedded() bool { return r.embedded != nil }

// maxEmbedded is the most bytes of one image inside a file.
const maxEmbedded = 256 << 20

// imageStarts begin the files of images.
var imageStarts = []string{"\xff\xd8\xff", "\x89PNG\r\n", "GIF8", "RIFF", "BM", "II*\x00", "MM\x00*"}

// isImage reports by the first bytes whether data are an image file.
func isImage(data []byte) bool {
	if len(data) >= 12 && string(data[4:8]) == "ftyp" { // HEIC, AVIF: named later
		return true
	}
	return slices.ContainsFunc(imageStarts, func(s string) bool { return bytes.HasPrefix(data, []byte(s)) })
}

// embeddedName is what an image inside a file is called: below the file's
// name, by its own name where that is harmless and unlike those before, else by its number.
func embeddedName(file, own string, n int, taken map[string]bool) string {
	parts := segments(own)
	name := ""
	if len(parts) > 0 && len(own) < 1000 {
		name = parts[len(parts)-1]
	}
	if !isImageName(name) || strings.ContainsRune(name, 0) || taken[name] {
		name = fmt.Sprintf("%06d.jpg", n)
	}
	taken[name] = true
	return path.Join(file, name)
}

// numbered makes names of concepts for classes that have only numbers.
func numbered(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s only a number for a class, which no list of names beside it explains: the numbers are the concepts' names", counted(n, "annotation has", "annotations have"))}
}

// errDamaged is what remains of a library's panic over a damaged file.
var errDamaged = errors.New("it is damaged")
