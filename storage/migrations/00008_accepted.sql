-- +goose Up

-- Which suggestions people accepted, of which version and how certain it was. An annotation that still is what was accepted (the same concept,
-- the same box) came from there. version_id has no foreign key: what was accepted outlives its version.
CREATE TABLE accepted (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    datapoint_id INTEGER NOT NULL REFERENCES datapoints (id) ON DELETE CASCADE,
    version_id   INTEGER NOT NULL,
    concept_id   INTEGER NOT NULL REFERENCES concepts (id) ON DELETE CASCADE,
    xmin         REAL,
    ymin         REAL,
    xmax         REAL,
    ymax         REAL,
    confidence   REAL    NOT NULL,
    accepted_at  INTEGER NOT NULL
);
CREATE INDEX accepted_datapoint ON accepted (datapoint_id);
CREATE INDEX accepted_concept ON accepted (concept_id);
