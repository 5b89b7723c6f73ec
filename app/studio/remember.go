package studio

import "context"

// Remembered is what Remember kept in the project under a name: what the window shows of it, for example. "" for nothing.
func (p *Project) Remembered(ctx context.Context, name string) (string, error) {
	value, _, err := p.store.Setting(ctx, name)
	return value, err
}

// Remember keeps a text in the project; it is no step of Undo, and no page is told.
func (p *Project) Remember(ctx context.Context, name, text string) error {
	return p.store.SetSetting(ctx, name, text)
}

// CountMatching counts what a child view with these conditions would get of its parent; nil: everything annotated.
func (p *Project) CountMatching(ctx context.Context, parent int64, c *Condition) (int, error) {
	return p.store.CountMatching(ctx, parent, c)
}
