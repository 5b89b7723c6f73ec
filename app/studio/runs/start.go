package runs

import (
	"viewfinder/training"
	"viewfinder/training/weights"
)

// WeightsEndings are those of the names of files of weights that can be read.
func WeightsEndings() []string { return weights.Endings() }

// ReadStart finds out about what the option weights names: an earlier version ("../UID") or a file.
func (rs *Runs) ReadStart(weights string) (training.Start, error) {
	return training.ReadStart(rs.store.RunDir("new"), weights)
}

// StartOf is a version as a start.
func StartOf(v Version) training.Start {
	s := training.Start{Weights: WeightsOf(v), Title: v.Name, Architecture: v.Architecture}
	if o, err := v.TrainingOptions(); err == nil {
		if z, err := training.ParseResizer(o.Resizer); err == nil {
			s.Size = max(z.Height, z.Width)
		}
	}
	return s
}

// ReadWeights finds out about a file of weights, outside of a project.
func ReadWeights(path string) (Start, error) { return training.ReadStart("", path) }
