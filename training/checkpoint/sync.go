package checkpoint

import (
	"os"
	"runtime"
)

const isWindows = runtime.GOOS == "windows"

// syncDir makes a rename in the folder last through a loss of power; Windows does that by itself and cannot sync a folder.
func syncDir(dir string) error {
	if isWindows {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}
