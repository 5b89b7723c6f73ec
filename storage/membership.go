package storage

import (
	"fmt"
	"strings"
)

// conceptSetSQL computes datapoints.concept_set from the regions.
const conceptSetSQL = `coalesce((SELECT '|' || group_concat(x.concept_id || ':' || x.n, '|') || '|' FROM (
	SELECT rc.concept_id, count(*) AS n FROM regions r JOIN region_concepts rc ON rc.region_id = r.id
	WHERE r.datapoint_id = datapoints.id AND r.deleted = 0 GROUP BY rc.concept_id ORDER BY rc.concept_id) x), '')`

// refreshChildren moves datapoints in and out of the views under a view, at any depth, after a change of
// the view's annotations or of the children's conditions; image limits it to one image, 0 is all.
func (b *Batch) refreshChildren(view, image int64) error {
	t, err := b.viewTree()
	if err != nil {
		return err
	}
	for _, child := range t.children[view] {
		enter, leave := membershipSQL(t.byID[view], child, image)
		if _, err := b.p.conn.ExecContext(b.ctx, enter); err != nil {
			return fmt.Errorf("moving images into the view %s: %w", child.Name, err)
		}
		if _, err := b.p.conn.ExecContext(b.ctx, leave); err != nil {
			return fmt.Errorf("moving images out of the view %s: %w", child.Name, err)
		}
		if err := b.refreshChildren(child.ID, image); err != nil {
			return err
		}
	}
	return nil
}

// matchingSQL selects (image, source, split, name_key, size) of the parent's datapoints or regions that the child gets.
// All values in it are numbers of our own.
func matchingSQL(parent, child *View, image int64, more string) (from, source string) {
	var condition strings.Builder
	limit := ""
	if image != 0 {
		limit = fmt.Sprintf(" AND d.image_id = %d", image)
	}
	if parent.Type == ViewDetection {
		child.Conditions.sql(&condition, "EXISTS (SELECT 1 FROM region_concepts rc WHERE rc.region_id = r.id AND rc.concept_id = %d)")
		return fmt.Sprintf("FROM datapoints d JOIN regions r ON r.datapoint_id = d.id WHERE d.view_id = %d AND d.present = 1 AND d.annotated = 1 AND r.deleted = 0 AND r.xmin IS NOT NULL AND %s%s%s",
			parent.ID, condition.String(), limit, more), "r.id"
	}
	child.Conditions.sql(&condition, "instr(d.concept_set, '|%d:') > 0")
	return fmt.Sprintf("FROM datapoints d WHERE d.view_id = %d AND d.present = 1 AND d.annotated = 1 AND %s%s%s",
		parent.ID, condition.String(), limit, more), "d.source_id"
}

// membershipSQL makes the statement that lets datapoints into the child and the one that takes them out.
func membershipSQL(parent, child *View, image int64) (enter, leave string) {
	from, source := matchingSQL(parent, child, image, "")
	enter = fmt.Sprintf(`INSERT INTO datapoints (view_id, image_id, source_id, present, split, name_key, size)
		SELECT %d, d.image_id, %s, 1, d.split, d.name_key, d.size %s
		ON CONFLICT (view_id, image_id, source_id) DO UPDATE SET present = 1 WHERE present = 0`, child.ID, source, from)
	limit, same := "", " AND d.image_id = datapoints.image_id AND "+source+" = datapoints.source_id"
	if image != 0 {
		limit = fmt.Sprintf(" AND image_id = %d", image)
	}
	from, _ = matchingSQL(parent, child, image, same)
	leave = fmt.Sprintf("UPDATE datapoints SET present = 0 WHERE view_id = %d AND present = 1%s AND NOT EXISTS (SELECT 1 %s)", child.ID, limit, from)
	return enter, leave
}
