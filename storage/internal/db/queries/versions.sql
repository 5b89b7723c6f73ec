-- name: ListModels :many
SELECT m.id, m.view_id, m.concept_set, m.created_at, count(v.id) AS versions
FROM models m JOIN versions v ON v.model_id = m.id AND v.deleted_at IS NULL
WHERE m.view_id = ? GROUP BY m.id ORDER BY m.id DESC;

-- name: FindModel :one
SELECT * FROM models WHERE view_id = ? AND concept_set = ?;

-- name: InsertModel :one
INSERT INTO models (view_id, concept_set, created_at) VALUES (?, ?, ?) RETURNING id;

-- name: DeleteEmptyModel :exec
DELETE FROM models WHERE models.id = ? AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.model_id = models.id);

-- name: InsertVersion :one
INSERT INTO versions (uid, model_id, view_id, name, name_key, status, architecture, options, concepts, images, queue_order, headline, headline_name, error, device, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', '', ?) RETURNING id;

-- name: GetVersion :one
SELECT * FROM versions WHERE id = ? AND deleted_at IS NULL;

-- name: GetDeletedVersion :one
SELECT * FROM versions WHERE id = ? AND deleted_at IS NOT NULL;

-- name: ListDeletedVersions :many
SELECT * FROM versions WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id DESC;

-- name: SetVersionDeleted :exec
UPDATE versions SET deleted_at = ?, name = ?, name_key = ?, status = ?, queue_order = 0 WHERE id = ?;

-- name: VersionByUID :one
SELECT * FROM versions WHERE uid = ? AND deleted_at IS NULL;

-- name: VersionByNameKey :one
SELECT * FROM versions WHERE view_id = ? AND name_key = ?;

-- name: ListVersions :many
SELECT * FROM versions WHERE (view_id = CAST(sqlc.arg(view) AS INTEGER) OR CAST(sqlc.arg(view) AS INTEGER) = 0) AND deleted_at IS NULL ORDER BY id DESC;

-- name: ListQueue :many
SELECT * FROM versions WHERE status = 'queued' AND deleted_at IS NULL ORDER BY queue_order, id;

-- name: LastInQueue :one
SELECT CAST(coalesce(max(queue_order), 0) AS INTEGER) FROM versions;

-- name: UpdateVersion :exec
UPDATE versions SET name = ?, name_key = ?, status = ?, options = ?, images = ?, queue_order = ?, headline = ?, headline_name = ?, error = ?, device = ?, started_at = ?, ended_at = ?, note = ?
WHERE id = ?;

-- name: SetQueueOrder :exec
UPDATE versions SET queue_order = ? WHERE id = ?;

-- name: DeleteVersion :exec
DELETE FROM versions WHERE id = ?;

-- name: OrphanVersions :many
SELECT * FROM versions v WHERE NOT EXISTS (SELECT 1 FROM views w WHERE w.id = v.view_id AND w.deleted = 0);
