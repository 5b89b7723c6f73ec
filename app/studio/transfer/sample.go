package transfer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"viewfinder/app/studio/sample"
	"viewfinder/storage"
	"viewfinder/storage/domain"
	"viewfinder/storage/interchange"
	"viewfinder/storage/wholefile"
	"viewfinder/training/picture"
)

// sampleNotes are copied beside the sample project: where its photos come from, and their licences.
var sampleNotes = []string{"ORIGIN.md", "LICENSE-trashnet.txt", "LICENSE-bccd.txt"}

func (t *Transfer) FillSample(ctx context.Context, m sample.Manifest) error {
	for _, name := range sampleNotes {
		if err := copySampleFile(name, filepath.Join(t.store.Dir(), name)); err != nil {
			return err
		}
	}
	return t.store.Batch(ctx, "the sample project", func(b *storage.Batch) error {
		views, err := t.makeViews(ctx, b, m.Views)
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
	return wholefile.Write(to, data)
}

func addSampleImage(b *storage.Batch, r interchange.Record) (storage.Image, error) {
	f, err := sample.Open(r.ImagePath)
	if err != nil {
		return storage.Image{}, err
	}
	defer f.Close()
	seeker, ok := f.(io.ReadSeeker)
	if !ok {
		return storage.Image{}, errors.New("the file inside the program cannot be sought")
	}
	info, err := picture.Probe(seeker, r.ImagePath, picture.Limits{})
	if err != nil {
		return storage.Image{}, err
	}
	if _, err := seeker.Seek(0, io.SeekStart); err != nil {
		return storage.Image{}, err
	}
	img, _, err := b.AddImage(seeker, storage.ImageMeta{
		Name: r.ImagePath, Format: info.Format, Width: info.Width, Height: info.Height, Split: domain.Split(r.Split),
	})
	return img, err
}
