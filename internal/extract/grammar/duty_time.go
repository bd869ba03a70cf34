package grammar

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// timing is when something is owed: within a time, by a day, in a rhythm, or on an event.
type timing struct {
	params    obligation.DutyParams
	frequency string
	trigger   string
	starts    calendar.Date // of a rhythm: "monthly, beginning on 1 April 2026"
	timed     bool          // a time, a day or a rhythm is named, not an event alone
}

const monthWords = `(?:january|february|march|april|may|june|july|august|september|october|november|december)`

var monthNames = strings.Fields("january february march april may june july august september october november december")

var (
	timeCues = expression.MustCompile(`(?i)(?:\b(?:within|inside|no later than|not later than|no more than|not more than|at the latest|latest by|by|in the|in|after|at least|not less than|no less than|than|of|the following|under|takes?|is|are|has|have|due|time|minimum)(?: (?:a period of|the next|the following|or before|the|a maximum of|at most|the first|at the latest|about|by|after))? ?|[:,(] ?|\b(?:Lead time|delivery|works) )$`)
	timeNot  = expression.MustCompile(`(?i)\b(?:every|for|each|more than|exceed\w*|first|last|previous|preceding|a further|period of at least|notice of|on)(?: (?:the (?:following|next|coming|succeeding|subsequent|ensuing|forthcoming)|the|a|up to|at least|not less than|a period of|all|any))? ?$`)
	anchorOf = expression.MustCompile(`(?i)^'?s?[ ,]*(?:\(?or (?:sooner|earlier)[^,;]{0,30}\)?,? ?)?(?:after|of|following|from|prior to|before|in advance of|upon|that follow|to)\b ?([^.;,]{0,110})`)
	ahead    = expression.MustCompile(`(?i)^'?s?[ ,]*(?:before|prior|in advance|ahead|earlier|(?:written |advance |prior )*notice)`)
	rhythms  = expression.MustCompile(`(?i)\b(?:on an? )?(daily|weekly|fortnightly|bi-?weekly|monthly|quarterly|semi-?annual(?:ly)?|half-yearly|twice (?:a|each|every|per) year|bi-?annual(?:ly)?|annual(?:ly)?|yearly)\b|\b(?:each|every|per|any|once (?:a|in a|in each|per|each|every|in every)|(?:end|close|beginning|start|course|expiry) of (?:each|every|a|the)|after (?:each|the end of each|the end of every)|for (?:each|every)|following (?:each|every)|in (?:each|any|every)|of (?:each|every|the)|a) (?:(?:calendar|contract|fiscal|financial|business|working|following|next|past|second|other|third) )*((?:three|six|twelve)(?: \(\d+\))? months|two weeks|(?:twenty-four|24)(?: \(24\))? hours|night|day|week|fortnight|month|quarter|half[- ]year|year|spring|autumn|summer|winter)\b`)
	yearDay  = expression.MustCompile(`(?i)\b(?:by|on|before|every|each|until|in|no later than|not later than)(?: (?:or before|the end of|the|early|late|mid|each|every))* (?:(?:the )?(\d{1,2})(?:st|nd|rd|th)?(?: of| day of)? )?(` + monthWords + `)(?: (\d{1,2})(?:st|nd|rd|th)?\b)?(,? (?:19|20)\d\d)?`)
	twoDays  = expression.MustCompile(`(?i)\b` + monthWords + `(?: \d{1,2}(?:st|nd|rd|th)?)?,? and (?:in |on |by )?(?:the )?(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?` + monthWords + `\b`)
	monthDay = expression.MustCompile(`(?i)\b(?:by|on|before|not later than|no later than|until)(?: (?:or before|the latest on))? the (?:(\d{1,2})(?:st|nd|rd|th)|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twelfth|fifteenth|twentieth|last))(?: ?\(\d{1,2}(?:st|nd|rd|th)?\))?(?: (?:calendar |business |working |banking )?day)?\b(?: (?:of|in) (?:each|every|the|that|a)? ?(?:following |next |calendar |subsequent )*(month|quarter|year|week))?`)
	weekDay  = expression.MustCompile(`(?i)\b(?:each |every |on (?:the )?(?:following |next )?|by (?:noon on |close of business on |the )?(?:each |every |following )?)(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b`)
	eventOf  = expression.MustCompile(`(?i)\b((?:upon|promptly (?:after|upon|following)|immediately (?:after|upon|following)|following|on receipt of|after receipt of|at the (?:written |reasonable )?request of|(?:up)?on (?:written |reasonable |first )?request|if requested|as soon as|at hand-?over|with (?:each|every)|on (?:each|every|completion|acceptance|expiry|termination|delivery|signature|activation|shipment|dispatch)|at (?:each|every|the end of (?:this|the) (?:agreement|contract|term|job|project))|when(?:ever)? (?:it|the|this|that|a|an|any)|on the day on which|before (?:the )?(?:commenc\w+|beginning|start\w*|work)|before (?:the first|each|every)|with the (?:first|signed|next|final)|accompan(?:y|ies) (?:each|every|all)|without (?:undue |unreasonable )?delay|if (?:it|the|a|an|any|something|anything|somebody))(?: [^.;,]{0,90})?)`)
	leadOf   = expression.MustCompile(`(?i)^(?:[\d.() a-z]{0,8})?((?:upon|together with (?:each|every)|along with (?:each|every)|if|when|where|in the event(?: that| of)?|on|after|following|promptly (?:after|upon)|as soon as|whenever|at the request of|should|once|before|during|at|for|throughout)\b[^.;]{3,200}?),? ?(?:the|then|each)? ?$`)
	partOf   = expression.MustCompile(`(?i)\b(?:in|during|by the end of) the (?:first|second|third|last) (?:day|week|month|quarter|half) of (?:the following|the next|each|every|the|a) (?:calendar |contract |financial )?(month|quarter|year)\b`)
	inThat   = expression.MustCompile(`(?i)\bwithin (?:that|this|the same) (?:time|period)\b`)
	oneTime  = expression.MustCompile(`(?i)\b(?:terminat\w+|expir\w+|end of (?:the|this) (?:contract|agreement|term|order|job|project)|(?:agreement|contract|term|lease) (?:ends|has ended|is over)|signature|signing|effective date|commencement|contract ends|agreement ends)\b`)
)

