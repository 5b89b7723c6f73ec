package interchange

import (
	"fmt"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func vocXML(w, h any, objects ...string) string {
	return fmt.Sprintf("<annotation>\n<filename>other.jpg</filename>\n<size><width>%v</width><height>%v</height><depth>3</depth></size>\n%s</annotation>", w, h, strings.Join(objects, "\n"))
}

func vocBox(name string, edges ...any) string {
	return fmt.Sprintf("<object><name>%s</name><difficult>0</difficult><part><name>nose</name><bndbox><xmin>1</xmin></bndbox></part><bndbox><xmin>%v</xmin><ymin>%v</ymin><xmax>%v</xmax><ymax>%v</ymax></bndbox></object>",
		append([]any{name}, edges...)...)
}

func TestVOC(t *testing.T) {
	runSourceTests(t, []sourceTest{
		{name: "layout", files: map[string]string{
			"Annotations/a.xml":            vocXML(100, 100, vocBox("cat", 1, 2, 30, 40), vocBox("dog", 5, 5, 9, 9)),
			"Annotations/b.xml":            vocXML(100, 100),
			"JPEGImages/a.jpg":             "",
			"JPEGImages/b.png":             "",
			"JPEGImages/c.jpg":             "",
			"JPEGImages/d.jpg":             "",
			"ImageSets/Main/train.txt":     "a\nlost\n",
			"ImageSets/Main/val.txt":       "b 1\n",
			"ImageSets/Main/test.txt":      "c\n",
			"ImageSets/Main/cat_train.txt": "d 1\n",
		}, format: VOC, view: domain.Detection, want: `
JPEGImages/a.jpg|train|cat;dog
JPEGImages/b.png|val|none
JPEGImages/c.jpg|test|-
JPEGImages/d.jpg||-
`, problems: [][]string{{"train.txt:2", "lost", "no such image"}}},
		{name: "beside the images", files: map[string]string{"a.xml": vocXML(10, 10, vocBox("x", 1, 1, 5, 5)), "a.jpg": ""},
			format: VOC, view: domain.Detection, want: "\na.jpg||x\n"},
		{name: "image by the name inside", files: map[string]string{"Annotations/001.xml": strings.Replace(vocXML(10, 10, vocBox("x", 1, 1, 5, 5)), "other.jpg", "真.jpg", 1), "JPEGImages/真.jpg": ""},
			format: VOC, view: domain.Detection, want: "\nJPEGImages/真.jpg||x\n"},
		{name: "bad boxes", files: map[string]string{"JPEGImages/a.jpg": "", "Annotations/a.xml": vocXML(100, 100,
			vocBox("good", 1, 2, 3, 4), vocBox("flat", 5, 5, 5, 9), vocBox("turned", 9, 5, 5, 9), vocBox("outside", 150, 1, 160, 4), vocBox("over", 90, 90, 120, 99),
			vocBox("words", "a", 1, 2, 3), vocBox("huge", 1, 1, "1e300", 5), vocBox("nan", "NaN", 1, 2, 3), vocBox("", 1, 1, 2, 2), "<object><name>none</name></object>")},
			format: VOC, view: domain.Detection, want: "\nJPEGImages/a.jpg||good;turned;over\n", problems: [][]string{
				{"a.xml:5", "flat", "no area"}, {"outside", "lies outside"}, {"over", "clipped"},
				{"words", "not a number"}, {"huge", "not a finite number"}, {"nan", "not a number"}, {"a.xml:12", "no name"}, {"no bndbox"}}},
		{name: "bad files", files: map[string]string{
			"JPEGImages/a.jpg": "", "JPEGImages/b.jpg": "", "JPEGImages/c.jpg": "", "JPEGImages/d.jpg": "", "JPEGImages/e.jpg": "", "JPEGImages/f.jpg": "", "JPEGImages/g.jpg": "",
			"Annotations/a.xml":    vocXML(100, 100, vocBox("x", 1, 2, 3, 4)),
			"Annotations/b.xml":    "<annotation><object>",
			"Annotations/c.xml":    `<!DOCTYPE a [<!ENTITY x "y">]><annotation>&x;</annotation>`,
			"Annotations/d.xml":    "",
			"Annotations/e.xml":    strings.Repeat("<annotation>", 100),
			"Annotations/f.xml":    "<html/>",
			"Annotations/g.xml":    `<?xml version="1.0" encoding="klingon"?><annotation/>`,
			"Annotations/lost.xml": vocXML(1, 1),
		}, format: VOC, view: domain.Detection, want: `
JPEGImages/a.jpg||x
JPEGImages/b.jpg||-
JPEGImages/c.jpg||-
JPEGImages/d.jpg||-
JPEGImages/e.jpg||-
JPEGImages/f.jpg||-
JPEGImages/g.jpg||-
`, problems: [][]string{{"b.xml", "damaged XML"}, {"c.xml", "DOCTYPE"}, {"d.xml", "ends too early"}, {"e.xml", "too deeply"}, {"f.xml", "not Pascal VOC"}, {"g.xml", "klingon"}, {"lost.xml", "no image for it"}}},
		{name: "in two sets", files: map[string]string{"Annotations/a.xml": vocXML(9, 9), "JPEGImages/a.jpg": "", "ImageSets/Main/train.txt": "a\n", "ImageSets/Main/val.txt": "a\n"},
			format: VOC, view: domain.Detection, want: "\nJPEGImages/a.jpg|val|none\n", problems: [][]string{{"val.txt:1", "put into val"}}},
		{name: "a test set", files: map[string]string{"Annotations/a.xml": vocXML(9, 9), "JPEGImages/a.jpg": "", "JPEGImages/b.jpg": "", "JPEGImages/c.jpg": "", "ImageSets/Main/train.txt": "b\nc\n", "ImageSets/Main/val.txt": "c\n", "ImageSets/Main/test.txt": "a\nb\nc\n"},
			format: VOC, view: domain.Detection, want: "\nJPEGImages/a.jpg|test|none\nJPEGImages/b.jpg|test|-\nJPEGImages/c.jpg|val|-\n", problems: [][]string{{"test.txt:2", "put into test"}, {"test.txt:3", "put into test"}, {"val.txt:1", "put into val"}}},
		{name: "no images", files: map[string]string{"Annotations/a.xml": ""}, err: "contains no image"},
	})
}

func TestVOCWithoutSize(t *testing.T) {
	a, problems, err := parseVOC([]byte(vocXML(0, 100, vocBox("x", 1, 2, 3, 4))))
	if err != nil || len(problems) > 0 || len(a.boxes) != 1 || !a.boxes[0].Pixels || a.height != 0 {
		t.Errorf("%+v %v %v", a, problems, err)
	}
}

func FuzzVOC(f *testing.F) {
	f.Add([]byte(vocXML(100, 80, vocBox("cat", 1, 2, 30, 40), vocBox("dog", "5.5", -3, 900, 9))))
	f.Add([]byte(`<?xml version="1.0" encoding="utf-8"?><annotation><object><bndbox/></object></annotation>`))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY x "y">]><annotation>&x;</annotation>`))
	f.Add([]byte(strings.Repeat("<annotation>", 40)))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, problems, err := parseVOC(data)
		if err != nil {
			return
		}
		checkRecord(t, Record{Boxes: a.boxes})
		for _, p := range problems {
			if p.Reason == "" || p.Line == 0 {
				t.Fatalf("problem %+v", p)
			}
		}
	})
}
