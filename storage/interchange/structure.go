package interchange

import (
	"path"
	"regexp"
	"strings"
)

// Folders that data sets have for their layout. Their names are no concepts.
var (
	imageFolders = regexp.MustCompile(`^(images?|imgs?|jpe?g_?images|jpe?gs?|pngs?|image_?\d+|images?_\d+|obj_(train|valid|test)_data|leftimg8bit)$`)
	labelFolders = regexp.MustCompile(`^(labels?|label_?\d+|annotations?|annots?|anns?|xmls?|jsons?|txts?|csvs?|imagesets|segmentation(class|object)(raw|aug)?|masks|bboxes|ground_?truths?|gts?|calib|velodyne|planes|thumbnails|thumbs|meta)$`)
	// uncertainFolders are structure only beside a folder of images, since people
	// sort by such concepts, too.
	uncertainFolders = regexp.MustCompile(`^(mask|segmentations?|semantic|instances?|depth|previews?|data)$`)
)

// isImageFolder reports whether a folder's name says that images lie in it, and
// nothing about what they show.
func isImageFolder(name string) bool { return imageFolders.MatchString(fold(name)) }

// isLabelFolder reports whether a folder's name says that annotations or masks
// lie in it.
func isLabelFolder(name string) bool { return labelFolders.MatchString(fold(name)) }

// isStructure reports whether a folder is part of a data set's layout, given
// those beside it; its name then is no concept.
func isStructure(name string, beside []entry) bool {
	if isImageFolder(name) || isLabelFolder(name) {
		return true
	}
	if !uncertainFolders.MatchString(fold(name)) {
		return false
	}
	for _, e := range beside {
		if e.dir && isImageFolder(e.name) {
			return true
		}
	}
	return false
}

// splitOf is the split that a path's parts name: the last of them that is a
// split's word; "" for none.
func splitOf(parts []string) string {
	for i := len(parts) - 1; i >= 0; i-- {
		if split, ok := splitName(parts[i]); ok && split != "" {
			return split
		}
		if m := objData.FindStringSubmatch(fold(parts[i])); m != nil {
			split, _ := splitName(m[1])
			return split
		}
	}
	return ""
}

var objData = regexp.MustCompile(`^obj_(train|valid|test)_data$`) // of CVAT's YOLO

// splitOfPath reads a split out of the folders of a path.
func splitOfPath(p string) string { return splitOf(strings.Split(path.Dir(p), "/")) }

// bare is a path in lower case without its ending and without the folders
// that say only where images and labels lie: what an image and its label file have in common.
func bare(p string) string {
	parts := strings.Split(fold(strings.TrimSuffix(p, path.Ext(p))), "/")
	kept := parts[:0]
	for i, part := range parts {
		if i < len(parts)-1 && (part == "" || isImageFolder(part) || isLabelFolder(part) || uncertainFolders.MatchString(part)) {
			continue
		}
		kept = append(kept, part)
	}
	return strings.Join(kept, "/")
}

// pair joins label files of one image each with the images below the folder:
// by their paths without the folders that only hold images or labels, else by
// their names where only one image and one label file have it. Label files of
// no image are returned in their order.
func (f *Folder) pair(labels []string) (byImage map[string]string, lost []string) {
	byImage = map[string]string{}
	images := f.images()
	byPath, byStem := map[string][]string{}, map[string][]string{}
	for _, p := range images {
		byPath[bare(p)] = append(byPath[bare(p)], p)
		byStem[path.Base(bare(p))] = append(byStem[path.Base(bare(p))], p)
	}
	stems := map[string]int{}
	var left []string
	for _, l := range labels {
		stems[path.Base(bare(l))]++
		found := byPath[bare(l)]
		image := ""
		for _, p := range found {
			if path.Dir(p) == path.Dir(l) {
				image = p // beside it, whatever else has the name
				break
			}
		}
		if image == "" && len(found) == 1 {
			image = found[0]
		}
		if _, taken := byImage[image]; image == "" || taken {
			left = append(left, l)
			continue
		}
		byImage[image] = l
	}
	for _, l := range left {
		stem := path.Base(bare(l))
		found := byStem[stem]
		if len(found) == 1 && stems[stem] == 1 {
			if _, taken := byImage[found[0]]; !taken {
				byImage[found[0]] = l
				continue
			}
		}
		lost = append(lost, l)
	}
	return byImage, lost
}
