// Package editing changes a project by hand: views, concepts, annotations, Undo, splits, the trash; and describes its content.
package editing

import (
	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// Editor changes views, concepts, annotations, splits and the trash. Each change is one step of Undo and is announced to
// the session's listeners.
type Editor struct {
	store   *storage.Project
	session *session.Session
}

// New edits the project of a session.
func New(s *session.Session, store *storage.Project) *Editor {
	return &Editor{store: store, session: s}
}
