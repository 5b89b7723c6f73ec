package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// furtherFiles are licences that a module keeps in other places than its packages' folders.
var furtherFiles = map[string][]string{
	"github.com/golang/freetype": {"licenses/ftl.txt"}, // of FTL or GPL, as LICENSE offers, this program takes the FTL
	"golang.org/x/image":         {"font/gofont/ttfs/README"},
}

// tolerated are licences that a component's texts quote, but that nothing linked is under.
var tolerated = map[string][]string{
	"modernc.org/sqlite": {"MPL-2.0"}, // of a module that only its own tests use
}

// emojiNotice is what the font says of itself; the font's file has no licence beside it.
const emojiNotice = `EmojiOne Color, Copyright 2016 Adobe Systems Incorporated.
The emoji are EmojiOne's (https://www.joypixels.com, once http://emojione.com), under a free culture
Creative Commons License (CC-BY 4.0): https://creativecommons.org/licenses/by/4.0/legalcode
They are used unchanged.`

// caltechNotice names those who made the photos, as their licence asks.
const caltechNotice = `Caltech 101, by Fei-Fei Li, Marco Andreeto, Marc'Aurelio Ranzato and Pietro Perona,
CaltechDATA, 2022, https://doi.org/10.22002/D1.20086, under the licence
Creative Commons Attribution 4.0 International: https://creativecommons.org/licenses/by/4.0/legalcode
The photos were cropped and changed in colour while a network learned from them.`

// supplements are the components that the Go command does not list: Go itself, and fonts, icons and photos inside of modules.
func supplements(dir string, modules []*module) ([]component, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("asking for Go's folder: %w", err)
	}
	goroot := strings.TrimSpace(string(root))
	apache, err := apacheText(modules)
	if err != nil {
		return nil, err
	}
	var list []component
	add := func(name, note string, in []build, texts ...document) {
		list = append(list, component{name: name, note: note, in: in, texts: texts})
	}
	var wrong error
	file := func(root, name string) document {
		d, err := read(root, name)
		if err != nil && wrong == nil {
			wrong = err
		}
		return d
	}
	add("Go", "standard library and runtime", builds, file(goroot, "LICENSE"), file(goroot, "PATENTS"))
	windows := slices.DeleteFunc(slices.Clone(builds), func(b build) bool { return b.system != "windows" })
	add("mingw-w64", "startup code and C runtime, in the packages", windows, file(filepath.Join(dir, "packaging", "windows"), "LICENSE-mingw-w64.txt"))
	sample := filepath.Join(dir, "app", "studio", "sample")
	add("TrashNet", "photos in the sample project, by Gary Thung and Mindy Yang", builds, file(sample, "LICENSE-trashnet.txt"))
	add("BCCD", "photos in the sample project, by Shenggan Cheng and Nicolas Chen", builds, file(sample, "LICENSE-bccd.txt"))
	photos := filepath.Join(dir, "training", "distill")
	add("Caltech-101", "photos that the built-in backbone learned from, not included", builds, document{"attribution", caltechNotice})
	add("Grocery Store Dataset", "photos that the built-in backbone learned from, not included", builds, file(photos, "LICENSE-grocery.txt"))
	add("MobileNetV2 of Keras applications", "network that the built-in backbone learned from, by Google, not included", builds, apache)
	for _, m := range modules {
		has := func(pkg string) bool {
			return slices.ContainsFunc(m.packages, func(f *folder) bool { return f.path == pkg })
		}
		switch m.path {
		case "fyne.io/fyne/v2":
			fonts := filepath.Join(m.root, "theme", "font")
			add("Noto Sans", "font in Fyne, Copyright 2015 Google Inc.", m.in, file(fonts, "LICENSE.txt"))
			add("Inter", "font in Fyne (its symbols), Copyright 2016-2020 The Inter Project Authors", m.in, file(fonts, "LICENSE_Inter.txt"))
			add("DejaVu Sans Mono for Powerline", "font in Fyne", m.in, file(fonts, "LICENSE_DejaVu-Powerline.txt"))
			add("EmojiOne Color", "font in Fyne", m.in, document{"the font's own notice", emojiNotice})
			add("Material Design icons", "icons in Fyne, by Google", m.in, apache)
		case "github.com/wcharczuk/go-chart/v2":
			if has(m.path + "/roboto") {
				add("Roboto", "font in go-chart, by Google", m.in, apache)
			}
		case "golang.org/x/image":
			if has(m.path + "/font/gofont/goregular") {
				add("Go fonts", "by Bigelow & Holmes", m.in, file(filepath.Join(m.root, "font", "gofont", "ttfs"), "README"))
			}
		}
	}
	return list, wrong
}

// apacheText is the Apache License itself, as one of the modules brings it, without a name filled in.
func apacheText(modules []*module) (document, error) {
	for _, m := range modules {
		if m.path == "github.com/spf13/cobra" {
			d, err := read(m.root, "LICENSE.txt")
			d.file = "Apache License 2.0"
			return d, err
		}
	}
	return document{}, fmt.Errorf("no module brings the text of the Apache License: name another one in apacheText")
}
