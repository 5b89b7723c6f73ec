package interchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// outgoing makes records of an empty image each.
func outgoing(records []Record) iter.Seq2[Outgoing, error] {
	return func(yield func(Outgoing, error) bool) {
		for _, r := range records {
			open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(r.ImagePath)), nil }
			if !yield(Outgoing{Record: r, Name: path.Base(r.ImagePath), Open: open}, nil) {
				return
			}
		}
	}
}

// known is a record without where it stood.
func known(r Record) Record {
	r.File, r.Line, r.ImagePath = "", 0, filepath.Base(r.ImagePath)
	for i, b := range r.Boxes {
		for _, v := range []*float64{&b.XMin, &b.YMin, &b.XMax, &b.YMax} {
			*v = math.Round(*v*1e6) / 1e6
		}
		r.Boxes[i] = b
	}
	if len(r.Boxes) == 0 {
		r.Boxes = nil
	}
	if len(r.Concepts) == 0 {
		r.Concepts = nil
	}
	return r
}

func TestRoundTrip(t *testing.T) {
	detection := []Record{
		{ImagePath: "one.jpg", Split: Train, Width: 640, Height: 480, HasAnnotation: true, Reviewed: true, Boxes: []Box{
			{Box: domain.Box{XMin: 0, YMin: 0.25, XMax: 0.5, YMax: 1}, Concept: "cat"}, {Box: domain.Box{XMin: 1. / 3, YMin: 1. / 7, XMax: 0.9, YMax: 0.2}, Concept: "собака; & <b> \"|"}}},
		{ImagePath: "two 真.png", Split: Val, Width: 100, Height: 33, HasAnnotation: true},
		{ImagePath: "three.webp", Split: Val, Width: 10, Height: 10},
		{ImagePath: "four.jpg", Split: Test, Width: 200, Height: 100, HasAnnotation: true, Boxes: []Box{{Box: domain.Box{XMin: 0.25, YMin: 0.5, XMax: 0.5, YMax: 1}, Concept: "cat"}}},
	}
	tagging := []Record{
		{ImagePath: "a.jpg", Split: Train, HasAnnotation: true, Reviewed: true, Concepts: []string{"x;y", `b\c`, "d|e"}},
		{ImagePath: "b.jpg", Split: Val, HasAnnotation: true},
		{ImagePath: "c.jpg", Split: Val},
		{ImagePath: "d.jpg", Split: Test, HasAnnotation: true, Concepts: []string{"d|e"}},
	}
	classes := []Record{
		{ImagePath: "a.jpg", Split: Train, HasAnnotation: true, Concepts: []string{"стекло"}},
		{ImagePath: "b.jpg", Split: Val, HasAnnotation: true, Concepts: []string{"train"}},
		{ImagePath: "c.jpg", Split: Val},
		{ImagePath: "d.jpg", Split: Test, HasAnnotation: true, Concepts: []string{"train"}},
	}
	tests := []struct {
		format   Format
		view     domain.Task
		concepts []string
		records  []Record
		reviewed bool // is kept
		size     bool // is kept
	}{
		{Folders, domain.Classification, []string{"стекло", "train", "unused"}, classes, false, false},
		{CSV, domain.Classification, []string{"стекло", "train"}, classes, true, false},
		{CSV, domain.Tagging, []string{"x;y", `b\c`, "d|e"}, tagging, true, false},
		{CSV, domain.Detection, []string{"cat", "собака; & <b> \"|"}, detection, true, true},
		{COCO, domain.Detection, []string{"cat", "собака; & <b> \"|", "unused"}, detection, true, true},
		{YOLO, domain.Detection, []string{"cat", "собака; & <b> \"|", "unused"}, detection, false, false},
		{VOC, domain.Detection, []string{"cat", "собака; & <b> \"|"}, detection, false, true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.format, " ", tt.view), func(t *testing.T) {
			target := filepath.Join(t.TempDir(), "out")
			calls := 0
			sum, err := Export(context.Background(), target, tt.format, Header{ViewType: tt.view, Concepts: tt.concepts}, outgoing(tt.records), ExportOptions{Progress: func(int) { calls++ }})
			left := 0
			if d, _ := Lookup(tt.format); !d.Holds.Unannotated {
				left = 1 // what others would take for a hard negative
			}
			if err != nil || sum.Images != 4-left || sum.LeftOut != left || len(sum.Notes) < left || left > 0 && !strings.HasPrefix(sum.Notes[0], "1 image is not annotated") || calls != 4 {
				t.Fatalf("%+v %v", sum, err)
			}
			r := readAll(t, target, "")
			if r.err != nil || len(r.problems) > 0 || r.format != tt.format || r.header.ViewType != tt.view {
				t.Fatalf("%+v", r)
			}
			got, want := map[string]Record{}, map[string]Record{}
			for _, rec := range r.records {
				got[filepath.Base(rec.ImagePath)] = known(rec)
			}
			for _, rec := range tt.records {
				if left > 0 && !rec.HasAnnotation {
					continue
				}
				rec.Boxes = append([]Box{}, rec.Boxes...)
				rec.Reviewed = rec.Reviewed && tt.reviewed
				if !tt.size || tt.format == VOC && !rec.HasAnnotation {
					rec.Width, rec.Height = 0, 0
				}
				want[rec.ImagePath] = known(rec)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if tt.format == Folders || tt.format == COCO || tt.format == YOLO {
				for _, c := range tt.concepts {
					if !contains(r.header.Concepts, c) {
						t.Errorf("the concept %q is lost: %v", c, r.header.Concepts)
					}
				}
			}
		})
	}
}

