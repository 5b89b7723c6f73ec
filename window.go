//go:build !headless

package main

import "viewfinder/app/command"

// openWindow opens the window. This is the only file that brings the window, and with it Fyne, into the program.
var openWindow func(command.Window) error
