package data

// Memory is the number of bytes of pixels that are held in memory.
func (s *Set) Memory() int64 {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.memory
}
