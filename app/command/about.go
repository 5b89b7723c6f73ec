package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/product"
	"viewfinder/app/studio/runs"
)

// version prints what this program was built from: `viewfinder --version`.
func (s *session) version() error {
	b := product.ReadBuild()
	b.Window, b.Kernels = s.openWindow != nil, runs.Kernels()
	return s.print(b, func() {
		window := "yes"
		if !b.Window {
			window = "no (built with -tags headless)"
		}
		s.printf("viewfinder %s", b.Version)
		s.printf("commit   %s", b.Source())
		s.printf("go       %s %s", b.Go, b.System)
		s.printf("kernels  %s", b.Kernels)
		s.printf("window   %s", window)
	})
}

// licenses is `viewfinder licences`.
func (s *session) licences() *cobra.Command {
	return &cobra.Command{
		Use: "licences", Aliases: []string{"licenses"},
		Short: "Print the licence of this program, and those of what it contains",
		Long:  "Prints Viewfinder's own licence, then the third-party notices: each component in this binary, its version and the full text of its licence.",
		Example: `  viewfinder licences | less
  viewfinder licences > NOTICES.txt`,
		Args: exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			s.progress().end()
			if _, err := fmt.Fprintf(s.out, "%s\n\n%s", s.texts.License, s.texts.Notices); err != nil {
				return fmt.Errorf("writing the licences: %w", err)
			}
			return nil
		},
	}
}
