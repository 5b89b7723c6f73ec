package studio

import "context"

// TrashContents is what lies in a project's trash.
type TrashContents struct {
	Images []Image // last deleted first
	Bytes  int64   // that emptying it makes free
}

// Trash lists the deleted images. They keep their annotations; RestoreImages brings them back.
func (p *Project) Trash(ctx context.Context) (TrashContents, error) {
	images, err := p.store.Trash(ctx)
	t := TrashContents{Images: images}
	for _, img := range images {
		t.Bytes += img.Size
	}
	return t, err
}

// EmptyTrash deletes what is in the trash for good, files and annotations, and says how many images. Nothing that was done before can be undone
// afterwards.
func (p *Project) EmptyTrash(ctx context.Context) (int, error) {
	n, err := p.store.EmptyTrash(ctx)
	if n > 0 {
		p.Changed(Change{Kind: ChangeProject})
	}
	return n, err
}
