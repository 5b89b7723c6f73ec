package storage

import (
	"context"
	"encoding/json"

	"viewfinder/storage/domain"
)

// Placement is what dividing images into splits goes by.
type Placement struct {
	Image     int64
	Name      string
	SHA256    string
	Split     domain.Split
	Annotated bool    // some datapoint of it is, in the view
	Concepts  []int64 // that its datapoints carry in the view; a concept on three regions stands once
}

// Placements lists the images of a view (0: of the project, then none is annotated), oldest first, each once however many crops of it the view
// has; images limits them, nil is all. Reading 100,000 of them takes less than a second.
func (p *Project) Placements(ctx context.Context, view int64, images []int64) ([]Placement, error) {
	s := &statement{}
	if view == 0 {
		s.add("SELECT i.id, i.name, i.sha256, i.split, 0, '' FROM images i WHERE i.deleted_at IS NULL")
	} else {
		if _, err := p.read.GetView(ctx, view); err != nil {
			return nil, found(err, "view", view)
		}
		s.add("SELECT i.id, i.name, i.sha256, i.split, d.annotated, d.concept_set FROM datapoints d JOIN images i ON i.id = d.image_id WHERE d.view_id = ? AND d.present = 1", view)
	}
	if images != nil {
		ids, err := json.Marshal(images)
		if err != nil {
			return nil, err
		}
		s.add(" AND i.id IN (SELECT value FROM json_each(?))", string(ids))
	}
	s.add(" ORDER BY i.id")
	rows, err := p.reader.QueryContext(ctx, s.String(), s.args...)
	if err != nil {
		return nil, explain("reading the images' splits", err)
	}
	defer rows.Close()
	var all []Placement
	for rows.Next() {
		var one Placement
		var split, annotated int64
		var set string
		if err := rows.Scan(&one.Image, &one.Name, &one.SHA256, &split, &annotated, &set); err != nil {
			return nil, explain("reading the images' splits", err)
		}
		if n := len(all); n == 0 || all[n-1].Image != one.Image {
			one.Split = splitFrom(split)
			all = append(all, one)
		}
		last := &all[len(all)-1]
		last.Annotated = last.Annotated || annotated == 1
		eachInSet(set, func(concept int64, _ int) {
			for _, c := range last.Concepts {
				if c == concept {
					return
				}
			}
			last.Concepts = append(last.Concepts, concept)
		})
	}
	return all, explain("reading the images' splits", rows.Err())
}
