-- +goose Up

-- The project itself: one row.
CREATE TABLE project (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    uid        TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL -- all times: milliseconds since 1970, UTC
);

-- Deleted views stay (deleted = 1) until the project is closed, so that deletion can be undone at once.
CREATE TABLE views (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    parent_id  INTEGER REFERENCES views (id) ON DELETE CASCADE,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL, -- folded, for comparing
    type       TEXT    NOT NULL CHECK (type IN ('classification', 'tagging', 'detection')),
    conditions TEXT,             -- JSON, see Condition
    position   INTEGER NOT NULL,
    deleted    INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    CHECK (parent_id IS NOT NULL OR conditions IS NULL)
);
CREATE INDEX views_parent ON views (parent_id);
CREATE UNIQUE INDEX views_name ON views (name_key) WHERE deleted = 0;

-- Deleted concepts stay, so that one added again under its name is the same and its model comes back.
CREATE TABLE concepts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    view_id  INTEGER NOT NULL REFERENCES views (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,
    name_key TEXT    NOT NULL,
    color    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    position INTEGER NOT NULL,
    deleted  INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1))
);
CREATE INDEX concepts_view ON concepts (view_id);
CREATE UNIQUE INDEX concepts_name ON concepts (view_id, name_key) WHERE deleted = 0;

CREATE TABLE images (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256     TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL, -- folded, with the length before each number: see sortKey
    format     TEXT    NOT NULL,
    width      INTEGER NOT NULL CHECK (width > 0),
    height     INTEGER NOT NULL CHECK (height > 0),
    size       INTEGER NOT NULL,
    split      INTEGER NOT NULL CHECK (split IN (0, 1)), -- 0 train, 1 val
    added_at   INTEGER NOT NULL,
    deleted_at INTEGER -- in the trash since
);
CREATE INDEX images_name ON images (name);
CREATE INDEX images_deleted ON images (deleted_at) WHERE deleted_at IS NOT NULL;

-- One row for each image or crop that is, or was, in a view. What galleries filter and sort by is
-- repeated here (split, name_key, size, concept_set), so that an index alone answers: datapoints_gallery by name,
-- datapoints_sorting in every other order. Reading the rows themselves takes five times as long.
CREATE TABLE datapoints (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    view_id      INTEGER NOT NULL REFERENCES views (id) ON DELETE CASCADE,
    image_id     INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    source_id    INTEGER NOT NULL DEFAULT 0, -- the region that cuts the crop, 0 for the whole image
    present      INTEGER NOT NULL CHECK (present IN (0, 1)), -- 0: left the view, kept aside
    split        INTEGER NOT NULL,
    name_key     TEXT    NOT NULL,
    annotated    INTEGER NOT NULL DEFAULT 0 CHECK (annotated IN (0, 1)),
    annotated_at INTEGER,
    reviewed_at  INTEGER,
    concept_set  TEXT    NOT NULL DEFAULT '', -- '|3:1|7:2|': concept 3 on one region, concept 7 on two
    suggested    INTEGER NOT NULL DEFAULT 0,
    confidence   REAL    NOT NULL DEFAULT 0,
    size         INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX datapoints_key ON datapoints (view_id, image_id, source_id);
CREATE INDEX datapoints_image ON datapoints (image_id);
CREATE INDEX datapoints_gallery ON datapoints (view_id, present, name_key, image_id, source_id, split, annotated, reviewed_at, suggested, concept_set);
CREATE INDEX datapoints_sorting ON datapoints (view_id, present, image_id, source_id, split, annotated, reviewed_at, suggested, concept_set, annotated_at, confidence, size);

-- Regions of annotated datapoints. Regions with a box that were deleted stay (deleted = 1), since
-- annotations of their crops hang on them.
CREATE TABLE regions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    datapoint_id INTEGER NOT NULL REFERENCES datapoints (id) ON DELETE CASCADE,
    xmin         REAL, -- all NULL: the whole datapoint
    ymin         REAL,
    xmax         REAL,
    ymax         REAL,
    position     INTEGER NOT NULL,
    deleted      INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
    CHECK ((xmin IS NULL AND ymin IS NULL AND xmax IS NULL AND ymax IS NULL)
        OR (0 <= xmin AND xmin < xmax AND xmax <= 1 AND 0 <= ymin AND ymin < ymax AND ymax <= 1))
);
CREATE INDEX regions_datapoint ON regions (datapoint_id);

CREATE TABLE region_concepts (
    region_id  INTEGER NOT NULL REFERENCES regions (id) ON DELETE CASCADE,
    concept_id INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    PRIMARY KEY (region_id, concept_id)
) WITHOUT ROWID;
CREATE INDEX region_concepts_concept ON region_concepts (concept_id);

