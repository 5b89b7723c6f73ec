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
	// Looker loads a version's network. Whoever got it closes it.
	Looker(ctx context.Context, version int64) (*predict.Looker, error)
}

// adopting adds images to the project, with what a version predicts as suggestions.
type adopting interface {
	Adopt(ctx context.Context, version int64, files []string, threshold float64, progress session.Progress) (predict.Adopted, error)
}

// project is a Project whose networks tests can put another in place of.
type project interface {
	adopting
	Looker(ctx context.Context, version int64) (looker, error)
}

// looker looks at pictures with a network; *predict.Looker is one.
type looker interface {
	// Files looks at image files, in their order, and calls each with what the version says of every one.
	Files(ctx context.Context, files []string, each func(i int, p predict.Prediction)) error
	// Look looks at one upright picture, so that it can be explained.
	Look(ctx context.Context, img *image.RGBA) (*predict.Look, error)
	// Close gives the network back; it waits for what is being looked at.
	Close()
}

// ofProject is a Project as a project.
type ofProject struct{ Project }

// Looker implements project.
func (p ofProject) Looker(ctx context.Context, version int64) (looker, error) {
	l, err := p.Project.Looker(ctx, version)
	if err != nil {
		return nil, err
	}
	return l, nil
}
