package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

const paperWord = `AGREEMENT|AMENDMENT|ADDENDUM|CONTRACT|STATEMENT OF WORK|WORK ORDER|ORDER FORM|PURCHASE ORDER|CHANGE ORDER|SUBSCRIPTION ORDER|LEASE|LICENSE|TERMS OF SERVICE|TERMS AND CONDITIONS|STANDARD TERMS|LETTER OF INTENT|MEMORANDUM OF UNDERSTANDING|INDENTURE|UNDERTAKING|CERTIFICATE|DEED`

var (
	titleLine  = expression.MustCompile(`(?i)\b(?:` + paperWord + `)S?\b`)
	thisPaper  = expression.MustCompile(`\b(?:This|THIS|this) ((?:(?:[A-Z][A-Za-z0-9'/&.-]*|AND|and|of|OF|for|FOR|to|TO|the|THE|on|No\.|#\d+|\d+),? ){0,10}(?:Agreement|AGREEMENT|Amendment|AMENDMENT|Addendum|ADDENDUM|Contract|CONTRACT|Statement of Work|STATEMENT OF WORK|Order Form|ORDER FORM|Order|ORDER|Lease|LEASE|License|LICENSE|Undertaking|Deed|DEED)(?: (?:No\.|NO\.|Number|#) ?\d+)?)\b`)
	capsTitle  = expression.MustCompile(`(?:[A-Z][A-Z0-9'/&,.()-]* ){1,9}(?:AGREEMENT|AMENDMENT|ADDENDUM|CONTRACT)(?: NO\. ?\d+)?\b`)
	exhibit    = expression.MustCompile(`(?i)^(?:exhibit|ex-|schedule|appendix|annex|attachment|confidential\b|execution|page|table of contents|source:|certain |\[|\*|portions|text omitted|draft)`)
	numberLine = expression.MustCompile(`(?i)\b(?:(?:sub-?)?contract|agreement|order|order form|sow|statement of work|reference|ref|po|purchase order|master agreement|lease|subscription)(?: form)? ?(?:no\.?|number|num\.?|id|ref(?:erence)?\.?|#)[ :]*#? ?([A-Z0-9][A-Z0-9./_-]{2,30}[A-Z0-9])\b`)
	clauseHead = expression.MustCompile(`^\d{1,2}(?:\.\d{1,2})*[.)]? [A-Z]`)
	ownNumber  = expression.MustCompile(`^(?i:SOW|MSA|SA|NDA|PO|AMD|DPA|OF|ORD|CON|C)-\d[\w-]{3,24}$`)
)

func findTitle(r *reading) {
	sp, ok := r.titleSpan()
	if !ok {
		return
	}
	if m := sidesFollow.FindStringIndex(r.cut(sp)); m != nil && titleLine.MatchString(r.cut(sp)[:m[0]]) {
		sp.End = sp.Start + m[0]
	}
	if m := besideCert.FindStringIndex(r.cut(sp)); m != nil && certifies.MatchString(r.cut(sp)) {
		sp.End = sp.Start + m[0]
	}
	text := strings.ReplaceAll(strings.Trim(r.cut(sp), " -:;,.*"), "\n", " ")
	v := pact.Text(text)
	r.term("title", &v, confidenceTitle, sp)
	r.paper = wording.ContractType(text)
	certainty := "0.84"
	if subjectBefore.MatchString(r.s[:sp.Start]) { // the contract that a letter names in its subject is not what the letter is
		r.paper, certainty = "amendment", "0.70"
	}
	if r.paper != "" {
		t := pact.Text(r.paper)
		r.term("contract_type", &t, certainty, sp)
	}
}

// titleSpan is the first line that names a paper; where the text has no lines, the words after "This".
func (r *reading) titleSpan() (wording.Span, bool) {
	head := r.s[:min(len(r.s), 6000)]
	from := 0
	for n := 0; n < 60 && from < len(head); n++ {
		end := strings.IndexByte(head[from:], '\n')
		if end < 0 {
			end = len(head) - from
		}
		line := strings.TrimSpace(head[from : from+end])
		if m := subjectLine.FindStringSubmatchIndex(head[from : from+end]); m != nil && changesOthers.MatchString(line) {
			return wording.Span{Start: from + m[2], End: from + m[3]}, true
		}
		if len(line) >= 5 && len(line) <= 140 && titleLine.MatchString(line) && !exhibit.MatchString(line) && !clauseHead.MatchString(line) && !strings.HasSuffix(line, ".") && !strings.Contains(line, " is ") && !strings.Contains(line, "this ") && !strings.Contains(line, "\t") && titleCased(line) {
			return r.joinTitle(from, from+end), true
		}
		from += end + 1
	}
	if sp, ok := r.headingFirst(); ok {
		return sp, true
	}
	if m := thisPaper.FindStringSubmatchIndex(head); m != nil {
		words := strings.Fields(head[m[2]:m[3]])
		if len(words) > 1 {
			return wording.Span{Start: m[2], End: m[3]}, true
		}
	}
	if m := capsTitle.FindStringIndex(head); m != nil {
		return wording.Span{Start: m[0], End: m[1]}, true
	}
	return wording.Span{}, false
}

