package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// clauseTerm is a term whose value is the operative words of a clause.
type clauseTerm struct {
	name  string
	cues  []string // where to look
	needs *expression.Expression
	not   *expression.Expression
	sure  string
	also  []string // of these the sentence holds one at least
	whole bool     // several clauses may be put together
}

var clauseTerms = []clauseTerm{
	{
		name: "assignment", cues: []string{"assign"}, also: []string{"may", "shall", "will", "can ", "neither", "not assignable"}, sure: "0.74",
		needs: expression.MustCompile(`(?i)\b(?:(?:may|shall|will|can) (?:not )?(?:be )?(?:assign|transfer)\w*[^.;]{0,160}(?:consent|approval|without|to (?:any|an) affiliate)|(?:neither|no) part(?:y|ies)[^.;]{0,60}\bassign\w*[^.;]{0,160}|not assignable[^.;]{0,100}|(?:freely|may) assign[^.;]{0,120}(?:agreement|rights))`),
		not:   expression.MustCompile(`(?i)\b(?:assigns? (?:to|and transfers)|hereby assigns|invention|patent|copyright|personnel|employees? assigned|work product)\b`),
	},
	{
		name: "exclusivity", cues: []string{"exclusiv"}, also: []string{"exclusiv"}, sure: "0.66",
		needs: expression.MustCompile(`(?i)\b(?:(?:the|an?|its|as) (?:sole and )?(?:non-?)?exclusive (?:\w+ ){0,3}(?:distributor|supplier|provider|agent|licen[cs]e\w*|right|reseller|basis|partner|manufacturer|purchaser|territory)|exclusively (?:from|to|by|through|appoint\w*)|on an? (?:non-?)?exclusive basis|appoints?\b[^.;]{0,80}\bexclusive|exclusive (?:appointment|period|term))[^.;]{0,120}`),
		not:   expression.MustCompile(`(?i)\b(?:exclusive (?:jurisdiction|venue|remed\w+|property|owner\w*|control|discretion)|exclusive of|jurisdiction)\b`),
	},
	{
		name: "termination_rights", cues: []string{"terminat"}, also: []string{"may terminate", "right to", "entitled to", "may be terminated", "may cancel", "may end"}, sure: "0.70", whole: true,
		needs: expression.MustCompile(`(?i)\b(?:may|shall have the right to|is entitled to|has the right to|reserves the right to) (?:[^.;]{0,60} )?(?:terminate|end|cancel) (?:this|the|any) [^.;]{0,220}|\b(?:this agreement|this contract) may be terminated\b[^.;]{0,220}`),
	},
	{
		name: "price_escalator", cues: []string{"increase", "escalat", "consumer price", "cpi"}, also: []string{"%", "percent", "per cent", "consumer price", "cpi", "index"}, sure: "0.70",
		needs: expression.MustCompile(`(?i)\b(?:fees?|prices?|rates?|charges?|rent|amounts?|payments?)\b[^.;]{0,160}\b(?:increase|escalat|adjust)\w*[^.;]{0,160}(?:%|percent|per cent|consumer price|cpi|index)[^.;]{0,100}`),
		not:   expression.MustCompile(`(?i)\b(?:interest rate|late|overdue|audit|underpaid)\b`),
	},
	{
		name: "insurance_limits", cues: []string{"insur"}, also: []string{"$", "€", "£", "usd", "eur", "gbp", "million"}, sure: "0.72", whole: true,
		needs: expression.MustCompile(`(?i)\b(?:(?:commercial |comprehensive )?(?:general|public|product|products|professional|employers?'?|automobile|auto|motor|cyber|umbrella|excess|errors and omissions|workers'? compensation)[^.;]{0,120}(?:liability|insurance|coverage|indemnity)[^.;]{0,140}(?:\$|€|£|USD|EUR|GBP|million)[^.;]{0,110})`),
	},
	{
		name: "minimum_commitment", cues: []string{"minimum"}, also: []string{"purchase", "order", "commit", "quantit", "volume", "payment", "spend", "guarant", "royalt", "fee"}, sure: "0.68",
		needs: expression.MustCompile(`(?i)\b(?:minimum (?:annual |monthly |quarterly |aggregate )?(?:purchase|order|commitment|quantit\w+|volume|payment|spend|guarantee\w*|royalt\w+|fee)s?\b[^.;]{0,200}|(?:purchase|order|buy|pay|take)\b[^.;]{0,60}\b(?:a minimum of|at least|no less than|not less than)\b[^.;]{0,140}(?:units?|%|\$|€|£|per (?:year|month|quarter)|each (?:year|month|quarter)))`),
		not:   expression.MustCompile(`(?i)\b(?:insurance|minimum wage|notice)\b`),
	},
}

