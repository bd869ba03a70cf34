package wording

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Which step a part of a price hangs on. It stands behind the figure, "20 % upon order, 30 % upon delivery", or ahead of it, "upon order
// 20 %, upon delivery 30 %": between two figures there is one step for either, so a passage is read as a whole.

const (
	// What a price may hang on. An invoice, a notice or the end of a month is no step of the work.
	stepWord = `(?:(?:the|its|their|a|an|each|full|final|successful|formal|written|customer's|client's|buyer's|purchaser's|both parties'?) ){0,3}(?:(?:(?:[\w-]+ ){0,2}?(?:signing|signature|execution|acceptance|completion|commissioning|installation|hand-?over|taking[- ]over|go-?live|kick-?off|sign-?off|approval|commencement|start|erection|assembly|shipment|dispatch|despatch|mobili[sz]ation|delivery|award|launch|closing|opening|filing|issuance|publication|enrol+ment|first sale|commercial sale|anniversary|order confirmation))|receipt|readiness|(?:notice|notification|advice) (?:of (?:readiness|completion|acceptance|award)|that (?:the )?[\w-]+ (?:is|are) ready)|confirmation of (?:the )?order|exchange of contracts|expiry of the (?:defects|warranty|guarantee|retention|maintenance)|(?:signing|effective|commencement|contract|go-?live|start) date|(?:placing |placing of |placement of )?(?:the |an )?(?:purchase )?order|order placement|(?:milestone|phase|stage) (?:\d{1,2}|[a-f]|i{1,3}|iv|v|one|two|three|four|five))\b(?: (?:(?:of|by|for|to) (?:(?:the|this|its|all|a|an|both) ){0,2}(?:[\w#'/-]+ ?){1,5}?(?: by (?:the )?[\w-]+)?|(?:liability )?period))?`
	stepLead = `[ ,:)]*(?:\([^)]{0,40}\) ?)?(?:of (?:the |its |this |such |that )?(?:[\w'-]+ ){1,5}?)?(?:as (?:an? )?(?:(?:advance|down|first|initial|interim|progress|final) )?(?:payment|deposit|instal+ment),? )?(?:(?:is|are|shall be|will be|to be|becomes?|falls?|shall become) )?(?:(?:due|payable|paid|invoiced|billed)(?: and payable| in full)? )?(?:by (?:the )?\w+ )?,? ?`
	stepTime = `(?:within|no later than|not later than|in) ([^.;:]{2,40}?\b(?:days?|weeks?|months?))`
	// stepLink leads to a step. What is payable before one keeps the word in its name.
	stepLink = `(?:(?:(?:immediately |promptly )?(?:up)?on|at|after|following|when|against|with) |(prior to |before ))`
	stepEnd  = `(?:[ ]*(?:[,.;)]|and\b|or\b|plus\b|$)|$)`
	// Ahead of a figure: where a step may begin, and what may stand between it and the figure.
	stepBegin = `(?i)(?:^|[;:,.(]|\b(?:and|pay|paid|payable|due|made|payments?)) ?(?:\(?(?:[a-h]|i{1,3}|iv|v|\d)[.)] )?`
	stepPays  = `[ ,:\x{2013}-]*(?:as to |(?:the )?(?:[a-z]+ ){1,3}(?:shall|will|must) pay |pays? )?(?:(?:a|an|the) )?(?:(?:first|second|third|final|last|further|initial|next|remaining) )?(?:(?:down |advance |interim )?(?:payment|instal+ment|deposit|sum|amount|balance|remainder|rest) (?:of )?)?$`
)

