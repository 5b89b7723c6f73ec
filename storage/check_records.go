package storage

import "fmt"

const tallySQL = `SELECT view_id, split, annotated, reviewed_at IS NOT NULL, suggested > 0, concept_set, count(*)
	FROM datapoints WHERE present = 1 GROUP BY 1, 2, 3, 4, 5, 6`

// fixedChecks are the checks of every project, in the order in which they can be mended.
func fixedChecks() []recordCheck {
	missing := func(table, column, other string) recordCheck {
		gone := fmt.Sprintf("FROM %s WHERE NOT EXISTS (SELECT 1 FROM %s o WHERE o.id = %s.%s)", table, other, table, column)
		return recordCheck{kind: ProblemReference, what: table, detail: "refer to a record of " + other + " that does not exist",
			count: "SELECT count(*) " + gone, mend: []string{"DELETE " + gone}, mended: "they were removed"}
	}
	classified := `FROM datapoints JOIN views v ON v.id = datapoints.view_id WHERE v.type = 'classification' AND datapoints.annotated = 1
		AND (SELECT count(*) FROM regions r JOIN region_concepts rc ON rc.region_id = r.id WHERE r.datapoint_id = datapoints.id AND r.deleted = 0) <> 1`
	detected := `FROM regions JOIN datapoints d ON d.id = regions.datapoint_id JOIN views v ON v.id = d.view_id WHERE v.type = 'detection' AND regions.deleted = 0
		AND (regions.xmin IS NULL OR (SELECT count(*) FROM region_concepts rc WHERE rc.region_id = regions.id) <> 1)`
	suggested := `(SELECT count(*) FROM suggestions s WHERE s.datapoint_id = datapoints.id)`
	set := "CASE WHEN annotated = 1 THEN " + conceptSetSQL + " ELSE '' END"
	lost := `(WITH RECURSIVE found(id) AS (SELECT id FROM views WHERE parent_id IS NULL AND deleted = 0
		UNION SELECT v.id FROM views v JOIN found f ON v.parent_id = f.id WHERE v.deleted = 0) SELECT id FROM views WHERE deleted = 0 AND id NOT IN found)`
	return []recordCheck{
		{kind: ProblemReference, what: "views", detail: "have no root view above them: their parents form a circle, or one does not exist", count: "SELECT count(*) FROM " + lost,
			mend:   []string{"UPDATE datapoints SET present = 0 WHERE source_id <> 0 AND view_id IN " + lost, "UPDATE views SET parent_id = NULL, conditions = NULL WHERE id IN " + lost},
			mended: "they are root views now, without conditions"},
		missing("concepts", "view_id", "views"),
		missing("datapoints", "view_id", "views"),
		missing("datapoints", "image_id", "images"),
		missing("regions", "datapoint_id", "datapoints"),
		missing("region_concepts", "region_id", "regions"),
		missing("region_concepts", "concept_id", "concepts"),
		missing("suggestions", "datapoint_id", "datapoints"),
		missing("suggestions", "concept_id", "concepts"),
		{kind: ProblemRule, what: "boxes", detail: "have no box, or not exactly one concept", count: "SELECT count(*) " + detected,
			mend: []string{"UPDATE regions SET deleted = 1 WHERE xmin IS NOT NULL AND id IN (SELECT regions.id " + detected + ")",
				"DELETE FROM regions WHERE xmin IS NULL AND id IN (SELECT regions.id " + detected + ")"}, mended: "they were removed"},
		{kind: ProblemRule, what: "classified images", detail: "do not have exactly one concept", count: "SELECT count(*) " + classified,
			mend: []string{"UPDATE datapoints SET annotated = 0, annotated_at = NULL, reviewed_at = NULL, concept_set = '' WHERE id IN (SELECT datapoints.id " + classified + ")",
				"DELETE FROM regions WHERE xmin IS NULL AND datapoint_id IN (SELECT id FROM datapoints WHERE annotated = 0)"}, mended: "they are no longer annotated"},
		{kind: ProblemBookkeeping, what: "annotated images", detail: "have no time of annotation, or one without annotation",
			count:  "SELECT count(*) FROM datapoints WHERE annotated <> (annotated_at IS NOT NULL) OR (annotated = 0 AND reviewed_at IS NOT NULL)",
			mend:   []string{"UPDATE datapoints SET annotated_at = CASE WHEN annotated = 1 THEN coalesce(annotated_at, 0) END, reviewed_at = CASE WHEN annotated = 1 THEN reviewed_at END WHERE annotated <> (annotated_at IS NOT NULL) OR (annotated = 0 AND reviewed_at IS NOT NULL)"},
			mended: "it was set"},
		{kind: ProblemBookkeeping, what: "concepts of images", detail: "are not those of their regions", count: "SELECT count(*) FROM datapoints WHERE concept_set <> " + set,
			mend: []string{"UPDATE datapoints SET concept_set = " + set + " WHERE concept_set <> " + set}, mended: "they were counted again"},
		{kind: ProblemBookkeeping, what: "suggestions of images", detail: "are counted wrongly", count: "SELECT count(*) FROM datapoints WHERE suggested <> " + suggested,
			mend: []string{"UPDATE datapoints SET suggested = " + suggested + ", confidence = coalesce((SELECT max(s.confidence) FROM suggestions s WHERE s.datapoint_id = datapoints.id), 0) WHERE suggested <> " + suggested}, mended: "they were counted again"},
		{kind: ProblemBookkeeping, what: "names, sizes and splits", detail: "in views are not those of the image",
			count:  "SELECT count(*) FROM datapoints d JOIN images i ON i.id = d.image_id WHERE d.split <> i.split OR d.name_key <> i.name_key OR d.size <> i.size",
			mend:   []string{"UPDATE datapoints SET (split, name_key, size) = (SELECT i.split, i.name_key, i.size FROM images i WHERE i.id = datapoints.image_id) WHERE (split, name_key, size) <> (SELECT i.split, i.name_key, i.size FROM images i WHERE i.id = datapoints.image_id)"},
			mended: "they were copied again"},
		{kind: ProblemBookkeeping, what: "deleted images", detail: "are still in a view",
			count:  "SELECT count(*) FROM datapoints WHERE present = 1 AND image_id IN (SELECT id FROM images WHERE deleted_at IS NOT NULL)",
			mend:   []string{"UPDATE datapoints SET present = 0 WHERE present = 1 AND image_id IN (SELECT id FROM images WHERE deleted_at IS NOT NULL)"},
			mended: "they were removed"},
	}
}

