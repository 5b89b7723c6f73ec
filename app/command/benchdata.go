package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/bench"
	"viewfinder/storage/words"
)

// runBenchData is `viewfinder bench data`.
func (s *session) runBenchData(c *cobra.Command, r bench.Request, architectures []string) error {
	if !r.Task.ExactlyOne() {
		return wrongCall(c, "bench data is for classification")
	}
	if len(architectures) == 0 {
		architectures = []string{"small_cnn"}
	}
	var list []bench.DataResult
	rows := [][]string{{"network", "decoded", "batches", "step without loading", "step with loading", "of the speed without loading"}}
	for i, name := range architectures {
		s.progress().Update(i, len(architectures), name)
		r.Architecture = name
		b, err := bench.Data(c.Context(), r)
		if err != nil {
			return err
		}
		list = append(list, b)
		rows = append(rows, []string{name, fmt.Sprintf("%.0f images/s", b.DecodePerSecond), fmt.Sprintf("%.0f images/s", b.BatchPerSecond),
			fmt.Sprintf("%.1f ms", b.BareStepMS), fmt.Sprintf("%.1f ms", b.PipedStepMS), words.Percent(b.Share)})
	}
	var document any = list
	if len(list) == 1 {
		document = list[0]
	}
	return s.print(document, func() { s.table(rows) })
}
