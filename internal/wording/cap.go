package wording

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Cap is a limit of liability as read.
type Cap struct {
	Span
	Cap         pact.Cap
	Ambiguities []pact.Ambiguity
	Unpicked    bool
}

var (
	capCue     = expression.MustCompile(`(?i)(?:shall|will|may|does|do|would) (?:not|in no (?:event|case)) (?:in (?:the )?aggregate |in any (?:event|case) |collectively )?exceed|(?:not|never) (?:to )?exceed(?:ing)?|exceeds?\b|in excess of|(?:is|are|be|shall be|hereby) (?:strictly |expressly )?limited (?:in (?:the )?(?:aggregate|total) )?to|limited to|greater than|more (?:in total |altogether |in all |in aggregate )?than|capped at|restricted to|confined to|(?:cap|limit|ceiling|maximum) (?:on|of|for) (?:the |its |our |their |each party's )?(?:aggregate |total |overall )?liabilit(?:y|ies)[^.;:]{0,60}?(?::|is|are|shall be|=)|(?:the )?most (?:that )?[^.;]{0,120}?(?:can|may|could|will|shall|must|has to|have to)\b[^.;]{0,80}?(?: is|:)|liable (?:only )?(?:for )?up to|to a maximum of|(?:will|shall) not pay more than|maximum sum[^.;]{0,60}? is|\bliabilit(?:y|ies)(?:(?: [a-z]+){0,6} ?:|(?: (?:cap|limit))? ?[:\t|])|\b(?:cap on|limit of) liability ?[\t|]|\bis higher than\b|\bliabilit(?:y|ies)[^.;]{0,60}? ends at|up to(?: a maximum of)?|maximum (?:aggregate )?(?:liability|amount)|be equal to|(?:does|do|shall|will|may|can) not go (?:beyond|above)|\bbeyond\b|(?:no|not|never|nor) (?:more|higher) than|stops? at|limited[^.;]{0,30}? to|to (?:the|a|an) (?:sum|amount|extent) of|(?:ceiling|cap)\b[^.;:]{0,40}?(?: is|:| of| at| shall be)|(?:limit|maximum)\b[^.;:]{0,40}?(?: is|:| shall be)|capped[^.;]{0,20}? at`)
	capSubject = expression.MustCompile(`(?i)\b(?:liabilit(?:y|ies)|liable|damages|(?:can|may) (?:owe|be made to pay)|responsib\w+|answers?|not pay more|owes?|compensat\w+|made good|claims for|cap on claims|(?:has|have) to pay the other|answerable|cost (?:us|you|the supplier))\b`)
	fees       = expression.MustCompile(`(?i)\b(?:(?:total |aggregate |cumulative |annual |monthly |all |subscription |license |service |support |amount of |amounts? |sums? |compensation |consideration |payments? |charges |net |contract |purchase )*(?:fees?|charges|amounts?|sums?|payments?|price|compensation|consideration|commissions?|royalt(?:y|ies)|revenues?|value))\b[^.;]{0,80}?\b(paid|payable|received|due|owed|owing|invoiced|billed|charged|actually received|to be paid|of this agreement|under this agreement|hereunder)\b`)
	feesBare   = expression.MustCompile(`(?i)\b(?:fees?|charges|contract price|order (?:value|price)|(?:annual|yearly|monthly|total|purchase) (?:price|remuneration|charge|value|consideration)|remuneration|value of the (?:order|contract|work|services|goods)|price (?:paid|payable)|invoice value|what (?:it|you|the \w+) (?:has |have )?paid|what (?:was|is|has been) (?:paid|payable|invoiced)|contract value|price of the (?:order|contract|work|services)|contract sum)\b`)
	multiple   = expression.MustCompile(`(?i)\b(?:(twice|two times|double|three times|triple|four times|five times|ten times|one and (?:a|one)[ -]half times|1\.5 times|(\d{1,3}(?:\.\d)?) ?(?:x|times))|(` + numberWord + `) \((\d{1,3})\) times)\b`)
	annualFee  = expression.MustCompile(`(?i)\b(?:annual|yearly|year's|one year of|a year of)(?: \w+){0,2} (?:fees?|charges?|price|amounts?|remuneration|subscription)|\b(?:fees?|charges|amounts?|sums?|remuneration|price|paid)\b[^.;]{0,50}\b(?:of|for|in|during|per|over) (?:the|that|a|each|any|one|such) (?:(?:full|contract|calendar|relevant|same|current|service|agreement|given) )?year\b`)
	monthlyFee = expression.MustCompile(`(?i)\bmonthly(?: \w+){0,2} (?:fees?|charges?|price|remuneration|subscription)\b`)
	monthsFee  = expression.MustCompile(`(?i)^['\x{2019}]?s? ?['\x{2019}]?(?: worth of| of)?(?: the)?(?: \w+){0,2} (?:fees?|charges?|remuneration|rent|payments?|subscription)\b`)
	feeShare   = expression.MustCompile(`(?i)^ ?\)?(?: of)?(?: the| all| its| your| our| that)?(?: \w+(?:'s)?){0,2} (?:total |aggregate |annual |yearly |amounts?|fees?|charges?|sums?|purchase|contract|price|remuneration|order|what)`)
	capWindow  = expression.MustCompile(`(?i)\b(?:preceding|prior|previous|immediately|before|last|during|in|for|over|period of|within|trailing)\b`)
	greaterOf  = expression.MustCompile(`(?i)\b(?:greater|higher|larger) of\b|\bwhichever (?:is|be|amount is|sum is)(?: the)? (?:greater|higher|larger|more)\b`)
	lesserOf   = expression.MustCompile(`(?i)\b(?:lesser|lower|smaller) of\b|\bwhichever (?:is|be|amount is|sum is)(?: the)? (?:lesser|less|lower|smaller)\b|\b(?:with|subject to|up to) a maximum of\b`)
	coverage   = expression.MustCompile(`(?i)\b(?:insurance|coverage|insured)\b`)
)

