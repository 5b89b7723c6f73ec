package app

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fyne.io/fyne/v2/app"
)

// What a plain build says of itself is what FyneApp.toml has packages say.
func TestMetadata(t *testing.T) {
	file, err := os.ReadFile("../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	setMetadata()
	m := app.NewWithID("").Metadata()
	for _, line := range []string{
		fmt.Sprintf("Name = %q", m.Name), fmt.Sprintf("ID = %q", m.ID), fmt.Sprintf("Version = %q", m.Version), fmt.Sprintf("Build = %d", m.Build),
		fmt.Sprintf("fyneDo = %v", m.Migrations["fyneDo"]),
	} {
		if !strings.Contains(string(file), "\n"+line+"\n") {
			t.Errorf("FyneApp.toml has no line %s", line)
		}
	}
}
