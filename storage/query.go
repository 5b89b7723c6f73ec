package storage

import (
	"encoding/json"
	"fmt"
	"strings"

	"viewfinder/storage/domain"
)

// State is a filter on what has been decided about a datapoint.
type State string

// The states the gallery filters by.
const (
	StateAll            State = "" // every datapoint; "all" means the same
	StateAnnotated      State = "annotated"
	StateNotAnnotated   State = "not_annotated"
	StateWithoutConcept State = "without_concept" // annotated, and nothing found: a hard negative
	StateReviewed       State = "reviewed"
	StateNotReviewed    State = "not_reviewed" // annotated, but not reviewed
	StateSuggested      State = "suggested"
)

// Sort is an order of datapoints.
type Sort string

// The orders the gallery knows. Ties go by image and region, so that every order is total.
const (
	SortName       Sort = "name" // natural: frame 2 before frame 10; the default
	SortAdded      Sort = "added"
	SortSize       Sort = "size"       // bytes of the image file
	SortConfidence Sort = "confidence" // of the suggestions, least certain first; without suggestions last
	SortAnnotated  Sort = "annotated"  // when annotated; never annotated first
	SortUseful     Sort = "useful"     // as SetNext orders them; what it does not name comes last
)

// Query chooses datapoints of a view.
type Query struct {
	View       int64
	Split      domain.Split // empty: all
	ButTest    bool         `json:",omitempty"` // all but the test split
	State      State
	Concept    int64   // 0: any; else those that carry it
	Text       string  // part of the image's name, letter case ignored
	Images     []int64 // empty: any; else those images only
	Sort       Sort
	Descending bool
	Limit      int // 0: all
	Offset     int
}

// counted reports whether the tallies can answer how many q chooses.
func (q Query) counted() bool { return q.Text == "" && len(q.Images) == 0 }

func (q Query) check() error {
	if q.Split != "" && !q.Split.Valid() {
		return notSplit(q.Split)
	}
	switch q.State {
	case StateAll, "all", StateAnnotated, StateNotAnnotated, StateWithoutConcept, StateReviewed, StateNotReviewed, StateSuggested:
	default:
		return rulef("%q is not a state of images: use all, annotated, not_annotated, without_concept, reviewed, not_reviewed or suggested.", q.State)
	}
	switch q.Sort {
	case "", SortName, SortAdded, SortSize, SortConfidence, SortAnnotated, SortUseful:
	default:
		return rulef("%q is not an order of images: use name, added, size, confidence, annotated or useful.", q.Sort)
	}
	if q.Limit < 0 || q.Offset < 0 {
		return rulef("The number of images to list cannot be negative.")
	}
	return nil
}

// statement collects a SQL text and its arguments.
type statement struct {
	strings.Builder
	args []any
}

func (s *statement) add(sql string, args ...any) {
	s.WriteString(sql)
	s.args = append(s.args, args...)
}

// from writes the table and the conditions of q. Orders other than by name are sorted afterwards; see sortIDs.
func (q Query) from(s *statement) error {
	s.add(" FROM datapoints d INDEXED BY ")
	switch {
	case len(q.Images) > 0:
		s.add("datapoints_key")
	case q.byName() || q.Text != "":
		s.add("datapoints_gallery")
	default:
		s.add("datapoints_sorting")
	}
	s.add(" WHERE d.view_id = ? AND d.present = 1", q.View)
	if q.Split != "" {
		n, err := splitNumber(q.Split)
		if err != nil {
			return err
		}
		s.add(" AND d.split = ?", n)
	}
	if q.ButTest {
		s.add(" AND d.split <> ?", splitOfTest)
	}
	s.add(map[State]string{
		StateAnnotated:      " AND d.annotated = 1",
		StateNotAnnotated:   " AND d.annotated = 0",
		StateWithoutConcept: " AND d.annotated = 1 AND d.concept_set = ''",
		StateReviewed:       " AND d.reviewed_at IS NOT NULL",
		StateNotReviewed:    " AND d.annotated = 1 AND d.reviewed_at IS NULL",
		StateSuggested:      " AND d.suggested > 0",
	}[q.State])
	if q.Concept != 0 {
		s.add(" AND instr(d.concept_set, ?) > 0", inSet(q.Concept))
	}
	if q.Text != "" {
		s.add(` AND d.name_key LIKE ? ESCAPE '\'`, likePattern(q.Text))
	}
	if len(q.Images) > 0 {
		ids, err := json.Marshal(q.Images)
		if err != nil {
			return err
		}
		s.add(" AND d.image_id IN (SELECT value FROM json_each(?))", string(ids))
	}
	return nil
}

func (q Query) byName() bool { return q.Sort == "" || q.Sort == SortName }

// limit writes LIMIT and OFFSET.
func (q Query) limit(s *statement) {
	if q.Limit > 0 {
		s.add(" LIMIT ? OFFSET ?", q.Limit, q.Offset)
	} else if q.Offset > 0 {
		s.add(" LIMIT -1 OFFSET ?", q.Offset)
	}
}

// cut is LIMIT and OFFSET for ids.
func (q Query) cut(ids []int64) []int64 {
	ids = ids[min(q.Offset, len(ids)):]
	if q.Limit > 0 {
		ids = ids[:min(q.Limit, len(ids))]
	}
	return ids
}

// noConfidence sorts after every confidence, in billionths.
const noConfidence = 2_000_000_000

// idsSQL selects the ids of what q chooses, a row each: in q's order, when that is by name or by image, else with a whole number to sort by
// (ascending, and then in the order they come in). No aggregate gathers them: SQL promises no order to what group_concat sees.
func (q Query) idsSQL() (s *statement, sort bool, err error) {
	s = &statement{}
	key := map[Sort]string{
		SortSize:       "d.size",
		SortConfidence: fmt.Sprintf("CASE WHEN d.suggested > 0 THEN CAST(d.confidence * 1e9 AS INTEGER) ELSE %d END", noConfidence),
		SortAnnotated:  "coalesce(d.annotated_at, 0)",
		SortUseful:     fmt.Sprintf("coalesce((SELECT n.place FROM next_order n WHERE n.datapoint_id = d.id), %d)", noConfidence),
	}[q.Sort]
	s.add("SELECT d.id")
	if key != "" {
		s.add(", " + key)
	}
	if err := q.from(s); err != nil {
		return nil, false, err
	}
	direction := ""
	if q.Descending {
		direction = " DESC"
	}
	s.add(" ORDER BY ")
	if q.byName() {
		s.add("d.name_key" + direction + ", ")
	}
	s.add("d.image_id" + direction + ", d.source_id" + direction)
	if key == "" {
		q.limit(s)
	}
	return s, key != "", nil
}
