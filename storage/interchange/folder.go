package interchange

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Folder is where an importer looks: a folder of the source and, where the
// user named a file in it, that file. Names given to its methods and returned
// by them have slashes and are relative to the folder; one that begins with a
// slash is relative to the source's root, as in a chroot. Records and problems
// may name files in either way. Nothing outside the root is reached.
//
// What is opened by read, open or readLines counts as read; label files that
// were not are named to the user. head, which recognising goes by, does not count.
type Folder struct {
	tree *sourceTree
	dir  string // below the root; "" is the root
	// File is the name of the file that the user named; "" where it was the folder.
	File string
}

// sourceTree is a source's root with what was found and read below it.
type sourceTree struct {
	root   *os.Root
	index  *index
	opened map[string]bool // paths below the root that were read
	tails  tails           // images that were found elsewhere than their record says
}

// at is the path below the root of a name.
func (f *Folder) at(name string) string {
	if rest, rooted := strings.CutPrefix(name, "/"); rooted {
		return path.Clean(rest)
	}
	return path.Join(f.dir, name, ".")
}

// name is what a path below the root is called here.
func (f *Folder) name(p string) string {
	if f.dir == "" {
		return p
	}
	if rest, below := strings.CutPrefix(p, f.dir+"/"); below {
		return rest
	}
	return "/" + p
}

// sub is the folder of that name.
func (f *Folder) sub(name string) *Folder {
	dir := f.at(name)
	if dir == "." {
		dir = ""
	}
	return &Folder{tree: f.tree, dir: dir}
}

// list returns a folder's entries sorted by name, without hidden ones.
func (f *Folder) list(dir string) ([]entry, error) { return list(f.tree.root, f.at(dir)) }

// stat tells what a name is.
func (f *Folder) stat(name string) (os.FileInfo, error) {
	return f.tree.root.Stat(filepath.FromSlash(f.at(name)))
}

// isDir reports whether a name is a folder's.
func (f *Folder) isDir(name string) bool {
	info, err := f.stat(name)
	return err == nil && info.IsDir()
}

// read reads a whole file of at most limit bytes as UTF-8 text.
func (f *Folder) read(name string, limit int64) ([]byte, error) {
	f.tree.opened[f.at(name)] = true
	return readSmall(f.tree.root, f.at(name), limit)
}

// open opens a regular file of at most limit bytes.
func (f *Folder) open(name string, limit int64) (*os.File, error) {
	f.tree.opened[f.at(name)] = true
	return openText(f.tree.root, f.at(name), limit)
}

// took marks a file as read that was not opened, such as a list of names that
// the folder's layout already gives.
func (f *Folder) took(name string) { f.tree.opened[f.at(name)] = true }

// headBytes is how much of a file is looked at to recognise it.
const headBytes = 64 << 10

// head returns the beginning of a file as UTF-8 text; "" if it cannot be read.
func (f *Folder) head(name string) string {
	file, err := openText(f.tree.root, f.at(name), maxCOCOBytes)
	if err != nil {
		return ""
	}
	defer file.Close()
	head := make([]byte, headBytes)
	n := 0
	for n < len(head) {
		m, err := file.Read(head[n:])
		n += m
		if err != nil {
			break
		}
	}
	return string(decodeText(head[:n]))
}

// walkImages calls visit with the name of each image below dir, in order of
// names, and reports what it cannot look into.
func (f *Folder) walkImages(ctx context.Context, dir string, visit func(name string) error, problem Report) error {
	w := walker{ctx: ctx, root: f.tree.root,
		visit:   func(p string) error { return visit(f.name(p)) },
		problem: func(p Problem) { p.File = f.name(p.File); problem(p) }}
	start := f.at(dir)
	if start == "." {
		start = ""
	}
	return w.walk(start, 0)
}

// files lists the files below the folder with one of the endings (".xml"), in
// order of names.
func (f *Folder) files(endings ...string) []string {
	var names []string
	for _, p := range f.tree.indexed().files {
		if f.dir != "" && !strings.HasPrefix(p, f.dir+"/") {
			continue
		}
		ext := strings.ToLower(path.Ext(p))
		for _, e := range endings {
			if e == ext {
				names = append(names, f.name(p))
				break
			}
		}
	}
	return names
}

// filesHere lists the files directly in the folder with one of the endings.
func (f *Folder) filesHere(endings ...string) []string {
	var names []string
	entries, _ := f.list("")
	for _, e := range entries {
		if !e.dir && e.err == nil && contains(endings, strings.ToLower(path.Ext(e.name))) {
			names = append(names, e.name)
		}
	}
	return names
}

// images lists the images below the folder, in order of names. Where it is a
// folder of labels, the images are those of the data set that it belongs to.
// Images in folders of labels (masks, SegmentationClass) count only where there are no others.
func (f *Folder) images() []string {
	top := f.dir
	for top != "" && isLabelFolder(path.Base(top)) {
		if top = path.Dir(top); top == "." {
			top = ""
		}
	}
	var names, masks []string
	for _, p := range f.tree.indexed().files {
		if top != "" && !strings.HasPrefix(p, top+"/") || !isImageName(path.Base(p)) {
			continue
		}
		name := f.name(p)
		if slices.ContainsFunc(strings.Split(path.Dir(strings.TrimPrefix(p, top+"/")), "/"), isLabelFolder) {
			masks = append(masks, name)
		} else {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return masks
	}
	return names
}

// folders lists the folders below this one that are at most depth below it,
// the nearest first.
func (f *Folder) folders(depth int) [][]string {
	levels := make([][]string, depth)
	for _, d := range f.tree.indexed().dirs {
		rest := d
		if f.dir != "" {
			var below bool
			if rest, below = strings.CutPrefix(d, f.dir+"/"); !below {
				continue
			}
		}
		if n := strings.Count(rest, "/"); n < depth {
			levels[n] = append(levels[n], rest)
		}
	}
	return levels
}

// find returns the name of the file or folder of that name in any case
// of letters; ok is false where there is none or several.
func (f *Folder) find(name string) (string, bool) {
	if _, err := f.stat(name); err == nil {
		return name, true
	}
	p, ok := f.tree.indexed().folded[fold(f.at(name))]
	return f.name(p), ok && p != ""
}

// findDir returns the folder that a description names, written on whatever
// machine: as it is, or by the longest end of its path that is a folder here.
// "." and "" mean the folder itself.
func (f *Folder) findDir(name string) (string, bool) {
	parts := segments(name)
	if len(parts) == 0 {
		return "", name == "." || name == "./" || name == ""
	}
	for i := range parts {
		tail := strings.Join(parts[i:], "/")
		if found, ok := f.find(tail); ok && f.isDir(found) {
			return found, true
		}
	}
	return "", false
}
