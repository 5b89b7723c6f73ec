package interchange

import (
	"context"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

const cocoText = `{"info":{"year":2024},"images":[
{"id":1,"file_name":"a.jpg","width":100,"height":50},
{"id":2,"file_name":"sub/b.jpg","width":100,"height":50},
{"id":3,"file_name":"c.jpg","annotated":false}],
"categories":[{"id":7,"name":"cat"},{"id":9,"name":"dog"}],
"annotations":[
{"id":1,"image_id":1,"category_id":7,"bbox":[10,10,20,20],"iscrowd":0,"segmentation":[[1,2,3,4]]},
{"id":2,"image_id":1,"category_id":9,"bbox":[0,0,100,50]}]}`

func TestCOCO(t *testing.T) {
	images := func(dir string, files map[string]string) map[string]string {
		for _, n := range []string{"a.jpg", "sub/b.jpg", "c.jpg"} {
			files[dir+n] = ""
		}
		return files
	}
	bad := `{"images":[{"id":1,"file_name":"a.jpg","width":100,"height":50},
{"id":1,"file_name":"c.jpg"},
{"id":"x","file_name":"../a.jpg"},
{"id":4,"file_name":"lost.jpg"},
{"id":5,"file_name":6},
{"id":6,"file_name":"c.jpg"}],
"categories":[{"id":7,"name":"cat"},{"id":8,"name":""}],
"annotations":[
{"id":1,"image_id":1,"category_id":7,"bbox":[10,10,0,20]},
{"id":2,"image_id":1,"category_id":99,"bbox":[10,10,20,20]},
{"id":3,"image_id":77,"category_id":7,"bbox":[10,10,20,20]},
{"id":4,"image_id":1,"category_id":7,"bbox":[90,10,20,20]},
{"id":5,"image_id":1,"category_id":7,"bbox":[1,2]},
{"id":6,"image_id":1,"category_id":7,"bbox":[1,2,3,4],"iscrowd":1},
{"id":7,"image_id":6,"category_id":7,"bbox":[1,2,3,4]},
{"id":8,"image_id":1,"category_id":7,"bbox":"all"}]}`
	runSourceTests(t, []sourceTest{
		{name: "file", files: images("", map[string]string{"x.json": cocoText}), at: "x.json", format: COCO, view: domain.Detection, want: "\na.jpg||cat;dog\nsub/b.jpg||none\nc.jpg||-\n"},
		{name: "layout of COCO", files: images("train2017/", map[string]string{"annotations/instances_train2017.json": cocoText, "annotations/captions_train2017.json": cocoText}),
			format: COCO, view: domain.Detection, want: "\ntrain2017/a.jpg|train|cat;dog\ntrain2017/sub/b.jpg|train|none\ntrain2017/c.jpg|train|-\n",
			problems: [][]string{{"captions_train2017.json", "not read", "COCO"}}},
		{name: "folders of splits", files: images("train/", images("test/", map[string]string{"train/_annotations.coco.json": cocoText, "test/_annotations.coco.json": cocoText})),
			format: COCO, view: domain.Detection, want: "\ntest/a.jpg|test|cat;dog\ntest/sub/b.jpg|test|none\ntest/c.jpg|test|-\ntrain/a.jpg|train|cat;dog\ntrain/sub/b.jpg|train|none\ntrain/c.jpg|train|-\n"},
		{name: "without boxes", files: images("", map[string]string{"val.json": strings.NewReplacer(`"bbox"`, `"bobox"`, `"segmentation"`, `"other"`).Replace(cocoText)}),
			format: COCO, view: domain.Tagging, want: "\na.jpg|val|cat;dog\nsub/b.jpg|val|none\nc.jpg|val|-\n"},
		{name: "bad records", files: images("images/", map[string]string{"x.json": bad}), format: COCO, view: domain.Detection, want: "\nimages/a.jpg||cat\nimages/c.jpg||cat\n",
			problems: [][]string{{"x.json:2", "its id"}, {"x.json:3", "../a.jpg", "already"}, {"x.json:4", "there is no image"}, {"x.json:5", "not what it should be"}, {"x.json:7", "no name"},
				{"x.json:9", "no area"}, {":10", "no category"}, {":11", "no image with the id"}, {":12", "clipped"}, {":13", "2 numbers"}, {":14", "crowd"}, {":16", "not a list of numbers"}}},
		{name: "cut", files: images("", map[string]string{"x.json": cocoText[:len(cocoText)-40]}), format: COCO, view: domain.Detection, want: "\na.jpg||cat\nsub/b.jpg||-\nc.jpg||-\n",
			problems: [][]string{{"damaged from here on"}}},
		{name: "no COCO", files: map[string]string{"x.json": `{"a":1}`}, at: "x.json", err: "no images and no annotations"},
	})
}

func FuzzCOCO(f *testing.F) {
	f.Add(cocoText)
	f.Add(`{"images":[{"id":"a","file_name":"a.jpg"}],"annotations":[{"image_id":"a","category_id":1,"bbox":[1,2,1e300,4]}],"categories":[{"id":1,"name":"x"}]}`)
	f.Add("\ufeff{\"images\":[{}],\"annotations\":{}}")
	dir := f.TempDir()
	folder := folderOf(f, dir)
	f.Fuzz(func(t *testing.T, text string) {
		c := cocoFile{folder: folder, name: "x.json", problem: func(p Problem) {
			if p.Line < 1 || p.Reason == "" {
				t.Fatalf("problem %+v", p)
			}
		}}
		if err := c.parse(context.Background(), strings.NewReader(text)); err != nil {
			return
		}
		c.viewType("")
		for _, r := range c.records("") {
			checkRecord(t, r)
		}
	})
}
