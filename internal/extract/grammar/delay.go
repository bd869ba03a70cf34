package grammar

import (
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// What late delivery costs, and milestones with their dates and payments.

var (
	delayWord = expression.MustCompile(`(?i)\b(?:late\b|delay\w*|overdue|exceeds? the (?:delivery|agreed)|not (?:delivered|completed) (?:by|on|within)|behind schedule|misse[sd]? (?:the|a) (?:delivery|date|deadline)|liquidated damages|deliver\w* late|after the (?:delivery|agreed|due) date)\b`)
	delayPay  = expression.MustCompile(`(?i)\b(?:liquidated|damages|penalt\w+|deduct\w*|credits?|reduc\w+|pays?|compensation|take|knock|owe[sd]?|forfeits?|falls? due|due|off the (?:bill|price)|malus)\b`)
	delayNot  = expression.MustCompile(`(?i)\b(?:late payment|payment (?:is|of)|paid late|overdue (?:invoice|sums|amounts|payments?)|interest|invoices? (?:is|are|not)|bills?[^.;]{0,12} (?:is|are) late|insur\w+|availability|uptime|response|resol(?:ve|ution)|incident|priority|severity|undisputed|storage)\b`)
	eachStep  = expression.MustCompile(`(?i)\b(?:per|for each|for every|each|every|a)(?: (full|complete|whole|commenced|started|begun|completed|part of an?))?(?: (?:calendar|working|business))? (day|week|month)(?: or part (?:of|thereof))?( begun| commenced| started| or part)?`)
	mostRate  = expression.MustCompile(`(?i)\b(?:at (?:the )?(?:most|maximum)|maximum(?: of)?|not (?:to )?exceed(?:ing)?|(?:but )?(?:no|not|never) more than|limited to|capped at|ceiling of|cap of|up to|in all|to a total of)\b[^.;%]{0,50}$`)
	tenthOf   = expression.MustCompile(`(?i)\bnever more than a tenth\b|\bat most a tenth\b|\bno more than a tenth\b|\ba maximum of a tenth\b`)
)

// findDelay reads what late delivery costs.
func findDelay(r *reading) {
	for _, n := range r.sentencesWith(100, "late", "delay", "liquidated damages", "penalt", "exceed the", "behind schedule", "misses", "overdue") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || sp.End-sp.Start < 25 || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if !delayWord.MatchString(s) || !delayPay.MatchString(s) || delayNot.MatchString(s) || !strings.ContainsAny(s, "%0123456789") && !strings.Contains(s, "percent") {
			continue
		}
		wide := sp
		if n+1 < len(r.sentences) {
			next := r.sentences[n+1]
			if t := r.cut(next); next.End-next.Start < 220 && holds(strings.ToLower(t), "damages", "the penalty", "the deduction", "the total") && mostRate.MatchString(before(t, "%")) && strings.Contains(t, "%") {
				wide.End = next.End
			}
		}
		d, ok := damagesOf(r.cut(wide))
		if !ok {
			continue
		}
		words := ""
		if d.Percent != nil {
			words = d.Percent.String() + " %"
		} else {
			words = d.Amount.String()
		}
		o := pact.Obligation{Kind: "delivery_schedule", Key: r.freeKey("delivery_schedule/delay"), Title: "Late delivery costs " + words + " each " + d.Step, Bearer: r.side("supplier"), Beneficiary: r.side("customer"), Deliverable: r.quoteWords(sp)}
		r.obligation(o, obligation.DeliveryParams{Damages: &d}, "0.68", wide)
		return
	}
}

