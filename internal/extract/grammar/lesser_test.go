package grammar_test

import "testing"

// Values that were given for something else: a minimum spend is no yearly value, an uptime nobody buys, an address is no part of a name.
func TestWhatIsSaidOfSomethingElseGivesNoValue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, name, want string }{
		{"3. Commitment. Customer shall spend at least $100,000 per contract year.", "annual_contract_value", ""},
		{"3. Fees. Customer shall pay $100,000 per contract year for the Services.", "annual_contract_value", "100000.00 USD"},
		{"14. Notices. Attention: Tom Reed, Chief Legal Officer, tom@alpha.example", "key_contacts", "Tom Reed, Chief Legal Officer"},
		{"14. Notices. Attention: Tom Reed, Chief Legal Officer. Email: tom@alpha.example", "key_contacts", "Tom Reed, Chief Legal Officer"},
		{"1. Availability. Supplier guarantees a quarterly uptime percentage of at least 99.95%.", "minimum_purchase", ""},
		{"1. Purchases. Customer guarantees purchases of at least 100 tonnes in each year.", "minimum_commitment", "given"},
	} {
		got := ""
		for _, x := range textIn(t, servicesHead+c.words+"\n") {
			switch {
			case x.Name == c.name && x.Value != nil && x.Value.Money != nil:
				got = x.Value.Money.String()
			case x.Name == c.name && x.Value != nil:
				got = x.Value.Text
			case x.Obligation != nil && (x.Obligation.Kind == c.name || x.Obligation.Duty == c.name):
				got = "given"
			}
		}
		if got != c.want {
			t.Errorf("%s\n %s is %q, want %q", c.words, c.name, got, c.want)
		}
	}
}
