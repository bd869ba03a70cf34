package grammar

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// serviceHours is what the text says about when a clock runs.
type serviceHours struct {
	business calendar.Hours
	at       []wording.Span
	found    bool
}

// findZone reads the time zone and the business hours.
func findZone(r *reading) {
	for _, n := range r.sentencesWith(80, "time zone", "eastern", "central time", "pacific time", "america/", "europe/", "business hours", "business day", "a.m.", " am ", "utc", "gmt", "london time", "uk time", "local time", "working days", "support hours", "working hours", "service hours", " cet", "o'clock", "monday", "weekday", "mon-", "mo-fr") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 2500 {
			continue
		}
		low := r.lower[sp.Start:sp.End]
		if r.zone == "" && holds(low, " time", "utc", "gmt", "cet", "america/", "europe/", "asia/", "australia/", "a.m.", "p.m.", " am", " pm", ":00", ":30") {
			r.zoneIn(sp, s)
		}
		if r.hours.found || !holds(low, "monday", "a.m.", " am", ":00", ":30", "o'clock", "24 hours", "hours of", "through friday", "to friday", "am ", "pm ", ".00", ".30", " h ") {
			continue
		}
		if !hoursCue.MatchString(s) && !(weekdayCue.MatchString(s) && ofClocks.MatchString(s)) {
			continue
		}
		if uptimeWord.MatchString(s) && strings.Contains(s, "%") && !strings.Contains(s, ":00") {
			continue // in which hours something is available
		}
		end := sp.End
		if n+1 < len(r.sentences) && r.sentences[n+1].End-sp.Start < 900 {
			end = r.sentences[n+1].End
		}
		hours, at, ok := businessIn(r.s[sp.Start:end])
		if !ok || at.Start > sp.End-sp.Start {
			continue
		}
		if before := s[:min(at.Start, len(s))]; plannedWork.MatchString(before) && !ownHours.MatchString(before) {
			continue
		}
		r.hours = serviceHours{business: hours, found: true, at: []wording.Span{{Start: sp.Start, End: end}}}
	}
	if r.hours.business.Zone == "" {
		r.hours.business.Zone = r.zone
	}
}

// businessIn reads hours that end, beside words for the whole day: "P1 24x7, P2 Monday to Friday 8am-6pm".
func businessIn(s string) (calendar.Hours, wording.Span, bool) {
	hours, at, ok := wording.HoursOf(s)
	if !ok || !hours.Always {
		return hours, at, ok
	}
	if hours, before, ok := wording.HoursOf(s[:at.Start]); ok {
		return hours, before, ok
	}
	hours, behind, ok := businessIn(s[at.End:])
	return hours, wording.Span{Start: at.End + behind.Start, End: at.End + behind.End}, ok
}

// zoneIn takes the time zone that a sentence names.
func (r *reading) zoneIn(sp wording.Span, s string) {
	zones := wording.Zones(s)
	if len(zones) == 0 || deadline.MatchString(s) {
		return
	}
	zone := zones[0]
	for _, z := range zones {
		if strings.Contains(s[z.Start:z.End], "/") {
			zone = z // "Eastern Time (America/Detroit)": the exact name
			break
		}
	}
	r.zone = zone.Name
	v := pact.Text(r.zone)
	r.term("zone", &v, "0.80", r.clauseSpan(sp.Start+zone.Start, sp.Start+zone.End))
}

