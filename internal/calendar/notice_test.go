package calendar_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
)

func TestNotice(t *testing.T) {
	t.Parallel()
	days := func(n int) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.Day} }
	us := calendar.Weekdays("America/New_York", "09:00", "17:00")
	us.HolidayRegion = "us"
	cases := []struct {
		name                  string
		params                calendar.NoticeParams
		last, receive, sendBy calendar.Date
	}{
		{"30 days, on a Saturday", calendar.NoticeParams{Anchor: "2026-06-15", Period: days(30)}, "2026-05-16", "2026-05-15", "2026-05-15"},
		{"30 clear days", calendar.NoticeParams{Anchor: "2026-06-15", Period: days(30), ClearDays: true}, "2026-05-15", "2026-05-15", "2026-05-15"},
		{"e-mail received on the next business day", calendar.NoticeParams{Anchor: "2026-06-15", Period: days(30), Delivery: calendar.Delivery{Method: "email", BusinessDays: 1}}, "2026-05-16", "2026-05-15", "2026-05-14"},
		{"post received two business days later", calendar.NoticeParams{Anchor: "2026-06-17", Period: days(30), Delivery: calendar.Delivery{Method: "post", BusinessDays: 2}}, "2026-05-18", "2026-05-18", "2026-05-14"},
		{"three calendar days in the post", calendar.NoticeParams{Anchor: "2026-06-17", Period: days(30), Delivery: calendar.Delivery{Method: "post", Days: 3}}, "2026-05-18", "2026-05-18", "2026-05-15"},
		{"the clause counts every day", calendar.NoticeParams{Anchor: "2026-06-15", Period: days(30), Roll: calendar.NoRoll}, "2026-05-16", "2026-05-16", "2026-05-16"},
		{"the clause rolls forward", calendar.NoticeParams{Anchor: "2026-06-15", Period: days(30), Roll: calendar.Following}, "2026-05-16", "2026-05-18", "2026-05-18"},
		{"modified following stays in the month", calendar.NoticeParams{Anchor: "2026-06-30", Period: days(30), Roll: calendar.ModifiedFollowing}, "2026-05-31", "2026-05-29", "2026-05-29"},
		{"three months before 31 May", calendar.NoticeParams{Anchor: "2027-05-31", Period: calendar.Duration{Value: 3, Unit: calendar.UnitMonth}, Roll: calendar.NoRoll}, "2027-02-28", "2027-02-28", "2027-02-28"},
		{"one quarter before 31 May of a leap year", calendar.NoticeParams{Anchor: "2028-05-31", Period: calendar.Duration{Value: 1, Unit: calendar.Quarter}, Roll: calendar.NoRoll}, "2028-02-29", "2028-02-29", "2028-02-29"},
		{"ten business days over a holiday", calendar.NoticeParams{Anchor: "2026-07-13", Period: calendar.Duration{Value: 10, Unit: calendar.BusinessDay}, Hours: us}, "2026-06-26", "2026-06-26", "2026-06-26"},
		{"the last day is a holiday", calendar.NoticeParams{Anchor: "2026-08-02", Period: days(30), Hours: us}, "2026-07-03", "2026-07-02", "2026-07-02"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			n, err := calendar.Set{}.Notice(c.params)
			if err != nil {
				t.Fatal(err)
			}
			if n.LastDay != c.last || n.ReceiveBy != c.receive || n.SendBy != c.sendBy || len(n.Trace) < 3 {
				t.Errorf("got %+v", n)
			}
		})
	}
}

