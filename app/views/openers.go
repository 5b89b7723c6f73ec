package views

import (
	"context"

	"viewfinder/app/studio"
)

// OpenNamed opens the annotator on an image, in the current view, by its name.
func (p *Page) OpenNamed(name string) {
	view := p.shell.View()
	var ids []int64
	var at int
	project := p.project
	p.shell.Do("find the image "+name, func(ctx context.Context) error {
		img, err := project.FindImage(ctx, name)
		if err != nil {
			return err
		}
		found, err := project.DatapointIDs(ctx, studio.Query{View: view.ID, Images: []int64{img.ID}})
		if err != nil || len(found) == 0 {
			return err
		}
		ids, err = project.DatapointIDs(ctx, studio.Query{View: view.ID})
		for i, id := range ids {
			if id == found[0] {
				at = i
			}
		}
		return err
	}, func() { p.openIDs(view, ids, at) })
}

// OpenIDs opens the annotator on datapoint at of a list; leaving it calls back with the one that was shown last.
func (p *Page) OpenIDs(view int64, ids []int64, at int, back func(last int64)) {
	var v studio.View
	project := p.project
	p.shell.Do("open the images", func(ctx context.Context) (err error) {
		v, err = project.View(ctx, view)
		return err
	}, func() {
		p.openIDs(v, ids, at)
		p.returning = back
	})
}

func (p *Page) openIDs(v studio.View, ids []int64, at int) {
	p.returning = nil
	if len(ids) == 0 {
		p.shell.Notify("These images are no longer in the view.")
		return
	}
	p.annotate(v, ids, at)
}
