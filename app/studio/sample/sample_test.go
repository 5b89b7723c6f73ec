package sample

import (
	"bytes"
	"io"
	"io/fs"
	"strings"
	"testing"

	"viewfinder/training/picture"
)

// TestSample opens everything that the program carries.
func TestSample(t *testing.T) {
	m, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Views) != 5 {
		t.Fatalf("%d views, want 5", len(m.Views))
	}
	annotated, concepts, without := map[string]int{}, map[string]map[string]int{}, map[string]int{}
	splits := map[string]int{}
	for _, r := range m.Images {
		splits[r.Split]++
		f, err := Open(r.ImagePath)
		if err != nil {
			t.Fatal(err)
		}
		_, info, err := picture.Decode(f.(io.ReadSeeker), r.ImagePath, picture.Limits{})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if info.Width != r.Width || info.Height != r.Height {
			t.Errorf("%s is %dx%d, the manifest says %dx%d", r.ImagePath, info.Width, info.Height, r.Width, r.Height)
		}
		regions := map[string]bool{"": true}
		for _, v := range r.Views {
			if !regions[v.Source] {
				t.Errorf("%s: %s lies in %q, which does not stand before it", r.ImagePath, v.View, v.Source)
			}
			annotated[v.View]++
			if len(v.Regions) == 0 {
				without[v.View]++
			}
			for _, region := range v.Regions {
				regions[region.ID] = true
				for _, c := range region.Concepts {
					if concepts[v.View] == nil {
						concepts[v.View] = map[string]int{}
					}
					concepts[v.View][c]++
				}
			}
		}
	}
	t.Log(len(m.Images), splits, annotated, without, concepts)
	if splits["train"]+splits["val"] != len(m.Images) || splits["val"] < len(m.Images)/8 {
		t.Errorf("splits: %v of %d", splits, len(m.Images))
	}
	for _, v := range m.Views {
		for _, c := range v.Concepts {
			if n := concepts[v.Path][c.Name]; n < 10 {
				t.Errorf("%s: %s is annotated %d times only", v.Path, c.Name, n)
			}
		}
	}
	if annotated["Kind of photo"] == len(m.Images) || without["Kind of photo/Contents"] == 0 {
		t.Error("nothing is left to annotate, or no mixture is without concept")
	}
}

func TestSize(t *testing.T) {
	total := int64(0)
	err := fs.WalkDir(files, ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kB", total>>10)
	if total > 5_000_000 {
		t.Errorf("the sample is %d bytes, more than 5 MB", total)
	}
}

func TestLicences(t *testing.T) {
	for _, name := range []string{"LICENSE-bccd.txt", "LICENSE-trashnet.txt", "ORIGIN.md"} {
		text, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(bytes.ToUpper(text)), "MIT") {
			t.Errorf("%s does not name the licence", name)
		}
	}
	if _, err := Open("../sample.go"); err == nil {
		t.Error("a path led out of the sample")
	}
}
