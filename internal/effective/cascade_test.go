package effective_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

func duty(id, day string, from calendar.Date) *pact.Obligation {
	return &pact.Obligation{ID: pact.ObligationID(id), Key: "report", Kind: "recurring_duty", Params: json.RawMessage(`{"day":` + day + `}`), InForce: calendar.Period{From: from}}
}

// What a master passes on holds below with its amendments, from the day on which the contract below begins, and gives way to what
// that states itself, unless the master forbids it.
func TestWhatAMasterPassesOn(t *testing.T) {
	t.Parallel()
	master := effective.New([]effective.Entry{
		{Source: effective.Source{Title: "Master", ContractID: "con_m"}, Obligation: duty("obl_m", "5", "2026-01-01")},
		{Source: effective.Source{Title: "Amendment", ContractID: "con_a", Amends: true}, Obligation: duty("obl_a", "7", "2026-04-01")},
	})
	own := []effective.Entry{{Source: effective.Source{Title: "SOW", ContractID: "con_s"}, Obligation: duty("obl_s", "10", "2026-06-01")}}
	days := func(line effective.Timeline, dates ...calendar.Date) string {
		var out []string
		for _, d := range dates {
			r := line.Obligation("report", d)
			if r.Winner == nil {
				out = append(out, "none")
				continue
			}
			out = append(out, strings.Trim(string(r.Winner.Obligation.Params), `{}"day:`))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct{ override, want string }{{"", "none 5 7 10"}, {"forbidden", "none 5 7 7"}} {
		line := effective.New(own).With(effective.Passed(master, "report", pact.Cascade{To: []string{"sow"}, Override: c.override}, "2026-02-01"))
		if got := days(line, "2026-01-15", "2026-02-15", "2026-05-15", "2026-06-15"); got != c.want {
			t.Errorf("override %q: the days are %s, want %s", c.override, got, c.want)
		}
		r := line.Obligation("report", "2026-06-15")
		if !strings.Contains(r.Rule, "specific over general") && !strings.Contains(r.Rule, "does not let it be overridden") {
			t.Errorf("override %q: the rule says %q", c.override, r.Rule)
		}
	}
}

func TestTheContractsAboveOne(t *testing.T) {
	t.Parallel()
	members := []pact.Contract{
		{ID: "con_m"},
		{ID: "con_x", ParentID: "con_m", Relation: "amendment"},
		{ID: "con_s", ParentID: "con_x", Relation: "sow"},
		{ID: "con_w", ParentID: "con_s", Relation: "child"},
		{ID: "con_1", ParentID: "con_2"},
		{ID: "con_2", ParentID: "con_1"},
	}
	var names []string
	for _, c := range effective.Above(members, members[3]) {
		names = append(names, string(c.ID))
	}
	if got := strings.Join(names, " "); got != "con_s con_m" {
		t.Errorf("above are %q: an amendment is no contract of its own", got)
	}
	if got := effective.Above(members, members[4]); len(got) != 1 {
		t.Errorf("a circle must end: %v", got)
	}
}
