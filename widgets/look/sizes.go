package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The type scale and the grid, in Fyne's device-independent pixels.
const (
	Grid        float32 = 4
	TextSmall   float32 = 11.5
	Text        float32 = 13
	TextTitle   float32 = 16
	TextHeading float32 = 21
	Radius      float32 = 6
)

var sizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:               Text,
	theme.SizeNameCaptionText:        TextSmall,
	theme.SizeNameSubHeadingText:     TextTitle,
	theme.SizeNameHeadingText:        TextHeading,
	theme.SizeNamePadding:            Grid,
	theme.SizeNameInnerPadding:       6,
	theme.SizeNameInlineIcon:         18,
	theme.SizeNameLineSpacing:        3,
	theme.SizeNameInputRadius:        5,
	theme.SizeNameSelectionRadius:    4,
	theme.SizeNameScrollBar:          12,
	theme.SizeNameScrollBarSmall:     4,
	theme.SizeNameScrollBarRadius:    3,
	theme.SizeNameSeparatorThickness: 1,
	theme.SizeNameInputBorder:        1,
}
