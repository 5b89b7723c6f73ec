package app

import (
	"image"
	"slices"

	"viewfinder/app/studio/pictures"
	"viewfinder/widgets"
)

const mostPlaces = 6

// openFileDoor has all choosing of files ask the system first, and remember where.
func openFileDoor(s *settings) {
	widgets.Files = widgets.FileDoor{
		System: systemFiles,
		Thumbnail: func(path string, px int) (image.Image, error) {
			img, err := pictures.FileThumbnail(path, px)
			if err != nil {
				return nil, err
			}
			return img, nil
		},
		Recent: func() []string { return s.Places },
		Chose: func(dir string) {
			s.Places = newestFirst(s.Places, dir)
			s.save()
		},
	}
}

// newestFirst puts a place before the others, of which the oldest are forgotten.
func newestFirst(places []string, dir string) []string {
	others := slices.DeleteFunc(slices.Clone(places), func(p string) bool { return p == dir })
	return slices.Insert(others, 0, dir)[:min(len(others)+1, mostPlaces)]
}
