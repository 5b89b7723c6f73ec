//go:build measure

package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
)

// benchProject is `viewfinder bench project`.
func (s *session) benchProject() *cobra.Command {
	var window, training bool
	r := bench.ProjectRequest{}
	c := &cobra.Command{
		Use:   "project FOLDER",
		Short: "Measure how fast a large project is on this computer",
		Long: fmt.Sprintf(`Makes a project in FOLDER if there is none (small pictures with regions, %d photos of 12 megapixels, %d of 50) and one of 1,000 images
beside it, and measures what a person waits for: opening, lists and counts, an annotation that is safe on the disk, an import beside
copying and decoding the same photos. --window opens the window on it and measures that: the gallery scrolled, boxes drawn, images
turned over. Frames are counted by an animation that the window's thread runs once before each frame; a gap of more than 33 ms between
two of them is a slow frame, and one of more than 50 ms is taken for a block of the thread. --training measures the window instead while
annotating, in turn alone and beside a training in a process of its own.`, bench.Photos, bench.LargePhotos),
		Example: `  viewfinder bench project /tmp/large --images 100000
  viewfinder bench project /tmp/large --window --json`,
		Args: exactly(1, "a folder"),
		RunE: func(c *cobra.Command, args []string) (err error) {
			r.Dir = args[0]
			switch {
			case r.Images < 1000 || r.Images > 1_000_000:
				return wrongCall(c, "--images is from 1000 to 1000000")
			case r.Regions < 1 || r.Regions > 100:
				return wrongCall(c, "--regions is from 1 to 100")
			case r.Rounds < 1 || r.Rounds > 1000:
				return wrongCall(c, "--rounds is from 1 to 1000")
			case r.Import < 0 || r.Import > 100_000:
				return wrongCall(c, "--import is from 0 to 100000")
			}
			var rows []bench.Row
			if window || training {
				rows, err = s.benchWindow(c, r, training)
			} else {
				rows, err = bench.Project(c.Context(), r, s.progress())
			}
			if err != nil {
				return err
			}
			return s.print(rows, func() { s.printBenchRows(rows) })
		},
	}
	c.Flags().IntVar(&r.Images, "images", 100_000, "how many images it has")
	c.Flags().IntVar(&r.Regions, "regions", 3, "regions on each image")
	c.Flags().IntVar(&r.Import, "import", 10_000, "photos to import (0 = none)")
	c.Flags().IntVar(&r.Rounds, "rounds", 10, "number of repetitions")
	c.Flags().BoolVar(&window, "window", false, "measure the window instead; takes some minutes, do not touch mouse or keyboard")
	c.Flags().BoolVar(&training, "training", false, "measure annotating in the window alone and beside a training, in turn")
	return s.facts(c)
}

func (s *session) printBenchRows(rows []bench.Row) {
	table := [][]string{{"what", "median", "99%", "meant", ""}}
	for _, r := range rows {
		table = append(table, []string{r.What, fmt.Sprintf("%.4g %s", r.Median, r.Unit), fmt.Sprintf("%.4g %s", r.High, r.Unit), r.Meant, r.Note})
	}
	s.table(table)
}
