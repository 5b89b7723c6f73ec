//go:build measure

package command

import (
	"errors"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
)

// MeasureWindow opens the window on a view of a project, measures it, and returns once it has closed. main sets it in a build that has a window.
var MeasureWindow func(project, view string, into *bench.WindowMeasurement)

// measurements are what a build for measuring has beside the product's commands.
func (s *session) measurements() []*cobra.Command {
	return []*cobra.Command{s.benchNext(), s.benchProject(), s.benchAssist()}
}

// benchWindow measures the window on a large project.
func (s *session) benchWindow(c *cobra.Command, r bench.ProjectRequest, training bool) ([]bench.Row, error) {
	s.progress().Update(0, 1, "the project")
	if err := bench.MakeProject(c.Context(), r.Dir, r.Images, r.Regions); err != nil {
		return nil, err
	}
	m := bench.WindowMeasurement{Training: training, Err: errors.New("the window was closed before it was measured")}
	measured := *s
	if s.openWindow != nil {
		measured.openWindow = func(w Window) error {
			MeasureWindow(w.Project, w.View, &m)
			return nil
		}
	}
	err := measured.window(c, Window{Project: r.Dir, View: "Cells"})
	return m.Rows, errors.Join(err, m.Err)
}
