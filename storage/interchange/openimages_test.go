package interchange

import (
	"context"
	"testing"

	"viewfinder/storage/domain"
)

func TestOpenImages(t *testing.T) {
	const head = "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside\n"
	one := func(rows string) map[string]string {
		return map[string]string{"train/0001eeaf4aed83f9.jpg": "", "train-annotations-bbox.csv": head + rows, "class-descriptions-boxable.csv": "/m/011k07,Tortoise\n/m/0cmf2,Airplane\n"}
	}
	const image = "train/0001eeaf4aed83f9.jpg"
	runFields(t, []field{
		{name: "boxes", files: one("0001eeaf4aed83f9,xclick,/m/0cmf2,1,0.022673031,0.9642005,0.07103825,0.80054647,0,0,0,0,0\n"), format: OpenImages, view: domain.Detection, boxes: image + "\n  Airplane 0.0227 0.071 0.9642 0.8005\n"},
		{name: "images that are not here", files: one("0001eeaf4aed83f9,xclick,/m/0cmf2,1,0,0.5,0,0.5,0,0,0,0,0\naaaa,xclick,/m/0cmf2,1,0,0.5,0,0.5,0,0,0,0,0\nbbbb,xclick,/m/0cmf2,1,0,0.5,0,0.5,0,0,0,0,0\n"), format: OpenImages, view: domain.Detection, lines: image + "|train|Airplane\n", problems: []string{"2 images of the tables are not here"}},
		{name: "a group alone", files: one("0001eeaf4aed83f9,xclick,/m/0cmf2,1,0,0.5,0,0.5,0,0,1,0,0\n"), format: OpenImages, view: domain.Detection, lines: image + "|train|-\n", problems: []string{"a group"}},
		{name: "beside the table of masks", files: map[string]string{"train/0001eeaf4aed83f9.jpg": "", "annotations/train-annotations-bbox.csv": head + "0001eeaf4aed83f9,xclick,/m/0cmf2,1,0,0.5,0,0.5,0,0,0,0,0\n",
			"annotations/train-annotations-object-segmentation.csv": "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks\na.png,0001eeaf4aed83f9,/m/0cmf2,01,0.2,1,0.3,0.5,0.5,\n",
			"annotations/class-descriptions-boxable.csv":            "/m/0cmf2,Airplane\n"}, format: OpenImages, view: domain.Detection, lines: image + "|train|Airplane\n", problems: []string{"train-annotations-object-segmentation.csv"}, unread: 1},
		{name: "lists of images alone hold no concepts", files: map[string]string{"images/aa.jpg": "", "images/bb.jpg": "", "train-images-with-rotation.csv": "ImageID,Subset,OriginalURL,License,Author,Title,Rotation\naa,train,http://a/aa.jpg,l,A,T,0\nbb,train,http://a/bb.jpg,l,A,T,0\n"},
			format: Images, lines: "images/aa.jpg||-\nimages/bb.jpg||-\n", problems: []string{"train-images-with-rotation.csv"}, unread: 1},
	})
}

func FuzzOpenImages(f *testing.F) {
	f.Add("ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf\na,/m/1,0,1,0,1,0\na,/m/1,0.5,0.1,NaN,1,\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, _ := parseOpenImages(context.Background(), "a.csv", text, map[string]string{"/m/1": "x"}, func(Problem) {})
		for _, r := range all {
			checkRecord(t, r)
		}
	})
}
