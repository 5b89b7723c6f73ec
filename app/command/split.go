package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/editing"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// splitDoc is what `viewfinder split` prints.
type splitDoc struct {
	Images   int                  `json:"images"`
	Groups   int                  `json:"groups"`
	ToTrain  int                  `json:"to_train"`
	ToVal    int                  `json:"to_val"`
	ToTest   int                  `json:"to_test"`
	Val      float64              `json:"val"`  // the share that val has then
	Test     float64              `json:"test"` // that of test
	Done     bool                 `json:"done"`
	Concepts []splitLineDoc       `json:"concepts"`
	Largest  []editing.SplitGroup `json:"largest_groups,omitempty"`
}

type splitLineDoc struct {
	Name        string `json:"name"`
	TrainBefore int    `json:"train_before"`
	ValBefore   int    `json:"val_before"`
	TestBefore  int    `json:"test_before"`
	Train       int    `json:"train"`
	Val         int    `json:"val"`
	Test        int    `json:"test"`
}

// split is `viewfinder split`.
func (s *session) split() *cobra.Command {
	var o struct {
		view, groups string
		val, test    float64
		plain, dry   bool
	}
	c := &cobra.Command{
		Use:   "split PROJECT",
		Short: "Split images into train, val and test",
		Long: `Splits the images of a view (or, without --view, of the whole project) into train and val, and into test where --test says so,
stratified by concept. Images that are in test stay there: what was kept from training does not become part of it.
Frames of one video belong in one split, otherwise val measures memorised images: --groups digits keeps images together whose
names differ only in their last number; --groups with a regular expression, those in whose names it finds the same text.
The result is the same each time. --dry-run shows the counts and changes nothing.`,
		Example: `  viewfinder split waste --view Material --val 20
  viewfinder split waste --view Material --val 15 --test 15
  viewfinder split films --view Birds --groups digits --dry-run
  viewfinder split films --groups '^([a-z]+)_'`,
		Args: exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			if !(o.val > 0 && o.val < 100) {
				return wrongCall(c, "--val is a share in percent, above 0 and below 100")
			}
			if !(o.test >= 0 && o.val+o.test <= 99) {
				return wrongCall(c, "--test is a share in percent: 0 or more, leaving at least 1 percent for train")
			}
			open := s.with
			if o.dry {
				open = s.reading
			}
			return open(c.Context(), args[0], func(p *studio.Project) error {
				rule := editing.SplitRule{Val: o.val / 100, Test: o.test / 100, Stratify: !o.plain, Groups: o.groups}
				if o.view != "" {
					v, err := p.FindView(c.Context(), o.view)
					if err != nil {
						return err
					}
					rule.View = v.ID
				}
				plan, err := p.PlanSplit(c.Context(), rule)
				if err != nil {
					return err
				}
				if !o.dry {
					if err := p.ApplySplit(c.Context(), plan, s.progress()); err != nil {
						return err
					}
				}
				return s.printSplit(plan, !o.dry)
			})
		},
	}
	c.Flags().StringVar(&o.view, "view", "", "the view whose images and concepts count (default: all images)")
	c.Flags().Float64Var(&o.val, "val", 20, "percentage of images for val")
	c.Flags().Float64Var(&o.test, "test", 0, "percentage of images for test, those that are in it included")
	c.Flags().StringVar(&o.groups, "groups", "", "digits, or a regular expression: images that stay together")
	c.Flags().BoolVar(&o.plain, "no-stratify", false, "do not stratify: the share holds for the whole, not for each concept")
	c.Flags().BoolVar(&o.dry, "dry-run", false, "show the result, change nothing")
	return s.facts(c)
}

func (s *session) printSplit(plan *editing.SplitPlan, done bool) error {
	doc := splitDoc{Images: plan.Images, Groups: len(plan.Groups), ToTrain: len(plan.To[domain.SplitTrain]), ToVal: len(plan.To[domain.SplitVal]),
		ToTest: len(plan.To[domain.SplitTest]), Val: plan.Val, Test: plan.Test, Done: done, Concepts: []splitLineDoc{}}
	rows := [][]string{{"", "train before", "val before", "test before", "train", "val", "test"}}
	for _, l := range plan.Lines {
		doc.Concepts = append(doc.Concepts, splitLineDoc{l.Name, l.Before.Train, l.Before.Val, l.Before.Test, l.After.Train, l.After.Val, l.After.Test})
		row := []string{l.Name}
		for _, n := range []int{l.Before.Train, l.Before.Val, l.Before.Test, l.After.Train, l.After.Val, l.After.Test} {
			row = append(row, words.Number(n))
		}
		rows = append(rows, row)
	}
	if doc.Groups < doc.Images {
		doc.Largest = plan.LargestGroups(10)
	}
	return s.print(doc, func() {
		s.table(rows)
		for _, g := range doc.Largest {
			s.printf("group %s: %s, %s", g.Name, words.Count(g.Images, "image"), g.Split)
		}
		what := "Moved"
		if !done {
			what = "Would move"
		}
		s.printf("%s %s to val, %s to test and %s to train; val has %s and test %s of %s in %s", what, words.Count(doc.ToVal, "image"), words.Number(doc.ToTest),
			words.Number(doc.ToTrain), words.Percent(doc.Val), words.Percent(doc.Test), words.Count(doc.Images, "image"), words.Count(doc.Groups, "group"))
	})
}