// TestExportTestSplit: the files that other tools read name the test split where some image is in it, and only there.
func TestExportTestSplit(t *testing.T) {
	read := func(dir, name string) string {
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return ""
		}
		return string(text)
	}
	boxes := []Box{{Box: domain.Box{XMin: 0.25, YMin: 0.5, XMax: 0.5, YMax: 1}, Concept: "cat"}}
	records := []Record{
		{ImagePath: "a.jpg", Split: Train, Width: 64, Height: 48, HasAnnotation: true, Boxes: boxes},
		{ImagePath: "b.jpg", Split: Val, Width: 64, Height: 48, HasAnnotation: true, Boxes: boxes},
		{ImagePath: "c.jpg", Split: Test, Width: 64, Height: 48, HasAnnotation: true, Boxes: boxes},
	}
	for _, tt := range []struct {
		format         Format
		file, has, not string // has with a test split; not is nowhere in the file without one
	}{
		{YOLO, "data.yaml", "test: images/test\n", "test"},
		{VOC, "ImageSets/Main/test.txt", "c\n", "c"},
		{COCO, "annotations/instances_test.json", `"c.jpg"`, "c"},
		{CVAT, "annotations.xml", `subset="test"`, "test"},
		{LabelStudio, "tasks.json", `"split":"test"`, `"test"`},
		{Labelme, "test/c.json", `"c.jpg"`, "c"},
		{CreateML, "test/annotations.json", `"c.jpg"`, "c"},
	} {
		t.Run(string(tt.format), func(t *testing.T) {
			for n, want := range map[int]bool{2: false, 3: true} {
				dir := filepath.Join(t.TempDir(), "out")
				if _, err := Export(t.Context(), dir, tt.format, Header{ViewType: domain.Detection, Concepts: []string{"cat"}}, outgoing(records[:n]), ExportOptions{}); err != nil {
					t.Fatal(err)
				}
				text := strings.ReplaceAll(read(dir, tt.file), `": "`, `":"`)
				if got := strings.Contains(text, tt.has); got != want || !want && strings.Contains(text, tt.not) {
					t.Errorf("%d images: %s is %q", n, tt.file, text)
				}
			}
		})
	}
}

