package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// A certificate of insurance tells what is held: who is insured, for whom it was issued, and of each policy its kind, its limits and its days.
// Insurers and brokers stand on it as large as those two and are no parties, and the days of its policies are not its own.

var (
	certifies   = expression.MustCompile(`(?i)^(?:\W*)(?:(?:certificate|evidence|confirmation|memorandum|proof|verification) of (?:\w+ ){0,3}insurance(?: cover)?\b|insurance certificate\b)`)
	besideCert  = expression.MustCompile(`(?is)\s+(?:(?:issue )?date\b|certificate (?:no|number)\b|no\. ).*$`)
	insuredName = expression.MustCompile(`(?i)^(?:(?:first )?named insured|(?:name of (?:the )?)?insured(?: party| name)?|policy ?holder|assured)(?: \([^)]*\))?(?: ?: ?|$)`)
	holderName  = expression.MustCompile(`(?i)^(?:(?:name of (?:the )?)?certificate holder|issued to)(?: \([^)]*\))?(?: ?: ?|$)`)
	insuredSaid = expression.MustCompile(`(?i)\b(?:on behalf of our client,?|insurance brokers? (?:to|for|of)|(?:certify|confirm) that|(?:held|effected|arranged|maintained) (?:by|for)|insured:) (?:the )?$`)
	issuedOn    = expression.MustCompile(`(?i)\b(?:dated?(?: of issue)?|issue date|issued(?: on)?)(?: \((?:mm/dd/yyyy|dd/mm/yyyy)\))?:? ?$`)
	otherIssue  = expression.MustCompile(`(?i)\b(?:retroactive|expiry|expiration|effective|inception|renewal|start|end|policy|due) dated?\b[^\n]{0,20}$`)
	monthAhead  = expression.MustCompile(`(?i)\(mm/dd/yy(?:yy)?\)`)
	dayAhead    = expression.MustCompile(`(?i)\(dd/mm/yy(?:yy)?\)`)
	policyNo    = expression.MustCompile(`(?i)\bpolicy (?:no\.?|number|nr\.?) ?:? ?([A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*)`)
	policyCell  = expression.MustCompile(`^[A-Z]{1,5}(?:[ /-]?[A-Z0-9]+)*[ /-]?[A-Z]*\d{2,}[A-Z0-9/-]*$`)
	otherLimit  = expression.MustCompile(`(?i)\b(?:products?|completed|rented|premises|med(?:ical)? exp|personal|disease|deductible|retention|excess of|premium)\b|\bexcess:? *$`)
	anyLimit    = expression.MustCompile(`(?i)\blimits?\b`)
	// alsoOf leads to the next sum, and ends what is said of the one before.
	alsoOf = expression.MustCompile(`(?i)(?:\band|/)\s*$`)
)

// certificate tells whether the paper certifies insurance: one of its first lines says so.
func (r *reading) certificate() bool {
	from := 0
	for n := 0; n < 4 && from < len(r.s); n++ {
		end := from + strings.IndexByte(r.s[from:]+"\n", '\n')
		if line := r.s[from:end]; end-from < 140 && certifies.MatchString(line) && titleCased(besideCert.ReplaceAllString(line, "")) {
			return true
		}
		from = end + 1
	}
	return false
}

// certified reads who is insured and for whom the certificate was issued. It tells false where it does not say who is insured.
func (r *reading) certified() bool {
	if !r.certificate() {
		return false
	}
	insured, at := r.labelledName(insuredName)
	if insured.Name == "" {
		insured, at = r.insuredInWords()
	}
	if insured.Name == "" {
		return false
	}
	insured.Role = "insured"
	list, spans := []pact.Party{insured}, []wording.Span{at}
	if holder, at := r.labelledName(holderName); holder.Name != "" && plainName(holder.Name) != plainName(insured.Name) {
		holder.Role = "certificate holder"
		list, spans = append(list, holder), append(spans, at)
	}
	r.term("parties", &pact.Value{Kind: pact.PartiesValue, Parties: list}, "0.84", spans...)
	return true
}

