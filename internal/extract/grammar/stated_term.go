package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// How long a contract runs, renews and is given notice of, where a line or a sentence says it outright and the ranking, which knows long
// American contracts, gives nothing.

var (
	termLabel = expression.MustCompile(`(?i)^(?:the )?(?:(?:initial|minimum|subscription|contract|hire|rental|lease|service|agreement|fixed|support|licen[cs]e|commitment) )*(?:term|period|duration)(?: of (?:the |this )?(?:agreement|contract|hire|lease|subscription|services?))?:?$`)
	termAsked = expression.MustCompile(`(?i)^[\d.() \x{a7}]*(?:how long|term|duration|length|period|contract (?:term|period|time))(?: of (?:the |this )?(?:agreement|contract|hire|lease|engagement))?[.:?]?$`)
	termRuns  = expression.MustCompile(`(?i)\b(?:this|the|our) (?:[\w-]+ ){0,3}?(?:agreement|contract|hire|lease|engagement|appointment|arrangement|subscription|order|licen[cs]e)\b[^.;]{0,170}?\b(?:runs|lasts|is (?:concluded|made|fixed)|(?:shall|will) (?:run|last))(?: from [^.;]{3,60}?)? for (?:a |an )?(?:(?:fixed|initial|minimum|first) )?(?:(?:term|period) of )?$`)
	termMore  = expression.MustCompile(`(?i)\b(?:renew\w*|exten\w+|further|additional|successive|another|thereafter|after that|again|warrant\w*|confidential\w*|notice)\b`)
	noticeHas = expression.MustCompile(`(?i)\bnotice(?: period)? of (?:at least |not less than )?$`)
	ofPolicy  = expression.MustCompile(`(?i)\b(?:polic(?:y|ies)|certificates?|insur\w+|registrations?|permits?)\b`)
	ofTheDeal = expression.MustCompile(`(?i)\b(?:agreement|contract|terms?|lease|subscription|order|sow|hire)\b`)
	soLong    = expression.AnyOf("runs", "lasts", "run for", "last for", "concluded", "is made for", "fixed for")
)

// saidTerm takes the length that a form, a line or a short sentence gives as that of the contract.
func (r *reading) saidTerm() {
	d, at, ok := r.labelledTerm()
	if !ok && r.get("term") == nil {
		d, at, ok = r.spokenTerm()
	}
	if !ok || r.insurance() || len(d.Readings) > 0 || !termUnit(d.Duration.Unit) {
		return
	}
	v := pact.Value{Kind: pact.DurationValue, Duration: &d.Duration}
	c := r.get("term")
	switch {
	case c == nil:
		r.term("term", &v, "0.76", at)
	case c.Value != nil && !c.Value.Equal(v):
		old := *c.Value
		c.Value, c.Evidence, c.Confidence, c.Derivation = &v, r.evidence(at), sure("0.76"), nil
		rival(c, old, "0.20", c.Evidence)
	}
}

// labelledTerm reads "Subscription term | 36 months" in a form and "Minimum hire period: sixty (60) months" on a line. Two that differ
// give none.
func (r *reading) labelledTerm() (wording.Duration, wording.Span, bool) {
	var found wording.Duration
	var at wording.Span
	n := 0
	take := func(label, value string, sp wording.Span) {
		if len(label) > 60 || len(value) > 60 || !termLabel.MatchString(strings.TrimSpace(label)) {
			return
		}
		list := wording.Durations(value)
		if len(list) != 1 || strings.Trim(value[:list[0].Start]+value[list[0].End:], " .:\t") != "" {
			return
		}
		if n == 0 || list[0].Duration != found.Duration {
			n++
		}
		found, at = list[0], sp
	}
	for i := range r.grids {
		for _, row := range r.grids[i].rows {
			if len(row) == 2 {
				take(row[0].text, row[1].text, rowSpan(row))
			}
		}
	}
	for k, sp := range r.sentences {
		if sp.End-sp.Start > 120 || !r.shows(k, signUnit|signSpan) || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if c := strings.IndexAny(s, ":\t"); c > 0 {
			take(s[:c], strings.TrimLeft(s[c+1:], " \t"), sp)
		}
	}
	return found, at, n == 1
}

