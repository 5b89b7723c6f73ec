// Package transfer imports images and annotations into a project, from folders, files and archives of every format, and exports them.
package transfer

import (
	"sync"

	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// Transfer imports images and annotations into a project, and exports them.
type Transfer struct {
	store    *storage.Project
	session  *session.Session
	pictures *pictures.Pictures
	imports  sync.Mutex // one import at a time
}

// New imports into and exports from the project of a session.
func New(s *session.Session, store *storage.Project, p *pictures.Pictures) *Transfer {
	return &Transfer{store: store, session: s, pictures: p}
}