var (
	// plannedWork stands before the hours of maintenance, in which nobody is served.
	plannedWork = expression.MustCompile(`(?i)\b(?:(?:scheduled|planned|routine|regular|preventi\w+|standard|weekly) (?:system )?(?:maintenance|downtimes?|outages?)|maintenance (?:windows?|hours|times?|works?|slots?)|change windows?|outage windows?)\b[^.;]*$`)
	// ownHours stands right before the hours it names: "outside business hours (Monday to Friday, …)".
	ownHours   = expression.MustCompile(`(?i)\b(?:business|working|office|service|support) hours \([^().;]{0,40}$`)
	hoursCue   = expression.MustCompile(`(?i)\b(?:business|working|support|service|office|normal|standard|coverage|opening|operational|core|open) (?:hours?|days?)\b|\bmonday\b|\bhours of (?:operation|coverage|support)\b`)
	weekdayCue = expression.MustCompile(`(?i)\b(?:weekdays?|mon-(?:thu|fri|sat)|mo-(?:fr|sa))\b`)
	deadline   = expression.MustCompile(`(?i)\b(?:tender|expire[sd]?|closing|notice|deemed|effective|deliver\w*|wire|takes effect)\b[^.]{0,80}\b(?:time)\b`)
	uptimeWord = expression.MustCompile(`(?i)\b(?:uptime|up-time|availab\w+|operational|accessible|reachable|in (?:full |good )?working order|ready for use|(?:be|is|are) up (?:and running|at least|for|no|not|during|\d))\b`)
	uptimeNot  = expression.MustCompile(`(?i)\b(?:credits?|refund|fees?|charges?|discount|royalt\w+|interest|price|shares?|stock|vot\w+|ownership)\b`)
	uptimeCue  = expression.MustCompile(`(?i)(?:\bat least|\bminimum|\bnot less than|\bno less than|\btarget|\bcommitment|\bguarantee\w*|\bmaintain|\bensure|\bavailab\w+|\buptime|\bworking order|\bready for use|\bpromise|\bwarrant\w*|\bshall be|\bwill be|\bof|\bis|>=|:|\t)[^.;%]{0,70}$`)
	exampleNot = expression.MustCompile(`(?i)\b(?:example|below|less than|falls|lower than|under|if|between|drops|fails)\b[^.;%]{0,40}$`)
	creditWord = expression.MustCompile(`(?i)\b(?:service (?:level )?credits?|credits?|rebate|refund|reduction|abatement)\b`)
	claimCue   = expression.MustCompile(`(?i)\b(?:claim\w*|asks?|asked|request\w*|notify|notif\w+|submit|submitted|receive|assert\w*|lost|lapses?)\b`)
	claimTail  = expression.MustCompile(`(?i)^[^.;]{0,40}\b(?:of|after|from|following)\b[^.;]{0,90}\b(?:month|period|quarter|incident|outage|failure|event|downtime|unavailab\w+|end|date|billing cycle|occurrence|year)\b`)
	claimPlain = expression.MustCompile(`(?i)\b(?:claim\w*|asks?|asked|request\w*|notif\w+|submit\w*|assert\w*|lost|lapses?|forfeit\w*)\b`)
	claimOf    = expression.MustCompile(`(?i)\b(?:credits?|reductions?|deductions?|malus|abatements?|rebates?)\b`)
	notClaim   = expression.MustCompile(`(?i)\b(?:third part(?:y|ies)|infring\w+|indemnif\w+|arbitrat\w+|insur\w+|invoice (?:is|in) disput\w+|warrant\w+)\b`)
	capCredit  = expression.MustCompile(`(?i)\b(?:not (?:to )?exceed|no event exceed|maximum|more than|(?:not|never) (?:be )?(?:greater|higher) than|go (?:above|beyond)|limited to|capped at|up to|cap of|ceiling of|exceed|at (?:the )?most)\b[^.;%]{0,80}$`)
	serviceOf  = expression.MustCompile(`\b([A-Z][\w-]+(?: [A-Z][\w-]+){0,3}|(?:[Tt]he|[Ee]ach|[Oo]ur) [a-z]+(?: [a-z]+){0,2}) (?:is|are|will be|shall be|must be|remains?) (?:\w+ ){0,2}(?:available|accessible|operational|reachable|up)\b`)
	servedBy   = expression.MustCompile(`^(?: [a-z]+){0,2} for (?:the|our|your) ([a-z][\w-]*(?: [a-z][\w-]*){0,2}?)(?: and\b|[,.;]|$)`)
	serviceIn  = expression.MustCompile(`\b[Tt]he ((?:[A-Z][\w-]+ ){0,3}[A-Z][\w-]+) [Aa]vailable\b`)
	serviceIs  = expression.MustCompile(`\b(?:[Tt]he |[Oo]ur )?((?:[A-Z][\w-]+ ){0,3}(?:Service|Services|Platform|System|Software|Cloud Service|Application|Network|Site|Website|Solution|Products?|Hosted Service|API))\b`)
)

