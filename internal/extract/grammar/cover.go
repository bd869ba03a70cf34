package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// cover is a kind of insurance with its usual names.
type cover struct {
	kind string
	is   *expression.Expression
}

var covers = []cover{
	{"general_liability", expression.MustCompile(`(?i)\b(?:commercial general|comprehensive general|general third[- ]party|general|public(?: and products?)?|third[- ]party|business) liability\b|\bCGL\b|\bpublic and products? liability\b|\bthird[- ]party (?:cover|insurance)\b`)},
	{"product_liability", expression.MustCompile(`(?i)\bproducts?(?:[- ]| and completed operations )liability\b`)},
	{"professional_liability", expression.MustCompile(`(?i)\bprofessional (?:indemnity|liability|negligence)\b|\berrors (?:and|&) omissions\b|\bE ?& ?O\b|\bmalpractice\b`)},
	{"cyber", expression.MustCompile(`(?i)\bcyber\b[a-z -]{0,30}|\bnetwork security (?:and|&) privacy\b|\bdata breach (?:cover|insurance)\b`)},
	{"auto_liability", expression.MustCompile(`(?i)\b(?:business |commercial )?(?:automobile|auto|motor(?: vehicle| third[- ]party)?|vehicle)(?: liability| insurance| cover)?\b`)},
	{"workers_compensation", expression.MustCompile(`(?i)\bworkers?['\x{2019}]?s?['\x{2019}]? comp(?:ensation)?\b|\bworkmen['\x{2019}]s compensation\b`)},
	{"employers_liability", expression.MustCompile(`(?i)\bemployers?['\x{2019}]?s?['\x{2019}]? liability\b`)},
	{"umbrella", expression.MustCompile(`(?i)\bumbrella\b|\bexcess liability\b`)},
	{"pollution_liability", expression.MustCompile(`(?i)\b(?:pollution|environmental)(?: legal| impairment)?(?: liability| insurance| cover)\b`)},
	{"warehouse_liability", expression.MustCompile(`(?i)\bwarehouse(?:keeper|m[ae]n|keepers)?['\x{2019}]?s?['\x{2019}]?(?: legal)? liability\b|\bstock throughput\b`)},
	{"carrier_liability", expression.MustCompile(`(?i)\b(?:carrier|freight forwarder|haulier|bailee|CMR)['\x{2019}]?s?['\x{2019}]?(?: legal)? (?:liability|insurance)\b`)},
	{"directors_officers", expression.MustCompile(`(?i)\bdirectors['\x{2019}]? (?:and|&) officers\b|\bD ?& ?O\b`)},
	{"product_recall", expression.MustCompile(`(?i)\bproducts? recall\b`)},
	{"property", expression.MustCompile(`(?i)\b(?:property|all[- ]risks?|goods in transit|cargo|marine) (?:damage )?(?:insurance|cover(?:age)?|policy)\b|\binsurance of (?:the )?goods in transit\b|\bgoods in transit:|\bcontractors['\x{2019}]? all[- ]risks?\b`)},
	{"crime", expression.MustCompile(`(?i)\b(?:crime|fidelity) (?:insurance|cover(?:age)?|policy|bond|guarantee)\b`)},
}

var (
	insuredBy   = expression.MustCompile(`(?i)\b(?:shall|must|will|agrees? to|is to|keeps?|carr(?:y|ies)|maintains?|hold[s]?|provides?|takes? out|has|have|effect|procures?|required|in place|evidence|insures?|is insured|are insured|remain in force|show)\b`)
	perCase     = expression.MustCompile(`(?i)\b(?:(?:per|each|any one|for each|in respect of (?:any one|each)|for any one|every) (?:and every )?(?:occurrence|claim|event|accident|incident|loss|case|series)|combined single limit|single limit|any one claim)\b`)
	inAggregate = expression.MustCompile(`(?i)\b(?:aggregate|in all|in any (?:one )?(?:year|period)|per (?:year|annum|policy year)|annual(?:ly)?|in total|a year|each year)\b`)
	namedIn     = expression.MustCompile(`(?i)\b(?:additional(?:ly)? (?:named )?insured|co-?insured|named as (?:an )?(?:additional )?(?:insured|loss payee))\b`)
	// a limit of liability that names an insurance is no duty to be insured
	limitsLiability = expression.MustCompile(`(?i)\bliab(?:le|ility)\b[^.;]{0,90}\b(?:limited to|not exceed|shall be limited|capped)\b|\bindemnif(?:y|ies)\b`)
	insurerRate     = expression.MustCompile(`\b(A\+\+|A\+|A-|A|B\+\+|B\+|B)(?:[ :,/-]+(?:[IVX]{1,5})\b)?[^.;]{0,30}\b(?:or better|A\.? ?M\.? ?Best|or higher)|\brat(?:ed|ing)[^.;]{0,40}?\b(A\+\+|A\+|A-|A|B\+\+|B\+|B)(?:[ ,:;/.-]|$)`)
)

