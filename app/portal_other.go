//go:build !linux

package app

import "viewfinder/widgets"

// systemFiles: there is no portal here.
func systemFiles(widgets.FileRequest) ([]string, error) { return nil, widgets.ErrNoChooser }
