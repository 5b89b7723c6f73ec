//go:build !linux

package training

// memoryBudget is what decoded pixels may take of the memory.
func memoryBudget() int64 { return 1 << 30 }
