package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/matching"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// CertificateParams are the parameters of certificate.
type CertificateParams struct {
	Required []RequiredCover `json:"required"` // the certificates that must be held, at most one of each kind
	// From and Until bound the days on which cover is needed; absent: those of the clause. Days from From on before the first certificate that
	// is known are not shown: the state is at risk until they are, or From is set to a later day. Absent, and where that certificate begins a year
	// or more after the first day of the clause, there were others before it, since policies run for a year: the days are told, and not asked for.
	From calendar.Date `json:"from,omitempty"`
	// Until: first day on which cover is not needed any more; absent: that on which the clause has ended.
	Until calendar.Date `json:"until,omitempty"`
	Zone  string        `json:"zone,omitempty"` // IANA name of the zone in which days begin; absent: UTC
	// Others are names on certificates of which somebody decided that they are not the company that must be named.
	Others []string `json:"others,omitempty"`
	// Alerts are days before the last day of cover. Default [60, 30, 14, 0].
	Alerts []int `json:"alerts,omitempty"`
}

// RequiredCover is what one certificate must say.
type RequiredCover struct {
	Kind          string        `json:"kind"`                     // general_liability, workers_compensation, cyber, iso_27001 …
	PerOccurrence *money.Amount `json:"per_occurrence,omitempty"` // least limit for one occurrence, in that currency; absent: not compared
	// Aggregate: least limit for all occurrences together, in that currency; absent: not compared.
	Aggregate *money.Amount `json:"aggregate,omitempty"`
	// UmbrellaTopsUp lets certificates of the kind umbrella add to the limits.
	UmbrellaTopsUp bool `json:"umbrella_tops_up,omitempty"`
	// AdditionalInsured are companies that the certificate must name. Case, punctuation, legal form and "The" are left aside; a name that
	// only resembles, or that leaves "and its affiliates" out, is asked about.
	AdditionalInsured []string `json:"additional_insured,omitempty"`
	WaiverSubrogation bool     `json:"waiver_of_subrogation,omitempty"` // the certificate must state a waiver of subrogation; absent: it need not
	// CancelNoticeDays: least number of days of notice before a cancellation that the certificate must state; 0 or absent: none is required.
	CancelNoticeDays int `json:"cancellation_notice_days,omitempty"`
	// MinimumRating: least rating of the insurer (A.M. Best, A++ is the best); a certificate that states none is not enough; absent: not
	// compared.
	MinimumRating string `json:"minimum_rating,omitempty" enum:"A++,A+,A,A-,B++,B+,B"`
}

// ratings from best to worst (A.M. Best).
func ratings() []string { return []string{"A++", "A+", "A", "A-", "B++", "B+", "B"} }

// Certificate compares the certificates that are held with those that are required, field by field, and finds gaps in cover.
// That nobody ever reported a certificate of a kind is a question and no gap: what is not known is not missing. From the first day of
// the first certificate that is known on, each day needs one that is enough. Where cover is required before it (From, or the first day of the clause), the state
// is at risk until that is shown.
// Occurrences are the kinds required. Events: certificate (data.certificate), certificate_cancelled (data.date: the first day
// without; the subject is that of the certificate).
type Certificate struct{}

// Name is certificate.
func (Certificate) Name() string { return "certificate" }

// Params gives empty CertificateParams.
func (Certificate) Params() any { return CertificateParams{} }

// Check asks for what the comparison needs.
func (Certificate) Check(o pact.Obligation) []pact.Ambiguity { return ask[CertificateParams](o) }

func (p CertificateParams) zoneName() string { return p.Zone }

func (p CertificateParams) check() []pact.Ambiguity {
	var q questions
	if len(p.Required) == 0 {
		q.ask("required", "Which certificates are required?")
	}
	seen := map[string]bool{}
	for i, r := range p.Required {
		if r.Kind == "" || seen[r.Kind] {
			q.ask("required", "Each certificate needs a kind of its own.")
		}
		seen[r.Kind] = true
		q.amount("required", sprintf("required[%d].per_occurrence", i), r.PerOccurrence)
		q.amount("required", sprintf("required[%d].aggregate", i), r.Aggregate)
		q.days("required", r.CancelNoticeDays)
		if r.MinimumRating != "" && !slices.Contains(ratings(), r.MinimumRating) {
			q.ask("required", "%q is no rating; known are %s.", short(r.MinimumRating), strings.Join(ratings(), ", "))
		}
	}
	q.zone(p.Zone)
	if len(p.Alerts) > 50 {
		q.ask("alerts", "There are more than 50 alerts.")
	}
	q.days("alerts", p.Alerts...)
	return q
}

