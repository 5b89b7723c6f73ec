package command

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio/runs"
)

// Cobra would end a program that Explorer starts on Windows, telling people to open a terminal first: that is how the window is opened.
func init() { cobra.MousetrapHelpText = "" }

// root is the tree of commands. Without a command it opens the window.
func (s *session) root() *cobra.Command {
	var w Window
	var version bool
	root := &cobra.Command{
		Use:   "viewfinder [PROJECT]",
		Short: "Annotate images, train networks on this computer, evaluate them",
		Long: `Viewfinder is an offline studio: import images, annotate them, train a network on your own computer,
watch it learn, and use it. Without a command it opens the window, on PROJECT (a project's folder) or on the welcome page.`,
		Example: `  viewfinder                         the welcome page
  viewfinder ~/Viewfinder/Parts      a project
  viewfinder --sample                a fresh copy of the sample project
  viewfinder demo                    the main job in the terminal: unpack the sample, train, print the figures`,
		Args:          s.windowArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRun: func(*cobra.Command, []string) {
			s.logTo()
			if warning := runs.MachineWarning(); warning != "" {
				slog.Warn(warning)
			}
		},
		RunE: func(c *cobra.Command, args []string) error {
			if version {
				return s.version()
			}
			if s.json {
				return wrongCall(c, "--json goes with --version or with a command")
			}
			if len(args) == 1 {
				w.Project = args[0]
			}
			return s.window(c, w)
		},
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return &callError{c, err} })
	flags := root.Flags()
	flags.BoolVar(&w.Sample, "sample", false, "open a fresh copy of the sample project")
	flags.BoolVar(&version, "version", false, "print the version and what it was built from, and end")
	flags.BoolVar(&s.json, "json", false, "with --version: print one JSON document")
	flags.StringVar(&w.Tab, "tab", "", "the tab to show: views, library or training")
	flags.StringVar(&w.View, "view", "", "the view to show")
	flags.StringVar(&w.Image, "image", "", "the image to open in the annotator")
	root.PersistentFlags().BoolVarP(&s.quiet, "quiet", "q", false, "no progress on standard error")
	root.PersistentFlags().BoolVarP(&s.verbose, "verbose", "v", false, "more of the log on standard error")

	root.AddGroup(
		&cobra.Group{ID: "project", Title: "Projects:"},
		&cobra.Group{ID: "training", Title: "Model versions:"},
		&cobra.Group{ID: "machine", Title: "This machine and this program:"},
	)
	add := func(group string, commands ...*cobra.Command) {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	add("project", s.demo(), s.create(), s.info(), s.check(), s.importer(), s.export(), s.convert(), s.view(), s.concept(), s.annotate(), s.split(), s.duplicates(), s.trash())
	add("training", s.train(), s.versions(), s.stop(), s.resume(), s.wait(), s.queue(), s.threads(), s.use(), s.reproduce(), s.remove(), s.evaluate(), s.errorCases(), s.compare(), s.predict(), s.watch(), s.suggest(), s.report(), s.model(), s.run())
	add("machine", s.architectures(), s.devices(), s.weights(), s.bench(), s.licences())
	return root
}

// facts adds --json to a command that prints facts.
func (s *session) facts(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&s.json, "json", false, "print one JSON document on standard output")
	return c
}

// exactly refuses a wrong number of arguments; what names them for the message.
func exactly(n int, what string) cobra.PositionalArgs { return between(n, n, what) }

// between refuses fewer than low or more than high arguments (high < 0: any number).
func between(low, high int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < low:
			return wrongCall(c, "too few arguments: %s takes %s", c.CommandPath(), what)
		case high >= 0 && len(args) > high:
			return wrongCall(c, "too many arguments (%s): %s takes %s", strings.Join(args[high:], " "), c.CommandPath(), what)
		}
		return nil
	}
}

// windowArgs takes a project's folder; a word that is neither a command nor a folder is a wrong call.
func (s *session) windowArgs(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return wrongCall(c, "unknown command %q", args[0])
	}
	if len(args) == 0 {
		return nil
	}
	if _, err := os.Stat(args[0]); err != nil {
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			return wrongCall(c, "%q is neither a command nor a project's folder; did you mean %s?", args[0], strings.Join(near, " or "))
		}
		return wrongCall(c, "%q is neither a command nor a project's folder", args[0])
	}
	return nil
}

// window opens the window, or says why it cannot.
func (s *session) window(c *cobra.Command, w Window) error {
	if w.Sample && w.Project != "" {
		return wrongCall(c, "give either a project or --sample")
	}
	switch w.Tab {
	case "", "views", "library", "training":
	default:
		return wrongCall(c, "there is no tab %q: it is views, library or training", w.Tab)
	}
	const instead = "use the commands instead: `viewfinder demo` runs the main job in the terminal, `viewfinder --help` lists the others"
	if s.openWindow == nil {
		return errors.New("this build of Viewfinder has no window (it was made with -tags headless); " + instead)
	}
	if err := display(); err != nil {
		return fmt.Errorf("%w; %s", err, instead)
	}
	return s.openWindow(w)
}

// display reports whether there is a screen to show the window on, as far as the environment tells.
func display() error {
	switch runtime.GOOS {
	case "windows", "darwin", "android", "ios":
		return nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display to open the window on (neither DISPLAY nor WAYLAND_DISPLAY is set)")
	}
	return nil
}
