package runs

import (
	"fmt"
	"runtime"
	"strings"

	"viewfinder/training/kernels"
	"viewfinder/training/machine"
)

// Device is a processor of this machine that can train and predict.
type Device struct {
	Name        string  `json:"name"` // as in the option device
	Processor   string  `json:"processor"`
	Cores       int     `json:"cores"`
	Kernels     string  `json:"kernels"`     // the variant of the kernels that runs here
	PeakGFLOPS  float64 `json:"peak_gflops"` // measured, float32, all cores
	GBPerSecond float64 `json:"gb_per_s"`    // measured memory bandwidth
	L2Bytes     int     `json:"l2_bytes"`    // cache of a core
	L3Bytes     int     `json:"l3_bytes"`    // cache of all
}

// Devices lists them. It measures each, which takes about a second.
func Devices() []Device {
	m := machine.ThisProcessor()
	pool := kernels.NewPool(0)
	defer pool.Close()
	return []Device{{
		Name: "cpu", Processor: runtime.GOARCH, Cores: m.Cores, Kernels: kernels.Variant(),
		PeakGFLOPS: kernels.MeasurePeak(pool) / 1e9, GBPerSecond: kernels.MeasureBandwidth(pool) / 1e9,
		L2Bytes: m.L2, L3Bytes: m.L3,
	}}
}

// Kernels is the variant of the kernels that runs on this machine: go, avx2, avx512 or neon.
func Kernels() string { return kernels.Variant() }

// MachineWarning describes the settings of the environment that this machine cannot satisfy; "" if there are none.
func MachineWarning() string {
	name := kernels.Refused()
	if name == "" {
		return ""
	}
	return fmt.Sprintf("%s is %q, which does not run here; %s is used (there are: %s)", kernels.VariantVariable, name, kernels.Variant(), strings.Join(kernels.Variants(), ", "))
}
