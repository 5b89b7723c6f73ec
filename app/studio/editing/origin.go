package editing

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"viewfinder/storage"
)

// Origin describes in words the versions whose suggestions an annotation was: "accepted from v3 (93%)", "5 accepted from v3, 1 from v4"; "" where people alone
// made it.
func (e *Editor) Origin(ctx context.Context, key storage.Key) (string, error) {
	list, err := e.store.Accepted(ctx, key)
	if err != nil || len(list) == 0 {
		return "", err
	}
	var ids []int64
	for _, a := range list {
		ids = append(ids, a.Version)
	}
	names := e.VersionNames(ctx, ids)
	if len(list) == 1 {
		return fmt.Sprintf("accepted from %s (%.0f%%)", names[list[0].Version], math.Floor(100*list[0].Confidence)), nil
	}
	count := map[string]int{}
	for _, a := range list {
		count[names[a.Version]]++
	}
	parts := []string{}
	for i, name := range slices.Sorted(maps.Keys(count)) {
		verb := "accepted "
		if i > 0 {
			verb = ""
		}
		parts = append(parts, fmt.Sprintf("%d %sfrom %s", count[name], verb, name))
	}
	return strings.Join(parts, ", "), nil
}

// VersionNames are the names of versions; one that is not there any more is "a deleted version", storage.AssistantVersion the assistant.
func (e *Editor) VersionNames(ctx context.Context, ids []int64) map[int64]string {
	names := map[int64]string{}
	for _, id := range ids {
		if _, known := names[id]; known {
			continue
		}
		if id == storage.AssistantVersion {
			names[id] = "the assistant"
			continue
		}
		names[id] = "a deleted version"
		if v, err := e.store.Version(ctx, id); err == nil && v.DeletedAt.IsZero() {
			names[id] = v.Name
		}
	}
	return names
}
