package views

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"viewfinder/app/studio"
	"viewfinder/storage/domain"
	"viewfinder/storage/words"
	"viewfinder/widgets"
)

// filters choose what the gallery shows.
type filters struct {
	model   *model
	changed func()            // a person chose something else
	setBox  func(text string) // what the field of the search shows
	state   *widgets.Segments
	split   *widget.Select
	concept *widget.Select
	order   *widget.Select
	text    string
	timer   *time.Timer
	ids     []int64 // of the concepts in the choice, after "any concept"
	chosen  int64
	quiet   bool
}

var orders = []struct {
	title string
	set   func(*studio.Query)
}{
	{"Name", func(q *studio.Query) { q.Sort = studio.SortName }},
	{"Newest", func(q *studio.Query) { q.Sort, q.Descending = studio.SortAdded, true }},
	{"Oldest", func(q *studio.Query) { q.Sort = studio.SortAdded }},
	{"Largest", func(q *studio.Query) { q.Sort, q.Descending = studio.SortSize, true }},
	{"Least certain", func(q *studio.Query) { q.Sort = studio.SortConfidence }},
	{orderUseful, func(q *studio.Query) { q.Sort = studio.SortUseful }},
	{"Most certain", func(q *studio.Query) { q.Sort, q.Descending = studio.SortConfidence, true }}, // last: a project remembers places
}

func newFilters(m *model, chosen func(), order func(then func()), setBox func(string)) *filters {
	f := &filters{model: m, setBox: setBox}
	f.changed = func() {
		if !f.quiet {
			chosen()
		}
	}
	changed := f.changed
	f.state = widgets.NewSegments(stateSegments(studio.Counts{}, "", 0), func(string) { changed() })
	f.split = widget.NewSelect(splitChoices(), func(string) { changed() })
	f.concept = widget.NewSelect([]string{"Any concept"}, nil)
	f.concept.OnChanged = func(string) {
		f.chosen = 0
		if i := f.concept.SelectedIndex(); i > 0 && i <= len(f.ids) {
			f.chosen = f.ids[i-1]
		}
		changed()
	}
	var names []string
	for _, o := range orders {
		names = append(names, o.title)
	}
	f.order = widget.NewSelect(names, func(name string) {
		if name == orderUseful && !f.quiet {
			order(changed)
			return
		}
		changed()
	})
	f.reset()
	return f
}

// allSplits is the choice of every split.
const allSplits = "All splits"

func (f *filters) reset() {
	f.quiet = true
	defer func() { f.quiet = false }()
	f.state.SetSelected("")
	f.split.SetSelectedIndex(0)
	f.concept.SetOptions([]string{"Any concept"})
	f.concept.SetSelectedIndex(0)
	f.order.SetSelectedIndex(0)
	f.chosen, f.ids = 0, nil
	f.setBox("")
	f.text = ""
}

// isSet reports whether something is filtered out.
func (f *filters) isSet() bool {
	return f.state.Selected() != "" || f.split.SelectedIndex() > 0 || f.chosen != 0 || f.text != ""
}

// setText filters by a part of the name, once typing rests.
func (f *filters) setText(text string) {
	if f.quiet || text == f.text {
		return
	}
	f.text = text
	if f.timer != nil {
		f.timer.Stop()
	}
	f.timer = time.AfterFunc(150*time.Millisecond, func() {
		fyne.Do(f.changed)
	})
}

func (f *filters) query(view int64) studio.Query {
	q := studio.Query{View: view, Concept: f.chosen, Text: f.text}
	switch f.state.Selected() {
	case "not_annotated":
		q.State = studio.StateNotAnnotated
	case "annotated":
		q.State = studio.StateAnnotated
	case "without_concept":
		q.State = studio.StateWithoutConcept
	case "not_reviewed":
		q.State = studio.StateNotReviewed
	case "reviewed":
		q.State = studio.StateReviewed
	case "suggested":
		q.State = studio.StateSuggested
	}
	if i := f.split.SelectedIndex(); i > 0 {
		q.Split = domain.Splits()[i-1]
	}
	if i := f.order.SelectedIndex(); i >= 0 {
		orders[i].set(&q)
	}
	return q
}

// showCounts shows live counts beside each choice, and the view's concepts; assisted is how many datapoints the assistant suggests something for.
func (f *filters) showCounts(c studio.Counts, assisted int) {
	f.quiet = true
	defer func() { f.quiet = false }()
	f.state.SetItems(stateSegments(c, f.model.view().Type, assisted))
	f.split.Options = []string{allSplits}
	for _, s := range domain.Splits() {
		f.split.Options = append(f.split.Options, string(s)+"  "+words.Number(c.Of(s).All))
	}
	i := max(0, f.split.SelectedIndex())
	f.split.SetSelectedIndex(i)
	f.split.Refresh()
	names := []string{"Any concept"}
	f.ids = f.ids[:0]
	at := 0
	for _, k := range f.model.concepts {
		n := f.model.counts[k.ID].All()
		names = append(names, k.Name+"  "+words.Number(n))
		f.ids = append(f.ids, k.ID)
		if k.ID == f.chosen {
			at = len(f.ids)
		}
	}
	if at == 0 && f.chosen != 0 && len(f.model.concepts) > 0 { // it was deleted
		f.chosen = 0
		fyne.Do(f.changed)
	}
	f.concept.Options = names
	f.concept.SetSelectedIndex(at)
	f.concept.Refresh()
}

func stateSegments(c studio.Counts, kind domain.Task, assisted int) []widgets.Segment {
	t := c.Total()
	items := []widgets.Segment{
		{Key: "", Text: "All", Badge: words.Number(t.All)},
		{Key: "not_annotated", Text: "Not annotated", Badge: words.Number(t.NotAnnotated()), Hint: "Not annotated yet: in no set"},
		{Key: "annotated", Text: "Annotated", Badge: words.Number(t.Annotated)},
	}
	if !kind.ExactlyOne() {
		items = append(items, widgets.Segment{Key: "without_concept", Text: "Without", Badge: words.Number(t.WithoutConcept), Hint: "Annotated as without concept: hard negatives"})
	}
	items = append(items,
		widgets.Segment{Key: "not_reviewed", Text: "To review", Badge: words.Number(t.NotReviewed()), Hint: "Annotated, but not marked as reviewed"},
		widgets.Segment{Key: "reviewed", Text: "Reviewed", Badge: words.Number(t.Reviewed)})
	if t.Suggested+assisted > 0 {
		items = append(items, widgets.Segment{Key: "suggested", Text: "Suggested", Badge: words.Number(t.Suggested + assisted), Hint: "With suggestions that are neither accepted nor rejected"})
	}
	return items
}
