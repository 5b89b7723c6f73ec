package studio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/sample"
	"viewfinder/app/studio/session"
	"viewfinder/storage/wholefile"
)

// Sample makes a fresh copy of the sample project in dir and opens it; dir "" is a new folder in DefaultFolder, and where dir is in use already,
// a number is added to its name. What is inside the program is never changed.
func Sample(ctx context.Context, dir string) (*Project, error) {
	m, err := sample.Read()
	if err != nil {
		return nil, err
	}
	if dir == "" {
		dir = filepath.Join(session.DefaultFolder(), m.Name)
	}
	dir = session.FreshFolder(filepath.Dir(dir), filepath.Base(dir))
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
	err = p.FillSample(ctx, m)
	if err == nil {
		err = placeSample(ctx, p, m)
	}
	if err := errors.Join(err, p.Close()); err != nil {
		return err
	}
	_ = os.Remove(dir) // an empty folder may stand there
	return wholefile.Rename(beside, dir)
}

// placeSample adds the versions that were trained on the sample. One that starts from the built-in backbone needs a program that has it. The project opens on their view, where there is most to see.
func placeSample(ctx context.Context, p *Project, m sample.Manifest) error {
	var shown int64
	for _, v := range m.Versions {
		view, err := p.FindView(ctx, v.View)
		if err != nil {
			return err
		}
		r := runs.TrainRequest{View: view.ID, Name: v.Name}
		if err := json.Unmarshal(v.Options, &r.Options); err != nil {
			return fmt.Errorf("reading the options of %s: %w", v.Name, err)
		}
		if r.Options.Weights == runs.BuiltInWeights && !runs.HasBuiltInWeights() {
			continue
		}
		if _, err := p.Place(ctx, r, v.Files); err != nil {
			return err
		}
		shown = view.ID
	}
	if shown == 0 {
		return nil
	}
	return p.Remember(ctx, session.RememberedGallery, fmt.Sprintf(`{"view": %d}`, shown))
}
