package interchange

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"

	"viewfinder/storage/domain"
)

const jpegStart = "\xff\xd8\xff an image"

// tfExample is a tf.train.Example of features: text, numbers (floats) or whole numbers.
func tfExample(features map[string]any) []byte {
	field := func(n protowire.Number, inner []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), inner)
	}
	var all []byte
	for _, key := range sortedKeys(features) {
		var list []byte
		switch v := features[key].(type) {
		case []string:
			for _, s := range v {
				list = append(list, field(1, []byte(s))...)
			}
			list = field(1, list)
		case []float32:
			var packed []byte
			for _, x := range v {
				packed = binary.LittleEndian.AppendUint32(packed, math.Float32bits(x))
			}
			list = field(2, field(1, packed))
		case []int64:
			for _, x := range v { // not packed
				list = protowire.AppendVarint(protowire.AppendTag(list, 1, protowire.VarintType), uint64(x))
			}
			list = field(3, list)
		}
		all = append(all, field(1, append(field(1, []byte(key)), field(2, list)...))...)
	}
	return field(1, all)
}

// tfFrame frames records as TFRecord does.
func tfFrame(records ...[]byte) string {
	var out []byte
	for _, r := range records {
		head := binary.LittleEndian.AppendUint64(nil, uint64(len(r)))
		out = append(out, binary.LittleEndian.AppendUint32(head, maskedCRC(head))...)
		out = binary.LittleEndian.AppendUint32(append(out, r...), maskedCRC(r))
	}
	return string(out)
}

func boltExample(name string) []byte {
	return tfExample(map[string]any{"image/encoded": []string{jpegStart}, "image/filename": []string{name}, "image/width": []int64{64}, "image/height": []int64{48},
		"image/object/bbox/xmin": []float32{0.25, 0}, "image/object/bbox/xmax": []float32{0.5, 1}, "image/object/bbox/ymin": []float32{0.125, 0}, "image/object/bbox/ymax": []float32{0.75, 1},
		"image/object/class/text": []string{"bolt", "nut"}, "image/object/class/label": []int64{1, 2}})
}

// opened reads the images of records.
func opened(t *testing.T, path string) (result, []string) {
	t.Helper()
	s, err := OpenSource(path, "")
	if err != nil {
		return result{err: err}, nil
	}
	defer s.Close()
	r := result{format: s.Format()}
	var images []string
	r.header, r.err = s.Read(context.Background(), func(rec Record) error {
		f, err := s.Open(rec)
		if err != nil {
			t.Errorf("%s: %v", rec.ImagePath, err)
			return nil
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			t.Error(err)
		}
		r.records, images = append(r.records, rec), append(images, string(data))
		return nil
	}, func(p Problem) { r.problems = append(r.problems, p) })
	return r, images
}

// TestMaskedCRC: the sums are those of the format's definition.
func TestMaskedCRC(t *testing.T) {
	// CRC-32C of "123456789" is 0xe3069283 (RFC 3720); masked: rotated right by 15, plus a constant.
	sum := uint32(0xe3069283)
	if got, want := maskedCRC([]byte("123456789")), (sum>>15|sum<<17)+0xa282ead8; got != want {
		t.Errorf("%#x, want %#x", got, want)
	}
}

func TestTFRecord(t *testing.T) {
	empty := tfExample(map[string]any{"image/encoded": []string{jpegStart + " 2"}, "image/object/bbox/xmin": []float32{}, "image/object/bbox/xmax": []float32{}, "image/object/bbox/ymin": []float32{}, "image/object/bbox/ymax": []float32{}})
	short := tfExample(map[string]any{"image/encoded": []string{jpegStart + " 3"}, "image/object/bbox/xmin": []float32{0.1}, "image/object/bbox/xmax": []float32{0.2}, "image/object/bbox/ymin": []float32{0.1}, "image/object/class/text": []string{"bolt"}})
	r, images := opened(t, tree(t, map[string]string{"train/parts.tfrecord": tfFrame(boltExample("a.jpg"), empty, short, tfExample(map[string]any{"x": []int64{1}})), "valid/parts.tfrecord": tfFrame(boltExample("../b.jpg"))}))
	if r.err != nil || r.format != TFRecord || r.header.ViewType != domain.Detection {
		t.Fatalf("%+v", r)
	}
	want := "train/parts.tfrecord/a.jpg|train|bolt;nut\ntrain/parts.tfrecord/000002.jpg|train|none\ntrain/parts.tfrecord/000003.jpg|train|-\nvalid/parts.tfrecord/b.jpg|val|bolt;nut\n"
	if got := r.lines(); got != want {
		t.Errorf("%s", got)
	}
	if strings.Join(images, ";") != strings.Join([]string{jpegStart, jpegStart + " 2", jpegStart + " 3", jpegStart}, ";") {
		t.Errorf("%q", images)
	}
	if b := r.records[0].Boxes[0]; b.Box != (domain.Box{XMin: 0.25, YMin: 0.125, XMax: 0.5, YMax: 0.75}) {
		t.Errorf("%+v", b)
	}
	if len(r.problems) != 2 || !r.hasProblem("side or the class") || !r.hasProblem("no encoded image") || r.header.Lost.Files != 0 {
		t.Errorf("%v %+v", r.problems, r.header.Lost)
	}
}

