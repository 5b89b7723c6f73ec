// Viewfinder is an offline desktop studio: a person puts images in, says what is in them, trains a network on their own machine, sees it learn, and uses
// it. This file reads the command line, picks window or command, and nothing else.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"viewfinder/app/command"
)

func main() { os.Exit(run()) }

// run returns the code to end with. The first interrupt ends what runs in good order; a second one ends the program at once.
func run() int {
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	context.AfterFunc(ctx, release)
	return command.Execute(ctx, command.Program{Args: os.Args[1:], Out: os.Stdout, Err: os.Stderr, OpenWindow: openWindow, Texts: texts()})
}
