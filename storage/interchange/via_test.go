package interchange

import (
	"fmt"
	"testing"

	"viewfinder/storage/domain"
)

func TestVIA(t *testing.T) {
	one := func(regions string) map[string]string {
		return map[string]string{"p0.jpg": "", "q.jpg": "", "via_region_data.json": fmt.Sprintf(`{"p0.jpg9":{"filename":"p0.jpg","size":9,"regions":%s,"file_attributes":{}},"q.jpg9":{"filename":"q.jpg","size":9,"regions":[],"file_attributes":{}}}`, regions)}
	}
	const rect = `{"shape_attributes":{"name":"rect","x":15,"y":7,"width":21,"height":16},"region_attributes":{"class":"bolt"}}`
	rest := "q.jpg not annotated\n"
	runFields(t, []field{
		{name: "version 2", files: one("[" + rect + "]"), format: VIA, view: domain.Detection, boxes: bolt1 + rest},
		{name: "version 1", files: one(`{"0":` + rect + `}`), format: VIA, view: domain.Detection, boxes: bolt1 + rest},
		{name: "project", files: map[string]string{"p0.jpg": "", "p.json": `{"_via_settings":{},"_via_img_metadata":{"p0.jpg9":{"filename":"p0.jpg","size":9,"regions":[` + rect + `],"file_attributes":{}}},"_via_attributes":{}}`}, format: VIA, view: domain.Detection, boxes: bolt1},
		{name: "polygon, circle, chosen of several", files: one(`[{"shape_attributes":{"name":"polygon","all_points_x":[15,36,20],"all_points_y":[7,7,23]},"region_attributes":{"type":{"bolt":true}}},{"shape_attributes":{"name":"circle","cx":32,"cy":24,"r":12},"region_attributes":{"type":{"nut":true}}}]`), format: VIA, view: domain.Detection, boxes: bolt1 + "  nut 0.3125 0.25 0.6875 0.75\n" + rest},
		{name: "two attributes", files: one(`[{"shape_attributes":{"name":"rect","x":15,"y":7,"width":21,"height":16},"region_attributes":{"colour":"red","label":"bolt"}}]`), format: VIA, view: domain.Detection, boxes: bolt1 + rest, notes: []string{`"label" were read`}},
		{name: "no concept", files: one(`[{"shape_attributes":{"name":"rect","x":15,"y":7,"width":21,"height":16},"region_attributes":{}}]`), format: VIA, view: domain.Detection, boxes: "p0.jpg not annotated\n" + rest, problems: []string{"no concept among its attributes"}},
		{name: "whole images", files: map[string]string{"p0.jpg": "", "p.json": `{"p0.jpg9":{"filename":"p0.jpg","regions":[],"file_attributes":{"caption":"x","type":"cat"}}}`}, format: VIA, view: domain.Classification, lines: "p0.jpg||cat\n"},
		{name: "CSV", files: map[string]string{"p0.jpg": "", "via_region_data.csv": "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes\np0.jpg,9,\"{}\",1,0,\"{\"\"name\"\":\"\"rect\"\",\"\"x\"\":15,\"\"y\"\":7,\"\"width\"\":21,\"\"height\"\":16}\",\"{\"\"name\"\":\"\"bolt\"\"}\"\n"}, format: VIA, view: domain.Detection, boxes: bolt1},
	})
}

func FuzzVIA(f *testing.F) {
	f.Add([]byte(`{"a":{"filename":"a.jpg","regions":[{"shape_attributes":{"name":"polygon","all_points_x":[1,2],"all_points_y":[1,2]},"region_attributes":{"class":"x"}}]}}`), false)
	f.Add([]byte("filename,region_shape_attributes,region_attributes\na.jpg,\"{\"\"name\"\":\"\"rect\"\"}\",{}\n"), true)
	f.Fuzz(func(t *testing.T, data []byte, table bool) {
		images, err := viaJSON(data)
		if table {
			images, err = viaTable("a.csv", data, func(Problem) {})
		}
		if err != nil {
			return
		}
		all, _ := viaRecords("a", images, func(Problem) {})
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}
