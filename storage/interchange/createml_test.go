package interchange

import (
	"bytes"
	"context"
	"testing"

	"viewfinder/storage/domain"
)

func TestCreateML(t *testing.T) {
	one := func(text string) map[string]string {
		return map[string]string{"p0.jpg": "", "_annotations.createml.json": text}
	}
	runFields(t, []field{
		{name: "centres", files: one(`[{"image":"p0.jpg","annotations":[{"label":"bolt","coordinates":{"x":25.5,"y":15,"width":21,"height":16}}]}]`), format: CreateML, view: domain.Detection, boxes: bolt1},
		{name: "nothing there", files: one(`[{"image":"p0.jpg","annotations":[]},{"image":"lost.jpg","annotations":[{"label":"x","coordinates":{"x":1,"y":1,"width":1,"height":1}}]}]`), format: CreateML, view: domain.Detection, lines: "p0.jpg||none\n", problems: []string{"lost.jpg"}},
		{name: "concepts", files: one(`[{"image":"p0.jpg","annotations":"label","annotation":"x"},{"image":"p0.jpg","annotations":[{"label":"bolt"}]}]`), format: CreateML, view: domain.Tagging, lines: "p0.jpg||label;bolt\n"},
		{name: "no coordinates", files: one(`[{"image":"p0.jpg","annotations":[{"label":"bolt","coordinates":{"x":"a","y":15,"width":21,"height":16}}]}]`), format: CreateML, view: domain.Detection, lines: "p0.jpg||-\n", problems: []string{"not x, y, width and height"}},
		{name: "cut", files: one(`[{"image":"p0.jpg","annotations":[{"label":"bolt","coordinates":{"x":25.5,"y":15,"width":21,"height":16}}]},{"image":`), format: CreateML, view: domain.Detection, boxes: bolt1, problems: []string{"damaged from here on"}},
	})
}

func FuzzCreateML(f *testing.F) {
	f.Add([]byte(`[{"image":"a.jpg","annotations":[{"label":"x","coordinates":{"x":1,"y":1,"width":NaN,"height":-1}}]}]`))
	f.Add([]byte(`[{"imagefilename":"a.jpg","annotation":[{"coordinates":{}},{"label":""}]},7]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, _ := parseList(context.Background(), bytes.NewReader(data), "a.json", func(Problem) {}, createMLRecord)
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}
