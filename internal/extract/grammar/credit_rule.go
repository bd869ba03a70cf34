package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Credits that are no table of bands: so much for each step of the shortfall, and a cap over a run of months.

var (
	perStep = expression.MustCompile(`(?i)\b(?:credits?|credited|rebates?|refunds?|reduc\w*|deduct\w*)\b[^.;%]{0,60}?\b(\d{1,2}(?:\.\d{1,2})?) ?%(?: of [^.;%]{0,50}?)? (?:for|per) (?:each |every )?(full |complete |whole |started |commenced |begun )?(\d(?:[.,]\d{1,3})?) ?(?:%|percentage points?|percent|points?)(?: points?)?(?: (below|under|short|of shortfall|by which|less than|beneath)\b|[,.;])`)
	// the step before the share: "for each full 0.1% below 99.9%, the Customer is entitled to a rebate of 2%"
	stepThen = expression.MustCompile(`(?i)\bfor (?:each|every) (full |complete |whole |started |commenced |begun )?(\d(?:[.,]\d{1,3})?)? ?(?:%|percentage points?|per ?cent(?:age points?)?|points?)(?: points?)? (?:below|under|short of|by which|less than|beneath)\b[^;]{0,110}?\b(?:credits?|credited|rebates?|refunds?|reduc\w*|deduct\w*|penalty)\b[^.;%]{0,40}?\b(\d{1,2}(?:[.,]\d{1,2})?) ?%`)
	// a share for each whole point: "a penalty of 1 % of the annual fee for each full percentage point"
	perPoint = expression.MustCompile(`(?i)\b(?:credits?|credited|rebates?|refunds?|reduc\w*|deduct\w*|penalty)\b[^.;%]{0,60}?\b(\d{1,2}(?:[.,]\d{1,2})?) ?%(?: of [^.;%]{0,50}?)? (?:for|per) (?:each |every )?(full |complete |whole |started |commenced |begun )?(?:percentage )point\b`)
	// fallsShort says before a step what it is a step of: "If the availability falls short of the agreed value, …"
	fallsShort = expression.MustCompile(`(?i)\b(?:falls?|drops?|is|goes|sinks|remains?|fell) (?:short of|below|under|less than|beneath)\b|\bshortfall\b|\bmiss(?:es|ed)\b`)
	overRun    = expression.MustCompile(`(?i)^ ?%?(?: of [^.;%]{0,60}?)?,? (?:in|over|during|within|for|across) any (?:rolling |consecutive |period of |continuous )*(` + `\d{1,2}|twelve|six|three` + `)(?: consecutive| calendar)?[ -]months?\b`)
)

// limitBehind is the limit of all steps together in the sentence of a step: "at most however by 20 % of the monthly fee".
func limitBehind(s string, step decimal.Decimal) *decimal.Decimal {
	for _, p := range wording.Percents(s) {
		if len(p.Readings) == 0 && p.Value.GreaterThan(step) && capCredit.MatchString(s[max(0, p.Start-60):p.Start]) && !overRun.MatchString(s[p.End:]) {
			return &p.Value
		}
	}
	return nil
}

