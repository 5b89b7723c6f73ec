package interchange

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Lost counts what a source holds and an import of it leaves out.
type Lost struct {
	Files   int      // label files that were not read
	Unread  []Unread // the same by kind
	Refused int      // boxes and other annotations that could not be taken
	// NotAnnotated are images that stay not annotated because all that was
	// annotated in them was refused; Partly those that lost some of it.
	NotAnnotated, Partly int
}

// Unread is label files of one kind that no importer read.
type Unread struct {
	Count  int
	First  string // path below the root
	Looks  string // what they look like; "" where nothing is known
	Reason string
}

func (u Unread) String() string {
	files, they := "the label file was", "it looks"
	if u.Count > 1 {
		files, they = fmt.Sprintf("%d label files such as this were", u.Count), "they look"
	}
	if u.Looks == "" {
		return fmt.Sprintf("%s not read: %s", files, u.Reason)
	}
	return fmt.Sprintf("%s not read: %s like %s, %s", files, they, u.Looks, u.Reason)
}

// Notes describes what became of images whose boxes were refused.
func (l Lost) Notes() []string {
	var notes []string
	if l.NotAnnotated > 0 {
		notes = append(notes, fmt.Sprintf("%s not annotated, since every box or concept that %s was refused", counted(l.NotAnnotated, "image stays", "images stay"), pick(l.NotAnnotated, "it has", "they have")))
	}
	if l.Partly > 0 {
		notes = append(notes, fmt.Sprintf("%s only some of the annotations that the files have; not marked as reviewed", counted(l.Partly, "image has", "images have")))
	}
	return notes
}

func counted(n int, one, many string) string { return fmt.Sprintf("%d %s", n, pick(n, one, many)) }

func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// labelEndings are those of files that hold annotations, in one format or another.
var labelEndings = []string{".txt", ".xml", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".yaml", ".yml", ".names", ".data", ".labels", ".mat", ".tfrecord", ".tfrecords", ".record", ".parquet", ".pbtxt", ".xlsx", ".pkl", ".npy", ".npz", ".h5"}

// sideNames begin the names of files that commonly lie beside data sets.
var sideNames = []string{"readme", "license", "licence", "notice", "changelog", "requirements", "citation", "package.json", "package-lock.json", "dataset-metadata.json", "dataset_info", "croissant", "import report", "docker-compose", "environment.y", "manifest.json", renamedList, notAnnotatedFolder + ".txt"}

// foreign are formats that are not read, and what to do instead.
var foreign = []struct {
	title   string
	endings []string
	advice  string
}{
	{"MATLAB's format", []string{".mat"}, "which is not imported; save a CSV of it"},
	{"TFRecord", []string{".tfrecord", ".tfrecords", ".record"}, "but lies outside the data set that was read; import it by itself"},
	{"Parquet", []string{".parquet"}, "but lies outside the data set that was read, or has no column of images; import it by itself"},
	{"a workbook", []string{".xlsx"}, "which is not imported; save it as CSV"},
	{"Python's or NumPy's data", []string{".pkl", ".npy", ".npz", ".h5"}, "which is not imported; export COCO or CSV instead"},
	{"a TensorFlow label map", []string{".pbtxt"}, "without TFRecord files beside it"},
}

// mostSniffed is how many unread files are looked into; the others go with their ending.
const mostSniffed = 2000

// unread names the label files that no importer read.
func (s *Source) unread(h *Header, problem Report) {
	if s.file != "" {
		return // the user chose the file to read
	}
	x := s.tree.indexed()
	var groups []Unread
	sniffed := 0
	add := func(f *Folder, p string) {
		looks, reason := "", "the format is not known"
		if sniffed++; sniffed <= mostSniffed {
			var isLabels bool
			if looks, reason, isLabels = s.sniff(f, p); !isLabels {
				return
			}
		}
		h.Lost.Files++
		for i, g := range groups {
			if g.Looks == looks && g.Reason == reason && path.Ext(g.First) == path.Ext(p) {
				groups[i].Count++
				return
			}
		}
		groups = append(groups, Unread{Count: 1, First: p, Looks: looks, Reason: reason})
	}
	here := &Folder{tree: s.tree}
	for _, p := range x.files {
		if s.only != "" && !strings.HasPrefix(p, s.only+"/") || s.tree.opened[p] || !isLabelName(path.Base(p)) {
			continue
		}
		add(here, p)
	}
	s.unreadAbove(add)
	for _, g := range groups {
		problem(Problem{File: g.First, Reason: g.String()})
	}
	h.Lost.Unread = groups
}

