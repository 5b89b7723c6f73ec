// Package runs makes model versions and keeps them: what one would be trained on, the queue, the trainers and their run folders, the Library.
package runs

import (
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// Runs makes and keeps model versions: what they are trained on, the queue, the trainers, and the states of their run folders.
type Runs struct {
	store     *storage.Project
	session   *session.Session
	pictures  *pictures.Pictures
	trainings *trainings
}

// New keeps the versions of the project of a session.
func New(s *session.Session, store *storage.Project, p *pictures.Pictures) *Runs {
	rs := &Runs{store: store, session: s, pictures: p}
	rs.trainings = newTrainings(rs)
	return rs
}
