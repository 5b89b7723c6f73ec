package command

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/storage/words"
)

// nearDoc is a group of near-duplicates, in JSON.
type nearDoc struct {
	Images []nearImageDoc `json:"images"`
	Leak   bool           `json:"leak"` // in more than one split
}

type nearImageDoc struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Split string `json:"split"`
}

// duplicates is `viewfinder duplicates`.
func (s *session) duplicates() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "duplicates PROJECT",
		Short: "Find near-duplicate images, above all those in more than one split",
		Long: `Finds near-duplicates: images that look the same although their files differ, such as one photo saved twice or frames of one video. Groups in both train and
val come first: there a version is evaluated on images that it has seen, and its figures are too good. Exact duplicates are found on import.`,
		Example: "  viewfinder duplicates waste",
		Args:    exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				groups, err := p.NearDuplicates(c.Context(), s.progress())
				if err != nil {
					return err
				}
				docs := []nearDoc{}
				for _, g := range groups {
					d := nearDoc{Leak: g.Leak}
					for _, i := range g.Images {
						d.Images = append(d.Images, nearImageDoc{ID: i.ID, Name: i.Name, Split: string(i.Split)})
					}
					docs = append(docs, d)
				}
				return s.print(docs, func() { s.printNear(docs) })
			})
		},
	})
}

func (s *session) printNear(docs []nearDoc) {
	if len(docs) == 0 {
		s.printf("No near-duplicates found.")
		return
	}
	leaks := 0
	for _, d := range docs {
		var names []string
		for _, i := range d.Images {
			names = append(names, fmt.Sprintf("%s (%s)", i.Name, i.Split))
		}
		mark := "  "
		if d.Leak {
			mark, leaks = "! ", leaks+1
		}
		s.printf("%s%s", mark, strings.Join(names, ", "))
	}
	s.printf("%s of near-duplicates; %d in more than one split (!)", words.Count(len(docs), "group"), leaks)
}
