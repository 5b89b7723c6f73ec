package interchange

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"viewfinder/storage/domain"
)

// shared returns the path of a folder of real data, or skips the test.
func shared(t *testing.T, name string) string {
	t.Helper()
	return sharedAt(t, "data", name)
}

func sharedAt(t *testing.T, kind, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Skip("not within the repository")
	}
	path := filepath.Join(dir, "..", "shared", kind, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the real data are not here: %v", err)
	}
	return path
}

// TestRealData counts what the importers make of real data.
func TestRealData(t *testing.T) {
	tests := []struct {
		path     string
		format   Format
		view     domain.Task
		images   int
		concepts int
		train    int
		val      int
		test     int
		without  int // annotated without concept or region
		boxes    int
		problems int
	}{
		{"waste", Folders, domain.Classification, 360, 6, 0, 0, 0, 0, 0, 0},
		{"waste-mix/labels.csv", CSV, domain.Tagging, 260, 5, 0, 0, 0, 40, 0, 0},
		{"waste-mix", CSV, domain.Tagging, 260, 5, 0, 0, 0, 40, 0, 0},
		{"cells", VOC, domain.Detection, 364, 3, 205, 87, 72, 0, 4886, 2},
		{"cells/JPEGImages", VOC, domain.Detection, 364, 3, 205, 87, 72, 0, 4886, 2}, // by the XML files above it
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			s, err := OpenSource(shared(t, tt.path), "")
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if s.Format() != tt.format {
				t.Fatalf("recognised as %s, want %s", s.Format(), tt.format)
			}
			got := tt
			got.images, got.concepts, got.train, got.val, got.test, got.without, got.boxes, got.problems = 0, 0, 0, 0, 0, 0, 0, 0
			var concepts conceptList
			h, err := s.Read(context.Background(), func(r Record) error {
				got.images++
				f, err := s.Open(r)
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
				switch r.Split {
				case Train:
					got.train++
				case Val:
					got.val++
				case Test:
					got.test++
				}
				if r.HasAnnotation && len(r.Concepts)+len(r.Boxes) == 0 {
					got.without++
				}
				got.boxes += len(r.Boxes)
				for _, c := range r.Concepts {
					concepts.add(c)
				}
				for _, b := range r.Boxes {
					concepts.add(b.Concept)
				}
				return nil
			}, func(p Problem) {
				got.problems++
				t.Log(p)
			})
			if err != nil {
				t.Fatal(err)
			}
			got.view, got.concepts = h.ViewType, len(concepts.names)
			if got != tt {
				t.Errorf("got  %+v\nwant %+v (notes %v)", got, tt, h.Notes)
			}
		})
	}
}
