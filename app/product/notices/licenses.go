package main

import (
	"regexp"
	"strings"
)

// kinds tells licences by sentences of theirs, in the order in which they are named. Names are those of SPDX.
var kinds = []struct {
	name     string
	sentence *regexp.Regexp
}{
	{"Apache-2.0", phrase(`Apache License,? Version 2\.0`)},
	{"MIT", phrase(`Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation`)},
	{"BSD-3-Clause", phrase(`Redistribution and use in source and binary forms.{0,900}(Neither the names? of|The names? of .{0,80} may not be used to endorse)`)},
	{"ZPL-2.1", phrase(`does not give you the right to use Servicemarks`)},
	{"BSD-2-Clause", phrase(`Redistribution and use in source and binary forms`)}, // where it is none of the two above
	{"ISC", phrase(`Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee`)},
	{"Zlib", phrase(`This software is provided 'as-is', without any express or implied warranty.{0,900}must not be misrepresented as being the original software`)},
	{"Unlicense", phrase(`This is free and unencumbered software released into the public domain`)},
	{"FTL", phrase(`The FreeType Project LICENSE`)},
	{"OFL-1.1", phrase(`SIL OPEN FONT LICENSE Version 1\.1`)},
	{"Bitstream-Vera", phrase(`Bitstream Vera is a trademark of Bitstream, Inc\.`)},
	{"CC-BY-4.0", phrase(`Creative Commons (Attribution 4\.0|License \(CC-BY 4\.0\))`)},
	{"blessing", phrase(`SQLite Is Public Domain|dedicated to the public domain by the authors`)},
	{"MPL-2.0", phrase(`Mozilla Public License,? Version 2\.0`)},
	{"GPL", phrase(`GNU (LESSER |LIBRARY |AFFERO )?GENERAL PUBLIC LICENSE Version \d`)},
	{"CC-BY-NC", phrase(`NonCommercial 4\.0`)},
}

// allowed are the licences under which a binary of an MIT program may be given on together with their texts. Others need a decision by a person.
var allowed = map[string]bool{
	"Apache-2.0": true, "MIT": true, "BSD-3-Clause": true, "BSD-2-Clause": true, "ISC": true, "Zlib": true, "Unlicense": true, "FTL": true, "OFL-1.1": true,
	"Bitstream-Vera": true, "CC-BY-4.0": true, "blessing": true, "ZPL-2.1": true,
}

// phrase finds a sentence however its lines are broken.
func phrase(s string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)` + strings.ReplaceAll(s, " ", `[\s*/#;-]+`))
}

// kindsOf names the licences in a text.
func kindsOf(text string) []string {
	var names []string
	for _, k := range kinds {
		if k.name == "BSD-2-Clause" && len(names) > 0 && (names[len(names)-1] == "BSD-3-Clause" || names[len(names)-1] == "ZPL-2.1") {
			continue
		}
		if k.sentence.MatchString(text) {
			names = append(names, k.name)
		}
	}
	return names
}
