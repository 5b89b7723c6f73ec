package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio/runs"
	"viewfinder/storage/words"
)

// weightsDoc is pretrained weights in JSON.
type weightsDoc struct {
	Name         string   `json:"name"`
	Title        string   `json:"title"`
	Architecture string   `json:"architecture"`
	Size         int      `json:"size"` // pixels; 0: not known
	Labels       []string `json:"labels"`
	Source       string   `json:"source"`
	Licence      string   `json:"licence"`
	Bytes        int64    `json:"bytes"`
	Left         []string `json:"left,omitempty"` // tensors that were not taken
}

func weightsDocOf(w runs.Weights) weightsDoc {
	labels := w.Labels
	if labels == nil {
		labels = []string{}
	}
	return weightsDoc{Name: w.Name, Title: w.Title, Architecture: w.Architecture, Size: w.Size, Labels: labels, Source: w.Source, Licence: w.Licence, Bytes: w.Bytes}
}

// weights is `viewfinder weights`.
func (s *session) weights() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "weights add FILE|list|remove NAME",
		Short: "Keep pretrained weights for all projects",
		Long: `Reads a network that was trained elsewhere and keeps it in the user's folder, for all projects: a training starts from it with
--set weights=NAME. FILE is a .safetensors, .pth or .pt file (named as torchvision, timm or d-li14/mobilenetv2.pytorch do), a .tflite file of MobileNetV2,
or an export of Teachable Machine (the folder or the ZIP archive). Nothing of a file is run.`,
		Example: "  viewfinder weights add mobilenetv2_0.5-eaa6f9ad.pth\n" +
			"  viewfinder weights list\n" +
			"  viewfinder train waste --set weights=mobilenetv2_0.5-eaa6f9ad --set architecture=mobilenet_v2_050",
		Args: between(1, -1, "add and a file, list, or remove and a name"),
		RunE: func(c *cobra.Command, args []string) error {
			want := map[string]int{"add": 1, "list": 0, "remove": 1}
			if _, ok := want[args[0]]; !ok {
				return wrongCall(c, "unknown action %q: use add, list or remove", args[0])
			}
			if err := verbArgs(c, args[0], args[1:], want); err != nil {
				return err
			}
			switch args[0] {
			case "add":
				return s.addWeights(args[1])
			case "remove":
				return s.done(runs.RemoveWeights(args[1]), "Removed the weights %s", args[1])
			}
			return s.listWeights()
		},
	})
}

func (s *session) addWeights(path string) error {
	w, left, err := runs.AddWeights(path)
	if err != nil {
		return err
	}
	doc := weightsDocOf(w)
	doc.Left = left
	return s.print(doc, func() {
		s.printf("Added %s: %s", w.Name, w.Architecture)
		if len(left) > 0 {
			s.printf("Not taken: %s", strings.Join(left, ", "))
		}
	})
}

func (s *session) listWeights() error {
	all, err := runs.ListWeights()
	if err != nil {
		return err
	}
	docs := make([]weightsDoc, 0, len(all))
	rows := [][]string{{"name", "architecture", "size", "labels", "source", "licence"}}
	for _, w := range all {
		docs = append(docs, weightsDocOf(w))
		size, labels := "", ""
		if w.Size > 0 {
			size = fmt.Sprintf("%d px", w.Size)
		}
		if len(w.Labels) > 0 {
			labels = words.Number(len(w.Labels))
		}
		rows = append(rows, []string{w.Name, w.Architecture, size, labels, w.Source, w.Licence})
	}
	return s.print(docs, func() { s.table(rows) })
}