var ordinalDays = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "last": 31}

// timingOf reads the time of a duty from its limb and from the words that lead into it; shown is what their sentence shows, so that
// expressions that can not match are not asked.
func timingOf(shown sign, lead, limb string) timing {
	var t timing
	all := limb
	if lead != "" {
		all = lead + " " + limb
	}
	low := strings.ToLower(all)
	if t.readDue(limb) || lead != "" && t.readDue(ownTime(lead)) {
		t.timed = true
	} else if lead != "" && conditionLead.MatchString(lead) {
		var of timing
		t.timed = of.readDue(lead) // a duty with a time, which is that of its condition: "where it is not resolved within 4 hours"
	}
	days, starts := dated(all)
	t.starts = starts
	if len(days) > 0 {
		t.timed, t.frequency = true, "once"
		if last := slices.DeleteFunc(slices.Clone(days), func(d wording.Date) bool { return !dueBy.MatchString(all[:d.Start]) }); len(days) > 1 && len(last) == 1 {
			days = last // "begins on 2 March and shall be completed by 31 August"
		}
		if len(days) == 1 && dueOn.MatchString(all[:days[0].Start]) && t.params.Due == nil {
			t.params.ByDate = days[0].Date
		}
	}
	if shown&signRhythm != 0 && holds(low, "daily", "night", "hours", "week", "month", "quarter", "annual", "year", " day", "spring", "autumn", "summer", "winter", "fortnight") {
		if m := rhythms.FindStringSubmatch(all); m != nil && t.frequency == "" && !notRhythm(low, strings.ToLower(m[0])) && !atMostOf.MatchString(all[:strings.Index(all, m[0])]) {
			t.frequency, t.timed = rhythm(m[1]+m[2]), true
		}
	}
	if shown&signRhythm != 0 && t.frequency == "" {
		if m := ofPeriod.FindStringSubmatch(all); m != nil {
			t.frequency, t.timed = rhythm(m[1]), true
		}
	}
	t.readDays(shown, all, low)
	if shown&signOrdinal != 0 && t.params.Due == nil {
		if m := partOf.FindStringSubmatch(all); m != nil {
			t.timed, t.frequency = true, rhythm(m[1])
		}
	}
	if !t.timed && shown&signWithin != 0 && inThat.MatchString(all) {
		t.timed = true
	}
	if m := leadOf.FindStringSubmatch(lead[min(len(lead), afterNumber(lead)):]); m != nil && !t.leadIsTime(m[1]) {
		t.trigger = strings.TrimSuffix(strings.TrimSpace(m[1]), " and")
	}
	if t.trigger == "" {
		t.trigger = eventIn(limb)
	}
	if t.frequency == "" && (t.trigger != "" || t.params.Due != nil) {
		t.frequency = "on event"
		if oneTime.MatchString(all) && t.params.Due != nil {
			t.frequency = "once"
		}
	}
	return t
}

