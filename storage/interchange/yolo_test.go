package interchange

import (
	"testing"

	"viewfinder/storage/domain"
)

func TestYOLO(t *testing.T) {
	runSourceTests(t, []sourceTest{
		{name: "layout", files: map[string]string{
			"data.yaml":          "path: /home/me/data\ntrain: images/train\nval: images/val\ntest:\nnames:\n  0: cat\n  1: собака\n",
			"images/train/a.jpg": "", "labels/train/a.txt": "0 0.5 0.5 0.2 0.2\n1 0.25 0.25 0.5 0.5 0.9\n",
			"images/train/b.jpg": "", "labels/train/b.txt": "",
			"images/val/c.jpg": "",
		}, format: YOLO, view: domain.Detection, want: "\nimages/train/a.jpg|train|cat;собака\nimages/train/b.jpg|train|none\nimages/val/c.jpg|val|-\n"},
		{name: "Roboflow's", files: map[string]string{
			"data.yaml":          "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 1\nnames: ['cat']\n",
			"train/images/a.jpg": "", "train/labels/a.txt": "0 0.1 0.1 0.5 0.1 0.3 0.4\n",
			"valid/images/b.jpg": "", "test/images/c.jpg": "",
		}, format: YOLO, view: domain.Detection, want: "\ntrain/images/a.jpg|train|cat\nvalid/images/b.jpg|val|-\ntest/images/c.jpg|test|-\n"},
		{name: "lists of files", files: map[string]string{
			"data.yaml": "train: train.txt\nval: [more/val.txt]\nnames: {0: cat}\n", "train.txt": "./images/a.jpg\nimages/lost.jpg\n", "more/val.txt": "b.jpg\n",
			"images/a.jpg": "", "labels/a.txt": "0 .5 .5 .1 .1", "more/b.jpg": "", "more/b.txt": "0 .5 .5 .1 .1",
		}, format: YOLO, view: domain.Detection, want: "\nimages/a.jpg|train|cat\nmore/b.jpg|val|cat\n", problems: [][]string{{"train.txt:2", "there is no image"}}},
		{name: "classes.txt", files: map[string]string{"classes.txt": "cat\ndog\n", "images/a.jpg": "", "labels/a.txt": "1 .5 .5 .1 .1"},
			format: YOLO, view: domain.Detection, want: "\nimages/a.jpg||dog\n"},
		{name: "bad lines", files: map[string]string{
			"data.yaml": "train: images\nval: nowhere\nnames: [cat]\n", "images/a.jpg": "",
			"labels/a.txt": "0 .5 .5 .1 .1\n9 .5 .5 .1 .1\nx .5 .5 .1 .1\n0 .5 .5\n0 .5 .5 0 .1\n0 .5 .5 .1 y\n0 2 2 .1 .1\n0 1 .5 .2 .2\n0 .1 .1 .2 .2 .3 .3 .4\n0 nan .5 .1 .1\n-1 .5 .5 .1 .1\n",
		}, format: YOLO, view: domain.Detection, want: "\nimages/a.jpg|train|cat;cat\n", problems: [][]string{
			{"nowhere", "no such folder"}, {"a.txt:2", "no class"}, {":3", "no class"}, {":4", "not \"class x y"}, {":5", "no area"}, {":6", "not a number"}, {":7", "outside"}, {":8", "clipped"}, {":9", "lacks"}, {":10", "not a number"}, {":11", "no class"}}},
		{name: "no names", files: map[string]string{"data.yaml": "train: x\n"}, at: "data.yaml", err: "no images and no annotations"},
	})
}

func FuzzYOLO(f *testing.F) {
	f.Add("names: [a, b]\ntrain: ../x\n", "0 .5 .5 .1 .1\n1 1 1 1 1 1\n")
	f.Add("names: {0: a, 3: b}\nval: [x, y]\n", "3 0 0 1 0 1 1\n")
	f.Add("names: &a [*a]\n", "")
	dir := f.TempDir()
	folder := folderOf(f, dir)
	f.Fuzz(func(t *testing.T, description, labels string) {
		s, err := parseYOLO([]byte(description))
		if err != nil {
			return
		}
		s.folder, s.problem = folder, func(p Problem) {
			if p.Line < 1 || p.Reason == "" {
				t.Fatal(p)
			}
		}
		r := Record{HasAnnotation: true}
		s.addLabels(&r, []byte(labels), "a.jpg")
		checkRecord(t, r)
	})
}
