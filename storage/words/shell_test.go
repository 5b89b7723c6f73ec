package words

import "testing"

func TestQuote(t *testing.T) {
	for _, c := range []struct {
		text    string
		windows bool
		want    string
	}{
		{"/home/eve/waste", false, "/home/eve/waste"},
		{"/home/eve/my waste", false, "'/home/eve/my waste'"},
		{"eve's $HOME", false, `'eve'\''s $HOME'`},
		{"-v1", false, "'-v1'"},
		{"", false, "''"},
		{`C:\Users\eve\waste`, true, `"C:\Users\eve\waste"`},
		{"v1", true, "v1"},
	} {
		if got := shell(c.text, c.windows); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}
