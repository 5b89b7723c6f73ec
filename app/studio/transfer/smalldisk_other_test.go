//go:build !linux

package transfer_test

import "testing"

func smallDisk(t *testing.T, _ string) string {
	t.Skip("a small file system can be mounted on Linux only")
	return ""
}
