package app

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/rymdport/portal/filechooser"

	"viewfinder/widgets"
)

// systemFiles asks by the desktop's own chooser, over its portal (xdg-desktop-portal), which file managers of all desktops offer.
func systemFiles(r widgets.FileRequest) ([]string, error) {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" { // asking would start a bus of its own
		return nil, widgets.ErrNoChooser
	}
	var filters []*filechooser.Filter
	if len(r.Endings) > 0 {
		f := &filechooser.Filter{Name: strings.Join(r.Endings, ", ")}
		for _, e := range r.Endings {
			f.Rules = append(f.Rules, filechooser.Rule{Type: filechooser.GlobPattern, Pattern: "*" + e}, filechooser.Rule{Type: filechooser.GlobPattern, Pattern: "*" + strings.ToUpper(e)})
		}
		filters = []*filechooser.Filter{f}
	}
	var uris []string
	var err error
	if r.Save != "" {
		uris, err = filechooser.SaveFile("", r.Title, &filechooser.SaveFileOptions{AcceptLabel: r.Action, CurrentName: r.Save, CurrentFolder: r.Start, Filters: filters})
	} else {
		uris, err = filechooser.OpenFile("", r.Title, &filechooser.OpenFileOptions{AcceptLabel: r.Action, Multiple: r.Several, Directory: r.Folder, CurrentFolder: r.Start, Filters: filters})
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", widgets.ErrNoChooser, err)
	}
	var paths []string
	for _, uri := range uris {
		path, ok := strings.CutPrefix(uri, "file://")
		if !ok {
			return nil, fmt.Errorf("%s is not a file of this computer", uri)
		}
		paths = append(paths, withPluses(path))
	}
	return paths, nil
}

// withPluses is a path as it is on the disk, where each "+" in it may have been read as a space (the portal library unescapes addresses as
// those of web forms are). A path of which nothing is on the disk is given back as it is.
func withPluses(path string) string {
	if _, err := os.Lstat(path); err == nil || !strings.Contains(path, " ") {
		return path
	}
	dir := withPluses(filepath.Dir(path))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return path
	}
	for _, e := range entries {
		if read, err := url.QueryUnescape(strings.ReplaceAll(e.Name(), "%", "%25")); err == nil && read == filepath.Base(path) {
			return filepath.Join(dir, e.Name())
		}
	}
	return filepath.Join(dir, filepath.Base(path))
}
