package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"viewfinder/storage/wholefile"
)

// Store keeps the checkpoints of one training in a folder: one file an iteration.
type Store struct{ Dir string }

// BestKey is the metadata entry that names the iteration whose checkpoint is the best so far; that checkpoint is kept.
const BestKey = "best_iteration"

// IterationKey is the metadata entry that holds the iteration.
const IterationKey = "iteration"

const keepLast = 2

// asideDir is where checkpoints go that are whole but not for this training as it is now.
const asideDir = "set-aside"

func (s Store) path(iteration int) string {
	return filepath.Join(s.Dir, fmt.Sprintf("iteration-%09d.safetensors", iteration))
}

// Has says whether there is a checkpoint of an iteration.
func (s Store) Has(iteration int) bool {
	_, err := os.Stat(s.path(iteration))
	return err == nil
}

// Iterations lists the checkpoints that are there, whole or not, ascending.
func (s Store) Iterations() ([]int, error) {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing the checkpoints: %w", err)
	}
	var all []int
	for _, e := range entries {
		name, ok := strings.CutPrefix(e.Name(), "iteration-")
		name, ok2 := strings.CutSuffix(name, ".safetensors")
		if n, err := strconv.Atoi(name); ok && ok2 && err == nil && n >= 0 && e.Type().IsRegular() {
			all = append(all, n)
		}
	}
	slices.Sort(all)
	return all, nil
}

// Save writes the checkpoint of the iteration whole and synced, then removes those that are no longer needed: all but the last two and the
// ones that these name as best.
func (s Store) Save(iteration, best int, tensors []Tensor, metadata map[string]string) error {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of checkpoints: %w", err)
	}
	meta := map[string]string{IterationKey: strconv.Itoa(iteration), BestKey: strconv.Itoa(best)}
	for k, v := range metadata {
		meta[k] = v
	}
	if err := WriteFile(s.path(iteration), tensors, meta); err != nil {
		return err
	}
	return s.prune(best)
}

// prune keeps the last two, and best, and what the second last calls best (it is what a resume falls back to).
func (s Store) prune(best int) error {
	all, err := s.Iterations()
	if err != nil {
		return err
	}
	keep := map[int]bool{best: true}
	for _, n := range all[max(0, len(all)-keepLast):] {
		keep[n] = true
		if meta, err := ReadMetadata(s.path(n)); err == nil {
			if b, err := strconv.Atoi(meta[BestKey]); err == nil {
				keep[b] = true
			}
		}
	}
	for _, n := range all {
		if !keep[n] {
			if err := os.Remove(s.path(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("removing an old checkpoint: %w", err)
			}
		}
	}
	s.sweep()
	return nil
}

// sweep removes what a killed writer left behind.
func (s Store) sweep() {
	left, _ := filepath.Glob(filepath.Join(s.Dir, wholefile.TempPattern))
	for _, f := range left {
		_ = os.Remove(f)
	}
}

// Load reads the checkpoint of one iteration.
func (s Store) Load(iteration int) (*File, error) {
	return ReadFile(s.path(iteration))
}

// Newest reads the newest checkpoint that is whole and that accept takes, and returns its iteration, or nil where there is none. Neither those
// that are damaged nor those that are refused can be taken for good ones later: the former are removed, the latter, which may be hours of
// work that another version of the program can read, are moved to the folder set-aside. Both are reported in skipped.
func (s Store) Newest(accept func(*File) error) (file *File, iteration int, skipped []error, err error) {
	s.sweep()
	all, err := s.Iterations()
	if err != nil {
		return nil, 0, nil, err
	}
	for i := len(all) - 1; i >= 0; i-- {
		file, err := s.Load(all[i])
		if err != nil && !errors.Is(err, ErrFormat) {
			return nil, 0, skipped, fmt.Errorf("reading a checkpoint: %w", err)
		}
		if err == nil {
			if err = accept(file); err == nil {
				return file, all[i], skipped, nil
			}
			skipped = append(skipped, err)
			if err := s.setAside(all[i]); err != nil {
				return nil, 0, skipped, err
			}
			continue
		}
		skipped = append(skipped, err)
		if rerr := os.Remove(s.path(all[i])); rerr != nil {
			return nil, 0, skipped, fmt.Errorf("removing a damaged checkpoint: %w", rerr)
		}
	}
	return nil, 0, skipped, nil
}

// setAside moves a checkpoint out of the way without losing it.
func (s Store) setAside(iteration int) error {
	dir := filepath.Join(s.Dir, asideDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("setting a checkpoint aside: %w", err)
	}
	name := filepath.Base(s.path(iteration))
	to := filepath.Join(dir, name)
	for n := 2; ; n++ { // one that was set aside before stays
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		to = filepath.Join(dir, fmt.Sprintf("%d-%s", n, name))
	}
	if err := wholefile.Rename(s.path(iteration), to); err != nil {
		return fmt.Errorf("setting a checkpoint aside: %w", err)
	}
	return nil
}

// ReadMetadata reads the metadata of the file at path without its tensors.
func ReadMetadata(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readHeaderMetadata(f)
}
