//go:build !nobackbone

package weights

import _ "embed"

// backbone is made by training/distill.
//
//go:embed backbone.safetensors
var backbone []byte
