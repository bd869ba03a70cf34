package obligation

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// tracer adds lines to a trace.
type tracer struct {
	clause   string
	zone     *time.Location
	steps    *[]pact.TraceStep
	passages []pact.Passage
	decided  []pact.Statement // answers to questions about the parameters
}

func newTracer(o pact.Obligation, zone *time.Location, a *pact.Assessment) tracer {
	tr := tracer{clause: clause(o), zone: zone, steps: &a.Trace}
	if o.ID != "" && o.ID != a.GovernedBy && !slices.Contains(a.AlsoBy, o.ID) {
		a.AlsoBy = append(a.AlsoBy, o.ID)
	}
	for _, e := range o.Evidence {
		if e.Statement != nil && len(e.Statement.Decides) > 0 {
			tr.decided = append(tr.decided, *e.Statement)
		}
		if e.Passage != nil && e.Passage.Clause != "" {
			tr.passages = append(tr.passages, *e.Passage)
		}
	}
	return tr
}

// by names, for the steps that follow, the clause that states a number and has one of the words by it: the promise, its
// credits, their cap and the time to claim them often stand in different ones. Where none states the number, the steps carry no
// clause, unless all evidence stands in one.
func (t tracer) by(number string, words ...string) tracer {
	if len(t.passages) < 2 || !slices.ContainsFunc(t.passages, func(p pact.Passage) bool { return p.Clause != t.passages[0].Clause }) {
		return t
	}
	stated := regexp.MustCompile(`(^|[^\d.,])` + regexp.QuoteMeta(number) + `(\.0+)?([^\d.,]|[.,]?$|[.,]\D)`)
	best := 0
	t.clause = ""
	for _, p := range t.passages {
		if !stated.MatchString(p.Quote) {
			continue
		}
		score := 1
		lower := strings.ToLower(p.Quote)
		for _, w := range words {
			if strings.Contains(lower, w) {
				score++
			}
		}
		if score > best {
			best, t.clause = score, p.Clause
		}
	}
	return t
}

// stating is by, where a clause states the number; where none does, the steps keep their clause.
func (t tracer) stating(number string, words ...string) tracer {
	if found := t.by(number, words...); found.clause != "" {
		return found
	}
	return t
}

// decision names, for the steps that follow, the answer that decided one of some parameters, beside the clause that left them open.
func (t tracer) decision(members ...string) tracer {
	for _, d := range slices.Backward(t.decided) {
		if !slices.ContainsFunc(members, func(m string) bool { return slices.Contains(d.Decides, m) }) {
			continue
		}
		t.clause = strings.TrimPrefix(t.clause+", as decided on "+string(calendar.DateIn(d.At, time.UTC)), ", ")
		break
	}
	return t
}

// excluding names the clause that says that something does not count: the one that speaks of leaving out and of what is left out.
// As with by, the steps carry no clause where no passage does, unless all evidence stands in one.
func (t tracer) excluding(what string) tracer {
	if len(t.passages) < 2 || !slices.ContainsFunc(t.passages, func(p pact.Passage) bool { return p.Clause != t.passages[0].Clause }) {
		return t
	}
	words := map[string][]string{"maintenance": {"maintenance"}, "customer": {"customer", "client", "subscriber", "licensee", "user"}, "force_majeure": {"force majeure", "acts of god", "beyond"}}[what]
	if words == nil {
		words = []string{strings.ToLower(strings.ReplaceAll(what, "_", " "))}
	}
	holds := func(s string, any []string) bool {
		return slices.ContainsFunc(any, func(w string) bool { return strings.Contains(s, w) })
	}
	t.clause = ""
	for _, p := range t.passages {
		s := strings.ToLower(p.Quote)
		if holds(s, words) && holds(s, []string{"exclu", "not count", "not be counted", "counts as available", "not include", "no credit is due", "disregard", "left out"}) {
			t.clause = p.Clause
			break
		}
	}
	return t
}

func (t tracer) add(rule, inputs, result string, ids ...pact.EventID) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id pact.EventID) bool { return id == "" })
	if len(ids) == 0 {
		ids = nil
	}
	*t.steps = append(*t.steps, pact.TraceStep{Rule: rule, Inputs: inputs, Result: result, Clause: t.clause, EventIDs: ids})
}
