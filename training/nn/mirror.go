package nn

import "viewfinder/training/backend"

// mirror is memory that host and device both have. Where the device computes in the host's memory they are the same, and nothing is
// copied; elsewhere it records which of the two has the newer values.
type mirror struct {
	device  backend.Device
	host    [][]float32
	buffers []backend.Buffer
	users   int
	stale   bool // the host's values may be newer
	ahead   bool // the device's values are newer
}

// add shares host memory and returns its buffer.
func (m *mirror) add(host []float32) (backend.Buffer, error) {
	b, err := m.device.Share(host)
	if err == nil {
		m.host, m.buffers, m.stale = append(m.host, host), append(m.buffers, b), true
	}
	return b, err
}

// push takes the host's values to the device if they may be newer, which it reports.
func (m *mirror) push() (moved bool, err error) {
	if !m.stale {
		return false, nil
	}
	for i, b := range m.buffers {
		if err := m.device.Upload(b, m.host[i]); err != nil {
			return true, err
		}
	}
	m.stale = false
	return true, nil
}

// fetch takes the device's values to the host if they are newer.
func (m *mirror) fetch() error {
	if !m.ahead {
		return nil
	}
	for i, b := range m.buffers {
		if err := m.device.Download(b, m.host[i]); err != nil {
			return err
		}
	}
	m.ahead = false
	return nil
}

// touched notes that the host may write.
func (m *mirror) touched() { m.stale = m.stale || !m.ahead }

func (m *mirror) free() {
	for _, b := range m.buffers {
		m.device.Free(b)
	}
	m.host, m.buffers = nil, nil
}

// home is the network's memory on a device: of trainable values, and of statistics. release ends its use.
func (n *Network) home(device backend.Device) (*mirror, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.homes {
		if m.device == device {
			m.users++
			return m, nil
		}
	}
	m := &mirror{device: device, users: 1}
	for _, host := range [][]float32{n.flat, n.statistics} {
		if _, err := m.add(host); err != nil {
			m.free()
			return nil, err
		}
	}
	n.homes = append(n.homes, m)
	return m, nil
}

func (n *Network) release(m *mirror) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if m.users--; m.users > 0 {
		return
	}
	_ = m.fetch() // of a lost device there is nothing to be had
	for i, h := range n.homes {
		if h == m {
			n.homes = append(n.homes[:i], n.homes[i+1:]...)
		}
	}
	m.free()
}

// fetch takes the network's values to the host if a device has newer ones.
func (n *Network) fetch() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.fetchNow()
}

func (n *Network) fetchNow() error {
	for _, m := range n.homes {
		if err := m.fetch(); err != nil {
			return err
		}
	}
	return nil
}

// touched notes that the host's values may be written.
func (n *Network) touched() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, m := range n.homes {
		m.touched()
	}
}

// bring gives m the newest values, and reports whether they may be others than before.
func (n *Network) bring(m *mirror) (moved bool, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if m.ahead || !m.stale {
		return false, nil
	}
	if err := n.fetchNow(); err != nil {
		return false, err
	}
	return m.push()
}

// trained notes that the device of m has changed the values.
func (n *Network) trained(m *mirror) {
	n.mu.Lock()
	defer n.mu.Unlock()
	m.ahead = true
	for _, other := range n.homes {
		if other != m {
			other.stale = true
		}
	}
}

// on is the buffer of a parameter in m.
func (m *mirror) on(p *parameter) backend.Buffer {
	array := 0
	if !p.role.trainable() {
		array = 1
	}
	return m.buffers[array].Part(p.offset, elements(p.shape))
}