// findAvailability reads the uptime target, the credit table, the claim window, and makes the obligation of them.
func findAvailability(r *reading) {
	target, targetAt, others := r.uptimeTarget()
	tables := r.creditTables()
	tiers, tiersAt := r.creditTable(tables)
	if target == nil && tiers != nil && !tiers.Unpicked && len(tiers.Tiers) > 1 && uptimeFalls.MatchString(r.s[r.safe(max(0, tiersAt.Start-60)):tiersAt.End]) {
		target, targetAt = tiers.Tiers[0].Below, tiersAt // "if its availability falls under 99.8 %": what must be reached
	}
	if target != nil {
		r.uptime = target
		v := pact.Percent(*target)
		r.term("uptime_target", &v, "0.82", targetAt)
	}
	differ := r.contradictUptime(others)
	if tiers != nil {
		if tiers.Unpicked {
			c := r.term("service_credits", nil, "0.40", tiersAt)
			c.Ambiguities = tiers.Ambiguities
		} else {
			r.term("service_credits", &pact.Value{Kind: pact.TiersValue, Tiers: tiers.Tiers}, "0.80", tiersAt)
		}
	}
	claim, claimAt := r.claimWindow()
	if claim != nil {
		r.term("claim_window", &pact.Value{Kind: pact.DurationValue, Duration: claim}, "0.80", claimAt)
	}
	named := map[string]bool{}
	care := r.upkeepOf()
	defer func() { r.moreAvailability(named, others, tables, care) }()
	if target == nil {
		return
	}
	p := obligation.AvailabilityParams{Service: "service", Target: *target, Zone: r.zone}
	at := []wording.Span{targetAt}
	r.levelAt = append(r.levelAt, targetAt)
	if m := serviceOf.FindStringSubmatch(r.cut(targetAt)); m != nil {
		p.Service = slug(m[1])
	} else if m := serviceIs.FindStringSubmatch(r.cut(targetAt)); m != nil {
		p.Service = slug(m[1])
	} else if name := r.serviceInRow(targetAt); name != "" {
		p.Service = name
	} else if name := serviceOfRow(others, targetAt); name != "" {
		p.Service = name
	}
	if p.Service == "the-service" || p.Service == "services" {
		p.Service = "service"
	}
	named[p.Service], named[target.String()] = true, true
	o := pact.Obligation{Kind: "availability", Key: "availability/" + p.Service, Bearer: r.roleName("supplier"), Beneficiary: r.roleName("customer"), Ambiguities: differ}
	var creditsAt []wording.Span
	if tiers != nil {
		creditsAt = append(creditsAt, tiersAt)
	}
	over := r.measuredOver(targetAt, target.String(), creditsAt)
	over.over(r, &o, &p)
	at = appendNew(at, over.at)
	if tiers != nil {
		at = append(at, tiersAt)
		o.Ambiguities = append(o.Ambiguities, tiers.Ambiguities...)
		if !tiers.Unpicked {
			p.Tiers = tiers.Tiers
		}
	}
	if claim != nil {
		if n, ok := wording.Days(*claim); ok {
			p.ClaimDays = n
			at = append(at, claimAt)
		}
	}
	if limit, limitAt := r.creditLimit(); limit != nil {
		p.CapPercent = limit
		at = append(at, limitAt)
	}
	ruleAt, open := r.creditRule(&p)
	at = appendNew(at, ruleAt)
	o.Ambiguities = append(o.Ambiguities, open...)
	var excludedAt []wording.Span
	p.Exclusions, excludedAt = r.exclusions()
	at = append(at, excludedAt...)
	at = appendNew(at, r.applyUpkeep(&p, care))
	r.obligation(o, p, "0.80", at...)
}

