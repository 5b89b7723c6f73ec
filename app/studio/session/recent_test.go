package session

import (
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

// Windows that write the list at the same time lose no entry of one another.
func TestRecentKeepsWhatEveryWindowWrites(t *testing.T) {
	t.Setenv("VIEWFINDER_CONFIG", t.TempDir())
	var all sync.WaitGroup
	for i := range maxRecent {
		all.Go(func() {
			if err := RememberRecent(fmt.Sprint("project ", i), filepath.Join("/projects", fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	list, err := Recent()
	if err != nil || len(list) != maxRecent {
		t.Errorf("%d of %d projects are remembered, %v", len(list), maxRecent, err)
	}
}