// unnamed counts the images there that no record names.
func (s *Source) unnamed(seen map[string]bool) []string {
	if s.file != "" || s.format.Known >= ByFolders {
		return nil
	}
	n, first := 0, ""
	for _, p := range (&Folder{tree: s.tree}).images() {
		if !seen[p] && (s.only == "" || strings.HasPrefix(p, s.only+"/")) {
			if n++; n == 1 {
				first = p
			}
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s that no record names, such as %s, and %s not imported", counted(n, "image lies there", "images lie there"), first, pick(n, "was", "were"))}
}

// unreadAbove looks beside the folder that was named, where its name says that it is a part of a data set.
func (s *Source) unreadAbove(add func(*Folder, string)) {
	named := absolute(s.dir)
	up := filepath.Dir(named)
	if s.only != "" || s.format.Known != ByNothing || !isPart(filepath.Base(named)) || up == named {
		return
	}
	root, err := os.OpenRoot(up)
	if err != nil {
		return
	}
	defer root.Close()
	above := &Folder{tree: &sourceTree{root: root, opened: map[string]bool{}}}
	entries, _ := above.list("")
	for _, e := range entries {
		switch {
		case e.err != nil:
		case !e.dir && isLabelName(e.name):
			add(above, e.name)
		case e.dir && isLabelFolder(e.name):
			inner, _ := above.list(e.name)
			for _, i := range inner {
				if !i.dir && i.err == nil && isLabelName(i.name) {
					add(above, path.Join(e.name, i.name))
				}
			}
		}
	}
}

// isLabelName reports whether a file of this name may hold annotations.
func isLabelName(name string) bool {
	lower := strings.ToLower(name)
	if !slices.Contains(labelEndings, path.Ext(lower)) {
		return false
	}
	for _, side := range sideNames {
		if strings.HasPrefix(lower, side) {
			return false
		}
	}
	return true
}

// sniff returns what a file looks like and why it was not read. Text that is
// neither named as an image is nor looks like labels is none.
func (s *Source) sniff(f *Folder, p string) (looks, reason string, isLabels bool) {
	ext := strings.ToLower(path.Ext(p))
	for _, k := range foreign {
		if slices.Contains(k.endings, ext) {
			return k.title, k.advice, true
		}
	}
	if slices.Contains(yoloLists, strings.ToLower(path.Base(p))) {
		return "a list of classes", "without label files that it belongs to", true
	}
	head := f.head("/" + p)
	for i := range formats {
		d := &formats[i]
		if d.Sniff == nil || !d.Sniff(path.Base(p), head) {
			continue
		}
		switch {
		case d == s.format && ext == ".txt" && len(s.tree.indexed().stems[fold(strings.TrimSuffix(path.Base(p), path.Ext(p)))]) == 0:
			return d.Title, "but there is no image of their names", true
		case d == s.format:
			return d.Title, "outside the data set that was read", true
		case d.Unread != "":
			return d.Title, d.Unread, true
		case s.format.Known == ByNothing:
			return d.Title, "but could not be read as such", true
		}
		return d.Title, fmt.Sprintf("but the folder was read as %s; import it by itself", s.format.Title), true
	}
	if ext == ".txt" {
		stem := fold(strings.TrimSuffix(path.Base(p), path.Ext(p)))
		return "", "the format is not known", len(s.tree.indexed().stems[stem]) > 0
	}
	return "", "the format is not known", true
}
