package lru

import "testing"

func TestLRU(t *testing.T) {
	c := New[string, int](10)
	c.Put("a", 1, 4)
	c.Put("b", 2, 4)
	c.Get("a")
	c.Put("c", 3, 4) // b was used longest ago
	if _, ok := c.Get("b"); ok {
		t.Error("b is still there")
	}
	if v, ok := c.Get("a"); !ok || v != 1 {
		t.Error("a is gone")
	}
	c.Put("large", 9, 99)
	if _, ok := c.Get("large"); !ok || len(c.items) != 1 || c.used != 99 {
		t.Errorf("a large one is not kept alone: %d items, %d used", len(c.items), c.used)
	}
}
