package interchange

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"viewfinder/storage/domain"
)

func TestLabelStudio(t *testing.T) {
	const value = `"original_width":64,"original_height":48,"value":{"x":23.4375,"y":14.583333,"width":32.8125,"height":33.333333,"rotation":0,"rectanglelabels":["bolt"]}`
	task := func(annotations string) map[string]string {
		return map[string]string{"p0.jpg": "", "project-1.json": fmt.Sprintf(`[{"id":1,"file_upload":"0a1b2c3d-p0.jpg","annotations":[%s],"predictions":[],"data":{"image":"/data/upload/1/0a1b2c3d-p0.jpg"}}]`, annotations)}
	}
	result := func(results string) string { return `{"id":1,"was_cancelled":false,"result":[` + results + `]}` }
	tail := []string{"by the end of the path"}
	runFields(t, []field{
		{name: "rectangle", files: task(result(`{"type":"rectanglelabels",` + value + `}`)), format: LabelStudio, view: domain.Detection, boxes: bolt1, notes: tail},
		{name: "not annotated", files: task(``), format: LabelStudio, view: "", lines: "p0.jpg||-\n", notes: tail},
		{name: "nothing there", files: task(result(``)), format: LabelStudio, view: domain.Detection, lines: "p0.jpg||none\n", notes: tail},
		{name: "skipped", files: task(`{"was_cancelled":true,"result":[]}`), format: LabelStudio, view: "", lines: "p0.jpg||-\n", notes: tail},
		{name: "choices", files: task(result(`{"type":"choices","value":{"choices":["cat"]}}`)), format: LabelStudio, view: domain.Classification, lines: "p0.jpg||cat\n", notes: tail},
		{name: "several annotators", files: task(result(``) + "," + `{"ground_truth":true,"result":[{"type":"choices","value":{"choices":["cat","dog"]}}]}`), format: LabelStudio, view: domain.Tagging, lines: "p0.jpg||cat;dog\n", notes: []string{"more than one annotation"}},
		{name: "polygon and ellipse", files: task(result(`{"type":"polygonlabels","value":{"points":[[0,0],[50,0],[50,50]],"polygonlabels":["nut"]}},{"type":"ellipselabels","value":{"x":50,"y":50,"radiusX":25,"radiusY":25,"ellipselabels":["nut"]}}`)), format: LabelStudio, view: domain.Detection, boxes: "p0.jpg\n  nut 0 0 0.5 0.5\n  nut 0.25 0.25 0.75 0.75\n", notes: tail},
		{name: "turned", files: task(result(`{"type":"rectanglelabels","original_width":64,"original_height":48,"value":{"x":50,"y":0,"width":25,"height":50,"rotation":90,"rectanglelabels":["bolt"]}}`)), format: LabelStudio, view: domain.Detection, boxes: "p0.jpg\n  bolt 0.125 0 0.5 0.3333\n", notes: tail},
		{name: "a brush alone", files: task(result(`{"type":"brushlabels","value":{"format":"rle","rle":[1,2],"brushlabels":["bolt"]}}`)), format: LabelStudio, view: domain.Detection, boxes: "p0.jpg not annotated\n", problems: []string{"brush"}, notes: tail},
		{name: "JSON-MIN", files: map[string]string{"p0.jpg": "", "min.json": `[{"image":"/data/upload/1/0a1b2c3d-p0.jpg","id":1,"label":[{"original_width":64,"original_height":48,"x":23.4375,"y":14.583333,"width":32.8125,"height":33.333333,"rotation":0,"rectanglelabels":["bolt"]}],"annotator":1,"annotation_id":1,"created_at":"x","lead_time":1.5}]`}, format: LabelStudio, view: domain.Detection, boxes: bolt1, notes: tail},
		{name: "CSV", files: map[string]string{"p0.jpg": "", "q.jpg": "", "project-1.csv": "image,id,label,choice,annotator,annotation_id,created_at,updated_at,lead_time\n/data/upload/1/0a1b2c3d-p0.jpg,1,\"[{\"\"x\"\":23.4375,\"\"y\"\":14.583333,\"\"width\"\":32.8125,\"\"height\"\":33.333333,\"\"rotation\"\":0,\"\"rectanglelabels\"\":[\"\"bolt\"\"],\"\"original_width\"\":64,\"\"original_height\"\":48}]\",,1,1,x,x,1.5\n/data/upload/1/0a1b2c3d-q.jpg,2,,,1,2,x,x,1\n"}, format: LabelStudio, view: domain.Detection, boxes: bolt1 + "q.jpg\n", notes: tail},
		{name: "CSV of choices", files: map[string]string{"p0.jpg": "", "project-1.csv": "image,id,choice,annotator,annotation_id\np0.jpg,1,cat,1,1\n"}, format: LabelStudio, view: domain.Classification, lines: "p0.jpg||cat\n"},
		{name: "JSON-MIN of choices", files: map[string]string{"p0.jpg": "", "min.json": `[{"image":"p0.jpg","id":1,"choice":"cat","annotator":1,"annotation_id":1}]`}, format: LabelStudio, view: domain.Classification, lines: "p0.jpg||cat\n"},
	})
}

func FuzzLabelStudioTable(f *testing.F) {
	f.Add("image,label,annotation_id\na.jpg,\"[{\"\"x\"\":1,\"\"y\"\":2,\"\"width\"\":3,\"\"height\"\":4,\"\"rectanglelabels\"\":[\"\"b\"\"]}]\",1\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, _ := parseLabelStudioTable(context.Background(), "a.csv", text, func(Problem) {})
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}

func FuzzLabelStudio(f *testing.F) {
	f.Add([]byte(`[{"data":{"image":"a.jpg"},"annotations":[{"result":[{"type":"rectanglelabels","original_width":6,"original_height":4,"value":{"x":1,"y":1,"width":5,"height":5,"rotation":45,"rectanglelabels":["x","y"]}}]}]}]`))
	f.Add([]byte(`[{"image":"a.jpg","label":[{"points":[[1,2],[3,4],["5",6]],"polygonlabels":["x"]}],"choice":{"choices":["a"]}}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, _ := parseList(context.Background(), bytes.NewReader(data), "a.json", func(Problem) {}, func(r *Record, data []byte, problem Report) error {
			_, err := labelStudioRecord(r, data, problem)
			return err
		})
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}
