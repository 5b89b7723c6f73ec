package runs

import (
	"viewfinder/training"
)

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
