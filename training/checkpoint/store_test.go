package checkpoint

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func save(t *testing.T, s Store, iteration, best int) {
	t.Helper()
	tensors := []Tensor{{Name: "w", Shape: []int{1}, Data: []float32{float32(iteration)}}}
	if err := s.Save(iteration, best, tensors, nil); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, s Store) []int {
	t.Helper()
	all, err := s.Iterations()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheLastTwoAndTheBestAreKept(t *testing.T) {
	s := Store{Dir: t.TempDir() + "/checkpoints"}
	for _, c := range []struct {
		iteration, best int
		want            []int
	}{
		{10, 10, []int{10}}, {20, 10, []int{10, 20}}, {30, 10, []int{10, 20, 30}}, {40, 40, []int{10, 30, 40}}, {50, 40, []int{40, 50}}, {60, 40, []int{40, 50, 60}},
	} {
		save(t, s, c.iteration, c.best)
		if got := list(t, s); !reflect.DeepEqual(got, c.want) {
			t.Errorf("after iteration %d: %v, want %v", c.iteration, got, c.want)
		}
	}
}

func TestADamagedCheckpointGivesWayToTheOneBefore(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	save(t, s, 10, 10)
	save(t, s, 20, 10)
	save(t, s, 30, 10)
	if err := os.Truncate(s.path(30), 60); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Dir+"/.new-123", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	f, iteration, skipped, err := s.Newest(func(f *File) error {
		if f.Metadata[IterationKey] == "20" {
			return refused
		}
		return nil
	})
	if err != nil || iteration != 10 || f.Tensors["w"].Data[0] != 10 || len(skipped) != 2 || !errors.Is(skipped[0], ErrFormat) || !errors.Is(skipped[1], refused) {
		t.Errorf("got %v of iteration %d, skipped %v, error %v", f, iteration, skipped, err)
	}
	entries, _ := os.ReadDir(s.Dir)
	if len(entries) != 2 || entries[1].Name() != asideDir {
		t.Errorf("what is left: %v", entries)
	}
	// What was only refused is kept, and a second one of its name beside it.
	save(t, s, 20, 10)
	if _, _, _, err := s.Newest(func(f *File) error {
		if f.Metadata[IterationKey] == "20" {
			return refused
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"iteration-000000020.safetensors", "2-iteration-000000020.safetensors"} {
		if f, err := ReadFile(filepath.Join(s.Dir, asideDir, name)); err != nil || f.Tensors["w"].Data[0] != 20 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoCheckpointIsNoError(t *testing.T) {
	f, iteration, skipped, err := Store{Dir: t.TempDir() + "/none"}.Newest(func(*File) error { return nil })
	if f != nil || iteration != 0 || skipped != nil || err != nil {
		t.Errorf("%v %v %v %v", f, iteration, skipped, err)
	}
}
