-- name: GetImage :one
SELECT * FROM images WHERE id = ?;

-- name: ImageByHash :one
SELECT * FROM images WHERE sha256 = ?;

-- name: ImagesByName :many
SELECT * FROM images WHERE name = ? AND deleted_at IS NULL ORDER BY id;

-- name: ImagesAfter :many
SELECT * FROM images WHERE id > ? ORDER BY id LIMIT ?;

-- name: CountImages :one
SELECT
    CAST(coalesce(sum(split = 0), 0) AS INTEGER) AS train,
    CAST(coalesce(sum(split = 1), 0) AS INTEGER) AS val,
    CAST(coalesce(sum(split = 2), 0) AS INTEGER) AS test
FROM images WHERE deleted_at IS NULL;

-- name: InsertImage :one
INSERT INTO images (sha256, name, name_key, format, width, height, size, split, added_at, settled)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id;

-- name: SetImageSplit :execrows
UPDATE images SET split = sqlc.arg(split), settled = 1 WHERE id = sqlc.arg(id) AND (split <> sqlc.arg(split) OR settled = 0);

-- name: SetDatapointsSplit :exec
UPDATE datapoints SET split = sqlc.arg(split) WHERE image_id = sqlc.arg(image) AND split <> sqlc.arg(split);

-- name: SetImageDeleted :execrows
UPDATE images SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL;

-- name: SetImageRestored :execrows
UPDATE images SET deleted_at = NULL WHERE id = ? AND deleted_at IS NOT NULL;

-- name: ListTrash :many
SELECT * FROM images WHERE deleted_at IS NOT NULL ORDER BY deleted_at DESC, id;

-- name: DeleteImage :exec
DELETE FROM images WHERE id = ?;

-- name: HideImage :exec
UPDATE datapoints SET present = 0 WHERE image_id = ? AND present = 1;

-- name: AddToRootViews :exec
INSERT INTO datapoints (view_id, image_id, source_id, present, split, name_key, size)
SELECT v.id, i.id, 0, 1, i.split, i.name_key, i.size FROM images i, views v
WHERE i.id = ? AND i.deleted_at IS NULL AND v.parent_id IS NULL AND v.deleted = 0
ORDER BY v.id
ON CONFLICT (view_id, image_id, source_id) DO UPDATE SET present = 1 WHERE present = 0;

-- name: FillRootView :exec
INSERT INTO datapoints (view_id, image_id, source_id, present, split, name_key, size)
SELECT CAST(sqlc.arg(view) AS INTEGER), i.id, 0, 1, i.split, i.name_key, i.size FROM images i WHERE i.deleted_at IS NULL ORDER BY i.id;

-- name: CountImageContents :one
SELECT
    CAST((SELECT count(*) FROM datapoints d WHERE d.image_id = sqlc.arg(image) AND d.present = 1 AND d.annotated = 1) AS INTEGER) AS annotations,
    CAST((SELECT count(*) FROM datapoints d JOIN regions r ON r.datapoint_id = d.id WHERE d.image_id = sqlc.arg(image) AND d.present = 1 AND r.deleted = 0 AND r.xmin IS NOT NULL) AS INTEGER) AS regions,
    CAST((SELECT coalesce(sum(d.suggested), 0) FROM datapoints d WHERE d.image_id = sqlc.arg(image) AND d.present = 1) AS INTEGER) AS suggestions;
