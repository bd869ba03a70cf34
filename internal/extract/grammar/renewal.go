package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// renewalFacts is what the renewal clauses gave, for the obligation that is made of them.
type renewalFacts struct {
	notice    *calendar.Duration
	earliest  *calendar.Duration // notice counts from so long before the end on
	endOf     string             // it ends with a month, a quarter, a half year or a year
	evidence  []pact.Evidence
	ambiguous []pact.Ambiguity
}

var (
	renewWord   = expression.MustCompile(`(?i)\b(?:renewals?|tacit(?:ly)?|carries on|stays in force|(?:new|further|fresh) (?:term|period|year)|renew\w*|extend(?:s|ed|ing)?|extension|prolong\w*|rolls? (?:over|on)|keeps going|(?:runs|goes) on|continues for|year to year|year-to-year|month to month|month-to-month|automatically continue|(?:thereafter|then) (?:for|in|by)|(?:rolling|successive|consecutive) (?:\w+[- ]){0,3}(?:periods?|terms?|years?))\b`)
	renewNot    = expression.MustCompile(`(?i)\b(?:insurance|policy|policies|registrations?|domain|patent|lease of|license fee|letter of credit|permits?|certificates?|certification|visa|trademark|loan|note)\b`)
	noticeCure  = expression.MustCompile(`(?i)\b(?:breach|default|cure|remed(?:y|ied)|insolven\w*|bankrupt\w*|for cause|fails? to|material|deliver|payment|invoice|price|fees? (?:increase|change))\b`)
	nonRenewal  = expression.MustCompile(`(?i)\b(?:non-?renew\w*|not (?:to |be |wish to |intend to )?(?:renew|extend|be renewed|be extended)|not to (?:renew|extend)|terminat\w+|cancel\w*|unless|intention|desire|wish|elect|object|renew)`)
	renewPeriod = expression.MustCompile(`(?i)\b(?:successive|additional|consecutive|subsequent|further|renewal|another|extension|extended|renewed?|renews|periods?|terms?|extend\w*|options?)\b[^.;]{0,70}$`)
	renewAfter  = expression.MustCompile(`(?i)^[ -]*(?:\(?each\)? )?(?:renewal |extension |successive |additional |consecutive |further )*(?:period|term|interval|increment|extension|renewal|each|basis|thereafter)`)
	noticeNear  = expression.MustCompile(`(?i)^['\s,-]*(?:(?:or more|calendar|in)[ ,]+)*(?:(?:advance|prior|previous|written|advanced)\b|notice|before|in advance|preceding|ahead|earlier|beforehand)|^[^.;,]{0,28}\b(?:prior to|before|in advance of|preceding|previous to|notice|of the (?:expir|end)|from the (?:expir|end))`)
)

// findRenewal reads whether and for how long the contract renews, and the notice that prevents it.
func findRenewal(r *reading) {
	order := r.sentencesWith(200, "renew", "extend", "extension", "year to year", "year-to-year", "month to month", "month-to-month", "prolong", "roll over", "rolls over", "rolls on", "keeps going", "runs on", "goes on", "continues for", "without notice", "tacit", "carries on", "stays in force", "new term", "further term", "further period", "new period", "fresh term", "rolling", "successive", "consecutive")
	var best *renewalFind
	for _, n := range order {
		f := r.renewalIn(n)
		if f != nil && (best == nil || f.score > best.score) {
			best = f
		}
	}
	if best != nil && best.score >= 3 {
		r.addRenewal(best)
	}
	if n := r.neverRenews(order); n >= 0 && (best == nil || !best.auto) {
		if r.get("auto_renewal") == nil {
			v := pact.Yes(false)
			r.term("auto_renewal", &v, "0.75", r.sentences[n])
		}
		r.renewalByChoice(n)
	} else if !r.renewalAsBefore(order) {
		r.decide("renewal_term", r.renewalChoices())
	}
	r.dropOfPolicy("renewal_term")
	r.saidRenewal(best)
	r.findNotice()
	r.saidNotice(best)
	r.labelledRenewal()
	r.endlessNotice()
	r.noticeWindow()
	r.contradictNotice()
}

// barOption is the belief that a renewal needs in a contract that says that it does not renew by itself.
const barOption = 0.6

// renewalByChoice reads how long a renewal lasts that a party may choose, in a contract that does not renew by itself. What the
// sentence n says, which denies renewal, is none.
func (r *reading) renewalByChoice(n int) {
	w := r.rank.fields["renewal_term"]
	if w == nil {
		return
	}
	choices := slices.DeleteFunc(r.renewalChoices(), func(c choice) bool { return r.sentenceAt(c.at[len(c.at)-1].Start) == n })
	if picks := w.decide(choices, r.docFeatures("renewal_term", len(choices))); len(picks) > 0 && picks[0].belief >= barOption {
		r.decide("renewal_term", choices)
	}
}