// creditRule reads them, and moves the short form of the credit into the full one where they are there: the two are not given together.
// What has no form is asked.
func (r *reading) creditRule(p *obligation.AvailabilityParams) ([]wording.Span, []pact.Ambiguity) {
	var asks []pact.Ambiguity
	ask := func(a *pact.Ambiguity, of wording.Span, at *[]wording.Span) {
		if a != nil && !slices.ContainsFunc(asks, func(o pact.Ambiguity) bool { return o.Code == a.Code }) {
			asks, *at = append(asks, *a), append(*at, of)
		}
	}
	var rule obligation.CreditParams
	var at []wording.Span
	for _, n := range r.sentencesWith(120, "credit", "rebate", "refund", "reduc", "deduct", "knock", "earn", "penalty") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 1500 {
			continue
		}
		if rule.PerStep == nil && len(p.Tiers) == 0 && uptimeWord.MatchString(r.s[r.safe(max(0, sp.Start-300)):sp.End]) {
			step, open := stepOfTime(s)
			ask(open, sp, &at)
			if step != nil {
				rule.PerStep, at = step, append(at, sp)
				if p.CapPercent == nil {
					p.CapPercent = limitBehind(s, *step.Percent)
				}
			}
			if (step != nil || open != nil) && p.CapPercent == nil && halfCap.MatchString(s) {
				half := decimal.NewFromInt(50)
				p.CapPercent = &half
			}
		}
		limit, open := limitOf(s, p.Period)
		ask(open, sp, &at)
		if limit != nil && p.CapPercent == nil {
			p.CapPercent, at = limit, append(at, sp)
		}
		if back := earnsBack.FindStringIndex(s); back != nil && !notEarned.MatchString(s[:back[0]]) {
			ask(&pact.Ambiguity{Code: "earn_back", Question: "Credits may be earned back. After how many periods that keep the promise, and how much of them?"}, sp, &at)
		}
		if m := perStep.FindStringSubmatch(s); m != nil && (m[4] != "" || fallsShort.MatchString(s)) && rule.PerStep == nil && len(p.Tiers) == 0 && uptimeWord.MatchString(r.s[r.safe(max(0, sp.Start-300)):sp.End]) {
			share := sure(m[1])
			rule.PerStep = &obligation.StepCredit{Of: "shortfall", Step: sure(strings.Replace(m[3], ",", ".", 1)), Percent: &share}
			if holds(strings.ToLower(m[2]), "started", "commenced", "begun") {
				rule.PerStep.Count = "started"
			}
			if p.CapPercent == nil {
				p.CapPercent = limitBehind(s, share)
			}
			at = append(at, sp)
		}
		if rule.PerStep == nil && len(p.Tiers) == 0 && uptimeWord.MatchString(r.s[r.safe(max(0, sp.Start-300)):sp.End]) {
			if step := stepOfShortfall(s); step != nil {
				rule.PerStep, at = step, append(at, sp)
				if p.CapPercent == nil {
					p.CapPercent = limitBehind(s, *step.Percent)
				}
			}
		}
		for _, share := range wording.Percents(s) {
			m := overRun.FindStringSubmatch(s[share.End:])
			if m == nil || rule.RollingCap != nil || len(share.Readings) > 0 || !capCredit.MatchString(s[:share.Start]) && !creditWord.MatchString(s[:share.Start]) {
				continue
			}
			months := map[string]int{"twelve": 12, "six": 6, "three": 3}[strings.ToLower(m[1])]
			if months == 0 {
				months = int(sure(m[1]).IntPart())
			}
			v := share.Value
			rule.RollingCap = &obligation.RollingCap{Months: months, Percent: &v}
			at = append(at, sp)
		}
	}
	if rule.PerStep == nil && rule.RollingCap == nil {
		return at, asks
	}
	rule.CapPercent, rule.ClaimDays = p.CapPercent, p.ClaimDays
	for _, t := range p.Tiers {
		rule.Tiers = append(rule.Tiers, obligation.CreditTier{From: t.From, Over: t.Over, Below: t.Below, UpTo: t.UpTo, Percent: &t.Credit})
	}
	p.Credit, p.Tiers, p.CapPercent, p.ClaimDays = &rule, nil, nil, 0
	return at, asks
}

// stepOfShortfall reads a share for each step of the shortfall where the step stands first, or is a whole point.
func stepOfShortfall(s string) *obligation.StepCredit {
	counted, step, share := "", "1", ""
	if m := stepThen.FindStringSubmatch(s); m != nil {
		counted, share = m[1], m[3]
		if m[2] != "" {
			step = m[2]
		} else if !strings.Contains(m[0], "point") {
			return nil // "for each per cent"
		}
	} else if m := perPoint.FindStringSubmatch(s); m != nil && fallsShort.MatchString(s) {
		counted, share = m[2], m[1]
	} else {
		return nil
	}
	percent := sure(strings.Replace(share, ",", ".", 1))
	out := &obligation.StepCredit{Of: "shortfall", Step: sure(strings.Replace(step, ",", ".", 1)), Percent: &percent}
	if holds(strings.ToLower(counted), "started", "commenced", "begun") {
		out.Count = "started"
	}
	return out
}
