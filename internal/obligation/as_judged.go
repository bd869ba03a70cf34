package obligation

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// AsJudged makes of an obligation as documents tell it (DutyParams, ShareParams) one that is judged: what comes again by the calendar is a
// recurring_duty, what something starts a conditional_duty, what is due on one day a milestone, a share a service_level. others are the
// obligations of the same contract: a share of tickets within their times counts the clocks among them. ok is false where its words give
// nothing that this build can count; then it stays as it was read, and is kept without a judgement. Nothing is guessed: a rhythm of
// reports without a day gives parameters that ask for it (Check).
//
// What it is about (reporting, delivery, notice, error_rate, …) stays in Duty; measure, remedy and regulations move beside the parameters.
func AsJudged(o pact.Obligation, others []pact.Obligation) (judged pact.Obligation, ok bool) {
	if _, err := KindOf(o.Kind); err == nil {
		return o, false
	}
	var kind string
	var params any
	about := o
	about.Duty = o.Kind
	switch o.Kind {
	case "first_call_resolution", "within_target", "error_rate", "satisfaction":
		var p ShareParams
		if decode(o.Params, &p) != nil {
			return o, false
		}
		kind, params = p.level(o, others)
		about.Metric = strings.TrimPrefix(p.Priority+": "+p.Measure, ": ")
	default:
		var p DutyParams
		if claim.MatchString(o.Deliverable) || len(o.Params) > 0 && decode(o.Params, &p) != nil {
			return o, false
		}
		if kind, params = p.recurring(o); kind == "" {
			kind, params = p.dated(o, others)
		}
		if kind == "" {
			kind, params = p.started(o)
		}
		about.Metric, about.Remedy, about.Regulations = p.Metric, p.Remedy, p.Regulations
	}
	if kind == "" {
		return o, false
	}
	raw, err := marshal(params)
	if err != nil {
		return o, false
	}
	about.Kind, about.Params = kind, raw
	return about, true
}

// rhythms are the periods of the frequencies that documents are read for. What is due daily is not followed day by day.
var rhythms = map[string]string{
	"weekly": "week", "every two weeks": "two_weeks", "monthly": "month", "quarterly": "quarter", "half-yearly": "half_year", "yearly": "year",
}

var (
	// periodEnd tells an anchor that is the end of the period itself, and of which one: "the end of each month", "each calendar quarter".
	periodEnd = regexp.MustCompile(`(?i)^(?:(?:the )?(?:(?:end|close|expiry|completion|last day) of )?(?:each|every|the|that|a|any|such) (?:(calendar|contract) )?(week|month|quarter|half[- ]year|year)\b(?: end)?|(month|quarter|year)[- ]end$|(?:the )?(month|quarter|year) (?:has ended|is over)$)`)
	ownEnd    = regexp.MustCompile(`(?i)^(?:its|the) (?:end|close)$`)
	// previous tells that what is due by a day is about the period before: "for the preceding month", "of the following month".
	previous = regexp.MustCompile(`(?i)\b(?:preceding|previous|prior|last|past|foregoing|following|next|subsequent)\b (?:[a-z]+ )?(?:week|month|quarter|half[- ]year|year|period)\b`)
	// aDay tells that the words name a day of the period, so that none may be put in its place.
	aDay = regexp.MustCompile(`(?i)\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|fifteenth|twentieth|last|\d{1,2}(?:st|nd|rd|th)|mon|tues|wednes|thurs|fri|satur|sun|business|working)[ -]?days?\b|\bby (?:the )?(?:\d|end|close|start|beginning|first|last)|\bbeginning of\b|\bstart of\b|\bend of\b|\b\d{1,2}(?:st|nd|rd|th)\b`)
	// businessDay is a business day of the month: "by the fifth Business Day of each month".
	businessDay = regexp.MustCompile(`(?i)\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,2}(?:st|nd|rd|th))(?: \(\d{1,2}(?:st|nd|rd|th)?\))? (?:business|working|banking) day of (?:each|every|the|that) (?:calendar |following |next )?month\b`)
	// effectiveDay tells an anchor that is the day on which the contract begins.
	effectiveDay = regexp.MustCompile(`(?i)^(?:the )?(?:effective date|commencement date|start date|date of this (?:agreement|contract))\.?$`)
	// claim tells a right that somebody has to use in time, and no duty to use it.
	claim = regexp.MustCompile(`(?i)^(?:submit|make|file|raise|bring|send|lodge|present|give|assert|request|notify)\b.{0,60}\bclaims?\b`)
	// noTrigger tells words that name nothing, or a date.
	noTrigger = regexp.MustCompile(`(?i)^(?:each|that|this|such|it|them|date|that date|this date|list|it does not|it does|it fails|today|effective date|commencement date|without delay\b.*|.*\bat the latest|.*\b(?:19|20)\d\d\b.*|.*\b(?:fiscal|financial|billing|accounting)\b.*)$`)
	articles  = regexp.MustCompile(`(?i)^(?:(?:the|each|every|any|all|such|a|an|its|upon|after|following|if|when|whenever|where|once|at|as soon as|in the event (?:of|that)|on|promptly|immediately) )+`)
)

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "last": -1}

