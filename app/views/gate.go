package views

// gate keeps what a person does in the order in which they did it, where the disk is needed to know what that means: while something is
// being read, or undone, what comes next waits. It is used on the window's thread.
type gate struct {
	shut    int
	waiting []func()
}

// pass does f, now or when what is under way is done.
func (g *gate) pass(f func()) {
	if g.shut > 0 {
		g.waiting = append(g.waiting, f)
		return
	}
	f()
}

// close has what comes next wait, until a call of open for each of close.
func (g *gate) close() { g.shut++ }

func (g *gate) open() {
	g.shut--
	for g.shut == 0 && len(g.waiting) > 0 {
		f := g.waiting[0]
		g.waiting = g.waiting[1:]
		f()
	}
}
