// Package predict uses model versions: to predict image files, to suggest annotations, and to choose the images that are best annotated next.
package predict

import (
	"viewfinder/app/studio/opinion"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
)

// Predicting uses versions to predict image files and the project's images, and to choose those that are best annotated next.
type Predicting struct {
	store    *storage.Project
	session  *session.Session
	runs     *runs.Runs
	pictures *pictures.Pictures
	transfer *transfer.Transfer
	opinion  *opinion.Opinions
}

// New makes a Predicting for the project of a session.
func New(s *session.Session, store *storage.Project, rs *runs.Runs, p *pictures.Pictures, t *transfer.Transfer, o *opinion.Opinions) *Predicting {
	return &Predicting{store: store, session: s, runs: rs, pictures: p, transfer: t, opinion: o}
}
