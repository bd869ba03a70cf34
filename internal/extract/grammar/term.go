package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

func wordsAgainstFigures(what string, d wording.Duration) pact.Ambiguity {
	a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the " + what + " differ. Which is right?"}
	for _, x := range d.Readings {
		a.Readings = append(a.Readings, pact.Lasting(x.Value, x.Unit))
	}
	return a
}

var (
	// The contract, its term or (in a confidentiality agreement) its duties must be what lasts.
	expireCue = expression.MustCompile(`(?i)(?:\b(?:expir(?:e|es|ing|ation)|terminat(?:e|es|ing|ion)|end(?:s|ing)?|conclud(?:e|es|ing)|until|through|to|thru|and including|lapse)\b(?: (?:date|on|at|as of|of|the|close of business|midnight|11:59 p\.m\.|5:00 p\.m\.|and including|up to|is|shall be|be|means|local time|eastern time|and|upon|by|later than|no|hereof|this agreement|term)\b| ?\([^)]{0,30}\)|[,:"-])*) ?$`)
	expireBad = expression.MustCompile(`(?i)\b(?:invoice|payment|deliver|notice|fiscal|quarter|each year|annual report|offer|option|exercise|warrant|interest|tax|lease of|exclusiv|first priority|report|calendar year|season|original|amend|prior)\b`)
	termOwn   = expression.MustCompile(`(?i)(?:\b(?:this|the|said|present) (?:\w+ ){0,3}(?:agreement|contract|lease|sow|statement of work|amendment|order(?: form)?|undertaking|license|addendum|joint venture|arrangement|appointment|engagement|venture|franchise|subscription)\b|\b(?:initial|original|primary|base|fixed|subscription|contract|license|service|lease|basic) (?:term|period)\b|\bthe "?term"?\b|\b(?:term|period|duration|life) of (?:this|the) \w+|"term"|\bhereunder\b|^[\d. "()]*(?:initial )?(?:term|duration|effective (?:date|period))\b)`)
	termVerb  = expression.MustCompile(`(?i)\b(?:terminate|terminates|terminated|expire|expires|expired|continue|continues|remain|remains|be|is|are|end|ends|ending|cease|effective|effect|force|last|lasts|extend|extends|run|runs|commence|commences|commencing|begin|begins|beginning|start|starts|valid|binding|has|have|mean|means|entered|made|of|for|:)(?:[ ,:]|$)`)
	dutyOwn   = expression.MustCompile(`(?i)\b(?:obligations?|restrictions?|undertakings?|provisions?|covenants?|duties|duty|commitments?|terms|confidentiality|non-?disclosure|requirements?|this letter)\b`)
	lastsVerb = expression.MustCompile(`(?i)\b(?:terminate|expire|cease|lapse|survive|continue|remain|bound|binding|last|end|extend|effect|force)s?\b`)
	termBad   = expression.MustCompile(`(?i)\b(?:agrees? (?:that|not)|confidential\w*|protect\w*|covenants?|shall not|will not|may not|neither|nor|during (?:the|his|her|my|your|such|employee|executive)|thereafter|employ(?:ed|ment|ee)|solicit\w*|compet\w*|following (?:the )?(?:termination|expiration)|after (?:the |any )?(?:termination|expiration|cessation)|upon|notice|records?|audit|insurance|warrant\w*|invoice|payment|days? of|within|at least|not less than|no less than|prior to|additional|successive|renewal|extension|option|renew\w*|cure|remedy|escrow|standstill|exclusiv\w*|access|retain|maintain|deliver\w*|forecast|until completion|thereof)\b[^.;]{0,70}$`)
	termTail  = expression.MustCompile(`(?i)^['\s,-]*(?:period )?(?:thereafter|afterwards?|after (?:the |any |its |such )?(?:date of )?(?:such )?(?:termination|expiration|cessation|delivery|disclosure|completion|receipt)|following (?:the |any |its |such )?(?:date of )?(?:termination|expiration|cessation|disclosure|receipt)|(?:prior |advance |written )*notice|prior|before|of receipt|warranty|from (?:the date of )?(?:termination|expiration|disclosure|receipt|delivery|shipment|the date of (?:disclosure|receipt|delivery|termination)))`)
	termAfter = expression.MustCompile(`(?i)^[^.;]{0,60}\b(?:from (?:the )?(?:"?effective date|date|commencement|execution|signing)|from and after|after the (?:effective )?date|term|commenc\w+|initial|beginning|starting|unless|of this agreement|anniversary|hereof|herein)`)
)

