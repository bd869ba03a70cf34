package wording

import "github.com/pactloop/pactloop/internal/wording/expression"

var (
	// touches are words of a change.
	touches = expression.MustCompile(`(?i)\b(?:(?:is|are|shall be|will be|be|hereby|now|parties|agree to|to) (?:[a-z]+ ){0,2}?(?:changed?|amend(?:ed|s)?|modif(?:y|ied|ies)|revised?|increased?|decreased?|reduced?|raised?|lowered?|shortened?|lengthened?|extended?|postponed?|moved?|substituted?|replaced?|deleted?|removed?|omitted|inserted?|added?|suspended?|waived?|doubled|halved|corrected?|varied|vary|adjusted?|superseded?|clarified|disapplied)|shall no longer|will no longer|instead of|rather than|henceforth|hereafter|from now on|in lieu of|(?:shall|will) not apply|ceases? to apply|now (?:provides?|reads?|means?|is|are))\b`)
	// goesBefore stands before a clause that yields to what the amendment says.
	goesBefore = expression.MustCompile(`(?i)\b(?:notwithstanding|despite|contrary to|in (?:departure|deviation) from|by way of exception to|in derogation of|instead of)(?: the (?:provisions|terms) of| anything (?:to the contrary )?(?:stated |contained |set forth )?in)?(?: the)? $`)
	// leaves says that nothing changes, tells of the past or of a wish, or only refers.
	leaves   = expression.MustCompile(`(?i)\b(?:except|save) (?:as|to the extent|for)\b|\bas (?:so |hereby |further |previously |heretofore |last )?(?:amended|modified|changed|supplemented|revised|increased|adjusted|extended)\b|\bremains? (?:unchanged|unaltered|unaffected|valid|binding|in (?:full )?(?:force|effect))|\bnothing (?:in|contained|herein)\b|\bmeanings?\b[^.;]{0,40}\b(?:given|assigned|ascribed|set forth)\b|\bwhereas\b|\b(?:wish|wishes|desires?|intends?|would like|propose) to\b|\b(?:was|were|has been|have been|had been) (?:previously |duly )?[a-z]+ed\b|\bmay (?:only )?be (?:amended|modified|changed|waived)\b|^(?:if|in the event|unless|recitals?)\b|\bhave (?:agreed|determined|decided)\b|\bthis (?:exhibit|schedule|annex|appendix|attachment|section|clause)\b|\breferences? to (?:the )?(?:agreement|amendment)\b|\bsubject to\b[^.;]{0,40}$`)
	retitled = expression.MustCompile(`(?i)\b(?:agreement|contract|msa|lease)\b[^.;]{0,60}\b(?:bears? the (?:title|name)|be (?:re-?named|re-?titled|known as|entitled|titled)|is (?:hereby )?(?:re-?named|re-?titled)|title (?:is|shall be) (?:changed|amended))\b|\b(?:title|name) of (?:the|this) (?:agreement|contract|msa|lease) (?:is|shall be|will be)\b`)
)

// itsOwn stands behind a clause or attachment of the amendment itself.
var itsOwn = expression.MustCompile(`(?i)^,? ?(?:below|above|hereof|hereto|herein|hereunder|attached|enclosed|as attached)\b`)

// MayChange tells of a sentence of an amendment in which Operations finds nothing that it seems to change the amended contract all the same: it
// names a clause of it and speaks of a change, or a value that goes before a clause. Which one, and where; a person says what it does.
func MayChange(s string) (at Span, target string, ok bool) {
	if leaves.MatchString(s) {
		return Span{}, "", false
	}
	if beside, ok := withoutHeading(s); ok {
		if len(unquoted(targets(beside), beside)) == 0 {
			return Span{}, "", false
		}
		s = beside
	}
	if m := retitled.FindStringIndex(s); m != nil {
		return Span{m[0], m[1]}, "", true
	}
	for _, t := range targets(s) {
		if itsOwn.MatchString(s[t.End:]) {
			continue
		}
		before := goesBefore.FindStringIndex(s[:t.Start])
		if _, valued := valueAt(s[t.End:]); before != nil && valued {
			return Span{before[0], len(s)}, t.name, true
		}
		if m := touches.FindStringIndex(s); m != nil {
			return Span{min(t.Start, m[0]), max(t.End, m[1])}, t.name, true
		}
	}
	return Span{}, "", false
}

// once tells that a sentence speaks of one case and leaves the clause as it is: "the invoice dated July 1, 2026 shall be payable within ninety
// days; this is a one-time accommodation".
var (
	once = expression.MustCompile(`(?i)\b(?:one[- ]time|one[- ]off|once only|on (?:this|that|one) occasion only|(?:for )?this (?:one )?(?:time|invoice|order|occasion|instance) only|not (?:be |constitute )?a (?:continuing|course)|sets? no precedent|(?:this|that|one) single (?:occasion|instance|invoice)|single (?:occasion|instance))\b`)
	// paidOnce is a price, and no exception.
	paidOnce = expression.MustCompile(`(?i)\bone[- ](?:time|off) (?:[\w-]+ ){0,3}?(?:fees?|charges?|costs?|prices?|services?|set-?up|migration|purchase)\b`)
	onePaper = expression.MustCompile(`(?i)\binvoice (?:dated|of [0-9A-Z]|no\.|number|#|[A-Z]*-?[0-9]{3,})`)
)

// Once tells whether a sentence of an amendment makes an exception for one case alone. What it says then is no value of the contract.
func Once(s string) bool {
	if once.MatchString(paidOnce.ReplaceAllString(s, "")) {
		return true
	}
	m := onePaper.FindStringIndex(s)
	return m != nil && goesBeforeAny(s[:m[0]])
}

func goesBeforeAny(s string) bool {
	for _, t := range targets(s) {
		if goesBefore.MatchString(s[:t.Start]) {
			return true
		}
	}
	return false
}