// subjectLine is the subject of a letter: "Re: Services Agreement CSA-4471 - one-time waiver". subjectBefore stands before what it says.
var (
	subjectLine   = expression.MustCompile(`(?i)^ *(?:re|subject|regarding|concerning) ?: *(.{5,200}?) *$`)
	subjectBefore = expression.MustCompile(`(?im)^ *(?:re|subject|regarding|concerning) ?: *\z`)
)

var otherTitle = expression.MustCompile(`(?i)\b(?:schedule|annex|terms|policy|sla|service levels?|rates|prices|price list|rate card|order|proposal|confirmation|offer|letter|plan|charter|support|sheet|quotation|indicators|conditions|statement|note|cover|certificate|work)\b`)

// headingFirst takes a heading that opens a short paper and names it by another word: "SCHEDULE OF RATES", "Premium Support Terms".
// Long papers with no word for a contract at their head are left to what they call themselves.
func (r *reading) headingFirst() (wording.Span, bool) {
	from := 0
	for n := 0; n < 3 && from < len(r.s); n++ {
		end := strings.IndexByte(r.s[from:], '\n')
		if end < 0 {
			break
		}
		line := strings.TrimSpace(r.s[from : from+end])
		if len(line) >= 6 && len(line) <= 110 && len(strings.Fields(line)) >= 2 && !strings.HasSuffix(line, ".") && !strings.HasSuffix(line, ",") && !strings.Contains(line, "\t") && titleCased(line) && (otherTitle.MatchString(line) && (n == 0 || strings.ToUpper(line) == line)) && !(line[0] >= '0' && line[0] <= '9') && len(wording.Dates(line)) == 0 {
			return wording.Span{Start: from, End: from + end}, true
		}
		from += end + 1
	}
	return wording.Span{}, false
}

// namesFirm tells whether a line on a cover is the name of a party: "(2) CASTLEGATE FACILITIES MANAGEMENT LIMITED". "LIMITED PARTNERSHIP" may
// be part of a title.
func namesFirm(line string) bool {
	line = strings.TrimSpace(line)
	mark := len(itemNumber.FindString(line))
	n, ok := wording.HeadName(line, mark)
	return ok && n.Form && n.End == len(line) && (mark > 0 || companyEnd.MatchString(line))
}

var companyEnd = expression.MustCompile(`(?i)\b(?:limited|ltd|inc|llc|llp|plc|gmbh|ag|corp|corporation|company|s\.a|b\.v|n\.v)\.?$`)

// joinTitle takes the line before it where the title was broken in two ("COVENANT NOT TO COMPETE / AND NON-DISCLOSURE
// AGREEMENT").
func (r *reading) joinTitle(from, to int) wording.Span {
	first := strings.ToLower(strings.TrimSpace(r.s[from:to]))
	for _, w := range []string{"and ", "to ", "of ", "agreement", "for "} {
		if from > 1 && strings.HasPrefix(first, w) {
			prev := strings.LastIndexByte(r.s[:from-1], '\n') + 1
			if from-prev < 90 && titleCased(r.s[prev:from-1]) && !namesFirm(r.s[prev:from-1]) {
				return wording.Span{Start: prev, End: to}
			}
		}
	}
	// "AMENDMENT NO. 1 TO MASTER SUBSCRIPTION / AGREEMENT"
	if next := strings.IndexByte(r.s[min(len(r.s), to+1):], '\n'); next > 0 && next < 60 {
		line := strings.TrimSpace(r.s[to+1 : to+1+next])
		if titleLine.MatchString(line) && titleCased(line) && !paperEnd.MatchString(r.s[from:to]) && !numberEnd.MatchString(r.s[from:to]) && !strings.HasSuffix(line, ".") && !opening.MatchString(line) {
			return wording.Span{Start: from, End: to + 1 + next}
		}
	}
	return wording.Span{Start: from, End: to}
}

