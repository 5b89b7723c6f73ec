package library

import (
	"fmt"
	"testing"
	"time"

	"viewfinder/app/studio/runs"
	"viewfinder/app/version/versiontest"
	"viewfinder/storage/domain"
)

// BenchmarkShow1000 lays 1,000 versions out, which the window.s thread does each time something about one of them has changed.
func BenchmarkShow1000(b *testing.B) {
	s := versiontest.New(b, 1)
	p := New(s, s.Project())
	defer p.Close()
	s.Window().SetContent(p.Content())
	c := content{view: s.View(), groups: make([]runs.ModelGroup, 1)}
	c.groups[0].Current = true
	for i := range 1000 {
		v := earlier(int64(i+1), fmt.Sprint("uid", i), s.View().ID, fmt.Sprint("v", i), "small_cnn", domain.StatusReady)
		v.Headline, v.HeadlineName, v.CreatedAt = float64(i)/1000, "accuracy", time.Now().Add(-time.Duration(i)*time.Hour)
		c.groups[0].Versions = append(c.groups[0].Versions, v)
	}
	for b.Loop() {
		p.list.set(c)
	}
}
