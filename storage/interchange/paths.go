package interchange

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// safePath cleans a path with slashes that came from a record or the user, and
// refuses those that are absolute or have a "..", even where the whole stays
// inside. Names in any script are accepted.
func safePath(p string) (string, error) {
	switch {
	case p == "":
		return "", errors.New("the image's name is empty")
	case len(p) > maxPathBytes:
		return "", errors.New("the image's name is too long")
	case strings.ContainsRune(p, 0):
		return "", errors.New("the image's name contains a zero byte")
	case strings.HasPrefix(p, "/"), strings.HasPrefix(p, `\`), len(p) > 1 && p[1] == ':', strings.Contains(p, "://"):
		return "", fmt.Errorf("%q is not below the imported folder; give paths relative to it", p)
	}
	for _, part := range strings.FieldsFunc(p, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == ".." {
			return "", fmt.Errorf("%q has a \"..\"; paths must stay below the imported folder", p)
		}
	}
	clean := path.Clean(p)
	if clean == "." || !filepath.IsLocal(filepath.FromSlash(clean)) {
		return "", fmt.Errorf("%q is not a file below the imported folder", p)
	}
	return clean, nil
}

// imageExtensions are those of files that a walk takes for images; the ones
// that cannot be read are among them, so that the user is told about them.
var imageExtensions = map[string]bool{
	".jpg": true, ".jpeg": true, ".jpe": true, ".jfif": true, ".png": true, ".webp": true, ".bmp": true, ".dib": true,
	".tif": true, ".tiff": true, ".gif": true, ".heic": true, ".heif": true, ".avif": true, ".jxl": true, ".jp2": true,
}

// ImageEndings lists the endings of files that are taken for images (".jpg").
func ImageEndings() []string { return sortedKeys(imageExtensions) }

// IsImageName reports whether a file's name ends as an image's does, also as one
// of those that cannot be read here, such as HEIC: whoever looks for images names these.
func IsImageName(name string) bool { return isImageName(name) }

func isImageName(name string) bool {
	return imageExtensions[strings.ToLower(path.Ext(name))] && !strings.HasPrefix(name, ".")
}

// conceptName trims and checks a concept's name.
func conceptName(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", errors.New("a concept has no name")
	case len(s) > maxConcept:
		return "", fmt.Errorf("a concept's name has more than %d bytes", maxConcept)
	case !utf8.ValidString(s):
		return "", errors.New("a concept's name is not in UTF-8")
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return "", fmt.Errorf("the concept %q has control characters in its name", s)
	}
	return s, nil
}

// splitName reads what sources call their splits. ok is false for words that
// mean none.
func splitName(s string) (split string, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return "", true
	case "train", "training", "tr", "train2017", "train2014":
		return Train, true
	case "val", "valid", "validation", "dev", "eval", "val2017", "val2014":
		return Val, true
	case "test", "testing", "test2017":
		return Test, true
	}
	return "", false
}
