package interchange

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// exportFolder is the folder that an export is written to.
type exportFolder struct {
	dir     string
	title   string // the folder's name when it is done
	images  ImageMode
	naming  naming
	taken   map[string]bool // paths of images without ending, or names where the format pairs files by these, in lower case
	renamed [][2]string     // images that did not keep their name: what they are called here, and were called
	copied  int             // images that could not be linked
	open    map[*os.File]bool
}

// ImageMode is how an export treats the image files.
type ImageMode string

// What becomes of the images in an export.
const (
	CopyImages ImageMode = ""
	// LinkImages makes hard links: the images take no space, and changing one
	// in place changes the original. Where the file system cannot, they are copied.
	LinkImages ImageMode = "link"
	// LeaveImages writes annotations only, which name the images as if they lay there.
	LeaveImages ImageMode = "none"
)

// naming is the part of its name that an image keeps in a format.
type naming int

const (
	keepName    naming = iota // the name alone, which no other image may have: the format pairs files by it, or has no folders
	keepFolders               // the folders, too, but for those that say only how a data set is laid out
	keepPath                  // all of it
)

// addImage writes the image below dir (with slashes), or leaves it where it
// is, and returns its path. The name stays as far as it is harmless and free:
// no other image has it in any ending and case of letters, since formats pair files by names.
func (f *exportFolder) addImage(dir string, out Outgoing) (string, error) {
	kept, changed := f.nameFor(dir, out)
	p := path.Join(dir, kept)
	if changed {
		f.renamed = append(f.renamed, [2]string{p, out.Name})
	}
	if f.images == LeaveImages {
		return p, nil
	}
	if f.images == LinkImages && f.link(p, out.Path) {
		return p, nil
	}
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
		return "", err
	}
	return p, w.Close()
}

// nameFor is what an image is called below dir, and takes that name; changed
// reports whether that is another than its own, folders that say nothing left out.
func (f *exportFolder) nameFor(dir string, out Outgoing) (name string, changed bool) {
	ext := out.Ext
	switch own := path.Ext(out.Name); {
	case ext == "":
		ext = strings.ToLower(own)
		if imageExtensions[ext] {
			ext = own // .JPG stays .JPG
		}
	case sameEnding(own, ext): // .jpg stays .jpg
		ext = own
	}
	if !imageExtensions[strings.ToLower(ext)] {
		ext = ".jpg"
	}
	parts := segments(out.Name)
	if len(parts) == 0 {
		parts = []string{"image"}
	}
	last := len(parts) - 1
	placed := strings.Split(fold(dir), "/")
	var folders, own []string
	for i, part := range parts[:last] {
		if f.naming != keepPath && (isImageFolder(part) || isLabelFolder(part) || isSplit(part) || objData.MatchString(fold(part)) || slices.Contains(placed, fold(part))) {
			continue
		}
		own = append(own, part)
		if f.naming != keepName && i >= last-maxDepth/2 && part != "__MACOSX" {
			folders = append(folders, fileName(part))
		}
	}
	stem := fileName(strings.TrimSuffix(parts[last], path.Ext(parts[last])))
	key := func(name string) string {
		if f.naming == keepName {
			return fold(name)
		}
		return fold(path.Join(dir, path.Join(folders...), name))
	}
	name = stem
	for n := 2; f.taken[key(name)]; n++ {
		name = fmt.Sprintf("%s-%d", stem, n)
	}
	f.taken[key(name)] = true
	name = path.Join(path.Join(folders...), name+ext)
	return name, name != path.Join(path.Join(own...), parts[last])
}

// link makes a hard link; false where it cannot.
func (f *exportFolder) link(p, from string) bool {
	if from != "" && f.mkdir(path.Dir(p)) == nil && os.Link(from, filepath.Join(f.dir, filepath.FromSlash(p))) == nil {
		return true
	}
	f.copied++
	return false
}

// renamedList is the file that lists the images that were renamed.
const renamedList = "renamed images.txt"

// list writes down which images did not keep their names, as a table with tabs.
func (f *exportFolder) list() error {
	if len(f.renamed) == 0 {
		return nil
	}
	file, err := f.create(renamedList)
	if err != nil {
		return err
	}
	out := csv.NewWriter(file)
	out.Comma = '\t'
	out.Write([]string{"here", "was called"})
	for _, pair := range f.renamed {
		out.Write(pair[:])
	}
	out.Flush()
	return errors.Join(out.Error(), file.Close())
}

// sameEnding reports whether two endings are of the same format.
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

// FileName makes a harmless file or folder name out of any text, as exports name theirs.
func FileName(s string) string { return fileName(s) }

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
		s = strings.TrimRight(s[:len(s)-n], " .")
	}
	if s == "" {
		return "image"
	}
	if reserved.MatchString(s) {
		return "_" + s
	}
	return s
}

// reserved are the names that Windows keeps for itself, whatever follows a dot in them (learn.microsoft.com/windows/win32/fileio/naming-a-file).
var reserved = regexp.MustCompile(`(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)`)

// writeLines writes a text file.
func (f *exportFolder) writeLines(name string, lines []string) error {
	file, err := f.create(name)
	if err != nil {
		return err
	}
	for _, l := range lines {
		file.WriteString(l + "\n")
	}
	return file.Close()
}

// notes describes what became of the images.
func (f *exportFolder) notes() []string {
	var notes []string
	if n := len(f.renamed); n > 0 {
		notes = append(notes, fmt.Sprintf("%s not keep the whole name, which was taken or is not possible in this format; %q says which is which", counted(n, "image could", "images could"), renamedList))
	}
	if f.copied > 0 {
		notes = append(notes, fmt.Sprintf("%s copied, since the file system cannot link %s", counted(f.copied, "image was", "images were"), pick(f.copied, "it", "them")))
	}
	return notes
}

// mkdir makes a folder below the export.
func (f *exportFolder) mkdir(name string) error {
	return os.MkdirAll(filepath.Join(f.dir, filepath.FromSlash(name)), 0o755)
}

// exportFile is a buffered file; the first error of a write comes at Close.
type exportFile struct {
	*bufio.Writer
	file   *os.File
	folder *exportFolder
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
	if f.open == nil {
		f.open = map[*os.File]bool{}
	}
	f.open[file] = true
	return &exportFile{bufio.NewWriter(file), file, f}, nil
}

// Close writes what is buffered and closes the file.
func (w *exportFile) Close() error {
	delete(w.folder.open, w.file)
	return errors.Join(w.Flush(), w.file.Close())
}

// abandon closes the files of an export that failed, and removes all of it: Windows keeps folders in which a file is open.
func (f *exportFolder) abandon() {
	for file := range f.open {
		file.Close()
	}
	os.RemoveAll(f.dir)
}