func TestExportNames(t *testing.T) {
	records := []Record{{ImagePath: "a.jpg"}, {ImagePath: "A.PNG"}, {ImagePath: "..."}, {ImagePath: "CON.jpg"}, {ImagePath: `x:y?.jpg`}, {ImagePath: strings.Repeat("真", 200) + ".jpg"}}
	target := filepath.Join(t.TempDir(), "out")
	if _, err := Export(context.Background(), target, Images, Header{}, outgoing(records), ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	r := readAll(t, target, Images)
	want := "A-2.PNG||-\n_CON.jpg||-\na.jpg||-\nimage.jpg||-\nx_y_.jpg||-\n" + strings.Repeat("真", 40) + ".jpg||-\n"
	if r.lines() != want || len(r.problems) > 0 {
		t.Errorf("%s%v", r.lines(), r.problems)
	}
}

func TestExportRefuses(t *testing.T) {
	full := tree(t, map[string]string{"a": ""})
	records := []Record{{ImagePath: "a.jpg", HasAnnotation: true, Boxes: []Box{{Box: domain.Box{XMax: 1, YMax: 1}, Concept: "x"}}}}
	if _, err := Export(context.Background(), full, CSV, Header{ViewType: domain.Tagging}, outgoing(records), ExportOptions{}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("%v", err)
	}
	dir := t.TempDir()
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	broken := func(yield func(Outgoing, error) bool) { yield(Outgoing{}, errors.New("no more")) }
	for name, try := range map[string]func(target string) error{
		"suits": func(to string) error {
			return justErr(Export(t.Context(), to, VOC, Header{ViewType: domain.Tagging}, outgoing(records), ExportOptions{}))
		},
		"unknown": func(to string) error {
			return justErr(Export(t.Context(), to, "x", Header{}, outgoing(records), ExportOptions{}))
		},
		"no size": func(to string) error {
			return justErr(Export(t.Context(), to, VOC, Header{ViewType: domain.Detection}, outgoing(records), ExportOptions{}))
		},
		"cancelled": func(to string) error {
			return justErr(Export(cancelled, to, CSV, Header{}, outgoing(records), ExportOptions{}))
		},
		"source": func(to string) error { return justErr(Export(t.Context(), to, CSV, Header{}, broken, ExportOptions{})) },
	} {
		if err := try(filepath.Join(dir, "out")); err == nil {
			t.Errorf("%s: no error", name)
		}
		if left, _ := os.ReadDir(dir); len(left) > 0 {
			t.Errorf("%s: %v was left", name, left)
		}
		for _, file := range openBelow(t, dir) {
			t.Errorf("%s: %s is still open, so that Windows would keep its folder", name, file)
		}
	}
	if got := ExportFormats(domain.Tagging); !reflect.DeepEqual(got, []Format{CSV, Labelme, CVAT, LabelStudio, Studio, Images}) {
		t.Errorf("%v", got)
	}
}

// openBelow are the files below a folder, removed ones too, that this process has open, where the system tells (Linux).
func openBelow(t *testing.T, dir string) (open []string) {
	t.Helper()
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && strings.HasPrefix(to, dir+"/") {
			open = append(open, to)
		}
	}
	return open
}

func justErr(_ ExportSummary, err error) error { return err }

// TestExportProblems names what a format cannot hold.
func TestExportProblems(t *testing.T) {
	records := []Record{{ImagePath: "a.jpg", HasAnnotation: true, Concepts: []string{"a/b"}}, {ImagePath: "b.jpg", HasAnnotation: true, Concepts: []string{"x", "y"}}}
	sum, err := Export(context.Background(), filepath.Join(t.TempDir(), "out"), Folders, Header{ViewType: domain.Classification, Concepts: []string{"a/b", "x", "y"}}, outgoing(records), ExportOptions{})
	if err != nil || len(sum.Problems) != 2 || !strings.Contains(sum.Problems[0].Reason, "a_b") {
		t.Errorf("%+v %v", sum, err)
	}
}