// ofPeriod is a report that covers one period: "a written report of the month".
var ofPeriod = expression.MustCompile(`(?i)\b(?:report|statement|summary|account) (?:of|for|on) the (week|month|quarter|year)\b`)

// conditionLead begins a condition.
var conditionLead = expression.MustCompile(`(?i)^[\d.() a-z]{0,8}?(?:if|where|when|whenever|should|unless|in the event|in case|once)\b`)

// ownTime is the part of the words before a subject in which the time of the duty itself can stand: behind the condition, where there is one.
func ownTime(lead string) string {
	if !conditionLead.MatchString(lead) {
		return lead
	}
	trimmed := strings.TrimRight(lead, " ,")
	if i := strings.LastIndexByte(trimmed, ','); i >= 0 {
		return trimmed[i+1:]
	}
	return ""
}

var onOrBefore = expression.MustCompile(`(?i)^(?:on or before|on the|at (?:least|the (?:end|beginning|start) of (?:each|every))|once in|not later than|no later than) `)

// leadIsTime tells whether the words before a subject are a time and no event: "on the 20th of each month".
func (t *timing) leadIsTime(lead string) bool {
	if onOrBefore.MatchString(lead) && t.frequency != "on event" && t.frequency != "" {
		return true
	}
	return t.timed && t.frequency != "" && t.params.Due == nil && len(lead) < 40 && !strings.HasPrefix(strings.ToLower(lead), "if") && !strings.HasPrefix(strings.ToLower(lead), "when") && !strings.HasPrefix(strings.ToLower(lead), "after every") && !strings.HasPrefix(strings.ToLower(lead), "after each")
}

// atMostOf is before how often something may be asked for at most, which is no rhythm: "not more than twice a year".
var atMostOf = expression.MustCompile(`(?i)\b(?:(?:not|no|never) more (?:often |frequently )?than|at most|up to|(?:a )?maximum of)(?: once| one| two| twice)? $`)

// notRhythm keeps amounts and lengths apart: "a year" of a sum, "the month of termination".
func notRhythm(low, m string) bool {
	if strings.Contains(m, "next working day") || strings.Contains(m, "next business day") || strings.Contains(m, "following working day") || strings.Contains(m, "following business day") {
		return true // the day after, once
	}
	if strings.HasPrefix(m, "a ") || strings.HasPrefix(m, "any ") || strings.HasPrefix(m, "per ") || strings.HasPrefix(m, "of the ") {
		return !strings.HasPrefix(m, "of the ") || !strings.Contains(low, "day of the")
	}
	return m == "annual" || strings.HasPrefix(m, "in any ")
}

// dueBy are the words before a date that ends a time.
var dueBy = expression.MustCompile(`(?i)\b(?:by|no later than|not later than|on or before|at the latest by)(?: the)? $`)

// dueOn are the words before a date that make it the day by which something is due; "until" and "of" do not.
var dueOn = expression.MustCompile(`(?i)(?:\b(?:by|on|before|no later than|not later than|on or before|at the latest (?:by|on)|due|due date)(?: the)?|[:|])[ :]*$`)

// rhythmFrom are the words before a date from which on something comes again.
var rhythmFrom = expression.MustCompile(`(?i)\b(?:beginning|commencing|starting|effective|first (?:of (?:which|them) )?(?:on|being due on|falling due on|due on)) (?:on |from |as of )?(?:the )?$`)