// labelledName is the first name behind a label, or under it where the label fills its line or its cell.
func (r *reading) labelledName(label *expression.Expression) (pact.Party, wording.Span) {
	for from := 0; from < len(r.s); {
		end := from + strings.IndexByte(r.s[from:]+"\n", '\n')
		for k, c := range cellsOf(r.s, from, end) {
			m := label.FindStringIndex(r.s[c.Start:c.End])
			if m == nil {
				continue
			}
			at := wording.Span{Start: c.Start + m[1], End: c.End}
			if at.Start >= at.End { // the name stands below
				below := cellsOf(r.s, min(end+1, len(r.s)), min(len(r.s), end+1+strings.IndexByte(r.s[min(end+1, len(r.s)):]+"\n", '\n')))
				if len(below) == 0 {
					continue
				}
				at = below[min(k, len(below)-1)]
			}
			if n, ok := wording.HeadName(r.s[:at.End], at.Start); ok {
				return pact.Party{Name: n.Text}, wording.Span{Start: c.Start, End: at.End}
			}
		}
		from = end + 1
	}
	return pact.Party{}, wording.Span{}
}

// insuredInWords is who is insured where a letter says it: "cover is held on behalf of our client, Acme Ltd".
func (r *reading) insuredInWords() (pact.Party, wording.Span) {
	for _, n := range wording.Names(r.s[:r.safe(min(len(r.s), 3000))]) {
		if insuredSaid.MatchString(r.s[r.safe(max(0, n.Start-50)):n.Start]) && (n.Form || personal(n)) {
			return pact.Party{Name: n.Text}, r.clauseSpan(n.Start, n.End)
		}
	}
	return pact.Party{}, wording.Span{}
}

// cellsOf parts the line [from, end) at its tabs.
func cellsOf(s string, from, end int) []wording.Span {
	var out []wording.Span
	for from <= end {
		k := strings.IndexByte(s[from:end]+"\t", '\t')
		out = append(out, wording.Span{Start: from, End: from + k})
		from += k + 1
	}
	return out
}

// certificateDays gives a certificate the day on which it was issued, and no other: its policies have days of their own.
func (r *reading) certificateDays() {
	r.scan()
	r.monthOrder()
	for i := range r.facts.dates {
		d := &r.facts.dates[i]
		day := r.dayOf(*d)
		before := r.s[r.safe(max(0, d.Start-40)):d.Start]
		if d.Start > 3000 || day == "" || !issuedOn.MatchString(before) || otherIssue.MatchString(before) {
			continue
		}
		v := pact.OnDate(day)
		r.term("agreement_date", &v, "0.84", r.clauseSpan(d.Start, d.End))
		return
	}
	r.decide("agreement_date", r.dateChoices())
}

// monthOrder takes the order of day and month that a form prints beside its dates.
func (r *reading) monthOrder() {
	order, m := byte('m'), monthAhead.FindStringIndex(r.s)
	if m == nil {
		order, m = 'd', dayAhead.FindStringIndex(r.s)
	}
	if m != nil {
		r.facts.order, r.facts.orderBy, r.facts.orderOf = order, wording.Span{Start: m[0], End: m[1]}, ""
	}
}

// findHeldCover lists the policies of a certificate: kind, limits, days and number of each.
func findHeldCover(r *reading) {
	if !r.certificate() || r.get("insurance_limits") != nil {
		return
	}
	r.scan()
	r.monthOrder()
	var told []string
	var at wording.Span
	for from := 0; from < len(r.s); {
		end := r.policyEnd(from, from+strings.IndexByte(r.s[from:]+"\n", '\n'))
		name, days := r.policyLine(from, end)
		if name == "" {
			from = end + 1
			continue
		}
		for end < len(r.s) { // limits in lines of their own, of the same policy
			next := end + 1 + strings.IndexByte(r.s[end+1:]+"\n", '\n')
			if other, _ := r.policyLine(end+1, next); other != "" || next-end > 120 || len(wording.Sums(r.s[end+1:next])) == 0 {
				break
			}
			end = next
		}
		words := name + ":" + limitsIn(r.s[from:end])
		words += " " + r.dayWords(days[0]) + " to " + r.dayWords(days[1])
		if no := policyNumber(r.s[from:end]); no != "" {
			words += ", policy " + no
		}
		told = append(told, words)
		if at.End == 0 {
			at.Start = from
		}
		at.End = end
		from = end + 1
	}
	if len(told) == 0 {
		return
	}
	v := pact.Text(strings.Join(told, "; "))
	r.term("insurance_limits", &v, "0.72", at)
}

