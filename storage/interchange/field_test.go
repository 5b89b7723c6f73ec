package interchange

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

// boxes writes the records' boxes after Resolve, to four digits.
func (r result) boxes(width, height, orientation int) string {
	var b strings.Builder
	for _, rec := range r.records {
		rec.Boxes = append([]Box{}, rec.Boxes...)
		rec.Resolve(width, height, orientation, func(Problem) {})
		state := ""
		if !rec.HasAnnotation {
			state = " not annotated"
		}
		fmt.Fprintf(&b, "%s%s\n", rec.ImagePath, state)
		for _, box := range rec.Boxes {
			round := func(v float64) float64 { return math.Round(v*1e4) / 1e4 }
			fmt.Fprintf(&b, "  %s %v %v %v %v\n", box.Concept, round(box.XMin), round(box.YMin), round(box.XMax), round(box.YMax))
		}
	}
	return b.String()
}

// field is a source as a newcomer brings it, and what is right.
type field struct {
	name     string
	files    map[string]string
	at       string // the path to import; "" is the folder
	format   Format
	view     domain.Task
	size     [2]int   // of the images; zero: 64 x 48
	boxes    string   // "" where lines says it all
	lines    string   // in short
	problems []string // words that a problem each must have; other problems are none
	notes    []string // words of notes
	unread   int
}

const plainCOCO = `{"images":[{"id":1,"file_name":%q,"width":64,"height":48}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[15,7,21,16],"area":336,"iscrowd":0}],"categories":[{"id":1,"name":"bolt"}]}`

const bolt1 = "p0.jpg\n  bolt 0.2344 0.1458 0.5625 0.4792\n"