// LiabilityCap reads the limit from a clause on liability: an amount, a multiple of fees with its window, or both.
func LiabilityCap(s string) (Cap, bool) {
	if !strings.ContainsAny(s, "$€£0123456789") && !feesBare.MatchString(s) && !strings.Contains(strings.ToLower(s), "amount") && !strings.Contains(strings.ToLower(s), "paid") {
		return Cap{}, false
	}
	for _, cue := range capCue.FindAllStringIndex(s, -1) {
		if !capSubject.MatchString(s[max(0, cue[0]-500):min(len(s), cue[1]+80)]) {
			continue
		}
		window := s[cue[1]:min(len(s), cue[1]+420)]
		if i := strings.Index(window, ". "); i > 12 {
			window = window[:i]
		}
		if Blank(window[:min(len(window), 40)]) || coverage.MatchString(window[:min(len(window), 60)]) {
			continue
		}
		c, ok := capIn(window)
		if !ok {
			continue
		}
		c.Start, c.End = c.Start+cue[0], c.End+cue[1]
		c.Start = cue[0]
		return c, true
	}
	return Cap{}, false
}

func capIn(s string) (Cap, bool) {
	var c Cap
	if sums := Sums(s); len(sums) > 0 && sums[0].Start <= 200 {
		sum := sums[0]
		c.End = sum.End
		if len(sum.Readings) > 0 {
			c.Unpicked = true
			a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the limit differ. Which is right?"}
			for _, r := range sum.Readings {
				a.Readings = append(a.Readings, pact.Value{Kind: pact.CapValue, Cap: &pact.Cap{Amount: &r}})
			}
			c.Ambiguities = append(c.Ambiguities, a)
			return c, true
		}
		amount := sum.Amount
		c.Cap.Amount = &amount
	}
	if m := feeWords(s); m != nil && (c.Cap.Amount == nil || greaterOf.MatchString(s) || lesserOf.MatchString(s)) {
		one := decimal.NewFromInt(1)
		c.Cap.Multiple = &one
		c.Cap.Basis = "fees_payable"
		low := strings.ToLower(s[m[0]:min(len(s), m[1]+30)])
		if strings.Contains(low, "paid") || strings.Contains(low, "received") {
			c.Cap.Basis = "fees_paid"
		}
		if strings.Contains(low, "payable") || strings.Contains(low, "to be paid") {
			c.Cap.Basis = "fees_payable"
		}
		c.End = max(c.End, m[1])
		if n := multipleOf(s); !n.IsZero() {
			c.Cap.Multiple = &n
		}
		for _, d := range Durations(s) {
			if len(d.Readings) == 0 && d.End <= m[1] && d.Start < 60 && monthsFee.MatchString(s[d.End:min(len(s), d.End+60)]) { // "six months' fees"
				w := d.Duration
				c.Cap.Window = &w
				break
			}
			if len(d.Readings) == 0 && d.Start > m[0] && capWindow.MatchString(s[max(0, d.Start-60):d.Start]) {
				w := d.Duration
				c.Cap.Window, c.End = &w, max(c.End, d.End)
				break
			}
		}
		if at := annualFee.FindStringIndex(s); c.Cap.Window == nil && at != nil && at[0] < m[1]+20 {
			c.Cap.Window = &calendar.Duration{Value: 12, Unit: calendar.UnitMonth}
		} else if at := monthlyFee.FindStringIndex(s); c.Cap.Window == nil && at != nil && at[0] < m[1]+20 {
			c.Cap.Window = &calendar.Duration{Value: 1, Unit: calendar.UnitMonth}
		}
	}
	if c.Cap.Amount == nil && c.Cap.Multiple == nil {
		return c, false
	}
	if c.Cap.Amount != nil && c.Cap.Multiple != nil {
		switch {
		case greaterOf.MatchString(s):
			c.Cap.Text = "the greater of the two"
		case lesserOf.MatchString(s):
			c.Cap.Text = "the lesser of the two"
		}
	}
	return c, true
}

