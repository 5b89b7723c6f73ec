package interchange

import (
	"fmt"
	"testing"

	"viewfinder/storage/domain"
)

func labelmeText(shapes string) string {
	return fmt.Sprintf(`{"version": "5.0.1", "flags": {}, "shapes": [%s], "imagePath": "p0.jpg", "imageData": null, "imageHeight": 48, "imageWidth": 64}`, shapes)
}

func TestLabelme(t *testing.T) {
	one := func(shapes string) map[string]string {
		return map[string]string{"p0.jpg": "", "p0.json": labelmeText(shapes), "q.jpg": ""}
	}
	runFields(t, []field{
		{name: "rectangle", files: one(`{"label":"bolt","points":[[36,23],[15,7]],"group_id":null,"shape_type":"rectangle","flags":{}}`), format: Labelme, view: domain.Detection, boxes: bolt1 + "q.jpg not annotated\n"},
		{name: "polygon and circle", files: one(`{"label":"bolt","points":[[15,7],[36,7],[20,23]],"shape_type":"polygon"},{"label":"nut","points":[[32,24],[32,36]],"shape_type":"circle"}`), format: Labelme, view: domain.Detection,
			boxes: bolt1 + "  nut 0.3125 0.25 0.6875 0.75\nq.jpg not annotated\n"},
		{name: "a point alone", files: one(`{"label":"bolt","points":[[15,7]],"shape_type":"point"}`), format: Labelme, view: domain.Detection, boxes: "p0.jpg not annotated\nq.jpg not annotated\n", problems: []string{"a point has no area"}},
		{name: "nothing there", files: one(``), format: Labelme, view: domain.Detection, lines: "p0.jpg||none\nq.jpg||-\n"},
		{name: "flags", files: map[string]string{"p0.jpg": "", "p0.json": `{"flags":{"cat":true,"dog":false},"shapes":[],"imagePath":"p0.jpg"}`}, format: Labelme, view: domain.Classification, lines: "p0.jpg||cat\n"},
		{name: "folders of their own", files: map[string]string{"imgs/p0.jpg": "", "json/p0.json": labelmeText(`{"label":"bolt","points":[[36,23],[15,7]],"shape_type":"rectangle"}`)}, format: Labelme, view: domain.Detection, boxes: "imgs/" + bolt1},
		{name: "another name", files: map[string]string{"p0.jpg": "", "x1.json": labelmeText(`{"label":"bolt","points":[[36,23],[15,7]],"shape_type":"rectangle"}`)}, format: Labelme, view: domain.Detection, boxes: bolt1},
		{name: "splits", files: map[string]string{"train/p0.jpg": "", "train/p0.json": labelmeText(``), "test/p1.jpg": "", "test/p1.json": labelmeText(``)}, format: Labelme, view: domain.Detection, lines: "test/p1.jpg|test|none\ntrain/p0.jpg|train|none\n"},
		{name: "damaged", files: map[string]string{"p0.jpg": "", "p0.json": labelmeText(`{`)}, format: Labelme, view: domain.Detection, lines: "p0.jpg||-\n", problems: []string{"damaged JSON"}},
		{name: "one file", files: one(`{"label":"bolt","points":[[36,23],[15,7]],"shape_type":"rectangle"}`), at: "p0.json", format: Labelme, view: domain.Detection, boxes: bolt1},
		{name: "its first version", files: map[string]string{"p0.jpg": "", "p0.xml": `<annotation><filename>p0.jpg</filename><object><name>bolt</name><deleted>0</deleted><polygon><pt><x>15</x><y>7</y></pt><pt><x>36</x><y>7</y></pt><pt><x>36</x><y>23</y></pt></polygon></object><object><name>gone</name><deleted>1</deleted></object><imagesize><nrows>48</nrows><ncols>64</ncols></imagesize></annotation>`}, format: VOC, view: domain.Detection, boxes: bolt1},
	})
}

func FuzzLabelme(f *testing.F) {
	f.Add([]byte(labelmeText(`{"label":"bolt","points":[[36,23],[15,7]],"shape_type":"rectangle"}`)))
	f.Add([]byte(labelmeText(`{"label":7,"points":[[NaN,23],["15",7],[1,1]],"shape_type":"polygon"},{"points":null}`)))
	f.Add([]byte(`{"shapes":[],"flags":{"a":true,"":true}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := Record{ImagePath: "a.jpg"}
		parseLabelme(&r, data, func(Problem) {})
		checkRecord(t, r)
	})
}
