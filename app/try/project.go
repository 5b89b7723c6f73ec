package try

import (
	"context"
	"image"

	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/session"
)

// Project is what the sub-tab asks of a project.
type Project interface {
	adopting
	// Network loads a version's network. Whoever got it closes it.
	Network(ctx context.Context, version int64) (*predict.Network, error)
}

// adopting adds images to the project, with what a version predicts as suggestions.
type adopting interface {
	Adopt(ctx context.Context, version int64, files []string, threshold float64, progress session.Progress) (predict.Adopted, error)
}

// project is a Project whose networks tests can put another in place of.
type project interface {
	adopting
	Network(ctx context.Context, version int64) (network, error)
}

// network predicts images; *predict.Network is one.
type network interface {
	// Files predicts image files, in their order, and calls each with every prediction.
	Files(ctx context.Context, files []string, each func(i int, p predict.Prediction)) error
	// Explain predicts one upright image and computes its class activation maps.
	Explain(ctx context.Context, img *image.RGBA) (*predict.Explanation, error)
	// Close gives the network back; it waits for what is being looked at.
	Close()
}

// ofProject is a Project as a project.
type ofProject struct{ Project }

// Network implements project.
func (p ofProject) Network(ctx context.Context, version int64) (network, error) {
	l, err := p.Project.Network(ctx, version)
	if err != nil {
		return nil, err
	}
	return l, nil
}
