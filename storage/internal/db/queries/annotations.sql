-- name: FindDatapoint :one
SELECT * FROM datapoints WHERE view_id = ? AND image_id = ? AND source_id = ?;

-- name: DatapointByID :one
SELECT * FROM datapoints WHERE id = ?;

-- name: SetDatapointAnnotation :exec
UPDATE datapoints SET annotated = ?, annotated_at = ?, reviewed_at = ?, concept_set = ? WHERE id = ?;

-- name: SetDatapointConcepts :exec
UPDATE datapoints SET concept_set = sqlc.arg(concept_set) WHERE id = sqlc.arg(id) AND concept_set <> sqlc.arg(concept_set);

-- name: SetDatapointReviewed :exec
UPDATE datapoints SET reviewed_at = ? WHERE id = ?;

-- name: SetDatapointSuggested :exec
UPDATE datapoints SET suggested = sqlc.arg(suggested), confidence = sqlc.arg(confidence)
WHERE id = sqlc.arg(id) AND (suggested <> sqlc.arg(suggested) OR confidence <> sqlc.arg(confidence));

-- name: RegionsOf :many
SELECT * FROM regions WHERE datapoint_id = ? ORDER BY position, id;

-- name: GetRegion :one
SELECT * FROM regions WHERE id = ?;

-- name: ConceptsOfRegions :many
SELECT rc.region_id, rc.concept_id FROM regions r JOIN region_concepts rc ON rc.region_id = r.id
WHERE r.datapoint_id = ? ORDER BY rc.region_id, rc.concept_id;

-- name: InsertRegion :one
INSERT INTO regions (datapoint_id, xmin, ymin, xmax, ymax, position) VALUES (?, ?, ?, ?, ?, ?) RETURNING id;

-- name: UpdateRegion :exec
UPDATE regions SET xmin = ?, ymin = ?, xmax = ?, ymax = ?, position = ?, deleted = 0 WHERE id = ?;

-- name: SetRegionAside :exec
UPDATE regions SET deleted = 1 WHERE id = ? AND deleted = 0;

-- name: DeleteRegion :exec
DELETE FROM regions WHERE id = ?;

-- name: InsertRegionConcept :exec
INSERT INTO region_concepts (region_id, concept_id) VALUES (?, ?);

-- name: DeleteRegionConcept :exec
DELETE FROM region_concepts WHERE region_id = ? AND concept_id = ?;

-- name: SuggestionsOf :many
SELECT * FROM suggestions WHERE datapoint_id = ? ORDER BY confidence DESC, id;

-- name: GetSuggestion :one
SELECT * FROM suggestions WHERE id = ?;

-- name: InsertSuggestion :exec
INSERT INTO suggestions (datapoint_id, version_id, concept_id, xmin, ymin, xmax, ymax, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: DeleteSuggestion :exec
DELETE FROM suggestions WHERE id = ?;

-- name: DeleteSuggestionsOfDatapoint :exec
DELETE FROM suggestions WHERE datapoint_id = ?;

-- name: SuggestedDatapoints :many
SELECT DISTINCT d.id FROM datapoints d JOIN suggestions s ON s.datapoint_id = d.id
WHERE d.view_id = sqlc.arg(view) AND (s.version_id = CAST(sqlc.arg(version) AS INTEGER) OR CAST(sqlc.arg(version) AS INTEGER) = 0) ORDER BY d.id;

-- name: DeleteSuggestionsOfVersion :exec
DELETE FROM suggestions WHERE datapoint_id = sqlc.arg(datapoint) AND (version_id = CAST(sqlc.arg(version) AS INTEGER) OR CAST(sqlc.arg(version) AS INTEGER) = 0);

-- name: SuggestionTotals :one
SELECT count(*) AS suggested, CAST(coalesce(max(confidence), 0) AS REAL) AS confidence FROM suggestions WHERE datapoint_id = ?;

-- name: Tallies :many
SELECT * FROM tallies WHERE view_id = ?;

-- name: InsertAccepted :exec
INSERT INTO accepted (datapoint_id, version_id, concept_id, xmin, ymin, xmax, ymax, confidence, accepted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: AcceptedOf :many
SELECT * FROM accepted WHERE datapoint_id = ? ORDER BY id DESC;
