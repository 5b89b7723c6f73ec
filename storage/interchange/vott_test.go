package interchange

import (
	"fmt"
	"testing"

	"viewfinder/storage/domain"
)

func TestVoTT(t *testing.T) {
	one := func(state int, regions string) map[string]string {
		return map[string]string{"vott-json-export/p0.jpg": "", "vott-json-export/x-export.json": fmt.Sprintf(`{"name":"x","tags":[{"name":"bolt","color":"#000"},{"name":"nut"}],"assets":{"a1":{"asset":{"format":"jpg","id":"a1","name":"p0.jpg","path":"file:C:/x/p0.jpg","size":{"width":64,"height":48},"state":%d,"type":1},"regions":[%s],"version":"2.2.0"}}}`, state, regions)}
	}
	notes := []string{"vott-json-export"}
	runFields(t, []field{
		{name: "rectangle", files: one(2, `{"id":"r","type":"RECTANGLE","tags":["bolt"],"boundingBox":{"height":16,"width":21,"left":15,"top":7},"points":[]}`), format: VoTT, view: domain.Detection, boxes: "vott-json-export/" + bolt1, notes: notes},
		{name: "points alone", files: one(2, `{"id":"r","type":"POLYGON","tags":["bolt","nut"],"points":[{"x":15,"y":7},{"x":36,"y":7},{"x":36,"y":23}]}`), format: VoTT, view: domain.Detection, boxes: "vott-json-export/" + bolt1, notes: notes, problems: []string{"2 tags"}},
		{name: "visited", files: one(1, ``), format: VoTT, view: domain.Detection, lines: "vott-json-export/p0.jpg||none\n", notes: notes},
		{name: "not visited", files: one(0, ``), format: VoTT, view: domain.Detection, lines: "vott-json-export/p0.jpg||-\n", notes: notes},
		{name: "no tag", files: one(2, `{"id":"r","tags":[],"boundingBox":{"height":16,"width":21,"left":15,"top":7}}`), format: VoTT, view: domain.Detection, boxes: "vott-json-export/p0.jpg not annotated\n", problems: []string{"no tag"}, notes: notes},
		{name: "CSV", files: map[string]string{"p0.jpg": "", "x-export.csv": "\"image\",\"xmin\",\"ymin\",\"xmax\",\"ymax\",\"label\"\n\"p0.jpg\",15,7,36,23,\"bolt\"\n"}, format: CSV, view: domain.Detection, boxes: bolt1},
	})
}

func FuzzVoTT(f *testing.F) {
	f.Add([]byte(`{"assets":{"a":{"asset":{"name":"a.jpg","size":{"width":6,"height":4},"state":2},"regions":[{"tags":["x"],"boundingBox":{"left":1,"top":1,"width":2,"height":NaN},"points":[{"x":1,"y":1},{"x":2,"y":"3"}]}]}},"tags":[{"name":""}]}`))
	f.Add([]byte(`{"asset":{"path":"file:a.jpg"},"regions":[{"tags":["x"]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		assets, _, err := parseVoTT(data)
		if err != nil {
			return
		}
		for _, a := range assets {
			checkRecord(t, a.record("a.json", func(Problem) {}))
		}
	})
}