var sameTerm = expression.MustCompile(`(?i)\b(?:terms?|periods?)\b[^.;]{0,30}\b(?:of|for|with|in)(?: the| an| a)? (?:same|equal|like|identical|similar) (?:duration|length|period|term)|\b(?:same|like|equal|identical) (?:terms?|periods?)(?: of time)?(?:[,;.]| unless| thereafter)|\b(?:equal|equivalent)(?: in (?:length|duration))? to the (?:initial|original|first) (?:term|period)`)

// renewalAsBefore reads "shall automatically renew for successive terms of the same duration": a renewal lasts as long as the term.
func (r *reading) renewalAsBefore(order []int) bool {
	term := r.get("term")
	if term == nil || term.Value == nil || term.Value.Duration == nil {
		return false
	}
	for _, n := range order {
		s := r.cut(r.sentences[n])
		auto, _ := r.renewsIn(n)
		m := sameTerm.FindStringIndex(s)
		if !auto || m == nil || len(s) > 3000 {
			continue
		}
		v := *term.Value
		c := r.term("renewal_term", &v, "0.70", r.clauseSpan(r.sentences[n].Start+m[0], r.sentences[n].Start+m[1]))
		c.Evidence = append(c.Evidence, r.get("term").Evidence...)
		c.Derivation = &pact.Derivation{Rule: "as long as the term", Inputs: map[string]string{"term": v.String()}}
		return true
	}
	return false
}

// neverRenews finds the sentence that says that the contract does not renew by itself, or -1.
func (r *reading) neverRenews(order []int) int {
	for _, n := range order {
		sp := r.sentences[n]
		if sp.End-sp.Start < 240 && holds(r.lower[sp.Start:sp.End], "it does not", "there is no", "agreement", "contract", "the term", "schedule", "order", "plan", "subscription") && wording.NeverRenews(r.cut(sp)) {
			return n
		}
	}
	return -1
}

type renewalFind struct {
	n         int // sentence
	score     int
	auto      bool
	autoKnown bool
	period    *wording.Duration
	text      string
}

var renewSubject = expression.MustCompile(`(?i)` + `\b(?:agreement|contract|term|lease|sow|statement of work|order|subscription|period|plans?|schedule|licen[cs]e|it|prolongation|prolonged|renewals?|extensions?)\b`)

var onceExtended = expression.MustCompile(`(?i)\b(?:is|are|be) (?:hereby )?extended (?:by|for|until|to|through)\b`)

func (r *reading) renewalIn(n int) *renewalFind {
	sp := r.sentences[n]
	s := r.cut(sp)
	if len(s) > 3500 {
		s = s[:r.safeIn(s, 3500)]
	}
	word := renewWord.FindStringIndex(s)
	if word == nil || renewNot.MatchString(s[max(0, word[0]-80):min(len(s), word[1]+60)]) {
		return nil
	}
	if onceExtended.MatchString(s) && len(wording.Dates(s)) > 0 {
		return nil // "is extended by two years to 30 June 2027": done once, by this paper
	}
	f := &renewalFind{n: n, text: s}
	f.auto, f.autoKnown = r.renewsIn(n)
	if low := strings.ToLower(s); f.auto && !renewSubject.MatchString(s) && byPeriod.MatchString(low) && !holds(low, "renew", "exten", "continu", "until", "unless", "goes on", "runs on") {
		return nil // "the fee increases from year to year"
	}
	if renewSubject.MatchString(s) {
		f.score += 2
	}
	if f.autoKnown {
		f.score++
		if !f.auto && strings.Contains(strings.ToLower(s), "automatically") {
			f.score += 3 // "It does not renew automatically."
		}
	}
	if f.auto {
		f.score += 3
	}
	if !f.auto && !renewSubject.MatchString(s) {
		f.score -= 2
	}
	if strings.Contains(strings.ToLower(s), "renew") {
		f.score++
	}
	if len(s) < 300 && !strings.Contains(s, " ") {
		return nil
	}
	f.period = renewalPeriod(s)
	if f.period != nil {
		f.score += 2
		f.period.Start, f.period.End = f.period.Start+sp.Start, f.period.End+sp.Start
	}
	return f
}

