package wording

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

var (
	contractNamed = expression.MustCompile(`(?i)\b(?:amends?|modif(?:y|ies)|supplements?|amendment (?:no\. ?\d+ )?(?:dated [^.;]{4,30}? )?(?:to|of)|addendum to|pursuant to|under|governed by|subject to|(?:made|issued|entered into) (?:under|pursuant to)|forms? part of|incorporated (?:into|by reference into))\b(?: and [a-z]+s?\b)?(?: in (?:its|their) entirety)?,?(?: the terms (?:and conditions )?of)?(?: the| that certain| a certain| those certain)? ((?-i:"?(?:[A-Z][\w&'/-]*,? (?:(?:of|and|for|the|to) )?){1,8}?(?:AGREEMENT|CONTRACT|LEASE|Agreement|Contract|Lease|MSA|License|Terms)\b(?: Agreement)?))"?`)
	numberNamed   = expression.MustCompile(`(?i)\b(?:contract|agreement|msa|reference|ref\.|order|sow|statement of work|order form)(?: no\.?| number| nr\.?| #|:| ref(?:erence)?\.?:?)*(?: ?[0-9]{1,3} )?:? ?[#(]? ?((?-i:[A-Z]{1,6}[-/]?(?:[A-Z0-9]+[-/])*[0-9][A-Z0-9/-]{1,24}|[A-Z]{1,6}[-/][0-9]))\b`)
	// contractNumbered names the contract by its number alone: "amends Contract No. QD-2026-005".
	contractNumbered = expression.MustCompile(`(?i)\b(amends?|modif(?:y|ies)|supplements?|amendment (?:no\. ?\d+ )?(?:to|of)|addendum to|pursuant to|under|governed by|(?:made|issued|entered into) (?:under|pursuant to))\b(?: and restates?)?(?: in (?:its|their) entirety)?,?(?: the)? (?:contract|agreement) (?:no\.?|number|nr\.?|#)`)
	// recited names it in a recital, by the day on which the parties made it: "entered into a Master Services Agreement on January 5, 2026".
	recited = expression.MustCompile(`(?i)\b(?:entered into|(?:are|is a) part(?:ies|y) to|executed) (?:an?|the|that certain|a certain) ((?-i:"?(?:[A-Z][\w&'/-]*,? (?:(?:of|and|for|the|to) )?){1,8}?(?:AGREEMENT|CONTRACT|LEASE|Agreement|Contract|Lease|MSA|License)\b(?: Agreement)?))"?`)
	// orderNamed is an order or statement of work that is amended: "amends Statement of Work No. 2 (SOW-77-02)".
	orderNamed = expression.MustCompile(`(?i)(?:\b(?:amends?|modif(?:y|ies)|supplements?|changes?|amendment (?:no\. ?\d+ )?(?:to|of)|addendum to|change order (?:no\. ?\d+ )?(?:to|under))|^under ?:)(?: the| that certain)? ((?-i:(?:[A-Z][\w&'-]* ){0,3}?(?:Statement of Work|STATEMENT OF WORK|Work Order|WORK ORDER|Order Form|ORDER FORM|Purchase Order|PURCHASE ORDER|SOW)\b)(?: (?:no\.? ?|number |nr\.? ?|#)?[0-9]{1,3}\b)?)`)
	// orderUnder ends what a sentence says of the order itself.
	orderUnder = expression.MustCompile(`(?i)\b(?:to|under|pursuant|governed|issued|between|by and)\b`)
	// mentioned names it in a letter: "Re: Services Agreement CSA-4471", "With reference to our Services Agreement (CSA-4471) of March 1, 2025".
	mentioned = expression.MustCompile(`(?i)(?:^(?:re|subject|under|regarding|concerning) ?:|\b(?:(?:with|in) (?:reference|regard|respect|relation) to|we refer to|reference is (?:hereby )?made to|referring to|supplements|in connection with))(?: the| our| your| that certain| a certain)? ((?-i:"?(?:[A-Z][\w&'/-]*,? (?:(?:of|and|for|the|to) )?){1,8}?(?:AGREEMENT|CONTRACT|LEASE|Agreement|Contract|Lease|MSA|License)\b(?: Agreement)?))"?`)
	// recitedSmall is the same with a title in small letters: "entered into a supply agreement dated 14 October 2024".
	recitedSmall = expression.MustCompile(`(?i)\b(?:entered into|(?:are|is a) part(?:ies|y) to|executed) (?:an?|the) ((?:[a-z-]+ ){1,6}?(?:agreement|contract|lease))(?: with (?:each other|one another))?,? (?:dated|made on|on)\b`)
)

