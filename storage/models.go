package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// modelSet is a set of concepts as models.concept_set has it.
func modelSet(concepts []int64) string {
	ids := slices.Clone(concepts)
	slices.Sort(ids)
	var s strings.Builder
	for _, id := range ids {
		fmt.Fprintf(&s, "|%d", id)
	}
	return s.String() + "|"
}

func modelConcepts(set string) []int64 {
	var ids []int64
	for part := range strings.SplitSeq(strings.Trim(set, "|"), "|") {
		if id, err := strconv.ParseInt(part, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// Models returns the models of a view: the current one first (even without versions), then those with versions,
// newest first.
func (p *Project) Models(ctx context.Context, view int64) ([]Model, error) {
	if _, err := p.read.GetView(ctx, view); err != nil {
		return nil, found(err, "view", view)
	}
	concepts, err := p.read.ListAllConcepts(ctx, view)
	if err != nil {
		return nil, explain("reading the concepts", err)
	}
	rows, err := p.read.ListModels(ctx, view)
	if err != nil {
		return nil, explain("reading the models", err)
	}
	names := map[int64]string{}
	var live []int64
	for _, c := range concepts {
		names[c.ID] = c.Name
		if c.Deleted == 0 {
			live = append(live, c.ID)
		}
	}
	set := modelSet(live)
	models := []Model{{ViewID: view, Concepts: live, Current: true}}
	for _, row := range rows {
		m := Model{ID: row.ID, ViewID: view, Concepts: modelConcepts(row.ConceptSet), Versions: int(row.Versions), CreatedAt: fromMillis(row.CreatedAt)}
		if row.ConceptSet == set {
			m.Current = true
			models[0] = m
		} else {
			models = append(models, m)
		}
	}
	for i := range models {
		for _, id := range models[i].Concepts {
			models[i].Names = append(models[i].Names, names[id])
		}
	}
	return models, nil
}
