// Package interchange reads and writes the formats in which annotated images
// travel. It knows files and records, not projects: an importer yields records,
// whose images the caller opens with Source.Open; an exporter is given records
// and writes them.
//
// All input is treated as hostile. Sizes, counts and depth are bounded;
// files are opened through os.Root, so neither a path in a record nor a
// symbolic link gets out of the source's folder. What is wrong with one record
// is a Problem (file, line, reason), and the rest goes on; an error is returned
// only where nothing can go on, such as a file that is not JSON at all.
//
// # How a format is written
//
// A format is one file NAME.go (with NAMEwrite.go where it is written, too), its
// test and a row in registry.go. The file has
//
//   - `const Labelme Format = "labelme"`, the word of --format;
//   - `var labelmeFormat = Definition{...}`: title, help, files, what it holds and
//     does not keep, Sniff and the importer; docs/formats.md, the window's and the
//     commands' lists are made from it (UPDATE_DOCS=1 go test -run TestDocument);
//   - Sniff(name, head): whether a file is one of this format's label files, by words
//     that no other format has. Files of which that is true and that nobody read are named to the user;
//   - Recognises(f): whether the folder f, or the file f.File in it that the user
//     named, is of this format. Look by f.head (filesHere, sample), which does not count as reading.
//     Look in the folder itself and in folders of labels beside its images, not
//     below: data sets in folders below or above, one a split, in ZIPs, are found
//     by the source, which asks for each folder, reads all that are recognised at
//     one level and gives records the split of their folder. An error (fileError) says that this
//     format's file is there and cannot be read; another format is tried then;
//   - Read(ctx, f, yield, problem): opens files by f.read or f.open, which count as
//     read; yields one Record an image, in a fixed order; returns the Header with the
//     task, the concepts in the source's order and notes on what concerns the whole.
//     A folder without any image is an emptyError.
//
// Rules that all keep, and what keeps them:
//
//   - The image of a record is found by f.findImage(name, folders...), which also finds paths
//     of other machines; label files of one image each are joined with images by f.pair.
//   - A record starts as Record{File, Line, ImagePath, Split}; Width and Height are
//     set before boxes are added, where the source gives them. HasAnnotation tells
//     that somebody looked at the image; a list of images is no list of negatives.
//   - Boxes are added by r.addPixels or r.addFractions (corners in any order; cut at
//     the border; refused without area). Whatever is refused goes through r.refuse, which
//     counts it: an image of which all was refused stays not annotated.
//   - Numbers are read by parseNumber, in JSON by jsonNumber and jsonID, through
//     lenient where NaN may occur; XML's encodings by charsetReader.
//   - A split is read by splitName, out of folders by splitOfPath.
//   - No concept is made up: names of a layout's folders (structure.go) are none.
//   - Limits: maxTextBytes, maxXMLBytes, maxRegions, maxDepth, maxConcepts in record.go.
//   - Each parser has a fuzz target with seeds that ends in checkRecord.
package interchange
