package samples

import (
	"testing"
	"time"
	_ "time/tzdata" // zones of the contracts, also where the machine has none
)

// The expected clocks are checked here by walking every minute of the month with the story's own steps: slow, obvious,
// and independent of the product's clock.

type hours struct {
	zone        *time.Location
	from, until int
}

func (h hours) open(at time.Time) bool {
	local := at.In(h.zone)
	day := local.Weekday()
	return day != time.Saturday && day != time.Sunday && local.Hour() >= h.from && local.Hour() < h.until
}

type span struct{ from, until time.Time }

func (s span) holds(at time.Time) bool {
	return !at.Before(s.from) && (s.until.IsZero() || at.Before(s.until))
}

// ticket is what the steps say in the end about one incident.
type ticket struct {
	opened, responded, resolved time.Time
	priorities                  []change
	pauses, closed              []span
	cancelled                   bool
}

type change struct {
	at time.Time
	to string
}

func (k *ticket) priority(at time.Time) string {
	p := ""
	for _, c := range k.priorities {
		if !c.at.After(at) {
			p = c.to
		}
	}
	return p
}

// replay applies the steps of an incident. Only a hold for the customer (hold_reason 1) pauses; only a comment by the
// assigned person is a response.
func replay(t *testing.T, s Story) map[string]*ticket {
	t.Helper()
	leads := map[string]string{"acme": "rosalind.tan", "muller": "henrik.vos", "lakeshore": "marisol.adeyemi"}
	out := map[string]*ticket{}
	for _, step := range s.Steps {
		if step.Table != "incident" {
			continue
		}
		f := step.Fields
		k := out[step.ID]
		if k == nil {
			k = &ticket{opened: moment(t, f["opened_at"]), responded: moment(t, f["u_first_response_at"])}
			out[step.ID] = k
			k.priorities = []change{{k.opened, f["priority"]}}
		} else if f["priority"] != "" {
			k.priorities = append(k.priorities, change{step.At, f["priority"]})
		}
		for prefix, lead := range leads {
			if len(step.ID) > len(prefix) && step.ID[:len(prefix)] == prefix && step.As == lead && f["comments"] != "" && k.responded.IsZero() {
				k.responded = step.At
			}
		}
		k.turn(t, step)
	}
	return out
}

func (k *ticket) turn(t *testing.T, step Step) {
	t.Helper()
	f := step.Fields
	switch {
	case f["state"] == "3" && f["hold_reason"] == "1":
		k.pauses = append(k.pauses, span{from: step.At})
	case f["state"] == "2" && !k.resolved.IsZero():
		k.closed = append(k.closed, span{k.resolved, step.At})
		k.resolved = time.Time{}
	case f["state"] == "2" && len(k.pauses) > 0 && k.pauses[len(k.pauses)-1].until.IsZero():
		k.pauses[len(k.pauses)-1].until = step.At
	case f["state"] == "8":
		k.cancelled = true
	}
	if f["resolved_at"] != "" {
		k.resolved = moment(t, f["resolved_at"])
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	if s == "" {
		return time.Time{}
	}
	at, err := time.Parse(serviceNowTime, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestExpectedClocksFollowFromTheStory(t *testing.T) {
	t.Parallel()
	business := map[string]hours{
		"SA-2023-789": {zone(t, "America/New_York"), 9, 17}, "HS-SUP-2026-014": {zone(t, "Europe/Berlin"), 8, 17}, "HS-MSV-2022-031": {zone(t, "America/Detroit"), 8, 18},
	}
	clocks, err := LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	tickets := replay(t, story(t))
	breaches := 0
	for _, c := range clocks.Clocks {
		k := tickets[c.ID]
		if k == nil {
			t.Errorf("%s is not in the story", c.ID)
			continue
		}
		if k.cancelled {
			if c.Verdict != "excused" {
				t.Errorf("%s was cancelled and is %s", c.ID, c.Verdict)
			}
			continue
		}
		elapsed, breached, verdict := walk(k, c, business[c.Contract], clocks.AsOf)
		if elapsed != c.ElapsedMinutes || verdict != c.Verdict || !breached.Equal(c.BreachedAt) {
			t.Errorf("%s %s: expected %d min, %s, breach %s; counted %d min, %s, breach %s",
				c.ID, c.Kind, c.ElapsedMinutes, c.Verdict, c.BreachedAt, elapsed, verdict, breached)
		}
		if c.Verdict == "breached" {
			breaches++
		}
	}
	if breaches != 6 {
		t.Errorf("%d breaches", breaches)
	}
}

// walk counts minute by minute until the clock ends or the month does.
func walk(k *ticket, c Clock, business hours, end time.Time) (elapsed int, breached time.Time, verdict string) {
	stop := k.responded
	if c.Kind == "resolution_time" {
		stop = k.resolved
	}
	verdict = "met"
	if stop.IsZero() {
		stop, verdict = end, "pending"
	}
	for at := k.opened; at.Before(stop); at = at.Add(time.Minute) {
		counts := k.priority(at) == "1" || business.open(at)
		if c.Kind == "resolution_time" {
			for _, s := range append(append([]span{}, k.pauses...), k.closed...) {
				counts = counts && !s.holds(at)
			}
		}
		if counts {
			elapsed++
		}
		if elapsed > c.TargetMinutes && breached.IsZero() {
			breached, verdict = at, "breached"
		}
	}
	return elapsed, breached, verdict
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestExpectedAvailabilityFollowsFromTheOutages(t *testing.T) {
	t.Parallel()
	var desk struct {
		Tables map[string][]object `json:"tables"`
	}
	seed(t, "servicenow", &desk)
	contractOf := map[string]string{}
	for _, ci := range desk.Tables["cmdb_ci_service"] {
		id, _ := ci["sys_id"].(string)
		contractOf[id], _ = ci["u_contract_number"].(string)
	}
	rows := map[string]map[string]string{}
	for _, step := range story(t).Steps {
		if step.Table != "cmdb_ci_outage" {
			continue
		}
		if rows[step.ID] == nil {
			rows[step.ID] = map[string]string{}
		}
		for k, v := range step.Fields {
			rows[step.ID][k] = v
		}
	}
	down, excluded := map[string]int{}, map[string]int{}
	for id, row := range rows {
		minutes := int(moment(t, row["end"]).Sub(moment(t, row["begin"])) / time.Minute)
		if minutes <= 0 {
			t.Errorf("outage %s lasts %d minutes", id, minutes)
		}
		if row["type"] == "planned" {
			excluded[contractOf[row["cmdb_ci"]]] += minutes
			continue
		}
		down[contractOf[row["cmdb_ci"]]] += minutes
	}
	clocks, err := LoadClocks()
	if err != nil {
		t.Fatal(err)
	}
	if len(clocks.Availability) != len(down) {
		t.Errorf("%d contracts with availability, %d with outages", len(clocks.Availability), len(down))
	}
	for _, u := range clocks.Availability {
		if u.DownMinutes != down[u.Contract] || u.ExcludedDown != excluded[u.Contract] {
			t.Errorf("%s: expected %d down and %d excluded, the story has %d and %d", u.Contract, u.DownMinutes, u.ExcludedDown, down[u.Contract], excluded[u.Contract])
		}
	}
}
