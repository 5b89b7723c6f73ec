package views

import (
	"context"

	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/session"
	"viewfinder/storage/words"
)

// orderUseful is the gallery's order by what helps the next training most.
const orderUseful = "Most useful first"

// ensureNext sees to it that there is such an order, and says how it came about.
func (p *Page) ensureNext(then func()) {
	view, project := p.shell.View(), p.project
	var order predict.NextOrder
	made := true
	p.shell.Do("read what to annotate next", func(ctx context.Context) (err error) {
		order, made, err = project.NextMade(ctx, view.ID)
		return err
	}, func() {
		if made {
			p.shell.Notify("Most useful first: " + order.Sentence + ".")
			then()
			return
		}
		p.shell.Long("Ranking images by usefulness", func(ctx context.Context, progress session.Progress) (err error) {
			p.writer.wait(ctx)
			order, err = project.Next(ctx, view.ID, 0, progress)
			return err
		}, func(err error) {
			switch {
			case err != nil && p.shell.Context().Err() == nil:
				p.shell.Fail("rank the images to annotate next", err)
			case err == nil:
				p.shell.Notify(words.Count(order.Images, "image") + ", the most useful first: " + order.Sentence + ".")
				then()
			}
		})
	})
}

// openUseful goes on in the annotator with the images that help the next training most.
func (p *Page) openUseful() {
	view, project := p.shell.View(), p.project
	p.ensureNext(func() {
		var ids []int64
		p.shell.Do("read what to annotate next", func(ctx context.Context) (err error) {
			p.writer.wait(ctx)
			ids, err = project.NextNotAnnotated(ctx, view.ID, 0)
			return err
		}, func() {
			if len(ids) == 0 {
				p.shell.Notify("All of the most useful images are annotated: train again to rank the rest.")
				return
			}
			p.openIDs(view, ids, 0)
		})
	})
}
