package grammar

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// findAmendments dates the obligations that an amendment changes: they are in force from the day the amendment takes
// effect. What the amendment does not name it does not change, so nothing else is made of it.
func findAmendments(r *reading) {
	if r.paper != "amendment" {
		return
	}
	r.lastToSign()
	r.changesBegin()
	from := r.startDate()
	for i := range r.found {
		c := &r.found[i]
		if c.Subject != "obligation" || from == "" {
			continue
		}
		c.Obligation.InForce.From = from
		if e := r.get("effective_date"); e != nil {
			c.Obligation.Evidence = append(c.Obligation.Evidence, e.Evidence...)
			c.Evidence = c.Obligation.Evidence
		}
	}
}

// changesBegin reads the day from which all that an amendment changes holds where it says so of its changes, and not of itself: "The foregoing
// applies with effect from 1 October 2025".
func (r *reading) changesBegin() {
	if r.get("effective_date") != nil || r.awaits != "" {
		return
	}
	for _, d := range r.facts.dates {
		n := r.sentenceAt(d.Start)
		if d.Date == "" || len(d.Readings) > 0 || n < 0 || !allChanges.MatchString(r.s[r.sentences[n].Start:d.Start]) {
			continue
		}
		v := pact.OnDate(d.Date)
		r.term("effective_date", &v, "0.80", r.sentences[n])
		return
	}
}

// allChanges stands before the day from which all changes of an amendment hold.
var allChanges = expression.MustCompile(`(?i)\b(?:the (?:foregoing|above)(?: (?:changes|amendments|provisions))?|(?:the|these|those|all) (?:of the )?(?:changes|amendments|modifications|corrections|variations)(?: (?:set out |made |agreed )?(?:above|herein|hereby|in this (?:amendment|letter)))?|this (?:change|correction|variation|modification)) (?:shall |will )?(?:appl(?:y|ies)|takes? effect|(?:is|are|be|becomes?) effective|holds?|comes? into (?:force|effect)|enters? into force)(?: (?:with effect|as|and))*(?: (?:from|on|of|as from))(?: the)? $`)

// lastToSign takes the last of the days beside the signatures where the amendment has no other day: before that not all had agreed.
func (r *reading) lastToSign() {
	c := r.get("agreement_date")
	if c == nil || c.Value == nil || !besideHand(c.Evidence) {
		return
	}
	last := -1
	for i, o := range c.Rivals {
		if o.Value != nil && o.Value.Date > c.Value.Date && besideHand(o.Evidence) && (last < 0 || o.Value.Date > c.Rivals[last].Value.Date) {
			last = i
		}
	}
	if last < 0 {
		return
	}
	o := &c.Rivals[last]
	c.Value, o.Value = o.Value, c.Value
	c.Evidence, o.Evidence = o.Evidence, c.Evidence
}

// besideHand tells whether a day stands in a line of its own beside a signature: "Date: January 10, 2027".
func besideHand(evidence []pact.Evidence) bool {
	return len(evidence) > 0 && evidence[0].Passage != nil && handDay.MatchString(evidence[0].Passage.Quote)
}

var handDay = expression.MustCompile(`(?i)^(?:date(?: signed| of signature)?|signed(?: on)?|dated) ?: ?[^a-z]{0,3}[\w ,./-]{6,24}$`)