// appendNew adds the passages that are not there yet.
func appendNew(at, more []wording.Span) []wording.Span {
	for _, sp := range more {
		if !slices.Contains(at, sp) {
			at = append(at, sp)
		}
	}
	return at
}

// serviceOfRow names the service of the row that a target was read in: "Availability of the payroll engine | 99.8 %".
func serviceOfRow(finds []uptimeFind, at wording.Span) string {
	for _, f := range finds {
		if f.table && f.at == at {
			return f.service
		}
	}
	return ""
}

// serviceInRow names the service of a row of a table that gives one percentage for each.
func (r *reading) serviceInRow(at wording.Span) string {
	for i := range r.grids {
		g := &r.grids[i]
		if at.Start < g.Start || at.End > g.End || len(g.rows) < 3 || len(g.rows[0]) < 2 || !uptimeHead.MatchString(rowText(g.rows[0][1:])) || uptimeHead.MatchString(g.rows[0][0].text) {
			continue
		}
		for _, row := range g.rows[1:] {
			if sp := rowSpan(row); sp.Start <= at.Start && at.Start < sp.End && len(row[0].text) < 60 && !strings.ContainsAny(row[0].text, "%0123456789") && !uptimeHead.MatchString(row[0].text) {
				return slug(row[0].text)
			}
		}
	}
	return ""
}

// roleName gives a role word if a party has it, otherwise "".
func (r *reading) roleName(role string) string {
	v := r.value("parties")
	if v == nil {
		return ""
	}
	for _, p := range v.Parties {
		if p.Role == role {
			return role
		}
	}
	return ""
}

func slug(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, w := range []string{"the ", "each ", "our "} {
		s = strings.TrimPrefix(s, w)
	}
	return strings.Trim(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return '-'
	}, s), "-")
}

func (r *reading) obligation(o pact.Obligation, params any, confidence string, at ...wording.Span) {
	raw, err := json.Marshal(params)
	if err != nil {
		return // a struct of strings and numbers always marshals
	}
	o.Params = raw
	o.Evidence = r.evidence(at...)
	o.Confidence, o.Verification = sure(confidence), pact.Verified
	if o.InForce.From == "" {
		o.InForce.From = r.startDate()
	}
	if len(o.Ambiguities) > 0 {
		o.Confidence = sure("0.50")
	}
	r.found = append(r.found, pact.Candidate{
		Subject: "obligation", Name: o.Key, Label: o.Title, Obligation: &o, Evidence: o.Evidence, Confidence: o.Confidence,
		Verification: pact.Verified, Extractor: source, Ambiguities: o.Ambiguities,
	})
}

// uptimeFind is a percentage that may be the target of availability.
type uptimeFind struct {
	v       decimal.Decimal
	at      wording.Span
	service string
	thing   string // what its row is of, a service where rows of other things stand beside it
	score   int
	table   bool
}

