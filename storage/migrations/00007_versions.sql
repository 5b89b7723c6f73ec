-- +goose Up

-- A person's words about a version.
ALTER TABLE versions ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- Deleted versions stay until the project is closed, their folders set aside, so that the deletion can be undone.
ALTER TABLE versions ADD COLUMN deleted_at INTEGER;
