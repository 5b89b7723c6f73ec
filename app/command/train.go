package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// trainFlags are the flags of `viewfinder train`.
type trainFlags struct {
	view, name, architecture, from, preset string
	set                                    []setting
	detach                                 bool
}

// train is `viewfinder train`.
func (s *session) train() *cobra.Command {
	var f trainFlags
	c := &cobra.Command{
		Use:   "train PROJECT",
		Short: "Train a new model version and follow it until it ends",
		Long: `Creates a model version from a view's annotated images as they are now, and trains it in a process of its own, one
version at a time; others are queued. The command follows it until it ends; with --detach it returns at once. Interrupting (Ctrl-C) stops the
training and saves its progress; "resume" continues exactly there.

Classification and tagging start from the built-in backbone, whose head alone learns in seconds; --set weights=nothing starts from nothing.

Options for --set ("viewfinder train --set help" explains them):
` + wrapped(optionNames(), 120) + ".",
		Example: `  viewfinder train waste --view Material --iterations 600 --batch-size 32
  viewfinder train waste --view Material --name big --architecture resnet18 --set optimizer=adamw --set learning_rate=0.001
  viewfinder train waste --view Material --preset quick
  viewfinder train waste --view Material --from v1 --detach
  viewfinder train waste --view Material --json | jq .headline`,
		Args: func(c *cobra.Command, args []string) error {
			if f.wantHelp() {
				return nil
			}
			return exactly(1, "a project")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if f.wantHelp() {
				return s.optionHelp(f.architecture)
			}
			var doc versionDoc
			err := s.with(c.Context(), args[0], func(p *studio.Project) error {
				request, err := s.trainRequest(c, p, f)
				if err != nil {
					return err
				}
				if err := s.sayUse(c, p, request); err != nil {
					return err
				}
				v, err := p.Train(c.Context(), request)
				if err != nil {
					return err
				}
				s.progress().say("Created %s: %s", v.Name, words.Count(v.Images, "image"))
				doc, err = versionDocByID(c.Context(), p, v.ID)
				return err
			})
			if err != nil {
				return err
			}
			return s.followOrDetach(c, args[0], doc, f.detach, 0)
		},
	}
	c.Flags().StringVar(&f.view, "view", "", "the view to train (not needed where the project has only one)")
	c.Flags().StringVar(&f.name, "name", "", "the version's name (default: the next of v1, v2, ...)")
	c.Flags().StringVar(&f.architecture, "architecture", "", "the architecture, see `viewfinder architectures` (default: that of the built-in backbone; for detection, and from nothing, the smallest that does well)")
	c.Flags().StringVar(&f.preset, "preset", "", "options that go together: "+presetNames()+"; the other flags change them")
	for _, d := range runs.OptionDocs(domain.Classification, "") {
		if d.Basic {
			text, _, _ := strings.Cut(d.Explanation, ";")
			c.Flags().Var(optionFlag{d.Name, &f}, strings.ReplaceAll(d.Name, "_", "-"), lowerFirst(strings.TrimSuffix(text, "."))+" (default: what suits the architecture)")
		}
	}
	c.Flags().StringVar(&f.from, "from", "", "start from the weights of this version")
	c.Flags().Var(setFlag{&f}, "set", "option=value (repeat it); help lists the options")
	c.Flags().BoolVar(&f.detach, "detach", false, "return at once and leave it training")
	return s.facts(c)
}

