package version

// Capital begins a text with a capital letter.
func Capital(s string) string {
	if s == "" || s[0] < 'a' || s[0] > 'z' || len(s) > 1 && s[1] >= 'A' && s[1] <= 'Z' { // "mAP@0.5" stays
		return s
	}
	return string(s[0]-'a'+'A') + s[1:]
}
