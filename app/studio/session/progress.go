package session

// Progress receives the progress of a long operation. Update may be called from several goroutines; total is 0 while it is not known.
// what names the thing at hand ("paper12.jpg"), and may be empty.
type Progress interface {
	Update(done, total int, what string)
}

// ProgressFunc makes a Progress of a function.
type ProgressFunc func(done, total int, what string)

// Update calls the function.
func (f ProgressFunc) Update(done, total int, what string) { f(done, total, what) }

// silent is the Progress of those who passed none.
type silent struct{}

func (silent) Update(int, int, string) {}

// ProgressOr returns p, or a silent one for nil.
func ProgressOr(p Progress) Progress {
	if p == nil {
		return silent{}
	}
	return p
}
