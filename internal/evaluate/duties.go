package evaluate

import (
	"cmp"
	"encoding/json"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// DutyLabel is what people decided on one obligation: that the contract has it (kept, corrected, added by hand), or that it does not.
type DutyLabel struct {
	Kind   string          `json:"kind"`           // that judges it
	Duty   string          `json:"duty,omitempty"` // what it is about, where its kind is a general one
	Title  string          `json:"title,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	// Start and End are the place it stands at, in code points of the text; both 0 where it has none.
	Start int `json:"start,omitempty"`
	End   int `json:"end,omitempty"`
	// Absent: it was read there, and a person said that the contract does not have it.
	Absent bool `json:"absent,omitempty"`
	// Unjudged: the policy accepted it, and nobody decided. It is not measured; a reading of it is not held against what was rejected
	// beside it.
	Unjudged bool `json:"unjudged,omitempty"`
}

// rank orders labels for the choice of their readings: what the contract has goes first, what it does not have last.
func (l DutyLabel) rank() int {
	switch {
	case l.Absent:
		return 2
	case l.Unjudged:
		return 1
	}
	return 0
}

func (l DutyLabel) field() string { return cmp.Or(l.Duty, l.Kind) }

func (l DutyLabel) check() error {
	if l.Kind == "" || l.Start < 0 || l.End < l.Start {
		return fault.New(fault.Invalid, "the label of an obligation needs its kind, and a start that is not behind its end")
	}
	return nil
}

// dutyLabel is the label that a candidate of a finished review gives.
func dutyLabel(c pact.Candidate, misread bool) (l DutyLabel, ok bool) {
	o := c.Obligation
	if c.State == pact.CandidateCorrected { // of one that was accepted, an answer decides what the text leaves open: no engine reads that
		o = c.DecidedObligation
	}
	if o == nil {
		return l, false
	}
	l = DutyLabel{Kind: o.Kind, Duty: o.Duty, Title: o.Title, Params: o.Params, Absent: c.State == pact.CandidateRejected && c.DecidedObligation == nil && !misread, Unjudged: c.DecidedBy == "policy" || c.DecidedBy == "" || misread}
	l.Start, l.End = dutyPlace(c)
	return l, true
}

// dutyPlace is where a candidate stands.
func dutyPlace(c pact.Candidate) (start, end int) {
	for _, e := range c.Evidence {
		if p := e.Passage; p != nil && p.End > p.Start {
			return p.Start, p.End
		}
	}
	return 0, 0
}

// How a reading and a label belong together, the closest first.
const (
	sameThere = iota // the same duty at the same place
	sameElsewhere
	otherFigures // of the same kind at the place
	otherKind
	closenesses
)

func (l DutyLabel) closeness(c pact.Candidate) int {
	start, end := dutyPlace(c)
	there := l.End > l.Start && start < l.End && l.Start < end
	same := extract.SameDuty(*c.Obligation, pact.Obligation{Kind: l.Kind, Params: l.Params})
	switch {
	case same && there:
		return sameThere
	case same && !l.Absent:
		return sameElsewhere
	case there && c.Obligation.Kind == l.Kind:
		return otherFigures
	case there && !l.Absent:
		return otherKind
	}
	return closenesses
}

// judge gives for each label what became of it: right, wrong (at its place something else is said), missing, or false (given though the
// contract does not have it). Each reading stands for one label; what no label speaks of is not judged, for nobody decided on it.
func judgeDuties(labels []DutyLabel, found []pact.Candidate) []Tally {
	out := make([]Tally, len(labels))
	settled := make([]bool, len(labels))
	var free []pact.Candidate
	for _, c := range found {
		if c.Subject == "obligation" && c.Obligation != nil {
			free = append(free, c)
		}
	}
	for rank := range 3 {
		for close := range closenesses {
			for i, l := range labels {
				if settled[i] || l.rank() != rank {
					continue
				}
				for k, c := range free {
					if l.closeness(c) != close {
						continue
					}
					settled[i], free = true, append(free[:k:k], free[k+1:]...)
					switch {
					case l.Unjudged:
					case l.Absent:
						out[i].False++
					case close <= sameElsewhere:
						out[i].Right++
					default:
						out[i].Wrong++
					}
					break
				}
			}
		}
	}
	for i, l := range labels {
		if l.Unjudged {
			continue
		}
		out[i].Samples++
		switch {
		case settled[i]:
		case l.Absent:
			out[i].Right++
		default:
			out[i].Missing++
		}
	}
	return out
}

// addDuties counts obligations, each under what it is about.
func (t tallies) addDuties(s Sample, found []pact.Candidate) error {
	for i, got := range judgeDuties(s.Duties, found) {
		if got.Samples == 0 {
			continue
		}
		at, err := t.at(s, "obligation", s.Duties[i].field(), s.Duties[i])
		if err != nil {
			return err
		}
		for _, tally := range at {
			tally.Samples += got.Samples
			tally.Right += got.Right
			tally.Wrong += got.Wrong
			tally.Missing += got.Missing
			tally.False += got.False
		}
	}
	return nil
}
