package pictures

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"viewfinder/storage/interchange"
)

// mostFiles bounds how many images of folders are listed.
const mostFiles = 1 << 20

// ImageFiles lists files as they are named, and those with an image's extension in folders and below, in the order of their names.
// Hidden folders are left out.
func ImageFiles(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() { // one that is missing shows its error in its place
			files = append(files, path)
			continue
		}
		err = filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && file != path && strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			case d.Type().IsRegular() && interchange.IsImageName(d.Name()):
				if len(files) >= mostFiles {
					return fmt.Errorf("there are more than %d images in %s", mostFiles, path)
				}
				files = append(files, file)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("looking for images in %s: %w", path, err)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no image in %s", strings.Join(paths, ", "))
	}
	return files, nil
}
