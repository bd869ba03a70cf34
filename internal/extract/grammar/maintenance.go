package grammar

import (
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Planned maintenance: in which hours it is done, how long before it must be announced, how much of it a month may have, and whether it
// counts. What is not said to be left out gives no members: they would only say when a service may be down.

// upkeep is what the text says of planned maintenance.
type upkeep struct {
	notice    *calendar.Duration
	allowance *calendar.Duration
	hours     calendar.Hours
	announced bool // the hours alone do not excuse
	leftOut   bool
	at        []wording.Span
}

var (
	maintWord = expression.MustCompile(`(?i)\b(?:maintenance|planned (?:works?|downtimes?|outages?|shut-?downs?|interruptions?|engineering|unavailability|upgrades?)|scheduled (?:works?|downtimes?|outages?|shut-?downs?|interruptions?|unavailability|upgrades?)|(?:routine|preventi(?:ve|tive)|preventative) (?:works?|service|servicing|upkeep)|service windows?|(?:need|have|want|wish)s? to work on (?:it|them|the)|take (?:it|them|(?:the|our) \w+(?: \w+)?) (?:down|offline|off-line|out of service))\b`)
	maintNot  = expression.MustCompile(`(?i)\b(?:emergency|urgent|unplanned|unscheduled|hot ?fix\w*)\b`)
	maintOwn  = expression.MustCompile(`(?i)\bmaintenance (?:fees?|charges?|contract|agreement|services? (?:fees?|charges?)|plan|subscription|releases?|and support)\b|\bsupport and maintenance\b`)
	leftOut   = expression.MustCompile(`(?i)\b(?:exclud\w+|disregard\w*|(?:do(?:es)?|shall|will|is|are|be|may|must)(?: not|n't) (?:be )?(?:count\w*|constitut\w*|deemed|consider\w+|regarded|treated|taken into|reckon\w*)|don't count|doesn't count|not (?:counted|taken into account|reckoned)|not counting|(?:do(?:es)?|shall|will|may|must) not affect (?:the )?(?:calculation|computation|measure\w*)|left out|without (?:counting|regard to)|(?:deemed|treated as|regarded as|counts? as|counted as) (?:to be )?(?:up|uptime|available|availability)|(?:less|minus|net of|outside(?: of)?) (?:\w+ ){0,2}(?:scheduled|planned|maintenance)|ignored)\b`)
	// what leaves something out only where the sentence speaks of time that a service is up or down: fees and holidays are left out as well
	leftOutOf  = expression.MustCompile(`(?i)\b(?:(?:do(?:es)?|shall|will|is|are|be|may|must)(?: not|n't) (?:be )?includ\w+|not included|other than|except(?:ing|ed)?(?: for| during)? (?:\w+ ){0,3}(?:scheduled|planned|maintenance|routine))\b`)
	downOrUp   = expression.MustCompile(`(?i)\b(?:down-?times?|uptime|unavailab\w+|availab\w+|outages?|service levels?|interruptions?)\b`)
	feesOnly   = expression.MustCompile(`(?i)\b(?:(?:excluded|not included|included|left out|disregarded)\b[^.;]{0,40}\b(?:fees?|charges?|prices?|scope|warranty|services|support)|(?:fees?|charges?|prices?) (?:do|does|shall|will) not include)\b`)
	counted    = expression.MustCompile(`(?i)\b(?:counts?|counted|treated|regarded|deemed) (?:in full )?as (?:downtime|unavailab\w+|an outage)\b|\b(?:is|are) not (?:excluded|disregarded)\b`)
	permitted  = expression.MustCompile(`(?i)\b(?:may|is entitled to|reserves? the right|permitted|allowed|allowance|up to|not (?:to )?exceed|windows?)\b`)
	noticeTo   = expression.MustCompile(`(?i)^'?s?,? ?(?:of )?(?:(?:prior|advance|advanced|written|previous|electronic|e-?mail)(?: and|,)? ?){0,4}(?:notice|notification|warning|announcement)\b|^,? ?(?:in advance|beforehand|ahead|before|prior\b|earlier|previously)`)
	noticeOf   = expression.MustCompile(`(?i)\b(?:notice|notification|warning|notif(?:y|ies|ied)|announced?|informed?|advised?|lead time)\b[^.;]{0,50}\b(?:of|at least|not less than|no less than|minimum(?: of)?|is|:)\s*$|\bnotice[^|\t]{0,12}\t\s*$`)
	monthly    = expression.MustCompile(`(?i)^[^.;]{0,60}?\b(?:(?:per|each|every|a|in (?:any|a|each|the|one)|during (?:any|a|each|the)|of (?:any|each|the))(?: (?:one|single|given|same))?(?: calendar| billing| contract| service)? month\b|/ ?month|monthly\b)`)
	inMonth    = expression.MustCompile(`(?i)\b(?:month|monthly)\b[^.;]{0,90}$`)
	atMost     = expression.MustCompile(`(?i)\b(?:up to|(?:not|never) (?:to )?exceed(?:ing)?|exceed|max(?:imum|\.)?(?: of)?|(?:no|not) more than|limited to|total(?:ling)?(?: of)?|at most|allowance(?: of)?|budget(?: of)?|cap(?:ped at)?(?: of)?)\b[^.;\d]{0,40}$|\b(?:allowance|allowed|permitted|maximum)\b[^\t]{0,50}\t[^\t.;\d]{0,20}$`)
	further    = expression.MustCompile(`(?i)\b(?:further|additional|other|any maintenance outside|outside (?:of )?(?:this|these|that|the|those)|beyond (?:this|these|that|the)|exceptional(?:ly)?|extra)\b`)
	otherTopic = expression.MustCompile(`(?i)^(?:\d+(?:\.\d+)* |\(\w\) )?(?:the (?:customer|client)|\w+ (?:must|shall|will) (?:give|notify|announce|inform))\b`)
	ofTheWork  = expression.MustCompile(`(?i)\b(?:works?|maint\w+|planned|scheduled|windows?|announce\w*|(?:told|informed|notified|warned|advised|given (?:\w+ ){0,6}(?:notice|warning))|interrupt\w*|outages?|downtimes?|so much (?:time|hours))\b`)
	noWork     = expression.MustCompile(`(?i)\b(?:terminat\w+|report\w* (?:faults?|defects?|incidents?)|fees?|invoices?|pays?)\b`)
	notInHours = expression.MustCompile(`(?i)\b(?:outside(?: of)?|other than|avoid\w*|except(?:ing)?|never|not|cannot|no (?:\w+ ){0,4}(?:maintenance|works?|outages?|downtime))\b[^.;]*$`)
	noneThen   = expression.MustCompile(`(?i)\bno (?:(?:planned|scheduled|routine|such) )?(?:maintenance|works?)\b`)
	// a denial that is not one of work in those hours: what is not counted, and a service that is down in them
	downThen  = expression.MustCompile(`(?i)\b(?:other than|except(?:ing|ed)?(?: for| during)?) (?:\w+ ){0,3}(?:scheduled|planned|maintenance|routine|windows?)\b|\bnot (?:be )?(?:available|reachable|accessible|usable|includ\w+)\b|\bnot (?:be )?(?:\w+ )?(?:longer|more|less|later|exceed\w*)\b|\b(?:but|if) not\b`)
	aboutWork = expression.MustCompile(`(?i)^(?:\d+(?:\.\d+)* |\(\w\) )?(?:such|this|these|those|that|we (?:do|will|shall|let|tell|give)|it |they |any (?:such|excess)|downtime in|outages? (?:in|within|during)|time (?:in|within|spent|taken)|no (?:such|more)|notice|the (?:total|aggregate|window|customer|client|hours|work|works|duration|time|interruption)|works? |\w+ (?:must|shall|will) (?:give|notify|announce|inform))\b`)
)

// upkeepOf reads the clauses of maintenance: each sentence that names it, and the sentences behind it that go on about it.
func (r *reading) upkeepOf() upkeep {
	var u upkeep
	var apart []calendar.Duration // notices that differ
	last := -1
	for _, n := range r.sentencesWith(80, "maintenance", "planned", "scheduled", "routine", "preventive", "preventative", "service window", "to work on", "take the", "take it", "take our") {
		if n <= last {
			continue
		}
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) > 1500 || !maintWord.MatchString(s) || maintOwn.MatchString(s) && !uptimeWord.MatchString(s) {
			continue
		}
		last = n
		about := []int{n}
		for k := n + 1; k < len(r.sentences) && k <= n+3; k++ {
			t := r.cut(r.sentences[k])
			if len(t) > 900 || !maintWord.MatchString(t) && (!aboutWork.MatchString(t) || otherTopic.MatchString(t) && (!ofTheWork.MatchString(t) || noWork.MatchString(t))) {
				break
			}
			about = append(about, k)
			last = k
		}
		r.readUpkeep(&u, &apart, about)
	}
	if len(apart) > 1 {
		u.notice = nil // two lengths for two kinds of work: neither holds for all
		u.announced = false
	}
	if u.announced && u.notice == nil {
		u.announced = false
	}
	return u
}

