package predict

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
	"viewfinder/training"
)

// Adopted is the result of Adopt.
type Adopted struct {
	Added     int      `json:"added"`     // images that are new in the project
	There     int      `json:"there"`     // images that it had already
	Suggested int      `json:"suggested"` // of them with suggestions now
	NotInView int      `json:"not_in_view"`
	Problems  []string `json:"problems,omitempty"` // what could not be added, and why
}

// Adopt brings image files that a version was tried on into the project, with what it predicts of them as suggestions (those of at
// least the threshold; 0 = 0.5). An image that is annotated in the version's view gets none, nor one that is not in that view.
func (p *Predicting) Adopt(ctx context.Context, id int64, files []string, threshold float64, progress session.Progress) (Adopted, error) {
	var a Adopted
	v, view, err := p.Predictor(ctx, id)
	if err != nil {
		return a, err
	}
	report, err := p.transfer.Import(ctx, transfer.ImportRequest{Sources: files, Format: "images"}, progress)
	if report != nil {
		a.Added, a.There = report.Added, report.Duplicates
		for _, problem := range report.Problems {
			a.Problems = append(a.Problems, problem.String())
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return a, err
	}
	points, err := p.pointsOf(ctx, view.ID, files)
	if err != nil {
		return a, err
	}
	a.NotInView = max(0, a.Added+a.There-len(points))
	open := points[:0]
	for _, d := range points {
		if !d.Annotated {
			open = append(open, d)
		}
	}
	if len(open) == 0 {
		return a, nil
	}
	samples, err := p.pointSamples(v, open)
	if err != nil {
		return a, err
	}
	var raw []training.Prediction
	if raw, err = p.PredictSamples(ctx, v, samples, progress); err != nil {
		return a, err
	}
	a.Suggested, err = p.keepSuggestions(ctx, v, view, open, raw, threshold)
	return a, err
}

// pointsOf finds the whole images that the files hold, as datapoints of a view; those that are not in it are left out.
func (p *Predicting) pointsOf(ctx context.Context, view int64, files []string) ([]storage.Datapoint, error) {
	var points []storage.Datapoint
	seen := map[int64]bool{}
	for _, file := range files {
		sum, err := FileHash(file)
		if err != nil {
			continue // the import's report has the reason
		}
		img, err := p.store.ImageByHash(ctx, sum)
		if err == nil && seen[img.ID] {
			continue
		}
		var d storage.Datapoint
		if err == nil {
			seen[img.ID] = true
			d, err = p.store.Datapoint(ctx, storage.Key{View: view, Image: img.ID})
		}
		switch {
		case errors.Is(err, storage.ErrNotFound):
		case err != nil:
			return nil, fmt.Errorf("finding %s in the project: %w", filepath.Base(file), err)
		default:
			points = append(points, d)
		}
	}
	return points, nil
}

// FileHash is the SHA-256 of a file's content, hexadecimal, as the project names its images.
func FileHash(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
