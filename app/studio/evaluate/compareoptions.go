package evaluate

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"

	"viewfinder/app/studio/runs"
)

// optionDifferences lists the options in which versions differ, and how many images they were made of.
func optionDifferences(versions []runs.Version) ([]OptionDifference, error) {
	values := map[string][]string{}
	for k, v := range versions {
		var options map[string]any
		if err := json.Unmarshal(v.Options, &options); err != nil {
			return nil, fmt.Errorf("reading the options of %s: %w", v.Name, err)
		}
		for name, value := range options {
			if values[name] == nil {
				values[name] = make([]string, len(versions))
			}
			values[name][k] = optionText(value)
		}
	}
	values["images"] = nil
	for _, v := range versions {
		values["images"] = append(values["images"], strconv.Itoa(v.Images))
	}
	list := []OptionDifference{}
	for name, of := range values {
		for _, text := range of {
			if text != of[0] {
				list = append(list, OptionDifference{name, of})
				break
			}
		}
	}
	sort.Slice(list, func(a, b int) bool { return list[a].Option < list[b].Option })
	return list, nil
}

func optionText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	text, _ := json.Marshal(value) // it came from JSON
	return string(text)
}