var (
	stepAfter  = expression.MustCompile(`(?i)^` + stepLead + stepLink + `(` + stepWord + `)(?:(?:,| and)? ?(?:payable |due |to be paid )?` + stepTime + `)?` + stepEnd)
	stepWithin = expression.MustCompile(`(?i)^` + stepLead + stepTime + ` (?:of|after|following|from|upon) (` + stepWord + `)` + stepEnd)
	stepLater  = expression.MustCompile(`(?i)^` + stepLead + `((?:[a-z-]+|\d+)(?: \(\d+\))? (?:(?:calendar|business|working) )?(?:days?|weeks?|months?)) (?:after|following|from) (` + stepWord + `)` + stepEnd)
	stepDay    = expression.MustCompile(`(?i)^` + stepLead + `(?:on|by|not later than|no later than|on or before) (?:the )?$`)

	stepAhead      = expression.MustCompile(stepBegin + stepLink + `(` + stepWord + `)(?:,? ` + stepTime + `)?` + stepPays)
	stepLaterAhead = expression.MustCompile(stepBegin + `(?:within |no later than |not later than )?((?:[a-z-]+|\d+)(?: \(\d+\))? (?:(?:calendar|business|working) )?(?:days?|weeks?|months?)) (?:of|after|following|from|upon) (` + stepWord + `)` + stepPays)
	stepDayAhead   = expression.MustCompile(stepBegin + `(?:on|by|not later than|no later than|on or before) (?:the )?$`)
	stepPaysOnly   = expression.MustCompile(`(?i)^` + stepPays)
	// stepOwn is an item that has nothing but its step ahead of its figure: "Kick-off - ".
	stepOwn = expression.MustCompile(`(?i)^ ?(` + stepWord + `)(?: ?[:\x{2013}-] ?|\t| {2,})$`)
	// stepTime behind the figure, where the step stood ahead of it.
	stepTrail = expression.MustCompile(`(?i)^[ ,]*(?:(?:payable|due|to be paid) )?` + stepTime + `[ ]*(?:[,.;)]|and\b|$)`)

	// stepLatest is a day on which a part falls due at the latest, whether or not its step was reached.
	stepLatest = expression.MustCompile(`(?i)^[ ,(]*(?:(?:but|and|in any (?:case|event)) )*(?:no|not) later than ([^.;,()]{3,60}?)\)?(?:[.;,]|$)`)

	// paperCame is the receipt of what asks for the payment, which is no step of the work.
	paperCame = expression.MustCompile(`(?i)^(?:(?:the|its|their|a|an|each|full|final|successful|formal|written) )*(?:receipt$|(?:receipt|delivery|issuance) of (?:(?:the|its|a|an|each|any|such|final|valid|proper|correct|undisputed|supplier's|seller's) )*(?:invoices?|bills?|statements?|notices?|requests?|demands?|payments?|funds?|confirmation of payment)\b)`)
)

// hung is a part with its step. It is plain where nothing but the step stands between the two.
type hung struct {
	Instalment
	plain bool
}

// plan is a reading of the figures up to one.
type plan struct {
	parts []Instalment
	end   int // of what is used up
	worth int
}

// with is the plan and one part more. What has more parts is the better reading, then what has its steps beside the figures, then what
// has them behind.
func (p plan) with(h hung, behind bool) plan {
	worth := 100
	if h.plain {
		worth += 10
	}
	if behind {
		worth++
	}
	return plan{append(p.parts[:len(p.parts):len(p.parts)], h.Instalment), max(p.end, h.End), p.worth + worth}
}

// maxFigures bounds the figures of a passage that are tied to steps.
const maxFigures = 40

// partsOf ties figures to steps, in the way in which most find one.
func partsOf(s string) []Instalment {
	figures := sharesOf(s)
	if len(figures) > maxFigures {
		return nil
	}
	var free, used plan // the best where the last figure has not used, or has used, what stands behind it
	if wholeFirst(figures) {
		free.end, figures = figures[0].End, figures[1:]
	}
	var behind hung
	has := false
	used.worth = -1
	for i, part := range figures {
		to := len(s)
		if i+1 < len(figures) {
			to = figures[i+1].Start
		}
		last, claimed := behind, has
		behind, has = part.stepBehind(s, to)
		nextFree, nextUsed := free, plan{worth: -1}
		for n, before := range []plan{free, used} {
			if before.worth < 0 {
				continue
			}
			from := before.end
			if n == 0 && i > 0 {
				from = max(from, figures[i-1].End)
			}
			if n == 1 && before.worth > nextFree.worth {
				nextFree = before
			}
			if stepNoPay.MatchString(s[max(from, part.Start-70):min(to, part.End+50)]) {
				continue
			}
			if has {
				if next := before.with(behind, true); next.worth > nextUsed.worth {
					nextUsed = next
				}
			}
			if ahead, ok := part.stepAhead(s, from, to); ok && (n == 1 || ahead.plain || !claimed || !last.plain) {
				if next := before.with(ahead, false); next.worth > nextFree.worth {
					nextFree = next
				}
			}
		}
		free, used = nextFree, nextUsed
	}
	if used.worth >= free.worth {
		return used.parts
	}
	return free.parts
}

