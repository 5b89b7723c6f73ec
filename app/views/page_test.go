package views

import (
	"context"
	"slices"
	"sync"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/keys"
	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

func TestMain(m *testing.M) { versiontest.Main(m) }

// stand is a page on a real project of small images, in a window without a screen. The predictions of versions are made up: see fakeProject.
type stand struct {
	*versiontest.Shell
	t    *testing.T
	page *Page
	fake *fakeProject
}

// calls is what a project was asked, on whatever goroutine.
type calls[T any] struct {
	mu  sync.Mutex
	all []T
}

// add returns how many there are now.
func (c *calls[T]) add(more ...T) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, more...)
	return len(c.all)
}

func (c *calls[T]) list() []T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// fakeProject is a project in which a version suggests what a test wants.
type fakeProject struct {
	Project
	suggestions map[int64][]studio.Suggestion // by image
	versions    []runs.Version
	requests    calls[predict.SuggestRequest]
	accepted    calls[int64]
	above       calls[float64]
	order       predict.NextOrder
	made        bool
	next        []int64
	failure     error                   // of what is asked next of the network
	guesses     map[int64]assist.Guess  // of the assistant, by image
	predicted   calls[studio.Predicted] // that were accepted
	status      assist.Status
	switched    calls[bool]
	estimate    assist.Estimate
	nearest     []int64
}

func (s *fakeProject) Assisted(d studio.Datapoint) (assist.Guess, bool) {
	g, ok := s.guesses[d.Image.ID]
	return g, ok && !d.Annotated && d.Suggested == 0
}
func (s *fakeProject) AcceptAssisted(ctx context.Context, list []studio.Predicted) error {
	s.predicted.add(list...)
	return s.Project.AcceptAssisted(ctx, list)
}
func (s *fakeProject) RejectAssisted(d studio.Datapoint) { delete(s.guesses, d.Image.ID) }
func (s *fakeProject) AssistantStatus(view int64) assist.Status {
	if s.guesses == nil {
		return assist.Status{}
	}
	s.status.View = view
	return s.status
}
func (s *fakeProject) SetAssistant(_ context.Context, _ int64, on bool) error {
	s.switched.add(on)
	return s.failure
}
func (s *fakeProject) EstimateAbove(context.Context, studio.Query, float64) (assist.Estimate, error) {
	return s.estimate, nil
}
func (s *fakeProject) Nearest(int64, int64, int) []int64 { return s.nearest }
func (s *fakeProject) Similar(_ context.Context, ids []int64, d studio.Datapoint, _ *domain.Box) ([]int64, int, error) {
	order := slices.Clone(ids)
	slices.Reverse(order)
	return order, len(ids) - 1, s.failure
}

func (s *fakeProject) Suggestions(_ context.Context, k studio.Key) ([]studio.Suggestion, error) {
	return s.suggestions[k.Image], nil
}

func (s *fakeProject) DatapointsByID(ctx context.Context, ids []int64) ([]studio.Datapoint, error) {
	list, err := s.Project.DatapointsByID(ctx, ids)
	for i := range list {
		list[i].Suggested = len(s.suggestions[list[i].Image.ID])
	}
	return list, err
}

func (s *fakeProject) VersionNames(context.Context, []int64) map[int64]string {
	return map[int64]string{7: "v1", 8: "v2"}
}
func (s *fakeProject) Versions(context.Context, int64) ([]runs.Version, error) {
	return s.versions, s.failure
}
func (s *fakeProject) SuggestFor(_ context.Context, _ int64, r predict.SuggestRequest, _ session.Progress) (int, error) {
	return 3 - s.requests.add(r), s.failure
}
func (s *fakeProject) AcceptSuggestions(ctx context.Context, view int64, ids []int64) error {
	s.accepted.add(ids...)
	return s.failure
}
func (s *fakeProject) RejectSuggestions(context.Context, int64, []int64) error { return s.failure }
func (s *fakeProject) AcceptAllAbove(_ context.Context, _ studio.Query, from float64) (int, int, error) {
	return 2 - s.above.add(from), 1, s.failure
}
func (s *fakeProject) Network(context.Context, int64) (*predict.Network, error) {
	return nil, s.failure
}
func (s *fakeProject) Next(context.Context, int64, int, session.Progress) (predict.NextOrder, error) {
	return s.order, s.failure
}
func (s *fakeProject) NextMade(context.Context, int64) (predict.NextOrder, bool, error) {
	return s.order, s.made, nil
}
func (s *fakeProject) NextNotAnnotated(context.Context, int64, int) ([]int64, error) {
	return s.next, nil
}

