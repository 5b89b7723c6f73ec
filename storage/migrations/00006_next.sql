-- +goose Up

-- In which order the datapoints of a view are best annotated next; see Project.SetNext.
CREATE TABLE next_order (
    datapoint_id INTEGER PRIMARY KEY REFERENCES datapoints (id) ON DELETE CASCADE,
    view_id      INTEGER NOT NULL,
    place        INTEGER NOT NULL
);
CREATE INDEX next_order_view ON next_order (view_id);
