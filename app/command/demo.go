package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/evaluate"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/sample"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// What the demo trains: a view of the sample project.
const (
	demoFolder = "viewfinder-demo"
	demoView   = "Material"
)

// demoDoc is what `viewfinder demo --json` prints.
type demoDoc struct {
	Project    string        `json:"project"`
	Version    versionDoc    `json:"version"`
	Evaluation evaluationDoc `json:"evaluation"`
	Charts     []string      `json:"charts"`
	beside     string        // what a training from nothing reaches, in a sentence
}

// demo is `viewfinder demo`.
func (s *session) demo() *cobra.Command {
	iterations := 0
	c := &cobra.Command{
		Use:   "demo [FOLDER]",
		Short: "Run the main job once: unpack the sample project, train on it, evaluate the network",
		Long: `Unpacks the sample project that is inside the program into FOLDER (a new folder "viewfinder-demo" if none is given; a number is
added to the name if the folder exists), trains a version on its view "Material", prints steps and figures, and writes the curves as
a PNG image. The version starts from the built-in network, as every training does for which nothing else is chosen, and takes seconds. The project can be
opened afterwards.`,
		Example: "  viewfinder demo\n  viewfinder demo /tmp/demo --json",
		Args:    between(0, 1, "at most a folder"),
		RunE: func(c *cobra.Command, args []string) error {
			folder := demoFolder
			if len(args) == 1 {
				folder = args[0]
			}
			if iterations < 1 && c.Flags().Changed("iterations") {
				return wrongCall(c, "--iterations must be at least 1")
			}
			return s.runDemo(c, folder, iterations)
		},
	}
	c.Flags().IntVar(&iterations, "iterations", 0, "number of iterations (batches); default: what suits the training")
	return s.facts(c)
}

func (s *session) runDemo(c *cobra.Command, folder string, iterations int) error {
	ctx := c.Context()
	p, err := studio.Sample(ctx, folder)
	if err != nil {
		return err
	}
	dir := p.Dir()
	s.progress().say("Unpacked the sample project into %s", dir)
	v, err := s.startDemo(ctx, p, iterations)
	runDir := p.RunDir(v)
	if err := errors.Join(err, p.Close()); err != nil {
		return err
	}
	if err := s.follow(ctx, followed{dir, v.ID, runDir, true, 0}); err != nil {
		return err
	}
	return s.with(ctx, dir, func(p *studio.Project) error {
		doc, err := s.judgeDemo(ctx, p, v.ID)
		if err != nil {
			return err
		}
		return s.print(doc, func() {
			s.printVersion(doc.Version)
			s.printf("")
			s.printEvaluation(doc.Evaluation)
			s.printf("")
			for _, chart := range doc.Charts {
				s.printf("Wrote %s", chart)
			}
			if doc.beside != "" {
				s.printf("%s", doc.beside)
			}
			s.printf("Open the project with: viewfinder %s", words.Shell(dir))
		})
	})
}

func (s *session) startDemo(ctx context.Context, p *studio.Project, iterations int) (runs.Version, error) {
	view, err := p.FindView(ctx, demoView)
	if err != nil {
		return runs.Version{}, err
	}
	options, _ := runs.ProposedOptions(view.Type, "", 0)
	use, err := p.Prepare(ctx, view.ID, options)
	if err != nil {
		return runs.Version{}, err
	}
	options, why := runs.ProposedOptions(view.Type, "", use.Splits[0].Images)
	if iterations > 0 {
		options.Iterations = iterations
	}
	s.progress().say("%s", why)
	s.progress().say("Training %s on %s: %s for training, %s for validation", options.Architecture, view.Name,
		words.Count(use.Splits[0].Images, "photo"), words.Count(use.Splits[1].Images, "photo"))
	return p.Train(ctx, runs.TrainRequest{View: view.ID, Options: options})
}

// judgeDemo evaluates the version and writes its charts.
func (s *session) judgeDemo(ctx context.Context, p *studio.Project, id int64) (demoDoc, error) {
	doc := demoDoc{Project: p.Dir()}
	if err := p.Sync(ctx); err != nil {
		return doc, err
	}
	var err error
	if doc.Version, err = versionDocByID(ctx, p, id); err != nil {
		return doc, err
	}
	if doc.Version.Status != string(domain.StatusReady) {
		return doc, endedBadly(doc.Version)
	}
	if doc.Evaluation, err = s.evaluateVersion(ctx, p, id, evaluate.EvaluateRequest{Split: domain.SplitVal}); err != nil {
		return doc, err
	}
	if v, err := p.FindVersion(ctx, sample.FromNothing); err == nil && v.HeadlineName != "" {
		doc.beside = fmt.Sprintf("The version %q of this project was trained without the built-in network: %s %s on val after %s.", v.Name, v.HeadlineName, words.Percent(v.Headline), words.Seconds(v.Duration().Seconds()))
	}
	history, err := p.RunHistory(ctx, id)
	if err != nil {
		return doc, err
	}
	doc.Charts, err = writeCharts(history, "", p.Dir())
	for i, chart := range doc.Charts {
		if relative, err := filepath.Rel(".", chart); err == nil && len(relative) < len(chart) {
			doc.Charts[i] = relative
		}
	}
	return doc, err
}
