package watch

import (
	"os"

	"github.com/fsnotify/fsnotify"
)

// notices hears from the system when something happens in the folder. Many shares send none, and the folders below are not followed: that the folder is
// looked at besides makes up for it.
type notices struct {
	watcher *fsnotify.Watcher // nil where the system has none to give
	root    string            // what is followed; "" nothing
	info    os.FileInfo       // its folder, which another may have taken the place of
}

func newNotices() *notices {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return &notices{}
	}
	return &notices{watcher: w}
}

func (n *notices) close() {
	if n.watcher != nil {
		_ = n.watcher.Close()
	}
}

// heard is received from when something happened; the event's kind does not matter, since the folder is looked at anyway.
func (n *notices) heard() <-chan fsnotify.Event {
	if n.watcher == nil {
		return nil
	}
	for { // what came while the folder was looked at counts as one
		select {
		case <-n.watcher.Errors:
		default:
			return n.watcher.Events
		}
	}
}

// lost forgets a folder that cannot be read any more.
func (n *notices) lost() {
	if n.watcher != nil && n.root != "" {
		_ = n.watcher.Remove(n.root)
		n.root = ""
	}
}

// follow begins to listen, where that is not so yet.
func (n *notices) follow(root string) {
	if n.watcher == nil {
		return
	}
	info, err := os.Stat(root)
	if err != nil || n.root == root && os.SameFile(info, n.info) {
		return
	}
	n.lost()
	if n.watcher.Add(root) == nil {
		n.root, n.info = root, info
	}
}
