package advice

import (
	"fmt"
	"math"
	"sort"

	"viewfinder/storage/words"
)

// Bounds of the rules on the val set and on concepts.
const (
	wide       = 0.08 // half of the confidence interval of the accuracy, above which a val set is too small to tell
	fewVal     = 50   // val images, for views whose figure has no such interval
	confusedAt = 0.25 // share of a concept's val images taken for one other
	confusedBy = 3    // and so many of them at least
	mostOf     = 2    // findings of one kind on concepts
	lack       = 0.7  // share of the usual number of train images, below which a concept has few
	unlearnt   = 0.25 // difference of recall between train and val from which a concept's images are too similar
)

// wilson is the interval of Wilson ("Probable inference", 1927) in which a share lies with 95% confidence, of which right of n were seen.
func wilson(right, n float64) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959964
	p := right / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// valSmall finds a val set that is too small to tell versions apart: for a classification, the 95% interval of the accuracy (Wilson) is wider
// than 8 points up and down; for the other views, there are fewer than 50 val images.
func valSmall(f Facts, c curves) *Finding {
	n, accuracy := f.ValImages, 0.
	if f.Results != nil && f.Results.Val != nil {
		n, accuracy = f.Results.Val.Images, f.Results.Val.Accuracy
	} else if k := len(c.valAccuracy); k >= 3 {
		accuracy = c.valAccuracy[k-1]
	} else {
		return nil
	}
	if n == 0 {
		return nil
	}
	if !f.Task.ExactlyOne() {
		if n >= fewVal {
			return nil
		}
		return &Finding{Kind: ValSmall, Text: fmt.Sprintf("The val split has only %s images: small differences between versions are not significant. Move some images to val, or annotate more.", words.Number(n)),
			Evidence: fmt.Sprintf("%s val images, %d would do", words.Number(n), fewVal)}
	}
	low, high := wilson(accuracy*float64(n), float64(n))
	if (high-low)/2 <= wide {
		return nil
	}
	return &Finding{Kind: ValSmall,
		Text: fmt.Sprintf("The val split is too small to show small differences: the 95%% confidence interval of %s on %s images is %s to %s. Annotate more val images.",
			words.RoundPercent(accuracy), words.Number(n), words.RoundPercent(low), words.RoundPercent(high)),
		Evidence: fmt.Sprintf("95%% interval of %s out of %s", words.Number(int(accuracy*float64(n)+0.5)), words.Number(n))}
}

// concepts finds what the figures of the version's weights show of single concepts.
func concepts(f Facts) []Finding {
	if f.Results.Val == nil {
		return nil
	}
	confused := confusions(f)
	return append(confused, lacking(f, confused)...)
}

// confusions finds pairs of concepts of which one is taken for the other: in at least three and a quarter of its val images, and more often
// (the lower end of the 95% interval) than if errors were spread evenly over the other concepts.
func confusions(f Facts) []Finding {
	v := f.Results.Val
	classes := len(v.Concepts)
	type pair struct {
		a, b, n, of int
	}
	var found []pair
	for a := range min(classes, len(v.ConfusionMatrix)) {
		row := v.ConfusionMatrix[a]
		of := 0
		for _, n := range row {
			of += n
		}
		if of == 0 {
			continue
		}
		even := float64(of-row[a]) / float64(of) / float64(max(1, len(row)-1))
		for b := range min(classes, len(row)) {
			low, _ := wilson(float64(row[b]), float64(of))
			if b != a && row[b] >= confusedBy && float64(row[b]) >= confusedAt*float64(of) && (low > even || classes == 2) {
				found = append(found, pair{a, b, row[b], of})
			}
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].n*found[j].of > found[j].n*found[i].of })
	var all []Finding
	for _, p := range found[:min(mostOf, len(found))] {
		a, b := v.Concepts[p.a].Concept, v.Concepts[p.b].Concept
		all = append(all, Finding{Kind: Confused, Concepts: []string{a, b},
			Text:     fmt.Sprintf("%s is often confused with %s. Check these images: some may be annotation errors; otherwise more images of both that show the difference help, or a larger image size.", a, b),
			Evidence: fmt.Sprintf("%d of %d val images of %s", p.n, p.of, a)})
	}
	return all
}

// lacking finds concepts that need more images: their recall on val is worse (even the upper end of its 95% interval) than that of all
// concepts together, and they have fewer than seven tenths of the usual number of train images, or are recognised on the train images far
// better than on val, so that their images are too similar. One that is confused with another has a finding already.
func lacking(f Facts, confused []Finding) []Finding {
	v, t := f.Results.Val, f.Results.Train
	if t == nil || len(t.Concepts) != len(v.Concepts) || len(v.Concepts) < 2 {
		return nil
	}
	var right, of float64
	var supports []float64
	for i := range v.Concepts {
		right += float64(v.Concepts[i].TruePositives)
		of += float64(v.Concepts[i].Support)
		supports = append(supports, float64(t.Concepts[i].Support))
	}
	usual := median(supports)
	var all []Finding
	for i, one := range v.Concepts {
		spoken := false
		for _, c := range confused {
			spoken = spoken || c.Concepts[0] == one.Concept
		}
		_, high := wilson(float64(one.TruePositives), float64(one.Support))
		if one.Support == 0 || spoken || len(all) == mostOf || high >= right/of {
			continue
		}
		few := supports[i] < lack*usual
		if !few && t.Concepts[i].Recall-one.Recall < unlearnt {
			continue
		}
		text := fmt.Sprintf("%s needs more images: its recall is lower than the others', and it has fewer training images.", one.Concept)
		if !few {
			text = fmt.Sprintf("%s needs more, and more varied, images: its recall is good on train but lower than the others' on val.", one.Concept)
		}
		all = append(all, Finding{Kind: MoreData, Concepts: []string{one.Concept}, Text: text,
			Evidence: fmt.Sprintf("%d of %d found on val, %s over all concepts; %s to learn from, usually %s", one.TruePositives, one.Support, words.RoundPercent(right/of),
				words.Number(int(supports[i])), words.Number(int(usual)))})
	}
	return all
}
