package grammar

import "slices"

// question is a field of one contract with all that the text offers for it.
type question struct {
	name    string
	choices []choice
	doc     []feature
	claims  uint // what the contract says of the day it takes effect
}

// answer gives the values of a question, the one to be given first, and whether enough speaks for it. Learning asks here too, so
// that a confidence is learned from what would have been given.
func (w *weights) answer(q question) (picks []pick, given bool) {
	picks = q.ownFirst(w.decide(q.choices, q.doc), w.bar)
	switch q.name {
	case "agreement_date":
		preambleFirst(picks)
		q.lastHandFirst(picks)
	case "effective_date":
		q.startFirst(picks)
	}
	return picks, len(picks) > 0 && !picks[0].choice.ofOther && picks[0].belief >= q.barFor(w.bar, picks[0].stated)
}

// ownFirst leaves out the readings that are the end of something else. The likeliest of them stays in front where nothing else has the
// belief that a value needs: the contract says nothing better of its own end.
func (q question) ownFirst(picks []pick, bar float64) []pick {
	if len(picks) == 0 {
		return picks
	}
	lead := picks[0]
	own := slices.DeleteFunc(slices.Clone(picks), func(p pick) bool { return p.choice.ofOther })
	if lead.choice.ofOther && (len(own) == 0 || own[0].belief < q.barFor(bar, own[0].stated)) {
		return append([]pick{lead}, own...)
	}
	return own
}

// preambleFirst puts the day on which the preamble says that the contract is made before that of the signatures, which speaks for
// itself as often as there are hands.
func preambleFirst(picks []pick) {
	const doubted = 0.3
	if len(picks) > 1 && !picks[0].choice.made && picks[1].choice.made && picks[1].belief >= doubted && picks[1].best > 3*picks[0].best {
		picks[0], picks[1] = picks[1], picks[0]
	}
}

// lastHandFirst puts the latest day of the signatures before the others, where the contract is made with the last of them.
func (q question) lastHandFirst(picks []pick) {
	const told = 0.1
	if len(picks) == 0 || picks[0].choice.made || q.claims>>madeWhenSigned&1 == 0 {
		return
	}
	for i := range picks {
		if picks[i].choice.lastHand && picks[i].belief >= told {
			lead := picks[i]
			if i > 0 {
				lead.belief += picks[0].belief
			}
			copy(picks[1:i+1], picks[:i])
			picks[0] = lead
			return
		}
	}
}

// startFirst puts the day on which the contract says that it begins before one that is only near such words: the one day that it
// states outright, or, where it takes effect when the last of its parties has signed, the latest day of the signatures.
func (q question) startFirst(picks []pick) {
	const told = 0.05
	if len(picks) == 0 || picks[0].stated {
		return
	}
	byHand := q.claims>>startsAtLastHand&1 == 1
	first := -1
	for i := range picks {
		switch {
		case picks[i].stated && picks[i].belief >= told && (first < 0 || !picks[first].stated):
			first = i
		case picks[i].stated && picks[i].belief >= told:
			return // two days are stated
		case first < 0 && byHand && picks[i].choice.lastHand:
			first = i
		}
	}
	if first > 0 {
		lead := picks[first]
		lead.belief += picks[0].belief
		copy(picks[1:first+1], picks[:first])
		picks[0] = lead
	}
}

// barFor is the belief that a value needs. Less is needed for the day a contract takes effect where it says that it does so on its
// own date or with the last signature, or states a day: the doubt is then which date is meant, not whether there is one.
func (q question) barFor(usual float64, stated bool) float64 {
	switch {
	case q.name != "effective_date":
		return usual
	case stated:
		return barStated
	case q.claims&(1<<startsWithItsDate|1<<startsWhenSigned) != 0:
		return barOwnDate
	case q.claims>>termWithItsDate&1 == 1:
		return barTerm
	case q.claims>>startsAtOwnDate&1 == 1:
		return barNear
	}
	return usual
}

// The beliefs that the day on which a contract takes effect needs; barOf has the one for a contract that says nothing of it.
const (
	barStated  = 0.30 // the contract states a day in so many words
	barOwnDate = 0.10 // it says that it takes effect on its own date, or with the last signature
	barTerm    = 0.20 // its term runs from its own date
	barNear    = 0.30 // words of beginning stand near its own date
)
