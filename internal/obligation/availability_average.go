package obligation

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// A clause may promise the mean of a period and of those before it ("availability averaged with the previous month"). Each period has the same
// weight, whatever its length: the mean is one of percentages.

// earlierShare is the availability of an earlier period by itself.
type earlierShare struct {
	key   string
	share *money.Ratio
	ids   []pact.EventID
}

// averages tells whether the promise is of a mean of periods.
func (p AvailabilityParams) averages() bool { return p.AveragePeriods > 1 }

// average finds the periods with which one is averaged. Those in which nothing was measured are missing as those are before the clause began.
func (m *month) average(in Input, p AvailabilityParams) {
	if !p.averages() || m.edges {
		return
	}
	n := p.AveragePeriods - 1
	from := in.since()
	if from == "" {
		from = m.period.From.AddMonths(-12 * n)
	}
	all := in.earlier(p.cycle(), m.period, from)
	slices.Reverse(all)
	for _, d := range all[:min(n, len(all))] {
		earlier := d.occurrence(in)
		scratch := pact.Assessment{At: in.At.UTC()}
		one, version, ok := openMonth(earlier, &scratch)
		if !ok {
			continue
		}
		version.AveragePeriods = 0
		quiet := tracer{zone: one.zone, steps: &scratch.Trace}
		one.read(earlier, version, quiet)
		one.reach(earlier, version, quiet)
		if !one.ripe.IsZero() && (m.ripe.IsZero() || one.ripe.Before(m.ripe)) {
			m.ripe = one.ripe
		}
		if until := one.covered.End; !one.sampled.nothing(until) {
			m.before = append(m.before, earlierShare{earlier.Occurrence.Key, one.ratioUntil(version, until), one.ids})
			m.ids = append(m.ids, one.ids...)
		}
	}
	m.missing = n - len(m.before)
}

// others are the sum of the shares of the other periods of the mean, and how many they are.
func (m *month) others(p AvailabilityParams) (sum *big.Rat, n int) {
	sum = new(big.Rat)
	for _, one := range m.before {
		sum = plus(sum, one.share)
	}
	n = len(m.before)
	if p.FirstPeriod == "full" {
		sum, n = plus(sum, ratOf(100*m.missing)), n+m.missing
	}
	return sum, n
}

// mean is the mean of the share of a period and of those it is averaged with.
func (m *month) mean(p AvailabilityParams, share *money.Ratio) *money.Ratio {
	sum, n := m.others(p)
	return quo(plus(sum, share), ratOf(n+1))
}

// needed is the share of a period with which the mean is just on the promise; the promise itself where there is no other.
func (m *month) needed(p AvailabilityParams) *money.Ratio {
	sum, n := m.others(p)
	return minus(mul(p.Target.Rat(), ratOf(n+1)), sum)
}

// meanWords names the shares of a mean.
func (m *month) meanWords(p AvailabilityParams, own string) (words string, ids []pact.EventID) {
	list := []string{"this one " + own + " %"}
	for _, one := range m.before {
		list = append(list, one.key+" "+money.RatioString(one.share, 12, 6)+" %")
		ids = append(ids, one.ids...)
	}
	switch {
	case m.missing > 0 && p.FirstPeriod == "full":
		list = append(list, fmt.Sprintf("%s before that there are not, 100 %% each", counts(m.missing, "period")))
	case m.missing > 0:
		list = append(list, fmt.Sprintf("%s before that there are not, left out", counts(m.missing, "period")))
	}
	return "mean of " + strings.Join(list, ", "), ids
}

// firstPeriod is the question how a mean is taken before which there are not enough periods.
const firstPeriod = "first_period"

// askFirst asks how a period is judged before which there are not as many as the mean is of.
func (m *month) askFirst(a *pact.Assessment, in Input, p AvailabilityParams, tr tracer) {
	a.Status, a.DueAt = pact.Pending, m.covered.End
	if a.At.Before(m.covered.End) {
		a.NextAt = m.covered.End
	}
	q := pact.Ambiguity{Code: firstPeriod, Question: fmt.Sprintf("The availability is the mean of %d periods, and before %s there are not as many. Is it judged by those there are, or does each that is missing count as 100 %%?", p.AveragePeriods, in.Occurrence.Key), Outcomes: []pact.Outcome{
		{Reading: "by those there are", Set: member("first_period", "alone")}, {Reading: "100 % for each that is missing", Set: member("first_period", "full")},
	}}
	tr.add("first period of a mean", q.Question, "asked")
	a.AmountState, a.Ambiguities = "ambiguous", append(a.Ambiguities, q)
	a.EventIDs = append(a.EventIDs, m.ids...)
}
