package interchange

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"viewfinder/storage/domain"
)

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestCSV(t *testing.T) {
	with := func(table string) map[string]string {
		return map[string]string{"labels.csv": table, "a.jpg": "", "images/b.jpg": "", "sub/c.jpg": "", "é 紙,1.jpg": ""}
	}
	runSourceTests(t, []sourceTest{
		{name: "tagging", files: with("file,concepts\na.jpg,glass;paper\nb.jpg,\nsub/c.jpg,metal\n"), format: CSV, view: domain.Tagging,
			want: "\na.jpg||glass;paper\nimages/b.jpg||none\nsub/c.jpg||metal\n"},
		{name: "classification with splits", files: with("filename,label,split\na.jpg,glass,train\nb.jpg,paper,validation\nsub/c.jpg,paper,test\n"), format: CSV, view: domain.Classification,
			want: "\na.jpg|train|glass\nimages/b.jpg|val|paper\nsub/c.jpg|test|paper\n"},
		{name: "semicolons, byte order mark, CRLF", files: with("\ufefffile;concepts\r\na.jpg;\"glass;paper\"\r\nb.jpg;metal|paper\r\n"), format: CSV, view: domain.Tagging,
			want: "\na.jpg||glass;paper\nimages/b.jpg||metal;paper\n"},
		{name: "tabs in UTF-16", files: with(utf16LE("file\tconcept\na.jpg\tглина\n")), format: CSV, view: domain.Classification,
			want: "\na.jpg||глина\n"},
		{name: "quotes", files: with("file,concepts\n\"é 紙,1.jpg\",\"say \"\"hi\"\"\"\n"), format: CSV, view: domain.Classification,
			want: "\né 紙,1.jpg||say \"hi\"\n"},
		{name: "accents apart", files: map[string]string{"labels.csv": "file,concept\ne\u0301t\u00e9.jpg,x\n\u00fc.jpg,y\n", "\u00e9t\u00e9.jpg": "", "u\u0308.jpg": ""}, format: CSV, view: domain.Classification,
			want: "\n\u00e9t\u00e9.jpg||x\nu\u0308.jpg||y\n"},
		{name: "escapes", files: with("file,concepts\na.jpg,a\\;b;c\\|d;e\\\\f\n"), format: CSV, view: domain.Tagging,
			want: "\na.jpg||a;b;c|d;e\\f\n"},
		{name: "no names of columns", files: with("a.jpg,glass,val\nb.jpg,paper\n"), format: CSV, view: domain.Classification,
			want: "\na.jpg|val|glass\nimages/b.jpg||paper\n"},
		{name: "columns in another order", files: with("id,split,path,class\n1,val,./a.jpg,x\n"), format: CSV, view: domain.Classification,
			want: "\na.jpg|val|x\n"},
		{name: "annotated or not", files: with("file,concepts,annotated\na.jpg,,no\nb.jpg,,yes\n"), format: CSV, view: domain.Tagging,
			want: "\na.jpg||-\nimages/b.jpg||none\n"},
		{name: "rows of one image", files: with("file,concept\na.jpg,x\na.jpg,y\na.jpg,x\n"), format: CSV, view: domain.Tagging,
			want: "\na.jpg||x;y\n"},
		{name: "boxes", files: with("file,concept,xmin,ymin,xmax,ymax,width,height\na.jpg,x,10,10,20,20,100,100\na.jpg,y,0.1,0.1,0.2,0.2,,\nb.jpg,,,,,,,\na.jpg,z,5,5,5,9,100,100\na.jpg,z,q,5,5,9,100,100\n"),
			format: CSV, view: domain.Detection, want: "\na.jpg||x;y\nimages/b.jpg||none\n", problems: [][]string{{"labels.csv:5", "no area"}, {"labels.csv:6", "not a number"}}},
		{name: "bad records", files: with("file,concepts,split\n../a.jpg,x,\n/a.jpg,x,\nC:\\a.jpg,x,\nnowhere.jpg,x,\n,x,\n\"a.jpg,x,\na.jpg,x,never\nb.jpg,\xff\xfe,\nsub,x,\nsub\\c.jpg,é,\nhttp://h/a.jpg,x,\n"),
			format: CSV, view: domain.Classification, want: "\na.jpg||x\nsub/c.jpg||é\n",
			problems: [][]string{{":5", "there is no image"}, {":6", "name is empty"}, {":7", "quote is not closed"},
				{":8", "none of train, val and test"}, {":9", "not in UTF-8"}, {":10", "folder"}}},
		{name: "two splits", files: with("file,concepts,split\na.jpg,x,train\na.jpg,x,val\n"), format: CSV, view: domain.Classification,
			want: "\na.jpg|train|x\n", problems: [][]string{{":3", "two splits"}}},
		{name: "no image at all", files: with("file,concepts\nnowhere.jpg,x\n"), err: "names no image that could be found"},
		{name: "no column", files: with("foo,bar\n1,2\n"), format: Images, want: "\na.jpg||-\nimages/b.jpg||-\nsub/c.jpg||-\né 紙,1.jpg||-\n",
			problems: [][]string{{"labels.csv:1", "there is no column \"file\""}}},
		{name: "several tables", files: map[string]string{"one.csv": "file,label\na.jpg,x\n", "two.csv": "file,label\n", "a.jpg": ""}, format: Images, want: "\na.jpg||-\n",
			problems: [][]string{{"one.csv", "several tables"}, {"two.csv", "CSV"}}},
	})
}

