//go:build headless

package main

import "viewfinder/app/command"

// openWindow is nil: this build has no window.
var openWindow func(command.Window) error
