package backtest

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// Print writes the report for a person: each occurrence with its judgement, its sums and the trace that leads to them.
func (r Evaluation) Print(w io.Writer) error {
	p := printer{w: w}
	p.line("As of %s: %s.", stamp(r.AsOf), count(len(r.Occurrences), "occurrence"))
	p.refused(r.Refused)
	for _, res := range r.Occurrences {
		p.result(res)
	}
	if len(r.Totals) > 0 {
		p.line("\nTotals")
		for _, t := range r.Totals {
			p.line("  %s  %s", t.Obligation, t.Amount)
		}
	}
	p.questions(r.Questions)
	if len(r.Next) > 0 {
		p.line("\nNext")
		for _, n := range r.Next {
			p.line("  %s  %s  %s", stamp(n.At), n.Obligation, n.Occurrence)
		}
	}
	p.nothing(r)
	p.unused(r.Unused)
	p.unlikely(r.Unlikely)
	if len(r.NotJudged) > 0 {
		p.line("\nNot judged by this build: %s", strings.Join(r.NotJudged, ", "))
	}
	return p.err
}

type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) result(res Result) {
	a := res.Assessment
	head := res.Obligation + "  " + res.Key
	if a.Status != "" {
		head += "  " + strings.ReplaceAll(string(a.Status), "_", " ")
	}
	p.line("\n%s", head)
	facts := [][2]string{
		{"about", res.Subject},
		{"due", stamp(a.DueAt)},
		{"breached", stamp(a.BreachedAt)},
		{"ended", stamp(a.EndedAt)},
		{"counted", a.Elapsed},
		{"actual", a.Actual},
		{"target", a.Target},
		{"measured", a.Measured},
		{"percent", a.Percent},
		{"claim by", string(a.ClaimBy)},
		{"next", stamp(a.NextAt)},
	}
	for _, f := range facts {
		if f[1] != "" {
			p.line("  %-9s %s", f[0], f[1])
		}
	}
	if a.Amount != nil {
		p.line("  %-9s %s", "amount", a.Amount)
	}
	if a.AmountState != "" {
		p.line("  %-9s %s", "amount", strings.ReplaceAll(a.AmountState, "_", " "))
	}
	if c := res.Claim; c != nil {
		text := c.State
		switch c.State {
		case "open":
			text += ", until " + string(c.By)
		case "claimed":
			text += " on " + string(c.On)
		case "expired":
			text += ", " + c.Lost.String() + " lost"
			if c.Late != "" {
				text += "; claimed too late, on " + string(c.Late)
			}
			if c.Known != "" {
				text += "; it became known on " + string(c.Known) + ", after the last day to claim it, so that it could never be claimed"
			}
		}
		p.line("  %-9s %s", "claim", text)
	}
	for _, l := range a.Amounts {
		text := fmt.Sprintf("  - %s: %s", l.Name, l.Amount)
		if l.Exact != "" {
			text += " (exact " + l.Exact + ")"
		}
		if l.On != "" {
			text += " on " + string(l.On)
		}
		p.line("%s", text)
	}
	for i, s := range a.Trace {
		p.line("  %2d. %s", i+1, step(s))
	}
	for _, c := range res.Corrections {
		text := fmt.Sprintf("  correction at %s: %s became %s", stamp(c.At), words(c.Before), words(c.After))
		if c.Delta != nil {
			text += ", difference " + c.Delta.String()
		}
		p.line("%s (%s)", text, c.Reason)
	}
}

func (p *printer) questions(list []Question) {
	if len(list) == 0 {
		return
	}
	p.line("\nQuestions")
	for _, q := range list {
		p.line("  %s  %s  [%s] %s", q.Obligation, q.Occurrence, q.Ambiguity.Code, q.Ambiguity.Question)
		for _, text := range q.Ambiguity.Texts {
			p.line("    reading: %s", text)
		}
		for _, o := range q.Ambiguity.Outcomes {
			text := "    reading: " + o.Reading
			if o.Result != "" {
				text += " -> " + o.Result
			}
			if o.Amount != nil {
				text += " -> " + o.Amount.String()
			}
			if o.Set != "" {
				text += "  (set " + o.Set + ")"
			}
			p.line("%s", text)
		}
	}
}

func (p *printer) refused(list []Refused) {
	if len(list) == 0 {
		return
	}
	p.line("\nRefused: %s of the events, which count for nothing", count(len(list), "line"))
	for _, r := range list[:min(len(list), shownUnused)] {
		for _, problem := range r.Problems {
			p.line("  line %d: %s%s", r.Line, problem, r.who())
		}
	}
	if more := len(list) - shownUnused; more > 0 {
		p.line("  and %d more; --json lists all", more)
	}
}

// nothing tells what has no occurrence, and what changes nothing.
func (p *printer) nothing(r Evaluation) {
	for i, n := range r.Nothing {
		if i == 0 {
			p.line("\nNo occurrence")
		}
		if n.Why != "" {
			p.line("  %s  %s", n.Obligation, n.Why)
			continue
		}
		p.line("  %s  nothing falls due by the calendar, and no event opens anything, %s; --from and --to look elsewhere", n.Obligation, obligation.PeriodText(calendar.Period{From: n.From, Until: n.To}))
	}
	for i, o := range r.Idle {
		if i == 0 {
			p.line("\nWithout effect: %s of amendments", count(len(r.Idle), "operation"))
		}
		p.line("  %s  %s: no term or obligation of the other documents stands there (evidence: passage: clause), or has a name of its terms", o.Document, o.Operation)
	}
}

// shownUnused bounds the events that are listed for a person; the JSON has all.
const shownUnused = 100

func (p *printer) unused(list []Unused) {
	if len(list) == 0 {
		return
	}
	p.line("\nNot used: %s", count(len(list), "event"))
	for _, u := range list[:min(len(list), shownUnused)] {
		p.line("  %s  %s  %s  %s", u.EventID, u.On, strings.TrimSpace(u.Kind+" "+u.Subject), u.Message)
	}
	if more := len(list) - shownUnused; more > 0 {
		p.line("  and %d more; --json lists all", more)
	}
}

func words(v Verdict) string {
	s := strings.ReplaceAll(string(v.Status), "_", " ")
	if v.Amount != nil {
		s += " " + v.Amount.String()
	} else if v.AmountState == "ambiguous" {
		s += ", the amount waits for a decision"
	}
	return s
}

func step(s pact.TraceStep) string {
	text := s.Rule
	if s.Inputs != "" {
		text += ": " + s.Inputs
	}
	text += " -> " + s.Result
	if s.Clause != "" {
		text += " [" + s.Clause + "]"
	}
	if len(s.EventIDs) > 0 {
		ids := make([]string, len(s.EventIDs))
		for i, id := range s.EventIDs {
			ids[i] = string(id)
		}
		text += " {" + strings.Join(ids, ", ") + "}"
	}
	return text
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return obligation.Shown(t).UTC().Format("2006-01-02T15:04:05.999999999Z")
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (p *printer) unlikely(list []Unlikely) {
	if len(list) == 0 {
		return
	}
	p.line("\nUnlikely: look at them")
	for _, u := range list[:min(len(list), shownUnused)] {
		p.line("  %s  %s: %s", u.EventID, u.Field, u.Message)
	}
	if more := len(list) - shownUnused; more > 0 {
		p.line("  and %d more; --json lists all", more)
	}
}