// memberChecks are the checks of what is in each view (parents before children), and at last of the counts.
func memberChecks(t *viewTree) []recordCheck {
	var checks []recordCheck
	for i := range t.views {
		v := &t.views[i]
		check := recordCheck{kind: ProblemBookkeeping, what: "images of the view " + v.Name, detail: "are missing there, or should not be there", mended: "they were moved"}
		if v.ParentID == 0 {
			check.count = fmt.Sprintf("SELECT count(*) FROM images i WHERE i.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM datapoints d WHERE d.view_id = %d AND d.image_id = i.id AND d.source_id = 0 AND d.present = 1)", v.ID)
			check.mend = []string{fmt.Sprintf(`INSERT INTO datapoints (view_id, image_id, source_id, present, split, name_key, size)
				SELECT %d, i.id, 0, 1, i.split, i.name_key, i.size FROM images i WHERE i.deleted_at IS NULL
				ON CONFLICT (view_id, image_id, source_id) DO UPDATE SET present = 1 WHERE present = 0`, v.ID)}
		} else {
			parent := t.byID[v.ParentID]
			from, source := matchingSQL(parent, v, false, "")
			matching, _ := matchingSQL(parent, v, false, " AND d.image_id = m.image_id AND "+source+" = m.source_id")
			check.count = fmt.Sprintf(`SELECT
				(SELECT count(*) %s AND NOT EXISTS (SELECT 1 FROM datapoints m WHERE m.view_id = %d AND m.image_id = d.image_id AND m.source_id = %s AND m.present = 1)) +
				(SELECT count(*) FROM datapoints m WHERE m.view_id = %d AND m.present = 1 AND NOT EXISTS (SELECT 1 %s))`, from, v.ID, source, v.ID, matching)
			enter, leave := membershipSQL(parent, v, false)
			check.mend = []string{enter, leave}
		}
		checks = append(checks, check)
	}
	return append(checks, recordCheck{kind: ProblemBookkeeping, what: "counts", detail: "are wrong",
		count: "SELECT (SELECT count(*) FROM (" + tallySQL + " EXCEPT SELECT * FROM tallies)) + (SELECT count(*) FROM (SELECT * FROM tallies EXCEPT " + tallySQL + "))",
		mend:  []string{"DELETE FROM tallies", "INSERT INTO tallies " + tallySQL}, mended: "they were counted again"})
}
