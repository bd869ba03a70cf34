package obligation

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
)

// What a judgement rests on is named twice: each step of its trace names the events whose figures it takes and the clause whose number it
// takes, and the assessment lists every event that any step names. So that who is handed a computation can check each line of it, without
// guessing what may have been read. That no event that changes an amount is left out is tested over every scenario of package backtest.

// setAside ends the result of a step that says which events were not read.
const setAside = "left out"

// gathered is an assessment that lists every event that a step of its trace rests on.
func gathered(a pact.Assessment) pact.Assessment {
	a.EventIDs = eachOnce(a.EventIDs, restsOn(pact.Assessment{Trace: a.Trace}))
	return a
}

// restsOn are the events that a judgement rests on: those it lists and those its steps name, but for those that were set aside.
func restsOn(a pact.Assessment) []pact.EventID {
	out := a.EventIDs
	for _, s := range a.Trace {
		if !strings.HasSuffix(s.Result, setAside) {
			out = eachOnce(out, s.EventIDs)
		}
	}
	return out
}

// eachOnce are the events of several lists in their order, each once. Few are compared with one another faster than looked up.
func eachOnce(lists ...[]pact.EventID) []pact.EventID {
	many := 0
	for _, l := range lists {
		many += len(l)
	}
	var seen map[pact.EventID]bool
	if many > few {
		seen = make(map[pact.EventID]bool, many)
	}
	var out []pact.EventID
	for _, list := range lists {
		for _, id := range list {
			switch {
			case id == "" || seen[id] || seen == nil && slices.Contains(out, id):
				continue
			case seen != nil:
				seen[id] = true
			}
			out = append(out, id)
		}
	}
	return out
}

// alsoBy are the obligations whose clauses one judgement names, with those of another that is a part of it.
func alsoBy(a, part pact.Assessment) []pact.ObligationID {
	out := slices.Clone(a.AlsoBy)
	for _, id := range append([]pact.ObligationID{part.GovernedBy}, part.AlsoBy...) {
		if id != "" && id != a.GovernedBy && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// idsOfBought are the events of purchases, each once: one invoice may have several lines.
func idsOfBought(list []bought) []pact.EventID {
	var out []pact.EventID
	for _, b := range list {
		out = append(out, idOf(b.event))
		out = append(out, b.also...)
	}
	return eachOnce(out)
}

func idsOfEvents(list ...pact.Event) []pact.EventID {
	out := make([]pact.EventID, len(list))
	for i := range list {
		out[i] = idOf(list[i])
	}
	return out
}