func TestCSVBoxes(t *testing.T) {
	dir := tree(t, map[string]string{"labels.csv": "file,concept,xmin,ymin,xmax,ymax\na.jpg,x,10,20,30,40\na.jpg,x,90,90,130,95\na.jpg,x,200,90,230,95\n", "a.jpg": ""})
	r := readAll(t, dir, CSV)
	if r.err != nil || len(r.records) != 1 || len(r.records[0].Boxes) != 3 || !r.records[0].Boxes[0].Pixels {
		t.Fatalf("%+v", r)
	}
	var problems []Problem
	rec := r.records[0]
	rec.Resolve(100, 200, 1, func(p Problem) { problems = append(problems, p) })
	if len(rec.Boxes) != 2 || rec.Boxes[0] != (Box{Box: domain.Box{XMin: 0.1, YMin: 0.1, XMax: 0.3, YMax: 0.2}, Concept: "x"}) || rec.Boxes[1].XMax != 1 || len(problems) != 2 {
		t.Errorf("%+v %v", rec.Boxes, problems)
	}
}

func TestName(t *testing.T) {
	dir := tree(t, map[string]string{"my waste/labels.csv": "file,class\n", "my waste/birds.csv": "file,class\n", "my waste/a.jpg": ""})
	for at, want := range map[string]string{"my waste": "my waste", "my waste/labels.csv": "my waste", "my waste/birds.csv": "birds", "my waste/a.jpg": "a"} {
		s, err := OpenSource(filepath.Join(dir, filepath.FromSlash(at)), "")
		if err != nil {
			t.Fatal(err)
		}
		if s.Name() != want {
			t.Errorf("%s is called %q, want %q", at, s.Name(), want)
		}
		s.Close()
	}
}

// FuzzCSV feeds any table to the importer, images and all.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("file,concepts,split\na.jpg,x;y,train\n\"a\"\"b\",,\n"))
	f.Add([]byte("file;concept;xmin;ymin;xmax;ymax;width;height\na.jpg;x;1;2;3;4;10;10\n"))
	f.Add([]byte("a.jpg\tq\tval\n"))
	f.Add([]byte("\xff\xfea\x00"))
	dir := f.TempDir()
	os.WriteFile(dir+"/a.jpg", nil, 0o644)
	folder := folderOf(f, dir)
	f.Fuzz(func(t *testing.T, data []byte) {
		table := csvTable{folder: folder, name: "labels.csv", problem: func(Problem) {}, index: map[string]int{}}
		eachLine(bytes.NewReader(decodeText(data)), table.line)
		for _, r := range table.records {
			checkRecord(t, *r)
			if r.ImagePath != "a.jpg" {
				t.Fatalf("%q was never there", r.ImagePath)
			}
		}
	})
}

// checkRecord holds what every importer promises.
func checkRecord(t *testing.T, r Record) {
	t.Helper()
	if r.Split != "" && r.Split != Train && r.Split != Val {
		t.Fatalf("split %q", r.Split)
	}
	check := func(c string) {
		if name, err := conceptName(c); err != nil || name != c {
			t.Fatalf("concept %q", c)
		}
	}
	for _, c := range r.Concepts {
		check(c)
	}
	for _, b := range r.Boxes {
		check(b.Concept)
		if !(b.XMin < b.XMax && b.YMin < b.YMax) || !b.Pixels && (b.XMin < 0 || b.YMin < 0 || b.XMax > 1 || b.YMax > 1) {
			t.Fatalf("box %+v", b)
		}
	}
}

func TestReport(t *testing.T) {
	problems := []Problem{{"labels.csv", 3, "a,b.jpg", "there is no image"}, {"x.xml", 0, "", "is damaged"}}
	var table, text strings.Builder
	if err := WriteReport(&table, problems); err != nil {
		t.Fatal(err)
	}
	if err := WriteReportText(&text, problems); err != nil {
		t.Fatal(err)
	}
	if table.String() != "file,line,record,reason\nlabels.csv,3,\"a,b.jpg\",there is no image\nx.xml,,,is damaged\n" {
		t.Errorf("%q", table.String())
	}
	if text.String() != "labels.csv:3 (a,b.jpg): there is no image\nx.xml: is damaged\n" {
		t.Errorf("%q", text.String())
	}
}
