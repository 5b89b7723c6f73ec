-- name: AddTestLook :exec
INSERT INTO test_looks (version_id, view_id, looked_at, headline_name, headline, images, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (version_id) DO UPDATE SET headline_name = excluded.headline_name, headline = excluded.headline, images = excluded.images, seen_at = excluded.seen_at
WHERE excluded.headline_name <> '';

-- name: TestLooks :many
SELECT * FROM test_looks WHERE view_id = ? ORDER BY looked_at, version_id;
