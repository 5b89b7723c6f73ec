package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"

	"golang.org/x/sync/errgroup"

	"viewfinder/storage/domain"
	"viewfinder/storage/wholefile"
)

// MaxImageBytes is the largest image file that is taken in.
const MaxImageBytes = 1 << 30

const syncers = 16 // files synced at once: the file system joins their commits

// Staged is an image file that was written into the project but is not yet one of its images.
type Staged struct {
	path string // in images/tmp; empty when it was added or discarded
	hash [sha256.Size]byte
	size int64
	meta ImageMeta
}

// SHA256 is the content's hash, lower-case hex.
func (s *Staged) SHA256() string { return hex.EncodeToString(s.hash[:]) }

// Path is where the file lies until it is added or discarded, to look into it.
func (s *Staged) Path() string { return s.path }

// Discard removes the file, unless it was added.
func (s *Staged) Discard() {
	if s.path != "" {
		os.Remove(s.path)
		s.path = ""
	}
}

var formatPattern = regexp.MustCompile(`^[a-z0-9]{1,8}$`)

func (m *ImageMeta) check() error {
	m.Name = cleanImageName(m.Name)
	switch {
	case m.Name == "":
		return rulef("An image without a name cannot be added.")
	case !formatPattern.MatchString(m.Format):
		return rulef("%s: %q is not a format of images.", m.Name, m.Format)
	case m.Width <= 0 || m.Height <= 0:
		return rulef("%s has no size (%d × %d).", m.Name, m.Width, m.Height)
	case m.Split != "" && !m.Split.Valid():
		return rulef("%s: %q is not a split: use %s.", m.Name, m.Split, domain.SplitWords("or"))
	}
	return nil
}

// Stage writes and hashes the content of r beside the images; many may run at once. Batch.AddStaged
// makes it an image, Discard forgets it.
func (p *Project) Stage(ctx context.Context, r io.Reader, meta ImageMeta) (*Staged, error) {
	if err := meta.check(); err != nil {
		return nil, err
	}
	if p.lock == nil {
		return nil, explain("adding "+meta.Name, ErrReadOnly)
	}
	s, err := p.writeStaged(ctx, r, meta)
	if err != nil {
		return nil, explain("copying "+meta.Name+" into the project", err)
	}
	return s, nil
}

func (p *Project) writeStaged(ctx context.Context, r io.Reader, meta ImageMeta) (_ *Staged, err error) {
	f, err := os.CreateTemp(filepath.Join(p.dir, "images", "tmp"), "in-*")
	if err != nil {
		return nil, err
	}
	s := &Staged{path: f.Name(), meta: meta}
	defer func() {
		if err != nil {
			f.Close()
			s.Discard()
		}
	}()
	h := sha256.New()
	s.size, err = io.Copy(io.MultiWriter(f, h), &limitedReader{ctx: ctx, r: r, left: MaxImageBytes, name: meta.Name})
	if err != nil {
		return nil, err
	}
	if s.size == 0 {
		return nil, rulef("%s is an empty file.", meta.Name)
	}
	if err := f.Chmod(0o644); err != nil && runtime.GOOS != "windows" { // a temporary file is its owner's alone; a project may be shared
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	sum(h, &s.hash)
	return s, nil
}

func sum(h hash.Hash, into *[sha256.Size]byte) { h.Sum(into[:0]) }

// limitedReader stops when ctx is done or the file is too large.
type limitedReader struct {
	ctx  context.Context
	r    io.Reader
	left int64
	name string
}

func (l *limitedReader) Read(b []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.r.Read(b)
	if l.left -= int64(n); l.left < 0 {
		return 0, rulef("%s is larger than %d MiB.", l.name, int64(MaxImageBytes)>>20)
	}
	return n, err
}

// incoming are the image files of a transaction that is not committed yet.
type incoming struct {
	p     *Project
	files []incomingFile
}

type incomingFile struct {
	hash, path string
	fresh      bool // no file was there before
}

// take moves a staged file to its place. It is not synced yet: nothing names it before the commit.
func (in *incoming) take(s *Staged, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	_, err := os.Lstat(path)
	fresh := errors.Is(err, os.ErrNotExist)
	if err := wholefile.Move(s.path, path); err != nil {
		return err
	}
	s.path = ""
	in.files = append(in.files, incomingFile{hash: s.SHA256(), path: path, fresh: fresh})
	return nil
}

// sync waits until all of them are on the disk, and the folders that name them.
func (in *incoming) sync() error {
	if len(in.files) == 0 {
		return nil
	}
	folders := map[string]bool{filepath.Join(in.p.dir, "images"): true}
	for _, f := range in.files {
		folders[filepath.Dir(f.path)] = true
	}
	var g errgroup.Group
	g.SetLimit(syncers)
	for _, f := range in.files {
		g.Go(func() error { return wholefile.SyncFile(f.path) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("writing image files to the disk: %w", err)
	}
	for folder := range folders {
		g.Go(func() error { return wholefile.SyncFolder(folder) })
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("writing image folders to the disk: %w", err)
	}
	return nil
}

// done: they are committed.
func (in *incoming) done() {
	for _, f := range in.files {
		in.p.arrived[f.hash] = f.path
	}
	in.files = nil
}

// undo: they were rolled back; what was not there before goes again.
func (in *incoming) undo() {
	for _, f := range in.files {
		if f.fresh {
			os.Remove(f.path)
		}
	}
	in.files = nil
}