// policyEnd is where the first policy of the line [from, end) ends: before the next kind of cover that has two days of its own, as it has.
func (r *reading) policyEnd(from, end int) int {
	if len(r.datesIn(wording.Span{Start: from, End: end})) < 4 {
		return end
	}
	var kinds []int
	for _, k := range covers {
		for _, m := range k.is.FindAllStringIndex(r.s[from:end], -1) {
			kinds = append(kinds, from+m[0])
		}
	}
	slices.Sort(kinds)
	for i, at := range kinds {
		next := end
		if i+1 < len(kinds) {
			next = kinds[i+1]
		}
		if i > 0 && r.s[at-1] == ' ' && len(r.datesIn(wording.Span{Start: from, End: at})) >= 2 && len(r.datesIn(wording.Span{Start: at, End: next})) >= 2 {
			return at - 1
		}
	}
	return end
}

// policyLine is the kind of cover that a line names, as it is written, and the two days of its policy; "" where it tells no policy.
func (r *reading) policyLine(from, end int) (string, []wording.Date) {
	days := r.datesIn(wording.Span{Start: from, End: end})
	if len(days) < 2 || end-from > 700 {
		return "", nil
	}
	for _, c := range cellsOf(r.s, from, end) {
		first := len(r.s)
		last := 0
		for _, k := range covers {
			if m := k.is.FindStringIndex(r.s[c.Start:c.End]); m != nil && m[0] < first {
				first, last = m[0], m[1]
			}
		}
		if last > 0 {
			kind, _, _ := strings.Cut(r.s[c.Start+first:c.Start+last], " insurance")
			return strings.TrimSpace(kind), days[:2]
		}
	}
	return "", nil
}

// dayWords writes a day of a policy, in the words of the certificate where these leave it open.
func (r *reading) dayWords(d wording.Date) string {
	if day := r.dayOf(d); day != "" {
		return string(day)
	}
	return r.s[d.Start:d.End]
}

// limitsIn writes the limits of a policy for each case and for all together. What a sum is for stands ahead of it in forms, or in the cell
// before, behind it in letters; where the first has its words behind it, so have the others. A sum without such words is written alone.
func limitsIn(s string) string {
	var alone, each, all string
	from, isBehind := 0, false
	sums := wording.Sums(s)
	for i, sum := range sums {
		until := len(s)
		if i+1 < len(sums) {
			until = sums[i+1].Start
		}
		ahead := strings.TrimRight(s[max(from, sum.Start-60):sum.Start], ",;\t\n ")
		ahead = ahead[strings.LastIndexAny(ahead, ";\t\n,")+1:]
		behind := s[sum.End:until]
		if k := strings.IndexAny(behind, ";\t\n,"); k >= 0 {
			behind = behind[:k]
		} else if i+1 < len(sums) && anyLimit.MatchString(ahead) && !alsoOf.MatchString(behind) {
			behind = "" // these are the words ahead of the next
		}
		from = sum.End
		says := ahead
		if (isBehind || !saysWhatFor(ahead)) && saysWhatFor(behind) {
			says, isBehind = behind, isBehind || i == 0
		}
		switch {
		case otherLimit.MatchString(says) || len(sum.Readings) > 0:
		case inAggregate.MatchString(says):
			if all == "" {
				all = " " + sum.Amount.String() + " in the aggregate,"
			}
		case saysLimit(says):
			if each == "" {
				each = " " + sum.Amount.String() + " each occurrence,"
			}
		case alone+each+all == "":
			alone = " " + sum.Amount.String() + ","
		}
	}
	return alone + each + all
}

func saysWhatFor(s string) bool { return saysLimit(s) || otherLimit.MatchString(s) }

// policyNumber is the number that a policy has in words, or in a cell of its own.
func policyNumber(s string) string {
	if m := policyNo.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	cells := strings.FieldsFunc(s, func(c rune) bool { return c == '\t' || c == '\n' })
	if i := slices.IndexFunc(cells, func(c string) bool { return policyCell.MatchString(strings.TrimSpace(c)) }); i >= 0 {
		return strings.TrimSpace(cells[i])
	}
	return ""
}
