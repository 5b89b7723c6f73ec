package pictures

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// KeepRecentThumbnail writes the picture that stands for the project on the welcome page: its first image.
func (p *Pictures) KeepRecentThumbnail(ctx context.Context) {
	var first storage.Image
	errEnough := errors.New("that one will do")
	err := p.store.Images(ctx, func(img storage.Image) error {
		first = img
		return errEnough
	})
	if first.ID == 0 {
		if err != nil && ctx.Err() == nil {
			slog.Debug("no picture for the list of recent projects", "error", err)
		}
		return
	}
	small, err := p.Thumbnail(ctx, storage.Datapoint{Image: first}, importThumbnail)
	if err != nil {
		return // a broken first image; the list shows an icon
	}
	if err := writeThumbnail(filepath.Join(p.store.Dir(), session.RecentThumbnail), small); err != nil {
		slog.Debug("the picture for the list of recent projects was not written", "error", err)
	}
}