// trash is `viewfinder trash PROJECT list|restore|empty`.
func (s *session) trash() *cobra.Command {
	c := &cobra.Command{
		Use:   "trash PROJECT list | restore [IMAGE...] | empty",
		Short: "List, restore or empty a project's trash",
		Long: `Deleted images are kept in the project's trash with their annotations. restore brings back those named (by name, SHA-256 or id), or all;
empty deletes them permanently and frees disk space.`,
		Example: "  viewfinder trash waste list\n  viewfinder trash waste restore paper12.jpg\n  viewfinder trash waste empty",
		Args:    between(1, -1, "a project, and list, restore or empty"),
		RunE: func(c *cobra.Command, args []string) error {
			verb, rest := verbOf(args)
			switch verb {
			case "list", "empty":
				if len(rest) > 0 {
					return wrongCall(c, "%s takes nothing else", verb)
				}
			case "restore":
			default:
				return wrongCall(c, "unknown action %q: use list, restore or empty", verb)
			}
			open := s.with
			if verb == "list" {
				open = s.reading
			}
			return open(c.Context(), args[0], func(p *studio.Project) error { return s.trashDo(c, p, verb, rest) })
		},
	}
	return s.facts(c)
}

// trashImageDoc is an image in the trash, in JSON.
type trashImageDoc struct {
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	SHA256  string `json:"sha256"`
	Bytes   int64  `json:"bytes"`
	Deleted string `json:"deleted"`
}

func (s *session) trashDo(c *cobra.Command, p *studio.Project, verb string, names []string) error {
	t, err := p.Trash(c.Context())
	if err != nil {
		return err
	}
	switch verb {
	case "restore":
		images, err := chooseTrash(t.Images, names)
		if err != nil {
			return err
		}
		if err := p.RestoreImages(c.Context(), images); err != nil {
			return err
		}
		return s.print(map[string]any{"restored": len(images)}, func() { s.printf("Restored %s", words.Count(len(images), "image")) })
	case "empty":
		n, err := p.EmptyTrash(c.Context())
		if err != nil {
			return err
		}
		return s.print(map[string]any{"deleted": n, "bytes": t.Bytes}, func() { s.printf("Permanently deleted %s, %.1f MB", words.Count(n, "image"), float64(t.Bytes)/1e6) })
	}
	docs := []trashImageDoc{}
	rows := [][]string{{"id", "image", "MB", "deleted"}}
	for _, img := range t.Images {
		at := img.DeletedAt.Format("2006-01-02 15:04")
		docs = append(docs, trashImageDoc{img.ID, img.Name, img.SHA256, img.Size, at})
		rows = append(rows, []string{fmt.Sprint(img.ID), img.Name, fmt.Sprintf("%.2f", float64(img.Size)/1e6), at})
	}
	return s.print(map[string]any{"images": docs, "bytes": t.Bytes}, func() {
		if len(docs) == 0 {
			s.printf("The trash is empty")
			return
		}
		s.table(rows)
	})
}

// chooseTrash finds images of the trash by name, hash or id; without names, all.
func chooseTrash(images []studio.Image, names []string) ([]int64, error) {
	var ids []int64
	if len(names) == 0 {
		for _, img := range images {
			ids = append(ids, img.ID)
		}
		return ids, nil
	}
	for _, name := range names {
		before := len(ids)
		for _, img := range images {
			if img.Name == name || img.SHA256 == name || fmt.Sprint(img.ID) == name {
				ids = append(ids, img.ID)
			}
		}
		if len(ids) == before {
			return nil, fmt.Errorf("no image %q in the trash: see `viewfinder trash PROJECT list`", name)
		}
	}
	return ids, nil
}