// damagesOf reads the rate, its step and its limit.
func damagesOf(s string) (obligation.DamagesParams, bool) {
	var d obligation.DamagesParams
	step := -1
	for _, m := range eachStep.FindAllStringSubmatchIndex(s, 6) {
		unit := strings.ToLower(group(s, m, 2))
		if unit == "month" {
			continue
		}
		step, d.Step = m[0], unit
		switch how := strings.ToLower(group(s, m, 1) + group(s, m, 3)); {
		case holds(how, "full", "complete", "whole"):
			d.Count = "full"
		case holds(how, "commenced", "started", "begun", "part") || strings.Contains(strings.ToLower(s[m[0]:m[1]]), "or part"):
			d.Count = "started"
		}
		break
	}
	if step < 0 {
		return d, false
	}
	for _, rate := range wording.Percents(s) {
		if len(rate.Readings) > 0 {
			continue
		}
		v := rate.Value
		switch {
		case mostRate.MatchString(s[max(0, rate.Start-70):rate.Start]):
			if d.CapPercent == nil {
				d.CapPercent = &v
			}
		case d.Percent == nil:
			d.Percent = &v
		}
	}
	for _, sum := range wording.Sums(s) {
		if len(sum.Readings) > 0 {
			continue
		}
		amount := sum.Amount
		switch {
		case mostRate.MatchString(s[max(0, sum.Start-70):sum.Start]):
			if d.CapAmount == nil {
				d.CapAmount = &amount
			}
		case d.Amount == nil && d.Percent == nil:
			d.Amount = &amount
		}
	}
	if d.CapPercent == nil && tenthOf.MatchString(s) {
		ten := decimal.NewFromInt(10)
		d.CapPercent = &ten
	}
	low := strings.ToLower(s)
	switch {
	case holds(low, "late quantity", "delayed quantity", "delayed goods", "late goods", "late parts", "delayed part", "late part", "goods delayed", "delayed items", "part that is late"):
		d.Base = "late"
	case holds(low, "of the order", "order value", "of the contract", "whole price"):
		d.Base = "line"
	}
	return d, d.Percent != nil || d.Amount != nil
}

func group(s string, m []int, n int) string {
	if 2*n+1 >= len(m) || m[2*n] < 0 {
		return ""
	}
	return s[m[2*n]:m[2*n+1]]
}

var (
	// "Milestone 1 - Design sign-off - 15 May 2026": a line that counts itself
	ownStage  = expression.MustCompile(`^[\s\x{2022}*-]{0,4}(?:milestone|stage|phase|work ?package|instal+ment) (?:no\.? ?)?(?:\d{1,2}|[a-f]|i{1,3}|iv|v)(?:[:.) ,-]|\t|$)[ :.)-]*`)
	stageVerb = expression.MustCompile(`\b(?:is|are|was|ends?|begins?|starts?|shall|will|must|covers?|comprises?|includes?|means)\b`)
	onAccept  = expression.MustCompile(`(?i)\b(?:acceptance|accepted|accepts|signs the acceptance|approval of)\b`)
	staged    = expression.MustCompile(`(?i)\b(?:milestones?|stages?|phases?|instal+ments?|work ?packages?)\b`)
	lineTitle = expression.MustCompile(`(?i)\b(?:invoice|payment|instal+ment|fee) (?:of )?$|[,;:(|\t –-]+$`)
)

// findMilestones reads milestones in tables and lists: a name, a day, and what becomes payable.
func findMilestones(r *reading) {
	var rows []obligation.MilestoneRow
	var at []wording.Span
	seen := map[string]bool{}
	add := func(row obligation.MilestoneRow, sp wording.Span) {
		if row.Name == "" || seen[row.Name] || len(rows) >= 60 {
			return
		}
		seen[row.Name] = true
		rows = append(rows, row)
		at = append(at, sp)
	}
	for i := range r.grids {
		g := &r.grids[i]
		if len(g.rows) < 2 {
			continue
		}
		if r.planTable(g) {
			continue
		}
		head := rowText(g.rows[0])
		lead := r.s[r.safe(max(0, g.Start-240)):g.Start]
		if !milestoneHead.MatchString(head) && !milestoneLine.MatchString(lead) || priceHead.MatchString(head) && !milestoneHead.MatchString(head) {
			continue
		}
		for _, cells := range g.rows[1:] {
			var row obligation.MilestoneRow
			label := ""
			for col, c := range cells {
				if d := wording.Dates(c.text); len(d) == 1 && len(c.text) < 40 && d[0].Date != "" && len(d[0].Readings) == 0 {
					if row.Due == "" {
						row.Due = d[0].Date
					}
					continue
				}
				if s := wording.Sums(c.text); len(s) == 1 && len(s[0].Readings) == 0 && s[0].End-s[0].Start >= len(c.text)/2 {
					amount := s[0].Amount
					row.Amount = &amount
					continue
				}
				if s, ok := bareSum(c.text, g.headOver(1, col), nil); ok { // the head names the currency
					row.Amount = &s.Amount
					continue
				}
				if p := wording.Percents(c.text); len(p) == 1 && len(p[0].Readings) == 0 && len(c.text) < 20 {
					v := p[0].Value
					row.Percent = &v
					continue
				}
				switch {
				case col == 0 && len(c.text) < 8:
					label = c.text
				case row.Name == "" && len(c.text) > 2 && len(c.text) < 160:
					row.Name = c.text
				}
			}
			if row.Amount != nil {
				row.Percent = nil // the share beside an amount says the same
			}
			if row.Name == "" {
				row.Name = label
			}
			row.Acceptance = onAccept.MatchString(rowText(cells))
			if row.Due != "" || staged.MatchString(head) && (row.Amount != nil || row.Percent != nil) {
				add(row, rowSpan(cells))
			}
		}
	}
	if len(rows) == 0 {
		r.milestoneLines(add)
	}
	if len(rows) < 2 {
		r.findInstalments()
		return
	}
	p := obligation.MilestoneParams{Milestones: rows}
	o := pact.Obligation{Kind: "milestone", Key: r.freeKey("milestone"), Title: "Milestones", Bearer: r.side("supplier"), Beneficiary: r.side("customer"), Deliverable: r.quoteWords(at[0]), Frequency: "once"}
	r.obligation(o, p, "0.70", at...)
}