// Occurrences lists the kinds required.
func (Certificate) Occurrences(o pact.Obligation, _ calendar.Period) []pact.Occurrence {
	var p CertificateParams
	if decode(o.Params, &p) != nil {
		return nil
	}
	var out []pact.Occurrence
	for _, r := range p.Required {
		out = append(out, occurrence(o, r.Kind, strings.ReplaceAll(r.Kind, "_", " "), calendar.Span{}))
	}
	return out
}

// held is a certificate with the last day on which it covers, cancellation included.
type heldCover struct {
	c     pact.Certificate
	from  calendar.Date
	last  calendar.Date
	event pact.Event
}

// Assess judges one kind: each day by the version in force on it. What was enough before an amendment stays enough for its days, and what
// will not be enough when one begins ends the cover then. When the clause has ended, its last version judges its days.
func (Certificate) Assess(in Input) (pact.Assessment, error) {
	var life versions[CertificateParams]
	p, s, done, err := begin(in, func(p CertificateParams, s *sheet) calendar.Date {
		life = versionsOf(s.in, p)
		return life.lastDay(s.today)
	})
	if err != nil || done {
		return *s.a, err
	}
	for _, v := range life {
		if stop, err := v.open(s); v.days.From <= s.today && stop {
			return *s.a, err
		}
	}
	needs := needsOf(life, in.Occurrence.Key)
	if len(needs) == 0 {
		s.add("no longer required", "", "nothing to judge")
		return s.done(pact.Excused), nil
	}
	if last := needs[len(needs)-1]; !slices.ContainsFunc(p.Required, func(r RequiredCover) bool { return r.Kind == in.Occurrence.Key }) && last.days.Until != "" && last.days.Until <= s.today {
		s.add("no longer required", "from "+string(last.days.Until)+" on", "what was before is judged")
	}
	return s.cover(p, needs), nil
}

// need is what a certificate must say on some days.
type need struct {
	RequiredCover
	days   calendar.Period
	by     string // the document, where it is not the same on all days
	others []string
	asked  bool // the clause says from when on cover is required
}

// needsOf are the needs of a kind in their order. Days that no version requires cover on lie in none.
func needsOf(life versions[CertificateParams], kind string) []need {
	var out []need
	for i, v := range life {
		at := slices.IndexFunc(v.terms.Required, func(r RequiredCover) bool { return r.Kind == kind })
		if at < 0 {
			continue
		}
		n := need{RequiredCover: v.terms.Required[at], days: v.days, by: v.by, others: v.terms.Others, asked: v.terms.From != ""}
		if v.terms.From != "" && (i == 0 || v.terms.From > n.days.From) {
			n.days.From = v.terms.From
		}
		if v.terms.Until != "" && (i == len(life)-1 || n.days.Until == "" || v.terms.Until < n.days.Until) {
			n.days.Until = v.terms.Until
		}
		if last := len(out) - 1; last >= 0 && out[last].days.Until == n.days.From && out[last].same(n) {
			out[last].days.Until = n.days.Until
			continue
		}
		if n.days.Until == "" || n.days.From < n.days.Until {
			out = append(out, n)
		}
	}
	if len(out) == 1 {
		out[0].by = ""
	}
	return out
}

// same tells whether two needs ask for the same.
func (n need) same(o need) bool {
	return member("", n.RequiredCover) == member("", o.RequiredCover) && slices.Equal(n.others, o.others)
}

// words name the days of a need in the trace, where there are several.
func (n need) words(from, last calendar.Date) string {
	if n.by == "" {
		return ""
	}
	return fmt.Sprintf(", %s to %s by %s", from, last, n.by)
}

