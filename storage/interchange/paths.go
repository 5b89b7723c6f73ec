package interchange

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// safePath cleans a path with slashes that came from a record or the user, and
// refuses those that are absolute or have a "..", even where the whole stays
// inside. Names in any script pass.
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
		return "", fmt.Errorf("%q is no name of a file below the imported folder", p)
	}
	return clean, nil
}

// findImage looks for the image that a record calls name, in each of the
// folders (with slashes; "" is the root) in turn. Backslashes count as slashes
// where no file has them in its name, and accents match whether they are
// letters of their own (macOS) or not.
func findImage(root *os.Root, name string, folders ...string) (string, error) {
	if _, err := safePath(name); err != nil {
		return "", err
	}
	variants := []string{name}
	if strings.Contains(name, `\`) {
		variants = append(variants, strings.ReplaceAll(name, `\`, "/"))
	}
	for _, v := range []string{norm.NFC.String(name), norm.NFD.String(name)} {
		if !contains(variants, v) {
			variants = append(variants, v)
		}
	}
	var found error
	for _, v := range variants {
		for _, folder := range folders {
			p, err := safePath(path.Join(folder, v))
			if err != nil {
				return "", err
			}
			info, err := root.Stat(filepath.FromSlash(p))
			switch {
			case err == nil && info.Mode().IsRegular():
				return p, nil
			case err == nil:
				found = fmt.Errorf("%s is a folder or a device, not an image", p)
			case !errors.Is(err, os.ErrNotExist):
				found = reasonOf(err)
			}
		}
	}
	if found != nil {
		return "", found
	}
	return "", fmt.Errorf("there is no image %q", name)
}

// imageExtensions are those of files that a walk takes for images; the ones
// that cannot be read are among them, so that the user is told about them.
var imageExtensions = map[string]bool{
	".jpg": true, ".jpeg": true, ".jpe": true, ".jfif": true, ".png": true, ".webp": true, ".bmp": true, ".dib": true,
	".tif": true, ".tiff": true, ".gif": true, ".heic": true, ".heif": true, ".avif": true, ".jxl": true, ".jp2": true,
}

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
// mean none. "test" gives Val, so that nothing is trained on it; testNote tells the user.
func splitName(s string) (split string, isTest, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "":
		return "", false, true
	case "train", "training", "tr", "train2017", "train2014":
		return Train, false, true
	case "val", "valid", "validation", "dev", "eval", "val2017", "val2014":
		return Val, false, true
	case "test", "testing", "test2017":
		return Val, true, true
	}
	return "", false, false
}

// testNote tells how many images of a test split became val.
func testNote(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%d images of the test split were counted as val, so that nothing is trained on them", n)}
}
