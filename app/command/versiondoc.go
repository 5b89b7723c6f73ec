package command

import (
	"context"
	"fmt"
	"time"

	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
)

// versionDoc is a model version in JSON.
type versionDoc struct {
	ID            int64        `json:"id"`
	UID           string       `json:"uid"`
	Name          string       `json:"name"`
	View          string       `json:"view"`
	Status        string       `json:"status"`
	Architecture  string       `json:"architecture"`
	Concepts      []string     `json:"concepts"`
	Images        int          `json:"images"`
	Iteration     int          `json:"iteration"`
	Iterations    int          `json:"iterations"`
	BestIteration int          `json:"best_iteration,omitempty"`
	Headline      *float64     `json:"headline"`
	HeadlineName  string       `json:"headline_name,omitempty"`
	Test          *float64     `json:"test,omitempty"` // the same figure on the test split, where somebody looked
	TestImages    int          `json:"test_images,omitempty"`
	ImagesPerS    float64      `json:"images_per_s,omitempty"`
	SecondsLeft   float64      `json:"seconds_left,omitempty"`
	Error         string       `json:"error,omitempty"`
	Note          string       `json:"note,omitempty"`
	Device        string       `json:"device,omitempty"`
	CreatedAt     time.Time    `json:"created_at"`
	StartedAt     *time.Time   `json:"started_at,omitempty"`
	EndedAt       *time.Time   `json:"ended_at,omitempty"`
	Seconds       float64      `json:"seconds"`
	Options       runs.Options `json:"options"`
	Folder        string       `json:"folder"`
	// Advice is what the curves and figures show; it is read for single versions.
	Advice        []runs.Finding `json:"advice,omitempty"`
	KeptIteration int            `json:"kept_iteration,omitempty"`
}

func versionDocOf(p *studio.Project, v runs.Version, view string) versionDoc {
	doc := versionDoc{
		ID: v.ID, UID: v.UID, Name: v.Name, View: view, Status: string(v.Status), Architecture: v.Architecture, Concepts: []string{},
		Images: v.Images, Iteration: v.Run.Iteration, Iterations: v.Run.Iterations, BestIteration: v.Run.BestIteration, KeptIteration: v.Run.KeptIteration,
		HeadlineName: v.HeadlineName, ImagesPerS: v.Run.ImagesPerSecond, SecondsLeft: v.Run.SecondsLeft, Error: v.Error, Note: v.Note, Device: v.Device,
		CreatedAt: v.CreatedAt, StartedAt: timeOrNil(v.StartedAt), EndedAt: timeOrNil(v.EndedAt), Seconds: v.Duration().Seconds(), Folder: p.RunDir(v),
	}
	for _, c := range v.Concepts {
		doc.Concepts = append(doc.Concepts, c.Name)
	}
	if v.HeadlineName != "" {
		doc.Headline = &v.Headline
	}
	if v.Test != nil {
		doc.Test, doc.TestImages = &v.Test.Headline, v.Test.Images
	}
	if o, err := v.TrainingOptions(); err == nil {
		doc.Options = o
		if doc.Iterations == 0 {
			doc.Iterations = o.Iterations
		}
	}
	if v.Status == domain.StatusReady && doc.Iteration == 0 {
		doc.Iteration = doc.Iterations
	}
	return doc
}

// apply takes over what a run folder says.
func (d *versionDoc) apply(state runs.RunState) {
	d.Status, d.Error, d.Device = string(state.Status), state.Error, state.Device
	d.Iteration, d.Iterations, d.BestIteration = state.Iteration, state.Iterations, state.BestIteration
	d.ImagesPerS, d.SecondsLeft = state.ImagesPerSecond, state.SecondsLeft
	if d.HeadlineName = state.HeadlineName; d.HeadlineName != "" {
		d.Headline = &state.Headline
	}
	d.StartedAt, d.EndedAt = timeOrNil(state.StartedAt), timeOrNil(state.EndedAt)
	if d.StartedAt != nil && d.EndedAt != nil {
		d.Seconds = d.EndedAt.Sub(*d.StartedAt).Seconds()
	}
}

// printRun prints what a run folder alone says of a version.
func (s *session) printRun(name, dir string) error {
	state, err := runs.InspectRun(dir)
	if err != nil {
		return err
	}
	doc := versionDoc{Name: name, Folder: dir}
	doc.apply(state)
	return s.print(doc, func() { s.printVersion(doc) })
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// mostAdvised is of how many versions, the newest, a list reads the curves.
const mostAdvised = 5

// versionDocs lists the versions of a view (0: of all), newest first.
func versionDocs(ctx context.Context, p *studio.Project, view int64) ([]versionDoc, error) {
	versions, err := p.Versions(ctx, view)
	if err != nil {
		return nil, err
	}
	names, err := viewNames(ctx, p)
	if err != nil {
		return nil, err
	}
	docs := []versionDoc{}
	for i, v := range versions {
		doc := versionDocOf(p, v, names[v.ViewID])
		if i < mostAdvised && v.Status != domain.StatusQueued {
			doc.Advice, _ = p.Advice(ctx, v.ID)
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

// versionDocByID reads one version in full.
func versionDocByID(ctx context.Context, p *studio.Project, id int64) (versionDoc, error) {
	v, err := p.Version(ctx, id)
	if err != nil {
		return versionDoc{}, err
	}
	names, err := viewNames(ctx, p)
	doc := versionDocOf(p, v, names[v.ViewID])
	if err == nil && v.Status != domain.StatusQueued {
		doc.Advice, _ = p.Advice(ctx, id) // curves that cannot be read say nothing; the version's error does
	}
	return doc, err
}

func viewNames(ctx context.Context, p *studio.Project) (map[int64]string, error) {
	views, err := p.Views(ctx)
	names := map[int64]string{}
	for _, v := range views {
		names[v.ID] = v.Name
	}
	return names, err
}

// headline is the first performance figure in words, or "".
func (d versionDoc) headline() string {
	if d.Headline == nil {
		return ""
	}
	return fmt.Sprintf("%s %s", domain.FigureTitle(d.HeadlineName), words.Percent(*d.Headline))
}

// state is the status in words.
func (d versionDoc) state() string {
	if d.Status == "training" && d.Iterations > 0 {
		return fmt.Sprintf("training %d/%d", d.Iteration, d.Iterations)
	}
	return d.Status
}

func (s *session) printVersions(docs []versionDoc) {
	rows := [][]string{{"version", "id", "view", "status", "figure (val)", "on test", "architecture", "images", "created", "took"}}
	for _, d := range docs {
		took := ""
		if d.Seconds > 0 {
			took = words.Seconds(d.Seconds)
		}
		figure := d.headline()
		if figure == "" && d.Status == "ready" {
			figure = "-" // nothing in val could judge it
		}
		test := ""
		if d.Test != nil {
			test = words.Percent(*d.Test)
		}
		rows = append(rows, []string{d.Name, fmt.Sprint(d.ID), d.View, d.state(), figure, test, d.Architecture, words.Number(d.Images),
			d.CreatedAt.Local().Format("2006-01-02 15:04"), took})
	}
	s.table(rows)
	for _, d := range docs {
		if d.Error != "" {
			s.printf("%s %s: %s", d.Name, d.Status, d.Error)
		}
		for _, one := range d.Advice {
			s.printf("%s: %s", d.Name, one.Text)
		}
	}
}