func feeWords(s string) []int {
	if m := fees.FindStringIndex(s); m != nil {
		return m
	}
	if m := feesBare.FindStringIndex(s); m != nil && m[0] < 60 {
		return m
	}
	return nil
}

func multipleOf(s string) decimal.Decimal {
	if m := multiple.FindStringSubmatch(s); m != nil {
		if m[2]+m[4] != "" {
			d, err := decimal.NewFromString(m[2] + m[4])
			if err == nil {
				return d
			}
		}
		switch w := strings.ToLower(m[1]); {
		case strings.HasPrefix(w, "tw"), w == "double":
			return decimal.NewFromInt(2)
		case strings.HasPrefix(w, "th"), w == "triple":
			return decimal.NewFromInt(3)
		case strings.HasPrefix(w, "fo"):
			return decimal.NewFromInt(4)
		case strings.HasPrefix(w, "fi"):
			return decimal.NewFromInt(5)
		case strings.HasPrefix(w, "te"):
			return decimal.NewFromInt(10)
		case strings.HasPrefix(w, "one and"), w == "1.5 times":
			return decimal.New(15, -1)
		}
	}
	for _, p := range Percents(s) {
		if len(p.Readings) == 0 && feeShare.MatchString(s[p.End:min(len(s), p.End+40)]) {
			return p.Value.Shift(-2)
		}
	}
	return decimal.Decimal{}
}