// TestRealRoundTrip carries the real boxes through each format for them.
func TestRealRoundTrip(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	first := readAll(t, shared(t, "cells"), VOC)
	if first.err != nil {
		t.Fatal(first.err)
	}
	total := map[string]int{}
	for i, r := range first.records {
		first.records[i].Width, first.records[i].Height = 640, 480
		for _, b := range r.Boxes {
			total[b.Concept+r.Split]++
		}
	}
	for _, format := range []Format{CSV, COCO, YOLO, VOC, Labelme, CVAT, LabelStudio, CreateML} {
		target := filepath.Join(t.TempDir(), "out")
		if _, err := Export(context.Background(), target, format, Header{ViewType: domain.Detection}, outgoing(first.records), ExportOptions{}); err != nil {
			t.Fatal(err)
		}
		r := readAll(t, target, "")
		again := map[string]int{}
		for _, rec := range r.records {
			for _, b := range rec.Boxes {
				again[b.Concept+rec.Split]++
			}
		}
		if r.err != nil || r.format != format || len(r.problems) > 0 || !reflect.DeepEqual(total, again) {
			t.Errorf("%s: %v %v %v, want %v", format, r.err, r.problems, again, total)
		}
	}
}

// TestNotAnnotated: images that nobody annotated are no negatives of other
// programs: they are left out and reported, or lie in a folder of their own.
func TestNotAnnotated(t *testing.T) {
	records := []Record{{ImagePath: "a.JPG", Split: Train, Width: 64, Height: 48, HasAnnotation: true, Boxes: []Box{{Box: domain.Box{XMax: 1, YMax: 1}, Concept: "x"}}}, {ImagePath: "b.jpg", Split: Train, Width: 64, Height: 48}}
	for _, format := range []Format{YOLO, VOC, COCO} {
		for _, apart := range []bool{false, true} {
			target := filepath.Join(t.TempDir(), "out")
			sum, err := Export(t.Context(), target, format, Header{ViewType: domain.Detection, Concepts: []string{"x"}}, outgoing(records), ExportOptions{Apart: apart})
			if err != nil || sum.LeftOut != 1 || len(sum.Notes) != 1 || !strings.HasPrefix(sum.Notes[0], "1 image is not annotated") {
				t.Fatalf("%s: %+v %v", format, sum, err)
			}
			var names []string
			filepath.WalkDir(target, func(p string, d os.DirEntry, err error) error {
				if err == nil && !d.IsDir() {
					text, _ := os.ReadFile(p)
					names = append(names, filepath.ToSlash(p[len(target)+1:])+" "+string(text))
				}
				return err
			})
			all := strings.Join(names, "\n")
			if got := strings.Contains(all, "not annotated/b.jpg"); got != apart {
				t.Errorf("%s, apart %v: %s", format, apart, all)
			}
			if strings.Count(all, "b.jpg") != strings.Count(all, "not annotated/b.jpg b.jpg")*2 || strings.Contains(all, "\nb\n") {
				t.Errorf("%s names it: %s", format, all)
			}
		}
	}
}

// TestEndings: an image keeps its name's ending where that is one of its format.
func TestEndings(t *testing.T) {
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
	records := func(yield func(Outgoing, error) bool) {
		for _, o := range []Outgoing{{Name: "a.jpg", Ext: ".jpeg", Open: open}, {Name: "b.TIF", Ext: ".tiff", Open: open}, {Name: "c.png", Ext: ".webp", Open: open}} {
			if !yield(o, nil) {
				return
			}
		}
	}
	target := filepath.Join(t.TempDir(), "out")
	if _, err := Export(t.Context(), target, Images, Header{}, records, ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := readAll(t, target, "").lines(); got != "a.jpg||-\nb.TIF||-\nc.webp||-\n" {
		t.Error(got)
	}
}