// deriveRenewalNotice makes the obligation to give notice out of the terms that were found.
func deriveRenewalNotice(r *reading) {
	auto := r.value("auto_renewal")
	term := r.value("term")
	evergreen := term != nil && term.Kind == pact.EvergreenValue
	if r.renewal.notice == nil && len(r.renewal.ambiguous) == 0 || r.paper == "amendment" && auto == nil {
		return
	}
	if auto == nil && !evergreen {
		return
	}
	p := obligation.RenewalParams{Notice: r.renewal.notice, Earliest: r.renewal.earliest, EndOf: r.renewal.endOf, Evergreen: evergreen, Zone: r.zone}
	if auto != nil {
		p.AutoRenewal = auto.Flag
	}
	if v := r.value("renewal_term"); v != nil {
		p.RenewalTerm = v.Duration
	}
	if term != nil && term.Kind == pact.DurationValue {
		p.Term = term.Duration
	}
	p.StartDate = r.startDate()
	o := pact.Obligation{Kind: "renewal_notice", Key: "renewal_notice", Title: obligation.RenewalTitle(p.Notice), Ambiguities: r.renewal.ambiguous}
	if c := r.get("expiration_date"); c != nil && c.Value != nil && c.Value.Kind == pact.DateValue {
		p.ExpirationDate = c.Value.Date
		o.Ambiguities = append(slices.Clone(o.Ambiguities), c.Ambiguities...)
	}
	r.obligation(o, p, "0.80")
	c := &r.found[len(r.found)-1]
	c.Confidence = r.leastOf(c.Confidence, p)
	c.Obligation.Confidence = c.Confidence
	c.Evidence = append(c.Evidence, r.renewal.evidence...)
	for _, name := range []string{"auto_renewal", "renewal_term", "expiration_date"} {
		if t := r.get(name); t != nil {
			c.Evidence = append(c.Evidence, t.Evidence...)
		}
	}
	c.Obligation.Evidence = c.Evidence
}

// leastOf is a confidence that is no more than that of any term the days of a renewal are computed from.
func (r *reading) leastOf(confidence decimal.Decimal, p obligation.RenewalParams) decimal.Decimal {
	from := []string{"notice_period", "auto_renewal", "renewal_term"}
	switch {
	case p.Evergreen:
		from = append(from, "term")
	case p.ExpirationDate != "":
		from = append(from, "expiration_date")
	default:
		from = append(from, "term", "effective_date")
		if r.get("effective_date") == nil {
			from = append(from, "agreement_date")
		}
	}
	for _, name := range from {
		if c := r.get(name); c != nil {
			confidence = decimal.Min(confidence, c.Confidence)
		}
	}
	return confidence
}

// dayOfChange takes a day on which a single change begins back where it was read as that of the whole amendment: "the fee is increased to USD
// 12,000 with effect from January 1, 2027". The amendment's own day is what it says of itself, otherwise none.
func (r *reading) dayOfChange() {
	c := r.get("effective_date")
	if c == nil || c.Value == nil || c.Value.Date == "" || len(c.Evidence) == 0 {
		return
	}
	ofChange := slices.ContainsFunc(r.operations, func(o pact.Candidate) bool {
		return o.Value != nil && o.Value.Operation != nil && o.Value.Operation.From == c.Value.Date && overlap(o.Evidence, c.Evidence[:1])
	})
	if !ofChange {
		return
	}
	for _, d := range r.facts.dates {
		n := r.sentenceAt(d.Start)
		if d.Date == "" || len(d.Readings) > 0 || n < 0 {
			continue
		}
		sp := r.sentences[n]
		if sp.End-sp.Start < 1500 && amendmentStarts.MatchString(r.lower[sp.Start:d.Start]) {
			if d.Date == c.Value.Date { // the change begins on the amendment's own day
				return
			}
			own := pact.OnDate(d.Date)
			c.Value, c.Rivals, c.Derivation = &own, nil, nil
			c.Evidence, c.Confidence = r.evidence(r.clauseSpan(d.Start, d.End)), sure("0.80")
			return
		}
	}
	r.found = slices.DeleteFunc(r.found, func(x pact.Candidate) bool { return x.Subject == "term" && x.Name == "effective_date" })
}

// amendmentStarts is before the day that an amendment names as its own: "This Second Amendment is made on … and takes effect as of".
var amendmentStarts = expression.MustCompile(`\bthis\b[^.;:]{0,40}\b(?:amendment|addendum|variation|deed|agreement|supplement|letter)\b.{0,400}\b(?:takes? effect|(?:is|are|be|made|becomes?) effective|effective|(?:enters?|comes?) into (?:force|effect))(?: (?:as of|on|from|as from|at|of|with effect from))*(?: the)? $`)

// overlap tells whether two pieces of evidence share words.
func overlap(a, b []pact.Evidence) bool {
	return slices.ContainsFunc(a, func(e pact.Evidence) bool {
		return e.Passage != nil && slices.ContainsFunc(b, func(f pact.Evidence) bool {
			return f.Passage != nil && e.Passage.Start < f.Passage.End && f.Passage.Start < e.Passage.End
		})
	})
}
