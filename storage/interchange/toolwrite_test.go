package interchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// written exports records and returns what the files say, by name.
func written(t *testing.T, format Format, h Header, records []Outgoing, options ExportOptions) (map[string]string, ExportSummary) {
	t.Helper()
	target := filepath.Join(t.TempDir(), "out")
	sum, err := Export(t.Context(), target, format, h, func(yield func(Outgoing, error) bool) {
		for _, o := range records {
			if !yield(o, nil) {
				return
			}
		}
	}, options)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	filepath.WalkDir(target, func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := os.ReadFile(p)
			files[filepath.ToSlash(p[len(target)+1:])] = string(text)
		}
		return err
	})
	return files, sum
}

// outgoingAs is a record under a name, with a few bytes for an image.
func outgoingAs(name string, r Record) Outgoing {
	return Outgoing{Record: r, Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(name)), nil }}
}

var boltRecord = Record{Split: Train, Width: 64, Height: 48, HasAnnotation: true, Boxes: []Box{{Box: domain.Box{XMin: 0.25, YMin: 0.125, XMax: 0.5, YMax: 0.75}, Concept: "a <b> & \"c\""}}}

// TestToolFiles holds what is written to what the tools' own files say.
func TestToolFiles(t *testing.T) {
	boxes := []Outgoing{outgoingAs("shelf/p 0.jpg", boltRecord), outgoingAs("q.png", Record{Split: Val, Width: 10, Height: 10, HasAnnotation: true}), outgoingAs("r.png", Record{Split: Val, Width: 10, Height: 10})}
	detection := Header{Name: "Bolts", ViewType: domain.Detection, Concepts: []string{"a <b> & \"c\"", "unused"}}
	choice := []Outgoing{outgoingAs("p.jpg", Record{Split: Val, HasAnnotation: true, Width: 8, Height: 8, Concepts: []string{"x"}})}
	tags := Header{ViewType: domain.Classification, Concepts: []string{"x", "y"}}
	tests := []struct {
		format  Format
		header  Header
		records []Outgoing
		file    string
		want    string
	}{
		{Labelme, detection, boxes, "labels.txt", "a <b> & \"c\"\nunused\n"},
		{Labelme, detection, boxes, "train/shelf/p 0.json", `{
  "version": "5.5.0",
  "flags": {},
  "shapes": [
    {
      "label": "a <b> & \"c\"",
      "points": [
        [
          16,
          6
        ],
        [
          32,
          36
        ]
      ],
      "group_id": null,
      "description": "",
      "shape_type": "rectangle",
      "flags": {},
      "mask": null
    }
  ],
  "imagePath": "p 0.jpg",
  "imageData": null,
  "imageHeight": 48,
  "imageWidth": 64
}
`},
		{Labelme, detection, boxes, "val/r.json", ""}, // not annotated
		{Labelme, tags, choice, "val/p.json", `{
  "version": "5.5.0",
  "flags": {
    "x": true,
    "y": false
  },
  "shapes": [],
  "imagePath": "p.jpg",
  "imageData": null,
  "imageHeight": 8,
  "imageWidth": 8
}
`},
		{CVAT, detection, boxes, "annotations.xml", `<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta>
    <task>
      <name>Bolts</name>
      <mode>annotation</mode>
      <labels>
        <label>
          <name>a &lt;b&gt; &amp; &#34;c&#34;</name>
          <type>rectangle</type>
          <attributes></attributes>
        </label>
        <label>
          <name>unused</name>
          <type>rectangle</type>
          <attributes></attributes>
        </label>
      </labels>
    </task>
  </meta>
  <image id="0" name="shelf/p 0.jpg" subset="train" width="64" height="48">
    <box label="a &lt;b&gt; &amp; &#34;c&#34;" source="manual" occluded="0" xtl="16" ytl="6" xbr="32" ybr="36" z_order="0"></box>
  </image>
  <image id="1" name="q.png" subset="val" width="10" height="10"></image>
</annotations>
`},
		{LabelStudio, detection, boxes, "tasks.json", `[
{"id":1,"data":{"image":"/data/local-files/?d=out%2Fimages%2Fshelf%2Fp%200.jpg","split":"train"},"annotations":[{"result":[{"id":"r1","type":"rectanglelabels","from_name":"label","to_name":"image","original_width":64,"original_height":48,"image_rotation":0,"value":{"x":25,"y":12.5,"width":25,"height":62.5,"rotation":0,"rectanglelabels":["a \u003cb\u003e \u0026 \"c\""]}}]}]},
{"id":2,"data":{"image":"/data/local-files/?d=out%2Fimages%2Fq.png","split":"val"},"annotations":[{"result":[]}]},
{"id":3,"data":{"image":"/data/local-files/?d=out%2Fimages%2Fr.png","split":"val"},"annotations":[]}
]
`},
		{LabelStudio, detection, boxes, "label_config.xml", `<View>
  <Image name="image" value="$image"/>
  <RectangleLabels name="label" toName="image">
    <Label value="a &lt;b&gt; &amp; &#34;c&#34;"/>
    <Label value="unused"/>
  </RectangleLabels>
</View>
`},
		{LabelStudio, tags, choice, "label_config.xml", `<View>
  <Image name="image" value="$image"/>
  <Choices name="choice" toName="image" choice="single">
    <Choice value="x"/>
    <Choice value="y"/>
  </Choices>
</View>
`},
		{CreateML, detection, boxes, "train/annotations.json", "[\n" + `{"image":"p 0.jpg","annotations":[{"label":"a \u003cb\u003e \u0026 \"c\"","coordinates":{"x":24,"y":21,"width":16,"height":30}}]}` + "\n]\n"},
		{CreateML, detection, boxes, "val/annotations.json", "[\n" + `{"image":"q.png","annotations":[]}` + "\n]\n"},
		{CreateML, detection, boxes, "renamed images.txt", "here\twas called\ntrain/p 0.jpg\tshelf/p 0.jpg\n"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.format, " ", tt.file), func(t *testing.T) {
			files, _ := written(t, tt.format, tt.header, tt.records, ExportOptions{})
			if got := files[tt.file]; got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestKeptNames: images keep their names and folders where these are free; what is lost stands in a list.
func TestKeptNames(t *testing.T) {
	r := Record{Split: Train, Width: 8, Height: 8, HasAnnotation: true}
	var records []Outgoing
	for _, name := range []string{"day 1/a.jpg", "day 2/a.jpg", "train/images/b.jpg", "day 1/A.png", "c\nd.jpg", `E:\x\..\e.JPG`, ".hidden/f.jpg"} {
		records = append(records, outgoingAs(name, r))
	}
	for format, want := range map[Format]string{
		COCO:   "train/day 1/a.jpg train/day 2/a.jpg train/b.jpg train/day 1/A-2.png train/c_d.jpg train/x/e.JPG train/hidden/f.jpg",
		VOC:    "JPEGImages/a.jpg JPEGImages/a-2.jpg JPEGImages/b.jpg JPEGImages/A-3.png JPEGImages/c_d.jpg JPEGImages/e.JPG JPEGImages/f.jpg",
		Images: "day 1/a.jpg day 2/a.jpg train/images/b.jpg day 1/A-2.png c_d.jpg x/e.JPG hidden/f.jpg",
	} {
		h := Header{ViewType: domain.Detection}
		files, sum := written(t, format, h, records, ExportOptions{})
		for i, name := range strings.Fields(strings.ReplaceAll(want, "day ", "day_")) {
			name = strings.ReplaceAll(name, "day_", "day ")
			if files[name] != records[i].Name {
				t.Errorf("%s: %q lies in %q, not %q", format, name, files[name], records[i].Name)
			}
		}
		list := files[renamedList]
		if strings.Count(list, "\n")-1-strings.Count(list, "c\nd") != sum.Renamed || !strings.Contains(list, "A-") || !strings.Contains(list, "\"c\nd.jpg\"") || strings.Contains(list, "b.jpg") {
			t.Errorf("%s: %d renamed: %s", format, sum.Renamed, list)
		}
		if !strings.Contains(strings.Join(sum.Notes, "\n"), renamedList) {
			t.Errorf("%s: %v", format, sum.Notes)
		}
	}
}

// TestImagesElsewhere: images can be linked, or left where they are.
func TestImagesElsewhere(t *testing.T) {
	dir := tree(t, map[string]string{"p.jpg": "the image"})
	linked := outgoingAs("p.jpg", boltRecord)
	linked.Path = filepath.Join(dir, "p.jpg")
	lost := outgoingAs("gone.jpg", boltRecord)
	lost.Path = filepath.Join(dir, "gone.jpg") // cannot be linked: copied
	bare := outgoingAs("q.jpg", Record{Split: Val})
	h := Header{ViewType: domain.Detection}
	files, sum := written(t, COCO, h, []Outgoing{linked, lost, bare}, ExportOptions{Images: LinkImages})
	if files["train/p.jpg"] != "the image" || files["train/gone.jpg"] != "gone.jpg" || !strings.Contains(strings.Join(sum.Notes, "\n"), "1 image was copied, since the file system cannot link it") {
		t.Errorf("%v %v", files, sum.Notes)
	}
	files, sum = written(t, COCO, h, []Outgoing{linked, lost, bare}, ExportOptions{Images: LeaveImages, Apart: true})
	if len(files) != 2 || !strings.Contains(files["annotations/instances_train.json"], `"file_name":"p.jpg"`) || files["not annotated.txt"] != "not annotated/q.jpg\n" || !strings.Contains(sum.Notes[0], "listed in") {
		t.Errorf("%v %v", files, sum.Notes)
	}
	for _, format := range []Format{Images, Folders} {
		if _, err := Export(t.Context(), filepath.Join(t.TempDir(), "out"), format, Header{ViewType: domain.Classification}, outgoing(nil), ExportOptions{Images: LeaveImages}); err == nil || !strings.Contains(err.Error(), "nothing but the images") {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// TestNotHeld says what a format loses, and nothing where it loses nothing.
func TestNotHeld(t *testing.T) {
	all := Content{Unannotated: 2, Negatives: 1, Reviewed: 3, Split: 4}
	for format, want := range map[Format]string{
		CSV:      "",
		Studio:   "",
		COCO:     "2 images are not annotated and are left out: in the data set, others would take them for hard negatives",
		CVAT:     "2 images are not annotated and are left out: in the data set, others would take them for hard negatives|that 1 image is annotated without concept is not kept: CVAT cannot tell it from one that nobody annotated|that 3 annotations were reviewed is not kept: CVAT has no place for it",
		Labelme:  "that 3 annotations were reviewed is not kept: labelme has no place for it",
		CreateML: "2 images are not annotated and are left out: in the data set, others would take them for hard negatives|that 3 annotations were reviewed is not kept: Create ML has no place for it",
	} {
		d, _ := Lookup(format)
		if got := strings.Join(d.NotHeld(all, ExportOptions{}), "|"); got != want {
			t.Errorf("%s: %s", format, got)
		}
	}
}

// TestSplitsOfUnequalDepth: labels that lie deeper in one split's folder than in the other's are read with these.
func TestSplitsOfUnequalDepth(t *testing.T) {
	r := readAll(t, tree(t, map[string]string{"train/a.jpg": "", "train/a.json": labelmeText(``), "val/shelf/b.jpg": "", "val/shelf/b.json": labelmeText(``)}), "")
	if got := r.lines(); r.err != nil || got != "train/a.jpg|train|none\nval/shelf/b.jpg|val|none\n" || len(r.problems) > 0 {
		t.Errorf("%s %v %v", got, r.err, r.problems)
	}
}

func FuzzLabelStudioConfig(f *testing.F) {
	f.Add([]byte(`<View><Choices name="c"><Choice value="a"/><Choice value=""/></Choices></View>`))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><View><Label value="&a;"/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range parseLabelStudioNames(data) {
			if _, err := conceptName(name); err != nil {
				t.Error(err)
			}
		}
	})
}