func TestTFRecordClasses(t *testing.T) {
	one := func(label int64) []byte {
		return tfExample(map[string]any{"image/encoded": []string{jpegStart}, "image/class/label": []int64{label}})
	}
	r, _ := opened(t, tree(t, map[string]string{"x.tfrecord-00000-of-00001": tfFrame(one(1), one(2)), "x_label_map.pbtxt": "item {\n name: \"cat\\'s\",\n id: 1\n}\nitem { id: 2 name: 'dog' }\n"}))
	if got := r.lines(); r.err != nil || got != "x.tfrecord-00000-of-00001/000001.jpg||cat's\nx.tfrecord-00000-of-00001/000002.jpg||dog\n" || r.header.ViewType != domain.Classification || len(r.problems) > 0 {
		t.Errorf("%s %+v", got, r)
	}
	r, _ = opened(t, tree(t, map[string]string{"test.record": tfFrame(one(7))}))
	if got := r.lines(); got != "test.record/000001.jpg|test|7\n" || len(r.header.Notes) != 1 || !strings.Contains(r.header.Notes[0], "only a number") {
		t.Errorf("%s %v", got, r.header.Notes)
	}
}

// TestTFRecordHostile: damage is named, what comes before counts, and no length is used before it is checked.
func TestTFRecordHostile(t *testing.T) {
	good := tfFrame(boltExample("a.jpg"))
	flipped := []byte(good + good)
	flipped[len(good)+40] ^= 1
	huge := binary.LittleEndian.AppendUint64(nil, 1<<40)
	huge = binary.LittleEndian.AppendUint32(huge, maskedCRC(huge))
	long := binary.LittleEndian.AppendUint64(nil, 200<<20)
	long = binary.LittleEndian.AppendUint32(long, maskedCRC(long))
	for what, tt := range map[string]struct{ data, problem string }{
		"flipped":  {string(flipped), "check sum does not agree"},
		"cut":      {good + good[:len(good)/2], "it ends too early"},
		"huge":     {good + string(huge), "exceeds the limit"},
		"long":     {good + string(long) + "x", "it ends too early"},
		"no frame": {good + "this is text", "length does not agree"},
		"no proto": {good + tfFrame([]byte{0x0a, 0xff, 0xff}), "not an example"},
	} {
		r, _ := opened(t, tree(t, map[string]string{"x.tfrecord": tt.data}))
		if r.err != nil || len(r.records) != 1 || !r.hasProblem(tt.problem) {
			t.Errorf("%s: %+v", what, r)
		}
	}
	if r, _ := opened(t, tree(t, map[string]string{"x.tfrecord": "\x1f\x8b compressed"})); r.err == nil || !strings.Contains(r.err.Error(), "no example") {
		t.Errorf("%+v", r)
	}
	if r, _ := opened(t, filepath.Join(tree(t, map[string]string{"x.tfrecord": good}), "x.tfrecord")); len(r.records) != 1 {
		t.Errorf("one file: %+v", r)
	}
}

func FuzzTFRecord(f *testing.F) {
	f.Add([]byte(tfFrame(boltExample("a.jpg"))))
	f.Add(boltExample("a.jpg"))
	f.Add([]byte(tfFrame([]byte{0x0a, 0xff})))
	f.Fuzz(func(t *testing.T, data []byte) {
		set := tfrecordSet{file: "a.tfrecord", problem: func(Problem) {}, taken: map[string]bool{}}
		set.read(context.Background(), bytes.NewReader(data))
		set.example(1, data, 0) // past the sums, which guesses do not meet
		for _, r := range set.all {
			checkRecord(t, r)
		}
		parseLabelMap(map[int64]string{}, string(data))
	})
}
