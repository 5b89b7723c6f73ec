package interchange

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func TestFolders(t *testing.T) {
	runSourceTests(t, []sourceTest{
		{name: "concepts", files: map[string]string{"glass/a.jpg": "", "glass/deep/b.PNG": "", "paper/c.webp": "", "d.jpg": "", "README.md": "", ".git/x.jpg": ""},
			format: Folders, view: domain.Classification, want: `
d.jpg||-
glass/a.jpg||glass
glass/deep/b.PNG||glass
paper/c.webp||paper
`},
		{name: "splits", files: map[string]string{"train/glass/a.jpg": "", "valid/glass/b.jpg": "", "valid/paper/c.jpg": "", "test/paper/d.jpg": "", "train/e.jpg": ""},
			format: Folders, view: domain.Classification, want: `
test/paper/d.jpg|test|paper
train/e.jpg|train|-
train/glass/a.jpg|train|glass
valid/glass/b.jpg|val|glass
valid/paper/c.jpg|val|paper
`},
		{name: "names in any script", files: map[string]string{"стекло/фото 1.jpg": "", "紙/写真.jpg": "", "ورق/صورة.jpg": ""},
			format: Folders, view: domain.Classification, want: `
стекло/фото 1.jpg||стекло
ورق/صورة.jpg||ورق
紙/写真.jpg||紙
`},
		{name: "concepts named train and test only by accident", files: map[string]string{"train/a.jpg": "", "bus/b.jpg": "", "car/c.jpg": ""},
			format: Folders, view: domain.Classification, want: `
bus/b.jpg||bus
car/c.jpg||car
train/a.jpg|train|-
`, problems: [][]string{{"train", "a split's, not a concept's"}}},
		{name: "other files", files: map[string]string{"a/1.jpg": "", "b/1.jpg": "", "b/film.mp4": ""},
			format: Folders, view: domain.Classification, want: `
a/1.jpg||a
b/1.jpg||b
`, problems: [][]string{{"b/film.mp4", "extension is not that of an image"}}},
		{name: "bad concept", files: map[string]string{"a/1.jpg": "", "b/1.jpg": "", "bad\x01name/1.jpg": ""},
			format: Folders, view: domain.Classification, want: `
a/1.jpg||a
b/1.jpg||b
`, problems: [][]string{{"control characters"}}},
	})
}

func TestImages(t *testing.T) {
	files := map[string]string{"a.jpg": "", "in/b.tiff": "", "in/deeper/c.heic": "", "notes.txt": ""}
	runSourceTests(t, []sourceTest{
		{name: "folder", files: files, format: Images, want: "\na.jpg||-\nin/b.tiff||-\nin/deeper/c.heic||-\n"},
		{name: "file", files: files, at: "in/b.tiff", format: Images, want: "\nb.tiff||-\n"},
		{name: "no image", files: map[string]string{"notes.txt": ""}, err: "the folder contains no image"},
		{name: "no such folder", files: files, at: "elsewhere", err: "there is no such file"},
		{name: "other file", files: files, at: "notes.txt", err: "no images and no annotations"},
	})
}

// TestLinks refuses links that leave the folder and follows those that do not.
func TestLinks(t *testing.T) {
	outside := tree(t, map[string]string{"secret.jpg": "x"})
	dir := tree(t, map[string]string{"a/1.jpg": "", "b/1.jpg": ""})
	for link, target := range map[string]string{
		"a/inside.jpg": "1.jpg", "a/outside.jpg": filepath.Join(outside, "secret.jpg"), "b/up.jpg": "../../" + filepath.Base(outside) + "/secret.jpg",
		"b/lost.jpg": "nowhere.jpg", "c": outside, "a/circle": "..",
	} {
		if err := os.Symlink(target, filepath.Join(dir, filepath.FromSlash(link))); err != nil {
			t.Skip("links cannot be made here")
		}
		if info, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(link))); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Skip("links are not seen as such here (Wine)")
		}
	}
	r := readAll(t, dir, "")
	if r.err != nil || r.lines() != "a/1.jpg||a\na/inside.jpg||a\nb/1.jpg||b\n" {
		t.Errorf("%v\n%s", r.err, r.lines())
	}
	for _, name := range []string{"a/outside.jpg", "b/up.jpg", "b/lost.jpg", "c", "a/circle"} {
		if !r.hasProblem(name) {
			t.Errorf("%s is not reported among %v", name, r.problems)
		}
	}
	s, err := OpenSource(dir, Images)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{"a/outside.jpg", "../x.jpg", "/etc/passwd", "a/../../x", `..\x`, "", "a"} {
		if f, err := s.Open(Record{ImagePath: path}); err == nil {
			f.Close()
			t.Errorf("%q was opened", path)
		}
	}
}

func TestNoRights(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("everything can be read here")
	}
	dir := tree(t, map[string]string{"a/1.jpg": "", "b/1.jpg": "", "c/1.jpg": ""})
	os.Chmod(filepath.Join(dir, "b"), 0)
	defer os.Chmod(filepath.Join(dir, "b"), 0o755)
	r := readAll(t, dir, Folders)
	if r.err != nil || len(r.records) != 2 || !r.hasProblem("b", "no right") {
		t.Errorf("%+v", r)
	}
}

// FuzzFolders makes folders with any names and reads them as folders and as
// plain images.
func FuzzFolders(f *testing.F) {
	f.Add("glass/a.jpg\npaper/b.jpg")
	f.Add("train/x/1.png\nval/y/2.png\ntest/y/3.png\nval/4.gif")
	f.Add("../a.jpg\n/b.jpg\na//b/./c.jpg")
	f.Fuzz(func(t *testing.T, names string) {
		files := map[string]string{}
		for _, n := range strings.SplitN(names, "\n", 8) {
			if p, err := safePath(n); err == nil && len(p) < 100 && !strings.ContainsRune(p, '\\') {
				clash := false
				for other := range files {
					clash = clash || strings.HasPrefix(other+"/", p+"/") || strings.HasPrefix(p+"/", other+"/")
				}
				if !clash {
					files[p] = ""
				}
			}
		}
		dir := tree(t, files)
		for _, format := range []Format{"", Folders, Images} {
			r := readAll(t, dir, format)
			for _, rec := range r.records {
				if _, ok := files[rec.ImagePath]; !ok {
					t.Errorf("%q was never written", rec.ImagePath)
				}
			}
		}
	})
}
