package session

import "sync"

// ChangeKind is the part of a project that changed.
type ChangeKind int

// The kinds of change.
const (
	ChangeProject     ChangeKind = iota // the project's name, or anything at all (after undo, import, repair)
	ChangeImages                        // images were added, deleted, or moved to another split
	ChangeViews                         // views were added, renamed, moved, deleted, or their conditions changed
	ChangeConcepts                      // concepts of a view were added, changed, moved, deleted
	ChangeAnnotations                   // datapoints were annotated, cleared, reviewed, suggested
	ChangeVersions                      // model versions were added, renamed, deleted, or changed their status
	ChangeRun                           // a version in training has new events (steps, metrics)
	ChangeHistory                       // what Undo and Redo would do
	ChangeEvaluations                   // an evaluation of a version was made or deleted
	ChangeAssistant                     // what the assistant suggests in a view, or does
)

// Change is an announcement to listeners of what to read again. Zero fields mean "any".
type Change struct {
	Kind    ChangeKind
	View    int64
	Images  []int64 // the images concerned; nil = many or all
	Version int64
}

// changes delivers the changes of a project to those who subscribed: in order, each on one goroutine of its own, so that a
// slow listener holds up neither the caller that changed something nor the other listeners.
type changes struct {
	mu     sync.Mutex
	next   int
	boxes  map[int]*mailbox
	closed bool
}

// mailbox is the queue of one listener.
type mailbox struct {
	mu      sync.Mutex
	queue   []Change
	wake    chan struct{}
	done    chan struct{}
	deliver func(Change)
}

func (c *changes) subscribe(f func(Change)) (cancel func()) {
	m := &mailbox{wake: make(chan struct{}, 1), done: make(chan struct{}), deliver: f}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return func() {}
	}
	if c.boxes == nil {
		c.boxes = map[int]*mailbox{}
	}
	id := c.next
	c.next++
	c.boxes[id] = m
	go m.run()
	var once sync.Once
	return func() {
		once.Do(func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if _, there := c.boxes[id]; there {
				delete(c.boxes, id)
				close(m.done)
			}
		})
	}
}

func (c *changes) emit(list ...Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.boxes {
		m.post(list)
	}
}

func (c *changes) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	for id, m := range c.boxes {
		close(m.done)
		delete(c.boxes, id)
	}
}

// post queues changes; one that equals the last one waiting is dropped, since the listener has yet to read anyway.
func (m *mailbox) post(list []Change) {
	m.mu.Lock()
	for _, change := range list {
		if n := len(m.queue); n > 0 && sameChange(m.queue[n-1], change) {
			continue
		}
		m.queue = append(m.queue, change)
	}
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

func sameChange(a, b Change) bool {
	if a.Kind != b.Kind || a.View != b.View || a.Version != b.Version || len(a.Images) != len(b.Images) {
		return false
	}
	for i := range a.Images {
		if a.Images[i] != b.Images[i] {
			return false
		}
	}
	return true
}

func (m *mailbox) run() {
	for {
		select {
		case <-m.done:
			return
		case <-m.wake:
		}
		for {
			m.mu.Lock()
			if len(m.queue) == 0 {
				m.mu.Unlock()
				break
			}
			change := m.queue[0]
			m.queue = m.queue[1:]
			m.mu.Unlock()
			select {
			case <-m.done:
				return
			default:
				m.deliver(change)
			}
		}
	}
}