var stageWords = anyWord("milestone", "deliverable", "stage", "phase", "project plan", "timetable", "time table", "schedule of work", "payment plan", "instalment", "installment", "following dates")

// milestoneLines reads "3 February 2026: the survey of sites, invoice of £24,000" and "On acceptance of the pilot: 30 %".
func (r *reading) milestoneLines(add func(obligation.MilestoneRow, wording.Span)) {
	spoken := -20
	for n, sp := range r.sentences {
		if sp.End-sp.Start > 260 || r.inTable(sp.Start) {
			continue
		}
		low := r.lower[sp.Start:sp.End]
		own := ownStage.FindStringIndex(low)
		if own == nil && r.says(stageWords(), sp) && milestoneLine.MatchString(low) {
			spoken = n
			continue
		}
		if own == nil && n-spoken > 12 || own != nil && stageVerb.MatchString(low[own[1]:]) {
			continue
		}
		s := r.cut(sp)
		dates, sums := wording.Dates(s), wording.Sums(s)
		if len(dates) != 1 || dates[0].Date == "" || len(dates[0].Readings) > 0 || modalWord.MatchString(low[:dates[0].Start]) || modalWord.MatchString(low[dates[0].End:]) || len(sums) > 1 {
			continue
		}
		row := obligation.MilestoneRow{Due: dates[0].Date}
		if shares := wording.Percents(s); len(shares) == 1 && len(shares[0].Readings) == 0 && len(sums) == 0 {
			row.Percent = &shares[0].Value
			s = s[:shares[0].Start] + strings.Repeat(" ", shares[0].End-shares[0].Start) + s[shares[0].End:]
		}
		if own != nil {
			s = strings.Repeat(" ", own[1]) + s[own[1]:]
		}
		name := s[dates[0].End:]
		if !dateFirst.MatchString(s[:dates[0].Start]) {
			name = s[:dates[0].Start]
		}
		if len(sums) == 1 && len(sums[0].Readings) == 0 {
			amount := sums[0].Amount
			row.Amount = &amount
			if k := strings.Index(name, s[sums[0].Start:sums[0].End]); k >= 0 {
				name = name[:k]
			}
		}
		for range 3 {
			if m := lineTitle.FindStringIndex(name); m != nil {
				name = name[:m[0]]
			}
		}
		name = strings.Trim(name, " \t.,;:|-()")
		if own != nil && len(name) < 3 {
			name = strings.Trim(r.cut(sp)[own[0]:own[1]], " \t.,;:|-()*\u2022")
		}
		if own == nil && (len(strings.Fields(name)) < 2 || len(name) < 8 || noMilestone.MatchString(name)) || name == "" {
			continue
		}
		row.Name = name
		row.Acceptance = onAccept.MatchString(name)
		add(row, sp)
	}
}
