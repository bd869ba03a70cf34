package exchange

import (
	"testing"

	"github.com/pactloop/pactloop/internal/pact"
)

func TestAHeadingSuggestsWhatItMeans(t *testing.T) {
	t.Parallel()
	for head, want := range map[string]string{
		"Qty received": "data.lines.quantity", "Receipt date": "occurred_at", "Start": "occurred_at", "End": "data.end_at", "Type": "kind", "Insurer": "data.certificate.issuer",
		"Limit": "data.certificate.per_occurrence.value", "Aggregate": "data.certificate.aggregate.value", "Valid to": "data.certificate.expires", "Valid from": "data.certificate.from", "Remark": "",
	} {
		if got := suggested(head); got != want {
			t.Errorf("%s: %q, want %q", head, got, want)
		}
	}
}

func TestWhatALedgerWritesInBracketsIsLessThanNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, decimal, want string }{
		{"(50.00)", "point", "-50"}, {"( 1,250.50 )", "point", "-1250.5"}, {"(50,00)", "comma", "-50"}, {"-50,00", "comma", "-50"}, {"(-50)", "point", ""}, {"(50", "point", ""}, {"()", "point", ""}, {"(a)", "point", ""},
	} {
		got, err := (&table{mapping: pact.EventMapping{Decimal: c.decimal}}).number(c.text)
		if (err != nil) != (c.want == "") || err == nil && got.String() != c.want {
			t.Errorf("%s: %s %v, want %q", c.text, got, err, c.want)
		}
	}
}
