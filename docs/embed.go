// Package docs holds the generated descriptions that the server gives out: the JSON schema of the parameters of each kind of
// obligation, from which the form of a correction is made.
//
// It owns the embedding. It does not own the files: tools/generate writes them from the code. Invariant: what is served is
// the file of this folder, byte for byte.
package docs

import (
	"embed"
	"fmt"
)

//go:embed schema/params/*.json
var params embed.FS

// ParamsSchema gives the JSON schema of the parameters of a kind of obligation.
func ParamsSchema(kind string) ([]byte, error) {
	b, err := params.ReadFile("schema/params/" + kind + ".v1.json")
	if err != nil {
		return nil, fmt.Errorf("the kind %q has no schema: %w", kind, err)
	}
	return b, nil
}