// findCover reads the insurance that a party must have: kinds and limits, in the paper's own sentences.
func findCover(r *reading) {
	if r.insurance() {
		return // a certificate tells what is held; the contract tells what is required
	}
	var required []obligation.RequiredCover
	var at []wording.Span
	var asks []pact.Ambiguity
	bearer := ""
	known := map[string]int{}
	for _, c := range r.coverTables() {
		switch {
		case bearer == "":
			bearer = c.bearer
		case c.bearer != "" && c.bearer != bearer:
			continue // what the other side must have is not told as this side's
		}
		for _, x := range c.found {
			if _, told := known[x.Kind]; !told {
				known[x.Kind] = len(required)
				required = append(required, x)
			}
		}
		asks = append(asks, c.asks...)
		at = append(at, c.at)
	}
	inTables := len(at)
	for _, n := range r.sentencesWith(80, "insur", "general liability", "public liability", "professional indemnity", "errors and omissions", "cyber", "workers' compensation", "employers' liability", "employer's liability", "third-party liability", "third party liability", "umbrella", "covers", "legal liability", "auto liability", "automobile liability", "motor liability", "workers' comp") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 1800 || sp.End-sp.Start < 25 || len(at) >= 8 || slices.ContainsFunc(at[:inTables], func(t wording.Span) bool { return t.Start <= sp.Start && sp.End <= t.End }) {
			continue
		}
		s := r.cut(sp)
		under := ""
		if h := r.headingOver(n); h >= 0 {
			under = r.lower[r.sentences[h].Start:r.sentences[h].End]
		}
		if !strings.Contains(under, "insur") && r.underInsurance(n) {
			under = "insurance"
		}
		if !insuredBy.MatchString(s) && !holds(under, "insur", "cover") || !holds(r.lower[sp.Start:sp.End], "insur", "cover", "policy", "policies", "limit") && !holds(under, "insur", "cover") || defines.MatchString(s) || limitsLiability.MatchString(s) {
			continue
		}
		found, open := coversIn(s)
		if !insures.MatchString(s) && !holds(under, "insur") {
			found = slices.DeleteFunc(found, func(c obligation.RequiredCover) bool { return c.Kind == "auto_liability" }) // vehicles
		}
		if len(found) == 0 {
			continue
		}
		_, umbrella := known["umbrella"] // of which another passage says more
		for _, c := range found {
			if k, told := known[c.Kind]; told {
				if required[k].PerOccurrence == nil && required[k].Aggregate == nil {
					required[k].PerOccurrence, required[k].Aggregate = c.PerOccurrence, c.Aggregate
				}
				continue
			}
			known[c.Kind] = len(required)
			required = append(required, c)
		}
		for _, a := range open {
			if a.Code != umbrellaLimit || !umbrella {
				asks = append(asks, a)
			}
		}
		if bearer == "" {
			if list := r.dutiesIn(s, n); len(list) > 0 {
				bearer = list[0].bearer
			}
		}
		end := sp.End
		if n+1 < len(r.sentences) { // conditions in the sentence after
			next := r.sentences[n+1]
			if t := r.cut(next); next.End-next.Start < 420 && namedIn.MatchString(t) {
				end = next.End
			}
		}
		text := r.s[sp.Start:end]
		for k := range required {
			conditions(&required[k], text)
		}
		at = append(at, wording.Span{Start: sp.Start, End: end})
	}
	limits := false
	for _, c := range required {
		limits = limits || c.PerOccurrence != nil || c.Aggregate != nil
	}
	if len(required) == 0 || !limits && len(required) < 2 && len(asks) == 0 {
		return
	}
	if bearer == "" {
		bearer = r.side("supplier")
	}
	var words []string
	for _, c := range required {
		words = append(words, strings.ReplaceAll(c.Kind, "_", " "))
	}
	o := pact.Obligation{Kind: "certificate", Key: r.freeKey("certificate/insurance"), Title: short110("Insurance: " + strings.Join(words, ", ")), Bearer: bearer, Beneficiary: r.insuredFor(bearer), Deliverable: r.quoteWords(at[0]), Ambiguities: asks}
	r.obligation(o, obligation.CertificateParams{Required: required}, "0.70", at...)
}