-- What versions predicted. version_id has no foreign key: a suggestion may outlive its version.
CREATE TABLE suggestions (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    datapoint_id INTEGER NOT NULL REFERENCES datapoints (id) ON DELETE CASCADE,
    version_id   INTEGER NOT NULL,
    concept_id   INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    xmin         REAL,
    ymin         REAL,
    xmax         REAL,
    ymax         REAL,
    confidence   REAL    NOT NULL CHECK (0 <= confidence AND confidence <= 1)
);
CREATE INDEX suggestions_datapoint ON suggestions (datapoint_id);
CREATE INDEX suggestions_concept ON suggestions (concept_id);

-- How many datapoints of a view (present ones) are alike in all that can be counted. Kept by the
-- triggers below, so that counts cost nothing whatever the number of images.
CREATE TABLE tallies (
    view_id     INTEGER NOT NULL,
    split       INTEGER NOT NULL,
    annotated   INTEGER NOT NULL,
    reviewed    INTEGER NOT NULL,
    suggested   INTEGER NOT NULL,
    concept_set TEXT    NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (view_id, split, annotated, reviewed, suggested, concept_set)
) WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER datapoints_tally_insert AFTER INSERT ON datapoints WHEN new.present = 1
BEGIN
    INSERT INTO tallies (view_id, split, annotated, reviewed, suggested, concept_set, n)
    VALUES (new.view_id, new.split, new.annotated, new.reviewed_at IS NOT NULL, new.suggested > 0, new.concept_set, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER datapoints_tally_delete AFTER DELETE ON datapoints WHEN old.present = 1
BEGIN
    UPDATE tallies SET n = n - 1
    WHERE view_id = old.view_id AND split = old.split AND annotated = old.annotated
      AND reviewed = (old.reviewed_at IS NOT NULL) AND suggested = (old.suggested > 0) AND concept_set = old.concept_set;
    DELETE FROM tallies
    WHERE view_id = old.view_id AND split = old.split AND annotated = old.annotated
      AND reviewed = (old.reviewed_at IS NOT NULL) AND suggested = (old.suggested > 0) AND concept_set = old.concept_set AND n = 0;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER datapoints_tally_update_from AFTER UPDATE OF present, split, annotated, reviewed_at, suggested, concept_set ON datapoints WHEN old.present = 1
BEGIN
    UPDATE tallies SET n = n - 1
    WHERE view_id = old.view_id AND split = old.split AND annotated = old.annotated
      AND reviewed = (old.reviewed_at IS NOT NULL) AND suggested = (old.suggested > 0) AND concept_set = old.concept_set;
    DELETE FROM tallies
    WHERE view_id = old.view_id AND split = old.split AND annotated = old.annotated
      AND reviewed = (old.reviewed_at IS NOT NULL) AND suggested = (old.suggested > 0) AND concept_set = old.concept_set AND n = 0;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER datapoints_tally_update_to AFTER UPDATE OF present, split, annotated, reviewed_at, suggested, concept_set ON datapoints WHEN new.present = 1
BEGIN
    INSERT INTO tallies (view_id, split, annotated, reviewed, suggested, concept_set, n)
    VALUES (new.view_id, new.split, new.annotated, new.reviewed_at IS NOT NULL, new.suggested > 0, new.concept_set, 1)
    ON CONFLICT DO UPDATE SET n = n + 1;
END;
-- +goose StatementEnd

-- A model is a set of concepts of a view; a row is made with its first version. No foreign keys to
-- views: making and deleting a view can be undone, trainings cannot.
CREATE TABLE models (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    view_id     INTEGER NOT NULL,
    concept_set TEXT    NOT NULL, -- '|3|7|', ascending
    created_at  INTEGER NOT NULL,
    UNIQUE (view_id, concept_set)
);

CREATE TABLE versions (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uid           TEXT    NOT NULL UNIQUE, -- its folder under runs/
    model_id      INTEGER NOT NULL REFERENCES models (id) ON DELETE CASCADE,
    view_id       INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    status        TEXT    NOT NULL CHECK (status IN ('queued', 'preparing', 'training', 'evaluating', 'ready', 'stopped', 'interrupted', 'failed')),
    architecture  TEXT    NOT NULL,
    options       TEXT    NOT NULL, -- JSON
    concepts      TEXT    NOT NULL, -- JSON, see FrozenConcept
    images        INTEGER NOT NULL,
    queue_order   INTEGER NOT NULL, -- 0: not queued
    headline      REAL    NOT NULL,
    headline_name TEXT    NOT NULL,
    error         TEXT    NOT NULL,
    device        TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    started_at    INTEGER,
    ended_at      INTEGER,
    UNIQUE (view_id, name_key)
);
CREATE INDEX versions_model ON versions (model_id);

-- What the program remembers for this project (the gallery's state, for example).
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
