package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Budget bounds what decoded pixels may take, in bytes. What fits neither in memory nor on disk is decoded again each time.
type Budget struct {
	Memory, Disk int64
	Dir          string // of the file that takes what does not fit in memory; made when needed
}

// Store keeps samples of one size: the first in memory, the next in a file.
type Store struct {
	size   int
	budget Budget

	mu     sync.Mutex
	slots  map[int]slot
	memory int64
	disk   int64
	file   *os.File
}

// slot is where one sample lies.
type slot struct {
	pixels []byte // nil = on disk
	offset int64
}

// cacheName is the file that takes what does not fit in memory.
const cacheName = "pixels"

func newStore(size int, b Budget) *Store {
	return &Store{size: size, budget: b, slots: map[int]slot{}}
}

// put keeps a copy of the pixels under the key; false when there is no room left.
func (s *Store) put(key int, pixels []byte) (bool, error) {
	s.mu.Lock()
	n := int64(s.size)
	if s.memory+n <= s.budget.Memory {
		s.memory += n
		s.slots[key] = slot{pixels: append([]byte(nil), pixels...)}
		s.mu.Unlock()
		return true, nil
	}
	if s.disk+n > s.budget.Disk {
		s.mu.Unlock()
		return false, nil
	}
	if s.file == nil {
		if err := s.open(); err != nil {
			s.mu.Unlock()
			return false, err
		}
	}
	at := s.disk
	s.disk += n
	s.mu.Unlock()
	if _, err := s.file.WriteAt(pixels, at); err != nil {
		return false, fmt.Errorf("keeping decoded images in %s: %w", s.file.Name(), err)
	}
	s.mu.Lock()
	s.slots[key] = slot{offset: at}
	s.mu.Unlock()
	return true, nil
}

func (s *Store) open() error {
	if err := os.MkdirAll(s.budget.Dir, 0o755); err != nil {
		return fmt.Errorf("making the cache of decoded images: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(s.budget.Dir, cacheName), os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("making the cache of decoded images: %w", err)
	}
	s.file = f
	return nil
}

// get returns the pixels of the key, in buf or where they lie (then not to be changed); nil if they are not kept.
func (s *Store) get(key int, buf []byte) ([]byte, error) {
	s.mu.Lock()
	at, ok := s.slots[key]
	s.mu.Unlock()
	switch {
	case !ok:
		return nil, nil
	case at.pixels != nil:
		return at.pixels, nil
	}
	if _, err := s.file.ReadAt(buf[:s.size], at.offset); err != nil {
		return nil, fmt.Errorf("reading back decoded images from %s: %w", s.file.Name(), err)
	}
	return buf[:s.size], nil
}

// Close gives memory and file back.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slots, s.memory, s.disk = map[int]slot{}, 0, 0
	if s.file == nil {
		return nil
	}
	name := s.file.Name()
	err := s.file.Close()
	s.file = nil
	if rerr := os.Remove(name); rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = errors.Join(err, rerr)
	}
	return err
}
