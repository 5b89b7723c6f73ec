//go:build nobackbone

package weights

var backbone []byte
