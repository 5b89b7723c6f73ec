package studio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"viewfinder/app/studio/sample"
	"viewfinder/storage"
	"viewfinder/storage/interchange"
	"viewfinder/training/picture"
)

// sampleNotes are copied beside the sample project: where its photos come from, and their licences.
var sampleNotes = []string{"ORIGIN.md", "LICENSE-trashnet.txt", "LICENSE-bccd.txt"}

// Sample makes a fresh copy of the sample project in dir and opens it; dir "" is a new folder in DefaultFolder, and where dir is in use already,
// a number is added to its name. What is inside the program is never changed.
func Sample(ctx context.Context, dir string) (*Project, error) {
	m, err := sample.Read()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		dir = filepath.Join(DefaultFolder(), m.Name)
	}
	dir = freshFolder(filepath.Dir(dir), filepath.Base(dir))
	if err := unpackSample(ctx, dir, m); err != nil {
		return nil, fmt.Errorf("unpacking the sample project: %w", err)
	}
	return Open(ctx, dir)
}

// unpackSample makes the project beside dir and gives it its name when it is whole, so that nobody ever sees half of it.
func unpackSample(ctx context.Context, dir string, m sample.Manifest) (err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	beside, err := os.MkdirTemp(filepath.Dir(dir), ".unpacking-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(beside) // nothing is there any more where all went well
	p, err := New(ctx, beside, m.Name)
	if err != nil {
		return err
	}
	if err := errors.Join(p.fillSample(ctx, m), p.Close()); err != nil {
		return err
	}
	_ = os.Remove(dir) // an empty folder may stand there
	return os.Rename(beside, dir)
}

func (p *Project) fillSample(ctx context.Context, m sample.Manifest) error {
	for _, name := range sampleNotes {
		if err := copySampleFile(name, filepath.Join(p.Dir(), name)); err != nil {
			return err
		}
	}
	return p.store.Batch(ctx, "the sample project", func(b *storageBatch) error {
		views, err := p.makeViews(ctx, b, m.Views)
		if err != nil {
			return err
		}
		for _, r := range m.Images {
			img, err := addSampleImage(b, r)
			if err != nil {
				return fmt.Errorf("adding %s: %w", r.ImagePath, err)
			}
			var bad error
			err = views.annotate(ctx, b, img, true, r, func(reason string) { bad = fmt.Errorf("%s: %s", r.ImagePath, reason) }, func() {})
			if err := errors.Join(err, bad); err != nil {
				return err
			}
		}
		return nil
	})
}

func copySampleFile(name, to string) error {
	from, err := sample.Open(name)
	if err != nil {
		return err
	}
	defer from.Close()
	data, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	return WriteFile(to, data)
}

func addSampleImage(b *storageBatch, r interchange.Record) (Image, error) {
	f, err := sample.Open(r.ImagePath)
	if err != nil {
		return Image{}, err
	}
	defer f.Close()
	seeker, ok := f.(io.ReadSeeker)
	if !ok {
		return Image{}, errors.New("the file inside the program cannot be sought")
	}
	info, err := picture.Probe(seeker, r.ImagePath, picture.Limits{})
	if err != nil {
		return Image{}, err
	}
	if _, err := seeker.Seek(0, io.SeekStart); err != nil {
		return Image{}, err
	}
	img, _, err := b.AddImage(seeker, storage.ImageMeta{
		Name: r.ImagePath, Format: info.Format, Width: info.Width, Height: info.Height, Split: Split(r.Split),
	})
	return img, err
}