func (s *sheet) cover(p CertificateParams, needs []need) pact.Assessment {
	kind := needs[0].Kind
	from, until := needs[0].days.From, needs[len(needs)-1].days.Until
	held := s.certificates(kind)
	umbrella := s.certificates("umbrella")
	var good, perhaps []heldCover // perhaps: with every doubtful name taken for the right one
	var doubts []pact.Ambiguity
	for _, h := range held {
		s.add("certificate held", strings.TrimSpace(h.event.Subject+" "+h.c.Issuer), string(h.from)+" to "+string(h.last), idOf(h.event))
		for _, n := range needs {
			of := h.within(n.days)
			if of.from > of.last && h.from <= h.last {
				continue
			}
			days, asked := s.compare(p, n, of, umbrella)
			perhaps = append(perhaps, days...)
			if doubts = append(doubts, asked...); len(asked) == 0 {
				good = append(good, days...)
			}
		}
	}
	for i := 1; i < len(needs); i++ { // between needs no cover is required
		if free := (heldCover{from: needs[i-1].days.Until, last: needs[i].days.From.AddDays(-1)}); free.from <= free.last {
			good, perhaps = append(good, free), append(perhaps, free)
		}
	}
	if len(held) == 0 {
		s.add("certificates held", strings.ReplaceAll(kind, "_", " "), "none")
	}
	if from != "" && s.today < from {
		s.a.NextAt = s.start(from)
		s.add("cover is not needed yet", "from "+string(from), string(pact.Pending))
		return s.done(pact.Pending)
	}
	known := calendar.Date("")
	if len(held) > 0 {
		known = held[0].from
	}
	if known == "" || known > s.today {
		return s.done(s.unknown(known, until))
	}
	if from != "" && from < known {
		s.add(coverBefore, fmt.Sprintf("%s to %s", from, known.AddDays(-1)), "not known")
	}
	unshown := from != "" && from < known && (needs[0].asked || known < from.AddMonths(12)) // cover is required from a day on for which none is shown
	if len(doubts) > 0 && s.quiet().gaps(good, max(from, known), until) != "" {
		if s.quiet().gaps(perhaps, max(from, known), until) == "" {
			s.add("additional insured", "whether there is enough cover hangs on a name", "asked")
			s.a.Ambiguities = doubts
			return s.done(pact.Pending)
		}
		good = perhaps // not enough, whoever is meant
	}
	if gap := s.gaps(good, max(from, known), until); gap != "" {
		s.a.BreachedAt = s.start(gap)
		return s.done(pact.Breached)
	}
	last := lastCovered(good, s.today)
	if until != "" && (last >= until.AddDays(-1) || s.today >= until) {
		s.add("covered to the end", "needed until before "+string(until), dayText(cmp.Or(last, until.AddDays(-1))))
		if unshown {
			s.a.Measured = string(last)
			return s.done(s.unshown(from, known))
		}
		return s.done(pact.Met)
	}
	s.a.DueAt, s.a.Measured = s.end(last), string(last)
	status := s.expiry(p, last)
	if unshown {
		status = s.unshown(from, known)
	}
	return s.done(status)
}

// within is a certificate on the days of a need.
func (h heldCover) within(days calendar.Period) heldCover {
	h.from = max(h.from, days.From)
	if days.Until != "" {
		h.last = min(h.last, days.Until.AddDays(-1))
	}
	return h
}

// coverBefore is the rule in the trace for the days before any certificate.
const coverBefore = "cover before the first certificate that is known"

// unshown says that cover is required from a day on that lies before the first certificate that is known.
func (s *sheet) unshown(from, known calendar.Date) pact.Status {
	s.add("cover is required from "+string(from), "the first certificate that is known begins on "+dayText(known), "not shown before: ask for the one before it, or record it")
	return pact.AtRisk
}

