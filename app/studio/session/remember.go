package session

import "context"

// RememberedGallery is the name of what the window remembers of the gallery: the view it was left on, and what was shown there.
const RememberedGallery = "gallery"

// Remembered is what Remember kept in the project under a name: what the window shows of it, for example. "" for nothing.
func (s *Session) Remembered(ctx context.Context, name string) (string, error) {
	value, _, err := s.store.Setting(ctx, name)
	return value, err
}

// Remember keeps a text in the project; it is not a step of Undo, and no listener is called.
func (s *Session) Remember(ctx context.Context, name, text string) error {
	return s.store.SetSetting(ctx, name, text)
}
