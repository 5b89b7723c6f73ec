package training

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"viewfinder/storage/domain"
	"viewfinder/training/data"
	"viewfinder/training/features"
	"viewfinder/training/float16"
	"viewfinder/training/kernels"
	"viewfinder/training/nn"
	"viewfinder/training/weights"
)

// ErrNoBackbone: the program was built without the built-in backbone.
var ErrNoBackbone = errors.New("this program was built without the built-in backbone, so it computes no features")

// Backbone is the built-in backbone, open to compute features of images. They are those that a training of the head alone computes, and are kept in the same
// files. It is not for use by several goroutines at once.
type Backbone struct {
	net    *nn.Network
	runner *runner
	frame  data.Frame
	plain  *data.Augmenter
	gate   func()
	name   string
}

// OpenBackbone builds the built-in backbone for so many threads (0: all physical cores). gate, which may be nil, is called before each part of the work, where it may wait.
func OpenBackbone(threads int, gate func()) (*Backbone, error) {
	builtIn := weights.BuiltIn()
	if builtIn == nil {
		return nil, ErrNoBackbone
	}
	i := ofNetwork(builtIn, weights.BuiltInName)
	o, _ := StartOptions(domain.Classification, Start{Weights: weights.BuiltInName, Architecture: i.Architecture, Size: i.Size}, LearnHead, 0)
	run := &Run{Task: domain.Tagging, Concepts: make([]ConceptRef, 1), Options: o, Decoding: DecodingReduced, Picture: i.Picture}
	b := &Backbone{frame: run.frame(), gate: gate}
	var err error
	if b.plain, err = data.NewAugmenter(nil, b.frame); err != nil {
		return nil, err
	}
	if b.net, err = nn.New(run.spec(), 1); err != nil {
		return nil, fmt.Errorf("building the backbone: %w", err)
	}
	if _, _, err := b.net.LoadState(i.state); err != nil {
		return nil, fmt.Errorf("reading the backbone: %w", err)
	}
	b.name = featuresName(b.net, b.frame, i.Picture)
	if b.runner, err = newRunner(b.net, threads); err != nil {
		return nil, err
	}
	if gate != nil {
		b.runner.p.SetGate(gate)
	}
	return b, nil
}

// Close gives its memory back.
func (b *Backbone) Close() { b.runner.close() }

// Size is how many numbers the features of an image are.
func (b *Backbone) Size() int { return b.net.FeatureSize() }

// Groups is of how many numbers the features are, one after the other: the mean of the last map, then statistics of earlier ones.
func (b *Backbone) Groups() []int { return b.net.FeatureGroups() }

// Cache opens the file in a folder in which the features of this backbone are kept; the error says why nothing can be kept there.
func (b *Backbone) Cache(dir string) (*features.Cache, error) {
	return features.Open(dir, b.name, b.Size(), features.DefaultMost)
}

// Features computes the features of samples, whose image paths are relative to dir, and calls use with each one's in float16, which is valid during the call alone. A sample
// that cannot be read, or whose file is no longer what its SHA256 says, is left out. The error is ctx's, or the network's.
func (b *Backbone) Features(ctx context.Context, dir string, samples []Sample, use func(i int, half []uint16)) error {
	plain := &data.ViewStream{Frame: b.frame, Items: items(dir, samples), Aug: b.plain, Views: make([]data.ItemView, len(samples))}
	for i := range plain.Views {
		plain.Views[i].Item = i
	}
	half := make([]uint16, b.Size())
	var vector []float32
	b.runner.each = func(sample, k int) {
		vector = b.runner.p.Vector(k, vector)
		for c, v := range vector {
			half[c] = float16.Finite(v)
		}
		use(sample, half)
	}
	defer func() { b.runner.each = nil }()
	_, _, err := b.runner.run(ctx, gated{plain, ctx, b.gate}, nil, nil)
	return err
}

// gated decodes one image after the other, and waits before each where it is to: beside a person's hands no work takes all processors.
type gated struct {
	*data.ViewStream
	ctx  context.Context
	gate func()
}

// FillBatch is the source's.
func (g gated) FillBatch(from, count int, dst []float32, fail func(i int, err error)) {
	n := g.Frame.Height * g.Frame.Width * 3
	for k := range count {
		if g.ctx.Err() != nil {
			fail(from+k, g.ctx.Err())
			continue
		}
		if g.gate != nil {
			g.gate()
		}
		g.ViewStream.FillBatch(from+k, 1, dst[k*n:(k+1)*n], fail)
	}
}

// featuresName names the file of the features of a network's backbone, of pictures in a frame, by these kernels.
func featuresName(net *nn.Network, frame data.Frame, picture nn.Picture) string {
	h := sha256.New()
	fmt.Fprintln(h, net.BackboneDigest(), frame, picture, kernels.Variant())
	return hex.EncodeToString(h.Sum(nil)[:12])
}
