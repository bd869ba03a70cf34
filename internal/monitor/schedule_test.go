package monitor_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/apitest"
	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/insight"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store/storetest"
)

func TestTheScheduleOfADutyShowsWhatIsPastWithItsStateAndWhatIsAhead(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		d := of("recurring_duty", `{"period":"month","day":5,"zone":"America/New_York","item":"report"}`)
		d.Obligations[0].InForce = calendar.Period{From: "2026-02-01", Until: "2027-02-01"}
		con := register(t, h, "S-1", d)
		h.Clock.Set(calendar.Date("2026-03-20").Time())
		watch(t, h, con)
		hear(t, h, con, on("2026-03-03", "r", "done", "report", pact.EventData{Item: "report", Month: "2026-02"}))
		o := apitest.One(t, h.Store.Reads().Obligations)
		v := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
		viewer := storetest.As(t, pact.Viewer, "north")
		s, err := v.Schedule(viewer, o.ID, "", 15)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.Items {
			got = append(got, fmt.Sprintf("%s %s %s", p.Key, p.DueOn, p.Status))
		}
		t.Log(strings.Join(got, "\n"))
		if len(got) != 12 || got[0] != "2026-02 2026-03-05 met" || got[3] != "2026-05 2026-06-05 " || got[11] != "2027-01 2027-02-05 " || s.From != "2025-12-20" || s.Until != "2027-03-20" || s.Next != "" {
			t.Errorf("from %s until %s, more from %q:\n%s", s.From, s.Until, s.Next, strings.Join(got, "\n"))
		}
		s, err = v.Schedule(viewer, o.ID, "2026-04-01", 2)
		if err != nil || len(s.Items) != 2 || s.Items[0].DueOn != "2026-04-05" || s.Next != "2026-06-01" {
			t.Errorf("two months: %+v, %v", s, err)
		}
		if _, err := v.Schedule(viewer, o.ID, "tomorrow", 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("no date: %v", err)
		}
		if _, err := v.Schedule(storetest.As(t, pact.Viewer, "south"), o.ID, "", 2); !fault.Is(err, fault.NotFound) {
			t.Errorf("of another unit: %v", err)
		}
	})
}

func TestADayOfTheScheduleIsNeverCut(t *testing.T) {
	t.Parallel()
	apitest.Each(t, func(t *testing.T, h *apitest.House) {
		var lines []string
		for i := range 134 { // two before the day, 130 on it, two after
			due := map[bool]string{true: "2026-05-04", false: "2026-05-05"}[i < 2]
			if i >= 132 {
				due = "2026-05-06"
			}
			lines = append(lines, fmt.Sprintf(`{"name":"line %03d","due":%q}`, i, due))
		}
		d := of("milestone", `{"milestones":[`+strings.Join(lines, ",")+`]}`)
		con := register(t, h, "S-2", d)
		h.Clock.Set(calendar.Date("2026-03-20").Time())
		watch(t, h, con)
		o := apitest.One(t, h.Store.Reads().Obligations)
		v := insight.New(insight.Config{Store: h.Store, Now: h.Clock.Now})
		from, seen := calendar.Date("2026-05-01"), ""
		for range 5 {
			s, err := v.Schedule(storetest.As(t, pact.Viewer, "north"), o.ID, from, 1)
			if err != nil {
				t.Fatal(err)
			}
			seen += fmt.Sprintf("%d, then %s; ", len(s.Items), s.Next)
			if from = s.Next; from == "" || from > "2026-05-06" {
				break
			}
		}
		if want := "2, then 2026-05-05; 130, then 2026-05-06; 2, then 2026-06-06; "; seen != want {
			t.Errorf("%s\nwant %s", seen, want)
		}
	})
}
