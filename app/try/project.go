package try

import (
	"context"
	"image"

	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/session"
)

// project is what the sub-tab asks of a project.
type project interface {
	// Looker loads a version's network. Whoever got it closes it.
	Looker(ctx context.Context, version int64) (looker, error)
	Adopt(ctx context.Context, version int64, files []string, threshold float64, progress session.Progress) (predict.Adopted, error)
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

// ofStudio is a project of app/studio.
type ofStudio struct{ *studio.Project }

// Looker implements project.
func (p ofStudio) Looker(ctx context.Context, version int64) (looker, error) {
	l, err := p.Project.Looker(ctx, version)
	if err != nil {
		return nil, err
	}
	return l, nil
}