// uptimeTarget finds the target of availability, and others of services with a name of their own.
func (r *reading) uptimeTarget() (*decimal.Decimal, wording.Span, []uptimeFind) {
	var best *uptimeFind
	var all []uptimeFind
	for _, n := range r.sentencesWith(120, "uptime", "up-time", "availab", "operational", "reachable", "be up ", "working order", "ready for use") {
		sp := r.sentences[n]
		joined := false
		if sp.End-sp.Start < 40 && !strings.Contains(r.cut(sp), "%") && n+1 < len(r.sentences) && r.sentences[n+1].End-sp.Start < 400 {
			sp.End, joined = r.sentences[n+1].End, true // "Uptime. Target 99.8 % per quarter"
		}
		s := r.cut(sp)
		if len(s) > 3000 || !holds(r.lower[sp.Start:sp.End], "%", "percent", "per cent") || forBonus(s) {
			continue
		}
		for _, p := range wording.Percents(s) {
			if len(p.Readings) > 0 || p.Value.LessThan(decimal.NewFromInt(90)) || p.Value.GreaterThan(decimal.NewFromInt(100)) {
				continue
			}
			before, after := s[max(0, p.Start-130):p.Start], s[p.End:min(len(s), p.End+110)]
			if joined {
				before = strings.ReplaceAll(before, ". ", ": ")
			}
			cued := uptimeCue.MatchString(before) || uptimeNext.MatchString(after)
			if !uptimeWord.MatchString(before+s[p.Start:p.End]) && !uptimeWord.MatchString(after) || !cued || exampleNot.MatchString(before) && !strings.Contains(strings.ToLower(before), "not less than") && !strings.Contains(strings.ToLower(before), "no less than") {
				continue
			}
			f := uptimeFind{v: p.Value, at: r.clauseSpan(sp.Start+p.Start, sp.Start+p.End), score: 2}
			if all := serviceIn.FindAllStringSubmatch(s[:p.Start], -1); len(all) > 0 {
				f.service = slug(all[len(all)-1][1])
			} else if all := serviceOf.FindAllStringSubmatch(s[:p.Start], -1); len(all) > 0 {
				f.service = slug(all[len(all)-1][1])
			} else if m := serviceOf.FindStringSubmatch(s); m != nil {
				f.service = slug(m[1])
			}
			if m := servedBy.FindStringSubmatch(after); m != nil {
				f.service = slug(m[1])
			}
			low := strings.ToLower(before)
			for _, w := range []string{"at least", "shall", "will", "target", "commit", "guarantee", "minimum", "not less than", "no less than", "promise", "warrant", "ensure", "undertak"} {
				if strings.Contains(low, w) {
					f.score++
				}
			}
			if f.score == 2 && holds(strings.ToLower(s[:p.Start]), "shall", "will") {
				f.score++ // said for the target before
			}
			if uptimeNot.MatchString(before[max(0, len(before)-60):]) || uptimeNot.MatchString(after[:min(len(after), 30)]) {
				f.score -= 3
			}
			if f.score <= 1 {
				continue
			}
			all = append(all, f)
			if best == nil || f.score > best.score {
				best = &all[len(all)-1]
				kept := *best
				best = &kept
			}
		}
	}
	for i := range r.grids {
		for _, f := range r.uptimesInGrid(&r.grids[i]) {
			all = append(all, f)
			if best == nil {
				kept := f
				best = &kept
			}
		}
	}
	if best == nil {
		return nil, wording.Span{}, all
	}
	return &best.v, best.at, all
}

// uptimesInGrid reads the cells of a table that promise availability: a column of a service or a plan, a row of a form. Tables of
// bands, where a measurement stands beside its credit, promise nothing.
func (r *reading) uptimesInGrid(g *grid) []uptimeFind {
	if len(g.rows) < 2 || !uptimeHead.MatchString(r.s[g.Start:g.End]) {
		return nil
	}
	var out []uptimeFind
	named := map[string]bool{} // what rows of no other name say that they are of: "Site link availability"
	for _, f := range r.figuresIn(g) {
		if !percentCell.MatchString(f.text) || len(f.heads) > 0 && creditHead.MatchString(f.heads[0]) {
			continue
		}
		p := wording.Percents(f.text)
		if len(p) != 1 || len(p[0].Readings) > 0 || p[0].Value.LessThan(decimal.NewFromInt(90)) || p[0].Value.GreaterThan(decimal.NewFromInt(100)) {
			continue
		}
		find := uptimeFind{v: p[0].Value, at: f.quote, score: 3, table: true}
		said, banded := false, false
		for k, s := range append(slices.Clone(f.heads), sideTexts(f.sides)...) {
			up := uptimeHead.MatchString(s)
			said = said || up && len(s) < 90
			banded = banded || k >= len(f.heads) && (boundWord.MatchString(s) || strings.Contains(s, "%")) || creditWord.MatchString(s)
			if m := uptimeOf.FindStringSubmatch(s); m != nil && len(s) < 90 {
				find.service = slug(m[1])
				continue
			}
			if !up && find.service == "" && len(s) < 60 && !indicatorID.MatchString(s) && !measured.MatchString(s) && !targetHead.MatchString(s) && !timeAlone.MatchString(s) {
				find.service = slug(s)
			}
		}
		if said && !banded {
			if find.service == "" {
				for _, s := range sideTexts(f.sides) {
					if m := ofThing.FindStringSubmatch(s); m != nil && find.thing == "" {
						find.thing = slug(m[1])
						named[find.thing] = true
					}
				}
			}
			out = append(out, find)
		}
	}
	for i := range out {
		if out[i].service == "" && len(named) > 1 {
			out[i].service = out[i].thing
		}
		if out[i].service == "" {
			out[i].service = "service"
		}
	}
	return out
}

