//go:build !measure

package command

import "github.com/spf13/cobra"

// measurements are none: measuring a large project, its window and the order of what to annotate next is for those who work on the program.
func (s *session) measurements() []*cobra.Command { return nil }