// standing are duties of a state that lasts, and not of an act in each period; the commitment and the certificate are kinds of their own.
func standing(duty string) bool {
	switch duty {
	case "insurance", "record_keeping", "minimum_purchase", "security_attestation":
		return true
	}
	return false
}

// about tells whether a duty is told about a period that is over, so that it is due after it: a report, an invoice.
func about(duty string) bool { return duty == "reporting" || duty == "invoicing" }

var eachWeekday = regexp.MustCompile(`(?i)\b(?:each|every|on|by) (?:(?:each|every|noon on|close of business on) )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b`)

// weekdayOf are the days of the week on which a clause says that something is due, Monday as 1.
func weekdayOf(clause string) []int {
	var out []int
	for _, m := range eachWeekday.FindAllStringSubmatch(clause, 3) {
		out = append(out, 1+slices.Index([]string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}, strings.ToLower(m[1])))
	}
	return out
}

// clauseText are the words of the clause.
func clauseText(o pact.Obligation) string {
	for _, e := range o.Evidence {
		if e.Passage != nil {
			return e.Passage.Quote
		}
	}
	return o.Deliverable
}

func (p DutyParams) recurring(o pact.Obligation) (string, any) {
	period, clause := rhythms[o.Frequency], clauseText(o)
	if period == "" || p.Before || standing(o.Kind) {
		return "", nil
	}
	r := RecurringParams{Item: o.Title, Period: period, Zone: p.Zone}
	switch {
	case p.Due != nil:
		if !slices.Contains([]calendar.Unit{calendar.Day, calendar.Week, calendar.UnitMonth, calendar.BusinessDay}, p.Due.Unit) || !p.ends(&r, o.InForce.From) {
			return "", nil
		}
		r.After = p.Due
	case p.ByMonth != 0 && period == "half_year":
		day, ok := halfYears(clause, p.ByMonth)
		if !ok {
			return "", nil
		}
		r.Anchor, r.InPeriod, r.Day = calendar.Date(fmt.Sprintf("%04d-%02d-01", yearOf(o.InForce.From), p.ByMonth)).AddMonths(-5), true, day
	case p.ByMonth != 0:
		if period != "year" {
			return "", nil
		}
		// The year runs so that it ends with the month in which the day lies.
		r.Anchor, r.InPeriod, r.Day = calendar.Date(fmt.Sprintf("%04d-%02d-01", yearOf(o.InForce.From), p.ByMonth)).AddMonths(-11), true, -1
		if p.ByDay != 0 {
			r.Day = p.ByDay
		}
	case p.ByDay != 0 && period == "month":
		r.Day, r.InPeriod = p.ByDay, !about(o.Kind) && !previous.MatchString(clause)
		if p.ByDay == 31 {
			r.Day = -1
			r.InPeriod = !previous.MatchString(clause)
		}
	case period == "month" && businessDay.MatchString(clause):
		word := strings.ToLower(businessDay.FindStringSubmatch(clause)[1])
		r.BusinessDay = ordinals[word]
		if n, err := strconv.Atoi(strings.TrimRight(word, "stndrh")); err == nil {
			r.BusinessDay = n
		}
		r.InPeriod = !about(o.Kind) && !previous.MatchString(clause)
	case period == "week" && len(weekdayOf(clause)) == 1:
		r.Day, r.InPeriod = weekdayOf(clause)[0], !previous.MatchString(clause)
	case !about(o.Kind) && !aDay.MatchString(clause):
		r.Day, r.InPeriod = -1, true // once in each period: until its last day
	}
	if period == "two_weeks" {
		r.Anchor = o.StartDate // asked where it is not known
	}
	return RecurringDuty{}.Name(), r
}

