package opinion

import (
	"context"
	"fmt"

	"viewfinder/app/studio/runs"
	"viewfinder/app/studio/session"
	"viewfinder/training"
	"viewfinder/training/descriptor"
)

// descriptionsLimit bounds the bytes of the descriptions that an open project remembers: those of some 30,000 images.
const descriptionsLimit = 64 << 20

// Describe computes the descriptors of samples of this project, whose image paths are relative to dir (see training.Describe); nil for one that cannot be
// read. It takes some 40 ms an image and core, so what was described before is remembered while the project is open.
func (o *Opinions) Describe(ctx context.Context, dir string, samples []training.Sample, progress session.Progress) ([][]float32, error) {
	all := make([][]float32, len(samples))
	keys := make([]string, len(samples))
	var missing []training.Sample
	var at []int
	for i, s := range samples {
		s.Image = runs.AbsoluteImage(dir, s.Image)
		if keys[i] = s.Image; s.Crop != nil {
			keys[i] += fmt.Sprint(*s.Crop)
		}
		if known, ok := o.descriptions.Get(keys[i]); ok {
			all[i] = known
			continue
		}
		missing, at = append(missing, s), append(at, i)
	}
	described, err := training.Describe(ctx, "", missing, func(done, total int) { progress.Update(done, total, "looking at colours and textures") })
	if err != nil {
		return nil, fmt.Errorf("looking at colours and textures: %w", err)
	}
	for k, x := range described {
		if i := at[k]; x != nil {
			all[i] = x
			o.descriptions.Put(keys[i], x, 4*descriptor.Size)
		}
	}
	return all, nil
}
