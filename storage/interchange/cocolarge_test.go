package interchange

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"viewfinder/storage/domain"
)

// largeCOCO writes a COCO file of the size of train2017 and more: images, with nine boxes each,
// all of which lie within 640 x 480 pixels, and, as that has, outlines for one box in three.
func largeCOCO(b *testing.B, images int) string {
	b.Helper()
	dir := b.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "annotations"), 0o755); err != nil {
		b.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, "images"), 0o755); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(filepath.Join(dir, "annotations", "instances_train.json"))
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprint(w, `{"info": {"description": "made"}, "images": [`)
	for i := range images {
		name := fmt.Sprintf("%012d.jpg", i+1)
		if err := os.WriteFile(filepath.Join(dir, "images", name), nil, 0o644); err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(w, `%s{"license": 1, "file_name": %q, "coco_url": "http://images.cocodataset.org/train2017/%s", "height": 480, "width": 640, "date_captured": "2013-11-14 11:18:45", "id": %d}`, comma(i), name, name, i+1)
	}
	fmt.Fprint(w, `], "annotations": [`)
	for i := range images * boxesEach {
		x, y := i*7919%500, i*104729%400
		outline := "[]"
		if i%3 == 0 {
			outline = fmt.Sprintf("[[%d.5, %d.25, %d.5, %d.25, %d.5, %d.75, %d.1, %d.75]]", x, y, x+90, y+1, x+80, y+60, x+3, y+59)
		}
		fmt.Fprintf(w, `%s{"segmentation": %s, "area": 5400.12, "iscrowd": 0, "image_id": %d, "bbox": [%d.25, %d.5, 90.33, 60.27], "category_id": %d, "id": %d}`, comma(i), outline, i/boxesEach+1, x, y, i%80+1, i+1)
	}
	fmt.Fprint(w, `], "categories": [`)
	for i := range 80 {
		fmt.Fprintf(w, `%s{"supercategory": "thing", "id": %d, "name": "class %d"}`, comma(i), i+1, i+1)
	}
	fmt.Fprint(w, "]}")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return dir
}

const (
	largeImages = 100_000
	boxesEach   = 9
)

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ", "
}

// watchMemory reports the most memory that was taken from the system for the heap while a benchmark ran, in MB.
func watchMemory(b *testing.B) (stop func()) {
	debug.FreeOSMemory()
	var most atomic.Uint64
	done, stopped := make(chan struct{}), make(chan struct{})
	look := func() {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most.Store(max(most.Load(), m.HeapSys-m.HeapReleased))
	}
	go func() {
		defer close(stopped)
		every := time.NewTicker(20 * time.Millisecond)
		defer every.Stop()
		for {
			select {
			case <-every.C:
				look()
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		<-stopped
		look()
		b.ReportMetric(float64(most.Load())/1e6, "heap-MB")
	}
}

// BenchmarkCOCOIn reads 100,000 images with 900,000 boxes; each image is found in its folder, and none is opened.
func BenchmarkCOCOIn(b *testing.B) {
	dir := largeCOCO(b, largeImages)
	stop := watchMemory(b)
	for b.Loop() {
		s, err := OpenSource(dir, "")
		if err != nil {
			b.Fatal(err)
		}
		images, boxes := 0, 0
		_, err = s.Read(context.Background(), func(r Record) error {
			images++
			boxes += len(r.Boxes)
			return nil
		}, func(p Problem) { b.Fatal(p) })
		s.Close()
		if err != nil || images != largeImages || boxes != largeImages*boxesEach {
			b.Fatal(err, images, boxes)
		}
	}
	stop()
}

// BenchmarkCOCOOut writes as many annotations, without the images.
func BenchmarkCOCOOut(b *testing.B) {
	h := Header{ViewType: domain.Detection}
	for i := range 80 {
		h.Concepts = append(h.Concepts, fmt.Sprintf("class %d", i+1))
	}
	records := func(yield func(Outgoing, error) bool) {
		for i := range largeImages {
			name := fmt.Sprintf("%012d.jpg", i+1)
			out := Outgoing{Record: Record{ImagePath: name, Split: Train, Width: 640, Height: 480, HasAnnotation: true}, Name: name}
			for k := range boxesEach {
				x, y := float64((i*boxesEach+k)*7919%500)/640, float64((i*boxesEach+k)*104729%400)/480
				out.Boxes = append(out.Boxes, Box{Box: domain.Box{XMin: x, YMin: y, XMax: x + 0.1411, YMax: y + 0.1256}, Concept: h.Concepts[k]})
			}
			if !yield(out, nil) {
				return
			}
		}
	}
	stop := watchMemory(b)
	for i := 0; b.Loop(); i++ {
		sum, err := Export(context.Background(), filepath.Join(b.TempDir(), fmt.Sprint(i)), COCO, h, records, ExportOptions{Images: LeaveImages})
		if err != nil || sum.Images != largeImages {
			b.Fatal(err, sum.Images)
		}
	}
	stop()
}
