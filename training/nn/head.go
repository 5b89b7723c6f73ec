package nn

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// FeatureSize is the length of the feature vector, which a classifier's last layer takes: the channels of the last feature map, averaged over the picture, and the
// statistics of earlier maps where Spec.Pooling asks for them. 0 for detection.
func (n *Network) FeatureSize() int {
	if w := n.lastWeight(); w != nil {
		return w.shape[1]
	}
	return 0
}

// lastWeight is the weight of the classifier's last layer; nil for detection.
func (n *Network) lastWeight() *parameter {
	if n.spec.Task.HasBoxes() {
		return nil
	}
	return n.byName[n.arch.last.name+".weight"]
}

// Last is the classifier's last layer: weight [classes][FeatureSize] and bias [classes]. The Data are the network's own, as of State. Both are
// empty for detection.
func (n *Network) Last() (weight, bias Tensor) {
	w := n.lastWeight()
	if w == nil {
		return weight, bias
	}
	_ = n.fetch() // see State
	n.touched()
	return w.tensor(), n.byName[n.arch.last.name+".bias"].tensor()
}

// BackboneDigest identifies the backbone, in hexadecimal: it depends on the architecture and on every value that the features depend on.
func (n *Network) BackboneDigest() string {
	_ = n.fetch() // see State
	h := sha256.New()
	fmt.Fprintln(h, n.spec.Architecture, normEpsilon)
	if n.spec.pools() {
		fmt.Fprintln(h, PoolingStatistics, n.groups)
	}
	var buf []byte
	for _, p := range n.parameters {
		if !p.backbone || p.role == batchesTrackedRole {
			continue
		}
		fmt.Fprintln(h, p.name, p.shape)
		buf = buf[:0]
		for _, v := range p.data {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
		}
		h.Write(buf)
	}
	return hex.EncodeToString(h.Sum(nil))
}
