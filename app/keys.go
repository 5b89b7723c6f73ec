package app

// showKeys shows the keys of the annotator; without a project there are none to show.
func (w *window) showKeys() {
	if w.shell != nil {
		w.shell.views.ShowKeys()
	}
}

// Saving implements what the Views page tells of what is still to be saved.
func (s *shell) Saving(pending int) { s.status.saving(pending) }
