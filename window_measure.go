//go:build measure && !headless

package main

import (
	"viewfinder/app"
	"viewfinder/app/command"
)

func init() { command.MeasureWindow = app.Measure }
