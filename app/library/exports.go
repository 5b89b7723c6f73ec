package library

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/page"
	"viewfinder/app/product"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/version"
	"viewfinder/icons"
	"viewfinder/storage/words"
	"viewfinder/widgets"
	"viewfinder/widgets/look"
)

// exports is the sub-tab from which a version is taken away: its network, its report, its curves, its folder, and how other programs use them.
type exports struct {
	page    *Page
	open    func(tab string)
	content *fyne.Container
	version runs.Version
	view    studio.View
	predict *codeBox // a command
	example *codeBox // a program, where there is one
}

func newExports(p *Page, open func(tab string)) *exports {
	return &exports{page: p, open: open, content: container.NewStack()}
}

// Content is made once.
func (x *exports) Content() fyne.CanvasObject { return x.content }

// Selected implements subTab.
func (x *exports) Selected() {}

// Close implements subTab.
func (x *exports) Close() {}

// Set is called each time the version was read.
func (x *exports) Set(v runs.Version, view studio.View) {
	same := x.version.ID == v.ID && x.version.Name == v.Name && x.version.Status == v.Status
	x.version, x.view = v, view
	if same {
		return
	}
	if !v.CanPredict() {
		x.content.Objects = []fyne.CanvasObject{version.Empty(icons.Export, "Nothing to export yet", "A version has a network once it is ready, or was stopped after its first iterations. "+version.Sentence(v, now()))}
	} else {
		x.content.Objects = []fyne.CanvasObject{x.panels()}
	}
	x.content.Refresh()
}

func (x *exports) panels() fyne.CanvasObject {
	v := x.version
	dir := x.page.project.RunDir(v)
	file := runs.FileName(v.Name) + ".safetensors"
	x.predict = newCodeBox()
	x.predict.set(version.PredictCommand(x.page.project.Dir(), v.Name))
	say := func(text string) fyne.CanvasObject {
		return widgets.NewParagraph(text, theme.SizeNameCaptionText, look.ColorMuted)
	}
	button := func(text string, icon fyne.Resource, tapped func()) *widget.Button {
		return widget.NewButtonWithIcon(text, icon, tapped)
	}
	saves := container.NewHBox()
	var kinds []fyne.CanvasObject
	for i, f := range runs.ModelFormats() {
		save := button(f.Title+"…", icons.Save, func() { x.askNetwork(f.Extension) })
		if i == 0 {
			save.Importance = widget.HighImportance
		}
		saves.Add(save)
		kinds = append(kinds, say(f.Title+" ("+f.Extension+"): "+f.Help+"."))
	}
	parts := "Safetensors: its tensors have torchvision's names, so that PyTorch loads them; its metadata tell architecture, task, concepts in their order, and the size of its input."
	if x.view.Type.HasBoxes() {
		parts = "Safetensors: its backbone's tensors have torchvision's names; the head is Viewfinder's own, so that other programs take the backbone alone. Its metadata tell architecture, task, concepts in their order, and the size of its input."
	}
	left := container.NewVBox(
		look.Panel(container.NewVBox(look.Strong("Network"), look.Small(version.ArchitectureTitle(v.Architecture)).Cut(), container.NewVBox(kinds...), say(parts), saves)),
		look.Panel(container.NewVBox(look.Strong("Report"), say("The version's results as one file to share: figures, curves, confusion matrix and most confident errors."),
			container.NewHBox(button("PDF…", icons.Export, func() { x.page.askReport(v, ".pdf") }), button("Web page…", icons.Export, func() { x.page.askReport(v, ".html") })))),
		look.Panel(container.NewVBox(look.Strong("Curves"), say("Images (PNG, SVG) and numbers (CSV) are in each chart's menu."),
			container.NewHBox(button("Open the curves", icons.Curves, func() { x.open(tabCurves) })))),
		look.Panel(container.NewVBox(look.Strong("Predictions"), say("Try predicts images and folders and saves the predictions as CSV or JSON. In a terminal:"), x.predict.label,
			container.NewHBox(x.predict.copy, button("Open Try", icons.Try, func() { x.open(tabTry) })))),
		look.Panel(container.NewVBox(look.Strong("The training's folder"), say("Options, snapshot, events, log, weights and checkpoints: all that a training needs. Copied to another computer, it continues there with “viewfinder run FOLDER”."),
			look.Small(dir).Cut(), container.NewHBox(button("Open the folder", icons.Folder, func() { x.openFolder(dir) })))),
	)
	text := runs.PyTorchExample(x.view.Type, v, file)
	if text == "" {
		return look.PadXY(0, 8, container.NewVScroll(left))
	}
	x.example = newCodeBox()
	x.example.set(text)
	right := look.Panel(container.NewBorder(container.NewVBox(look.Strong("Use it in PyTorch"), say("Save the network beside this program; it needs the Python packages torch, torchvision and safetensors."),
		container.NewHBox(x.example.copy)), nil, nil, nil, container.NewScroll(x.example.label)))
	return look.PadXY(0, 8, container.NewGridWithColumns(2, container.NewVScroll(left), right))
}

// askNetwork asks where the network goes, as a file with that extension.
func (x *exports) askNetwork(extension string) {
	v, s := x.version, x.page.shell
	page.AskSave(s, "Save the network", runs.FileName(v.Name)+extension, func(path string) { x.saveNetwork(v, path, extension) })
}

// saveNetwork writes it; the dialog has asked already whether a file of that name is to be replaced.
func (x *exports) saveNetwork(v runs.Version, path, extension string) {
	if filepath.Ext(path) == "" {
		path += extension
	}
	s := x.page.shell
	var size int64
	s.Do("save the network", func(ctx context.Context) (err error) {
		size, err = x.page.project.ExportModel(ctx, v.ID, path, true, runs.ModelExport{Program: product.ReadBuild().Version})
		return err
	}, func() { s.Notify("Saved the network of " + v.Name + ", " + words.Bytes(size) + ", as " + path) })
}

func (x *exports) openFolder(dir string) {
	if err := version.ShowFolder(dir); err != nil {
		x.page.shell.Fail("open the folder", err)
	}
}
