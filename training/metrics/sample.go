package metrics

// Subset is a judge of some of the samples, in this order.
func (j *Judge) Subset(samples []int) (*Judge, error) {
	in := Input{Task: j.in.Task, Concepts: j.in.Concepts}
	for _, i := range samples {
		if in.Task.HasBoxes() {
			in.Found, in.Truth = append(in.Found, j.in.Found[i]), append(in.Truth, j.in.Truth[i])
			if j.in.Sizes != nil {
				in.Sizes = append(in.Sizes, j.in.Sizes[i])
			}
			continue
		}
		in.Labels, in.Scores = append(in.Labels, j.in.Labels[i]), append(in.Scores, j.scores(i)...)
	}
	return NewJudge(in)
}

// With is a judge of the same samples and the scores [concepts] that scores makes of each one's own. Boxes stay as they are.
func (j *Judge) With(scores func(sample int, own []float32) []float32) (*Judge, error) {
	if j.in.Task.HasBoxes() {
		return j, nil
	}
	in := j.in
	in.Scores = make([]float32, 0, len(j.in.Scores))
	for i := range j.n {
		in.Scores = append(in.Scores, scores(i, j.scores(i))...)
	}
	return NewJudge(in)
}

// Decisions are those on one sample at the settings; in tagging without the true negatives.
func (j *Judge) Decisions(s Settings, sample int) []Case {
	var cases []Case
	j.each(s, sample, sample+1, func(c Case) { cases = append(cases, c) })
	return cases
}
