// Package predict asks model versions: about image files, for suggestions of annotations, and which images are best annotated next.
package predict

import (
	"viewfinder/app/studio/opinion"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/studio/transfer"
	"viewfinder/storage"
)

// Predicting asks versions about images: of files, of the project, and which of those are best annotated next.
type Predicting struct {
	store    *storage.Project
	session  *session.Session
	runs     *runs.Runs
	pictures *pictures.Pictures
	transfer *transfer.Transfer
	opinion  *opinion.Opinions
}

// New asks the versions of the project of a session.
func New(s *session.Session, store *storage.Project, rs *runs.Runs, p *pictures.Pictures, t *transfer.Transfer, o *opinion.Opinions) *Predicting {
	return &Predicting{store: store, session: s, runs: rs, pictures: p, transfer: t, opinion: o}
}
