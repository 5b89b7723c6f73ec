package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/words"
)

// architectureDoc is an architecture in JSON; parameters are those of a classifier of 10 concepts.
type architectureDoc struct {
	Name             string `json:"name"`
	Title            string `json:"title"`
	Description      string `json:"description"`
	Parameters       int    `json:"parameters"`
	DefaultBatchSize int    `json:"default_batch_size"`
	DefaultSize      int    `json:"default_size"`
}

// architectures is `viewfinder architectures`.
func (s *session) architectures() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:     "architectures",
		Short:   "List the networks that can be trained",
		Example: "  viewfinder architectures --json",
		Args:    exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			docs := []architectureDoc{}
			rows := [][]string{{"architecture", "parameters", "batch", "size", "when to use it"}}
			for _, a := range runs.Architectures() {
				d := architectureDoc{a.Name, a.Title, a.Description, a.Parameters(10), a.DefaultBatchSize, a.DefaultSize}
				docs = append(docs, d)
				rows = append(rows, []string{d.Name, words.Number(d.Parameters), fmt.Sprint(d.DefaultBatchSize), fmt.Sprintf("%d px", d.DefaultSize), d.Description})
			}
			return s.print(docs, func() { s.table(rows) })
		},
	})
}