var (
	autoYes     = expression.MustCompile(`(?i)\brenewal[^.;]{0,40}\(auto(?:matic|matically)?\)|\brenew(?:s|al)?[ \t|:]+auto(?:matic|matically)?\b|\b(?:is|shall be|will be|are) deemed (?:to be )?(?:renewed|extended|prolonged)\b|\b(?:subscription|plan|order|agreement|contract|term|licen[cs]e|it|and) (?:then |thereafter )?(?:renews|extends) (?:each|every|for|by|on each|annually|yearly|monthly)\b|\bgoes on for (?:successive|further|another|additional)|\bcontinu(?:e[sd]?|ing)[^.;]{0,40}\b(?:for|in) (?:successive|consecutive|rolling|further)(?: \w+){0,4} (?:years?|periods?|terms?|months?)\b|\b(?:successive|rolling|consecutive) (?:renewal |one[- ]year |annual |yearly |monthly |twelve[- ]month |12[- ]month )*(?:periods?|terms?|years)\b[^.;]{0,120}\b(?:unless|until|save|if (?:neither|not))\b|\b(?:is|are|shall be|will be|be) (?:then |again |thereafter )?(?:extended|renewed|prolonged) (?:by|for) (?:a |an |one |another |further |successive |additional )[^.;]{0,80}\b(?:unless|if (?:neither|no|not)|save where|except where)\b|\b(?:unless|if (?:neither|no|not)|if, [^.;]{0,60}, neither)\b[^.;]{0,160}\b(?:continues|carries on|stays in force|remains in force|runs on|(?:is|be|shall be|will be) (?:\w+ )?(?:extended|prolonged|renewed)|it (?:renews|extends|prolongs)|a (?:new|further|fresh) (?:term|period|year) (?:begins|starts|follows))\b|\ba (?:new|further|fresh) (?:term|period|year)[^.;]{0,50}\b(?:begins|starts|follows|commences)\b|\b(?:carries on|stays in force|stays alive|rolls) (?:for|by|from|over) (?:another|a further|further|successive|one more|year|a year)|\brenewals? (?:is|are|shall be|will be) (?:tacit|automatic)|\bby tacit (?:renewal|agreement|extension)|\b(?:automatic(?:ally)?|shall|will|is|be|are|and)[ ,]+(?:be |thereafter |then |further |it |this agreement |the term |so )*(?:automatically |annually )?(?:renew(?:s|ed|ing)?|extend(?:s|ed)?|continued?|roll(?:s|ed)? over)\b|\bautomatic(?:ally)? (?:renew|exten)\w*|\bself[- ]renewing|\bevergreen\b|\bauto-?renew\w*|\b(?:renews|extends) automatically|\bshall be (?:deemed )?(?:automatically )?(?:renewed|extended)\b|\bfrom year to year\b|\byear[- ]to[- ]year\b|\bmonth[- ]to[- ]month\b|\brenews for (?:further|successive|additional|one|two|a|an|twelve|another|\d)|\b(?:renews?|prolongs?|extends?) itself\b|\brolls? over\b|\b(?:renew|continue)s? for further\b|\btacitly (?:renewed|prolonged|extended)\b|\b(?:is|are|shall be|will be) (?:tacitly |automatically |then )?prolonged\b|\bkeeps going\b|\b(?:continues|runs on|rolls on|goes on) for (?:another|a further|further|successive|additional|[\w() -]{3,24} at a time)\b|\brenewal ?: ?(?:automatic|auto\b|yes)|\brenews ?: |\brenew(?:al|s)[^.;]{0,60}\b(?:happens )?by itself\b`)
	autoNo      = expression.MustCompile(`(?i)\bmay (?:\w+ ){0,2}(?:call for|ask for|take|exercise)[^.;]{0,30}\bextensions?\b|\bno (?:automatic |tacit )?(?:renewal|extension|prolongation)\b|\b(?:renewal|extension|prolongation)s?\b[^.;]{0,40}\b(?:only (?:by|in|if|with)|requires?|needs?|shall require|must be agreed|(?:is|are) subject to)\b|\bcan (?:only )?be (?:extended|renewed|prolonged)\b|\bonly (?:be )?(?:extended|renewed|prolonged) (?:by|in|if|with)\b|\b(?:right|options?) (?:to (?:extend|renew|prolong)|(?:of|for) (?:renewal|extension))|\b(?:extended|renewed|prolonged) (?:once |twice )?(?:only )?(?:by|upon|in) (?:a )?(?:written|mutual|joint|further (?:written |agreement|amendment|contract)|separate|new)|\bends? [^.;]{0,30}without (?:any |further )?(?:need for |need of )?notice\b|\bmay agree\b[^.;]{0,40}\b(?:extend|renew)|\bany (?:extension|renewal) (?:requires|needs|must be)\b|\bmay(?:, [^.;]{0,120}?,)? (?:extend|renew) (?:the|this)\b|\brenewal ?: ?(?:none|no\b|by )|\bdoes not roll over\b|\bmay\b[^.;]{0,100}\b(?:require|elect|request|choose|opt)\b[^.;]{0,40}\b(?:extended|renewed|extend|renew|extension)|\bmay be (?:extended|renewed|prolonged)\b|\bat (?:the )?(?:sole )?option of\b|(?:^|[^-])\brenew(?:s|al)?[ \t|:]+(?:none|no(?:[.,;|\n]|$)|by (?:mutual|written)|at)|\bat (?:the )?(?:\w+ )?(?:customer|client|buyer|purchaser|authority|supplier|principal|licensee|bank)['\x{2019}]s (?:sole )?option\b|\b(?:two|three|one|four|\d) options? to\b|\bnot be (?:extended|renewed) otherwise\b|\b(?:no|not)(?: be)? (?:automatic(?:ally)?|tacit(?:ly)?) (?:renew|exten)\w*|\b(?:does|shall|will|is) not (?:be )?(?:automatically )?(?:renew|exten)\w*|\bmay (?:not )?be (?:renewed|extended)|\boption to (?:renew|extend)|\brenew(?:ed|able)? (?:only )?(?:by|upon|with|at) (?:the )?(?:mutual|written|option|prior)|\b(?:mutual|written) (?:written )?(?:agreement|consent)[^.]{0,60}\b(?:renew|exten)`)
	neverRenews = expression.MustCompile(`(?i)\b(?:expires?|ends?|lapses?|shall end) automatically\b[^.;]{0,80}\b(?:without|at the end)|\bno tacit (?:renewal|extension)|\bautomatic renewal (?:is )?excluded|\b(?:renewal|extension) (?:is|are) excluded\b|\b(?:automatic |auto-?)?renewal ?: ?(?:no|none|not applicable)\b|\b(?:does|shall|will|do) not roll over\b|\b(?:does|shall|will|do) not (?:be )?(?:automatically |tacitly )?(?:renew|extend|prolong)(?:ed)?(?: automatically| by itself| itself)?[.;, ]|\bno automatic renewal`)
	sureYes     = expression.MustCompile(`(?i)\bautomatic(?:ally)?[ ,]+(?:be |and )*(?:successively )?(?:renew|exten|continue|roll)\w*|\b(?:renew|extend)\w* automatically|\bunless\b[^.]{0,160}\b(?:notice|notif|non-?renewal|terminat|cancel|elect)|\bevergreen\b|\bfrom year to year\b`)
)

