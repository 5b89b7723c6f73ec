package studio

import (
	"context"
	"fmt"
)

// predictor finds a version that can predict, and its view.
func (p *Project) predictor(ctx context.Context, id int64) (Version, View, error) {
	v, err := p.Version(ctx, id)
	if err != nil {
		return Version{}, View{}, err
	}
	if !v.CanPredict() {
		return Version{}, View{}, &RuleError{Message: fmt.Sprintf("%s is %s: only a version that is ready can predict", v.Name, v.Status)}
	}
	view, err := p.View(ctx, v.ViewID)
	return v, view, err
}