// dated gives the dates that are days something is due on, and the one with which a rhythm begins.
func dated(s string) ([]wording.Date, calendar.Date) {
	var out []wording.Date
	var starts calendar.Date
	for _, d := range wording.Dates(s) {
		if rhythmFrom.MatchString(s[:d.Start]) && len(d.Readings) == 0 {
			starts = d.Date
			continue
		}
		before := strings.ToLower(strings.TrimRight(s[max(0, d.Start-24):d.Start], " "))
		for _, w := range []string{"by", "on", "before", "until", "no later than", "not later than", "on or before", "of", ":"} {
			if strings.HasSuffix(before, w) && !strings.HasSuffix(before, "dated on") {
				out = append(out, d)
				break
			}
		}
	}
	return out, starts
}

// inFirst is before a time that runs from the beginning: "within the first ten weeks".
var inFirst = expression.MustCompile(`(?i)\bwithin the first $`)

// laterOn is behind a time that runs from what the sentence spoke of.
var laterOn = expression.MustCompile(`(?i)^'?s? (?:later|afterwards|thereafter|after (?:that|this))\b`)

// ofThings is behind a length that is the amount of something.
var ofThings = expression.MustCompile(`(?i)^'? of (?:[\w-]+ ){0,2}(?:training|support|work|services?|hosting|consult\w+|maintenance|storage|experience|operation|data|leave|use|production|stock|history|supply|supervision|instruction|monitoring|warranty)\b`)

func (t *timing) readDue(s string) bool {
	for _, d := range wording.Targets(s) {
		if len(d.Readings) > 0 {
			continue
		}
		before, after := s[max(0, d.Start-44):d.Start], s[d.End:min(len(s), d.End+130)]
		if inFirst.MatchString(before) && !anchorOf.MatchString(after) {
			due := d.Duration.Duration
			t.params.Due, t.params.Anchor = &due, "the Effective Date"
			return true
		}
		back := ahead.MatchString(after)
		if ofThings.MatchString(after) && !timeCues.MatchString(before) && !back {
			continue // "two weeks of training"
		}
		later := laterOn.MatchString(after) && !timeNot.MatchString(before)
		if !d.DayEnd && !back && !later && (timeNot.MatchString(before) || !timeCues.MatchString(before) && !anchorOf.MatchString(after) && !strings.HasPrefix(strings.ToLower(s[d.Start:d.End]), "within")) {
			continue
		}
		due := d.Duration.Duration
		t.params.Due, t.params.Before = &due, back
		if m := anchorOf.FindStringSubmatch(after); m != nil {
			t.params.Anchor = strings.TrimSpace(m[1])
		}
		return true
	}
	return false
}

// readDays reads days that come again: "by the 5th of each month", "every Friday", "each year by March 31", "each January".
func (t *timing) readDays(shown sign, all, low string) {
	if shown&signOrdinal != 0 {
		t.readMonthDay(all)
	}
	if t.frequency == "" && shown&signWeekday != 0 && weekDay.MatchString(all) {
		t.frequency, t.timed = "weekly", true
	}
	if t.frequency != "once" && shown&signMonth != 0 && holds(low, "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december") {
		for _, m := range yearDay.FindAllStringSubmatch(all, -1) {
			if m[4] != "" || m[1] == "" && m[3] == "" && !strings.Contains(strings.ToLower(m[0]), "in ") && !strings.Contains(strings.ToLower(m[0]), "each ") && !strings.Contains(strings.ToLower(m[0]), "every ") && !strings.Contains(strings.ToLower(m[0]), "end of") {
				continue
			}
			t.timed = true
			if t.frequency == "" || t.frequency == "on event" {
				t.frequency = "yearly"
			}
			t.keepYearDay(m)
			if twoDays.MatchString(all) {
				t.frequency = "half-yearly"
			}
		}
	}
}

// keepYearDay keeps the day and month of a year by which something is due: "each year by March 31", "by the end of June".
func (t *timing) keepYearDay(m []string) {
	month := slices.Index(monthNames, strings.ToLower(m[2])) + 1
	if t.frequency != "yearly" || month == 0 || t.params.ByMonth != 0 {
		return
	}
	day, err := strconv.Atoi(m[1] + m[3]) // before the month or after it
	if err != nil || day < 1 || day > 31 {
		day = 0
	}
	t.params.ByMonth, t.params.ByDay = month, day
}

