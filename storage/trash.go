package storage

import (
	"context"
	"errors"
	"os"

	"viewfinder/storage/internal/db"
	"viewfinder/storage/words"
)

// ImageContents counts what DeleteImages moves to the trash, over all views.
func (p *Reader) ImageContents(ctx context.Context, images []int64) (Contents, error) {
	var sum Contents
	for _, id := range images {
		c, err := p.read.CountImageContents(ctx, id)
		if err != nil {
			return Contents{}, explain("counting what images hold", err)
		}
		sum.Annotations += int(c.Annotations)
		sum.Regions += int(c.Regions)
		sum.Suggestions += int(c.Suggestions)
	}
	return sum, nil
}

// DeleteImages moves images to the trash, out of all views; their annotations stay with them.
func (p *Project) DeleteImages(ctx context.Context, images []int64) error {
	return p.act(ctx, "deleting images", func(b *Batch) error { return b.DeleteImages(images) })
}

// DeleteImages moves images to the trash; see Project.DeleteImages.
func (b *Batch) DeleteImages(images []int64) error {
	b.say("Delete %s", words.Count(len(images), "image"))
	at := now()
	for _, id := range images {
		if err := b.asked.Err(); err != nil {
			return err
		}
		n, err := b.q.SetImageDeleted(b.ctx, &at, id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := b.q.HideImage(b.ctx, id); err != nil {
			return err
		}
		if err := b.count(2); err != nil {
			return err
		}
	}
	return nil
}

// RestoreImages takes images out of the trash, back into their views with their annotations.
func (p *Project) RestoreImages(ctx context.Context, images []int64) error {
	return p.act(ctx, "restoring images", func(b *Batch) error { return b.RestoreImages(images) })
}

// RestoreImages takes images out of the trash; see Project.RestoreImages.
func (b *Batch) RestoreImages(images []int64) error {
	b.say("Restore %s", words.Count(len(images), "image"))
	t, err := b.viewTree()
	if err != nil {
		return err
	}
	for _, id := range images {
		if err := b.asked.Err(); err != nil {
			return err
		}
		n, err := b.q.SetImageRestored(b.ctx, id)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := b.q.AddToRootViews(b.ctx, id); err != nil {
			return err
		}
		for _, root := range t.children[0] {
			if err := b.refreshChildren(root.ID, id); err != nil {
				return err
			}
		}
		if err := b.count(2); err != nil {
			return err
		}
	}
	return nil
}

// Trash returns the images in the trash, last deleted first.
func (p *Project) Trash(ctx context.Context) ([]Image, error) {
	rows, err := p.read.ListTrash(ctx)
	if err != nil {
		return nil, explain("reading the trash", err)
	}
	images := make([]Image, len(rows))
	for i, row := range rows {
		images[i] = imageFrom(row)
	}
	return images, nil
}

// EmptyTrash deletes the images in the trash for good, annotations and files, and returns how many. What happened
// before cannot be undone afterwards: the history is emptied.
func (p *Project) EmptyTrash(ctx context.Context) (int, error) {
	var rows []db.Image
	err := p.record(ctx, "emptying the trash", func(ctx context.Context) (err error) {
		if rows, err = p.queries.ListTrash(ctx); err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := p.queries.DeleteImage(ctx, row.ID); err != nil {
				return err
			}
		}
		return p.forgetHistory(ctx)
	})
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, row := range rows { // a file that stays behind is an orphan, which Check finds
		if err := os.Remove(p.ImagePath(imageFrom(row))); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return len(rows), explain("deleting image files", errors.Join(errs...))
}

// forgetHistory empties the history within a transaction outside of it, whose changes the triggers have logged.
func (p *Project) forgetHistory(ctx context.Context) error {
	if err := p.history.clear(ctx, p.conn); err != nil {
		return err
	}
	last, err := p.history.position(ctx, p.conn)
	p.history.committed = last
	return err
}
