package interchange

import (
	"fmt"
	"testing"

	"viewfinder/storage/domain"
)

func TestDatumaro(t *testing.T) {
	one := func(annotations string) map[string]string {
		return map[string]string{"images/train/p0.jpg": "", "annotations/train.json": fmt.Sprintf(`{"info":{},"categories":{"label":{"labels":[{"name":"bolt","parent":"","attributes":[]},{"name":"nut","parent":""}]}},"items":[{"id":"p0","annotations":[%s],"image":{"path":"p0.jpg","size":[48,64]}}]}`, annotations)}
	}
	const image = "images/train/"
	runFields(t, []field{
		{name: "bbox", files: one(`{"id":0,"type":"bbox","attributes":{},"group":0,"label_id":0,"z_order":0,"bbox":[15,7,21,16]}`), format: Datumaro, view: domain.Detection, boxes: image + bolt1},
		{name: "polygon", files: one(`{"type":"polygon","label_id":0,"points":[15,7,36,7,36,23]}`), format: Datumaro, view: domain.Detection, boxes: image + bolt1},
		{name: "mask", files: one(`{"type":"mask","label_id":0,"rle":{"counts":[727,16,32,16,2281],"size":[48,64]}}`), format: Datumaro, view: domain.Detection, boxes: image + "p0.jpg\n  bolt 0.2344 0.1458 0.2656 0.4792\n"},
		{name: "labels", files: one(`{"type":"label","label_id":1}`), format: Datumaro, view: domain.Classification, lines: image + "p0.jpg|train|nut\n"},
		{name: "not annotated", files: one(``), format: Datumaro, view: "", lines: image + "p0.jpg|train|-\n"},
		{name: "no such label", files: one(`{"type":"bbox","label_id":7,"bbox":[15,7,21,16]}`), format: Datumaro, view: domain.Detection, lines: image + "p0.jpg|train|-\n", problems: []string{"not one that the file declares"}},
		{name: "points", files: one(`{"type":"points","label_id":0,"points":[1,2]}`), format: Datumaro, view: domain.Detection, lines: image + "p0.jpg|train|-\n", problems: []string{`"points" has no box`}},
	})
}

func FuzzDatumaro(f *testing.F) {
	f.Add([]byte(`{"categories":{"label":{"labels":[{"name":"x"}]}},"items":[{"id":"a","annotations":[{"type":"bbox","label_id":0,"bbox":[1,2,3,NaN]},{"type":"mask","label_id":0,"rle":{"counts":"05","size":[1,2]}}],"image":{"size":[2,3]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, _, err := parseDatumaro("a.json", data, func(Problem) {})
		if err != nil {
			return
		}
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}