// renewalPeriod is how long one renewal lasts.
func renewalPeriod(s string) *wording.Duration {
	var best *wording.Duration
	bestScore := 0
	for _, d := range wording.Durations(s) {
		before, after := s[max(0, d.Start-90):d.Start], s[d.End:min(len(s), d.End+60)]
		if noticeNear.MatchString(after) || !renewWord.MatchString(s[max(0, d.Start-400):min(len(s), d.End+120)]) {
			continue
		}
		score := 0
		if renewPeriod.MatchString(before) {
			score += 2
		}
		if renewAfter.MatchString(after) {
			score += 2
		}
		if loc := renewWord.FindAllStringIndex(s[:d.Start], -1); loc != nil && d.Start-loc[len(loc)-1][1] < 120 {
			score += 2
		}
		low := strings.ToLower(before)
		if k := strings.LastIndex(low, "initial term"); k >= 0 && !strings.Contains(low, "additional") && !renewWord.MatchString(low[k:]) && !strings.Contains(low, "renew") || strings.Contains(low, "at least") || strings.Contains(low, "within") || strings.Contains(low, "less than") || strings.Contains(low, "later than") {
			score -= 3
		}
		if u := firstUnit(d); u == calendar.Day || u == calendar.Hour {
			score -= 2
		}
		if score >= 3 && score > bestScore {
			v := d
			best, bestScore = &v, score
		}
	}
	if best != nil {
		return best
	}
	if d, ok := wording.Periodic(s); ok {
		return &d
	}
	return nil
}

func (r *reading) addRenewal(f *renewalFind) {
	sp := r.sentences[f.n]
	at := sp
	if at.End-at.Start > 900 {
		at = r.clauseSpan(sp.Start+renewWord.FindStringIndex(f.text)[0], sp.Start+renewWord.FindStringIndex(f.text)[1])
		if f.period != nil {
			at.Start, at.End = min(at.Start, f.period.Start), max(at.End, f.period.End)
		}
	}
	if f.autoKnown {
		v := pact.Yes(f.auto)
		confidence := "0.75"
		if f.auto && f.score >= 6 {
			confidence = "0.84"
		}
		r.term("auto_renewal", &v, confidence, at)
	}
}

// findNotice decides the notice that prevents a renewal, or ends a contract that runs until ended.
func (r *reading) findNotice() {
	c := r.decide("notice_period", r.noticeChoices())
	if c == nil {
		return
	}
	if r.dropOfPolicy("notice_period"); r.get("notice_period") == nil {
		return
	}
	if c.Value == nil {
		r.renewal.ambiguous, r.renewal.evidence = c.Ambiguities, c.Evidence
		return
	}
	r.renewal.notice, r.renewal.evidence = c.Value.Duration, c.Evidence
}

var (
	// "at least ninety and no more than 120 days", "not less than 60 nor more than 90 days": the last count is parsed as a duration
	leastAnd = expression.MustCompile(`(?i)\b(?:at least|not less than|no less than|not fewer than|not later than)(?: a minimum of)? ([^.;,]{1,40}?),? (?:and|but|nor|or)(?: (?:not|no|never))? more than (?:a maximum of )?$`)
	toEndOf  = expression.MustCompile(`(?i)\b(?:to|expiring (?:at|on)|effective (?:at|on|as of)|with effect (?:from|to)|as of) the (?:end|last day) of (?:a|any|each|the|that) (?:calendar |contract )?(month|quarter|half-?year|year)\b`)
)

// noticeWindow reads the window in which a notice must be given, of which the later bound is the notice period, and the end of a month or
// a year to which it is given.
func (r *reading) noticeWindow() {
	c := r.get("notice_period")
	if c == nil || c.Value == nil || c.Value.Duration == nil || len(c.Evidence) == 0 || c.Evidence[0].Passage == nil {
		return
	}
	s := wording.Normal(c.Evidence[0].Passage.Quote).S
	if m := toEndOf.FindStringSubmatch(s); m != nil {
		r.renewal.endOf = strings.ReplaceAll(strings.ToLower(m[1]), "half-year", "half_year")
		r.renewal.endOf = strings.ReplaceAll(r.renewal.endOf, "halfyear", "half_year")
	}
	for _, d := range wording.Durations(s) {
		m := leastAnd.FindStringSubmatch(s[:d.Start])
		if m == nil || len(d.Readings) > 0 {
			continue
		}
		least := wording.Durations(m[1])
		if len(least) == 0 { // "ninety and no more than 120 days": the unit is said once
			least = wording.Durations(m[1] + " " + string(d.Duration.Unit) + "s")
		}
		if len(least) != 1 || len(least[0].Readings) > 0 || least[0].Duration.Unit != d.Duration.Unit || least[0].Duration.Value >= d.Duration.Value {
			continue
		}
		r.renewal.earliest = &d.Duration
		r.renewal.notice = &least[0].Duration
		if *c.Value.Duration != least[0].Duration {
			v := pact.Value{Kind: pact.DurationValue, Duration: &least[0].Duration}
			c.Value, c.Rivals = &v, nil
			c.Confidence = sure("0.80")
		}
		return
	}
}
