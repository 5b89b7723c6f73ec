-- name: ListConcepts :many
SELECT * FROM concepts WHERE view_id = ? AND deleted = 0 ORDER BY position, id;

-- name: ListAllConcepts :many
SELECT * FROM concepts WHERE view_id = ? ORDER BY id;

-- name: GetConcept :one
SELECT * FROM concepts WHERE id = ? AND deleted = 0;

-- name: DeletedConceptByNameKey :one
SELECT * FROM concepts WHERE view_id = ? AND name_key = ? AND deleted = 1 ORDER BY id DESC LIMIT 1;

-- name: InsertConcept :one
INSERT INTO concepts (view_id, name, name_key, color, key, position) VALUES (?, ?, ?, ?, ?, ?) RETURNING id;

-- name: ReviveConcept :exec
UPDATE concepts SET name = ?, name_key = ?, color = ?, key = ?, position = ?, deleted = 0 WHERE id = ?;

-- name: SetConceptName :exec
UPDATE concepts SET name = ?, name_key = ? WHERE id = ?;

-- name: SetConceptColor :exec
UPDATE concepts SET color = ? WHERE id = ?;

-- name: SetConceptKey :exec
UPDATE concepts SET key = ? WHERE id = ?;

-- name: SetConceptPosition :exec
UPDATE concepts SET position = ? WHERE id = ?;

-- name: DeleteConcept :exec
UPDATE concepts SET deleted = 1, key = '' WHERE id = ?;

-- name: CountConceptContents :one
SELECT
    CAST(count(DISTINCT d.id) AS INTEGER) AS annotations,
    CAST(count(r.xmin) AS INTEGER) AS regions
FROM region_concepts rc
JOIN regions r ON r.id = rc.region_id
JOIN datapoints d ON d.id = r.datapoint_id
WHERE rc.concept_id = ? AND r.deleted = 0 AND d.present = 1;

-- name: CountConceptSuggestions :one
SELECT count(*) FROM suggestions WHERE concept_id = ?;

-- name: ConceptDatapoints :many
SELECT DISTINCT r.datapoint_id FROM region_concepts rc JOIN regions r ON r.id = rc.region_id WHERE rc.concept_id = ? ORDER BY 1;

-- name: ConceptSuggestedDatapoints :many
SELECT DISTINCT datapoint_id FROM suggestions WHERE concept_id = ? ORDER BY 1;

-- name: MergeRegionConcepts :exec
INSERT INTO region_concepts (region_id, concept_id)
SELECT rc.region_id, CAST(sqlc.arg(into_concept) AS INTEGER) FROM region_concepts rc WHERE rc.concept_id = sqlc.arg(from_concept)
ON CONFLICT DO NOTHING;

-- name: DeleteRegionConceptsOf :exec
DELETE FROM region_concepts WHERE concept_id = ?;

-- name: MergeSuggestions :exec
UPDATE suggestions SET concept_id = sqlc.arg(into_concept) WHERE concept_id = sqlc.arg(from_concept);

-- name: DeleteSuggestionsOf :exec
DELETE FROM suggestions WHERE concept_id = ?;

-- name: DeleteWholeRegionsOf :exec
DELETE FROM regions WHERE xmin IS NULL AND id IN (SELECT rc.region_id FROM region_concepts rc WHERE rc.concept_id = ?);

-- name: SetAsideRegionsOf :exec
UPDATE regions SET deleted = 1 WHERE deleted = 0 AND xmin IS NOT NULL AND id IN (SELECT rc.region_id FROM region_concepts rc WHERE rc.concept_id = ?);
