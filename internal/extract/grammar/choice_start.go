package grammar

import "github.com/pactloop/pactloop/internal/wording/expression"

// Many contracts name no day on which they take effect but say which one it is: their own date, or that of the last signature.
// What is told apart here is who begins: the contract itself, only its term, or something else that merely begins on the same day
// (a warranty as it stands on the date hereof, a change of a clause, counterparts).

const (
	startsWithItsDate = 12 // the claim that the contract itself takes effect on its own date
	termWithItsDate   = 13 // the claim that its term begins on its own date
	startsWhenSigned  = 14 // the claim that it takes effect with the last signature
)

var (
	ownDay = expression.MustCompile(`^(?:(?:date|day)(?: and (?:year|date))? (?:hereof|first (?:\w+ ){0,2}(?:above|written|set forth|herein)|of (?:this|the|its) (?:\w+ ){0,3}?(?:agreement|contract|amendment|execution|signing|signature)|of execution|(?:last )?(?:set forth|noted|indicated|stated|written|shown|given|appearing|listed)(?: herein)?,? (?:above|below)|below|above written|(?:it is |this agreement is )?(?:signed|executed))|signing date)`)

	// "This Agreement shall become", "the parties have executed this Agreement to be effective as of the"
	selfTakesEffect = expression.MustCompile(`(?:\b(?:this|the|said) (?:[\w-]+ ){0,4}?(?:agreement|contract|amendment|addendum|lease|licen[cs]e|deed|instrument|arrangement)|[,;] it|\bit)\b["')]*(?: \("[^"]{0,40}"\))?(?: (?:is|are|shall|will|to|be|been|being|made|duly|has|have|had|hereby|and|entered|executed|signed|concluded|become|becomes|come|comes|enter|enters|takes?|in|into|full|force|effect|effective|commences?|begins?|starts?|valid|binding|automatically|for|all|purposes|on|as|at|of|from|after|upon|with|by|its|their|respective|duly|authori[sz]ed|officers|representatives|parties|the|hereto|thereunto)|,){1,22} $`)
	effectWord      = expression.MustCompile(`\b(?:effective|effect|force|commences?|begins?|starts?|valid)\b`)
	startMeans      = expression.MustCompile(`\b(?:effective|commencement) date"?(?:\))?(?: of (?:this|the) \w+)? (?:means|shall mean|is|shall be|will be) (?:the )?$`)
	termBegins      = expression.MustCompile(`\bterm\b(?:[^.;]{0,60})\b(?:commenc(?:es?|ing)|begins?|beginning|starts?|starting|effective)(?: (?:on|as|of|from|at|upon|and|after|the))* $|\b(?:term|period) (?:of this \w+ )?(?:is|of|shall be|will be)\b[^.;]{0,50} from (?:and after )?(?:the )?$`)

	byLastHand = expression.MustCompile(`^(?:(?:last|latest|later|final)\b[^.;]{0,30}\b(?:sign\w*|execut\w*|dates?|date below|party|parties)\b|(?:date of (?:the )?(?:last |final )?)?(?:signatures?|signing|execution|full execution)\b|(?:signatures?|signing|execution|completion of the execution)(?: (?:hereof|of this \w+))?(?: (?:by|of) (?:both|all|the (?:last|parties)|each)|$|[.,;])|(?:it (?:is|has been) )?(?:signed|executed) by (?:both|all|each|the (?:last|parties))|date (?:of (?:its |the )?(?:last )?(?:signature|signing|execution)\b|last (?:written|signed)|(?:this agreement|it) is (?:last )?(?:signed|executed)))`)
	signedOnly = expression.MustCompile(`\b(?:unless|only|until|counterparts?|modif\w+|waiver|variation|amendments? (?:or|of|to)|fail\w*|each (?:module|order|statement))\b`)
)

// claimsOfDay looks for what the contract says of its own beginning in so many words.
func (r *reading) claimsOfDay(claim func(int, bool)) {
	for _, h := range r.hitsOf("date of", "date hereof", "day and", "date first", "date and", "date set forth", "date last", "date above", "date below", "date noted", "date indicated", "date stated", "date written", "date shown", "date listed", "date it is signed", "date this agreement is", "date signed", "signing date") {
		if !ownDay.MatchString(r.lower[h:min(len(r.lower), h+90)]) {
			continue
		}
		before := r.clauseBefore(h, 220)
		self := selfTakesEffect.FindStringIndex(before)
		r.claimStart(claim, startsWithItsDate, h, self != nil && effectWord.MatchString(before[self[0]:]) && !signedOnly.MatchString(before) || startMeans.MatchString(before))
		claim(termWithItsDate, termBegins.MatchString(before))
	}
	for _, h := range r.hitsOf("last", "latest", "later of", "final sign", "signature", "signing", "signed", "execution", "executed", "date of", "date last") {
		if !byLastHand.MatchString(r.lower[h:min(len(r.lower), h+90)]) {
			continue
		}
		before := r.clauseBefore(h, 160)
		self := selfTakesEffect.FindStringIndex(before)
		said := self != nil && effectWord.MatchString(before[self[0]:]) || startMeans.MatchString(before)
		end := h + byLastHand.FindStringIndex(r.lower[h:min(len(r.lower), h+90)])[1]
		// "and is effective as of the date last signed below (the "Effective Date")", however far its subject is
		said = said || effectiveAsOf.MatchString(before) && calledStart.MatchString(r.lower[end:min(len(r.lower), end+110)])
		r.claimStart(claim, startsWhenSigned, h, said && !signedOnly.MatchString(before))
		if madeThen.MatchString(before) && !signedOnly.MatchString(before) {
			r.claims |= 1 << madeWhenSigned
		}
	}
	if r.claims>>startsWhenSigned&1 == 1 {
		r.claims |= 1 << madeWhenSigned
	}
}

// madeWhenSigned is the claim that the contract is made with the last signature. It decides among days and describes none.
const madeWhenSigned = 16

var (
	effectiveAsOf = expression.MustCompile(`\beffective (?:as )?(?:of|on|from|upon) (?:the )?$`)
	madeThen      = expression.MustCompile(`\b(?:made|entered into|dated|concluded|agreed)(?: (?:and|entered|into|made|effective|dated|executed))* (?:as of|on|as at|with effect from) (?:the )?(?:date of (?:the )?)?$`)
)

// claimStart notes a claim and the first place that makes one, so that it is shown beside the day.
func (r *reading) claimStart(claim func(int, bool), which, at int, yes bool) {
	claim(which, yes)
	if yes && r.startsAt == 0 {
		r.startsAt = at
	}
}

// clauseBefore is what stands before a place in the same clause.
func (r *reading) clauseBefore(at, room int) string {
	from := max(0, at-room)
	for i := at - 1; i >= from; i-- {
		if c := r.lower[i]; c == ';' || c == '.' && i+1 < len(r.lower) && (r.lower[i+1] == ' ' || r.lower[i+1] == '\n') {
			return r.lower[i+1 : at]
		}
	}
	return r.lower[from:at]
}