// leavesOut tells whether a sentence leaves planned work out of what is counted.
func leavesOut(s string) bool {
	return (leftOut.MatchString(s) || leftOutOf.MatchString(s) && downOrUp.MatchString(s)) && !(feesOnly.MatchString(s) && !downOrUp.MatchString(s))
}

// deniedThen tells whether hours at a place of a sentence are those in which no work is done: "outside normal business hours (Monday to
// Friday, 8:00 a.m. to 6:00 p.m.)".
func deniedThen(s string, at int) bool {
	before := downThen.ReplaceAllString(leftOut.ReplaceAllString(s[:at], "counted"), "")
	return noneThen.MatchString(s) || notInHours.MatchString(before) || measuredThen.MatchString(before)
}

// readUpkeep takes what some sentences in a row say of planned maintenance.
func (r *reading) readUpkeep(u *upkeep, apart *[]calendar.Duration, about []int) {
	var found upkeep
	apartFrom := false
	for _, k := range about {
		sp := r.sentences[k]
		s := r.cut(sp)
		if counted.MatchString(s) && !leavesOut(s) && !maintNot.MatchString(s) && !strings.Contains(strings.ToLower(s), "excess") {
			return // it counts
		}
		if maintNot.MatchString(s) && !strings.Contains(strings.ToLower(s), "other than") {
			continue // work that nobody planned
		}
		used := false
		if leavesOut(s) {
			found.leftOut, used = true, true
		}
		for _, d := range wording.Durations(s) {
			if len(d.Readings) > 0 || d.Duration.Value <= 0 {
				continue
			}
			v := d.Duration
			before, after := s[max(0, d.Start-110):d.Start], s[d.End:min(len(s), d.End+90)]
			switch u := v.Unit; {
			case noticeTo.MatchString(after) || noticeOf.MatchString(before):
				if u == calendar.Hour || u == calendar.Minute || u == calendar.Day || u == calendar.BusinessDay || u == calendar.Week {
					if found.notice == nil {
						found.notice = &v
					}
					apartFrom = apartFrom || further.MatchString(s[:d.Start])
					used = true
				}
			case (u == calendar.Hour || u == calendar.Minute) && found.allowance == nil && (monthly.MatchString(after) && (atMost.MatchString(before) || permitted.MatchString(s)) || atMost.MatchString(before) && inMonth.MatchString(s[:d.Start])):
				found.allowance, used = &v, true
			}
		}
		if found.hours.IsZero() {
			if h, at, ok := wording.WindowsOf(s); ok && !deniedThen(s, at.Start) {
				found.hours, used = h, true
			}
		}
		if used {
			found.at = append(found.at, sp)
		}
	}
	if found.notice == nil && found.allowance == nil && found.hours.IsZero() {
		// Words apart from the hours must say that time is left out, or they leave something else out.
		found.leftOut = found.leftOut && slices.ContainsFunc(found.at, func(sp wording.Span) bool { return downOrUp.MatchString(r.cut(sp)) })
		u.leftOut = u.leftOut || found.leftOut
		if found.leftOut {
			u.at = append(u.at, found.at...)
		}
		return
	}
	u.leftOut = u.leftOut || found.leftOut
	if found.notice != nil && !slices.Contains(*apart, *found.notice) {
		*apart = append(*apart, *found.notice)
	}
	if u.notice == nil {
		u.notice = found.notice
	}
	if u.allowance == nil {
		u.allowance = found.allowance
	}
	if u.hours.IsZero() {
		u.hours = found.hours
	}
	// Hours and a notice of the same work are both needed; of further work, either is enough.
	u.announced = u.announced || !u.hours.IsZero() && found.notice != nil && !apartFrom
	u.at = append(u.at, found.at...)
}

// maxUpkeepQuotes bounds the passages that say what holds for maintenance.
const maxUpkeepQuotes = 4

// applyUpkeep writes what holds for planned maintenance into the parameters, and gives where it stands.
func (r *reading) applyUpkeep(p *obligation.AvailabilityParams, u upkeep) []wording.Span {
	if !u.leftOut && !slices.Contains(p.Exclusions, "maintenance") {
		return nil
	}
	if u.notice == nil && u.allowance == nil && u.hours.IsZero() {
		return nil
	}
	if !slices.Contains(p.Exclusions, "maintenance") {
		p.Exclusions = append([]string{"maintenance"}, p.Exclusions...)
	}
	p.MaintenanceNotice, p.MaintenanceAllowance = u.notice, u.allowance
	p.MaintenanceHours, p.MaintenanceHoursAnnounced = u.hours, u.announced
	return u.at[:min(len(u.at), maxUpkeepQuotes)]
}

// measuredThen is what hours are where they say which minutes count for a measurement: "the number of minutes of the month between 06:00
// and 22:00".
var measuredThen = expression.MustCompile(`(?i)\b(?:number|total|sum) of (?:the |all )?(?:minutes|hours)\b[^.;]{0,90}$`)
