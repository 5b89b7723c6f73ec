package storage

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"

	"viewfinder/storage/domain"
)

// valShare is the share of annotated images that goes to val where nobody decides.
const valShare = 0.2

// unsettled is an image that was annotated and has no split for good.
type unsettled struct {
	id     int64
	hash   string
	split  domain.Split // by its content, until now
	labels []int64      // concepts that its whole-image datapoints carry; -view where one of them is annotated without concept
	to     domain.Split
	placed bool
}

// settle gives the images that the batch annotated their split for good, if they have none: of each concept a fifth goes to val, the rest to
// train, as near as whole images come to that. Images that have a split for good never move; they count. Within a concept the images' content
// decides, so that the same images fall the same way in whatever order they came. The concept with the fewest images is dealt out first,
// as in iterative stratification (Sechidis, Tsoumakas, Vlahavas 2011), since an image may carry several.
func (b *Batch) settle() error {
	if len(b.annotated) == 0 {
		return nil
	}
	images, views, err := b.unsettledImages()
	clear(b.annotated)
	if err != nil || len(images) == 0 {
		return err
	}
	inTrain, inVal, err := b.settledCounts(images, views)
	if err != nil {
		return err
	}
	place(images, inTrain, inVal)
	for _, split := range []domain.Split{domain.SplitTrain, domain.SplitVal} {
		var all, moved []int64
		for _, img := range images {
			if img.to == split {
				all = append(all, img.id)
				if img.split != split {
					moved = append(moved, img.id)
				}
			}
		}
		number, err := splitNumber(split)
		if err != nil {
			return err
		}
		for _, change := range []struct {
			sql string
			ids []int64
		}{
			{"UPDATE images SET split = ?, settled = 1 WHERE id IN (SELECT value FROM json_each(?))", all},
			{"UPDATE datapoints SET split = ? WHERE image_id IN (SELECT value FROM json_each(?))", moved},
		} {
			if len(change.ids) == 0 {
				continue
			}
			ids, err := json.Marshal(change.ids)
			if err != nil {
				return err
			}
			if _, err := b.p.conn.ExecContext(b.ctx, change.sql, number, string(ids)); err != nil {
				return err
			}
		}
	}
	return nil
}

// place decides for each image, given how many images of each label have a split for good; these counts are brought up to date.
func place(images []*unsettled, inTrain, inVal map[int64]int) {
	carry := map[int64][]*unsettled{}
	for _, img := range images {
		for _, l := range img.labels {
			carry[l] = append(carry[l], img)
		}
	}
	labels := make([]int64, 0, len(carry))
	total := map[int64]int{}
	for l, some := range carry {
		labels = append(labels, l)
		total[l] = inTrain[l] + inVal[l] + len(some)
	}
	slices.SortFunc(labels, func(x, y int64) int { return cmp.Or(cmp.Compare(total[x], total[y]), cmp.Compare(x, y)) })
	for _, l := range labels {
		var open []*unsettled
		for _, img := range carry[l] {
			if !img.placed {
				open = append(open, img)
			}
		}
		slices.SortFunc(open, func(x, y *unsettled) int {
			return cmp.Or(cmp.Compare(lastByte(x.hash), lastByte(y.hash)), cmp.Compare(x.hash, y.hash))
		})
		want := int(math.Round(valShare*float64(total[l]))) - inVal[l]
		for i, img := range open {
			img.placed, img.to = true, domain.SplitTrain
			counts := inTrain
			if i < want {
				img.to, counts = domain.SplitVal, inVal
			}
			for _, carried := range img.labels {
				counts[carried]++
			}
		}
	}
}

// lastByte is the end of a hash in hexadecimal, by which DefaultSplit goes: images that are in val by their content come first.
func lastByte(hash string) string { return hash[max(0, len(hash)-2):] }

// unsettledImages reads those of the images that the batch annotated that have no split for good, and the views in which they are annotated.
func (b *Batch) unsettledImages() (images []*unsettled, views []int64, err error) {
	ids := make([]int64, 0, len(b.annotated))
	for id := range b.annotated {
		ids = append(ids, id)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, nil, err
	}
	rows, err := b.p.conn.QueryContext(b.ctx, `SELECT i.id, i.sha256, i.split, d.view_id, d.concept_set FROM images i JOIN datapoints d ON d.image_id = i.id
		WHERE i.id IN (SELECT value FROM json_each(?)) AND i.settled = 0 AND d.annotated = 1 AND d.present = 1 AND d.source_id = 0 ORDER BY i.id, d.view_id`, string(list))
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		img, view, split, set := &unsettled{}, int64(0), int64(0), ""
		if err := rows.Scan(&img.id, &img.hash, &split, &view, &set); err != nil {
			return nil, nil, err
		}
		img.split = splitFrom(split)
		if n := len(images); n > 0 && images[n-1].id == img.id {
			img = images[n-1]
		} else {
			images = append(images, img)
		}
		if !slices.Contains(views, view) {
			views = append(views, view)
		}
		img.labels = append(img.labels, labelsOf(view, set)...)
	}
	return images, views, rows.Err()
}

// labelsOf are the labels of an annotated datapoint with that concept_set.
func labelsOf(view int64, set string) []int64 {
	if set == "" {
		return []int64{-view}
	}
	var labels []int64
	eachInSet(set, func(concept int64, _ int) { labels = append(labels, concept) })
	return labels
}

// settledCounts counts the annotated datapoints of the views by label in train and val, those of the images left out.
func (b *Batch) settledCounts(images []*unsettled, views []int64) (inTrain, inVal map[int64]int, err error) {
	inTrain, inVal = map[int64]int{}, map[int64]int{}
	count := func(split domain.Split, labels []int64, n int) {
		counts := inTrain
		switch split {
		case domain.SplitVal:
			counts = inVal
		case domain.SplitTest:
			return
		}
		for _, l := range labels {
			counts[l] += n
		}
	}
	for _, view := range views {
		rows, err := b.q.Tallies(b.ctx, view)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range rows {
			if row.Annotated == 1 {
				count(splitFrom(row.Split), labelsOf(view, row.ConceptSet), int(row.N))
			}
		}
	}
	for _, img := range images {
		count(img.split, img.labels, -1)
	}
	return inTrain, inVal, nil
}
