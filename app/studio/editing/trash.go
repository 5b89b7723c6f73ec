package editing

import (
	"context"

	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// TrashContents is what lies in a project's trash.
type TrashContents struct {
	Images []storage.Image // last deleted first
	Bytes  int64           // that emptying it makes free
}

// Trash lists the deleted images. They keep their annotations; RestoreImages brings them back.
func (e *Editor) Trash(ctx context.Context) (TrashContents, error) {
	images, err := e.store.Trash(ctx)
	t := TrashContents{Images: images}
	for _, img := range images {
		t.Bytes += img.Size
	}
	return t, err
}

// EmptyTrash deletes what is in the trash for good, files and annotations, and returns how many images. Nothing that was done before can be undone
// afterwards.
func (e *Editor) EmptyTrash(ctx context.Context) (int, error) {
	n, err := e.store.EmptyTrash(ctx)
	if n > 0 {
		e.session.Changed(session.Change{Kind: session.ChangeProject})
	}
	return n, err
}
