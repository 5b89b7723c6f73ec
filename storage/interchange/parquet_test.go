package interchange

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"viewfinder/storage/domain"
)

type hubImage struct {
	Bytes []byte `parquet:"bytes,optional"`
	Path  string `parquet:"path,optional"`
}

type hubClass struct {
	Image hubImage `parquet:"image"`
	Label int64    `parquet:"label"`
}

type hubObjects struct {
	Box      [][]float64 `parquet:"bbox,list"`
	Category []int64     `parquet:"category,list"`
}

type hubBoxes struct {
	Image   hubImage   `parquet:"image"`
	Width   int64      `parquet:"width"`
	Height  int64      `parquet:"height"`
	Objects hubObjects `parquet:"objects"`
}

type hubTags struct {
	Image  []byte   `parquet:"image"`
	Labels []string `parquet:"labels,list"`
}

// parquetText is a table of rows with a description as dataset hubs write it.
func parquetText[T any](t testing.TB, features string, rows ...T) string {
	t.Helper()
	var b bytes.Buffer
	options := []parquet.WriterOption{parquet.MaxRowsPerRowGroup(2)}
	if features != "" {
		options = append(options, parquet.KeyValueMetadata("huggingface", `{"info":{"features":`+features+`}}`))
	}
	w := parquet.NewGenericWriter[T](&b, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestParquetClasses(t *testing.T) {
	rows := []hubClass{{hubImage{[]byte("one"), "a.jpg"}, 1}, {hubImage{[]byte("two"), "a.jpg"}, 0}, {hubImage{[]byte("three"), "../c.png"}, 2}, {hubImage{[]byte("four"), ""}, 9}}
	text := parquetText(t, `{"image":{"_type":"Image"},"label":{"names":["cat","dog","fox"],"_type":"ClassLabel"}}`, rows...)
	r, images := opened(t, tree(t, map[string]string{"data/train-00000-of-00002.parquet": text, "data/test-00000-of-00001.parquet": parquetText(t, "", rows[:1]...)}))
	if r.err != nil || r.format != Parquet || r.header.ViewType != domain.Classification {
		t.Fatalf("%+v", r)
	}
	want := "data/test-00000-of-00001.parquet/a.jpg|test|1\ndata/train-00000-of-00002.parquet/000000.jpg|train|dog\ndata/train-00000-of-00002.parquet/000001.jpg|train|cat\ndata/train-00000-of-00002.parquet/c.png|train|fox\ndata/train-00000-of-00002.parquet/000003.jpg|train|9\n"
	if got := r.lines(); got != want || strings.Join(images, " ") != "one one two three four" {
		t.Errorf("%s%v", got, images)
	}
	if notes := strings.Join(r.header.Notes, "\n"); !strings.Contains(notes, "2 annotations have only a number") || strings.Contains(notes, "test") {
		t.Error(notes)
	}
}

func TestParquetBoxes(t *testing.T) {
	features := `{"image":{"_type":"Image"},"objects":{"feature":{"bbox":{"feature":{"_type":"Value"},"_type":"Sequence"},"category":{"names":["bolt","nut"],"_type":"ClassLabel"}},"_type":"Sequence"}}`
	row := func(boxes [][]float64, categories ...int64) hubBoxes {
		return hubBoxes{hubImage{[]byte("x"), ""}, 64, 48, hubObjects{boxes, categories}}
	}
	read := func(rows ...hubBoxes) result {
		r, _ := opened(t, tree(t, map[string]string{"x.parquet": parquetText(t, features, rows...)}))
		if r.err != nil || r.header.ViewType != domain.Detection {
			t.Fatalf("%+v", r)
		}
		return r
	}
	r := read(row([][]float64{{16, 6, 16, 30}, {0, 0, 64, 48}}, 0, 1), row(nil), row([][]float64{{1, 2, 3, 4}, {1, 2, 3, 4}}, 0))
	if got := r.lines(); got != "x.parquet/000000.jpg||bolt;nut\nx.parquet/000001.jpg||none\nx.parquet/000002.jpg||bolt\n" || !r.hasProblem("category is missing") {
		t.Errorf("%s %v", got, r.problems)
	}
	if b := r.records[0].Boxes[0]; b.Box != (domain.Box{XMin: 0.25, YMin: 0.125, XMax: 0.5, YMax: 0.75}) {
		t.Errorf("%+v", b)
	}
	r = read(row([][]float64{{16, 6, 32, 36}, {50, 40, 64, 48}}, 0, 1)) // 50 + 64 is beyond 64
	if b := r.records[0].Boxes[0]; b.Box != (domain.Box{XMin: 0.25, YMin: 0.125, XMax: 0.5, YMax: 0.75}) || !strings.Contains(strings.Join(r.header.Notes, ""), "two corners") {
		t.Errorf("%+v %v", b, r.header.Notes)
	}
}

func TestParquetTags(t *testing.T) {
	r, images := opened(t, tree(t, map[string]string{"x.parquet": parquetText(t, "", hubTags{[]byte("1"), []string{"a", "b"}}, hubTags{[]byte("2"), nil}, hubTags{[]byte("3"), []string{"b"}})}))
	if got := r.lines(); r.err != nil || r.header.ViewType != domain.Tagging || got != "x.parquet/000000.jpg||a;b\nx.parquet/000001.jpg||none\nx.parquet/000002.jpg||b\n" || strings.Join(images, "") != "123" {
		t.Errorf("%s %+v", got, r)
	}
}

// TestParquetHostile: what is none, or has no images, is named and not read.
func TestParquetHostile(t *testing.T) {
	type plain struct{ A int64 }
	good := parquetText(t, "", hubClass{hubImage{[]byte("one"), "a.jpg"}, 1})
	for what, text := range map[string]string{"no images": parquetText(t, "", plain{1}), "cut": good[:len(good)-20], "text": "PAR1 nothing PAR1", "empty": ""} {
		r := readAll(t, tree(t, map[string]string{"x.parquet": text, "b.jpg": ""}), "")
		if r.err != nil || r.format != Images || len(r.problems) == 0 || r.header.Lost.Files == 0 || !strings.Contains(r.problems[0].String(), "x.parquet") {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

func FuzzParquet(f *testing.F) {
	f.Add([]byte(parquetText(f, `{"label":{"names":["cat"],"_type":"ClassLabel"}}`, hubClass{hubImage{[]byte("one"), "a.jpg"}, 0})))
	f.Add([]byte(parquetText(f, "", hubBoxes{hubImage{[]byte("x"), ""}, 64, 48, hubObjects{[][]float64{{1, 2, 3, 4}}, []int64{0}}})))
	f.Add([]byte("PAR1PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := openParquet(bytes.NewReader(data), "a.parquet")
		if err != nil || table.image < 0 {
			return
		}
		all, err := table.records()
		if err != nil {
			return
		}
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}

// A list that claims millions of elements in a footer of some hundred bytes is refused before there is room for them.
func TestParquetFooterClaims(t *testing.T) {
	whole := []byte(parquetText(t, "", hubClass{hubImage{[]byte("one"), "a.jpg"}, 0}))
	length := int(binary.LittleEndian.Uint32(whole[len(whole)-8:]))
	from := len(whole) - 8 - length
	footer := whole[from : from+length]
	list := bytes.IndexFunc(footer, func(r rune) bool { return r == 0x19 }) + 1 // the schema: a list of structs
	if list == 0 || footer[list]&0xf != compactStruct {
		t.Fatalf("the footer begins otherwise than expected: % x", footer[:8])
	}
	claiming := func(n uint64) []byte {
		data := append(slices.Clone(whole[:from+list]), 0xf0|compactStruct)
		data = binary.AppendUvarint(data, n)
		data = append(data, footer[list+1:]...)
		data = binary.LittleEndian.AppendUint32(data, uint32(len(data)-from))
		return append(data, "PAR1"...)
	}
	if _, err := openParquet(bytes.NewReader(claiming(uint64(footer[list]>>4))), "a.parquet"); err != nil {
		t.Errorf("the right number in its long form is refused: %v", err)
	}
	for _, n := range []uint64{uint64(length) + 1, 10_000_000, 1<<31 - 1, 1 << 60} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := openParquet(bytes.NewReader(claiming(n)), "a.parquet")
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprint("claims ", n, " elements")) {
			t.Errorf("%d elements: %v", n, err)
		}
		if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
			t.Errorf("%d elements: %d bytes were asked for", n, got)
		}
	}
	deep := bytes.Repeat([]byte{0x1c}, 100) // structs in structs
	data := append([]byte("PAR1"), deep...)
	data = append(binary.LittleEndian.AppendUint32(data, uint32(len(deep))), "PAR1"...)
	if _, err := openParquet(bytes.NewReader(data), "a.parquet"); err == nil || !strings.Contains(err.Error(), "nested too deeply") {
		t.Errorf("a footer of 100 structs in each other: %v", err)
	}
}
