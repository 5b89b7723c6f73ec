package interchange

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

const studioHead = `{"name":"Bulk items","splits":["val","train"],"views":[{"name":"Item or not","type":"classification","concepts":[{"name":"With Item"},{"name":"Without Item"}],"conditions":[],` +
	`"children":[{"name":"Item Detector","type":"detection","concepts":[{"name":"Item","color":"#ff0000","key":"i"},{"name":"Other"}],"conditions":[[{"name":"With Item"}]],` +
	`"children":[{"name":"Material","type":"classification","concepts":[{"name":"Glass"},{"name":"Wood"}],"conditions":[[{"name":"Item"}]]},` +
	`{"name":"State","type":"tagging","concepts":[{"name":"dirty"},{"name":"Wood"}],"conditions":[]}]}]}]}`

// studioRead reads text, all of whose images are there.
func studioRead(text string) result {
	var r result
	r.header, r.err = ReadStudio(context.Background(), strings.NewReader(text), "p.jsonl", safePath,
		func(rec Record) error { r.records = append(r.records, rec); return nil },
		func(p Problem) { r.problems = append(r.problems, p) })
	return r
}

func TestStudio(t *testing.T) {
	r := studioRead(studioHead + `
{"data":"a.jpg","splits":["train"],"annotations":[{"concepts":[{"name":"With Item"}]},{"concepts":["Item","Glass",{"name":"Wood","view":"State"}],"bbox":{"xmin":0.1,"xmax":0.5,"ymin":0.2,"ymax":0.6},"reviewed":["Material"]}],"reviewed":["Item or not"]}
{"data":{"image":"b.jpg"},"splits":["val"],"annotations":[{"concepts":[{"name":"With Item"}]},{"id":"x","concepts":["Other"],"bbox":{"xmin":-0.1,"xmax":0.5,"ymin":0.2,"ymax":0.6},"annotated":["State"]}]}
{"data":"c.jpg","annotations":[],"annotated":["Item Detector"]}
`)
	if r.err != nil || len(r.records) != 3 {
		t.Fatalf("%+v", r)
	}
	box := &domain.Box{XMin: 0.1, YMin: 0.2, XMax: 0.5, YMax: 0.6}
	top, detector := "Item or not", "Item or not/Item Detector"
	want := []ViewAnnotation{
		{View: top, Reviewed: true, Regions: []Region{{ID: "r1", Concepts: []string{"With Item"}}}},
		{View: detector, Regions: []Region{{ID: "r2", Box: box, Concepts: []string{"Item"}}}},
		{View: detector + "/Material", Source: "r2", Reviewed: true, Regions: []Region{{ID: "r2.2", Concepts: []string{"Glass"}}}},
		{View: detector + "/State", Source: "r2", Regions: []Region{{ID: "r2.3", Concepts: []string{"Wood"}}}},
	}
	if got := r.records[0].Views; !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if b := r.records[1].Views; len(b) != 3 || b[2].View != detector+"/State" || b[2].Source != "x" || len(b[2].Regions) != 0 || b[1].Regions[0].Box.XMin != 0 {
		t.Errorf("%+v", b)
	}
	if c := r.records[2]; c.Split != "" || len(c.Views) != 1 || c.Views[0].View != detector {
		t.Errorf("%+v", c)
	}
	if len(r.problems) != 1 || !r.hasProblem("p.jsonl:3 (b.jpg)", "clipped") {
		t.Errorf("%v", r.problems)
	}
	if v := r.header.Views; len(v) != 4 || v[2].Conditions.Concept != "Item" || v[1].Concepts[0] != (Concept{"Item", "#ff0000", "i"}) || v[3].Conditions != nil {
		t.Errorf("%+v", v)
	}
	// Written and read again it is the same.
	var b bytes.Buffer
	w, err := NewStudioWriter(&b, r.header)
	if err != nil {
		t.Fatal(err)
	}
	for _, rec := range r.records {
		if err := w.Write(rec); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	again := studioRead(b.String())
	if again.err != nil || len(again.problems) > 0 || !reflect.DeepEqual(again.header, r.header) || !reflect.DeepEqual(again.records, r.records) {
		t.Errorf("%+v\n%+v\n%s", again, r, b.String())
	}
}

func TestStudioProblems(t *testing.T) {
	tests := []struct {
		line  string
		words string
	}{
		{`{`, "not a JSON object"},
		{`[]`, "not what it should be"},
		{`{"annotations":[]}`, "does not name an image"},
		{`{"data":"../x.jpg"}`, `".."`},
		{`{"data":"z.jpg","splits":["train","val"]}`, "split by its content"},
		{`{"data":"z.jpg","annotations":[{"concepts":["Nothing"]}]}`, "no view has a concept"},
		{`{"data":"z.jpg","annotations":[{"concepts":["Wood"]}]}`, "several views have a concept"},
		{`{"data":"z.jpg","annotations":[{"concepts":["Item"]}]}`, "has no bbox"},
		{`{"data":"z.jpg","annotations":[{"concepts":["Glass"]}]}`, "belongs to crops"},
		{`{"data":"z.jpg","annotations":[{"concepts":["With Item","Without Item"]}]}`, "takes one per region"},
		{`{"data":"z.jpg","annotations":[{"concepts":["Item"],"bbox":{"xmin":1,"xmax":0,"ymin":0,"ymax":1}}]}`, "no area"},
		{`{"data":"z.jpg","annotations":[{"source":"q","concepts":["Item"],"bbox":{"xmin":0,"xmax":1,"ymin":0,"ymax":1}}]}`, "is not a region"},
		{`{"data":"z.jpg","annotated":["Nowhere"]}`, "there is no view"},
		{`{"data":"z.jpg","annotated":["Item or not"]}`, "nothing is annotated without a concept"},
		{`{"data":"a.jpg"}`, "already listed in line 2"},
	}
	for _, tt := range tests {
		r := studioRead(studioHead + "\n" + `{"data":"a.jpg"}` + "\n" + tt.line)
		if r.err != nil || !r.hasProblem("p.jsonl:3", tt.words) {
			t.Errorf("%s\n%v %v", tt.line, r.err, r.problems)
		}
	}
	for _, head := range []string{"", "{}", "no", `{"views":[{"name":"a","type":"segmentation"}]}`, `{"views":[{"name":"a","type":"tagging"},{"name":"a","type":"tagging"}]}`,
		`{"views":[{"name":"a","type":"tagging","conditions":[["x"]]}]}`} {
		if r := studioRead(head + "\n" + `{"data":"a.jpg"}`); r.err == nil {
			t.Errorf("%s was taken for a header", head)
		}
	}
}

func TestStudioFlat(t *testing.T) {
	r := studioRead(`{"name":"x","views":[{"name":"A","type":"classification","concepts":["p","q"]}]}`)
	if r.err == nil {
		t.Error("concepts must be objects")
	}
	r = studioRead(`{"views":[{"name":"A","type":"tagging","concepts":[{"name":"p"},{"name":"q"}]},{"name":"B","type":"detection","concepts":[{"name":"r"}],"conditions":[[{"name":"p"},{"name":"q"}],[{"name":"p"}]]}]}` + "\n" + `{"data":"a.jpg"}`)
	if r.err != nil || r.header.Views[1].Parent != "A" || r.header.Views[1].Path != "A/B" || r.header.Views[1].Conditions.Of[0].Op != "and" {
		t.Errorf("%v %+v", r.err, r.header.Views)
	}
}

func TestAlternatives(t *testing.T) {
	c := func(name string) Condition { return Condition{Op: "concept", Concept: name} }
	got := alternatives(Condition{Op: "and", Of: []Condition{c("a"), {Op: "or", Of: []Condition{c("b"), c("c")}}}})
	if want := [][]string{{"a", "b"}, {"a", "c"}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}

func TestStudioSource(t *testing.T) {
	r := readAll(t, tree(t, map[string]string{"import.txt": studioHead + "\n" + `{"data":"a.jpg","splits":["test"]}` + "\n" + `{"data":"b.jpg"}`, "images/a.jpg": ""}), "")
	if r.err != nil || r.format != Studio || r.lines() != "images/a.jpg|test|-\n" || !r.hasProblem("import.txt:3 (b.jpg)", "there is no image") || len(r.header.Notes) != 0 {
		t.Errorf("%+v", r)
	}
}

func FuzzStudio(f *testing.F) {
	f.Add(studioHead + "\n" + `{"data":"a.jpg","splits":["train"],"annotations":[{"id":"1","concepts":["Item","Glass"],"bbox":{"xmin":0.1,"xmax":0.5,"ymin":0.2,"ymax":0.6},"annotated":["State"]}]}`)
	f.Add(studioHead + "\n" + `{"data":"a.jpg","annotations":[{"source":"1","concepts":["Wood"]}],"reviewed":["Material"]}`)
	f.Add(`{"views":[{"name":"A","type":"tagging","concepts":[{"name":"p"}]},{"name":"B","type":"detection","concepts":[{"name":"p"}],"conditions":[["p"]]}]}` + "\n" + `{"data":"x","annotations":[{"concepts":["p"]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		r := studioRead(text)
		if r.err != nil {
			return
		}
		var b bytes.Buffer
		w, err := NewStudioWriter(&b, r.header)
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range r.records {
			checkRecord(t, rec)
			for _, v := range rec.Views {
				for _, region := range v.Regions {
					if b := region.Box; b != nil && !(b.XMin >= 0 && b.XMin < b.XMax && b.XMax <= 1 && b.YMin >= 0 && b.YMin < b.YMax && b.YMax <= 1) {
						t.Fatalf("box %+v", b)
					}
				}
			}
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		if again := studioRead(b.String()); again.err != nil || len(again.records) != len(r.records) {
			t.Fatalf("what was written does not read: %v\n%s", again.err, b.String())
		}
	})
}
