package assist_test

import (
	"testing"

	"viewfinder/app/studio/studiotest"
)

func TestMain(m *testing.M) { studiotest.Main(m) }
