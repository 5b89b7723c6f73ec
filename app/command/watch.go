package command

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/watch"
	"viewfinder/storage/words"
)

// watchedDoc is what `viewfinder watch --json` prints when it ends.
type watchedDoc struct {
	Version string `json:"version"`
	CSV     string `json:"csv"`
	Images  int    `json:"images"`  // written down by this watch
	Before  int    `json:"before"`  // that had their line before
	Waiting int    `json:"waiting"` // that were still growing or could not be read yet
}

// watch is `viewfinder watch`.
func (s *session) watch() *cobra.Command {
	var r watch.Request
	var below string
	c := s.facts(&cobra.Command{
		Use:   "watch PROJECT VERSION IN [ASIDE] --csv OUT.csv",
		Short: "Predict each image that appears in a folder",
		Long: `Predicts each image in the folder IN and below, now and when it appears, until Ctrl+C. Each image gets its line in OUT.csv: file, the most confident
concept and its score, all predictions, why it could not be used, where it was put, size, date and SHA-256 of the file, version, and when. An image is done when
its line is on the disk: a watch that was ended or killed goes on with the same OUT.csv, without losing an image or writing it twice.

With --sort-into DIR, an image is moved into the folder of its most confident concept in DIR once its line is written. With --below 0.6 DIR, an image whose least
certain prediction is below goes into that DIR instead, to be annotated.

A file that is still growing is waited for. One that cannot be read for half a minute, without changing, gets a line that says so, and another if it changes.
The folder is looked at every two seconds besides the system's notices, since shares send none; while it is gone it is waited for.`,
		Example: `  viewfinder watch waste v3 /mnt/camera --csv camera.csv
  viewfinder watch waste v3 inbox --csv inbox.csv --sort-into sorted --below 0.6 unsure`,
		Args: between(3, 4, "a project, a version and a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			if r.CSV == "" {
				return wrongCall(c, "give the file for the predictions with --csv")
			}
			switch {
			case below == "" && len(args) == 4:
				return wrongCall(c, "too many arguments (%s): a second folder goes with --below", args[3])
			case below != "" && len(args) == 3:
				return wrongCall(c, "--below takes a confidence and the folder for the images below it, such as --below 0.6 unsure")
			case below != "":
				v, err := strconv.ParseFloat(below, 64)
				if err != nil || !(v >= 0 && v <= 1) {
					return wrongCall(c, "--below %s is not between 0 and 1", below)
				}
				r.Below, r.Aside = v, args[3]
			}
			if !(r.Threshold >= 0 && r.Threshold <= 1) {
				return wrongCall(c, "--threshold %g is not between 0 and 1", r.Threshold)
			}
			r.In = args[2]
			if err := r.Check(); err != nil {
				return err
			}
			return s.reading(c.Context(), args[0], func(p *studio.Project) error { return s.watching(c.Context(), p, args[1], r) })
		},
	})
	c.Flags().StringVar(&r.CSV, "csv", "", "the file for the predictions; appended to if it exists")
	c.Flags().StringVar(&r.SortInto, "sort-into", "", "move each image into the folder of its concept in this one")
	c.Flags().StringVar(&below, "below", "", "move images less certain than this into the folder that follows")
	c.Flags().Float64Var(&r.Threshold, "threshold", 0, "confidence threshold of tags and boxes (default 0.5)")
	return c
}

func (s *session) watching(ctx context.Context, p *studio.Project, version string, r watch.Request) error {
	v, err := p.FindVersion(ctx, version)
	if err != nil {
		return err
	}
	network, err := p.Network(ctx, v.ID)
	if err != nil {
		return err
	}
	defer network.Close()
	r.Task, r.Version = network.View.Type, v.Name
	doc := watchedDoc{Version: v.Name, CSV: r.CSV}
	trouble := ""
	err = watch.Run(ctx, r, network, func(n watch.News) {
		doc.Images, doc.Before, doc.Waiting = n.Done, n.Before, n.Waiting
		if n.Trouble != "" && n.Trouble != trouble {
			trouble = n.Trouble
			s.complain("%s; waiting", n.Trouble)
		}
		if n.Image != nil && !s.json {
			s.printf("%s", watchedLine(n.Image))
		}
		s.progress().Update(n.Done, 0, fmt.Sprintf("images written down, %s waiting; Ctrl+C ends", words.Number(n.Waiting)))
	})
	if err != nil {
		return err
	}
	s.progress().end()
	return s.print(doc, func() { s.printf("Wrote %s down in %s", words.Count(doc.Images, "image"), r.CSV) })
}

func watchedLine(l *watch.Line) string {
	text := oneLine(l.File) + ": "
	switch {
	case l.Error != "":
		return text + l.Error
	case l.Predictions == "":
		text += "nothing"
	default:
		text += oneLine(l.Predictions)
	}
	if l.PutInto != "" {
		text += " -> " + oneLine(l.PutInto)
	}
	return text
}
