package trainings

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio/runs"
	"viewfinder/widgets/look"
)

// coresSlider says how many processor cores a training uses, and changes that while it runs. The weights come out the same.
type coresSlider struct {
	page    *Page
	content *fyne.Container
	text    *look.Styled
	slider  *widget.Slider
	version runs.Version
	setting bool // by the program
	waiting int  // what was chosen and is not read back yet; 0 = nothing
}

func newCoresSlider(p *Page) *coresSlider {
	c := &coresSlider{page: p, text: look.Small("").Cut(), slider: widget.NewSlider(1, float64(max(2, runs.Cores())))}
	c.slider.Step = 1
	c.slider.OnChanged = func(float64) { c.say() }
	c.slider.OnChangeEnded = c.choose
	c.content = container.NewVBox(c.text, c.slider, look.Small("Yields the CPU while you annotate").Cut())
	c.content.Hide()
	return c
}

func (c *coresSlider) say() {
	c.text.SetText(fmt.Sprintf("Uses %d of %d processor cores", int(c.slider.Value), runs.Cores()))
}

// set shows the cores of a version; 0 = all. Where there is but one, or nothing is computed, there is nothing to choose.
func (c *coresSlider) set(v runs.Version, threads int) {
	c.version = v
	c.content.Hidden = !v.Running() || runs.Cores() < 2
	if threads < 1 || threads > runs.Cores() {
		threads = runs.Cores()
	}
	if c.waiting != 0 && c.waiting != threads {
		return
	}
	c.waiting = 0
	if int(c.slider.Value) != threads {
		c.setting = true
		c.slider.SetValue(float64(threads))
		c.setting = false
	}
	c.say()
}

func (c *coresSlider) choose(value float64) {
	if c.setting || c.version.ID == 0 {
		return
	}
	n, v, s := int(value), c.version, c.page.shell
	c.waiting = n
	s.Do("change the processor cores", func(ctx context.Context) error { return c.page.project.SetThreads(ctx, v.ID, n) }, func() {
		c.waiting = 0
		c.page.loader.Load()
	})
}
