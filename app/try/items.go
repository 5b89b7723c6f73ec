package try

import (
	"context"
	"errors"
	"path/filepath"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
)

// item is an image that is tried.
type item struct {
	path       string
	name       string
	prediction *predict.Prediction // nil until it was looked at
	failed     bool                // there is no thumbnail to be had
}

// Dropped implements page.Dropper.
func (t *Try) Dropped(paths []string) bool {
	if !t.known || !t.version.CanPredict() {
		return false
	}
	t.add(paths)
	return true
}

// add tries more images: files, and what folders hold.
func (t *Try) add(paths []string) {
	t.listing++
	t.show()
	go func() {
		files, err := pictures.ImageFiles(paths)
		fyne.Do(func() {
			t.listing--
			if t.ctx.Err() != nil {
				return
			}
			if err != nil {
				t.shell.Fail("predict the images", err)
				t.show()
				return
			}
			t.added(files)
		})
	}()
}

func (t *Try) added(files []string) {
	there := map[string]int{}
	for i, it := range t.items {
		there[it.path] = i
	}
	first, fresh := -1, 0
	for _, f := range files {
		i, ok := there[f]
		if !ok {
			i = len(t.items)
			there[f] = i
			t.items = append(t.items, &item{path: f, name: filepath.Base(f)})
			fresh++
		}
		if first < 0 {
			first = i
		}
	}
	t.grid.grid.SetLength(len(t.items))
	switch {
	case len(files) == 1:
		t.openItem(first)
	case len(t.items) > 1:
		t.showGrid()
	}
	t.show()
	if t.network == nil && !t.opening && t.failure == nil {
		t.open()
	}
	if fresh > 0 {
		t.look()
	}
}

// look looks at what was not looked at, in the background.
func (t *Try) look() {
	if t.network == nil || t.stop != nil {
		return
	}
	var files []string
	var places []*item
	for _, it := range t.items {
		if it.prediction == nil {
			files = append(files, it.path)
			places = append(places, it)
		}
	}
	if len(files) == 0 {
		return
	}
	ctx, stop := context.WithCancel(t.ctx)
	t.stop = stop
	network := t.network
	go func() {
		err := network.Files(ctx, files, func(i int, p predict.Prediction) {
			fyne.Do(func() {
				if t.ctx.Err() == nil {
					t.answered(places[i], p)
				}
			})
		})
		fyne.Do(func() {
			cancelled := ctx.Err() != nil
			stop()
			t.stop = nil
			if t.ctx.Err() != nil {
				return
			}
			if err != nil && !cancelled && !errors.Is(err, context.Canceled) {
				t.shell.Fail("predict the images", err)
			}
			t.refresh()
			if err == nil {
				t.look() // what was added meanwhile
			}
		})
	}()
	t.refresh()
}

// answered takes what the network predicted for an image.
func (t *Try) answered(it *item, p predict.Prediction) {
	if it.prediction == nil {
		t.looked++
	}
	it.prediction = &p
	for i, other := range t.items {
		if other == it {
			t.grid.grid.RefreshItem(i)
			break
		}
	}
	t.refresh()
}

// clear takes all images away from here.
func (t *Try) clear() {
	if t.stop != nil {
		t.stop()
	}
	t.forgetPasted()
	t.items, t.looked = nil, 0
	t.single.close()
	t.grid.grid.SetLength(0)
	t.showGrid()
	t.show()
}

// openItem shows one image large.
func (t *Try) openItem(i int) {
	if i < 0 || i >= len(t.items) {
		return
	}
	t.grid.content.Hide()
	t.single.content.Show()
	t.body.Refresh()
	t.single.open(t.items[i], i)
	t.refresh()
}
