package training

import (
	"encoding/json"
	"errors"
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
		delete(fields, "freeze") // retired: still read, no longer explained
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
		var wrong *OptionError
		if err != nil && (!errors.As(err, &wrong) || wrong.Option != c.name || wrong.Value != c.value || wrong.Reason == "") {
			t.Errorf("%s=%s: %#v", c.name, c.value, err)
		}
		if err == nil {
			if got := reflect.ValueOf(row(c.name).at(&o)).Elem().Interface(); !reflect.DeepEqual(got, c.want) {
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
		{domain.Classification, "iterations", "0", "must be from 1 to 100,000,000"},
		{domain.Classification, "batch_size", "100000", "must be from 1 to 4,096"},
		{domain.Classification, "architecture", "vgg", "must be one of small_cnn, mobilenet_v2_035"},
		{domain.Classification, "learning_rate", "-1", "must be from 1e-10 to 100"},
		{domain.Classification, "momentum", "1", "must be from 0 to 0.9999"},
		{domain.Classification, "weight_decay", "-1", "must be from 0 to 10"},
		{domain.Classification, "optimizer", "lion", "must be one of sgd, nesterov, adam, adamw"},
		{domain.Classification, "schedule", "linear", "must be one of constant, step, cosine, one_cycle"},
		{domain.Classification, "warmup", "1.5", "must be a fraction below 1"},
		{domain.Classification, "warmup", "100000", "not above the total"},
		{domain.Classification, "resizer", "96", "write height x width"},
		{domain.Classification, "resizer", "100x96", "in steps of 16"},
		{domain.Classification, "resizer", "96x96:crop", "write height x width"},
		{domain.Classification, "resizer", "16384x96", "from 32 to 2,048"},
		{domain.Classification, "augment", "zoom,zoom", `names "zoom" twice`},
		{domain.Classification, "augment", "melt", `"melt" is not known`},
		{domain.Classification, "balance", "on", "must be one of off, weighted_loss, balanced_sampling"},
		{domain.Classification, "freeze", "true", "needs initial weights"},
		{domain.Classification, "device", "gpu", "must be one of auto, cpu"},
		{domain.Classification, "threads", "-1", "must be from 0 to 1,024"},
		{domain.Classification, "early_stopping", "-2", "must be 0 (off) or the number"},
		{domain.Classification, "metrics_interval", "never", "must be one of auto, every_1000"},
		{domain.Classification, "keep", "worst", "must be one of best, last"},
		{domain.Classification, "dropout", "0.95", "must be from 0 to 0.9"},
		{domain.Classification, "clip_norm", "1e7", "must be from 0 to 1,000,000"},
		{domain.Classification, "ema", "1", "must be from 0 to 0.99999"},
		{domain.Detection, "dropout", "0.2", "for classification and tagging only, set it to 0"},
		{domain.Tagging, "label_smoothing", "0.1", "for classification only, set it to 0"},
	} {
		o := DefaultOptions(c.task, "")
		if err := o.Set(c.name, c.value); err != nil {
			t.Fatal(err)
		}
		err := o.Validate(c.task)
		var all OptionErrors
		var one *OptionError
		if !errors.As(err, &all) || len(all) != 1 || !errors.As(err, &one) || one != all[0] {
			t.Errorf("%s=%s: %v", c.name, c.value, err)
			continue
		}
		if one.Option != c.name || one.Title != OptionTitle(c.name) || one.Value == "" || !strings.Contains(one.Reason, c.want) {
			t.Errorf("%s=%s: %+v, want %q", c.name, c.value, *one, c.want)
		}
		if text := err.Error(); text != "training options: "+one.Error() || !strings.HasPrefix(one.Error(), c.name+" ") || !strings.HasSuffix(one.Error(), one.Reason) {
			t.Errorf("%s=%s: %q", c.name, c.value, text)
		}
	}
	o := Options{Iterations: -1}
	var all OptionErrors
	if err := o.Validate(domain.Classification); !errors.As(err, &all) || len(all) < 5 || strings.Count(err.Error(), ";") != len(all)-1 {
		t.Errorf("not every fault is reported at once: %v", err)
	}
	seen := map[string]bool{}
	for _, one := range all {
		if seen[one.Option] {
			t.Errorf("%s is reported twice", one.Option)
		}
		seen[one.Option] = true
	}
	if text := (&OptionError{Option: "optimizer", Value: "lion", Reason: "must be one of sgd, adam"}).Error(); text != `optimizer "lion": must be one of sgd, adam` {
		t.Error(text)
	}
}

// Every row of the table is complete: a default of its field's type that Validate takes, words for each value, a title and a
// line of help of its own.
func TestTheTableIsWhole(t *testing.T) {
	titles := map[string]bool{}
	for _, name := range optionNames() {
		r := row(name)
		if r.title == "" || titles[r.title] || strings.Contains(r.title, "_") || !strings.HasSuffix(r.help, ".") {
			t.Errorf("%s: title %q, help %q", name, r.title, r.help)
		}
		titles[r.title] = true
		if r.preset != nil && r.keptByPresets {
			t.Errorf("%s is set by presets and kept by them", name)
		}
		if r.kindOf() == KindText && r.fault == nil {
			t.Errorf("%s: any text is taken", name)
		}
		for _, v := range r.valueNames() {
			if w := r.called(v); w == "" || strings.Contains(w, "_") {
				t.Errorf("%s: %q is called %q", name, v, w)
			}
		}
	}
	o := DefaultOptions(domain.Detection, "")
	for name, want := range map[string]string{"augment": "Horizontal flip, Vertical flip, Zoom, Shift, Colour", "resizer": "240 × 320", "threads": "All cores", "ema": "Off",
		"weights": "Nothing", "decay_norm_bias": "Yes", "optimizer": "AdamW", "architecture": "MobileNet-V2 0.5", "iterations": "1000", "metrics_interval": "Ten times a run", "none": ""} {
		if got := o.Words(name); got != want {
			t.Errorf("%s is called %q, want %q", name, got, want)
		}
	}
}

// A preset sets what it is for, and leaves alone what the table marks as kept by presets.
func TestPresetsKeepWhatTheTableSays(t *testing.T) {
	d := DefaultOptions(domain.Classification, "")
	for _, p := range Presets() {
		o, _ := PresetOf(p.Name, DefaultOptions(domain.Classification, ""), 10_000)
		for _, doc := range OptionDocs(domain.Classification, "") {
			want, _ := d.Get(doc.Name)
			if got, _ := o.Get(doc.Name); doc.KeptByPresets && got != want {
				t.Errorf("%s sets %s to %q", p.Name, doc.Name, got)
			}
		}
	}
}

// Only what changes the arithmetic tells runs apart, and an option of zero has no effect: so a program that knows more options goes on with the
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
