package storage

import "context"

// AnnotationTimes returns when each annotated datapoint that q chooses was annotated, in milliseconds since 1970, by its id, to find out
// whether annotations changed since something was computed from them. Limit and Offset are ignored. An index alone answers.
func (p *Project) AnnotationTimes(ctx context.Context, q Query) (map[int64]int64, error) {
	q.Sort = SortAnnotated // its index has the times
	if err := p.checkQuery(ctx, q); err != nil {
		return nil, err
	}
	s := &statement{}
	s.add("SELECT d.id, d.annotated_at")
	if err := q.from(s); err != nil {
		return nil, err
	}
	s.add(" AND d.annotated = 1")
	rows, err := p.reader.QueryContext(ctx, s.String(), s.args...)
	if err != nil {
		return nil, explain("reading when images were annotated", err)
	}
	defer rows.Close()
	times := map[int64]int64{}
	for rows.Next() {
		var id int64
		var at *int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, explain("reading when images were annotated", err)
		}
		if at != nil {
			times[id] = *at
		}
	}
	return times, explain("reading when images were annotated", rows.Err())
}
