package library

import "viewfinder/app/page"

var _ page.Dropper = (*Page)(nil)

// Dropped implements page.Dropper: the open tab of a version's page takes what is dropped, if it has a use for it.
func (p *Page) Dropped(paths []string) bool {
	if p.detail == nil {
		return false
	}
	open := p.detail.tabs.Selected()
	for _, t := range p.detail.more {
		if open != nil && t.title == open.Text {
			d, ok := t.subTab.(page.Dropper)
			return ok && d.Dropped(paths)
		}
	}
	return false
}
