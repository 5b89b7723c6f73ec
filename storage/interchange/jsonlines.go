package interchange

import "io"

// lineCounter finds the line of an offset in what it has read, for
// decoders that read ahead of what they have taken. Offsets must not fall.
type lineCounter struct {
	r       io.Reader
	read    int64
	passed  int
	pending []int64 // offsets of line ends that were read and not passed
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	for i, c := range p[:n] {
		if c == '\n' {
			l.pending = append(l.pending, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

// at returns the line, from 1, of the given offset.
func (l *lineCounter) at(offset int64) int {
	n := 0
	for n < len(l.pending) && l.pending[n] < offset {
		n++
	}
	l.passed += n
	l.pending = l.pending[n:]
	return l.passed + 1
}
