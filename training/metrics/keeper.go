package metrics

import "sync"

// keeper keeps what was computed for a key; of two goroutines that want the same one computes. Beyond a bound it forgets everything.
type keeper[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]func() V
}

const maxKept = 4096

func (k *keeper[K, V]) get(key K, compute func() V) V {
	k.mu.Lock()
	if k.kept == nil || len(k.kept) >= maxKept {
		k.kept = map[K]func() V{}
	}
	f, ok := k.kept[key]
	if !ok {
		f = sync.OnceValue(compute)
		k.kept[key] = f
	}
	k.mu.Unlock()
	return f()
}
