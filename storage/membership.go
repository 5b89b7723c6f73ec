package storage

import (
	"database/sql"
	"fmt"
	"strings"
)

// conceptSetSQL computes datapoints.concept_set from the regions.
const conceptSetSQL = `coalesce((SELECT '|' || group_concat(x.concept_id || ':' || x.n, '|' ORDER BY x.concept_id) || '|' FROM (
	SELECT rc.concept_id, count(*) AS n FROM regions r JOIN region_concepts rc ON rc.region_id = r.id
	WHERE r.datapoint_id = datapoints.id AND r.deleted = 0 GROUP BY rc.concept_id) x), '')`

// refreshChildren moves datapoints in and out of the views under a view, at any depth, after a change of
// the view's annotations or of the children's conditions; image limits it to one image, 0 is all.
func (b *Batch) refreshChildren(view, image int64) error {
	t, err := b.viewTree()
	if err != nil {
		return err
	}
	for _, child := range t.children[view] {
		enter, leave := membershipSQL(t.byID[view], child, image != 0)
		if err := b.move(enter, image); err != nil {
			return fmt.Errorf("moving images into the view %s: %w", child.Name, err)
		}
		if err := b.move(leave, image); err != nil {
			return fmt.Errorf("moving images out of the view %s: %w", child.Name, err)
		}
		if err := b.refreshChildren(child.ID, image); err != nil {
			return err
		}
	}
	return nil
}

// maxMoves bounds how many statements of move stay prepared.
const maxMoves = 256

// move runs one of membershipSQL's statements. Those for one image run after each annotation, and SQLite takes longer to read one than to run it:
// they stay prepared.
func (b *Batch) move(text string, image int64) error {
	if image == 0 {
		_, err := b.p.conn.ExecContext(b.ctx, text)
		return err
	}
	statement := b.p.moves[text]
	if statement == nil {
		if len(b.p.moves) >= maxMoves { // of views and conditions that are long gone, most of them
			b.p.closeMoves()
		}
		var err error
		if statement, err = b.p.conn.PrepareContext(b.ctx, text); err != nil {
			return err
		}
		if b.p.moves == nil {
			b.p.moves = map[string]*sql.Stmt{}
		}
		b.p.moves[text] = statement
	}
	_, err := statement.ExecContext(b.ctx, image)
	return err
}

// closeMoves gives the statements of move back.
func (p *Project) closeMoves() {
	for _, statement := range p.moves {
		statement.Close()
	}
	p.moves = nil
}

// matchingSQL selects (image, source, split, name_key, size) of the parent's datapoints or regions that the child gets; one: of the image
// that is the statement's parameter. All values in it are numbers of our own.
func matchingSQL(parent, child *View, one bool, more string) (from, source string) {
	var condition strings.Builder
	limit := ""
	if one {
		limit = " AND d.image_id = ?1"
	}
	if parent.Type.HasBoxes() {
		conditionSQL(&condition, child.Conditions, "EXISTS (SELECT 1 FROM region_concepts rc WHERE rc.region_id = r.id AND rc.concept_id = %d)")
		return fmt.Sprintf("FROM datapoints d JOIN regions r ON r.datapoint_id = d.id WHERE d.view_id = %d AND d.present = 1 AND d.annotated = 1 AND r.deleted = 0 AND r.xmin IS NOT NULL AND %s%s%s",
			parent.ID, condition.String(), limit, more), "r.id"
	}
	conditionSQL(&condition, child.Conditions, "instr(d.concept_set, '|%d:') > 0")
	return fmt.Sprintf("FROM datapoints d WHERE d.view_id = %d AND d.present = 1 AND d.annotated = 1 AND %s%s%s",
		parent.ID, condition.String(), limit, more), "d.source_id"
}

// membershipSQL makes the statement that lets datapoints into the child and the one that takes them out.
func membershipSQL(parent, child *View, one bool) (enter, leave string) {
	from, source := matchingSQL(parent, child, one, "")
	enter = fmt.Sprintf(`INSERT INTO datapoints (view_id, image_id, source_id, present, split, name_key, size)
		SELECT %d, d.image_id, %s, 1, d.split, d.name_key, d.size %s
		ON CONFLICT (view_id, image_id, source_id) DO UPDATE SET present = 1 WHERE present = 0`, child.ID, source, from)
	limit, same := "", " AND d.image_id = datapoints.image_id AND "+source+" = datapoints.source_id"
	if one {
		limit = " AND image_id = ?1"
	}
	from, _ = matchingSQL(parent, child, one, same)
	leave = fmt.Sprintf("UPDATE datapoints SET present = 0 WHERE view_id = %d AND present = 1%s AND NOT EXISTS (SELECT 1 %s)", child.ID, limit, from)
	return enter, leave
}
