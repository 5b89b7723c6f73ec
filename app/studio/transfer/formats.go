package transfer

import (
	"strings"

	"viewfinder/storage/interchange"
)

// Format describes a format of images and annotations; the lists in the window and in the commands' help are made of it.
type Format = interchange.Definition

// ImportableFormats lists the formats that Import reads.
func ImportableFormats() []Format { return interchange.ImportDefinitions() }

// ExportableFormats lists the formats that Export writes.
func ExportableFormats() []Format { return interchange.ExportDefinitions() }

// ImageEndings lists the endings of files that are taken for images (".jpg"), in small and in capital letters.
func ImageEndings() []string {
	var all []string
	for _, e := range interchange.ImageEndings() {
		all = append(all, e, strings.ToUpper(e))
	}
	return all
}

// FormatTitle is a format's title for people; its name where there is none of that name.
func FormatTitle(name string) string {
	if f, ok := interchange.Lookup(interchange.Format(name)); ok {
		return f.Title
	}
	return name
}
