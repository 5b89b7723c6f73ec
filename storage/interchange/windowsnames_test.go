package interchange

import (
	"testing"
)

// TestFileName: what Windows cannot have as a name becomes one that it can, and nothing else is changed.
func TestFileName(t *testing.T) {
	for name, want := range map[string]string{
		"photo": "photo", "con": "_con", "Con.old": "_Con.old", "aux .x": "_aux .x", "COM1": "_COM1", "lpt².a": "_lpt².a", "conin$": "_conin$",
		"comb": "comb", "console": "console", "com12": "com12", "nul1": "nul1", "a<b>:c?": "a_b__c_", " . ": "image", "trailing. ": "trailing",
		"\x01": "_", "": "image",
	} {
		if got := fileName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestSpelled: a name in other letters is the file's own, counted once however many records have it; where two files differ by that alone, it stays.
func TestSpelled(t *testing.T) {
	s, err := OpenSource(tree(t, map[string]string{"Images/p0.jpg": "", "Images/é.jpg": "", "b.jpg": ""}), Images)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	f := &Folder{tree: s.tree}
	for name, want := range map[string]string{
		"Images/p0.jpg": "Images/p0.jpg", "images/P0.JPG": "Images/p0.jpg", "/IMAGES/p0.jpg": "/Images/p0.jpg", "images/e\u0301.jpg": "Images/é.jpg", "c.jpg": "c.jpg",
	} {
		for range 2 {
			if got := f.spelled(name); got != want {
				t.Errorf("%q: %q, want %q", name, got, want)
			}
		}
	}
	if got := f.sub("images").spelled("B.jpg"); got != "B.jpg" {
		t.Errorf("outside of the folder: %q", got)
	}
	if f.tree.tails.n != 3 {
		t.Errorf("%d names counted", f.tree.tails.n)
	}
}
