package obligation

import (
	"reflect"
	"slices"
	"testing"
)

// What an answer may set beside the parameter of its code is a parameter of a kind, or of its credit, as the schemas name it.
func TestWhatAQuestionIsAboutIsAParameter(t *testing.T) {
	t.Parallel()
	for code, names := range beside {
		for _, name := range names {
			if !hasMember(reflect.TypeFor[CreditParams](), name) && !slices.ContainsFunc(All(), func(k Kind) bool { return hasMember(reflect.TypeOf(k.Params()), name) }) {
				t.Errorf("%s: %s is no parameter of any kind", code, name)
			}
		}
	}
}
