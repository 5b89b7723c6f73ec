package predict

import (
	"context"
	"fmt"

	"viewfinder/app/studio/runs"
	"viewfinder/storage"
)

// Predictor finds a version that can predict, and its view.
func (p *Predicting) Predictor(ctx context.Context, id int64) (runs.Version, storage.View, error) {
	v, err := p.runs.Version(ctx, id)
	if err != nil {
		return runs.Version{}, storage.View{}, err
	}
	if !v.CanPredict() {
		return runs.Version{}, storage.View{}, &storage.RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready can predict", v.Name, v.Status)}
	}
	view, err := p.store.View(ctx, v.ViewID)
	return v, view, err
}