var (
	uptimeNext  = expression.MustCompile(`(?i)^ ?\)? ?(?:monthly |annual |quarterly |overall |system |service |network )*(?:uptime|up-time|availability)\b`)
	uptimeFalls = expression.MustCompile(`(?i)\b(?:availab\w+|uptime)[^.;%]{0,60}\b(?:under|below|less than|short of)\b`)
	uptimeOf    = expression.MustCompile(`(?i)^(?:\d{1,2}\.? )?(?:monthly |minimum |target )*availability of (?:the |our |each )?([a-z][\w/ -]{2,40}?)(?: ?[(,;:].*)?$`)
	// timeAlone is the time over which something is measured, in a cell of its own.
	timeAlone  = expression.MustCompile(`(?i)^(?:(?:per|each|every|a|calendar|measured) )*(?:months?|monthly|quarters?|quarterly|years?|yearly|annual(?:ly)?|weeks?|weekly|days?|daily)$`)
	ofThing    = expression.MustCompile(`(?i)^(?:\d{1,2}\.? )?([a-z][\w/ -]{2,40}?) (?:availability|uptime)$`)
	uptimeHead = expression.MustCompile(`(?i)\b(?:availab\w+|uptime)\b`)
)

// moreAvailability adds the targets of further services: rows of a table with a service and its percentage, and sentences that name
// another service.
func (r *reading) moreAvailability(named map[string]bool, others []uptimeFind, tables []credits, care upkeep) {
	add := func(service string, target decimal.Decimal, at wording.Span, confidence string) {
		if service == "" || named[service] {
			return
		}
		named[service] = true
		p := obligation.AvailabilityParams{Service: service, Target: target, Zone: r.zone}
		o := pact.Obligation{Kind: "availability", Key: "availability/" + service, Bearer: r.roleName("supplier"), Beneficiary: r.roleName("customer")}
		over := r.measuredOver(at, target.String(), nil)
		over.over(r, &o, &p)
		quotes := appendNew([]wording.Span{at}, over.at)
		r.levelAt = append(r.levelAt, at)
		quotes = appendNew(quotes, r.applyUpkeep(&p, care))
		for k, t := range tables {
			// A further table belongs to the service whose target its first band ends at.
			if top, _ := t.Tiers[0].Upper(); k > 0 && !t.Unpicked && top != nil && top.Equal(target) {
				p.Tiers, quotes = t.Tiers, append(quotes, t.at)
				break
			}
		}
		r.obligation(o, p, confidence, quotes...)
	}
	told := maps.Clone(named)
	for _, f := range others {
		switch {
		case f.score < 3 || told[f.v.String()]:
		case f.table:
			add(f.service, f.v, f.at, "0.74")
		case !named[f.v.String()]:
			add(f.service, f.v, f.at, "0.70")
		}
	}
}

var (
	creditCues  = []string{"credit", "rebate", "abate", "malus", "reduc", "deduct", "penalt", "refund", "fee back", "remedies"}
	availCredit = expression.MustCompile(`(?i)\b(?:uptime|up-time|availab\w+|operational|accessible|reachable|service levels?)\b`)
)

// credits is a table of bands and what each gives.
type credits struct {
	wording.TierTable
	at wording.Span
}

