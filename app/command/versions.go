package command

import (
	"fmt"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
)

// versions is `viewfinder versions`.
func (s *session) versions() *cobra.Command {
	var view string
	c := &cobra.Command{
		Use:   "versions PROJECT",
		Short: "List the model versions",
		Example: `  viewfinder versions waste
  viewfinder versions waste --view Material --json`,
		Args: exactly(1, "a project"),
		RunE: func(c *cobra.Command, args []string) error {
			return s.reading(c.Context(), args[0], func(p *studio.Project) error {
				var id int64
				if view != "" {
					v, err := p.FindView(c.Context(), view)
					if err != nil {
						return err
					}
					id = v.ID
				}
				if err := p.Sync(c.Context()); err != nil {
					return err
				}
				docs, err := versionDocs(c.Context(), p, id)
				if err != nil {
					return err
				}
				return s.print(docs, func() {
					if len(docs) == 0 {
						s.printf("No version yet: `viewfinder train` makes one")
						return
					}
					s.printVersions(docs)
				})
			})
		},
	}
	c.Flags().StringVar(&view, "view", "", "of this view alone")
	return s.facts(c)
}

const versionArgs = "a project and a version's name or id"

// stop is `viewfinder stop`.
func (s *session) stop() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:     "stop PROJECT VERSION",
		Short:   "Stop the training of a version and save its progress",
		Long:    "Stops a training, saves its state and waits until that is done; or removes a version from the queue.",
		Example: "  viewfinder stop waste v3",
		Args:    exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			return s.withOrRun(c.Context(), args[0], args[1], func(dir string) error {
				state, err := runs.InspectRun(dir)
				if err != nil {
					return err
				}
				if !state.Alive { // it may wait in the queue, which only who has the project open can change
					return fmt.Errorf("%s is not training, and %s is open in another window or command: remove it from the queue there", args[1], args[0])
				}
				if err := runs.StopRun(dir); err != nil {
					return err
				}
				if err := waitEnded(c.Context(), dir, stopPatience); err != nil {
					return err
				}
				return s.printRun(args[1], dir)
			}, func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if err := p.Stop(c.Context(), v.ID); err != nil {
					return err
				}
				if v.Run.Alive {
					if err := waitEnded(c.Context(), p.RunDir(v), stopPatience); err != nil {
						return err
					}
				}
				return s.syncAndPrint(c, p, v.ID)
			})
		},
	})
}

// syncAndPrint prints a version after its training was looked at.
func (s *session) syncAndPrint(c *cobra.Command, p *studio.Project, id int64) error {
	if err := p.Sync(c.Context()); err != nil {
		return err
	}
	doc, err := versionDocByID(c.Context(), p, id)
	if err != nil {
		return err
	}
	return s.print(doc, func() { s.printVersion(doc) })
}

// resume is `viewfinder resume`.
func (s *session) resume() *cobra.Command {
	var detach bool
	c := &cobra.Command{
		Use:   "resume PROJECT VERSION",
		Short: "Resume a stopped or interrupted training exactly where it stopped",
		Example: `  viewfinder resume waste v3
  viewfinder resume waste v3 --detach`,
		Args: exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			var doc versionDoc
			seen := 0
			err := s.with(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if seen, err = runs.CountRunEvents(p.RunDir(v)); err != nil { // by number: the clock may have been set back
					return err
				}
				if err := p.Resume(c.Context(), v.ID); err != nil {
					return err
				}
				doc, err = versionDocByID(c.Context(), p, v.ID)
				return err
			})
			if err != nil {
				return err
			}
			return s.followOrDetach(c, args[0], doc, detach, seen)
		},
	}
	c.Flags().BoolVar(&detach, "detach", false, "return at once and leave it training")
	return s.facts(c)
}

// wait is `viewfinder wait`.
func (s *session) wait() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:   "wait PROJECT VERSION",
		Short: "Follow a training until it ends",
		Long: `Follows a training until it has ended, and starts it when it is its turn in the queue. Ends with 0 if the version is ready,
otherwise with 1. Interrupting (Ctrl-C) ends only this command: the training continues.`,
		Example: "  viewfinder wait waste v3 && viewfinder evaluate waste v3",
		Args:    exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			var doc versionDoc
			err := s.withOrRun(c.Context(), args[0], args[1], func(dir string) error {
				state, err := runs.InspectRun(dir)
				doc = versionDoc{Name: args[1], Folder: dir}
				doc.apply(state)
				return err
			}, func(p *studio.Project) error {
				if err := p.Sync(c.Context()); err != nil {
					return err
				}
				v, err := p.FindVersion(c.Context(), args[1])
				if err == nil {
					doc, err = versionDocByID(c.Context(), p, v.ID)
				}
				return err
			})
			if err != nil {
				return err
			}
			return s.waitFor(c, args[0], doc)
		},
	})
}

func (s *session) waitFor(c *cobra.Command, project string, doc versionDoc) error {
	if domain.Status(doc.Status).Active() {
		if err := s.follow(c.Context(), followed{project, doc.ID, doc.Folder, false, 0}); err != nil {
			return err
		}
	}
	doc, err := s.latest(c.Context(), project, doc)
	if err != nil {
		return err
	}
	if err := s.print(doc, func() { s.printVersion(doc) }); err != nil {
		return err
	}
	if doc.Status != string(domain.StatusReady) {
		return endedBadly(doc)
	}
	return nil
}

// remove is `viewfinder delete`.
func (s *session) remove() *cobra.Command {
	return s.facts(&cobra.Command{
		Use:     "delete PROJECT VERSION",
		Short:   "Delete a version with its run folder",
		Long:    "Permanently deletes a version with its weights, curves and run folder. One that is training has to be stopped first.",
		Example: "  viewfinder delete waste v3",
		Args:    exactly(2, versionArgs),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c.Context(), args[0], func(p *studio.Project) error {
				v, err := p.FindVersion(c.Context(), args[1])
				if err != nil {
					return err
				}
				if err := p.DeleteVersion(c.Context(), v.ID); err != nil {
					return err
				}
				return s.done(p.Sync(c.Context()), "Deleted %s", v.Name)
			})
		},
	})
}
