// Package editing changes a project by hand: views, concepts, annotations, Undo, splits, the trash; and says what is in it.
package editing

import (
	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// Editor changes what people see and say of images: views, concepts, annotations, splits, the trash. Each change is one step of Undo and is told to
// the session's listeners.
type Editor struct {
	store   *storage.Project
	session *session.Session
}

// New edits the project of a session.
func New(s *session.Session, store *storage.Project) *Editor {
	return &Editor{store: store, session: s}
}
