// Package library is the Library tab: the models of the current view with their versions, a version's page, and the sheet on which a new
// version is made.
package library

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"viewfinder/app/page"
	"viewfinder/app/studio"
	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/app/version"
	"viewfinder/storage/domain"
)

// Page is the Library tab.
type Page struct {
	shell   page.Shell
	project Project
	root    *fyne.Container
	list    *list
	detail  *detail // the version's page, nil while the list is shown
	loader  *version.Loader
	view    int64            // whose library the list shows
	removed [][]runs.Version // what was deleted here and not restored since, each time's together
}

var _ page.Page = (*Page)(nil)

// New makes the page.
func New(s page.Shell, project Project) *Page {
	p := &Page{shell: s, project: project}
	p.list = newList(p)
	p.root = container.NewStack(p.list.content)
	p.loader = version.NewLoader(s.Context(), p.read)
	p.loader.Pause = 300 * time.Millisecond
	return p
}

// Content implements page.Page.
func (p *Page) Content() fyne.CanvasObject { return p.root }

// Show implements page.Page.
func (p *Page) Show() {
	p.loader.Load()
	if p.detail != nil {
		p.detail.loader.Load()
	}
}

// Hide implements page.Page.
func (p *Page) Hide() {}

// Close implements page.Page.
func (p *Page) Close() {
	p.loader.Close()
	if p.detail != nil {
		p.detail.close()
	}
}

// Refresh implements page.Page.
func (p *Page) Refresh(c page.Change) {
	if c.View && p.detail != nil && p.detail.view != p.shell.View().ID {
		p.showList()
	}
	if c.Data && !c.View {
		switch c.Studio.Kind {
		case session.ChangeAnnotations, session.ChangeImages:
			if p.list.hasVersions() && p.detail == nil {
				return // what is in the library doesn't change with it
			}
		case session.ChangeHistory, session.ChangeAssistant:
			return
		}
	}
	p.loader.Load()
	if p.detail != nil && (!c.Data || c.Studio.Version == 0 || c.Studio.Version == p.detail.id) {
		p.detail.loader.Load()
	}
}

// Open shows a version's page.
func (p *Page) Open(id int64) { p.open(id, tabOverview) }

func (p *Page) open(id int64, tab string) {
	if p.detail != nil {
		p.detail.close()
	}
	p.detail = newDetail(p, id, tab)
	p.root.Objects = []fyne.CanvasObject{p.detail.content}
	p.root.Refresh()
}

func (p *Page) showList() {
	if p.detail == nil {
		return
	}
	p.detail.close()
	p.detail = nil
	p.root.Objects = []fyne.CanvasObject{p.list.content}
	p.root.Refresh()
	p.loader.Load()
}

// Escape goes back from a version's page to the list.
func (p *Page) Escape() bool {
	if p.detail == nil {
		return false
	}
	p.showList()
	return true
}

// content of the list, as read.
type content struct {
	view     studio.View
	groups   []runs.ModelGroup
	concepts map[int64]domain.Concept
	deleted  []runs.Version   // that can be brought back
	use      runs.Preparation // read while there are no versions, for the empty state
	other    studio.View      // another view that has versions, read while this one has none
	err      error
}

func (p *Page) read(ctx context.Context) func() {
	view, ok := version.Ask(ctx, p.shell.View)
	if !ok {
		return nil
	}
	c := content{view: view}
	if view.ID != 0 {
		c.groups, c.err = p.project.Library(ctx, view.ID)
		if c.err == nil {
			var list []domain.Concept
			list, c.err = p.project.Concepts(ctx, view.ID)
			c.concepts = map[int64]domain.Concept{}
			for _, one := range list {
				c.concepts[one.ID] = one
			}
		}
		if c.err == nil {
			c.deleted, c.err = p.project.DeletedVersions(ctx, view.ID)
		}
		versions := 0
		for _, g := range c.groups {
			versions += len(g.Versions)
		}
		if c.err == nil && versions == 0 {
			options, _ := runs.ProposedOptions(view.Type, "", 0)
			c.use, c.err = p.project.Prepare(ctx, view.ID, options)
			if c.err == nil {
				c.other, c.err = p.otherView(ctx)
			}
		}
	}
	if c.err != nil {
		slog.Error("library not read", "view", view.Name, "error", c.err)
	}
	return func() {
		p.view = view.ID
		p.list.set(c)
	}
}

// otherView is the view of the newest version in the project; its ID is 0 where there is none.
func (p *Page) otherView(ctx context.Context) (studio.View, error) {
	versions, err := p.project.Versions(ctx, 0)
	if err != nil || len(versions) == 0 {
		return studio.View{}, err
	}
	newest := slices.MaxFunc(versions, func(a, b runs.Version) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return p.project.View(ctx, newest.ViewID)
}
