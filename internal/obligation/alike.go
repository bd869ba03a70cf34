package obligation

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/pact"
)

// Why one obligation looks like another.
const (
	AlikePassage = "passage" // they were read from the same words
	AlikeParams  = "params"  // the same kind with the same parameters
	AlikeTitle   = "title"   // the same title, of what is judged alike
)

// Alike tells why an obligation that is read looks like one that is tracked under another key; "" where it does not. It is a question for a
// person and no answer: two reports that are due on one day look alike, and are two.
func Alike(read, tracked pact.Obligation) string {
	kin := read.Kind == tracked.Kind || act(read) && act(tracked)
	a, b := unnamed(read), unnamed(tracked)
	switch {
	case !kin || apart(a, b):
		return ""
	case samePassage(read.Evidence, tracked.Evidence):
		return AlikePassage
	case read.Kind == tracked.Kind && len(a) > 0 && reflect.DeepEqual(a, b) && (!act(read) || commonWord(read, tracked)):
		return AlikeParams
	case strings.EqualFold(strings.TrimSpace(read.Title), strings.TrimSpace(tracked.Title)):
		return AlikeTitle
	}
	return ""
}

// act tells whether an obligation is somebody's act, which may be judged by one kind or another: what was read as a duty, and what people
// are asked about.
func act(o pact.Obligation) bool {
	_, err := KindOf(o.Kind)
	return err != nil || o.Duty != "" || slices.Contains(SelfReported(), o.Kind)
}

// unnamed are the parameters without what only names the obligation.
func unnamed(o pact.Obligation) map[string]any {
	var p map[string]any
	if json.Unmarshal(o.Params, &p) != nil {
		return nil
	}
	delete(p, "item")
	rows, _ := p["milestones"].([]any)
	for _, row := range rows {
		if m, ok := row.(map[string]any); ok {
			delete(m, "name")
			delete(m, "key")
		}
	}
	return p
}

// apart tells whether two obligations name different services or priorities.
func apart(a, b map[string]any) bool {
	return slices.ContainsFunc([]string{"service", "priority"}, func(member string) bool {
		x, _ := a[member].(string)
		y, _ := b[member].(string)
		return x != "" && y != "" && priority(x) != priority(y)
	})
}

// samePassage tells whether two obligations stand on the same words: the greater part of one of them in the other. Of two readings, or
// two documents, the words decide.
func samePassage(a, b []pact.Evidence) bool {
	return slices.ContainsFunc(a, func(x pact.Evidence) bool {
		return x.Passage != nil && slices.ContainsFunc(b, func(y pact.Evidence) bool { return y.Passage != nil && overlaps(*x.Passage, *y.Passage) })
	})
}

// shortQuote is how many letters a quote has that may stand in many clauses.
const shortQuote = 30

func overlaps(a, b pact.Passage) bool {
	if a.TextID != "" && a.TextID == b.TextID {
		common := min(a.End, b.End) - max(a.Start, b.Start)
		return common > 0 && 2*common >= min(a.End-a.Start, b.End-b.Start)
	}
	x, y := strings.ToLower(strings.Join(strings.Fields(a.Quote), " ")), strings.ToLower(strings.Join(strings.Fields(b.Quote), " "))
	if len(x) < shortQuote || len(y) < shortQuote {
		return false
	}
	return strings.Contains(x, y) || strings.Contains(y, x)
}

// commonWord tells whether what is done is called by at least one word that both have.
func commonWord(a, b pact.Obligation) bool {
	said := func(o pact.Obligation) []string {
		list := strings.FieldsFunc(strings.ToLower(o.Title+" "+o.Deliverable), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		return slices.DeleteFunc(list, func(w string) bool { return len(w) < 4 || slices.Contains(every, w) })
	}
	other := said(b)
	return slices.ContainsFunc(said(a), func(w string) bool {
		return slices.ContainsFunc(other, func(x string) bool { return strings.TrimSuffix(w, "s") == strings.TrimSuffix(x, "s") })
	})
}

// every are words that any duty may have.
var every = []string{
	"shall", "will", "must", "each", "every", "with", "from", "within", "after", "before", "that", "this", "their", "supplier", "customer", "provider", "party", "parties",
	"provide", "deliver", "submit", "send", "give", "make", "month", "monthly", "quarter", "quarterly", "year", "yearly", "annual", "week", "weekly", "days",
}
