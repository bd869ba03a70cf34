package effective

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// documentOrder is an explicit order of precedence, as a reviewed clause of a document states it.
type documentOrder struct {
	owner pact.ContractID // the document that states it
	names []string        // of documents, the one that governs first
	says  string          // which document and clause, with its words, for the trace
	at    []pact.Evidence // the clause
}

// agreedLast is a day after all that was agreed.
const agreedLast = calendar.Date("9999-12-31")

// orderOf is the order that the documents of a contract state on a day; ok is false where they state none.
func orderOf(line Timeline, con pact.Contract, on calendar.Date) (o documentOrder, ok bool) {
	r := line.own(pact.PrecedenceTerm, on)
	if r.Winner == nil {
		return o, false
	}
	o.at = r.Winner.Term.Evidence
	o.owner, o.says = con.ID, title(*r.Winner)
	if c := clause(*r.Winner); c != "" {
		o.says += ", " + c
	}
	if quote := quoteOf(r.Winner.Term.Evidence); quote != "" {
		o.says += fmt.Sprintf(": “%s”", quote)
	}
	for _, name := range strings.Split(r.Winner.Term.Value.Text, ">") {
		if name = strings.ToLower(strings.Join(strings.Fields(name), " ")); name != "" {
			o.names = append(o.names, name)
		}
	}
	return o, len(o.names) > 1
}

// longestQuote is how many characters of a clause a trace repeats.
const longestQuote = 240

func quoteOf(evidence []pact.Evidence) string {
	for _, e := range evidence {
		if e.Passage == nil || e.Passage.Quote == "" {
			continue
		}
		quote := []rune(strings.Join(strings.Fields(e.Passage.Quote), " "))
		if len(quote) > longestQuote {
			return string(quote[:longestQuote-1]) + "…"
		}
		return string(quote)
	}
	return ""
}

// above tells whether the order puts one contract above another; known is false where it does not name both, or names them alike.
func (o documentOrder) above(a, b pact.Contract) (above, known bool) {
	i, j := o.place(a), o.place(b)
	return i < j, i >= 0 && j >= 0 && i != j
}

// place is where the order names a contract: as the document itself, by its title, or by what it is. -1 is nowhere.
func (o documentOrder) place(con pact.Contract) int {
	called := strings.ToLower(con.Title)
	for i, name := range o.names {
		if self := strings.HasPrefix(name, "this ") || strings.HasPrefix(name, "these "); self {
			if con.ID == o.owner {
				return i
			}
			continue
		}
		name = strings.TrimPrefix(name, "the ")
		if slices.Contains(kindsOf(con, con.ID == o.owner), sortOf(name)) || called != "" && strings.Contains(called, name) && len(name) > 3 && con.ID != o.owner {
			return i
		}
	}
	if i := slices.Index(o.names, "other documents"); i >= 0 && con.ID != o.owner {
		return i
	}
	return -1
}

// sorts are what documents are called, by the sort that a contract of the register has; the first that a name has decides.
var sorts = []struct{ sort, words string }{
	{"order_form", "order form,purchase order,order,quotation,quote"},
	{"sow", "statement of work,statements of work,sow,work order"},
	{"amendment", "amendment"},
	{"level", "service level,sla"},
	{"privacy", "data processing,dpa"},
	{"exhibit", "schedule,exhibit,appendi,annex,attachment,addend"},
	{"agreement", "agreement,terms,conditions,contract,msa"},
}

// sortOf is the sort of document that a name means; "" is none that is told apart.
func sortOf(name string) string {
	name = strings.ToLower(name)
	if strings.Contains(name, "work order") {
		return "sow"
	}
	for _, s := range sorts {
		for _, word := range strings.Split(s.words, ",") {
			if i := strings.Index(name, word); i >= 0 && (i == 0 || name[i-1] == ' ') {
				return s.sort
			}
		}
	}
	return ""
}

// kindsOf are the sorts of document that a contract is: by what it is to the one above it, and by its title; the one at the head of a family
// is the agreement.
func kindsOf(con pact.Contract, owner bool) []string {
	var out []string
	switch {
	case con.ParentID == "":
		out = append(out, "agreement")
	case con.Relation != "child":
		out = append(out, con.Relation)
	}
	if sort := sortOf(con.Title); sort != "" && sort != "agreement" && !(owner && con.ParentID == "") {
		out = append(out, sort)
	}
	return out
}

// between finds the order of precedence of two contracts: as the one above states it, otherwise as the one below does. known is false where
// neither names both (says is one of them), and where they disagree; then the rules of the register decide.
func between(lines map[pact.ContractID]Timeline, upper, lower pact.Contract) (upperFirst bool, says string, known bool) {
	var orders []documentOrder
	for _, con := range []pact.Contract{upper, lower} {
		if o, ok := orderOf(lines[con.ID], con, agreedLast); ok {
			orders = append(orders, o)
		}
	}
	first, by, known := compare(orders, upper, lower)
	return first, by.says, known
}

// compare finds which of two contracts governs by orders of precedence: the first that names both, unless another says the contrary. known
// is false where none does (by is the first that was asked), and where they disagree (by is none).
func compare(orders []documentOrder, a, b pact.Contract) (aFirst bool, by documentOrder, known bool) {
	for i, o := range orders {
		first, named := o.above(a, b)
		switch {
		case !named && !known && i == 0:
			by = o
		case !named:
		case known && first != aFirst:
			return false, documentOrder{}, false
		case !known:
			aFirst, by, known = first, o, true
		}
	}
	return aFirst, by, known
}