// unknown places a kind of which no certificate covers this day or an earlier one, so far as anybody said. next is the first day of one
// that is known already.
func (s *sheet) unknown(next, until calendar.Date) pact.Status {
	if until != "" && s.today >= until {
		s.add("cover is no longer needed", "needed until before "+string(until), "no certificate was ever known")
		return pact.Excused
	}
	for _, day := range []calendar.Date{next, until} {
		if at := s.start(day); day != "" && (s.a.NextAt.IsZero() || at.Before(s.a.NextAt)) {
			s.a.NextAt = at
		}
	}
	if next != "" {
		s.add("cover until the first certificate that is known", "it begins on "+dayText(next), "not known: ask for the one before it, or record it")
		return pact.AtRisk
	}
	s.add("no certificate was ever reported", "that is no gap yet", "not known: ask for it, or record it")
	return pact.AtRisk
}

// certificates lists those of a kind in order of their first day, each shortened by its cancellation.
func (s *sheet) certificates(kind string) []heldCover {
	var out []heldCover
	for _, e := range s.of("", "certificate") {
		c := e.Data.Certificate
		if c == nil || !sameWord(kind, c.Kind) || c.Expires == "" {
			continue
		}
		h := heldCover{c: *c, from: c.From, last: c.Expires, event: e}
		if h.from == "" {
			h.from = s.dateOf(e)
		}
		if h.from > h.last {
			s.use(e)
			s.add("certificate that expires before it begins", strings.TrimSpace(e.Subject+" "+c.Issuer)+", "+string(h.from)+" to "+string(h.last), "covers no day", idOf(e))
			continue
		}
		var cancelled []pact.Event
		if e.Subject != "" {
			cancelled = s.of(e.Subject, "certificate_cancelled")
		}
		for _, x := range cancelled {
			if !s.cancels(x, e) {
				continue
			}
			if last := s.dateOf(x).AddDays(-1); last < h.last {
				h.last = last
				s.use(x)
				s.add("cancelled", e.Subject, "covers until "+dayText(last), idOf(x))
			}
		}
		s.use(e)
		out = append(out, h)
	}
	slices.SortStableFunc(out, func(a, b heldCover) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.last, b.last)) })
	return out
}

// cancels tells whether a cancellation is of a certificate: of the last one of its subject that was known before it, and where there was
// none of each that was entered later.
func (s *sheet) cancels(x, certificate pact.Event) bool {
	if s.order(x, certificate) >= 0 {
		return true
	}
	return !slices.ContainsFunc(s.of(x.Subject, "certificate"), func(e pact.Event) bool { return s.order(x, e) >= 0 })
}