// creditTables reads the tables of the paper that set credits against measurements of availability.
func (r *reading) creditTables() []credits {
	var out []credits
	for _, sp := range r.tables {
		s, before := r.cut(sp), r.s[max(0, sp.Start-300):sp.End]
		if !strings.Contains(before, "%") || !creditWord.MatchString(before) && !takesOff.MatchString(before) || !uptimeWord.MatchString(before) {
			continue
		}
		if t, ok := tiersIn(s); ok {
			out = append(out, credits{t, wording.Span{Start: sp.Start + t.Start, End: sp.Start + t.End}})
		}
	}
	return out
}

var takesOff = expression.MustCompile(`(?i)\b(?:cut by|back(?:[ ,.;)]|$)|deduct\w*|reduc\w+|penalt\w+|malus|abate\w*|percentage of (?:the )?[\w ]{0,30}(?:fees?|charges?|rental))\b`)

// creditTable looks for rows of uptime and credit: in tables first, then in stretches of text that speak of credits. The stretch that
// gives the most rows is taken.
func (r *reading) creditTable(tables []credits) (*wording.TierTable, wording.Span) {
	if len(tables) > 0 {
		return &tables[0].TierTable, tables[0].at
	}
	var best *wording.TierTable
	var at wording.Span
	last, tried := -1, 0
	for _, h := range append(r.hitsOf(creditCues...), r.hitsOf("availab", "uptime")...) {
		n := r.sentenceAt(h)
		if n < 0 || n == last || tried > 60 || best != nil && !best.Unpicked && h < last || r.inTable(h) {
			continue
		}
		last = n
		from := r.sentences[n].Start
		to := r.safe(min(len(r.s), max(r.sentences[n].End, from+1200)))
		s := r.s[from:to]
		if strings.Count(s, "%")+strings.Count(s, "er cent") < 2 || !creditWord.MatchString(s) && !takesOff.MatchString(s) || !availCredit.MatchString(r.s[r.safe(max(0, from-500)):to]) {
			continue
		}
		tried++
		if t, ok := tiersIn(s); ok && speaksOfCredit(s, t) && (best == nil || best.Unpicked && !t.Unpicked || len(t.Tiers) > len(best.Tiers) && best.Unpicked == t.Unpicked) {
			best, at = &t, wording.Span{Start: from + t.Start, End: from + t.End}
		}
	}
	return best, at
}

// speaksOfCredit tells whether what stands around the rows of a text says that they take something off: "98 %" of the time, before which
// somebody may terminate, is no credit.
func speaksOfCredit(s string, t wording.TierTable) bool {
	near := s[max(0, t.Start-400):min(len(s), t.End+400)]
	return creditWord.MatchString(near) || takesOff.MatchString(near)
}

// tiersIn accepts a table only if its bounds can be percentages of time.
func tiersIn(s string) (wording.TierTable, bool) {
	t, ok := wording.TiersOf(s)
	if !ok {
		return t, false
	}
	for _, tier := range t.Tiers {
		for _, bound := range []*decimal.Decimal{tier.From, tier.Below, tier.UpTo} {
			if bound != nil && (bound.GreaterThan(decimal.NewFromInt(100)) || bound.IsNegative()) {
				return t, false
			}
		}
		if upper, _ := tier.Upper(); upper == nil && tier.From != nil && tier.From.LessThan(decimal.NewFromInt(30)) {
			return t, false // "more than 6 %": no measurement of what was available
		} else if upper != nil && upper.LessThan(decimal.NewFromInt(30)) || tier.Credit.GreaterThan(decimal.NewFromInt(100)) {
			return t, false
		}
	}
	return t, true
}