// readMonthDay reads a day of a month by its number.
func (t *timing) readMonthDay(all string) {
	m := monthDay.FindStringSubmatch(all)
	if m == nil {
		return
	}
	if at := monthDay.FindStringIndex(all); m[3] == "" && ofSomethingElse.MatchString(all[at[1]:]) {
		t.timed = true
		return // "by the last day of the Term", "by the fifth anniversary"
	}
	if at := monthDay.FindStringIndex(all); m[2] != "" && m[3] == "" && !strings.Contains(strings.ToLower(m[0]), "day") && wordFollows.MatchString(all[at[1]:]) {
		return // "before the first shift"
	}
	day := ordinalDays[strings.ToLower(m[2])]
	if n, err := strconv.Atoi(m[1]); err == nil {
		day = n
	}
	if day >= 1 && day <= 31 && !strings.Contains(strings.ToLower(m[0]), "business") && !strings.Contains(strings.ToLower(m[0]), "working") && !strings.Contains(strings.ToLower(m[0]), "banking") && strings.ToLower(m[3]) != "quarter" && strings.ToLower(m[3]) != "year" {
		t.params.ByDay = day
	}
	if t.timed = true; t.frequency == "" {
		t.frequency = "monthly"
		if m[3] != "" {
			t.frequency = rhythm(m[3])
		}
	}
}

var wordFollows = expression.MustCompile(`^ [A-Za-z]`)

// ofSomethingElse follows an ordinal that is no day of a month that comes again.
var ofSomethingElse = expression.MustCompile(`(?i)^ ?(?:anniversary|of|after|following|from|phase|party|parties|half|instal\w*|delivery|stage|milestone|meeting|(?:business|working|banking) days? (?:after|following|from))\b`)

var timeInEvent = expression.MustCompile(`(?i),? (?:within|no later than|not later than|at the latest|at least|not less than) (?:[\w-]+ )?(?:\(?\d|[a-z]+ (?:\(\d+\) )?(?:calendar |business |working )?(?:days?|hours?|weeks?|months?))`)

var eventWords = anyWord("upon", "following", "after", "receipt", "request", "as soon as", "with each", "with every", "on each", "on every", "at each", "at every", "hand", "when", "before", "if ", "delay", "on completion", "on acceptance", "on expiry", "on termination", "on activation", "on shipment", "on dispatch", "on the day on", "if s", "on delivery", "on signature", "with the", "at the end", "accompan")

// eventIn is the event that a duty follows, in the words of its limb.
func eventIn(limb string) string {
	low := strings.ToLower(limb)
	if eventWords().In(low) == 0 {
		return ""
	}
	m := eventOf.FindStringSubmatchIndex(limb)
	if m == nil {
		return ""
	}
	before := strings.ToLower(strings.TrimRight(limb[:m[2]], " "))
	for _, w := range []string{"the", "based", "agreed", "depending", "relies", "rely", "these", "other", "rights", "obligations", "imposed", "conferred"} {
		if strings.HasSuffix(before, w) {
			return "" // "the following", "agreed upon"
		}
	}
	event := strings.TrimSpace(limb[m[2]:m[3]])
	if k := timeInEvent.FindStringIndex(event); k != nil && k[0] > 6 {
		event = event[:k[0]] // "on request within five days"
	}
	if end := endOfIt.FindString(lowerASCII(event) + " "); end != "" {
		event = event[:len(end)-1]
	}
	if e := strings.ToLower(event); strings.HasPrefix(e, "as soon as p") || strings.HasPrefix(e, "as soon as reasonably p") || strings.HasPrefix(e, "following") && len(event) < 14 {
		return ""
	}
	return event
}

func rhythm(w string) string {
	switch w = strings.ToLower(w); {
	case w == "daily" || w == "day" || w == "night" || strings.HasSuffix(w, "hours"):
		return "daily"
	case w == "weekly" || w == "week":
		return "weekly"
	case w == "fortnightly" || w == "fortnight" || w == "two weeks", strings.HasPrefix(w, "biweek"), strings.HasPrefix(w, "bi-week"):
		return "every two weeks"
	case w == "monthly" || w == "month":
		return "monthly"
	case w == "quarterly" || w == "quarter" || strings.HasPrefix(w, "three"):
		return "quarterly"
	case strings.HasPrefix(w, "semi"), strings.HasPrefix(w, "bi"), strings.HasPrefix(w, "half"), strings.HasPrefix(w, "twice"), strings.HasPrefix(w, "six"):
		return "half-yearly"
	}
	return "yearly"
}