// newStand shows a view of a type over images red000 … and blue000 …, with the concepts red and blue, keys 1 and 2; nothing is annotated but in a
// classification.
func newStand(t *testing.T, kind domain.Task, perConcept int) *stand {
	t.Helper()
	s := &stand{Shell: versiontest.New(t, perConcept), t: t}
	ctx := t.Context()
	if !kind.ExactlyOne() {
		v, err := s.Project().AddView(ctx, studio.View{Name: "Other", Type: kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"red", "blue"} {
			if _, err := s.Project().AddConcept(ctx, domain.Concept{ViewID: v.ID, Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		s.Shell.SetView(v.ID)
	}
	s.fake = &fakeProject{Project: s.Project()}
	s.page = New(s, s.fake, Preferences{Keys: keys.New(nil), GoOn: func() bool { return true }})
	t.Cleanup(func() {
		s.page.Close()
		s.page.Wait(context.Background())
	})
	t.Cleanup(s.Project().Subscribe(func(c session.Change) {
		fyne.Do(func() { s.page.Refresh(page.Change{Data: true, Studio: c}) })
	}))
	s.Window().SetContent(container.NewBorder(s.page.Search(), nil, nil, nil, s.page.Content()))
	s.page.Show()
	s.reload()
	return s
}

// SetView implements page.Shell: the page is told.
func (s *stand) SetView(id int64) {
	s.Shell.SetView(id)
	s.page.Refresh(page.Change{View: true})
}

// reload has the page read all, as when its tab is shown again.
func (s *stand) reload() {
	n := s.page.loading
	s.page.Refresh(page.Change{View: true, Data: true})
	s.Until("the view", func() bool { return s.page.loading > n && s.page.gallery.loaded })
	s.Until("the images", func() bool {
		if len(s.page.ids) == 0 {
			return true
		}
		_, ok := s.page.memory.point(s.page.ids[0])
		if !ok {
			s.page.gallery.read()
		}
		return ok
	})
}

// saved waits until what was done is saved and what was saved was read again.
func (s *stand) saved() {
	s.t.Helper()
	w := s.page.writer
	idle := func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return !w.running && s.page.gate.shut == 0
	}
	for range 2 { // the second time for what the first brought about
		s.Until("the disk", idle)
		seen := false
		fyne.Do(func() { seen = true }) // behind what is already to be done on the window's thread
		s.Until("the window", func() bool { return seen })
	}
	s.noFailure()
}

func (s *stand) noFailure() {
	s.t.Helper()
	if len(s.Failures) > 0 {
		s.t.Fatal(s.Failures)
	}
}

// point reads a datapoint of the list from the disk.
func (s *stand) point(i int) studio.Datapoint {
	s.t.Helper()
	list, err := s.Project().DatapointsByID(s.t.Context(), []int64{s.page.ids[i]})
	if err != nil || len(list) != 1 {
		s.t.Fatal(list, err)
	}
	return list[0]
}

// concept is a concept of the view by its name.
func (s *stand) concept(name string) domain.Concept {
	s.t.Helper()
	i := slices.IndexFunc(s.page.concepts, func(c domain.Concept) bool { return c.Name == name })
	if i < 0 {
		s.t.Fatalf("there is no %s among %v", name, s.page.concepts)
	}
	return s.page.concepts[i]
}

// names of the datapoints that the gallery lists.
func (s *stand) names() (list []string) {
	s.t.Helper()
	points, err := s.Project().DatapointsByID(s.t.Context(), s.page.ids)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, d := range points {
		list = append(list, d.Image.Name)
	}
	return list
}

// choose selects places of the gallery's list.
func (s *stand) choose(places ...int) { s.page.gallery.grid.SetSelected(places) }

// expect waits for a notice that has words in it, and forgets all notices.
func (s *stand) expect(words string) {
	s.t.Helper()
	s.Until("to hear "+words, func() bool { return anyContains(s.Notes, words) })
	s.Notes = nil
}