// spokenTerm reads "This Agreement … runs for five (5) years", and a length that is all a sentence says under a heading that asks for it:
// "How long. Two years."
func (r *reading) spokenTerm() (wording.Duration, wording.Span, bool) {
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 600 || !r.shows(n, signUnit|signSpan) {
			continue
		}
		asked := sp.End-sp.Start < 40 && n > 0 && termAsked.MatchString(strings.TrimSpace(r.cut(r.sentences[n-1])))
		if !asked && !soLong.MatchString(r.lower[sp.Start:sp.End]) {
			continue
		}
		s := r.cut(sp)
		for _, d := range wording.Durations(s) {
			alone := asked && strings.Trim(s[:d.Start]+s[d.End:], " .") == ""
			if alone || termRuns.MatchString(s[:d.Start]) && !termMore.MatchString(s[:d.Start]) && !termTail.MatchString(s[d.End:]) {
				return d, r.clauseSpan(sp.Start+d.Start, sp.Start+d.End), true
			}
		}
	}
	return wording.Duration{}, wording.Span{}, false
}

// dropRenewedTerm takes back a term that is how long a renewal lasts: "shall be extended for additional periods of one year each".
func (r *reading) dropRenewedTerm() {
	c := r.get("term")
	if c == nil || c.Value == nil || c.Value.Duration == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	s := wording.Normal(c.Evidence[0].Passage.Quote).S
	if auto, _ := wording.AutoRenewal(s); !auto {
		return
	}
	d, other := renewalPeriod(s), false
	for _, x := range wording.Durations(s) { // "for three years, renewing for three years each"
		other = other || d != nil && x.Start != d.Start && x.Duration == *c.Value.Duration && !noticeNear.MatchString(s[x.End:min(len(s), x.End+40)])
	}
	if d != nil && !other && d.Duration == *c.Value.Duration && renewWord.MatchString(s[:d.Start]) {
		r.drop("term")
	}
}

// dropOfPolicy takes back a renewal or a notice that is one of a policy, a certificate or another thing than the contract.
func (r *reading) dropOfPolicy(name string) {
	c := r.get(name)
	if c == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	if s := c.Evidence[0].Passage.Quote; ofPolicy.MatchString(s) && !ofTheDeal.MatchString(s) || wording.RenewsThing(s) {
		r.drop(name)
	}
}

func (r *reading) drop(name string) {
	kept := r.found[:0]
	for _, c := range r.found {
		if c.Subject != "term" || c.Name != name {
			kept = append(kept, c)
		}
	}
	r.found = kept
}

// saidRenewal takes how long a renewal lasts from the sentence that renews the contract by itself.
func (r *reading) saidRenewal(f *renewalFind) {
	if f == nil || !f.auto || f.period == nil || len(f.period.Readings) > 0 || r.get("renewal_term") != nil || len(r.s) >= shortPaper || r.insurance() {
		return
	}
	if u := f.period.Duration.Unit; u != calendar.UnitMonth && u != calendar.Year && u != calendar.Quarter {
		return
	}
	v := pact.Value{Kind: pact.DurationValue, Duration: &f.period.Duration}
	r.term("renewal_term", &v, "0.74", r.clauseSpan(f.period.Start, f.period.End))
}

// saidNotice takes the only notice that the sentence names in which the contract renews by itself.
func (r *reading) saidNotice(f *renewalFind) {
	if f == nil || !f.auto || r.get("notice_period") != nil || len(r.s) >= shortPaper || r.insurance() {
		return
	}
	var found *wording.Duration
	for _, d := range wording.Durations(f.text) {
		if len(d.Readings) > 0 || !noticeHas.MatchString(f.text[:d.Start]) && !noticeNear.MatchString(f.text[d.End:min(len(f.text), d.End+60)]) {
			continue
		}
		if found != nil {
			return
		}
		v := d
		found = &v
	}
	if found == nil {
		return
	}
	from := r.sentences[f.n].Start
	v := pact.Value{Kind: pact.DurationValue, Duration: &found.Duration}
	c := r.term("notice_period", &v, "0.74", r.clauseSpan(from+found.Start, from+found.End))
	r.renewal.notice, r.renewal.evidence = v.Duration, c.Evidence
}
