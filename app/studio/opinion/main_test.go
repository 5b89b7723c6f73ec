package opinion_test

import (
	"testing"

	"viewfinder/app/studio/studiotest"
)

// TestMain lets the test's own program be the trainer.
func TestMain(m *testing.M) { studiotest.Main(m) }