// opening begins the first sentence of a paper: "THIS DEED is made on 2 September 2025 between". sidesFollow ends a title whose line goes on
// with the parties.
var (
	opening     = expression.MustCompile(`(?i)^this (?:\w+ ){1,6}(?:is|was|dated|made)\b`)
	sidesFollow = expression.MustCompile(`(?i),? (?:(?:made |entered into )?(?:by and )?between|by and among|among)$`)
)

// numberEnd is the end of a title that is whole: "STATEMENT OF WORK No. 1".
var numberEnd = expression.MustCompile(`(?i)(?:` + paperWord + `)S? (?:no\.?|number|nr\.?|#) ?[\w-]{1,8}[ .]*$`)

var paperEnd = expression.MustCompile(`(?i)(?:` + paperWord + `)S?[ .,:"')\]]*(?:\([^)]*\))?$`)

// titleCased tells a heading from a sentence: most of its words begin with a capital.
func titleCased(s string) bool {
	caps, words := 0, 0
	for _, w := range strings.Fields(s) {
		if len(w) < 4 && strings.ToUpper(w) != w {
			continue
		}
		words++
		if w[0] >= 'A' && w[0] <= 'Z' || w[0] >= '0' && w[0] <= '9' || w[0] == '(' || w[0] == '#' || w[0] >= 0x80 {
			caps++
		}
	}
	return words > 0 && caps*10 >= words*7
}

func findNumber(r *reading) {
	head := r.s[:r.safe(min(len(r.s), 4000))]
	own := r.ownNumberLine(head)
	if r.paper == "amendment" {
		r.amendmentNumber(head, own)
		return
	}
	if own.End > own.Start && (r.paper == "sow" || r.paper == "order_form") {
		v := pact.Text(strings.TrimSpace(r.cut(own)))
		r.term("contract_number", &v, "0.78", own)
		return
	}
	for _, m := range r.numberLines(head) {
		number := head[m[2]:m[3]]
		if !strings.ContainsAny(number, "0123456789") || strings.ToUpper(number) != number {
			continue
		}
		v := pact.Text(number)
		// In a paper that hangs on another one, the number may be that of the master.
		confidence := "0.80"
		if r.paper == "sow" {
			confidence = "0.70"
		}
		r.term("contract_number", &v, confidence, wording.Span{Start: m[0], End: m[1]})
		return
	}
	if own.End > own.Start {
		v := pact.Text(strings.TrimSpace(r.cut(own)))
		r.term("contract_number", &v, "0.75", own)
		return
	}
	r.numberInHead(head)
}

// amendmentNumber takes a number of the amendment itself. "Contract No." in an amendment names the contract that it amends: that is
// the reference to it (findReference), and no number of its own.
func (r *reading) amendmentNumber(head string, own wording.Span) {
	amended := map[string]bool{}
	for _, m := range r.numberLines(head) {
		amended[head[m[2]:m[3]]] = true
	}
	for _, s := range r.sentences {
		if s.Start > len(head) || s.End-s.Start > 4000 {
			break
		}
		for _, read := range []func(string) (pact.ContractRef, wording.Span, bool){wording.References, wording.Recited} {
			if ref, _, ok := read(r.cut(s)); ok {
				amended[ref.Number] = true
			}
		}
	}
	if number := strings.TrimSpace(r.cut(own)); own.End > own.Start && !amended[number] {
		v := pact.Text(number)
		r.term("contract_number", &v, "0.78", own)
		return
	}
	for _, m := range amendmentNo.FindAllStringSubmatchIndex(head, 6) {
		if number := head[m[2]:m[3]]; len(number) > 3 && strings.ContainsAny(number, "0123456789") && !plainNumber.MatchString(number) && !amended[number] {
			v := pact.Text(number)
			r.term("contract_number", &v, "0.75", wording.Span{Start: m[0], End: m[1]})
			return
		}
	}
}

