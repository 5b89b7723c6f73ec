package interchange

import (
	"testing"

	"viewfinder/storage/domain"
)

func TestKITTI(t *testing.T) {
	const car = "Car 0.00 0 -1.57 15.00 7.00 36.00 23.00 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"
	const other = "DontCare -1 -1 -10 1.00 1.00 9.00 9.00 -1 -1 -1 -1000 -1000 -1000 -10\n"
	one := func(labels string) map[string]string {
		return map[string]string{"training/image_2/000000.png": "", "training/label_2/000000.txt": labels, "training/image_2/000001.png": ""}
	}
	const image, rest, notes = "training/image_2/000000.png", "training/image_2/000001.png not annotated\n", "lies in training"
	runFields(t, []field{
		{name: "objects", files: one(car + other), format: KITTI, view: domain.Detection, boxes: image + "\n  Car 0.2344 0.1458 0.5625 0.4792\n" + rest},
		{name: "nothing that counts", files: one(other), format: KITTI, view: domain.Detection, boxes: image + " not annotated\n" + rest},
		{name: "a broken line", files: one(car + "Car 1 2 3\n"), format: Images, lines: image + "|train|-\ntraining/image_2/000001.png|train|-\n", problems: []string{"label_2/000000.txt"}, unread: 1},
		{name: "without area", files: one("Car 0.00 0 -1.57 15.00 7.00 15.00 23.00 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"), format: KITTI, view: domain.Detection, boxes: image + " not annotated\n" + rest, problems: []string{"no area"}},
	})
	_ = notes
}

func FuzzKITTI(f *testing.F) {
	f.Add([]byte("Car 0.00 0 -1.57 15.00 7.00 36.00 23.00 1.65 1.67 3.64 -0.65 1.71 46.70 -1.59\n"))
	f.Add([]byte("DontCare -1 -1 -10 nan 1 1 1\nx\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := Record{ImagePath: "a.jpg"}
		parseKITTI(&r, data, func(Problem) {})
		checkRecord(t, r)
	})
}
