package widgets

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"viewfinder/storage/wholefile"
	"viewfinder/widgets/look"
	"viewfinder/widgets/plot"
)

// openMenu shows what can be done with the chart under its button.
func (c *LineChart) openMenu() {
	p := fyne.CurrentApp().Driver().AbsolutePositionForObject(c.menu)
	c.showMenu(p.Add(fyne.NewPos(0, c.menu.Size().Height)))
}

func (c *LineChart) showMenu(at fyne.Position) {
	cv := fyne.CurrentApp().Driver().CanvasForObject(c)
	if cv == nil {
		return
	}
	all := fyne.NewMenuItem("Show all", func() { c.zoom(plot.Span{}, plot.Span{}) })
	all.Disabled = c.zoomX.IsZero() && c.zoomY.IsZero()
	items := []*fyne.MenuItem{
		all, fyne.NewMenuItemSeparator(),
		fyne.NewMenuItem("Save picture (PNG)…", func() { c.save(".png", c.writePNG) }),
		fyne.NewMenuItem("Save picture (SVG)…", func() { c.save(".svg", c.writeSVG) }),
		fyne.NewMenuItem("Save numbers (CSV)…", func() { c.save(".csv", c.writeCSV) }),
		fyne.NewMenuItemSeparator(),
	}
	if _, err := copyCommand(); err == nil {
		items = append(items, fyne.NewMenuItem("Copy picture", c.copyPicture))
	}
	items = append(items, fyne.NewMenuItem("Copy numbers", func() {
		n := c.Chart()
		go func() {
			var b bytes.Buffer
			if err := writeNumbers(&b, n); err == nil {
				fyne.Do(func() { fyne.CurrentApp().Clipboard().SetContent(b.String()) })
			}
		}()
	}))
	widget.NewPopUpMenu(fyne.NewMenu("", items...), cv).ShowAtPosition(at)
}

// paper is the chart as an image that stands alone: with title and legend, twice as fine as an ordinary screen.
func (c *LineChart) paper() (n plot.Chart, width, height int) {
	n = c.Chart()
	n.Legend = true
	s := c.area.Size()
	return n, max(int(s.Width), 480), max(int(s.Height)+60, 240)
}

func (c *LineChart) writePNG() func() ([]byte, error) {
	n, w, h := c.paper()
	colours := chartTheme()
	return func() ([]byte, error) {
		var b bytes.Buffer
		err := plot.WritePNG(&b, n, 2*w, 2*h, 2, colours)
		return b.Bytes(), err
	}
}

func (c *LineChart) writeSVG() func() ([]byte, error) {
	n, w, h := c.paper()
	colours := chartTheme()
	return func() ([]byte, error) {
		var b bytes.Buffer
		err := plot.WriteSVG(&b, n, w, h, colours)
		return b.Bytes(), err
	}
}

func (c *LineChart) writeCSV() func() ([]byte, error) {
	n := c.Chart()
	return func() ([]byte, error) {
		var b bytes.Buffer
		err := writeNumbers(&b, n)
		return b.Bytes(), err
	}
}

func writeNumbers(b *bytes.Buffer, n plot.Chart) error {
	name := n.XName
	if name == "" {
		name = "Iteration"
	}
	return plot.WriteCSV(b, name, n.Curves...)
}

// window returns the window that the chart is in.
func windowOf(o fyne.CanvasObject) fyne.Window {
	cv := fyne.CurrentApp().Driver().CanvasForObject(o)
	for _, w := range fyne.CurrentApp().Driver().AllWindows() {
		if w.Canvas() == cv {
			return w
		}
	}
	return nil
}

// save asks for a file and writes what make makes into it, both off the window's thread.
func (c *LineChart) save(ext string, prepare func() func() ([]byte, error)) {
	w := windowOf(c)
	if w == nil {
		return
	}
	name := strings.ToLower(strings.ReplaceAll(c.data.Title, " ", "-")) + ext
	AskFiles(w, FileRequest{Title: "Save the chart", Action: "Save", Save: name, Endings: []string{ext}}, func(paths []string) {
		work := prepare()
		go func() {
			data, err := work()
			if err == nil {
				err = wholefile.Write(paths[0], data)
			}
			if err != nil {
				fyne.Do(func() {
					sayFailed(w, filepath.Base(paths[0])+" was not written", err, "Save elsewhere …", func() { c.save(ext, prepare) })
				})
			}
		}()
	})
}

// sayFailed says what did not work with a chart, that the chart itself is as it was, and offers another way.
func sayFailed(w fyne.Window, title string, err error, other string, do func()) {
	var d *dialog.CustomDialog
	shut := widget.NewButton("Close", func() { d.Hide() })
	again := widget.NewButton(other, func() {
		d.Hide()
		do()
	})
	again.Importance = widget.HighImportance
	text := look.Wrapped("The reason: " + err.Error() + ". The curves themselves are kept with the training.")
	d = dialog.NewCustomWithoutButtons(title, look.Width(420, text), w)
	d.SetButtons([]fyne.CanvasObject{shut, again})
	d.Show()
}

// copyCommand returns the command of this platform that takes a PNG image on its standard input and puts it on the clipboard. Fyne's clipboard holds text only.
func copyCommand() ([]string, error) {
	candidates := [][]string{{"wl-copy", "--type", "image/png"}, {"xclip", "-selection", "clipboard", "-target", "image/png", "-in"}}
	switch runtime.GOOS {
	case "windows", "darwin":
		return nil, errors.New("charts cannot be copied on this system; save the chart instead")
	}
	for _, c := range candidates {
		if path, err := exec.LookPath(c[0]); err == nil {
			return append([]string{path}, c[1:]...), nil
		}
	}
	return nil, errors.New("charts can be copied where wl-copy or xclip is installed; save the chart instead")
}

func (c *LineChart) copyPicture() {
	command, err := copyCommand()
	w := windowOf(c)
	if err != nil || w == nil {
		return
	}
	work := c.writePNG()
	go func() {
		data, err := work()
		if err == nil {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			run := exec.CommandContext(ctx, command[0], command[1:]...)
			run.Stdin = bytes.NewReader(data)
			err = run.Run()
		}
		if err != nil {
			fyne.Do(func() {
				sayFailed(w, "The picture was not copied", err, "Save it …", func() { c.save(".png", c.writePNG) })
			})
		}
	}()
}
