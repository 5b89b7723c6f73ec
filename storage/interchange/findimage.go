package interchange

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// tails counts the images that were found by the end of their path; spelled are those that were spelled otherwise, each once.
type tails struct {
	n           int
	name, found string // of the first
	spelled     map[string]bool
}

// note counts the images that were found that way.
func (t tails) note() []string {
	if t.n == 0 {
		return nil
	}
	images := "one image was found"
	if t.n > 1 {
		images = fmt.Sprintf("%d images were found", t.n)
	}
	return []string{fmt.Sprintf("%s by the end of the path, since the path in the file does not exist here (%.200q is %s)", images, t.name, t.found)}
}

// findImage looks for the image that a record calls name: as it is, in each
// of the folders in turn ("" is this one); else by the longest end of its path
// that only one image below the root has, since the path may be of another
// machine: absolute, Windows', a URL, percent-coded, without its ending, with a
// project's prefix. Letters' case and the way in which accents are written do
// not matter then. A name with "train" is not found in "val".
func (f *Folder) findImage(name string, folders ...string) (string, error) {
	if len(folders) == 0 {
		folders = []string{""}
	}
	found, err := f.findExact(name, folders)
	if err == nil {
		return found, nil
	}
	p, tailErr := f.tree.findTail(name, f.dir)
	if tailErr != nil {
		if errors.Is(tailErr, errNoImage) {
			return "", err
		}
		return "", tailErr
	}
	t := &f.tree.tails
	if t.n++; t.n == 1 {
		t.name, t.found = name, p
	}
	return f.name(p), nil
}

// findExact looks in the folders only.
func (f *Folder) findExact(name string, folders []string) (string, error) {
	if _, err := safePath(name); err != nil {
		return "", err
	}
	variants := []string{name}
	if plain := strings.ReplaceAll(name, `\`, "/"); runtime.GOOS == "windows" {
		name, variants = plain, []string{plain} // a file's name cannot have one there, and would be found by both spellings
	} else if plain != name {
		variants = append(variants, plain)
	}
	for _, v := range []string{norm.NFC.String(name), norm.NFD.String(name)} {
		if !slices.Contains(variants, v) {
			variants = append(variants, v)
		}
	}
	var found error
	for _, v := range variants {
		for _, folder := range folders {
			p := path.Join(folder, v)
			if strings.HasPrefix(folder, "/") {
				p = "/" + strings.TrimPrefix(p, "/")
			}
			info, err := f.stat(p)
			switch {
			case err == nil && info.Mode().IsRegular():
				return f.asOnDisk(p), nil
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

// asOnDisk is a name as the folder spells it, where the system finds files by other cases of their letters, too: an image has one name, however
// many records spell it.
func (f *Folder) asOnDisk(name string) string {
	if runtime.GOOS != "windows" && runtime.GOOS != "darwin" {
		return name
	}
	return f.spelled(name)
}

// spelled is the one name that differs from this one by the case of letters or by the way of writing accents at most, or this one where there is none.
func (f *Folder) spelled(name string) string {
	at := f.at(name)
	found := f.tree.indexed().folded[fold(at)]
	if found == "" || found == at {
		return name
	}
	if t := &f.tree.tails; !t.spelled[at] {
		if t.spelled == nil {
			t.spelled = map[string]bool{}
		}
		t.spelled[at] = true
		if t.n++; t.n == 1 {
			t.name, t.found = name, found
		}
	}
	if strings.HasPrefix(name, "/") {
		return "/" + found
	}
	return f.name(found)
}

var errNoImage = errors.New("there is no such image")

// uploaded is the prefix that Label Studio gives to files that are uploaded.
var uploaded = regexp.MustCompile(`^[0-9a-f]{8}-(.+)$`)

// findTail looks for the image whose path ends most like name; of equal ones
// that below dir is meant. The path returned is below the root.
func (t *sourceTree) findTail(name, dir string) (string, error) {
	if len(name) > maxPathBytes {
		return "", errNoImage
	}
	for _, parts := range spellings(name) {
		base := parts[len(parts)-1]
		all := t.indexed().stems[fold(strings.TrimSuffix(base, path.Ext(base)))]
		if !isImageName(base) { // the ending is missing, or what follows the dot is part of the name
			all = append(slices.Clone(all), t.indexed().stems[fold(base)]...)
		}
		var best []string
		most := 0
		for _, p := range all {
			here := strings.Split(p, "/")
			if a, b := splitOf(parts), splitOf(here); a != "" && b != "" && a != b {
				continue
			}
			score := 2 * common(parts[:len(parts)-1], here[:len(here)-1])
			if fold(here[len(here)-1]) == fold(base) {
				score++ // the ending, too
			}
			if dir != "" && strings.HasPrefix(p, dir+"/") {
				score += 1000 // the data set's own folder goes before all others
			}
			switch {
			case len(best) == 0 || score > most:
				best, most = []string{p}, score
			case score == most && !slices.Contains(best, p):
				best = append(best, p)
			}
		}
		switch {
		case len(best) == 1:
			return best[0], nil
		case len(best) > 1:
			return "", fmt.Errorf("there are %d images that %.200q may mean, such as %s and %s", len(best), name, best[0], best[1])
		}
	}
	return "", errNoImage
}

// common counts the equal parts at the ends of two paths.
func common(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && fold(a[len(a)-1-n]) == fold(b[len(b)-1-n]) {
		n++
	}
	return n
}

// segments divides a path of any system or a URL's path into its parts,
// without drives, "." and "..".
func segments(name string) []string {
	var parts []string
	for _, p := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		if p == "." || p == ".." || len(p) == 2 && p[1] == ':' {
			continue
		}
		parts = append(parts, p)
	}
	return parts
}

// spellings are the paths that a name may mean, as parts: as it is, as a URL,
// with percent codes resolved, without an upload's prefix.
func spellings(name string) [][]string {
	texts := []string{name}
	if u, err := url.Parse(name); err == nil && (strings.Contains(name, "://") || strings.Contains(name, "?d=")) {
		texts = nil // what follows the path is no part of a name
		if d := u.Query().Get("d"); d != "" {
			texts = append(texts, d) // Label Studio's local files
		}
		texts = append(texts, u.Path)
	}
	for _, text := range texts {
		if plain, err := url.PathUnescape(text); err == nil && plain != text {
			texts = append(texts, plain)
		}
	}
	var all [][]string
	for _, text := range texts {
		parts := segments(text)
		if len(parts) == 0 || strings.ContainsRune(text, 0) {
			continue
		}
		all = append(all, parts)
		last := len(parts) - 1
		if m := uploaded.FindStringSubmatch(parts[last]); m != nil {
			all = append(all, append(slices.Clone(parts[:last]), m[1]))
		}
	}
	return all
}
