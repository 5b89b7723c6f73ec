// Package page is the seam between the window and its tabs: what a tab gives to the window, and what it gets of it.
package page

import (
	"context"

	"fyne.io/fyne/v2"

	"viewfinder/app/studio"
	"viewfinder/app/studio/session"
)

// Tab names one of the three tabs.
type Tab string

// The tabs.
const (
	Views    Tab = "views"
	Library  Tab = "library"
	Training Tab = "training"
)

// Page is the content of a tab. All methods are called on the window's thread.
type Page interface {
	// Content is made once.
	Content() fyne.CanvasObject
	// Show is called when the tab becomes visible, after Refresh.
	Show()
	// Hide is called when another tab does.
	Hide()
	// Refresh says what changed. It is called while the page is shown, and once before Show with View and Data set.
	Refresh(Change)
	// Close is called when the project closes: goroutines end.
	Close()
}

// Optional interfaces of a page.
type (
	// Escaper gets the Escape key when nothing else took it; false lets it go on.
	Escaper interface{ Escape() bool }
	// Keyer gets keys that nothing focused took.
	Keyer interface {
		TypedKey(*fyne.KeyEvent)
		TypedRune(rune)
	}
	// Dropper takes files and folders that are dropped on the window while the page is shown; false leaves them to the window.
	Dropper interface{ Dropped(paths []string) bool }
	// Undoer takes back (or does again) what was done last on the page, where that is not among the project's actions; false leaves it to those.
	Undoer interface{ TakeBack(redo bool) bool }
	// Badger has a word beside the tab's name ("43%"); it calls [Shell.RefreshBadges] when that changes.
	Badger interface{ Badge() string }
)

// Change says what a page should read anew.
type Change struct {
	View   bool           // another view is the current one
	Data   bool           // something in the project changed, see Studio
	Studio session.Change // which; zero with View
}

// Shell is the window, as its pages see it. All methods are called on the window's thread, except Context.
type Shell interface {
	Window() fyne.Window
	// View is the current view; its ID is 0 while the project has none.
	View() studio.View
	SetView(id int64)
	// Filter is what the gallery shows of the current view, and whether that is less than all of it.
	Filter() (studio.Query, bool)
	ShowTab(Tab)
	// ShowGallery shows the Views tab with the gallery of a view, and of it what is in a state and carries a concept (0: any).
	ShowGallery(view int64, state studio.State, concept int64)
	// OpenCases shows the Views tab with the annotator on one of these datapoints, by their ids; next and previous go through them. Leaving it comes
	// back to the Library and calls back with the one that was shown last.
	OpenCases(view int64, ids []int64, at int, back func(last int64))
	// OpenVersion shows a version's page in the Library.
	OpenVersion(id int64)
	// WatchTraining shows a version in the Training tab.
	WatchTraining(id int64)
	// Train opens the sheet "Train a new model version" for the current view, starting from a version's options if from is not 0.
	Train(from int64)
	// Notify shows a short notice that goes away by itself.
	Notify(text string)
	// Fail says that something did not work: what was to be done ("open the project"), what happened, what is safe, what to do.
	Fail(doing string, err error)
	// Confirm asks before something that takes more along than can be seen.
	Confirm(title, text, action string, dangerous bool, do func())
	// Do does work off the window's thread and then calls then on it, if there was no error; an error is shown by Fail. The
	// context ends when the project closes; then is not called after that. then may be nil.
	Do(doing string, work func(ctx context.Context) error, then func())
	// Long does work that shows its progress and can be cancelled. then is always called, unless the project was closed.
	Long(title string, work func(ctx context.Context, p session.Progress) error, then func(err error))
	// Context ends when the project closes.
	Context() context.Context
	// RefreshBadges has the tabs ask their pages for their words again.
	RefreshBadges()
}