func TestNoticeRefusesWhatHasNoAnswer(t *testing.T) {
	t.Parallel()
	day := calendar.Duration{Value: 30, Unit: calendar.Day}
	for name, p := range map[string]calendar.NoticeParams{
		"no anchor": {Period: day}, "hours": {Anchor: "2026-06-15", Period: calendar.Duration{Value: 30, Unit: calendar.Hour}}, "unknown roll": {Anchor: "2026-06-15", Period: day, Roll: "sideways"},
		"out of the calendar": {Anchor: "0001-01-10", Period: day}, "negative delivery": {Anchor: "2026-06-15", Period: day, Delivery: calendar.Delivery{Days: -1}},
		"bad hours": {Anchor: "2026-06-15", Period: day, Hours: calendar.Hours{Zone: "UTC"}}, "endless": {Anchor: "2026-06-15", Period: calendar.Duration{Value: 100_000_000, Unit: calendar.Year}},
	} {
		if n, err := (calendar.Set{}).Notice(p); err == nil {
			t.Errorf("%s: %+v", name, n)
		}
	}
}

func TestANoticeSentInTimeArrivesInTimeAndADayLaterDoesNot(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		anchor := calendar.Date("2026-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "anchor"))
		p := calendar.NoticeParams{Anchor: anchor, Period: calendar.Duration{Value: rapid.IntRange(1, 200).Draw(t, "days"), Unit: calendar.Day}, ClearDays: rapid.Bool().Draw(t, "clear")}
		n, err := calendar.Set{}.Notice(p)
		if err != nil {
			t.Fatal(err)
		}
		if n.SendBy > n.LastDay || n.SendBy.DaysUntil(n.LastDay) > 2 || n.SendBy.Weekday() == time.Saturday || n.SendBy.Weekday() == time.Sunday {
			t.Fatalf("%+v", n)
		}
		clear := n.LastDay.DaysUntil(anchor)
		want := p.Period.Value
		if p.ClearDays {
			want++
		}
		if clear != want {
			t.Fatalf("%d days, want %d", clear, want)
		}
	})
}

func TestTermsAreCountedFromTheOriginalStart(t *testing.T) {
	t.Parallel()
	month := func(n int) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.UnitMonth} }
	if end := calendar.TermEnd("2024-03-31", month(24)); end != "2026-03-30" {
		t.Errorf("24 months from 31 March 2024 end on %s", end)
	}
	segments, err := calendar.Terms{Start: "2025-01-31", Initial: month(1), Renewal: month(1)}.Segments("2025-06-01")
	if err != nil {
		t.Fatal(err)
	}
	var got []calendar.Date
	for _, s := range segments {
		got = append(got, s.Period.From)
	}
	want := []calendar.Date{"2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("segment %d from %s, want %s: a clamped month end must not drift", i, got[i], want[i])
		}
	}
	limited, err := calendar.Terms{Start: "2025-01-01", Initial: month(12), Renewal: month(12), Max: 2}.Segments("2100-01-01")
	if err != nil || len(limited) != 3 || limited[2].Last != "2027-12-31" {
		t.Errorf("%+v %v", limited, err)
	}
	for _, bad := range []calendar.Terms{{Initial: month(1)}, {Start: "2025-01-01"}, {Start: "2025-01-01", Initial: calendar.Duration{Value: 3, Unit: calendar.BusinessDay}}, {Start: "9990-01-01", Initial: month(600)}} {
		if s, err := bad.Segments("2030-01-01"); err == nil {
			t.Errorf("%+v: %+v", bad, s)
		}
	}
}

func TestPublicHolidays(t *testing.T) {
	t.Parallel()
	for region, dates := range map[string][]calendar.Date{
		"us": {"2026-07-03", "2026-11-26", "2026-12-25"}, "de": {"2026-10-03", "2026-04-03", "2026-12-26"}, "de-by": {"2026-01-06", "2026-11-01"}, "gb": {"2026-12-28", "2026-04-06"}, "fr": {"2026-07-14"},
	} {
		h := calendar.Hours{Zone: "UTC", HolidayRegion: region, Week: []calendar.Window{{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, From: "09:00", Until: "17:00"}}}
		c := compile(t, h)
		for _, d := range dates {
			if c.IsBusinessDay(d) {
				t.Errorf("%s is a holiday in %s", d, region)
			}
		}
		if !c.IsBusinessDay("2026-03-17") {
			t.Errorf("17 March 2026 is a working day in %s", region)
		}
	}
}
