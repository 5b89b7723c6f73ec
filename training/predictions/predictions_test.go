package predictions

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"viewfinder/storage/domain"
	"viewfinder/training/metrics"
)

func classified(n int) *File {
	f := &File{Header: []byte(`{"name":"v1"}`), Input: metrics.Input{Task: domain.Classification, Concepts: 10}}
	for i := range n {
		f.Items = append(f.Items, Item{Name: fmt.Sprintf("images/photo%06d.jpg", i), Datapoint: int64(i + 1), Image: int64(i + 7), Annotated: 1700000000000 + int64(i), Split: domain.Splits()[i%3], Seen: i%3 == 0})
		f.Input.Labels = append(f.Input.Labels, []int32{int32(i % 10)})
		for c := range 10 {
			f.Input.Scores = append(f.Input.Scores, float32(c+i%4)/64)
		}
	}
	return f
}

func detected() *File {
	return &File{Header: []byte(`{}`), Items: []Item{{Name: "a", Crop: [4]float64{0.25, 0, 0.5, 1}, Source: 5, Region: 9, Split: domain.SplitVal}, {Split: domain.SplitTrain}},
		Input: metrics.Input{Task: domain.Detection, Concepts: 2, Sizes: [][2]float64{{640, 480}, {1, 1}},
			Truth: [][]domain.ScoredBox{{{Box: domain.Box{XMin: 0.1, YMin: 0.2, XMax: 0.3, YMax: 0.7}, Class: 1}}, {}},
			Found: [][]domain.ScoredBox{{}, {{Box: domain.Box{XMin: 0.125, YMin: 0.25, XMax: 0.5, YMax: 0.75}, Class: 1, Score: 0.5}}}}}
}

func bytesOf(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	tagged := &File{Header: []byte(`[]`), Items: []Item{{Name: "ä", Split: domain.SplitTest}}, Input: metrics.Input{Task: domain.Tagging, Concepts: 3, Labels: [][]int32{{0, 2}}, Scores: []float32{1, 0, 0.5}}}
	for _, f := range []*File{classified(50), detected(), tagged} {
		path := filepath.Join(t.TempDir(), "x")
		if err := WriteFile(path, f); err != nil {
			t.Fatal(err)
		}
		got, err := ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, f) {
			t.Errorf("%s: read %+v, written %+v", f.Input.Task, got, f)
		}
		if header, err := ReadHeader(path); err != nil || !bytes.Equal(header, f.Header) {
			t.Errorf("%s %v", header, err)
		}
		if _, err := metrics.NewJudge(got.Input); err != nil {
			t.Error(err)
		}
	}
}

func TestWhatIsDamagedIsRefused(t *testing.T) {
	whole := bytesOf(t, classified(20))
	for _, cut := range []int{0, 5, 12, 20, 40, len(whole) / 2, len(whole) - 1} {
		if _, err := Read(bytes.NewReader(whole[:cut])); !errors.Is(err, ErrFormat) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
	for at := 0; at < len(whole); at += 7 {
		broken := bytes.Clone(whole)
		broken[at] ^= 0x55
		if _, err := Read(bytes.NewReader(broken)); err == nil && (at < len(magic) || at >= len(magic)+4+13) {
			t.Errorf("byte %d turned over is not noticed", at)
		}
	}
	if _, err := ReadFile(t.TempDir()); !errors.Is(err, ErrFormat) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := ReadFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("none: %v", err)
	}
	if err := Write(&bytes.Buffer{}, &File{Items: []Item{{}}, Input: metrics.Input{Task: domain.Tagging, Concepts: 1}}); err == nil {
		t.Error("items without scores are written")
	}
}

// FuzzRead reads anything as a body with a right checksum, so that what follows the checksum is reached.
func FuzzRead(f *testing.F) {
	for _, file := range []*File{classified(3), detected()} {
		b := bytesOf(f, file)
		start := len(magic) + 4 + len(file.Header)
		f.Add(b[start : len(b)-4])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d := decoder{b: body}
		var file File
		d.file(&file)
		if d.err != nil || len(d.b) > 0 {
			return
		}
		file.Header = []byte("{}")
		if _, err := metrics.NewJudge(file.Input); err != nil {
			t.Fatalf("what was read cannot be judged: %v", err)
		}
		again, err := Read(bytes.NewReader(bytesOf(t, &file)))
		if err != nil || len(again.Items) != len(file.Items) {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	data := bytesOf(b, classified(100_000))
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := Read(bytes.NewReader(data)); err != nil {
			b.Fatal(err)
		}
	}
}