// underInsurance tells whether a sentence stands in a paragraph that begins with "Insurance." for its heading.
func (r *reading) underInsurance(n int) bool {
	for k := n - 1; k >= 0 && k > n-8 && !strings.Contains(r.s[r.sentences[k].End:r.sentences[k+1].Start], "\n"); k-- {
		if insuranceHead.MatchString(r.cut(r.sentences[k])) {
			return true
		}
	}
	return false
}

var insuranceHead = expression.MustCompile(`(?i)^(?:\(?\d[\d.]*\)? ?|[a-z][.)] )?(?:required |minimum )?insurances?(?: (?:requirements?|cover(?:age)?s?|limits))?\.$`)

// insuredFor is for whom a party must be insured: the other of two, or the other side.
func (r *reading) insuredFor(bearer string) string {
	if other := r.otherParty(bearer, ""); other != "" {
		return other
	}
	switch bearer {
	case r.side("supplier"):
		return r.side("customer")
	case r.side("customer"):
		return r.side("supplier")
	}
	return ""
}

// coverTable is a table that gives a limit for each kind of insurance.
type coverTable struct {
	found []obligation.RequiredCover
	asks  []pact.Ambiguity
	at    wording.Span
	// who must have it, where the words before the table say so
	bearer string
}

var (
	coverLead = expression.MustCompile(`(?i)\b(?:insur\w+|polic(?:y|ies)|cover(?:age|ages|s)?|underwrit\w+)\b`)
	insures   = expression.MustCompile(`(?i)\b(?:insur\w+|polic(?:y|ies)|liabilit\w+|underwrit\w+)\b`)
	// columns and sums that are borne or paid by who is insured
	ownShare   = expression.MustCompile(`(?i)\b(?:deductibles?|retention|excess|premiums?|franchise)\b`)
	shareAhead = expression.MustCompile(`(?i)\b(?:deductibles?|(?:self[- ]insured )?retention|(?:an|any|policy|with|the) excess|premiums?)\b[^.;,:$€£\d]{0,24}:? ?$`)
	shareNext  = expression.MustCompile(`(?i)^ (?:deductible|(?:self[- ]insured )?retention|excess\b(?: of)?|premium)\b`)
	heldCover  = expression.MustCompile(`(?i)\b(?:policy (?:no|number)|insurer|underwriter)\b`)
)

// coverTables reads tables under words about insurance whose rows name kinds of cover. The head of a column says of a limit whether it is for
// each case or for all.
func (r *reading) coverTables() []coverTable {
	var out []coverTable
	for i := range r.grids {
		g := &r.grids[i]
		if len(g.rows) < 2 || len(out) >= 4 {
			continue
		}
		lead := r.leadOf(g.Start)
		head := rowText(g.rows[0])
		if !coverLead.MatchString(lead+" "+head) || heldCover.MatchString(head) || limitsLiability.MatchString(lead) {
			continue
		}
		insured := insures.MatchString(lead+" "+head) || holds(lowerASCII(head), "coverage", "limit of cover")
		t := coverTable{at: g.Span, bearer: r.leadActor(r.leadSentence(g.Start))}
		for _, row := range g.rows {
			name := -1
			for k := range min(2, len(row)) {
				if kinds, _ := coversIn(row[k].text + ": 1"); len(kinds) > 0 && len(row[k].text) < 110 {
					name = k
					break
				}
			}
			if name < 0 || !insured && !insures.MatchString(row[name].text) {
				continue
			}
			var b strings.Builder
			b.WriteString(row[name].text)
			b.WriteString(": ")
			for k := name + 1; k < len(row); k++ {
				over := g.headOver(1, k)
				text := row[k].text
				if ownShare.MatchString(over) {
					continue
				}
				if len(wording.Sums(text)) == 0 {
					if sum, ok := bareSum(text, over+" "+lead, nil); ok {
						text = sum.Amount.Currency + " " + strings.TrimSpace(text)
					}
				}
				b.WriteString(text)
				b.WriteString(" ")
				b.WriteString(over)
				b.WriteString("; ")
			}
			found, asks := coversIn(b.String())
			for _, c := range found[:min(1, len(found))] {
				if c.PerOccurrence != nil || c.Aggregate != nil || len(asks) > 0 {
					t.found = append(t.found, c)
				}
			}
			t.asks = append(t.asks, asks...)
		}
		if len(t.found) > 0 && len(t.found)*2 >= len(g.rows)-1 {
			out = append(out, t)
		}
	}
	return out
}

