package salesforce

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
)

// Candidates searches broadly; which one is meant is decided by matching, or by a person.
//
// object "Account": accounts whose name shares a telling word with name. object "Opportunity": the opportunities of the
// account when name is an account's id, otherwise those whose name shares a telling word.
func (c *Connection) Candidates(ctx context.Context, object, name string) ([]connector.MatchCandidate, error) {
	switch object {
	case "Account":
		return c.accounts(ctx, name)
	case "Opportunity":
		return c.opportunities(ctx, name)
	}
	return nil, fault.New(fault.Unsupported, "Candidates are searched among accounts and opportunities, not %.80q.", object)
}

func (c *Connection) accounts(ctx context.Context, name string) ([]connector.MatchCandidate, error) {
	rows, err := c.query(ctx, "SELECT Id, Name, BillingStreet, BillingCity, BillingState, BillingPostalCode, BillingCountry FROM Account WHERE "+nameCondition(name)+" ORDER BY Name LIMIT 200", 200)
	if err != nil {
		return nil, err
	}
	out := make([]connector.MatchCandidate, 0, len(rows))
	for _, r := range rows {
		var parts []string
		for _, f := range []string{"BillingStreet", "BillingCity", "BillingState", "BillingPostalCode", "BillingCountry"} {
			if s := strings.TrimSpace(r.text(f)); s != "" {
				parts = append(parts, s)
			}
		}
		out = append(out, connector.MatchCandidate{
			Object: "Account", ExternalID: r.text("Id"), Name: r.text("Name"), Address: strings.Join(parts, ", "),
			URL: c.recordURL(r.text("Id")), Fields: map[string]string{"country": r.text("BillingCountry")},
		})
	}
	return out, nil
}

func (c *Connection) opportunities(ctx context.Context, name string) ([]connector.MatchCandidate, error) {
	condition := nameCondition(name)
	if isID(name) {
		condition = "AccountId = " + quote(name)
	}
	number := ""
	if c.numberField != "" {
		number = ", " + c.numberField
	}
	rows, err := c.query(ctx, "SELECT Id, Name, AccountId, StageName, IsClosed, CloseDate, Amount"+number+" FROM Opportunity WHERE "+condition+" ORDER BY CloseDate DESC LIMIT 200", 200)
	if err != nil {
		return nil, err
	}
	out := make([]connector.MatchCandidate, 0, len(rows))
	for _, r := range rows {
		fields := map[string]string{"stage": r.text("StageName"), "close_date": r.text("CloseDate")}
		if closed, ok := r["IsClosed"].(bool); ok {
			fields["closed"] = fmt.Sprint(closed)
		}
		if v := r.text(c.numberField); c.numberField != "" && v != "" {
			fields["contract_number"] = v
		}
		if r["Amount"] != nil {
			fields["amount"] = fmt.Sprint(r["Amount"])
		}
		out = append(out, connector.MatchCandidate{
			Object: "Opportunity", ExternalID: r.text("Id"), Name: r.text("Name"), ParentID: r.text("AccountId"),
			URL: c.recordURL(r.text("Id")), Fields: fields,
		})
	}
	return out, nil
}

// nameCondition asks for the most telling words, each by its beginning so that a slightly different ending still hits.
func nameCondition(name string) string {
	words := tellingWords(name)
	if len(words) == 0 {
		return "Name LIKE " + contains(strings.TrimSpace(name))
	}
	conditions := make([]string, len(words))
	for i, w := range words {
		conditions[i] = "Name LIKE " + contains(w)
	}
	return "(" + strings.Join(conditions, " OR ") + ")"
}

// tellingWords are the longest words that are no legal form, at most three, cut before a varying ending.
func tellingWords(name string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if common(strings.ToLower(w)) || len([]rune(w)) < 2 {
			continue
		}
		if runes := []rune(w); len(runes) >= 7 {
			w = string(runes[:len(runes)-2])
		}
		if !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return len([]rune(b)) - len([]rune(a)) })
	words = words[:min(len(words), 3)]
	for _, w := range slices.Clone(words) {
		for _, other := range []string{plainer.Replace(w), umlauts.Replace(w)} {
			if !slices.Contains(words, other) {
				words = append(words, other)
			}
		}
	}
	return words
}

// Names are written with umlauts in one system and without in the other: both spellings are searched for.
var (
	plainer = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue")
	umlauts = strings.NewReplacer("ae", "ä", "oe", "ö", "ue", "ü", "Ae", "Ä", "Oe", "Ö", "Ue", "Ü")
)

// common words say nothing about who a company is; searching by them would give every account.
func common(w string) bool {
	switch w {
	case "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited", "plc", "gmbh", "ag", "kg", "sa", "sarl", "sas", "bv", "nv",
		"oy", "ab", "as", "spa", "srl", "pty", "pte", "the", "and", "of", "und", "et", "de", "la", "group", "holding", "holdings", "international", "global", "services", "solutions", "technologies", "technology":
		return true
	}
	return false
}

// isID tells whether text is a Salesforce id: 15 or 18 letters and digits, an account's begin with 001.
func isID(s string) bool {
	if len(s) != 15 && len(s) != 18 || !strings.HasPrefix(s, "001") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}