// optionHelp lists the training options.
func (s *session) optionHelp(architecture string) error {
	docs := runs.OptionDocs(domain.Classification, architecture)
	return s.print(docs, func() {
		for _, d := range docs {
			s.printf("%s (default %s)", d.Name, orNone(d.Default))
			s.printf("    %s", d.Explanation)
			if d.Limits != "" {
				s.printf("    from %s", d.Limits)
			}
			if len(d.Values) > 0 {
				s.printf("    one of: %s", strings.Join(d.Values, ", "))
			}
		}
	})
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// trainImages counts the images that would be trained on.
func trainImages(c *cobra.Command, p *studio.Project, v studio.View, o runs.Options) (int, error) {
	use, err := p.Prepare(c.Context(), v.ID, o)
	if err != nil {
		return 0, err
	}
	for _, split := range use.Splits {
		if split.Split == domain.SplitTrain {
			return split.Images, nil
		}
	}
	return 0, nil
}

// proposed are the options that the other flags change: what suits the start and the view's train images, as the preset has it if one is named; and why,
// in one line.
func (f trainFlags) proposed(c *cobra.Command, p *studio.Project, v studio.View, start runs.Start, learn string) (runs.Options, string, error) {
	train, err := trainImages(c, p, v, runs.DefaultOptions(v.Type, start.Architecture))
	if err != nil {
		return runs.Options{}, "", err
	}
	o, why := runs.StartOptions(v.Type, start, learn, train)
	if f.preset == "" {
		return o, why, nil
	}
	o, ok := runs.PresetOf(f.preset, o, train)
	if !ok {
		return o, "", wrongCall(c, "--preset %q: there are %s", f.preset, presetNames())
	}
	return o, why, nil
}

// start is what a training begins with, as the flags say or by rule; the weights of --from are the studio's business.
func (f *trainFlags) start(c *cobra.Command, p *studio.Project, v studio.View, from *runs.Version, learn string) (runs.Start, error) {
	architecture := f.architecture
	weights := "" // as the option names them; none where nobody did
	for i := range f.set {
		switch one := &f.set[i]; one.name {
		case "architecture":
			architecture = one.value
		case "weights":
			weights = one.value
			if !slices.Contains([]string{"", "none", "nothing"}, weights) {
				var err error
				if one.value, err = weightsFile(weights); err != nil {
					return runs.Start{}, wrongCall(c, "%s: %w", one.flag, err)
				}
				weights = one.value
				continue
			}
			weights = "nothing"
		}
	}
	var start runs.Start
	switch {
	case from != nil && learn != "":
		start = runs.StartOf(*from)
	case from != nil:
		start.Architecture = from.Architecture // all of it learns at one rate
	case weights == "nothing":
	case weights != "":
		var err error
		if start, err = p.ReadStart(weights); err != nil {
			return start, wrongCall(c, "--set weights: %w", err)
		}
	default:
		return runs.DefaultStart(v.Type, architecture), nil
	}
	if architecture != "" {
		start.Architecture = architecture
	}
	return start, nil
}

// trainRequest turns flags into what the studio is asked for.
func (s *session) trainRequest(c *cobra.Command, p *studio.Project, f trainFlags) (runs.TrainRequest, error) {
	r := runs.TrainRequest{Name: f.name}
	v, err := viewOf(c.Context(), p, f.view)
	if err != nil {
		return r, err
	}
	r.View = v.ID
	if err := checkArchitecture(c, f.architecture); err != nil {
		return r, err
	}
	var from *runs.Version
	if f.from != "" {
		version, err := p.FindVersion(c.Context(), f.from)
		if err != nil {
			return r, err
		}
		r.From, from = version.ID, &version
	}
	learn := ""
	for _, one := range f.set {
		if one.name == "learn" {
			learn = one.value
		}
	}
	start, err := f.start(c, p, v, from, learn)
	if err != nil {
		return r, err
	}
	var why string
	if r.Options, why, err = f.proposed(c, p, v, start, learn); err != nil {
		return r, err
	}
	if start.Weights != "" {
		s.progress().say("%s", why)
	}
	for _, one := range f.set {
		if one.name == "" {
			return r, wrongCall(c, "%s is not of the form option=value", one.flag)
		}
		if err := r.Options.Set(one.name, one.value); err != nil {
			return r, wrongCall(c, "%s: %w", one.flag, err)
		}
	}
	checked := r.Options
	if r.From != 0 {
		checked.Weights = f.from
	}
	if err := checked.Validate(v.Type); err != nil {
		return r, wrongCall(c, "%w", err)
	}
	return r, nil
}

// weightsFile is what --set weights names, as the trainer finds it, which works in the run folder: the built-in backbone, weights that were added, or a
// file.
func weightsFile(path string) (string, error) {
	if path == runs.BuiltInWeights {
		return path, nil
	}
	if w, ok := runs.FindWeights(path); ok {
		return w.Path, nil
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("the weights cannot be read: %w (an earlier version's are taken with --from)", err)
	}
	return path, nil
}

// checkArchitecture refuses a name that no network has; "" is the default one.
func checkArchitecture(c *cobra.Command, name string) error {
	var names []string
	for _, a := range runs.Architectures() {
		if a.Name == name {
			return nil
		}
		names = append(names, a.Name)
	}
	if name == "" {
		return nil
	}
	return wrongCall(c, "there is no architecture %q: there are %s", name, strings.Join(names, ", "))
}

// sayUse tells what will be trained on.
func (s *session) sayUse(c *cobra.Command, p *studio.Project, r runs.TrainRequest) error {
	use, err := p.Prepare(c.Context(), r.View, r.Options)
	if err != nil {
		return err
	}
	for _, split := range use.Splits {
		s.progress().say("%s: %s", split.Split, words.Count(split.Images, "image"))
	}
	for _, left := range use.LeftOut {
		s.progress().say("left out: %s: %s", words.Count(left.Count, "image"), left.Reason)
	}
	for _, warning := range use.Warnings {
		s.progress().say("warning: %s", warning)
	}
	return nil
}

// followOrDetach follows a version until it has ended, unless it is to be left alone, and prints it. Its first seen events are not told again.
func (s *session) followOrDetach(c *cobra.Command, project string, doc versionDoc, detach bool, seen int) error {
	if !detach {
		if err := s.follow(c.Context(), followed{project, doc.ID, doc.Folder, true, seen}); err != nil {
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
	if doc.Status == string(domain.StatusFailed) || !detach && doc.Status != string(domain.StatusReady) {
		return endedBadly(doc)
	}
	return nil
}

// latest brings a version's description up to date, and the project with it; where a window holds the project meanwhile, from the run
// folder alone.
func (s *session) latest(ctx context.Context, project string, doc versionDoc) (versionDoc, error) {
	now := doc
	err := s.with(ctx, project, func(p *studio.Project) (err error) {
		if err = p.Sync(ctx); err == nil {
			now, err = versionDocByID(ctx, p, doc.ID)
		}
		return err
	})
	if !errors.Is(err, studio.ErrLocked) {
		return now, err
	}
	state, err := runs.InspectRun(doc.Folder)
	if err == nil {
		doc.apply(state)
	}
	return doc, err
}

// endedBadly is the error for a version that did not become ready.
func endedBadly(d versionDoc) error {
	text := d.Name + " " + d.Status
	if d.Status == string(domain.StatusInterrupted) || d.Status == string(domain.StatusStopped) {
		text = d.Name + " was " + d.Status
	}
	if d.Error != "" {
		text += ": " + d.Error
	}
	return errors.New(text)
}

// printVersion describes a version in a few lines.
func (s *session) printVersion(d versionDoc) {
	line := fmt.Sprintf("%s is %s", d.Name, d.state())
	if d.ID != 0 { // otherwise the run folder alone was read
		line = fmt.Sprintf("%s (id %d) of %s is %s", d.Name, d.ID, d.View, d.state())
	}
	switch h := d.headline(); {
	case h != "" && d.Status == "ready" && d.BestIteration > 0:
		line += fmt.Sprintf(": %s on val, best at iteration %d", h, d.BestIteration)
	case h != "":
		line += ": " + h + " on val"
	case d.Status == "ready":
		line += ", without a figure: nothing in val says how good it is"
	}
	if d.Seconds > 0 {
		line += ", " + words.Seconds(d.Seconds)
	}
	s.printf("%s", line)
	for _, one := range d.Advice {
		s.printf("  %s (%s)", one.Text, one.Evidence)
	}
	s.printf("Folder: %s", d.Folder)
}
