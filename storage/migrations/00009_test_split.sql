-- +goose Up

-- images may be in a third split, test, and have a split for good or not yet. A CHECK cannot be changed, so the table is made anew. Images that
-- are there keep their split for good.
CREATE TABLE images_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256     TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL, -- folded, with the length before each number: see sortKey
    format     TEXT    NOT NULL,
    width      INTEGER NOT NULL CHECK (width > 0),
    height     INTEGER NOT NULL CHECK (height > 0),
    size       INTEGER NOT NULL,
    split      INTEGER NOT NULL CHECK (split IN (0, 1, 2)), -- 0 train, 1 val, 2 test
    added_at   INTEGER NOT NULL,
    deleted_at INTEGER, -- in the trash since
    settled    INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)) -- 0: its first annotation decides on its split, see settle
);
INSERT INTO images_new (id, sha256, name, name_key, format, width, height, size, split, added_at, deleted_at, settled)
SELECT id, sha256, name, name_key, format, width, height, size, split, added_at, deleted_at, 1 FROM images ORDER BY id;
-- Ids of deleted images are not given again.
DELETE FROM sqlite_sequence WHERE name = 'images_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'images_new', seq FROM sqlite_sequence WHERE name = 'images';
DROP TABLE images;
ALTER TABLE images_new RENAME TO images;
CREATE INDEX images_name ON images (name);
CREATE INDEX images_deleted ON images (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX images_unsettled ON images (id) WHERE settled = 0;

-- The versions of which somebody saw how good they are on their view's test split, each once, and what was seen last. No foreign keys: what was
-- seen is seen, also of a version that is deleted.
CREATE TABLE test_looks (
    version_id    INTEGER PRIMARY KEY,
    view_id       INTEGER NOT NULL,
    looked_at     INTEGER NOT NULL, -- the first time
    headline_name TEXT    NOT NULL, -- empty: seen among other images only
    headline      REAL    NOT NULL,
    images        INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL  -- when headline was
);
CREATE INDEX test_looks_view ON test_looks (view_id);