// wholeFirst tells whether the first figure is a sum and the others are the shares that make it up.
func wholeFirst(figures []Instalment) bool {
	if len(figures) < 3 || figures[0].Amount == nil {
		return false
	}
	left := decimal.NewFromInt(100)
	for _, f := range figures[1:] {
		switch {
		case f.Rest:
			return true
		case f.Percent == nil:
			return false
		}
		left = left.Sub(*f.Percent)
	}
	return left.IsZero()
}

// goesOn tells whether what stands behind a figure goes on without a comma: "20 % upon order".
func goesOn(s string, at int) bool {
	rest := strings.TrimLeft(s[at:], " ")
	return rest != "" && !strings.ContainsAny(rest[:1], ",;.") && !strings.HasPrefix(rest, "and ")
}

// stepBehind finds what a part hangs on behind its figure.
func (p Instalment) stepBehind(s string, to int) (hung, bool) {
	at := p.End
	after := s[at:min(to, at+200)]
	plain := goesOn(s, at)
	for _, later := range []*expression.Expression{stepLater, stepWithin} {
		if m := later.FindStringSubmatchIndex(after); m != nil && p.within(part(after, m, 1)) {
			p.Event, p.End = strings.Trim(part(after, m, 2), " ,"), at+m[5]
			return hung{p, plain}, !paperCame.MatchString(p.Event)
		}
	}
	if m := stepAfter.FindStringSubmatchIndex(after); m != nil {
		if m[6] >= 0 && !p.within(part(after, m, 3)) {
			return hung{}, false
		}
		p.Event, p.End = strings.Trim(part(after, m, 1)+part(after, m, 2), " ,"), at+max(m[5], m[7])
		if m := stepLatest.FindStringSubmatchIndex(s[p.End:to]); m != nil && p.Within == nil {
			p.Latest, p.End = part(s[p.End:to], m, 1), p.End+m[3]
		}
		return hung{p, plain}, !paperCame.MatchString(p.Event)
	}
	if dates := Dates(after); len(dates) > 0 && dates[0].Date != "" && len(dates[0].Readings) == 0 && stepDay.MatchString(after[:dates[0].Start]) {
		p.Due, p.End = dates[0].Date, at+dates[0].End
		return hung{p, plain}, true
	}
	return hung{}, false
}

// stepAhead finds what a part hangs on ahead of its figure, behind from. A time may follow the figure: "on acceptance 60 % within 30 days".
func (p Instalment) stepAhead(s string, from, to int) (hung, bool) {
	from = max(from, p.Start-200)
	ahead := s[from:p.Start]
	plain := !strings.HasSuffix(strings.TrimRight(ahead, " "), ",")
	switch m := stepAhead.FindStringSubmatchIndex(ahead); {
	case m != nil:
		if m[6] >= 0 && !p.within(part(ahead, m, 3)) {
			return hung{}, false
		}
		p.Event, p.Start = strings.Trim(part(ahead, m, 1)+part(ahead, m, 2), " ,"), from+m[4]
	default:
		if m = stepLaterAhead.FindStringSubmatchIndex(ahead); m != nil && p.within(part(ahead, m, 1)) {
			p.Event, p.Start = strings.Trim(part(ahead, m, 2), " ,"), from+m[2]
			return hung{p, plain}, !paperCame.MatchString(p.Event)
		}
		dates := Dates(ahead)
		if n := len(dates) - 1; n >= 0 && dates[n].Date != "" && len(dates[n].Readings) == 0 && stepDayAhead.MatchString(ahead[:dates[n].Start]) && stepPaysOnly.MatchString(ahead[dates[n].End:]) {
			p.Due, p.Start = dates[n].Date, from+dates[n].Start
			return hung{p, plain}, true
		}
		return hung{}, false
	}
	if m := stepTrail.FindStringSubmatchIndex(s[p.End:to]); m != nil && p.Within == nil && p.within(part(s[p.End:to], m, 1)) {
		p.End += m[3]
	}
	return hung{p, plain}, !paperCame.MatchString(p.Event)
}

func (p *Instalment) within(s string) bool {
	d := Durations(s)
	if len(d) != 1 || len(d[0].Readings) > 0 {
		return false
	}
	p.Within = &d[0].Duration
	return true
}
