package features

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"viewfinder/storage/domain"
)

// DefaultMost is how many bytes the files of a folder may take together.
const DefaultMost = 2 << 30

// maxFeatures bounds the numbers of a record.
const maxFeatures = 1 << 16

const (
	ending     = ".features"
	magic      = "VFFEAT1\n"
	headerSize = len(magic) + 8 // then the numbers of a record, twice: the second inverted
	keySize    = sha256.Size
	sumSize    = 4
)

// Key finds a record.
type Key [keySize]byte

// KeyOf is the key of a view of an image, by its content's SHA-256 in hexadecimal, and crop; ok is false where that is not known, and nothing can be kept.
func KeyOf(content string, crop *domain.Box, view string) (k Key, ok bool) {
	sum, err := hex.DecodeString(content)
	if err != nil || len(sum) != sha256.Size {
		return k, false
	}
	h := sha256.New()
	h.Write(sum)
	if crop != nil {
		_ = binary.Write(h, binary.LittleEndian, [4]float64{crop.XMin, crop.YMin, crop.XMax, crop.YMax})
	}
	io.WriteString(h, "\x00"+view)
	h.Sum(k[:0])
	return k, true
}

// Cache is one file of a folder. It is not for use by several goroutines at once; of several processes one writes, and the others read what was there.
type Cache struct {
	size  int // numbers of a record
	most  int64
	file  *os.File
	lock  *flock.Flock // nil: another process writes
	end   int64        // of the whole records
	index map[Key]int64
	buf   []byte
	fault error // why no more is written
}

// Open opens or makes the file name in the folder, for records of size numbers, and takes away the longest unused other files of the folder
// where all would take more than most bytes. The error is why nothing can be kept there; then there is no cache.
func Open(dir, name string, size int, most int64) (*Cache, error) {
	if size < 1 || size > maxFeatures {
		return nil, fmt.Errorf("features of %d numbers cannot be kept", size)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of features: %w", err)
	}
	path := filepath.Join(dir, name+ending)
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	c := &Cache{size: size, most: most, index: map[Key]int64{}}
	c.buf = make([]byte, c.record())
	l := flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
	ok, err := l.TryLock()
	if err != nil {
		return nil, fmt.Errorf("locking the features: %w", err)
	}
	flags := os.O_RDONLY
	if ok {
		c.lock, flags = l, os.O_RDWR|os.O_CREATE
	} else {
		_ = l.Close()
	}
	if c.file, err = os.OpenFile(path, flags, 0o644); err != nil {
		c.unlock()
		if !ok { // the other process has not begun yet
			return c, nil
		}
		return nil, fmt.Errorf("opening the features: %w", err)
	}
	if err := c.read(); err != nil {
		_ = c.Close()
		return nil, err
	}
	if c.lock != nil {
		makeRoom(dir, path, most)
	}
	return c, nil
}

func (c *Cache) record() int64 { return int64(keySize + 2*c.size + sumSize) }

func (c *Cache) header() []byte {
	h := append(make([]byte, 0, headerSize), magic...)
	h = binary.LittleEndian.AppendUint32(h, uint32(c.size))
	return binary.LittleEndian.AppendUint32(h, ^uint32(c.size))
}

// read finds the whole records. What is behind them, from a process that was killed, or a file of something else, is written over.
func (c *Cache) read() error {
	info, err := c.file.Stat()
	if err != nil {
		return fmt.Errorf("reading the features: %w", err)
	}
	head := make([]byte, headerSize)
	n, err := c.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return fmt.Errorf("reading the features: %w", err)
	}
	if n < headerSize || string(head) != string(c.header()) {
		if c.lock == nil {
			return nil
		}
		if err := c.file.Truncate(0); err != nil {
			return fmt.Errorf("making the features anew: %w", err)
		}
		if _, err := c.file.WriteAt(c.header(), 0); err != nil {
			c.fault = fmt.Errorf("keeping features: %w", err)
		}
		c.end = int64(headerSize)
		return nil
	}
	var k Key
	c.end = int64(headerSize)
	for ; c.end+c.record() <= info.Size(); c.end += c.record() {
		if _, err := c.file.ReadAt(k[:], c.end); err != nil {
			return fmt.Errorf("reading the features: %w", err)
		}
		c.index[k] = c.end
	}
	return nil
}

// Len is the number of records.
func (c *Cache) Len() int { return len(c.index) }

// Fault is why no more is kept; nil while all is. Another process that writes is none.
func (c *Cache) Fault() error { return c.fault }

// Get writes a record to dst [size]; false where there is none, or a damaged one.
func (c *Cache) Get(k Key, dst []uint16) bool {
	at, ok := c.index[k]
	if !ok {
		return false
	}
	if _, err := c.file.ReadAt(c.buf, at); err != nil {
		return false
	}
	body, sum := c.buf[:len(c.buf)-sumSize], c.buf[len(c.buf)-sumSize:]
	if Key(body[:keySize]) != k || crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(sum) {
		delete(c.index, k)
		return false
	}
	for i := range c.size {
		dst[i] = binary.LittleEndian.Uint16(body[keySize+2*i:])
	}
	return true
}

// Put keeps a record [size], if it can.
func (c *Cache) Put(k Key, values []uint16) {
	if c.fault != nil || c.lock == nil || c.end+c.record() > c.most {
		return
	}
	if _, ok := c.index[k]; ok {
		return
	}
	copy(c.buf, k[:])
	for i, v := range values[:c.size] {
		binary.LittleEndian.PutUint16(c.buf[keySize+2*i:], v)
	}
	body := len(c.buf) - sumSize
	binary.LittleEndian.PutUint32(c.buf[body:], crc32.ChecksumIEEE(c.buf[:body]))
	if _, err := write(c.file, c.buf, c.end); err != nil {
		c.fault = fmt.Errorf("keeping features in %s: %w", c.file.Name(), err)
		_ = c.file.Truncate(c.end)
		return
	}
	c.index[k] = c.end
	c.end += c.record()
}

// write is replaced by tests, for a disk that is full.
var write = func(f *os.File, b []byte, at int64) (int, error) { return f.WriteAt(b, at) }

// Close gives the file back.
func (c *Cache) Close() error {
	var err error
	if c.file != nil {
		err = c.file.Close()
	}
	return errors.Join(err, c.unlock())
}

func (c *Cache) unlock() error {
	if c.lock == nil {
		return nil
	}
	err := c.lock.Close()
	c.lock = nil
	return err
}

// makeRoom removes the folder's oldest files until the others and the one at keep take at most most bytes; what another process has open stays.
func makeRoom(dir, keep string, most int64) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var others []os.FileInfo
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), ending) {
			continue
		}
		total += info.Size()
		if filepath.Join(dir, e.Name()) != keep {
			others = append(others, info)
		}
	}
	slices.SortFunc(others, func(a, b os.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, info := range others {
		if total <= most {
			return
		}
		path := filepath.Join(dir, info.Name())
		l := flock.New(path+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))
		if ok, err := l.TryLock(); err != nil || !ok {
			_ = l.Close()
			continue
		}
		if os.Remove(path) == nil {
			total -= info.Size()
		}
		_ = l.Close()
		_ = os.Remove(path + ".lock")
	}
}
