package training

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"viewfinder/storage/domain"
)

func TestEveryOptionIsExplainedSetAndRead(t *testing.T) {
	for _, task := range []domain.Task{domain.Classification, domain.Tagging, domain.Detection} {
		d := DefaultOptions(task, "")
		if err := d.Validate(task); err != nil {
			t.Errorf("%s: the defaults are not valid: %v", task, err)
		}
		b, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]any{}
		if err := json.Unmarshal(b, &fields); err != nil {
			t.Fatal(err)
		}
		docs := OptionDocs(task, "")
		if len(docs) != len(fields) {
			t.Errorf("%d options are explained, there are %d", len(docs), len(fields))
		}
		for _, doc := range docs {
			if _, ok := fields[doc.Name]; !ok || doc.Explanation == "" || strings.ContainsRune(doc.Explanation, '\n') {
				t.Errorf("option %+v", doc)
			}
			o := Options{}
			if err := o.Set(doc.Name, doc.Default); err != nil {
				t.Errorf("%s does not take its own default %q: %v", doc.Name, doc.Default, err)
			}
			if got, err := o.Get(doc.Name); err != nil || got != doc.Default {
				t.Errorf("%s: set %q, got %q, %v", doc.Name, doc.Default, got, err)
			}
		}
	}
}

func TestSet(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        any // nil = an error
	}{
		{"iterations", "500", 500}, {"iterations", "many", nil}, {"seed", "-1", nil}, {"warmup", "5%", 0.05}, {"warmup", "100", 100.0},
		{"learning_rate", "1e-3", 0.001}, {"learning_rate", "NaN", nil}, {"freeze", "yes", true}, {"freeze", "perhaps", nil},
		{"augment", "zoom, shift", []string{"zoom", "shift"}}, {"augment", "none", []string{}}, {"metrics_interval", "1000", "every_1000"},
		{"nonsense", "1", nil}, {"optimizer", "adamw", "adamw"},
	} {
		var o Options
		err := o.Set(c.name, c.value)
		if (err == nil) != (c.want != nil) {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
			continue
		}
		if err == nil {
			if got := reflect.ValueOf(o.field(c.name)).Elem().Interface(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s=%s: %v", c.name, c.value, got)
			}
		}
	}
}

func TestValidateSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		task        domain.Task
		name, value string
		want        string
	}{
		{domain.Classification, "iterations", "0", "iterations is 0"},
		{domain.Classification, "batch_size", "100000", "batch_size is 100000"},
		{domain.Classification, "architecture", "vgg", `architecture "vgg" is not known`},
		{domain.Classification, "learning_rate", "-1", "learning_rate is -1"},
		{domain.Classification, "momentum", "1", "momentum is 1"},
		{domain.Classification, "weight_decay", "-1", "weight_decay is -1"},
		{domain.Classification, "optimizer", "lion", "optimizer is \"lion\": it is one of sgd, nesterov, adam, adamw"},
		{domain.Classification, "schedule", "linear", "schedule is"},
		{domain.Classification, "warmup", "1.5", "warmup is 1.5"},
		{domain.Classification, "warmup", "100000", "warmup is 100000"},
		{domain.Classification, "resizer", "96", "write height x width"},
		{domain.Classification, "resizer", "100x96", "in steps of 16"},
		{domain.Classification, "resizer", "96x96:crop", "write height x width"},
		{domain.Classification, "resizer", "16384x96", "from 32 to 2048"},
		{domain.Classification, "augment", "zoom,zoom", "twice"},
		{domain.Classification, "augment", "melt", "not known"},
		{domain.Classification, "balance", "on", "balance is"},
		{domain.Classification, "freeze", "true", "give weights"},
		{domain.Classification, "device", "gpu", "device is"},
		{domain.Classification, "threads", "-1", "threads is -1"},
		{domain.Classification, "early_stopping", "-2", "early_stopping is -2"},
		{domain.Classification, "metrics_interval", "never", "metrics_interval is"},
		{domain.Classification, "keep", "worst", "keep is"},
		{domain.Classification, "dropout", "0.95", "dropout is 0.95"},
		{domain.Classification, "ema", "1", "ema is 1"},
		{domain.Detection, "dropout", "0.2", "dropout is for classification and tagging"},
		{domain.Tagging, "label_smoothing", "0.1", "label_smoothing is for classification"},
	} {
		o := DefaultOptions(c.task, "")
		if err := o.Set(c.name, c.value); err != nil {
			t.Fatal(err)
		}
		if err := o.Validate(c.task); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, want %q", c.name, c.value, err, c.want)
		}
	}
	o := Options{Iterations: -1}
	if err := o.Validate(domain.Classification); err == nil || strings.Count(err.Error(), ";") < 4 {
		t.Errorf("not everything is said at once: %v", err)
	}
}

// Only what changes the arithmetic tells runs apart, and an option of zero says nothing: so a program that knows more options goes on with the
// checkpoints of one that knows fewer.
func TestDigest(t *testing.T) {
	run := func(change func(*Run)) string {
		r := &Run{Task: domain.Classification, Name: "v1", Concepts: []ConceptRef{{ID: "1", Name: "a"}, {ID: "2", Name: "b"}}, Options: DefaultOptions(domain.Classification, ""),
			Samples: []Sample{{Image: "../../images/a", SHA256: "aa", Split: SplitTrain, Labels: []int{0}, Key: "1/2"}}}
		if change != nil {
			change(r)
		}
		return r.digest()
	}
	want := run(nil)
	for name, change := range map[string]func(*Run){
		"threads": set(func(o *Options) { o.Threads = 3 }), "keep": set(func(o *Options) { o.Keep = KeepLast }), "device": set(func(o *Options) { o.Device = "cpu" }),
		"an empty list": set(func(o *Options) { o.Weights = "" }), "name": func(r *Run) { r.Name, r.Concepts[0].Name = "v2", "c" },
		"key": func(r *Run) { r.Samples[0].Key = "" }, "place": func(r *Run) { r.Samples[0].Image = "/elsewhere/a" },
	} {
		if run(change) != want {
			t.Errorf("%s makes it another training", name)
		}
	}
	for name, change := range map[string]func(*Run){
		"seed": set(func(o *Options) { o.Seed = 1 }), "close seeds": set(func(o *Options) { o.Seed = 1<<60 + 1 }), "rate": set(func(o *Options) { o.LearningRate *= 1.0001 }),
		"augment": set(func(o *Options) { o.Augment = nil }), "iterations": set(func(o *Options) { o.Iterations++ }),
		"content": func(r *Run) { r.Samples[0].SHA256 = "ab" }, "label": func(r *Run) { r.Samples[0].Labels = []int{1} },
		"crop": func(r *Run) { r.Samples[0].Crop = &domain.Box{XMin: 0, YMin: 0, XMax: 1, YMax: 0.5} }, "concepts": func(r *Run) { r.Concepts = append(r.Concepts, ConceptRef{}) },
		"split": func(r *Run) { r.Samples[0].Split = SplitVal },
	} {
		if run(change) == want {
			t.Errorf("%s makes no other training", name)
		}
	}
	if run(set(func(o *Options) { o.Seed = 1<<60 + 1 })) == run(set(func(o *Options) { o.Seed = 1 << 60 })) {
		t.Error("seeds that differ little count as one")
	}
}
