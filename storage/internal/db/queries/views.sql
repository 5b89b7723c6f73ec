-- name: GetProject :one
SELECT uid, name, created_at FROM project WHERE id = 1;

-- name: InsertProject :exec
INSERT INTO project (id, uid, name, created_at) VALUES (1, ?, ?, ?);

-- name: SetProjectName :exec
UPDATE project SET name = ? WHERE id = 1;

-- name: ListViews :many
SELECT * FROM views WHERE deleted = 0 ORDER BY position, id;

-- name: GetView :one
SELECT * FROM views WHERE id = ? AND deleted = 0;

-- name: ViewByNameKey :one
SELECT id, name FROM views WHERE name_key = ? AND deleted = 0;

-- name: InsertView :one
INSERT INTO views (parent_id, name, name_key, type, conditions, position) VALUES (?, ?, ?, ?, ?, ?) RETURNING id;

-- name: SetViewName :exec
UPDATE views SET name = ?, name_key = ? WHERE id = ?;

-- name: SetViewConditions :exec
UPDATE views SET conditions = ? WHERE id = ?;

-- name: SetViewPosition :exec
UPDATE views SET position = ? WHERE id = ?;

-- name: DeleteView :exec
UPDATE views SET deleted = 1 WHERE id = ?;

-- name: DeletedViews :many
SELECT id FROM views WHERE deleted = 1;

-- name: PurgeView :exec
DELETE FROM views WHERE id = ? AND deleted = 1;

-- name: CountViewContents :one
SELECT
    CAST((SELECT count(*) FROM concepts c WHERE c.view_id = sqlc.arg(view) AND c.deleted = 0) AS INTEGER) AS concepts,
    CAST((SELECT coalesce(sum(t.n), 0) FROM tallies t WHERE t.view_id = sqlc.arg(view) AND t.annotated = 1) AS INTEGER) AS annotations,
    CAST((SELECT count(*) FROM datapoints d JOIN regions r ON r.datapoint_id = d.id WHERE d.view_id = sqlc.arg(view) AND d.present = 1 AND r.deleted = 0 AND r.xmin IS NOT NULL) AS INTEGER) AS regions,
    CAST((SELECT coalesce(sum(d.suggested), 0) FROM datapoints d WHERE d.view_id = sqlc.arg(view) AND d.present = 1) AS INTEGER) AS suggestions,
    CAST((SELECT count(*) FROM versions v WHERE v.view_id = sqlc.arg(view) AND v.deleted_at IS NULL) AS INTEGER) AS versions;

-- name: GetSetting :one
SELECT value FROM settings WHERE key = ?;

-- name: SetSetting :exec
INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value;