// namedBefore is what somebody must buy, in front of the name that it is given.
var namedBefore = expression.MustCompile(`(?i)\b(?:purchase|order|buy|pay|take|spend)\b[^.;()]{3,160}\((?:the |a |each an? )?$`)

// findClauses reads the terms that a clause states in words: its operative part is the value. The first clause that speaks
// plainly is taken; of rights to end the contract, and of kinds of insurance, up to four.
func findClauses(r *reading) {
	for i := range clauseTerms {
		t := &clauseTerms[i]
		if t.name == "insurance_limits" && r.get(t.name) != nil {
			continue // a certificate lists them
		}
		var texts []string
		var at []wording.Span
		for _, n := range r.sentencesWith(60, t.cues...) {
			sp := r.sentences[n]
			if sp.End-sp.Start > 1500 || sp.End-sp.Start < 25 || !holds(r.lower[sp.Start:sp.End], t.also...) {
				continue
			}
			s := r.cut(sp)
			m := t.needs.FindStringIndex(s)
			if m == nil || t.not != nil && t.not.MatchString(s[max(0, m[0]-60):min(len(s), m[1]+20)]) {
				continue
			}
			text := strings.Trim(s[m[0]:m[1]], " ,:")
			if m[0] > 0 && s[m[0]-1] == '"' { // the name that is given to what stands before it: (the "Minimum Volume")
				if text = namedBefore.FindString(s[:m[0]-1]); text == "" {
					continue
				}
				text = strings.TrimRight(text[:strings.LastIndexByte(text, '(')], " ")
			}
			if len(text) > 300 {
				text = text[:strings.LastIndexByte(text[:300], ' ')]
			}
			texts, at = append(texts, text), append(at, sp)
			if !t.whole || len(texts) == 4 {
				break
			}
		}
		if len(texts) == 0 {
			continue
		}
		if !t.whole || len(texts) == 1 {
			v := pact.Text(texts[0])
			r.term(t.name, &v, t.sure, at[0])
			continue
		}
		// The value is the first; the others are clauses of their own and stand beside it.
		v := pact.Text(texts[0])
		c := r.term(t.name, &v, t.sure, at[0])
		for k := 1; k < len(texts); k++ {
			rival(c, pact.Text(texts[k]), t.sure, r.evidence(at[k]))
		}
	}
	findContacts(r)
	findServices(r)
}

var (
	contactLine = expression.MustCompile(`\b(?i:attention|attn\.?|contact person|key contacts?|primary contact|technical contact|billing contact|(?:account|project|service|service delivery|contract|relationship|programme|program) (?:manager|lead|owner|director))\b(?: (?:of|for) (?:the )?[A-Z]\w+)?(?: (?:is|shall be|will be) | ?[:.-]+ ?)((?:(?:Mr|Ms|Mrs|Dr)\.? )?[A-Z][\w'-]+(?: [A-Z]\.| (?:van|von|de|der|la) [A-Z][\w'-]+| [A-Z][\w'-]+){1,3}(?:, (?:(?:[A-Z][\w&-]*|of|and|for|the),? ?){1,5})?)`)
	mailAddress = expression.MustCompile(`\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b`)
	servicesOf  = expression.MustCompile(`\b(?:shall|will|agrees to|hereby agrees to) (?:provide|supply|deliver|furnish|perform|sell|license)(?: to [A-Z]\w+| [A-Z]\w+ with)?,? (?:the |with |its |certain )?((?:[\w'-]+,? ){1,12}(?:[Ss]ervices?|[Pp]roducts?|[Ss]oftware|[Gg]oods|[Ee]quipment|[Pp]latform|[Ss]ystems?|[Mm]aterials|[Ss]upport|[Mm]aintenance))\b`)
)

