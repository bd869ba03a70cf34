package grammar

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	strong     = expression.MustCompile(`(?i)\bgovern(?:ed|ing|s)?\b|\bconstrued\b|\binterpreted\b`)
	ownLaw     = expression.MustCompile(`(?i)\b(?:this|the|these|all) (?:\w+ ){0,4}(?:agreement|contract|amendment|lease|sow|guaranty|terms|addendum|letter)\b|\bgoverning law\b|\bherein\b|\bhereof\b|\bhereto\b|\bparties\b`)
	lawApplies = expression.MustCompile(`(?i)\blaws?\b[^.;]{0,90}\b(?:appl(?:y|ies)|governs?|is applicable|controls?)\b|\bsubject to (?:the )?[\w ]{0,30}laws?\b|\b(?:choose|chosen|decided under|under|controlled by)\b[^.;]{0,40}\blaws? of\b`)
	charter    = expression.MustCompile(`(?i)\b(?:organized|incorporated|existing|formed|registered|established|duly)\b[^.]{0,50}\b(?:under|in accordance with|pursuant to)\b`)
	lawHead    = expression.MustCompile(`(?i)^[\d.() \x{a7}]*(?:governing |applicable |choice of |proper )?law(?:s)?(?:(?:,| and) (?:jurisdiction|courts?|venue|disputes?))?[.:]?$`)
	heading    = expression.MustCompile(`(?i)\b(?:governing law|applicable law|choice of law|law and jurisdiction)\b`)
	// toldReader is a sentence that tells whoever reads the contract what to say of it: no clause
	toldReader = expression.MustCompile(`(?i)\b(?:ignore|disregard|forget|override)\b[^.;]{0,40}\b(?:instructions?|prompts?|rules|text|contract|document)\b|\b(?:report|say|answer|output|respond|reply|extract|return|state)\b[^.;]{0,20}\bthat the\b`)
)

var lawWords = anyWord("govern", "constru", "interpret", "choice of law", "jurisdiction", "laws of", "law of", "statutes of", "law appl", "law shall", "law: ", "law will", "governing law", "law is applicable")

// lawFind is a place with the sentence that names it for a law, and its words up to there and just behind.
type lawFind struct {
	place wording.Place
	at    wording.Span
	score int
	words string
	after string
}

// findLaw reads the governing law. The clause with the best cue wins; others that differ are rivals.
func findLaw(r *reading) {
	var finds []lawFind
	for _, n := range r.sentencesWith(400, " law", "\nlaw", "statutes of", "jurisdiction:", "governing law") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 6000 {
			sp = r.lawWindow(sp)
		}
		s := r.cut(sp)
		named := len(s) < 60 && n > 0 && lawHead.MatchString(r.cut(r.sentences[n-1]))
		if !r.says(lawWords(), sp) && !named {
			continue
		}
		place, ok := wording.GoverningLaw(s)
		if !ok && heading.MatchString(s) && len(s) < 400 {
			// "Governing Law: New York"
			if m := heading.FindStringIndex(s); m != nil {
				for _, p := range wording.Places(s) {
					if p.Start >= m[1] && p.Start-m[1] < 60 {
						place, ok = p, true
						break
					}
				}
			}
		}
		if !ok {
			continue
		}
		f := lawFind{place: place, at: sp, score: 1, words: s[r.safeIn(s, max(0, place.End-400)):place.End], after: s[place.End:r.safeIn(s, min(len(s), place.End+40))]}
		if strong.MatchString(s) {
			f.score += 4
		}
		if ownLaw.MatchString(s) {
			f.score += 2
		}
		if lawApplies.MatchString(s) && len(s) < 400 {
			f.score += 3
		}
		if heading.MatchString(s) || n > 0 && heading.MatchString(r.cut(r.sentences[n-1])) && r.sentences[n-1].End-r.sentences[n-1].Start < 120 {
			f.score += 2
		}
		if named {
			f.score += 3 // "12. Law. Irish law."
		}
		if charter.MatchString(s) && !strong.MatchString(s) {
			f.score -= 6
		}
		if place.Name == "United States" {
			f.score -= 3
		}
		if toldReader.MatchString(s) {
			f.score -= 4 // what it names is shown, and goes before no clause
		}
		f.at = wording.Span{Start: sp.Start, End: sp.End}
		if sp.End-sp.Start > 700 {
			f.at = r.clauseSpan(sp.Start+max(0, place.Start-200), sp.Start+place.End)
		}
		finds = append(finds, f)
	}
	best := -1
	for i, f := range finds {
		if f.score >= 3 && (best < 0 || f.score > finds[best].score) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	v := pact.Text(finds[best].place.Name)
	confidence := confidenceLawWeak
	if finds[best].score >= 5 {
		confidence = confidenceLaw
	}
	c := r.term("governing_law", &v, confidence, finds[best].at)
	for i, f := range finds {
		if i != best && f.score >= 5 && !strings.EqualFold(f.place.Name, finds[best].place.Name) {
			rival(c, pact.Text(f.place.Name), "0.40", r.evidence(f.at))
			if !slices.Contains(federal, f.place.Name) { // which of the two is for a person to say
				c.Confidence = decimal.Min(c.Confidence, sure(confidenceAsked))
			}
		}
	}
	r.contradictLaw(finds)
}

// lawWindow cuts the part of an overlong sentence that speaks of governing law.
func (r *reading) lawWindow(sp wording.Span) wording.Span {
	i := strings.Index(r.lower[sp.Start:sp.End], "governed")
	if i < 0 {
		return wording.Span{Start: sp.Start, End: r.safe(min(sp.End, sp.Start+1500))}
	}
	return wording.Span{Start: r.safe(max(sp.Start, sp.Start+i-300)), End: r.safe(min(sp.End, sp.Start+i+600))}
}