// yearOf is the year of a date, and some year without one.
func yearOf(d calendar.Date) int {
	if len(d) < 4 {
		return 2001
	}
	return d.Time().Year()
}

var dayAndMonth = regexp.MustCompile(`(?i)\b(?:(\d{1,2})(?:st|nd|rd|th)? (?:of )?)?(january|february|march|april|may|june|july|august|september|october|november|december)(?: (\d{1,2})(?:st|nd|rd|th)?\b)?`)

// halfYears reads two days of a year that are half a year apart: "January 31 and July 31", "30 June and 31 December". It gives the day of the
// month on which the halves end, -1 for the last; two days that do not divide the year so are none.
func halfYears(clause string, month int) (day int, ok bool) {
	found := dayAndMonth.FindAllStringSubmatch(clause, -1)
	if len(found) != 2 {
		return 0, false
	}
	var months, days [2]int
	for i, m := range found {
		t, err := time.Parse("January", strings.ToUpper(m[2][:1])+strings.ToLower(m[2][1:]))
		if err != nil {
			return 0, false
		}
		months[i], days[i] = int(t.Month()), -1
		if n, err := strconv.Atoi(m[1] + m[3]); err == nil {
			days[i] = n
			if n == time.Date(2001, t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day() {
				days[i] = -1 // the last
			}
		}
	}
	apart := (months[1] - months[0] + 12) % 12
	return days[0], apart == 6 && days[0] == days[1] && slices.Contains(months[:], month)
}

// ends tells whether the time of a duty runs from the end of the period itself. A contract year runs from the day on which the contract
// begins; where that is not known, and for years that somebody else's books fix, nothing is counted.
func (p DutyParams) ends(r *RecurringParams, begins calendar.Date) bool {
	if ownEnd.MatchString(p.Anchor) {
		return true
	}
	m := periodEnd.FindStringSubmatch(p.Anchor)
	if m == nil {
		return false
	}
	word := strings.ToLower(m[2] + m[3] + m[4])
	if r.Period != strings.NewReplacer("-", "_", " ", "_").Replace(word) {
		return false // monthly data after each quarter
	}
	if strings.EqualFold(m[1], "contract") {
		r.Anchor = begins
		return begins != ""
	}
	return true
}

// dated is what is due on one day: named, or so many days after the contract begins. A day of a milestone that was read as such is
// judged there.
func (p DutyParams) dated(o pact.Obligation, others []pact.Obligation) (string, any) {
	on := p.ByDate
	if p.Due != nil || standing(o.Kind) {
		on = "" // the time runs from the date
	}
	if on == "" && p.Due != nil && !p.Before && effectiveDay.MatchString(p.Anchor) && o.InForce.From != "" {
		switch p.Due.Unit {
		case calendar.Day:
			on = o.InForce.From.AddDays(p.Due.Value)
		case calendar.Week:
			on = o.InForce.From.AddDays(7 * p.Due.Value)
		case calendar.UnitMonth:
			on = o.InForce.From.AddMonths(p.Due.Value)
		case calendar.Year:
			on = o.InForce.From.AddMonths(12 * p.Due.Value)
		}
	}
	if on == "" || slices.ContainsFunc(others, func(m pact.Obligation) bool { return hasMilestone(m, on, o.Title) }) {
		return "", nil
	}
	return Milestone{}.Name(), MilestoneParams{Milestones: []MilestoneRow{{Name: o.Title, Due: on}}, Zone: p.Zone}
}

// hasMilestone tells whether a schedule has a milestone of that day and name.
func hasMilestone(o pact.Obligation, on calendar.Date, title string) bool {
	var p MilestoneParams
	title = strings.ToLower(title)
	return o.Kind == Milestone{}.Name() && decode(o.Params, &p) == nil && slices.ContainsFunc(p.Milestones, func(m MilestoneRow) bool {
		name := strings.ToLower(m.Name)
		return m.Due == on && (strings.Contains(title, name) || strings.Contains(name, title))
	})
}

// started is what is due within a time after something.
func (p DutyParams) started(o pact.Obligation) (string, any) {
	if p.Due == nil || p.Before || standing(o.Kind) || periodEnd.MatchString(p.Anchor) {
		return "", nil
	}
	c := ConditionalParams{Trigger: triggerOf(p.Anchor), Within: *p.Due, Zone: p.Zone}
	if c.Trigger == "" && (p.Anchor == "" || ownEnd.MatchString(p.Anchor)) {
		c.Trigger = triggerOf(o.Trigger)
	}
	if c.Trigger == "" {
		return "", nil
	}
	if len(c.check()) > 0 {
		return "", nil // a time that can not be counted, such as minutes
	}
	return ConditionalDuty{}.Name(), c
}

// triggerOf is the name of what starts a duty, in the words of the contract: "each change of control" gives "change of control".
func triggerOf(words string) string {
	words = strings.TrimRight(articles.ReplaceAllString(strings.TrimSpace(words), ""), " ,.;:")
	if len(words) > 100 {
		if cut := strings.LastIndexByte(words[:100], ' '); cut > 0 {
			words = words[:cut]
		}
	}
	if len(words) < 4 || noTrigger.MatchString(words) {
		return "" // what is left of a sentence that was cut
	}
	return words
}

var (
	// ofTickets tells that what is counted are the cases that the clocks of the contract follow.
	ofTickets    = regexp.MustCompile(`(?i)\b(?:tickets?|incidents?|requests?|cases?|faults?|response (?:times?|targets?)|resolution (?:times?|targets?)|P\d|priority)\b`)
	ofResponse   = regexp.MustCompile(`(?i)respon|answer|acknowledg|react|taken|picked up`)
	ofResolution = regexp.MustCompile(`(?i)resol|restor|repair|fixed|clos(?:ed|ure)|solved`)
)

// namedPriority tells a priority from the number of an indicator.
var namedPriority = regexp.MustCompile(`(?i)^(?:P ?\d|prio\w*.*|sev\w*.*|critical|high|medium|low)$`)

// level is a share as a level over its period. Tickets within their times are counted by the clocks of the contract where it has such;
// any other share within a target is what is reported for the period.
func (p ShareParams) level(o pact.Obligation, others []pact.Obligation) (string, any) {
	l := ServiceLevelParams{Target: p.Target}
	if namedPriority.MatchString(p.Priority) && (o.Kind == "within_target" || o.Kind == "first_call_resolution") {
		l.Priority = p.Priority
	}
	switch strings.TrimPrefix(strings.ToLower(p.Period), "calendar ") {
	case "month", "quarter", "half-year", "year":
		l.Period = strings.ReplaceAll(strings.TrimPrefix(strings.ToLower(p.Period), "calendar "), "-", "_")
	case "annual":
		l.Period = "year"
	case "":
	default:
		return "", nil // weeks and days have no levels
	}
	switch o.Kind {
	case "first_call_resolution":
		l.Measure = "first_contact"
	case "error_rate":
		l.Measure = "error_rate"
	case "within_target":
		l.Measure, l.Clocks = "within_target", p.clocks(others)
		if len(l.Clocks) == 0 && !namedPriority.MatchString(p.Priority) {
			l.Measure = "reported"
		}
	}
	if len(p.Tiers) > 0 {
		l.Credit = &CreditParams{}
		for _, t := range p.Tiers {
			l.Credit.Tiers = append(l.Credit.Tiers, CreditTier{From: t.From, Over: t.Over, Below: t.Below, UpTo: t.UpTo, Percent: &t.Credit})
		}
	}
	return ServiceLevel{}.Name(), l
}

// clocks are the keys of the clocks that a share counts: those of its priority where there are such, and otherwise those of every priority,
// of which the level takes the tickets of its own.
func (p ShareParams) clocks(others []pact.Obligation) []string {
	kind := ""
	switch response, resolution := ofResponse.MatchString(p.Measure), ofResolution.MatchString(p.Measure); {
	case response && !resolution:
		kind = ResponseTime{}.Name()
	case resolution && !response:
		kind = ResolutionTime{}.Name()
	}
	var all, own, each []string
	for _, o := range others {
		if kind == "" || o.Kind != kind || !ofTickets.MatchString(p.Measure+" "+p.Priority) {
			continue
		}
		all = append(all, o.Key)
		var c ClockParams
		_ = decode(o.Params, &c) // what can not be read has the priority of its key
		_, of, _ := strings.Cut(o.Key, "/")
		switch of = cmp.Or(c.Priority, of); {
		case of == "":
			each = append(each, o.Key)
		case p.Priority != "" && samePriority(of, p.Priority):
			own = append(own, o.Key)
		}
	}
	switch {
	case len(own) > 0:
		return own
	case namedPriority.MatchString(p.Priority):
		return each // none, where each clock is of another priority
	}
	return all
}