// findContacts reads who is to be turned to: the names after "Attention:", with an address beside them.
func findContacts(r *reading) {
	names, at := r.contactRows()
	for _, h := range r.hitsOf("attention", "attn", "contact", "account manager", "project manager", "service manager", "key contact", "relationship manager", "primary contact", "project lead", "contract owner", "service owner", "contract manager", "account director", "project director", "programme manager", "program manager", "service delivery manager") {
		window := r.s[h:r.safe(min(len(r.s), h+140))]
		m := contactLine.FindStringSubmatchIndex(window)
		if m == nil || m[0] > 2 {
			continue
		}
		if m[3] < len(window) && window[m[3]] == '@' { // "…, Chief Legal Officer, tom@alpha.example": the last word begins an address
			m[3] = max(m[2], m[2]+strings.LastIndexByte(window[m[2]:m[3]], ' '))
		}
		name := strings.Trim(window[m[2]:m[3]], " ,.")
		for _, stop := range []string{" With", " E-mail", " Email", " Tel", " Fax", " Phone", " Copy", " Facsimile"} {
			if k := strings.Index(name, stop); k > 0 {
				m[3] -= len(window[m[2]:m[3]]) - k
				name = window[m[2]:m[3]]
			}
		}
		if len(strings.Fields(name)) < 2 || strings.Contains(name, "Department") || strings.Contains(name, "Changes") || r.inTable(h) && len(at) > 0 && h >= at[0].Start && h < at[len(at)-1].End {
			continue
		}
		known := false
		for _, n := range names {
			known = known || n == name || strings.HasPrefix(n, name+", ")
		}
		if known || len(names) >= maxContacts {
			continue
		}
		end := m[3]
		if mail := mailAddress.FindStringIndex(window[m[3]:]); mail != nil && mail[0] < 60 {
			end = m[3] + mail[1]
		}
		names, at = append(names, name), append(at, wording.Span{Start: h, End: h + end})
	}
	if len(names) == 0 {
		return
	}
	v := pact.Text(names[0])
	c := r.term("key_contacts", &v, "0.66", at[0])
	for k := 1; k < len(names); k++ {
		rival(c, pact.Text(names[k]), "0.66", r.evidence(at[k]))
	}
}

var (
	contactHead = expression.MustCompile(`(?i)^(?:(?:full |contact )?names?|contacts?|contact person|person|responsible(?: person)?|representative)$`)
	reachHead   = expression.MustCompile(`(?i)\b(?:e-?mail|phone|telephone|tel\.?|mobile|address)\b`)
	personName  = expression.MustCompile(`^(?:(?:Mr|Ms|Mrs|Dr)\.? )?[A-Z][\w.'\x{c0}-\x{24f}-]+(?: (?:van|von|de|der|la|el|al))*(?: [A-Z][\w.'\x{c0}-\x{24f}-]*){1,3}$`)
)

// maxContacts bounds how many people are told: one, with four beside him.
const maxContacts = 5

// contactRows reads tables of people: a column of names beside one of addresses or numbers. A person is told with the other cells of the row.
func (r *reading) contactRows() (names []string, at []wording.Span) {
	for i := range r.grids {
		g := &r.grids[i]
		if len(g.rows) < 2 {
			continue
		}
		who := -1
		for k, c := range g.rows[0] {
			if contactHead.MatchString(c.text) && (who < 0 || strings.Contains(strings.ToLower(c.text), "name")) {
				who = k
			}
		}
		if who < 0 || !reachHead.MatchString(rowText(g.rows[0])) {
			continue
		}
		for _, row := range g.rows[1:] {
			if who >= len(row) || !personName.MatchString(row[who].text) || len(names) >= maxContacts {
				continue
			}
			parts := []string{row[who].text}
			for k, c := range row {
				if k != who && c.text != "" && !wording.Blank(c.text) && len(c.text) < 80 {
					parts = append(parts, c.text)
				}
			}
			names, at = append(names, strings.Join(parts, ", ")), append(at, rowSpan(row))
		}
	}
	return names, at
}

// findServices reads what is provided, from the first promise of it.
func findServices(r *reading) {
	for _, n := range r.sentencesWith(40, "shall provide", "will provide", "agrees to provide", "shall supply", "will supply", "shall deliver", "shall furnish", "shall perform", "shall sell", "will perform", "agrees to sell") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1200 {
			continue
		}
		s := r.cut(sp)
		m := servicesOf.FindStringSubmatchIndex(s)
		if m == nil || m[3]-m[2] < 14 || !strings.Contains(s[m[2]:m[3]], " ") || holds(r.lower[sp.Start+m[2]:sp.Start+min(m[3], m[2]+10)], "or ", "and ", "such", "this", "that", "any ", "following", "same", "certificat", "evidence", "proof of", "notice", "copies") {
			continue
		}
		v := pact.Text(strings.Trim(s[m[2]:m[3]], " ,"))
		r.term("products_services", &v, "0.60", sp)
		return
	}
}