func fieldTests() []field {
	coco := func(images, annotations string) map[string]string {
		return map[string]string{"p0.jpg": "", "annotations.json": fmt.Sprintf(`{"images":[%s],"annotations":[%s],"categories":[{"id":1,"name":"bolt"}]}`, images, annotations)}
	}
	const image = `{"id":1,"file_name":"p0.jpg","width":64,"height":48}`
	const mark = `{"id":1,"image_id":1,"category_id":1,"bbox":[15,7,21,16]%s}`
	yolo := func(yaml, label string) map[string]string {
		return map[string]string{"data.yaml": yaml, "images/train/a.jpg": "", "labels/train/a.txt": label}
	}
	const yaml = "train: images/train\nval: images/train\nnames: [bolt]\n"
	tests := []field{
		// COCO's numbers, as pandas, numpy and JavaScript write them
		{name: "coco ids 1.0 beside 1", files: coco(strings.Replace(image, `"id":1`, `"id":1.0`, 1), fmt.Sprintf(mark, "")), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco ids as text", files: coco(strings.Replace(image, `"id":1`, `"id":"1"`, 1), fmt.Sprintf(mark, "")), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco size 64.0", files: coco(strings.Replace(image, `64`, `64.0`, 1), fmt.Sprintf(mark, "")), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco iscrowd 0.0", files: coco(image, fmt.Sprintf(mark, `,"iscrowd":0.0`)), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco iscrowd false", files: coco(image, fmt.Sprintf(mark, `,"iscrowd":false`)), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco iscrowd text", files: coco(image, fmt.Sprintf(mark, `,"iscrowd":"0"`)), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco bbox of texts", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"bbox":["15","7","21","16"]}`), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco bbox in a text", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"bbox":"[15, 7, 21, 16]"}`), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco NaN in an unused field", files: coco(image, fmt.Sprintf(mark, `,"score":NaN,"area":-Infinity`)), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco NaN in a box", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"bbox":[NaN,7,21,16]}`), format: COCO, view: domain.Detection, boxes: "p0.jpg not annotated\n", problems: []string{"not a list of numbers"}},
		// segmentations
		{name: "coco polygons alone", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"segmentation":[[15,7,36,7,36,23,15,23]]}`), format: COCO, view: domain.Detection, boxes: bolt1},
		{name: "coco run lengths as numbers", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"segmentation":{"size":[48,64],"counts":[727,16,32,16,2281]},"iscrowd":0}`), format: COCO, view: domain.Detection, boxes: "p0.jpg\n  bolt 0.2344 0.1458 0.2656 0.4792\n"},
		{name: "coco run lengths packed", files: coco(`{"id":1,"file_name":"p0.jpg","width":4,"height":3}`, `{"id":1,"image_id":1,"category_id":1,"segmentation":{"size":[3,4],"counts":"41202"}}`), format: COCO, view: domain.Detection, size: [2]int{4, 3}, boxes: "p0.jpg\n  bolt 0.25 0.3333 0.75 0.6667\n"},
		{name: "coco polygon beside boxes", files: coco(image, fmt.Sprintf(mark, "")+`,{"id":2,"image_id":1,"category_id":1,"bbox":[],"segmentation":[[0,0,32,0,32,24]]}`), format: COCO, view: domain.Detection, boxes: bolt1 + "  bolt 0 0 0.5 0.5\n"},
		// no negatives out of what was not annotated
		{name: "coco captions", files: coco(image, `{"id":1,"image_id":1,"caption":"a bolt"}`), format: COCO, view: "", lines: "p0.jpg||-\n", notes: []string{"captions", "not annotated"}},
		{name: "coco list of images", files: map[string]string{"p0.jpg": "", "x.json": `{"images":[{"id":1,"file_name":"p0.jpg"}],"categories":[{"id":1,"name":"bolt"}]}`}, format: COCO, view: domain.Detection, lines: "p0.jpg||-\n", notes: []string{"not annotated"}},
		{name: "coco crowd alone", files: coco(image, fmt.Sprintf(mark, `,"iscrowd":1`)), format: COCO, view: domain.Detection, lines: "p0.jpg||-\n", problems: []string{"crowd"}},
		{name: "coco stuff", files: coco(image, `{"image_id":1,"file_name":"p0.png","segments_info":[{"id":9,"category_id":77,"bbox":[0,0,4,4],"iscrowd":0}]}`), format: COCO, view: domain.Detection, lines: "p0.jpg||-\n", problems: []string{"no category"}},
		// refused boxes make no negatives
		{name: "voc corners swapped", files: map[string]string{"a.jpg": "", "a.xml": vocXML(64, 48, vocBox("bolt", 33, 20, 12, 4))}, format: VOC, view: domain.Detection, boxes: "a.jpg\n  bolt 0.1875 0.0833 0.5156 0.4167\n"},
		{name: "voc without area", files: map[string]string{"a.jpg": "", "a.xml": vocXML(64, 48, vocBox("bolt", 12, 4, 12, 20))}, format: VOC, view: domain.Detection, boxes: "a.jpg not annotated\n", problems: []string{"no area"}},
		{name: "voc one of two refused", files: map[string]string{"a.jpg": "", "a.xml": vocXML(64, 48, vocBox("bolt", 12, 4, 12, 20), vocBox("bolt", 0, 0, 32, 24))}, format: VOC, view: domain.Detection, boxes: "a.jpg\n  bolt 0 0 0.5 0.5\n", problems: []string{"no area"}},
		{name: "yolo class without name", files: yolo(yaml, "5 .5 .5 .2 .2\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg not annotated\n", problems: []string{"no class"}, notes: []string{"twice"}},
		// YOLO's other columns
		{name: "pose with visibility", files: yolo(yaml+"kpt_shape: [3, 3]\n", "0 0.304688 0.416667 0.328125 0.333333 0.1875 0.3125 2 0.2031 0.3333 2 0.2188 0.3542 2\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.1406 0.25 0.4688 0.5833\n", notes: []string{"twice"}},
		{name: "pose of two values", files: yolo(yaml+"kpt_shape: [2, 2]\n", "0 0.304688 0.312500 0.328125 0.333333 0.1875 0.2083 0.2031 0.2292\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.1406 0.1458 0.4688 0.4792\n", notes: []string{"twice"}},
		{name: "pose that nobody declares", files: yolo(yaml, "0 0.304688 0.416667 0.328125 0.333333 0.1875 0.3125 2 0.2031 0.3333 0 0.2188 0.3542 1\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.1406 0.25 0.4688 0.5833\n", notes: []string{"twice"}},
		{name: "track with score", files: yolo(yaml, "0 0.367188 0.395833 0.328125 0.333333 0.91 3\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.2031 0.2292 0.5313 0.5625\n", notes: []string{"twice"}},
		{name: "polygon", files: yolo(yaml, "0 0.1 0.1 0.5 0.1 0.3 0.4\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.1 0.1 0.5 0.4\n", notes: []string{"twice"}},
		{name: "oriented box", files: yolo(yaml, "0 0.1 0.1 0.5 0.1 0.5 0.4 0.1 0.4\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.1 0.1 0.5 0.4\n", notes: []string{"twice"}},
		{name: "yolo in pixels", files: yolo(yaml, "0 32 24 10 10\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg not annotated\n", problems: []string{"not fractions"}, notes: []string{"twice"}},
		{name: "yolo with decimal commas", files: yolo("train: images/train\nnames: [bolt]\n", "0 0,5 0,5 0,25 0,25\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.375 0.375 0.625 0.625\n"},
		{name: "yolo divided by commas", files: yolo("train: images/train\nnames: [bolt]\n", "0,0.5,0.5,0.25,0.25\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg\n  bolt 0.375 0.375 0.625 0.625\n"},
		{name: "yolo polygon in pixels", files: yolo("train: images/train\nnames: [bolt]\n", "0 0 0 32 0 32 24\n"), format: YOLO, view: domain.Detection, boxes: "images/train/a.jpg not annotated\n", problems: []string{"not fractions"}},
		{name: "coco in fractions", files: coco(image, `{"id":1,"image_id":1,"category_id":1,"bbox":[0.25,0.25,0.5,0.5]}`), format: COCO, view: domain.Detection, boxes: "p0.jpg\n  bolt 0.25 0.25 0.75 0.75\n"},
		{name: "voc in fractions", files: map[string]string{"p0.jpg": "", "p0.xml": vocXML(64, 48, vocBox("bolt", 0, 0.25, 0.5, 1))}, format: VOC, view: domain.Detection, boxes: "p0.jpg\n  bolt 0 0.25 0.5 1\n"},
		{name: "Kaggle's folder", files: map[string]string{"train.csv": "id,label\np0,bolt\n", "sample_submission.csv": "id,label\nq,nut\n", "train/p0.jpg": "", "test/q.jpg": ""}, format: CSV, view: domain.Classification, lines: "train/p0.jpg|train|bolt\n", problems: []string{"sample_submission.csv: the label file was not read"}, notes: []string{"1 image lies there that no record names, such as test/q.jpg, and was not imported"}, unread: 1},
		{name: "concepts beside a list of them", files: map[string]string{"cat/a.jpg": "", "dog/b.jpg": "", "classes.txt": "cat\ndog\n"}, format: Folders, view: domain.Classification, lines: "cat/a.jpg||cat\ndog/b.jpg||dog\n", problems: []string{"looks like a list of classes"}, unread: 1},
		// concepts that are none
		{name: "Roboflow's oriented boxes", files: map[string]string{"data.yaml": "names: [cat, dog]\ntrain: ../train/images\n", "train/images/a.jpg": "", "train/labelTxt/a.txt": "16 12 48 12 48 36 16 36 dog 0\n20 8 40 20 32 40 12 24 cat 1\n"},
			format: YOLO, view: domain.Detection, boxes: "train/images/a.jpg\n  dog 0.25 0.25 0.75 0.75\n  cat 0.1875 0.1667 0.625 0.8333\n"},
		{name: "text files without their images", files: map[string]string{"obj.names": "cat\ndog\n", "shot.jpg": "", "a.txt": "0 0.5 0.5 0.1 0.1\n", "b.txt": "1 0.5 0.5 0.1 0.1\n"}, format: YOLO, view: domain.Detection, lines: "shot.jpg||-\n",
			problems: []string{"2 label files such as this were not read: they look like YOLO, but there is no image of their names"}, unread: 2},
		{name: "a column of concepts by another name", files: map[string]string{"a.jpg": "", "labels.csv": "filename,cell_type,xmin,xmax,ymin,ymax\na.jpg,WBC,16,32,12,24\n"}, format: CSV, view: domain.Detection, boxes: "a.jpg\n  WBC 0.25 0.25 0.5 0.5\n"},
		{name: "Roboflow's without data.yaml", files: map[string]string{"train/images/a.jpg": "", "train/labels/a.txt": "0 .5 .5 .1 .1\n", "valid/images/b.jpg": "", "valid/labels/b.txt": "0 .5 .5 .1 .1\n"}, format: Images, lines: "train/images/a.jpg|train|-\nvalid/images/b.jpg|val|-\n", problems: []string{"2 label files such as this were not read: they look like YOLO, but no file names their classes"}, unread: 2},
		{name: "VOC's masks", files: map[string]string{"JPEGImages/a.jpg": "", "SegmentationClass/a.png": "", "SegmentationObject/a.png": ""}, format: Images, lines: "JPEGImages/a.jpg||-\nSegmentationClass/a.png||-\nSegmentationObject/a.png||-\n"},
		{name: "KITTI's folders", files: map[string]string{"training/image_2/a.png": "", "training/label_2/a.txt": "", "testing/image_2/b.png": ""}, format: Images, lines: "testing/image_2/b.png|test|-\ntraining/image_2/a.png|train|-\n", problems: []string{"label_2/a.txt"}, unread: 1},
		{name: "concepts in a folder of images", files: map[string]string{"images/cat/a.jpg": "", "images/dog/b.jpg": "", "README.txt": ""}, format: Folders, view: domain.Classification, lines: "images/cat/a.jpg||cat\nimages/dog/b.jpg||dog\n"},
		{name: "images and masks", files: map[string]string{"image/a.jpg": "", "mask/a.png": ""}, format: Images, lines: "image/a.jpg||-\nmask/a.png||-\n"},
		{name: "people with masks", files: map[string]string{"mask/a.jpg": "", "no mask/b.jpg": ""}, format: Folders, view: domain.Classification, lines: "mask/a.jpg||mask\nno mask/b.jpg||no mask\n"},
		// tools' layouts
		{name: "labelImg's YOLO", files: map[string]string{"p0.jpg": "", "p0.txt": "0 0.398438 0.3125 0.328125 0.333333\n", "classes.txt": "bolt\n"}, format: YOLO, view: domain.Detection, boxes: bolt1},
		{name: "Label Studio's YOLO", files: map[string]string{"images/p0.jpg": "", "labels/p0.txt": "0 0.398438 0.3125 0.328125 0.333333\n", "classes.txt": "bolt\n", "notes.json": "{}"}, format: YOLO, view: domain.Detection, boxes: "images/" + bolt1, problems: []string{"notes.json"}, unread: 1},
		{name: "CVAT's YOLO", files: map[string]string{"obj.names": "bolt\n", "obj.data": "classes = 1\ntrain = data/train.txt\nnames = data/obj.names\n", "train.txt": "data/obj_train_data/p0.jpg\n", "obj_train_data/p0.jpg": "", "obj_train_data/p0.txt": "0 0.398438 0.3125 0.328125 0.333333\n"}, format: YOLO, view: domain.Detection, boxes: "obj_train_data/" + bolt1, problems: nil},
		{name: "Roboflow's darknet", files: map[string]string{"train/_darknet.labels": "bolt\n", "train/p0.jpg": "", "train/p0.txt": "0 0.398438 0.3125 0.328125 0.333333\n", "valid/_darknet.labels": "bolt\n", "valid/q.jpg": ""}, format: YOLO, view: domain.Detection, lines: "train/p0.jpg|train|bolt\n", problems: []string{"_darknet.labels"}, notes: []string{"such as valid/q.jpg"}, unread: 1},
		{name: "Roboflow's VOC", files: map[string]string{"train/p0.jpg": "", "train/p0.xml": vocXML(64, 48, vocBox("bolt", 15, 7, 36, 23)), "valid/q.jpg": "", "valid/q.xml": vocXML(64, 48)}, format: VOC, view: domain.Detection, lines: "train/p0.jpg|train|bolt\nvalid/q.jpg|val|none\n"},
		{name: "annotations in any case", files: map[string]string{"ANNOTATIONS/p0.xml": vocXML(64, 48, vocBox("bolt", 15, 7, 36, 23)), "Images/p0.jpg": ""}, format: VOC, view: domain.Detection, boxes: "Images/" + bolt1},
		{name: "classes beside the labels", files: map[string]string{"images/p0.jpg": "", "labels/p0.txt": "0 0.398438 0.3125 0.328125 0.333333\n", "labels/classes.txt": "bolt\n"}, format: YOLO, view: domain.Detection, boxes: "images/" + bolt1},
		{name: "Oxford's pets", files: map[string]string{"images/p0.jpg": "", "images/q.jpg": "", "annotations/xmls/p0.xml": vocXML(64, 48, vocBox("bolt", 15, 7, 36, 23)), "annotations/trimaps/p0.png": "", "annotations/trimaps/q.png": ""}, format: VOC, view: domain.Detection, boxes: "images/" + bolt1 + "images/q.jpg not annotated\n"},
		{name: "images and annotations in a split", files: map[string]string{"train/images/p0.jpg": "", "train/annotations/p0.xml": vocXML(64, 48, vocBox("bolt", 15, 7, 36, 23)), "test/images/q.jpg": "", "test/annotations/q.xml": vocXML(64, 48)}, format: VOC, view: domain.Detection, lines: "test/images/q.jpg|test|none\ntrain/images/p0.jpg|train|bolt\n"},
		{name: "a table in a folder of its own", files: map[string]string{"images/p0.jpg": "", "annotations/labels.csv": "file,label\np0.jpg,bolt\n"}, format: CSV, view: domain.Classification, lines: "images/p0.jpg||bolt\n", notes: []string{"by the end of the path"}},
		{name: "one split of Roboflow's", files: map[string]string{"data.yaml": "train: ../train/images\nval: ../valid/images\nnames: [bolt]\n", "train/images/p0.jpg": "", "train/labels/p0.txt": "0 .5 .5 .2 .2\n", "valid/images/q.jpg": ""}, at: "train", format: YOLO, view: domain.Detection, lines: "train/images/p0.jpg|train|bolt\n", notes: []string{"folder above"}},
		{name: "Create ML by splits", files: map[string]string{"train/p0.jpg": "", "train/_annotations.createml.json": `[{"image":"p0.jpg","annotations":[{"label":"bolt","coordinates":{"x":25.5,"y":15,"width":21,"height":16}}]}]`, "valid/q.jpg": "", "valid/_annotations.createml.json": `[{"image":"q.jpg","annotations":[{"label":"nut","coordinates":{"x":25.5,"y":15,"width":21,"height":16}}]}]`}, format: CreateML, view: domain.Detection, lines: "train/p0.jpg|train|bolt\nvalid/q.jpg|val|nut\n"},
		{name: "COCO by splits with a root category", files: map[string]string{"train/p0.jpg": "", "train/_annotations.coco.json": strings.Replace(fmt.Sprintf(plainCOCO, "p0.jpg"), `"categories":[`, `"categories":[{"id":0,"name":"parts","supercategory":"none"},`, 1)}, format: COCO, view: domain.Detection, lines: "train/p0.jpg|train|bolt\n"},
		{name: "Windows paths in data.yaml", files: yolo("train: 'D:\\data\\images\\train'\nnames: [bolt]\n", "0 .5 .5 .2 .2\n"), format: YOLO, view: domain.Detection, lines: "images/train/a.jpg|train|bolt\n"},
		{name: "damaged data.yaml", files: yolo("train: images/train\nnames: [bolt\n", "0 .5 .5 .2 .2\n"), format: Images, lines: "images/train/a.jpg|train|-\n", problems: []string{"data.yaml", "labels/train/a.txt"}, unread: 2},
		// a folder too high, or too low
		{name: "one folder too high", files: map[string]string{"dataset/a.jpg": "", "dataset/labels.csv": "file,label\na.jpg,bolt\n"}, format: CSV, view: domain.Classification, lines: "dataset/a.jpg||bolt\n", notes: []string{"lies in dataset"}},
		{name: "VOCdevkit", files: map[string]string{"VOCdevkit/VOC2012/Annotations/a.xml": vocXML(64, 48), "VOCdevkit/VOC2012/JPEGImages/a.jpg": "", "VOCdevkit/VOC2012/ImageSets/Main/train.txt": "a\n", "VOCdevkit/VOC2012/ImageSets/Main/bolt_train.txt": "a  1\n"}, format: VOC, view: domain.Detection, lines: "VOCdevkit/VOC2012/JPEGImages/a.jpg|train|none\n", notes: []string{"lies in VOCdevkit/VOC2012"}},
		{name: "the folder of images", files: map[string]string{"images/train/a.jpg": "", "labels/train/a.txt": "0 .5 .5 .2 .2\n", "data.yaml": "train: images/train\nnames: [bolt]\n"}, at: "images", format: YOLO, view: domain.Detection, lines: "images/train/a.jpg|train|bolt\n", notes: []string{"folder above"}},
		{name: "the file in annotations", files: map[string]string{"annotations/instances_val.json": fmt.Sprintf(plainCOCO, "p0.jpg"), "images/p0.jpg": ""}, at: "annotations/instances_val.json", format: COCO, view: domain.Detection, boxes: "images/" + bolt1},
		{name: "the folder of images without labels that can be read", files: map[string]string{"images/a.jpg": "", "labels/a.txt": "0 .5 .5 .2 .2\n"}, at: "images", format: Images, lines: "a.jpg||-\n", problems: []string{"labels/a.txt: the label file was not read: it looks like YOLO"}, unread: 1},
		// encodings
		{name: "XML in utf8", files: map[string]string{"p0.jpg": "", "p0.xml": `<?xml version="1.0" encoding='utf8'?>` + vocXML(64, 48, vocBox("bolt", 15, 7, 36, 23))}, format: VOC, view: domain.Detection, boxes: bolt1},
		{name: "XML in latin-1", files: map[string]string{"p0.jpg": "", "p0.xml": `<?xml version="1.0" encoding="ISO-8859-1"?>` + vocXML(64, 48, vocBox("Sch\xfcssel", 15, 7, 36, 23))}, format: VOC, view: domain.Detection, lines: "p0.jpg||Schüssel\n"},
		{name: "XML with decimals", files: map[string]string{"p0.jpg": "", "p0.xml": vocXML("64.0", "48.0", vocBox("bolt", "15,0", "7.0", "36.00", "23"))}, format: VOC, view: domain.Detection, boxes: bolt1},
	}
	for name, file := range map[string]string{
		"project's number": "4/p0.jpg", "dots": `..\..\label-studio\media\upload\4\p0.jpg`, "absolute": "/home/user/pics/p0.jpg", "Windows": `C:\Users\me\pics\p0.jpg`,
		"URL": "http://localhost:8080/data/upload/1/p0.jpg?token=1", "local files": "/data/local-files/?d=pics/p0.jpg", "bucket": "gs://bucket/a/p0.jpg", "upload's prefix": "upload/4/0a1b2c3d-p0.jpg", "no ending": "p0", "case": "P0.JPG",
	} {
		tests = append(tests, field{name: "path: " + name, files: map[string]string{"images/p0.jpg": "", "annotations.json": fmt.Sprintf(plainCOCO, file)}, format: COCO, view: domain.Detection, boxes: "images/" + bolt1, notes: []string{"by the end of the path"}})
	}
	tests = append(tests,
		field{name: "path: percent codes", files: map[string]string{"p 0.jpg": "", "annotations.json": fmt.Sprintf(plainCOCO, "p%200.jpg")}, format: COCO, view: domain.Detection, lines: "p 0.jpg||bolt\n", notes: []string{"by the end of the path"}},
		field{name: "path: two that fit", files: map[string]string{"a/p0.jpg": "", "b/p0.jpg": "", "c.jpg": "", "annotations.json": strings.Replace(fmt.Sprintf(plainCOCO, "/x/p0.jpg"), `"images":[`, `"images":[{"id":2,"file_name":"c.jpg"},`, 1)}, format: COCO, view: domain.Detection, lines: "c.jpg||none\n", problems: []string{"2 images that \"/x/p0.jpg\" may mean"}, notes: []string{"2 images lie there that no record names"}},
		field{name: "path: the longer end", files: map[string]string{"a/p0.jpg": "", "b/p0.jpg": "", "annotations.json": fmt.Sprintf(plainCOCO, "/x/b/p0.jpg")}, format: COCO, view: domain.Detection, lines: "b/p0.jpg||bolt\n", notes: []string{"by the end of the path"}},
		field{name: "yolo of Colab", files: yolo("train: /content/parts/images/train\nval: /content/parts/images/train\nnames: [bolt]\n", "0 .5 .5 .2 .2\n"), format: YOLO, view: domain.Detection, lines: "images/train/a.jpg|train|bolt\n", notes: []string{"twice"}},
		field{name: "yolo with a path key", files: map[string]string{"data.yaml": "path: parts\ntrain: images/train\nnames: [bolt]\n", "parts/images/train/a.jpg": "", "parts/labels/train/a.txt": "0 .5 .5 .2 .2\n"}, format: YOLO, view: domain.Detection, lines: "parts/images/train/a.jpg|train|bolt\n"},
		field{name: "yolo list of absolute paths", files: map[string]string{"data.yaml": "train: train.txt\nnames: [bolt]\n", "train.txt": "/home/ubuntu/parts/images/train/a.jpg\n", "images/train/a.jpg": "", "labels/train/a.txt": "0 .5 .5 .2 .2\n"}, format: YOLO, view: domain.Detection, lines: "images/train/a.jpg|train|bolt\n", notes: []string{"by the end of the path"}},
	)
	return append(tests, csvFields()...)
}

// csvFields are tables as people have them.
func csvFields() []field {
	one := func(table string) map[string]string { return map[string]string{"p0.jpg": "", "labels.csv": table} }
	const lines = "p0.jpg||bolt\n"
	return []field{
		{name: "csv image_id", files: one("image_id,label\np0.jpg,bolt\n"), format: CSV, view: domain.Classification, lines: lines},
		{name: "csv no ending", files: one("image,label\np0,bolt\n"), format: CSV, view: domain.Classification, lines: lines, notes: []string{"by the end of the path"}},
		{name: "csv one-hot", files: one("filename,bolt,nut\np0.jpg,1,0\n"), format: CSV, view: domain.Classification, lines: lines},
		{name: "csv one-hot of several", files: map[string]string{"p0.jpg": "", "p1.jpg": "", "_classes.csv": "filename, bolt, nut, note\np0.jpg, 1, 1,x\np1.jpg, 0, 0,y\n"}, format: CSV, view: domain.Tagging, lines: "p0.jpg||bolt;nut\np1.jpg||none\n"},
		{name: "csv keras-retinanet", files: one("p0.jpg,15,7,36,23,bolt\n"), format: CSV, view: domain.Detection, boxes: bolt1},
		{name: "csv decimal comma", files: one("file;label;xmin;ymin;xmax;ymax\np0.jpg;bolt;0,1;0,25;0,5;0,75\n"), format: CSV, view: domain.Detection, boxes: "p0.jpg\n  bolt 0.1 0.25 0.5 0.75\n"},
		{name: "csv sep line", files: one("sep=;\nfile;label\np0.jpg;bolt\n"), format: CSV, view: domain.Classification, lines: lines},
		{name: "csv x y w h", files: one("file,label,x,y,w,h\np0.jpg,bolt,15,7,21,16\n"), format: CSV, view: domain.Detection, boxes: bolt1},
		{name: "csv x y width height", files: one("file,label,x,y,width,height\np0.jpg,bolt,15,7,21,16\n"), format: CSV, view: domain.Detection, boxes: bolt1},
		{name: "csv bbox cell", files: one("image_id,width,height,bbox,label\np0,64,48,\"[15.0, 7.0, 21.0, 16.0]\",bolt\n"), format: CSV, view: domain.Detection, boxes: bolt1, notes: []string{"by the end of the path"}},
		{name: "csv size 128.0", files: one("file,label,xmin,ymin,xmax,ymax,width,height\np0.jpg,bolt,20,20,60,60,128.0,96.0\n"), format: CSV, view: domain.Detection, size: [2]int{128, 96}, boxes: "p0.jpg\n  bolt 0.1563 0.2083 0.4688 0.625\n"},
		{name: "csv TensorFlow's", files: one("filename,width,height,class,xmin,ymin,xmax,ymax\np0.jpg,64,48,bolt,15,7,36,23\n"), format: CSV, view: domain.Detection, boxes: bolt1},
		{name: "csv refused box", files: one("file,label,xmin,ymin,xmax,ymax\np0.jpg,bolt,15,7,15,23\n"), format: CSV, view: domain.Detection, boxes: "p0.jpg not annotated\n", problems: []string{"no area"}},
		{name: "csv latin-1", files: one("file,label\np0.jpg,Sch\xfcssel\n"), format: CSV, view: domain.Classification, lines: "p0.jpg||Schüssel\n", notes: []string{"Windows-1252"}},
		{name: "csv Cyrillic", files: one("file,label\np0.jpg,\xe3\xe0\xe9\xea\xe0\n"), format: CSV, view: domain.Classification, lines: "p0.jpg||гайка\n", notes: []string{"Windows-1251"}},
		{name: "csv without a header", files: one("p0.jpg,10,5\n"), format: Images, lines: "p0.jpg||-\n", problems: []string{"there is no column \"file\""}, unread: 1},
		{name: "csv of other columns", files: one("file,price\np0.jpg,12.5\n"), format: Images, lines: "p0.jpg||-\n", problems: []string{"none of concepts or boxes"}, unread: 1},
	}
}

// TestField: what newcomers bring comes in whole, or is named.
func TestField(t *testing.T) { runFields(t, fieldTests()) }

func runFields(t *testing.T, tests []field) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := readAll(t, filepath.Join(tree(t, tt.files), filepath.FromSlash(tt.at)), "")
			if r.err != nil {
				t.Fatal(r.err)
			}
			if r.format != tt.format || r.header.ViewType != tt.view {
				t.Errorf("format %s, view %q; want %s, %q", r.format, r.header.ViewType, tt.format, tt.view)
			}
			if tt.boxes != "" {
				w, h := 64, 48
				if tt.size != [2]int{} {
					w, h = tt.size[0], tt.size[1]
				}
				if got := r.boxes(w, h, 1); got != tt.boxes {
					t.Errorf("got\n%swant\n%s", got, tt.boxes)
				}
			} else if got := r.lines(); got != tt.lines {
				t.Errorf("got\n%swant\n%s", got, tt.lines)
			}
			if len(r.problems) != len(tt.problems) {
				t.Errorf("problems %v, want %q", r.problems, tt.problems)
			}
			for _, words := range tt.problems {
				if !r.hasProblem(words) {
					t.Errorf("no problem with %q among %v", words, r.problems)
				}
			}
			for _, words := range tt.notes {
				if !strings.Contains(strings.Join(r.header.Notes, "\n"), words) {
					t.Errorf("no note with %q among %q", words, r.header.Notes)
				}
			}
			if len(tt.notes) == 0 && len(r.header.Notes) > 0 {
				t.Errorf("notes %q", r.header.Notes)
			}
			if r.header.Lost.Files != tt.unread {
				t.Errorf("%d label files unread, want %d: %v", r.header.Lost.Files, tt.unread, r.header.Lost.Unread)
			}
		})
	}
}

// TestStoredPicture: boxes that were drawn on a photo as it is stored are
// turned with it.
func TestStoredPicture(t *testing.T) {
	stored := tree(t, map[string]string{"a.jpg": "", "a.xml": vocXML(64, 48, vocBox("bolt", 8, 12, 29, 28))})
	for orientation, want := range map[int]string{
		5: "0.25 0.125 0.5833 0.4531", 6: "0.4167 0.125 0.75 0.4531", 7: "0.4167 0.5469 0.75 0.875", 8: "0.25 0.5469 0.5833 0.875",
	} {
		if got := readAll(t, stored, "").boxes(48, 64, orientation); got != "a.jpg\n  bolt "+want+"\n" {
			t.Errorf("orientation %d: %s, want %s", orientation, got, want)
		}
	}
	// Width and height swapped in the file, the boxes in pixels of the image.
	if got := readAll(t, stored, "").boxes(48, 64, 1); got != "a.jpg\n  bolt 0.1667 0.1875 0.6042 0.4375\n" {
		t.Errorf("swapped: %s", got)
	}
	upright := tree(t, map[string]string{"a.jpg": "", "a.xml": vocXML(48, 64, vocBox("bolt", 8, 12, 29, 28))})
	if got := readAll(t, upright, "").boxes(48, 64, 6); got != "a.jpg\n  bolt 0.1667 0.1875 0.6042 0.4375\n" {
		t.Errorf("upright: %s", got)
	}
}

// TestSharedField reads the reduced cases of what people bring, where they are.
func TestSharedField(t *testing.T) {
	a := func(prefix string) string { return prefix + "a.jpg\n" }
	const inYOLO = "images/train/"
	for at, want := range map[string]string{
		"coco-number-kinds/iscrowd-false":             "p0.jpg\n  bolt 0.2813 0.1458 0.6094 0.4792\n",
		"coco-number-kinds/iscrowd-float":             "p0.jpg\n  bolt 0.2344 0.0417 0.5625 0.375\n",
		"coco-number-kinds/bbox-strings":              "p0.jpg\n  bolt 0.1719 0.25 0.5 0.5833\n",
		"coco-number-kinds/float-size":                "p0.jpg\n  bolt 0.2188 0.0417 0.5469 0.375\n",
		"coco-number-kinds/float-ids":                 "p0.jpg\n  bolt 0.2969 0.2917 0.625 0.625\n",
		"coco-number-kinds/nan-score":                 "p0.jpg\n  bolt 0.0781 0.0417 0.4063 0.375\n",
		"coco-segmentation-only/input":                "",
		"csv-variants/image_id":                       "p0.jpg||bolt\n",
		"csv-variants/no-extension":                   "p0.jpg||bolt\n",
		"csv-variants/onehot":                         "p0.jpg||bolt\n",
		"csv-variants/no-header-retinanet":            "p0.jpg\n  bolt 0.1563 0.2083 0.4688 0.625\n",
		"csv-variants/decimal-comma":                  "",
		"csv-variants/excel-sep-line":                 "",
		"csv-variants/xywh":                           "",
		"csv-variants/float-size":                     "",
		"fabricated-class-images/input":               "train/images/a.jpg|train|-\nvalid/images/b.jpg|val|-\n",
		"foreign-formats-silent/labelme":              "p0.jpg\n  bolt 0.1875 0.2083 0.5156 0.5417\n",
		"foreign-formats-silent/cvat-images-1.1":      "images/p0.jpg\n  bolt 0.1719 0.3125 0.5 0.6458\n",
		"foreign-formats-silent/createml":             "",
		"foreign-formats-silent/labelstudio":          "",
		"foreign-formats-silent/onehot-csv":           "p0.jpg||bolt\n",
		"labelimg-yolo/input":                         "",
		"one-folder-too-high/input":                   "dataset/a.jpg||bolt\n",
		"paths-from-other-machines/ls-dotdot":         "images/" + bolt1,
		"paths-from-other-machines/url":               "images/" + bolt1,
		"paths-from-other-machines/absolute":          "images/" + bolt1,
		"paths-from-other-machines/ls-project-number": "images/" + bolt1,
		"paths-from-other-machines/percent-coded":     "",
		"paths-from-other-machines/yolo-list":         "",
		"paths-from-other-machines/yolo-list-data":    "",
		"paths-from-other-machines/yolo-path-key":     "",
		"paths-from-other-machines/yolo-colab":        "",
		"refused-box-becomes-negative/yolo":           inYOLO + "a.jpg not annotated\n",
		"refused-box-becomes-negative/voc":            "a.jpg\n  bolt 0.1875 0.0833 0.5156 0.4167\n",
		"yolo-extra-columns/pose-plain":               a(inYOLO) + "  bolt 0.1406 0.1458 0.4688 0.4792\n",
		"yolo-extra-columns/pose-visibility":          a(inYOLO) + "  bolt 0.1406 0.25 0.4688 0.5833\n",
		"yolo-extra-columns/track-with-score":         a(inYOLO) + "  bolt 0.2031 0.2292 0.5313 0.5625\n",
		"export-not-annotated/input":                  "",
	} {
		t.Run(at, func(t *testing.T) {
			r := readAll(t, sharedAt(t, "field", at), "")
			if r.err != nil {
				t.Fatal(r.err)
			}
			annotated := false
			for _, rec := range r.records {
				annotated = annotated || len(rec.Boxes)+len(rec.Concepts) > 0
			}
			switch {
			case want == "" && !annotated:
				t.Errorf("nothing annotated: %s, problems %v", r.lines(), r.problems)
			case want != "" && r.lines() != want && r.boxes(64, 48, 1) != want:
				t.Errorf("got\n%s%swant\n%s", r.lines(), r.boxes(64, 48, 1), want)
			}
		})
	}
	r := readAll(t, sharedAt(t, "field", "exif-boxes-of-the-stored-picture/input"), "")
	if got := r.boxes(48, 64, 6); got != "a.jpg\n  bolt 0.4167 0.125 0.75 0.4531\n" {
		t.Error(got)
	}
	r = readAll(t, sharedAt(t, "field", "refused-box-becomes-negative/coco-polygon"), "")
	for _, rec := range r.records {
		if rec.ImagePath == "p0.jpg" && len(rec.Boxes) != 1 {
			t.Errorf("the polygon: %+v", rec)
		}
	}
}