// coversIn pairs each kind of insurance with the limits that stand behind it, before the next kind.
func coversIn(s string) (out []obligation.RequiredCover, asks []pact.Ambiguity) {
	type place struct {
		kind       string
		start, end int
	}
	var all []place
	for _, c := range covers {
		if m := c.is.FindStringIndex(s); m != nil {
			all = append(all, place{c.kind, m[0], m[1]})
		}
	}
	for i := range all { // in order of the text; a name inside another is the same cover
		for j := i + 1; j < len(all); j++ {
			if all[j].start < all[i].start {
				all[i], all[j] = all[j], all[i]
			}
		}
	}
	kept := all[:0]
	for _, p := range all {
		if n := len(kept); n > 0 && (p.start < kept[n-1].end || including(s[kept[n-1].end:p.start])) {
			continue
		}
		kept = append(kept, p)
	}
	sums := wording.Sums(s)
	ahead := len(kept) > 0 && len(sums) >= len(kept) && sums[0].End <= kept[0].start && sums[len(sums)-1].End <= kept[len(kept)-1].start
	for i, p := range kept {
		end := len(s)
		if i+1 < len(kept) {
			end = kept[i+1].start
		}
		from := p.end
		if ahead { // "2,000,000 EUR any one occurrence for public liability"
			from, end = 0, p.start
			if i > 0 {
				from = kept[i-1].end
			}
		}
		c := obligation.RequiredCover{Kind: p.kind}
		for k, sum := range sums {
			if sum.Start < from || sum.End > end || shareAhead.MatchString(s[from:sum.Start]) || shareNext.MatchString(s[sum.End:]) {
				continue
			}
			if len(sum.Readings) > 0 {
				a := pact.Ambiguity{Code: "words_against_figures", Question: "The words and the figures of the limit of cover differ. Which is right?"}
				for _, v := range sum.Readings {
					a.Readings = append(a.Readings, pact.Sum(v))
				}
				asks = append(asks, a)
				continue
			}
			until := end
			if k+1 < len(sums) {
				until = min(until, sums[k+1].Start)
			}
			amount := sum.Amount
			near := s[sum.End:max(sum.End, min(until, sum.End+70))]
			perAt, aggAt := perCase.FindStringIndex(near), inAggregate.FindStringIndex(near)
			if p.kind == "umbrella" && c.PerOccurrence == nil && c.Aggregate == nil && !saysLimit(s[from:end]) {
				asks = append(asks, pact.Ambiguity{Code: umbrellaLimit, Question: "Is the limit of the umbrella cover, " + amount.String() + ", for each occurrence or for all of a year together?", Texts: []string{"each occurrence", "all together"}})
			}
			switch {
			case aggAt != nil && (perAt == nil || aggAt[0] < perAt[0]) && c.Aggregate == nil:
				c.Aggregate = &amount
			case c.PerOccurrence == nil:
				c.PerOccurrence = &amount
			case c.Aggregate == nil && aggAt != nil:
				c.Aggregate = &amount
			}
		}
		out = append(out, c)
	}
	return out, asks
}

// umbrellaLimit is the question of which limit an umbrella has: as often it is for all together as for each occurrence.
const umbrellaLimit = "limit_unclear"

// saysLimit tells whether words say of a limit for what it is.
func saysLimit(s string) bool { return perCase.MatchString(s) || inAggregate.MatchString(s) }

// including tells whether a kind of cover is only named as a part of the one before: "general liability insurance, including products".
func including(gap string) bool {
	low := strings.ToLower(gap)
	return len(gap) < 40 && holds(low, "including", "inclusive of", "incl.") && !strings.ContainsAny(gap, "$€£0123456789")
}

// conditions reads what else a policy must have.
func conditions(c *obligation.RequiredCover, s string) {
	low := strings.ToLower(s)
	if strings.Contains(low, "waiv") && strings.Contains(low, "subrogation") {
		c.WaiverSubrogation = true
	}
	if m := insurerRate.FindStringSubmatch(s); m != nil && c.MinimumRating == "" {
		c.MinimumRating = m[1] + m[2]
	}
	if strings.Contains(low, "cancel") {
		for _, d := range wording.Durations(s) {
			if d.Duration.Unit == calendar.Day && len(d.Readings) == 0 && holds(lowerASCII(s[max(0, d.Start-90):min(len(s), d.End+90)]), "cancel") && c.CancelNoticeDays == 0 {
				c.CancelNoticeDays = d.Duration.Value
			}
		}
	}
}
