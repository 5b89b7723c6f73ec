package views

import (
	"context"
	"image"
	"slices"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
)

// memory holds datapoints that were read, and asks for their thumbnails. What it does not have is read off the window's thread; then those who
// show it hear of it. It is used on the window's thread.
type memory struct {
	project Project
	writer  *writer
	parent  context.Context
	hear    func(news)
	fail    func(doing string, err error)

	points map[int64]studio.Datapoint
	asked  map[int64]bool // datapoints being read
	failed map[int64]bool // thumbnails that cannot be made
	wanted map[thumb]bool // thumbnails on their way
	ctx    context.Context
	cancel context.CancelFunc
}

type thumb struct {
	id int64
	px int
}

const (
	mostWanted = 2000 // thumbnails that are on their way
	keptPoints = 6000 // datapoints in memory
)

func newMemory(ctx context.Context, p Project, w *writer, hear func(news), fail func(string, error)) *memory {
	m := &memory{project: p, writer: w, parent: ctx, hear: hear, fail: fail}
	m.forget()
	return m
}

// forget forgets what was read of datapoints, since anything may have changed.
func (m *memory) forget() {
	if m.cancel != nil {
		m.cancel()
	}
	m.ctx, m.cancel = context.WithCancel(m.parent)
	m.points, m.asked, m.failed, m.wanted = map[int64]studio.Datapoint{}, map[int64]bool{}, map[int64]bool{}, map[thumb]bool{}
}

// forgetImages forgets the datapoints of some images; nil, or very many, means all. What is still to be saved stays as it is meant.
func (m *memory) forgetImages(images []int64) {
	if len(images) == 0 || len(images) > 500 {
		m.forget()
	} else {
		for id, d := range m.points {
			if slices.Contains(images, d.Image.ID) && !m.writer.waits(d.Key()) {
				delete(m.points, id)
			}
		}
	}
	m.hear(news{about: aboutPoints})
}

// point is a datapoint that is in memory.
func (m *memory) point(id int64) (studio.Datapoint, bool) {
	d, ok := m.points[id]
	return d, ok
}

// keep puts what was done to a datapoint, or read of it, in the place of what is in memory.
func (m *memory) keep(d studio.Datapoint) {
	if _, ok := m.points[d.ID]; ok {
		m.points[d.ID] = d
		m.hear(news{aboutPoint, d.ID})
	}
}

// fetch reads those datapoints that are neither there nor on their way; false if there are none. done is called after that, before the news.
func (m *memory) fetch(ids []int64, done func()) bool {
	var missing []int64
	for _, id := range ids {
		if _, ok := m.points[id]; !ok && !m.asked[id] {
			missing = append(missing, id)
			m.asked[id] = true
		}
	}
	if len(missing) == 0 {
		return false
	}
	ctx, points, asked := m.ctx, m.points, m.asked
	go func() {
		list, began, err := m.writer.read(ctx, missing)
		fyne.Do(func() {
			for _, id := range missing {
				delete(asked, id)
			}
			done()
			switch {
			case m.parent.Err() != nil:
			case ctx.Err() != nil: // all was forgotten meanwhile: it is asked for again
				m.hear(news{about: aboutPoints})
			case err != nil:
				m.fail("read the images", err)
			default:
				if len(points) > keptPoints {
					clear(points)
				}
				for _, d := range list {
					if !m.writer.changed(d.Key(), began) { // else it is read once more
						points[d.ID] = d
					}
				}
				m.hear(news{about: aboutPoints})
			}
		})
	}()
	return true
}

// thumbnail gives a datapoint's thumbnail, or nil; there is news of it once it is there. failed: there will be none.
func (m *memory) thumbnail(d studio.Datapoint, px int) (img image.Image, failed bool) {
	if m.failed[d.ID] {
		return nil, true
	}
	key := thumb{d.ID, px}
	if len(m.wanted) >= mostWanted {
		m.wanted = map[thumb]bool{} // what was scrolled past may have been dropped: seen again, it is asked for again
	}
	if m.wanted[key] {
		return nil, false
	}
	ctx, failures, wanted := m.ctx, m.failed, m.wanted
	img = m.project.ThumbnailAsync(ctx, d, px, func(_ image.Image, err error) {
		fyne.Do(func() {
			delete(wanted, key)
			if err != nil {
				failures[d.ID] = true
			}
			if ctx.Err() == nil {
				m.hear(news{aboutPoint, d.ID})
			}
		})
	})
	if img == nil {
		wanted[key] = true
	}
	return img, false
}
