package audit_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/audit"
)

func TestEveryFieldOfEveryNounHasARule(t *testing.T) {
	t.Parallel()
	rules := audit.Rules()
	for _, n := range audit.Nouns() {
		known := map[string]bool{}
		typ := reflect.TypeOf(n.Zero)
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			known[name] = true
			if _, ok := rules[n.Name][name]; !ok {
				t.Errorf("%s.%s has no audit rule: decide in Rules whether the trail keeps it", n.Name, name)
			}
		}
		for name := range rules[n.Name] {
			if !known[name] {
				t.Errorf("%s.%s has a rule, but is no field", n.Name, name)
			}
		}
	}
	if len(rules) != len(audit.Nouns()) {
		t.Errorf("%d nouns have rules, %d are stored", len(rules), len(audit.Nouns()))
	}
}

func TestNamesThatLookSecretAreSecret(t *testing.T) {
	t.Parallel()
	for noun, rules := range audit.Rules() {
		for field, rule := range rules {
			for _, word := range []string{"password", "secret", "token"} {
				if strings.Contains(field, word) && rule == audit.Track {
					t.Errorf("%s.%s is tracked in clear", noun, field)
				}
			}
		}
	}
}
