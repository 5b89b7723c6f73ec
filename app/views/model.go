package views

import (
	"cmp"
	"slices"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/assist"
	"viewfinder/app/studio/editing"
	"viewfinder/storage/domain"
	"viewfinder/widgets"
)

// model is what gallery, annotator and panel have in common. Each changes it by its methods and observes it; none knows another. It is used on the
// window's thread.
type model struct {
	*memory
	shell   page.Shell
	project Project

	nodes    []editing.ViewNode
	concepts []domain.Concept // of the current view
	byID     map[int64]domain.Concept
	dots     map[int64]int                 // beside a concept's colour, where there are others like it
	counts   map[int64]studio.ConceptCount // by concept

	ids       []int64       // datapoints of the gallery's list, in its order
	index     map[int64]int // of ids
	selection []int64       // datapoints that are selected in the gallery, in its order
	opened    opened
	certain   float64 // suggestions from this confidence on are shown

	observers []func(news)
}

// opened is what the annotator shows.
type opened struct {
	open        bool
	view        studio.View
	ids         []int64 // what it goes through
	at          int
	point       studio.Datapoint     // its ID is 0 while it is read
	stale       bool                 // the annotation of point is outdated and is being read anew
	brush       int64                // the concept that is drawn with
	boxes       []widgets.Mark       // of a detection, as they are drawn
	chosen      []int                // places in boxes of those that are selected
	pointer     string               // which pixel the pointer is on
	suggestions []studio.Suggestion  // for the image
	guess       *assist.Guess        // what the assistant suggests: then suggestions are its
	makers      string               // the versions that made them
	shown       []widgets.Suggestion // those of them that are certain enough
}

func (o *opened) isOpen() bool { return o.open }

// shownID is the datapoint that is open, 0 for none.
func (o *opened) shownID() int64 {
	if !o.open || o.at < 0 || o.at >= len(o.ids) {
		return 0
	}
	return o.ids[o.at]
}

// topic is what a piece of news is about.
type topic int

const (
	aboutConcepts    topic = iota // views, concepts and their counts were read
	aboutPoint                    // a datapoint is to be drawn again: what is known of it has changed, or its thumbnail is there
	aboutPoints                   // any datapoint
	aboutSelection                // what is selected in the gallery
	aboutOpened                   // which image is open, or what is known of it
	aboutBoxes                    // the boxes of the open image, or which are selected
	aboutPointer                  // where the pointer is
	aboutSuggestions              // what is suggested for the open image, or shown of it
	aboutList                     // the gallery's list
	aboutAssistant                // what the assistant does in the view
)

// news is what observers hear; id is the datapoint, if it is about one.
type news struct {
	about topic
	id    int64
}

func newModel(s page.Shell, p Project) *model {
	return &model{shell: s, project: p, byID: map[int64]domain.Concept{}, counts: map[int64]studio.ConceptCount{}, index: map[int64]int{}}
}

// observe has f hear all news from now on.
func (m *model) observe(f func(news)) { m.observers = append(m.observers, f) }

func (m *model) tell(about topic) { m.hear(news{about: about}) }

func (m *model) hear(n news) {
	for _, f := range m.observers {
		f(n)
	}
}

// view is the current view, which the gallery shows; the annotator's may be another.
func (m *model) view() studio.View { return m.shell.View() }

// forgetConcepts forgets those of another view: their keys mean nothing here.
func (m *model) forgetConcepts() {
	m.concepts = nil
	clear(m.byID)
}

// setConcepts takes what was read of the project's views and the current view's concepts.
func (m *model) setConcepts(nodes []editing.ViewNode, concepts []domain.Concept, used []studio.ConceptCount) {
	m.nodes, m.concepts, m.dots = nodes, concepts, dotsOf(concepts)
	clear(m.byID)
	clear(m.counts)
	for _, c := range concepts {
		m.byID[c.ID] = c
	}
	for _, c := range used {
		m.counts[c.Concept] = c
	}
	m.tell(aboutConcepts)
}

// dotsOf tells the concepts of like colours apart: see [domain.ColorMarks].
func dotsOf(concepts []domain.Concept) map[int64]int {
	made := slices.SortedFunc(slices.Values(concepts), func(a, b domain.Concept) int { return cmp.Compare(a.ID, b.ID) })
	colors := make([]string, len(made))
	for i, c := range made {
		colors[i] = c.Color
	}
	dots := map[int64]int{}
	for i, n := range domain.ColorMarks(colors) {
		dots[made[i].ID] = n
	}
	return dots
}

// setList takes the gallery's list.
func (m *model) setList(ids []int64) {
	if !slices.Equal(ids, m.ids) {
		m.index = make(map[int64]int, len(ids))
		for i, id := range ids {
			m.index[id] = i
		}
	}
	m.ids = ids
	m.tell(aboutList)
}

// setSelection takes what is selected in the gallery.
func (m *model) setSelection(ids []int64) {
	if !slices.Equal(ids, m.selection) {
		m.selection = ids
		m.tell(aboutSelection)
	}
}

// conceptOfKey is the concept that has a key.
func (m *model) conceptOfKey(r rune) (domain.Concept, bool) {
	for _, c := range m.concepts {
		if c.Key != "" && []rune(c.Key)[0] == r {
			return c, true
		}
	}
	return domain.Concept{}, false
}

// setBoxes takes the boxes of the open image as they are drawn, and which of them are selected.
func (m *model) setBoxes(boxes []widgets.Mark, chosen []int) {
	m.opened.boxes, m.opened.chosen = boxes, chosen
	m.tell(aboutBoxes)
}

// setPointer takes which pixel of the image the pointer is on.
func (m *model) setPointer(text string) {
	if m.opened.pointer != text {
		m.opened.pointer = text
		m.tell(aboutPointer)
	}
}