// compare gives the days of a need on which a certificate is enough, field by field, each in the trace. What an umbrella adds holds only on the
// umbrella's own days, so limits are compared for each run of days with the same umbrellas.
// Names that may or may not be those that are required come as questions; the days are then those on which it is enough if they are.
func (s *sheet) compare(p CertificateParams, r need, h heldCover, umbrella []heldCover) ([]heldCover, []pact.Ambiguity) {
	enough, of := true, r.words(h.from, h.last)
	ids := idsOfEvents(h.event)
	say := func(ok bool, field, held, needed string) {
		result := "enough"
		if !ok {
			result = "not enough"
			enough = false
		}
		s.add(field+of, fmt.Sprintf("%s held, %s required", cmp.Or(held, "nothing"), needed), result, ids...)
	}
	limit := func(days heldCover, when, field string, need, have *money.Amount, of func(pact.Certificate) *money.Amount) {
		if need == nil {
			return
		}
		defer func(own []pact.EventID) { ids = own }(ids)
		sum := money.New(need.Value.Sub(need.Value), need.Currency)
		text := ""
		if have != nil {
			text = have.String()
			if have.Currency != need.Currency {
				say(false, field, text, need.String()+" in that currency")
				return
			}
			sum = *have
		}
		if r.UmbrellaTopsUp && sum.Value.LessThan(need.Value) {
			for _, u := range umbrella {
				more := of(u.c)
				if more != nil && more.Currency != need.Currency && u.from <= days.from && days.from <= u.last {
					text += " (umbrella " + more.String() + ": another currency, adds nothing)"
				}
				if more != nil && more.Currency == need.Currency && u.from <= days.from && days.from <= u.last {
					sum.Value = sum.Value.Add(more.Value)
					text += " + umbrella " + more.String()
					ids = append(ids, idOf(u.event))
				}
			}
		}
		say(sum.Value.GreaterThanOrEqual(need.Value), field+when, text, need.String())
	}
	var good []heldCover
	runs := []heldCover{h}
	if r.UmbrellaTopsUp && (below(r.PerOccurrence, h.c.PerOccurrence) || below(r.Aggregate, h.c.Aggregate)) {
		runs = h.cutBy(umbrella)
	}
	for _, days := range runs {
		when := ""
		if len(runs) > 1 {
			of = ""
			when = fmt.Sprintf(", %s to %s", days.from, days.last)
		}
		enough = true
		limit(days, when, "limit per occurrence", r.PerOccurrence, h.c.PerOccurrence, func(c pact.Certificate) *money.Amount { return c.PerOccurrence })
		limit(days, when, "aggregate limit", r.Aggregate, h.c.Aggregate, func(c pact.Certificate) *money.Amount { return c.Aggregate })
		if enough {
			good = append(good, days)
		}
	}
	enough = true // the rest is the same on each day
	var doubts []pact.Ambiguity
	of = r.words(h.from, h.last)
	for _, name := range r.AdditionalInsured {
		found := p.settled(r.Kind, insured(name, h.c.AdditionalInsured, slices.Concat(r.others, p.Others)))
		if found.perhaps == "" {
			say(found.named != "", "additional insured", cmp.Or(found.named, strings.Join(h.c.AdditionalInsured, ", ")), name)
			continue
		}
		s.add("additional insured"+of, fmt.Sprintf("%s held, %s required", found.perhaps, name), "doubtful: "+found.why, ids...)
		doubts = append(doubts, p.doubt(h, name, found))
	}
	if r.WaiverSubrogation {
		say(h.c.WaiverSubrogation, "waiver of subrogation", map[bool]string{true: "yes"}[h.c.WaiverSubrogation], "yes")
	}
	if n := r.CancelNoticeDays; n > 0 {
		say(h.c.CancelNoticeDays >= n, "notice of cancellation", dayCount(h.c.CancelNoticeDays), dayCount(n))
	}
	if r.MinimumRating != "" {
		at := slices.Index(ratings(), strings.ToUpper(strings.TrimSpace(h.c.Rating)))
		say(at >= 0 && at <= slices.Index(ratings(), r.MinimumRating), "rating of the insurer", h.c.Rating, r.MinimumRating)
	}
	if !enough {
		return nil, nil
	}
	return good, doubts
}

// insuredAs is which name of a certificate is the company that must be named, or which may be.
type insuredAs struct{ named, perhaps, why string }

// insured looks for a company among the names of a certificate as the product tells companies apart everywhere.
func insured(required string, held, others []string) insuredAs {
	var out insuredAs
	company, kin := matching.Kin(required)
	for _, name := range held {
		if sameWord(required, name) {
			return insuredAs{named: name}
		}
		if has(others, name) {
			continue
		}
		bare, more := matching.Kin(name)
		switch r := matching.Match(matching.Company{Name: company}, []matching.Company{{Name: bare}}); {
		case r.State == matching.Matched && (more || !kin):
			return insuredAs{named: name}
		case r.State == matching.Matched:
			out = insuredAs{perhaps: name, why: "it does not name those that belong to " + company}
		case r.State == matching.Ambiguous && out.perhaps == "":
			out = insuredAs{perhaps: name, why: strings.Join(r.Explanation, " ")}
		}
	}
	return out
}

// settled takes a doubtful name for the right one where the version of today requires it as it stands on the certificate: somebody decided so.
func (p CertificateParams) settled(kind string, found insuredAs) insuredAs {
	for _, r := range p.Required {
		if found.perhaps != "" && r.Kind == kind && has(r.AdditionalInsured, found.perhaps) {
			return insuredAs{named: found.perhaps}
		}
	}
	return found
}

