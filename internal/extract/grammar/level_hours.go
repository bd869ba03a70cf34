package grammar

import (
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// running is a sentence on when clocks run: of some levels, or of all.
type running struct {
	labels []string // none = all
	except []string // of those that it does not speak of
	places []string // numbers of the clauses it speaks of
	always bool
	own    *calendar.Hours // the hours it states, where they are not the whole day
	at     wording.Span
}

var (
	runsCue  = expression.MustCompile(`(?i)\b(?:runs?|running|count(?:s|ed)?|measured|calculated|appl(?:y|ies)|available|provided|staffed|manned|covers?|covered|operat\w+|support(?:ed)?|times|periods|hours|clock|answered|handled|dealt with|pick(?:s|ed)? up|answers?|takes?|open)\b`)
	allTimes = expression.MustCompile(`(?i)\b(?:all|these|the|those|such|both|response|resolution|restoration|target) (?:\w+ ){0,2}(?:times?|periods?|targets?|hours|clocks?|service levels?)\b|\b(?:we|it|they) (?:count|appl)|\b(?:incidents?|faults?|tickets?) (?:is|are)\b|\bthem\b|\b(?:picks? up|answers?|handles?|takes?|deals? with|works? on) (?:all |your |the |its )?(?:incidents|faults|tickets|enquiries|calls|requests|cases)\b`)
	// exceptOf leads from what is said of all levels to those of which it is not.
	exceptOf = expression.MustCompile(`(?i),? (?:except(?:ing)?(?: for)?|save for|other than|apart from|with the exception of) `)
	// hoursOfNext leads to the hours of other levels in one clause.
	hoursOfNext = expression.MustCompile(`(?i) and (?:from|on|in|between|during|within|monday|mon|weekdays|working|business|service|a?round|24)\b`)
	// hoursLead are hours that a sentence begins with: they are those of all of its times.
	hoursLead = expression.MustCompile(`(?i)^[\d.() ]*(?:within|during|in) (?:these|those|such|the said|(?:the |our |its )?(?:business|working|support|service|office|normal)) hours\b`)
	pauseCue  = expression.MustCompile(`(?i)\b(?:(?:clock|time|times|resolution time|period)s?\b[^.]{0,60}\b(?:does not run|do not run|stops?|stands? still|is (?:paused|suspended|stopped)|shall (?:be (?:paused|suspended)|not run)|pauses?|excludes?)|(?:waits?|waiting|hold)\b[^.]{0,110}\b(?:does not count|is not counted|not be counted)|waiting (?:for|on) (?:the )?(?:customer|client|user|caller)|on hold|pending (?:customer|client)|awaiting (?:customer|client|information|a response))`)
	placesOf  = expression.MustCompile(`(?i)\b(?:paragraphs?|clauses?|sections?) \d+(?:\.\d+)+(?:(?:,| and| or|, and) \d+(?:\.\d+)+)*`)
	numbersIn = expression.MustCompile(`\d+(?:\.\d+)+`)
	ofClocks  = expression.MustCompile(`(?i)\b(?:respon\w+|resol\w+|restor\w+|acknowledg\w*|fix|repair|workaround|reaction|recovery|incident|ticket|fault|case)`)
	allClock  = expression.MustCompile(`(?i)\b(?:support|service desk|help ?desk|(?:all |every )?(?:incidents?|faults?|tickets?) (?:is|are))\b[^.]{0,80}\b(?:24 ?x ?7|24/7|around the clock|24 hours a day|at all hours|at any hour)`)
)

// runnings reads, once, what the text says about when clocks run.
func (r *reading) runnings() []running {
	if r.clocks != nil {
		return *r.clocks
	}
	var out []running
	for _, n := range r.sentencesWith(60, "around the clock", "round the clock", "24x7", "24/7", "24 x 7", "24 hours a day", "hours a day", "at all times", "day and night", "at any hour", "at all hours", "business hours", "service hours", "support hours", "working hours", "office hours", "opening hours", "every day of", "run only", "working days", "business days", "monday", "weekday", "mon-", "mo-fr", "desk hours") {
		sp := r.sentences[n]
		if sp.End-sp.Start > 900 || r.inTable(sp.Start) {
			continue
		}
		s := r.cut(sp)
		if !runsCue.MatchString(s) || !ofClocks.MatchString(s) && !allTimes.MatchString(s) && len(wording.LevelLabels(s)) == 0 {
			continue
		}
		for _, part := range strings.SplitAfter(s, ";") {
			part, exception, except := exceptedFrom(part)
			for _, limb := range append(limbsOn(part), exception...) {
				x := running{at: sp, always: wording.AlwaysRunning(limb), except: except}
				business := wording.BusinessTime(limb)
				if x.always == business {
					continue // neither, or both
				}
				if hours, _, ok := wording.HoursOf(limb); ok && !hours.Always {
					x.own = &hours
				}
				for _, l := range wording.LevelLabels(limb) {
					x.labels = append(x.labels, l.Name)
				}
				if m := placesOf.FindString(limb); m != "" {
					x.places = numbersIn.FindAllString(m, 12)
				}
				if len(x.labels)+len(x.places) == 0 && !allTimes.MatchString(limb) && !allClock.MatchString(limb) {
					continue
				}
				if business && levelUnit.MatchString(limb) && len(wording.Targets(limb)) > 0 {
					continue // the unit of a time, not a rule
				}
				if len(x.labels) > 1 && len(wording.Targets(limb)) > 1 {
					continue // each time has its own words beside it
				}
				out = append(out, x)
			}
		}
	}
	r.clocks = &out
	return out
}

// exceptedFrom takes from what is said of all levels what it is not said of: the clause on those that are left out, where it says when they
// run, and their labels.
func exceptedFrom(part string) (rest string, clause, labels []string) {
	m := exceptOf.FindStringIndex(part)
	if m == nil || len(wording.LevelLabels(part[:m[0]])) > 0 {
		return part, nil, nil
	}
	behind := part[m[1]:]
	for _, l := range wording.LevelLabels(behind) {
		labels = append(labels, l.Name)
	}
	if len(labels) == 0 {
		return part, nil, nil
	}
	if wording.AlwaysRunning(behind) != wording.BusinessTime(behind) {
		clause = []string{behind}
	}
	return part[:m[0]], clause, labels
}

// limbsOn are the limbs of a clause, each on levels of its own.
func limbsOn(part string) []string {
	if wording.AlwaysRunning(part) && wording.BusinessTime(part) {
		if m := hoursOfNext.FindStringIndex(part); m != nil && len(wording.LevelLabels(part[:m[0]])) > 0 && len(wording.LevelLabels(part[m[0]:])) > 0 {
			return []string{part[:m[0]], part[m[0]:]}
		}
	}
	return eachOfOne(splitLimbs(part))
}

// splitLimbs cuts at a comma before "and" and before a new level.
func splitLimbs(s string) []string {
	var out []string
	for {
		k := strings.Index(s, ", ")
		if k < 0 || k+2 >= len(s) {
			return append(out, s)
		}
		if j := strings.Index(s[k+2:], ", "); !strings.HasPrefix(s[k+2:], "and ") && !strings.HasPrefix(s[k+2:], "while ") && !strings.HasPrefix(s[k+2:], "but ") && j < 0 {
			return append(out, s)
		} else if !strings.HasPrefix(s[k+2:], "and ") && !strings.HasPrefix(s[k+2:], "while ") && !strings.HasPrefix(s[k+2:], "but ") {
			k += 2 + j
		}
		out = append(out, s[:k])
		s = s[k+2:]
	}
}

// eachOfOne parts what says both for levels of its own: "round the clock for class A and on working days for class B".
func eachOfOne(limbs []string) []string {
	var out []string
	for _, limb := range limbs {
		k := -1
		if wording.AlwaysRunning(limb) && wording.BusinessTime(limb) {
			k = strings.Index(limb, " and ")
		}
		for k >= 0 {
			a, b := limb[:k], limb[k:]
			always, business := wording.AlwaysRunning(a), wording.BusinessTime(a)
			if always != business && wording.AlwaysRunning(b) == business && wording.BusinessTime(b) == always && len(wording.LevelLabels(a)) > 0 && len(wording.LevelLabels(b)) > 0 {
				break
			}
			next := strings.Index(limb[k+1:], " and ")
			if next < 0 {
				k = -1
				break
			}
			k += 1 + next
		}
		if k < 0 {
			out = append(out, limb)
			continue
		}
		out = append(out, limb[:k], limb[k:])
	}
	return out
}

// hoursFor decides on which hours a target is counted: what stands beside it, what its unit says, what the text says of its level,
// then of all; otherwise it asks.
func (r *reading) hoursFor(x level, unit calendar.Unit) (calendar.Hours, []wording.Span, *pact.Ambiguity) {
	zone := r.zone
	if zone == "" {
		zone = "UTC"
	}
	business := x.business && !x.always || unit == calendar.BusinessHour || unit == calendar.BusinessDay
	told, ok := r.runningFor(x)
	switch {
	case x.own != nil && (business || !x.always):
		return r.inZone(*x.own), nil, nil
	case business && ok && told.own != nil:
		return r.hoursOf(told, zone)
	case business:
		return r.businessHours()
	case x.always:
		return calendar.AllHours(zone), nil, nil
	case ok:
		return r.hoursOf(told, zone)
	}
	question := "The text does not say whether the time runs around the clock or in business hours only. Which holds?"
	if r.hours.found {
		return r.hours.business, r.hours.at, &pact.Ambiguity{Code: "hours_unclear", Question: question, Texts: []string{"business hours", "around the clock"}}
	}
	return calendar.AllHours(zone), nil, &pact.Ambiguity{Code: "hours_unclear", Question: question, Texts: []string{"around the clock", "business hours"}}
}

// runningFor is what the text says of the clause that a level stands in, of the level, or of all levels.
func (r *reading) runningFor(x level) (running, bool) {
	var general *running
	for i, c := range r.runnings() {
		switch {
		case len(c.places) > 0:
			start, _ := r.text.Source(x.at)
			section := r.d.SectionAt(start)
			for _, p := range c.places {
				if strings.HasPrefix(r.s[x.at.Start:], p+" ") || section != nil && section.Number == p {
					return c, true
				}
			}
		case slices.Contains(c.labels, x.label):
			return c, true
		case len(c.labels) == 0 && general == nil && !slices.Contains(c.except, x.label):
			general = &r.runnings()[i]
		}
	}
	if general == nil {
		return running{}, false
	}
	return *general, true
}

// inZone are hours that the words beside a time state, in the zone of the text where they name none; those that the text states for all
// have its holidays, too.
func (r *reading) inZone(h calendar.Hours) calendar.Hours {
	if r.hours.found && reflect.DeepEqual(h.Week, r.hours.business.Week) {
		return r.hours.business
	}
	if h.Zone == "" {
		h.Zone = r.zone
	}
	return h
}

func (r *reading) hoursOf(c running, zone string) (calendar.Hours, []wording.Span, *pact.Ambiguity) {
	if c.always {
		return calendar.AllHours(zone), []wording.Span{c.at}, nil
	}
	if c.own != nil {
		return r.inZone(*c.own), []wording.Span{c.at}, nil
	}
	h, at, a := r.businessHours()
	return h, append([]wording.Span{c.at}, at...), a
}

func (r *reading) businessHours() (calendar.Hours, []wording.Span, *pact.Ambiguity) {
	if r.hours.found {
		return r.hours.business, r.hours.at, nil
	}
	if r.paper == "amendment" {
		return calendar.Hours{}, nil, &pact.Ambiguity{Code: "hours_of_amended_contract", Question: "The target counts business time, and the amendment does not say when that is. Do the hours of the amended contract hold?"}
	}
	return calendar.Hours{}, nil, &pact.Ambiguity{Code: "hours_unknown", Question: "The target counts business time, but the text does not say which hours, days and zone these are. What are they?"}
}

// pauses tells whether waiting for the customer stops the clock of a resolution.
func (r *reading) pauses() (wording.Span, bool) {
	for _, n := range r.sentencesWith(60, "on hold", "waiting", "awaiting", "paused", "does not run", "does not count", "do not run", "stands still", "stops while", "pending customer", "suspended", "waits for") {
		sp := r.sentences[n]
		s := r.cut(sp)
		if len(s) < 1200 && pauseCue.MatchString(s) && (ofClocks.MatchString(s) || n > 0 && ofClocks.MatchString(r.cut(r.sentences[n-1]))) {
			return sp, true
		}
	}
	return wording.Span{}, false
}
