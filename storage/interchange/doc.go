// Package interchange reads and writes the formats in which annotated images
// travel: image folders, CSV, COCO, YOLO, Pascal VOC, the Studio import file,
// and plain images. It knows files and records, not projects: an importer
// yields records, whose images the caller opens with Source.Open; an exporter
// is given records and writes them.
//
// Whatever is read is taken for hostile. Sizes, counts and depth are bounded;
// images are opened through os.Root, so neither a path in a record nor a
// symbolic link gets out of the source's folder. What is wrong with one record
// is a Problem (file, line, reason), and the rest goes on; an error is returned
// only where nothing can go on, such as a folder that cannot be listed.
//
// A new format is one file: a type with the Importer's (and the Exporter's)
// methods, and its row in formats.
package interchange
