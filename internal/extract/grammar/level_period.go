package grammar

import (
	"strings"

	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Over which time availability is measured: what its own sentence says, then what another sentence says of the measuring, then the head
// of the table of credits. Where nothing says it, it is the calendar month, unless the credit is a share of another fee.

var (
	// periodWord finds a period; its groups are: 1 rolling year, 2 half-year, 3 quarter, 4 year, 5 month, 6 another one.
	periodWord = expression.MustCompile(`(?i)\b(?:((?:rolling|trailing|any|each|consecutive|preceding)(?: \w+)?(?: period of)? (?:twelve|12)(?: \(12\))?(?: consecutive)?[ -](?:calendar[ -])?months?|rolling year)|(half[- ]?years?|semi-?annual(?:ly)?|half-?yearly)|(quarter(?:ly|s)?)\b|(annual(?:ly)?|yearly|years?|per annum)|(month(?:ly|s)?)|(weekly|weeks?|daily|days?|fortnight\w*|shifts?|(?:rolling|any|each) (?:\d+|two|three|four|five|thirty|sixty|ninety|sixteen)(?: \(\d+\))?(?:[- ](?:calendar |consecutive )?days?| months?)(?: period)?))\b`)
	// periodNot stands before a period that is of something else: a fee, a report, hours of maintenance.
	periodNot   = expression.MustCompile(`(?i)(?:\b(?:report\w*|review\w*|meet\w*|invoic\w*|pay\w*|paid|bill\w*|fees?|charges?|credit\w*|maintenance|downtime|hours?|hrs?|minutes?|times|occasions|days?|after|updated?|published?)(?: (?:for|per|in|of|each|every|any|a|an|the|on|calendar|given|such|that|one|[a-z]+ (?:per|in|of|each|every|any)))* ?\(?|\b(?:first|last|within|than|business|working|same|seven|monday|sunday|to|x|(?:within|than|to) (?:the|a|an|one)|\d+) ?\(?|[/-])$`)
	periodOther = expression.MustCompile(`(?i)^(?:[- ](?:\w+ )?(?:fees?|charges?|reports?|reviews?|meetings?|invoices?|subscription|payment|credit|cap|notice|maintenance|in advance|a week|before|after|from|prior|following|term|rent|price)|,? (?:a|per) week|s?' )`)
	periodHead  = expression.MustCompile(`(?i)\b(?:(monthly)|(quarterly)|(annual|yearly)|(half-?yearly|semi-?annual)|(weekly|daily)) (?:system |service |platform |network )?(?:uptime|up-time|availability)\b`)
	measuredIn  = expression.MustCompile(`(?i)\b(?:measured|calculated|determined|assessed|computed|averaged|evaluated|taken)\b`)
	ownYear     = expression.MustCompile(`(?i)\b(?:contract(?:ual)?|agreement|service|subscription) (?:year|quarter)s?\b`)
	periodFee   = expression.MustCompile(`(?i)\b(?:(quarterly|quarter's)|(annual|yearly|year's)|(half-?yearly|semi-?annual)) (?:[a-z]+ ){0,2}(?:fees?|charges?|rental|subscription|price)\b`)
	overTerm    = expression.MustCompile(`(?i)\b(?:measured|calculated|averaged|computed|determined) (?:over|across|for|throughout) the (?:whole |entire |full )?(?:\w+ )?(?:term|duration|life) of\b`)
	partOfTime  = expression.MustCompile(`(?i)\b(?:during|in|within) (?:the )?(?:(?:\w+ )?(?:business|service|support|working|office|core|opening|operating|trading|supported|peak|scheduled|agreed) (?:hours|days|time)|the hours of)\b|\bbetween (?:the hours of )?\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\.?)?(?: and | to |-|\x{2013})\d{1,2}\b|\b(?:Mon(?:day)?s?)(?: to |-|\x{2013}| through )(?:Fri|Sat)`)
	outOfTime   = expression.MustCompile(`(?i)\b(?:maintenance|downtime|excluding|excluded|excludes?|except|other than|not count\w*|outside|support|help ?desk|report\w*|notif\w*)\b[^.;]{0,90}$`)
)

// measuring is over which time a level is measured.
type measuring struct {
	period  string // as the parameter says it; "" is the month
	word    string // a period that has no form
	own     bool   // periods that begin with those of the contract
	at      []wording.Span
	unclear []pact.Ambiguity
}

// measuredOver reads over which time the availability is measured whose percentage stands in a sentence, and in which hours.
func (r *reading) measuredOver(at wording.Span, target string, credits []wording.Span) measuring {
	var m measuring
	sp := at
	if n := r.sentenceAt(at.Start); n >= 0 && !r.inTable(at.Start) {
		sp = wording.Span{Start: min(at.Start, r.sentences[n].Start), End: max(at.End, r.sentences[n].End)}
	}
	s := r.cut(sp)
	near := max(0, strings.Index(s, target))
	if len(s) <= 3000 {
		m.of(s, near)
		m.partly(s, near)
	}
	for _, n := range r.sentencesWith(120, "uptime", "up-time", "availab", "operational", "reachable", "be up ", "working order", "ready for use") {
		if m.period != "" || m.unclear != nil {
			break
		}
		o := r.sentences[n]
		s := r.cut(o)
		if len(s) > 1500 || o == sp {
			continue
		}
		if h := periodHead.FindStringSubmatch(s); h != nil {
			m.head(h[1:])
		} else if k := measuredIn.FindStringIndex(s); k != nil && uptimeWord.MatchString(s) && !r.inTable(o.Start) {
			m.of(s, k[1])
		}
		if m.period != "" || m.unclear != nil {
			m.at = append(m.at, o)
		}
	}
	if m.period == "" && m.unclear == nil {
		for _, c := range credits {
			if f := periodFee.FindStringSubmatch(r.cut(c)); f != nil {
				m.ask("period_unclear", "The credit is a share of the "+f[0]+", and the text does not say over which time availability is measured. Is it the calendar month?", "calendar month", map[bool]string{true: "quarter", false: "year"}[f[1] != ""])
				break
			}
		}
	}
	if m.period == "month" {
		m.period = "" // as where nothing is said
	}
	return m
}

// of takes the period that stands nearest to a place of a sentence.
func (m *measuring) of(s string, near int) {
	if overTerm.MatchString(s) {
		m.period = "term"
		return
	}
	best := -1
	for _, w := range periodWord.FindAllStringSubmatchIndex(s, -1) {
		before, after := s[max(0, w[0]-60):w[0]], s[w[1]:]
		if periodNot.MatchString(before) || periodOther.MatchString(after) {
			continue
		}
		far := max(w[0]-near, near-w[1])
		if best >= 0 && far >= best {
			continue
		}
		best = far
		m.unclear, m.word, m.own = nil, "", ownYear.MatchString(s[max(0, w[0]-14):w[1]])
		switch {
		case w[2] >= 0:
			m.period = "rolling_year"
		case w[4] >= 0:
			m.period = "half_year"
		case w[6] >= 0:
			m.period = "quarter"
		case w[8] >= 0:
			m.period = "year"
		case w[10] >= 0:
			m.period = "month"
		default:
			m.noForm(s[w[0]:w[1]])
		}
	}
}

// head takes the period that a name has in it: "Quarterly uptime".
func (m *measuring) head(words []string) {
	for i, period := range []string{"month", "quarter", "year", "half_year"} {
		if words[i] != "" {
			m.period = period
			return
		}
	}
	m.noForm(words[4])
}

func (m *measuring) noForm(words string) {
	m.period, m.word, m.unclear = "", strings.ToLower(words), nil
	m.ask("period_without_form", "Availability is measured over another time than a month, a quarter or a year ("+strings.ToLower(words)+"), for which there is no form. Over which of them shall it be judged?", "calendar month", "quarter", "year")
}

// partly asks where the promise holds in certain hours only.
func (m *measuring) partly(s string, near int) {
	for _, w := range partOfTime.FindAllStringIndex(s, -1) {
		if outOfTime.MatchString(s[:w[0]]) || w[0]-near > 120 || near-w[0] > 200 {
			continue
		}
		m.ask("hours_of_availability", "Availability is promised in certain hours only, for which there is no form: it is judged around the clock. Are outages outside of these hours, and the time itself, left out?", "around the clock", "in these hours only")
		return
	}
}

func (m *measuring) ask(code, question string, texts ...string) {
	m.unclear = append(m.unclear, pact.Ambiguity{Code: code, Question: question, Texts: texts})
}

// over writes the period into what is promised.
func (m measuring) over(r *reading, o *pact.Obligation, p *obligation.AvailabilityParams) {
	p.Period = m.period
	o.Ambiguities = append(o.Ambiguities, m.unclear...)
	title := map[string]string{"": "in each month", "quarter": "in each quarter", "half_year": "in each half-year", "year": "in each year", "rolling_year": "in any twelve months", "term": "over the term"}[m.period]
	o.Title = "Availability of at least " + p.Target.String() + " % " + title
	o.Frequency = "monthly"
	if m.period != "" {
		o.Frequency = frequencyWord(m.period)
	}
	if !m.own || m.period == "rolling_year" || m.period == "term" {
		return
	}
	if p.Anchor = r.startDate(); p.Anchor == "" {
		o.Ambiguities = append(o.Ambiguities, pact.Ambiguity{Code: "period_unclear", Question: "Availability is measured over a " + strings.ReplaceAll(m.period, "_", "-") + " of the contract, and the text does not say when it begins. On which day does it?"})
	}
}