func (r *reading) claimWindow() (*calendar.Duration, wording.Span) {
	for _, n := range r.sentencesWith(120, "credit", "claim", "reduction", "deduct", "malus", "abate", "rebate", "asks for", "lapse") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if !holds(r.lower[max(0, sp.Start-500):sp.End], "credit", "reduc", "uptime", "availab", "malus", "abate") {
			continue
		}
		if len(s) > 2500 || !claimCue.MatchString(s) || notClaim.MatchString(s) {
			continue
		}
		for _, d := range wording.Durations(s) {
			u := firstUnit(d)
			if len(d.Readings) > 0 || u != calendar.Day && u != calendar.BusinessDay && u != calendar.Week && u != calendar.UnitMonth {
				continue
			}
			before := strings.ToLower(s[max(0, d.Start-60):d.Start])
			said := strings.Contains(before, "within") || strings.Contains(before, "later than") || strings.Contains(before, "in the")
			if !said || !claimTail.MatchString(s[d.End:min(len(s), d.End+160)]) && !(claimPlain.MatchString(s[:d.Start]) && claimOf.MatchString(s)) {
				continue
			}
			v := d.Duration
			return &v, r.clauseSpan(sp.Start+d.Start, sp.Start+d.End)
		}
	}
	return nil, wording.Span{}
}

// creditLimit reads the limit of credits in a month, in percent of its fee.
func (r *reading) creditLimit() (*decimal.Decimal, wording.Span) {
	for _, n := range r.sentencesWith(120, "credit") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 2000 || !strings.Contains(strings.ToLower(s), "month") {
			continue
		}
		for _, p := range wording.Percents(s) {
			if len(p.Readings) > 0 || !capCredit.MatchString(s[max(0, p.Start-110):p.Start]) || !creditWord.MatchString(s[:p.Start]) || overRun.MatchString(s[p.End:]) || limitOver(s, p) != "" {
				continue
			}
			v := p.Value
			return &v, r.clauseSpan(sp.Start+p.Start, sp.Start+p.End)
		}
	}
	return nil, wording.Span{}
}

var exclusionWords = [][2]string{
	{"maintenance", `(?i)\b(?:scheduled|planned|emergency)? ?(?:maintenance|downtime)\b`},
	{"customer", `(?i)\b(?:acts?|omissions?|caused|failures?|negligence|misuse|breach|request|equipment|actions?|attributable|fault|responsib\w+)\b[^.;]{0,40}\b(?:customer|client|subscriber|licensee|user)|\b(?:customer|client|subscriber|licensee|user)s?(?:'s)?\b[^.;]{0,20}\b(?:acts?|omissions?|caused|equipment|network|use|misuse|breach|own|request)\b`},
	{"force_majeure", `(?i)\bforce majeure\b|\bacts? of god\b|\bbeyond [^.]{0,30}control\b`},
}

// maxExclusionQuotes bounds the passages that say what does not count.
const maxExclusionQuotes = 4

// exclusions reads which kinds of outage do not count, and where that is said.
func (r *reading) exclusions() ([]string, []wording.Span) {
	found := map[string]bool{}
	var at []wording.Span
	for _, n := range r.sentencesWith(120, "exclu", "not counting", "not counted", "counts as available", "does not count", "no credit is due", "does not include", "shall not include", "not include", "not be counted") {
		sp := r.sentences[n]
		end := sp.End
		for k := n + 1; k < len(r.sentences) && k < n+9 && r.sentences[k].End-sp.Start < 1500 && listItem.MatchString(r.cut(r.sentences[k])); k++ {
			end = r.sentences[k].End // the list below it
		}
		s := r.s[sp.Start:end]
		if !uptimeWord.MatchString(s) && !strings.Contains(strings.ToLower(s), "downtime") && !strings.Contains(strings.ToLower(s), "minutes") {
			continue
		}
		for _, w := range exclusionWords {
			if ok, err := regexp.MatchString(w[1], s); err == nil && ok {
				found[w[0]] = true
				if span := (wording.Span{Start: sp.Start, End: end}); len(at) < maxExclusionQuotes && !slices.Contains(at, span) {
					at = append(at, span)
				}
			}
		}
	}
	var out []string
	for _, w := range exclusionWords {
		if found[w[0]] {
			out = append(out, w[0])
		}
	}
	return out, at
}