// ownDay stands before a day of the paper itself, behind the title of the contract that it belongs to, and ownBehind behind one: "Amendment to
// Services Agreement, dated and effective as of March 30, 2009 (this "Amendment")".
var (
	ownDay    = expression.MustCompile(`(?i)\(this\b|\b(?:is|are|was) (?:hereby )?(?:made|entered|executed|effective|dated)\b|\bdated and effective\b`)
	ownBehind = expression.MustCompile(`(?i)^,? ?\((?:this\b|(?:the )?"(?:[a-z]+ )?amendment\b)`)
)

// References finds the contract that a sentence ties its own document to: its title, number and date, as far as written.
func References(s string) (pact.ContractRef, Span, bool) {
	if m := orderNamed.FindStringSubmatchIndex(s); m != nil {
		own := s
		if u := orderUnder.FindStringIndex(s[m[3]:]); u != nil {
			own = s[:m[3]+u[0]]
		}
		if ref, at, ok := identified(own, pact.ContractRef{Title: s[m[2]:m[3]], Relation: "amendment"}, m); ok {
			return ref, at, ok
		}
	}
	m := contractNamed.FindStringSubmatchIndex(s)
	if m == nil {
		n := contractNumbered.FindStringSubmatchIndex(s)
		if n == nil {
			return pact.ContractRef{}, Span{}, false
		}
		m = []int{n[0], n[1], n[1], n[1]}
		if no := numberNamed.FindStringSubmatchIndex(s[n[3]:]); no == nil || n[3]+no[0] > n[1] {
			return pact.ContractRef{}, Span{}, false
		}
		m[2], m[3] = n[3], n[3]
	}
	ref := pact.ContractRef{Title: strings.Trim(s[m[2]:m[3]], `" ,`), Relation: "child"}
	cue := strings.ToLower(s[m[0]:m[2]])
	if strings.HasPrefix(cue, "amend") || strings.HasPrefix(cue, "modif") || strings.HasPrefix(cue, "supplement") || strings.HasPrefix(cue, "addendum") {
		ref.Relation = "amendment"
	}
	return identified(s, ref, m)
}

// Recited finds the contract that a recital of an amendment tells of. What the amendment itself says it amends goes before it.
func Recited(s string) (pact.ContractRef, Span, bool) {
	m := recited.FindStringSubmatchIndex(s)
	if m == nil {
		m = recitedSmall.FindStringSubmatchIndex(s)
	}
	if m == nil {
		m = mentioned.FindStringSubmatchIndex(s)
	}
	if m == nil || changesPaper.MatchString(s[m[2]:m[3]]) {
		return pact.ContractRef{}, Span{}, false
	}
	return identified(s, pact.ContractRef{Title: strings.Trim(s[m[2]:m[3]], `" ,`), Relation: "amendment"}, m)
}

var changesPaper = expression.MustCompile(`(?i)\bamend|\bwaiver|\baddendum`)

// identified completes a reference that stands at m, as a match with its title, by number and date.
func identified(s string, ref pact.ContractRef, m []int) (pact.ContractRef, Span, bool) {
	end := m[1]
	tail := s[m[3]:min(len(s), m[3]+400)]
	if n := numberNamed.FindStringSubmatchIndex(s[m[2]:min(len(s), m[3]+400)]); n != nil {
		ref.Number = s[m[2]+n[2] : m[2]+n[3]]
		end = max(end, m[2]+n[3])
	}
	for _, d := range Dates(tail) {
		if d.Date != "" && !ownDay.MatchString(tail[:d.Start]) && !ownBehind.MatchString(tail[d.End:]) {
			ref.Date = d.Date
			end = max(end, m[3]+d.End)
			break
		}
	}
	return ref, Span{m[0], end}, ref.Number != "" || ref.Date != ""
}
