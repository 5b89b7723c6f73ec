// Package evaluate judges model versions on annotated images: evaluations that are kept, comparisons, likely annotation errors, facts for reports.
package evaluate

import (
	"viewfinder/app/studio/opinion"
	"viewfinder/app/studio/pictures"
	"viewfinder/app/studio/predict"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/storage"
)

// Judging evaluates versions on annotated images, keeps the results, and finds likely annotation errors.
type Judging struct {
	store    *storage.Project
	session  *session.Session
	runs     *runs.Runs
	pictures *pictures.Pictures
	opinion  *opinion.Opinions
	predict  *predict.Predicting
}

// New judges the versions of the project of a session.
func New(s *session.Session, store *storage.Project, rs *runs.Runs, p *pictures.Pictures, o *opinion.Opinions, asked *predict.Predicting) *Judging {
	return &Judging{store: store, session: s, runs: rs, pictures: p, opinion: o, predict: asked}
}
