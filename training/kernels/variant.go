package kernels

import (
	"os"
	"slices"
)

// VariantVariable is the environment variable that forces a variant.
const VariantVariable = "VIEWFINDER_KERNELS"

// active is the set of vector kernels in use; nil means plain Go. It is chosen once, when the program starts.
var active = choose(os.Getenv(VariantVariable))

// Refused is the variant that the environment asks for though none of that name runs here; "" where there is none.
func Refused() string {
	name := os.Getenv(VariantVariable)
	if name == "" || slices.Contains(Variants(), name) {
		return ""
	}
	return name
}

// Variant names the kernels in use: "go", "avx2", "avx512" or "neon".
func Variant() string {
	if active == nil {
		return "go"
	}
	return active.name
}

// Variants names the kernels that this program holds and this processor runs, the best first; "go" is always among them.
func Variants() []string {
	var names []string
	for _, v := range vectorKernels() {
		names = append(names, v.name)
	}
	return append(names, "go")
}

// choose takes the variant asked for, or the best one where none or none that runs here is.
func choose(name string) *vector {
	all := vectorKernels()
	if name == "go" {
		return nil
	}
	if i := slices.IndexFunc(all, func(v *vector) bool { return v.name == name }); i >= 0 {
		return all[i]
	}
	if len(all) > 0 {
		return all[0]
	}
	return nil
}
