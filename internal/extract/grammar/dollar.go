package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

// homeDollars are the currencies that a bare dollar sign means at home, by the law that governs a contract.
var homeDollars = map[string]string{
	"Australia": "AUD", "New South Wales": "AUD", "Victoria": "AUD", "Queensland": "AUD", "South Australia": "AUD", "Western Australia": "AUD", "Tasmania": "AUD",
	"Canada": "CAD", "Alberta": "CAD", "British Columbia": "CAD", "Manitoba": "CAD", "New Brunswick": "CAD", "Newfoundland": "CAD", "Newfoundland and Labrador": "CAD",
	"Nova Scotia": "CAD", "Ontario": "CAD", "Quebec": "CAD", "Saskatchewan": "CAD",
	"New Zealand": "NZD", "Singapore": "SGD", "Hong Kong": "HKD",
}

// openDollar gives the currency that a bare dollar sign may mean beside the dollar of the United States: that of the country whose law
// governs, or where no law is named that of the parties, where the contract nowhere says which dollar it is in; otherwise "".
func (r *reading) openDollar(sum wording.Sum, in string) string {
	if !strings.HasPrefix(in[sum.Start:], "$") || holds(r.lower, "us$", "u.s.$", "u.s. $", "us $", "usd", "u.s. dollar", "us dollar", "united states dollar", "u.s. currency", "u.s. funds") {
		return ""
	}
	if law := r.value("governing_law"); law != nil {
		return homeDollars[law.Text]
	}
	return r.dollarOfParties()
}

// dollarOfParties is the currency that a dollar means where all parties live, as the forms of their companies tell: Pty Ltd in Australia,
// Pte Ltd in Singapore; otherwise "".
func (r *reading) dollarOfParties() string {
	home := ""
	v := r.value("parties")
	if v == nil {
		return ""
	}
	for _, p := range v.Parties {
		theirs := ""
		switch name := " " + strings.ReplaceAll(strings.ToLower(p.Name), ".", "") + " "; {
		case strings.Contains(name, " pty "):
			theirs = "AUD"
		case strings.Contains(name, " pte "):
			theirs = "SGD"
		}
		if theirs == "" || home != "" && home != theirs {
			return ""
		}
		home = theirs
	}
	return home
}

// askDollar asks which dollar the sums are in.
func (r *reading) askDollar(home string, at wording.Span) {
	c := r.term("currency", nil, "0.40", at)
	c.Ambiguities = append(c.Ambiguities, pact.Ambiguity{
		Code:     "which_dollar",
		Question: "The sums are in dollars, and the text does not say of which country. Which are meant?",
		Readings: []pact.Value{pact.Text(home), pact.Text("USD")},
	})
}