// hasTerm is how plainly the text gives the contract a duration: 9 where it calls it its term, 5 where it says that the
// contract lasts as long, 0 where it does neither.
func (r *reading) hasTerm() int {
	if r.facts.term == nil {
		best := 0
		for _, d := range r.facts.lengths {
			if termUnit(firstUnit(d)) {
				best = max(best, r.termScore(d))
			}
		}
		r.facts.term = &best
	}
	return *r.facts.term
}

// termScore tells by the words around a duration whether it is that of the contract; each duration is looked at once.
func (r *reading) termScore(d wording.Duration) int {
	if score, made := r.facts.scores[d.Start]; made {
		return score
	}
	if r.facts.scores == nil {
		r.facts.scores = map[int]int{}
	}
	score := 0
	if n := r.sentenceAt(d.Start); n >= 0 && termWords.MatchString(r.lower[max(0, d.Start-300):min(len(r.lower), d.End+60)]) {
		sp := r.sentences[n]
		local := d
		local.Start, local.End = d.Start-sp.Start, d.End-sp.Start
		if s := r.cut(sp); local.End <= len(s) && local.Start <= 4000 {
			score = r.scoreTerm(s, n, local, r.paper == "nda")
		}
	}
	r.facts.scores[d.Start] = score
	return score
}

func (r *reading) scoreTerm(s string, n int, d wording.Duration, nda bool) int {
	before, after := s[max(0, d.Start-300):d.Start], s[d.End:min(len(s), d.End+110)]
	if cut := strings.LastIndexByte(before, ';'); cut >= 0 && !strings.Contains(strings.ToLower(before[cut:]), "term") {
		before = before[cut:] // another limb of the sentence
	}
	score := 0
	own := termOwn.FindAllStringIndex(before, -1)
	if own != nil {
		between := before[own[len(own)-1][1]:]
		if termVerb.MatchString(between) || strings.Contains(strings.ToLower(before[own[len(own)-1][0]:]), "term") {
			score = 5
		}
		if len(between) < 60 {
			score++
		}
	}
	if score == 0 && nda {
		if m := dutyOwn.FindAllStringIndex(before, -1); m != nil && lastsVerb.MatchString(before[m[0][1]:]) {
			score = 4
		}
	}
	if score == 0 {
		return 0
	}
	low := strings.ToLower(before)
	tail := strings.ToLower(after[:min(len(after), 60)])
	if termBad.MatchString(before[strings.LastIndexAny(before, ".;")+1:]) { // it matches at the end only, and over neither
		score -= 4
	}
	if termTail.MatchString(after) {
		score -= 4
		if nda && strings.Contains(low, "surviv") {
			score += 3
		}
	}
	if strings.Contains(low[max(0, len(low)-120):], "initial term") || strings.Contains(low[max(0, len(low)-80):], "initial period") || strings.Contains(tail, "initial term") || strings.Contains(tail, `"term"`) || strings.Contains(tail, "(the term") {
		score += 3
	}
	if near := low[max(0, len(low)-40):]; strings.Contains(near, "term of") || strings.Contains(near, "period of") || strings.Contains(near, "term is") || strings.Contains(near, "term shall be") {
		score++
	}
	if termAfter.MatchString(after) {
		score++
	}
	if unit := firstUnit(d); unit == calendar.Day || unit == calendar.Week {
		score -= 3
	}
	if n > 0 {
		prev := strings.ToLower(r.cut(r.sentences[n-1]))
		if len(prev) < 80 && (strings.Contains(prev, "term") || strings.Contains(prev, "duration")) {
			score += 2
		}
	}
	if sec := strings.ToLower(s[:min(len(s), 50)]); strings.Contains(sec, "term") && strings.IndexByte(sec, '.') >= 0 {
		score++
	}
	return score
}

var notContract = expression.MustCompile(`(?i)\b(?:confidential\w*|warrant\w+|insurance|guarantee|escrow|obligations? (?:under|of)|license|section|article|policy)\b[^.;]{0,60}$`)

func firstUnit(d wording.Duration) calendar.Unit {
	if len(d.Readings) > 0 {
		return d.Readings[0].Unit
	}
	return d.Duration.Unit
}

func (r *reading) safeIn(s string, i int) int {
	for i > 0 && i < len(s) && s[i]&0xc0 == 0x80 {
		i--
	}
	return i
}

func (r *reading) startDate() calendar.Date {
	for _, name := range []string{"effective_date", "agreement_date"} {
		if v := r.value(name); v != nil && v.Kind == pact.DateValue {
			return v.Date
		}
	}
	return ""
}
