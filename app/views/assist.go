package views

import (
	"context"

	"fyne.io/fyne/v2"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/predict"
)

// assistant has a version suggest what is in each image that is opened in the annotator, while somebody annotates. Each image is
// suggested for once, so that a suggestion that was undone does not come again.
type assistant struct {
	shell     page.Shell
	project   Project
	writer    *writer
	opened    *opened
	version   int64 // 0: off
	threshold float64
	network   *predict.Network
	opening   bool
	asked     map[studio.Key]bool
}

func newAssistant(m *model, w *writer) *assistant {
	return &assistant{shell: m.shell, project: m.project, writer: w, opened: &m.opened, asked: map[studio.Key]bool{}}
}

// use has another version suggest from now on; 0 none.
func (a *assistant) use(version int64, threshold float64) {
	a.threshold = threshold
	if version == a.version {
		return
	}
	a.close()
	a.version = version
	clear(a.asked)
}

// close gives the network back.
func (a *assistant) close() {
	if network := a.network; network != nil {
		go network.Close() // it waits for what is being looked at
	}
	a.network, a.version = nil, 0
}

// shown hears that an image without suggestions is shown in the annotator.
func (a *assistant) shown(d studio.Datapoint) {
	if a.version == 0 || d.ID == 0 || d.Annotated || a.asked[d.Key()] {
		return
	}
	if a.network == nil {
		a.open()
		return
	}
	if a.network.View.ID != d.View {
		return
	}
	a.asked[d.Key()] = true
	network, key, threshold := a.network, d.Key(), a.threshold
	a.shell.Do("suggest annotations for the image", func(ctx context.Context) error {
		a.writer.wait(ctx)
		_, err := network.SuggestNow(ctx, key, threshold)
		if ctx.Err() != nil {
			return nil
		}
		return err
	}, nil)
}

// open loads the network and then looks at what is shown.
func (a *assistant) open() {
	if a.opening {
		return
	}
	a.opening = true
	version, ctx := a.version, a.shell.Context()
	go func() {
		network, err := a.project.Network(ctx, version)
		fyne.Do(func() {
			a.opening = false
			switch {
			case err != nil:
				a.version = 0
				if ctx.Err() == nil {
					a.shell.Fail("suggest annotations for the image", err)
				}
			case ctx.Err() != nil || a.version != version:
				go network.Close()
			default:
				a.network = network
				if a.opened.open {
					a.shown(a.opened.point)
				}
			}
		})
	}()
}