// doubt asks whether a name on a certificate is the company that must be named.
func (p CertificateParams) doubt(h heldCover, required string, found insuredAs) pact.Ambiguity {
	list := slices.Clone(p.Required)
	for i := range list {
		names := slices.Clone(list[i].AdditionalInsured)
		for j := range names {
			if names[j] == required && sameWord(list[i].Kind, h.c.Kind) {
				names[j] = found.perhaps
			}
		}
		list[i].AdditionalInsured = names
	}
	return pact.Ambiguity{
		Code:     "additional_insured",
		Question: fmt.Sprintf("The certificate %s names %q as additional insured, and %q is required. Is that enough? (%s)", h.event.Subject, short(found.perhaps), short(required), found.why),
		Outcomes: []pact.Outcome{
			{Reading: "it is enough", Result: "the certificate covers", Set: member("required", list)},
			{Reading: "it is not", Result: "the certificate is not enough", Set: member("others", append(slices.Clone(p.Others), found.perhaps))},
		},
	}
}

// quiet is the sheet for a computation of which nothing is said.
func (s *sheet) quiet() *sheet {
	scratch := *s.a
	q := *s
	q.a, q.tracer = &scratch, tracer{zone: s.zone, steps: &scratch.Trace}
	return &q
}

// below tells whether a limit does not reach what is needed by itself.
func below(need, have *money.Amount) bool {
	return need != nil && (have == nil || have.Currency == need.Currency && have.Value.LessThan(need.Value))
}

// cutBy splits the days of a certificate where an umbrella begins or has ended.
func (h heldCover) cutBy(umbrella []heldCover) []heldCover {
	cuts := []calendar.Date{h.from}
	for _, u := range umbrella {
		for _, day := range []calendar.Date{u.from, u.last.AddDays(1)} { // "" is behind the last day there is
			if u.from <= u.last && day > h.from && day <= h.last {
				cuts = append(cuts, day)
			}
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []heldCover
	for i, day := range cuts {
		run := h
		run.from = day
		if i+1 < len(cuts) {
			run.last = cuts[i+1].AddDays(-1)
		}
		out = append(out, run)
	}
	return out
}

// gaps finds the first day from one on, up to today, without a certificate that is enough.
func (s *sheet) gaps(good []heldCover, from, until calendar.Date) calendar.Date {
	end := s.today
	if until != "" && end >= until {
		end = until.AddDays(-1)
	}
	var first calendar.Date
	at := from
	for at != "" && at <= end { // "" is behind the last day there is
		last := lastCovered(good, at)
		if last != "" {
			at = last.AddDays(1)
			continue
		}
		next := calendar.Date("")
		for _, h := range good {
			if h.from > at && (next == "" || h.from < next) {
				next = h.from
			}
		}
		gapEnd := end
		if next != "" && next <= end {
			gapEnd = next.AddDays(-1)
		}
		if first == "" {
			first = at
		}
		s.add("gap in cover", fmt.Sprintf("%s to %s", at, gapEnd), dayCount(at.DaysUntil(gapEnd)+1)+" without enough cover")
		at = gapEnd.AddDays(1)
	}
	return first
}

// lastCovered is the last day of the run of cover that holds on a day; "" where none does.
func lastCovered(good []heldCover, on calendar.Date) calendar.Date {
	last := calendar.Date("")
	for day := on; day != ""; {
		reach := calendar.Date("")
		for _, h := range good {
			if h.from <= day && day <= h.last && h.last > reach {
				reach = h.last
			}
		}
		if reach == "" {
			return last
		}
		last = reach
		day = reach.AddDays(1)
	}
	return last
}

// expiry places the alerts before the last day of cover.
func (s *sheet) expiry(p CertificateParams, last calendar.Date) pact.Status {
	alerts := slices.Clone(p.Alerts)
	if len(alerts) == 0 {
		alerts = []int{60, 30, 14, 0}
	}
	slices.Sort(alerts)
	slices.Reverse(alerts)
	left := s.today.DaysUntil(last)
	status := pact.OnTrack
	s.a.NextAt = s.end(last)
	for _, n := range alerts {
		if left <= n {
			s.a.Threshold = fmt.Sprint(n)
			status = pact.AtRisk
			continue
		}
		s.a.NextAt = s.start(last.AddDays(-n))
		break
	}
	s.add("cover ends", fmt.Sprintf("on %s, in %s; alerts %v days before", dayText(last), dayCount(left), alerts), string(status))
	return status
}