var optional = expression.MustCompile(`(?i)\bmay\b[^.;]{0,100}\b(?:require|elect|request|choose|opt)\b[^.;]{0,40}\b(?:extended|renewed|extend|renew)|\bat the (?:sole )?option of\b`)

// NeverRenews tells whether a clause says in so many words that the contract does not renew by itself.
func NeverRenews(s string) bool { return neverRenews.MatchString(s) }

// AutoRenewal tells whether a clause renews the contract by itself; known is false where the clause does not say.
func AutoRenewal(s string) (auto, known bool) {
	if neverRenews.MatchString(s) {
		return false, true
	}
	yes, no := autoYes.MatchString(s), autoNo.MatchString(s)
	if yes && RenewsThing(s) {
		yes = false
	}
	switch {
	case yes && (sureYes.MatchString(s) && !optional.MatchString(s) || !no):
		return true, true
	case no:
		return false, true
	}
	return false, false
}

var (
	renewsWhat = expression.MustCompile(`(?i)\b(?:shall|will|must) (?:\w+ly )?renew (?:the|its|their|his|all|any|each|every|such|an?) ([^.;]{3,60})`)
	heldThing  = expression.MustCompile(`(?i)\b(?:holds?|maintains?|keeps?|has|have) ([^.;]{3,60}?),? (?:which (?:is|are|shall be) |to be )?renewed (?:annually|yearly|(?:each|every) )`)
	ofContract = expression.MustCompile(`(?i)\b(?:agreements?|contracts?|terms?|lease|licen[cs]es?|subscriptions?|orders?|sow|periods?|arrangement|engagement|appointment|plans?|schedules?|services?|hire|it|option|franchise|support|maintenance)\b`)
)

// RenewsThing tells whether a sentence has somebody renew a thing and not the contract: "shall renew the photograph on each badge", "shall
// hold Cyber Essentials, renewed annually".
func RenewsThing(s string) bool {
	m := renewsWhat.FindStringSubmatch(s)
	if m == nil {
		m = heldThing.FindStringSubmatch(s)
	}
	return m != nil && !ofContract.MatchString(m[1]) && !sureYes.MatchString(s)
}

// Days gives a duration as calendar days, where it counts days or weeks.
func Days(d calendar.Duration) (int, bool) {
	switch d.Unit {
	case calendar.Day:
		return d.Value, true
	case calendar.Week:
		return d.Value * 7, true
	}
	return 0, false
}