var (
	amendmentNo = expression.MustCompile(`\b(?i:amendment|change order|addendum|variation)(?i:(?: reference| ref\.?| no\.?| nr\.?| number| id| #)?[ \t]*[:.#]?[ \t]*)([A-Z]{1,6}-?[A-Z0-9]*\d[A-Z0-9/_-]*)`)
	headNumber  = expression.MustCompile(`(?:^|[\s(])(?i:(?:our |your |contract |agreement |order |quote |quotation |offer |certificate |document |file |deal |policy schedule |work order |purchase order |schedule |form |service )?(?:reference|ref\.?|no\.?|nr\.?|number|num\.?|#|id)|work order|purchase order|order|quote|contract|agreement|sow|blanket order)(?:[ \t]*[:.#]?[ \t]*)([A-Z]{2,5} \d{3,6}|[A-Z0-9]+(?:[-/._][A-Z0-9]+)*)(?:[^A-Za-z0-9]|$)`)
	// a number set beside the title in the opening sentence: ("Agreement"), contract CM-0062, or "(ref. HP-25)"
	besideTitle = expression.MustCompile(`[,(] ?(?i:(?:contract|agreement)(?:,? (?:no\.?|number|ref\.?|reference))?|(?:our |contract )?(?:ref\.?|reference|number|no\.))[: ]{1,2}([A-Z]{2,6}(?:[-/][A-Z0-9]+)+)[,)]`)
	notNumber   = expression.MustCompile(`(?i)\b(?:company (?:id|no|number)|registered|registration|(?:org(?:ani[sz]ation(?:al)?)?|enterprise|pan)\.? ?(?:id|no|nr|number)|cin|gstin|uen|vat|hrb|hra|tax|telephone|tel|phone|fax|policy no|policy number|invoice|account|iban|kvk|siret|siren|abn|acn|ein|page|article|section|clause|under|pursuant|under the|amend\w*|rev(?:ision)?|version|naic|crn|licen[cs]e no)\b[^\n]{0,30}$`)
	plainNumber = expression.MustCompile(`^\d{1,2}$|^(?:19|20)\d\d$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{4}-\d{2}-\d{2}$`)
)

// numberInHead takes the number that a line near the top names, whatever the paper calls it: "Our reference: RB/2601", "Quote number".
func (r *reading) numberInHead(head string) {
	from := 0
	for n := 0; n < 24 && from < len(head); n++ {
		end := strings.IndexByte(head[from:], '\n')
		if end < 0 {
			end = len(head) - from
		}
		line := head[from : from+end]
		if len(line) < 160 {
			for _, m := range headNumber.FindAllStringSubmatchIndex(line, 4) {
				number := strings.TrimRight(line[m[2]:m[3]], ".")
				if len(number) < 3 || !strings.ContainsAny(number, "0123456789") || plainNumber.MatchString(number) || notNumber.MatchString(line[:m[2]]) {
					continue
				}
				v := pact.Text(number)
				r.term("contract_number", &v, "0.72", wording.Span{Start: from + m[0], End: from + m[2] + len(number)})
				return
			}
		}
		from += end + 1
	}
	switch r.paper {
	case "sow", "order_form", "dpa": // beside the title of the contract that they hang on stands its number
		return
	}
	early := head[:r.safe(min(len(head), 1500))]
	for _, m := range besideTitle.FindAllStringSubmatchIndex(early, 4) {
		before := early[strings.LastIndexByte(early[:m[0]], '\n')+1 : m[0]]
		if !strings.ContainsAny(early[m[2]:m[3]], "0123456789") || !titleLine.MatchString(before) || notNumber.MatchString(before) {
			continue
		}
		v := pact.Text(early[m[2]:m[3]])
		r.term("contract_number", &v, "0.70", wording.Span{Start: m[0] + 1, End: m[3]})
		return
	}
}

// numberLines are the places in the head that call a number one of a contract.
func (r *reading) numberLines(head string) [][]int {
	var out [][]int
	low := r.lower[:len(head)]
	last := 0
	for i := 0; i < len(low) && len(out) < 6; {
		k := strings.IndexAny(low[i:], "#0123456789")
		if k < 0 {
			break
		}
		i += k
		if near := low[max(last, i-40) : i+1]; holds(near, "no", "num", "#", "ref", " id") {
			from := r.safe(max(last, i-60))
			if m := numberLine.FindStringSubmatchIndex(head[from:r.safe(min(len(head), i+40))]); m != nil {
				for j := range m {
					m[j] += from
				}
				out = append(out, m)
				last = m[1]
				i = m[1]
			}
		}
		for i < len(low) && (low[i] == '#' || low[i] >= '0' && low[i] <= '9' || low[i] == '-' || low[i] == '.') {
			i++
		}
	}
	return out
}

// ownNumberLine is a line near the top that holds nothing but a number such as "SOW-2026-011".
func (r *reading) ownNumberLine(head string) wording.Span {
	from := 0
	for n := 0; n < 12 && from < len(head); n++ {
		end := strings.IndexByte(head[from:], '\n')
		if end < 0 {
			end = len(head) - from
		}
		if line := strings.TrimSpace(head[from : from+end]); ownNumber.MatchString(line) {
			return wording.Span{Start: from, End: from + end}
		}
		from += end + 1
	}
	return wording.Span{}
}
