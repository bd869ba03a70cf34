package obligation

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/pact"
)

// reports are those of one period of a level that somebody reports. A report is of the period that it names (data.month); one that names
// none is of the period in which it was given.
type reports struct {
	of []pact.Event // that give the figure of the period
	// doubt are the months of reports that may be those of the whole period, or only of their month. Nothing is of the period then.
	doubt    []string
	doubtful []pact.Event
}

// reportsOf takes of a list, in order of time, what is of a period; during tells whether a report that names no period is. One that names a
// month within a longer period gives the figure of the period where it came when the period was over and no other month is reported.
func (s *sheet) reportsOf(c cycle, whole calendar.Period, list []pact.Event, during func(pact.Event) bool) reports {
	var out reports
	var within []pact.Event
	names, own, divided, interim := []string{}, false, false, false
	held := s.in.held(whole)
	for _, e := range list {
		name := e.Data.Month
		named, ok := calendar.Named(name)
		part := subscribed(named, held)
		switch {
		case name == "":
			if during(e) {
				out.of = append(out.of, e)
			}
		case name == c.key(whole), ok && named == whole:
			out.of, own = append(out.of, e), true
		case !ok, c.unit == "rolling_year", part.From >= part.Until, !overlap(part, whole), enclosed(whole, part):
		default:
			within, names = append(within, e), append(names, name)
			divided = divided || !enclosed(part, whole)
			interim = interim || s.came(e) < whole.Until && part.Until != whole.Until
		}
	}
	if own || len(within) == 0 {
		return out
	}
	slices.Sort(names)
	names = slices.Compact(names)
	over := whole.Until != "" && s.today >= whole.Until
	if over && (divided || interim || len(names) > 1 || len(out.of) > 0) {
		return reports{doubt: names, doubtful: within}
	}
	out.of = append(out.of, within...)
	slices.SortFunc(out.of, func(a, b pact.Event) int { return byTime(&a, &b) })
	return out
}

// reportsDiffer is the code of the question which of several reports of one period is right.
const reportsDiffer = "reports_differ"

// counting is, of the reports of a period in order of time, the one that counts: the last, which corrects those given before it. differ are
// those between which nothing decides, because they say different things at the same instant, and none replaces another; where one of
// them is chosen, that one counts.
func counting(list []pact.Event, chosen []pact.EventID, alike func(a, b pact.Event) bool) (counts *pact.Event, differ []pact.Event) {
	if len(list) == 0 {
		return nil, nil
	}
	if i := slices.IndexFunc(list, func(e pact.Event) bool { return slices.Contains(chosen, idOf(e)) }); i >= 0 {
		return &list[i], nil
	}
	last := &list[len(list)-1]
	for _, e := range list {
		if e.OccurredAt.Equal(last.OccurredAt) && !slices.ContainsFunc(differ, func(x pact.Event) bool { return alike(x, e) }) {
			differ = append(differ, e)
		}
	}
	if len(differ) < 2 {
		return last, nil
	}
	return last, differ
}

// contradiction asks which of several reports is right; said is what each says, in words. What each comes to is put in later.
func (s *sheet) contradiction(what string, list []pact.Event, said func(pact.Event) string) pact.Ambiguity {
	q := pact.Ambiguity{Code: reportsDiffer}
	var words []string
	for _, e := range list {
		words = append(words, said(e))
		q.Outcomes = append(q.Outcomes, pact.Outcome{Reading: fmt.Sprintf("%s (%s)", said(e), idOf(e))})
	}
	q.Question = fmt.Sprintf("The reports of %s say %s, and nothing tells which of them counts. Which is right? Take the others back, or report the right one in their place (replaces).", what, joined(words))
	return q
}

// underReports judges a period as if each of the reports that contradict each other were the one that counts.
func underReports(q pact.Ambiguity, list []pact.Event, judge func(chosen pact.EventID) (pact.Assessment, error)) (pact.Assessment, error) {
	var judged []pact.Assessment
	for i, e := range list {
		a, err := judge(idOf(e))
		if err != nil {
			return a, err
		}
		judged = append(judged, a)
		q.Outcomes[i].Amount, q.Outcomes[i].Result = a.Amount, resultOf(a)
		if a.Amount != nil {
			q.Outcomes[i].Result = ""
		}
	}
	out := compared("the reports leave open", q, judged)
	for _, e := range list {
		if !slices.Contains(out.EventIDs, idOf(e)) {
			out.EventIDs = append(out.EventIDs, idOf(e))
		}
	}
	return out, nil
}

// heldNotIn begins the reason of a version that does not hold in a period; another version of the same obligation may.
const heldNotIn = "does not hold in "

// lacks says why a name is that of no period of a clause, nor of a part of one (a month of a quarter); "" where it is.
func (c cycle) lacks(name string, holds calendar.Period) string {
	if name == "" || c.unit == "term" && name == c.unit {
		return ""
	}
	named := periodNamed(name)
	if part := subscribed(named, holds); named.From != "" && (part.Until != "" && part.From >= part.Until || !overlap(named, holds)) {
		return fmt.Sprintf(heldNotIn+"%q, of which this is", short(name))
	}
	whole := c.containing(max(named.From, holds.From), holds)
	_, byName := calendar.Named(name)
	if c.key(whole) == name || byName && (named == whole || !enclosed(subscribed(whole, holds), named)) {
		return ""
	}
	return fmt.Sprintf("is judged by %s and has no period %q", strings.ReplaceAll(cmp.Or(c.unit, "month"), "_", " "), short(name))
}

// question asks which of the reports gives the figure of the period.
func (r reports) question(key string) string {
	return fmt.Sprintf("What was reported is of %s. Which figure is that of the whole period %s? Report it as that of the period (data.month %q), in place of one of these (replaces).", joined(r.doubt), key, key)
}

func overlap(a, b calendar.Period) bool {
	return (b.Until == "" || a.From < b.Until) && (a.Until == "" || b.From < a.Until)
}

// enclosed tells whether a period lies wholly in another.
func enclosed(a, in calendar.Period) bool {
	return a.From >= in.From && (in.Until == "" || a.Until != "" && a.Until <= in.Until)
}

// samePeriod tells whether two names may be of one period: the same, or one within the other.
func samePeriod(a, b string) bool {
	if a == b {
		return true
	}
	x, y := periodNamed(a), periodNamed(b)
	return x.From != "" && y.From != "" && overlap(x, y)
}

// periodNamed is what a name says of a period; of one that begins on a day, its first month.
func periodNamed(name string) calendar.Period {
	if p, ok := calendar.Named(name); ok {
		return p
	}
	if d, err := calendar.ParseDate(name); err == nil {
		return calendar.Period{From: d, Until: d.AddMonths(1)}
	}
	return calendar.Period{}
}
