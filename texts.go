package main

import (
	_ "embed"

	"viewfinder/app/product"
)

//go:embed LICENSE
var license string

//go:embed THIRD_PARTY_NOTICES
var notices string

// texts are the legal texts, which every binary carries. They lie in the repository's top folder, where people look for them.
func texts() product.Texts { return product.Texts{License: license, Notices: notices} }
