package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Colours this program has beside Fyne's.
const (
	ColorPanel      fyne.ThemeColorName = "viewfinderPanel"      // cards, side lists, headers
	ColorCanvas     fyne.ThemeColorName = "viewfinderCanvas"     // behind images
	ColorMuted      fyne.ThemeColorName = "viewfinderMuted"      // secondary text
	ColorFaint      fyne.ThemeColorName = "viewfinderFaint"      // hairlines, a chart's grid
	ColorAccentSoft fyne.ThemeColorName = "viewfinderAccentSoft" // the accent, faintly: selected rows, chips
	ColorAccent                         = theme.ColorNamePrimary
)

type pair struct{ light, dark color.NRGBA }

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, alpha uint8) color.NRGBA {
	c := rgb(v)
	c.A = alpha
	return c
}

// The accent is a blue that stays apart from the concepts' palette by its saturation and from every status colour.
var colors = map[fyne.ThemeColorName]pair{
	theme.ColorNameBackground:          {rgb(0xf4f5f7), rgb(0x191b1f)},
	ColorPanel:                         {rgb(0xffffff), rgb(0x212429)},
	ColorCanvas:                        {rgb(0xe6e8ec), rgb(0x121316)},
	theme.ColorNameForeground:          {rgb(0x1c2128), rgb(0xe3e6ea)},
	ColorMuted:                         {rgb(0x555e69), rgb(0xa8b0ba)},
	theme.ColorNamePlaceHolder:         {rgb(0x585f68), rgb(0xabb0b8)},
	theme.ColorNameDisabled:            {rgb(0xa3abb5), rgb(0x5b636e)},
	ColorFaint:                         {rgb(0xdcdfe4), rgb(0x33373e)},
	theme.ColorNameSeparator:           {rgb(0xdcdfe4), rgb(0x33373e)},
	theme.ColorNamePrimary:             {rgb(0x2b5ac5), rgb(0x81a9ff)},
	ColorAccentSoft:                    {rgba(0x2f62d6, 0x1c), rgba(0x6c9bff, 0x2c)},
	theme.ColorNameHyperlink:           {rgb(0x2b5ac5), rgb(0x81a9ff)},
	theme.ColorNameForegroundOnPrimary: {rgb(0xffffff), rgb(0x10131a)},
	theme.ColorNameFocus:               {rgba(0x2f62d6, 0x50), rgba(0x6c9bff, 0x60)},
	theme.ColorNameSelection:           {rgba(0x2f62d6, 0x30), rgba(0x6c9bff, 0x44)},
	theme.ColorNameButton:              {rgb(0xe8eaee), rgb(0x2c3037)},
	theme.ColorNameDisabledButton:      {rgb(0xeff0f3), rgb(0x25282d)},
	theme.ColorNameHover:               {rgba(0x1c2128, 0x10), rgba(0xffffff, 0x12)},
	theme.ColorNamePressed:             {rgba(0x1c2128, 0x20), rgba(0xffffff, 0x22)},
	theme.ColorNameInputBackground:     {rgb(0xffffff), rgb(0x1d2024)},
	theme.ColorNameInputBorder:         {rgb(0xc9ced6), rgb(0x3d434c)},
	theme.ColorNameMenuBackground:      {rgb(0xffffff), rgb(0x272b31)},
	theme.ColorNameOverlayBackground:   {rgb(0xffffff), rgb(0x23262c)},
	theme.ColorNameHeaderBackground:    {rgb(0xeceef1), rgb(0x24272d)},
	theme.ColorNameScrollBar:           {rgba(0x1c2128, 0x60), rgba(0xffffff, 0x50)},
	theme.ColorNameScrollBarBackground: {rgba(0x1c2128, 0x00), rgba(0xffffff, 0x00)},
	theme.ColorNameShadow:              {rgba(0x000000, 0x30), rgba(0x000000, 0x70)},
	theme.ColorNameError:               {rgb(0xb9261a), rgb(0xff887c)},
	theme.ColorNameWarning:             {rgb(0x885600), rgb(0xf0b24a)},
	theme.ColorNameSuccess:             {rgb(0x126f45), rgb(0x4fc48a)},
	theme.ColorNameForegroundOnError:   {rgb(0xffffff), rgb(0x10131a)},
	theme.ColorNameForegroundOnWarning: {rgb(0xffffff), rgb(0x10131a)},
	theme.ColorNameForegroundOnSuccess: {rgb(0xffffff), rgb(0x10131a)},
}

func pick(name fyne.ThemeColorName, dark bool) color.NRGBA {
	p, ok := colors[name]
	if !ok {
		variant := theme.VariantLight
		if dark {
			variant = theme.VariantDark
		}
		return color.NRGBAModel.Convert(theme.DefaultTheme().Color(name, variant)).(color.NRGBA)
	}
	if dark {
		return p.dark
	}
	return p.light
}
