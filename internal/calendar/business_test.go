package calendar_test

import (
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
)

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func compile(t testing.TB, h calendar.Hours) *calendar.Calendar {
	t.Helper()
	c, err := calendar.Compile(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBusinessTimeCountsOnlyWhatIsOpen(t *testing.T) {
	t.Parallel()
	day := []string{"mon", "tue", "wed", "thu", "fri"}
	ny := calendar.Weekdays("America/New_York", "09:00", "17:00")
	withHolidays := ny
	withHolidays.HolidayRegion = "us"
	night := calendar.Hours{Zone: "Europe/Berlin", Week: []calendar.Window{{Days: day, From: "22:00", Until: "06:00"}}}
	touching := calendar.Hours{Zone: "UTC", Week: []calendar.Window{{Days: day, From: "09:00", Until: "13:00"}, {Days: day, From: "12:00", Until: "17:00"}, {Days: day, From: "17:00", Until: "18:00"}}}
	cases := []struct {
		name       string
		hours      calendar.Hours
		start, end string
		want       time.Duration
	}{
		{"one working day", ny, "2026-03-02T00:00:00-05:00", "2026-03-03T00:00:00-05:00", 8 * time.Hour},
		{"a week with the change of clocks", ny, "2026-03-06T12:00:00-05:00", "2026-03-09T12:00:00-04:00", 8 * time.Hour},
		{"a weekend", ny, "2026-03-07T00:00:00-05:00", "2026-03-09T09:00:00-04:00", 0},
		{"Thanksgiving is closed, the day after is not", withHolidays, "2026-11-26T00:00:00-05:00", "2026-11-28T00:00:00-05:00", 8 * time.Hour},
		{"1 January 2028 is a Saturday: observed on Friday of the year before", withHolidays, "2027-12-31T00:00:00-05:00", "2028-01-01T00:00:00-05:00", 0},
		{"a night shift over the lost hour", night, "2026-03-27T12:00:00+01:00", "2026-03-30T12:00:00+02:00", 8 * time.Hour},
		{"a night shift of Sunday is not worked", night, "2026-03-29T12:00:00+02:00", "2026-03-30T12:00:00+02:00", 0},
		{"windows that touch or overlap count once", touching, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", 9 * time.Hour},
		{"the end before the start", ny, "2026-03-03T00:00:00-05:00", "2026-03-02T00:00:00-05:00", 0},
		{"always open, over the change of clocks", calendar.AllHours("America/New_York"), "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00", 23 * time.Hour},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := compile(t, c.hours).Between(at(t, c.start), at(t, c.end)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestWindowsWithEdgesInLostAndDoubledHours(t *testing.T) {
	t.Parallel()
	every := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	cases := []struct{ name, zone, from, until, day, opens, closes string }{
		{"opens in the lost hour", "America/New_York", "02:30", "06:00", "2026-03-08", "2026-03-08T03:00:00-04:00", "2026-03-08T06:00:00-04:00"},
		{"closes in the lost hour", "America/New_York", "00:00", "02:30", "2026-03-08", "2026-03-08T00:00:00-05:00", "2026-03-08T03:00:00-04:00"},
		{"opens in the doubled hour: the first", "America/New_York", "01:30", "06:00", "2026-11-01", "2026-11-01T01:30:00-04:00", "2026-11-01T06:00:00-05:00"},
		{"closes in the doubled hour: the last", "America/New_York", "00:00", "01:30", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-01T01:30:00-05:00"},
		{"half an hour is lost on Lord Howe", "Australia/Lord_Howe", "02:15", "06:00", "2026-10-04", "2026-10-04T02:30:00+11:00", "2026-10-04T06:00:00+11:00"},
		{"midnight does not exist", "America/Santiago", "00:00", "06:00", "2026-09-06", "2026-09-06T01:00:00-03:00", "2026-09-06T06:00:00-03:00"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			cal := compile(t, calendar.Hours{Zone: c.zone, Week: []calendar.Window{{Days: every, From: c.from, Until: c.until}}})
			noon := at(t, c.day+"T20:00:00Z")
			spans := cal.OpenSpans(noon.Add(-36*time.Hour), noon.Add(36*time.Hour), 10)
			for _, s := range spans {
				if s.Start.Equal(at(t, c.opens)) && s.End.Equal(at(t, c.closes)) {
					return
				}
			}
			t.Errorf("no span from %s to %s in %v", c.opens, c.closes, spans)
		})
	}
}

func TestADateBeginsAtItsFirstInstant(t *testing.T) {
	t.Parallel()
	zone, err := calendar.LoadZone("America/Santiago")
	if err != nil {
		t.Fatal(err)
	}
	if got := calendar.Date("2026-09-06").In(zone); !got.Equal(at(t, "2026-09-06T01:00:00-03:00")) {
		t.Errorf("got %s: midnight is skipped there", got)
	}
}

func TestADeadlineIsTheFirstInstantThatIsEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cal, start := drawCalendar(t), drawInstant(t)
		pauses := drawPauses(t, start)
		target := time.Duration(rapid.Int64Range(1, int64(60*time.Hour)).Draw(t, "target"))
		due, ok := cal.DeadlineAfter(start, target, pauses)
		if !ok {
			t.Fatal("no deadline, although no pause is without end")
		}
		if got := cal.Elapsed(start, due, pauses); got != target {
			t.Fatalf("at the deadline %s have elapsed, not %s", got, target)
		}
		if got := cal.Elapsed(start, due.Add(-1), pauses); got >= target {
			t.Fatalf("%s had elapsed before the deadline", got)
		}
	})
}

func TestElapsedTimeAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cal, a := drawCalendar(t), drawInstant(t)
		b := a.Add(time.Duration(rapid.Int64Range(0, int64(300*time.Hour)).Draw(t, "b")))
		c := b.Add(time.Duration(rapid.Int64Range(0, int64(300*time.Hour)).Draw(t, "c")))
		if cal.Between(a, b)+cal.Between(b, c) != cal.Between(a, c) {
			t.Fatal("the parts do not add up")
		}
		pauses := drawPauses(t, a)
		double := append(append([]calendar.Span{}, pauses...), pauses...)
		if cal.Elapsed(a, c, pauses) != cal.Elapsed(a, c, double) {
			t.Fatal("a pause counted twice")
		}
		if e := cal.Elapsed(a, c, pauses); e < 0 || e > cal.Between(a, c) {
			t.Fatalf("elapsed %s of %s", e, cal.Between(a, c))
		}
		var open time.Duration
		for _, s := range cal.OpenSpans(a, c, 1000) {
			open += s.Length()
		}
		if open != cal.Between(a, c) {
			t.Fatalf("spans add up to %s, Between says %s", open, cal.Between(a, c))
		}
	})
}

func TestSubtractAndUnionPartTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := drawInstant(t)
		a, b := drawPauses(t, base), drawPauses(t, base)
		at := base.Add(time.Duration(rapid.Int64Range(0, int64(200*time.Hour)).Draw(t, "at")))
		in := func(spans []calendar.Span) bool {
			for _, s := range spans {
				if s.Contains(at) {
					return true
				}
			}
			return false
		}
		if in(calendar.Union(a)) != in(a) || in(calendar.Subtract(a, b)) != (in(a) && !in(b)) {
			t.Fatalf("%v %v at %s", a, b, at)
		}
	})
}

func drawCalendar(t *rapid.T) *calendar.Calendar {
	clock := rapid.SampledFrom([]string{"00:00", "01:30", "02:30", "09:00", "12:15", "17:00", "22:00", "23:59"})
	h := calendar.Hours{
		Zone: rapid.SampledFrom([]string{"UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"}).Draw(t, "zone"),
		Week: []calendar.Window{{Days: []string{"mon", "wed", "sat", "sun"}, From: clock.Draw(t, "from"), Until: "24:00"}, {Days: []string{"sun", "thu"}, From: "18:00", Until: clock.Draw(t, "until")}},
	}
	c, err := calendar.Compile(h)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func drawInstant(t *rapid.T) time.Time {
	near := rapid.SampledFrom([]int64{1_772_900_000, 1_774_700_000, 1_793_400_000, 1_798_700_000}).Draw(t, "near")
	return time.Unix(near+rapid.Int64Range(0, 400_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
}

func drawPauses(t *rapid.T, start time.Time) []calendar.Span {
	var out []calendar.Span
	for range rapid.IntRange(0, 4).Draw(t, "pauses") {
		from := start.Add(time.Duration(rapid.Int64Range(-int64(50*time.Hour), int64(100*time.Hour)).Draw(t, "pause")))
		out = append(out, calendar.Span{Start: from, End: from.Add(time.Duration(rapid.Int64Range(-int64(time.Hour), int64(90*time.Hour)).Draw(t, "length")))})
	}
	return out
}

func TestHoursAreCheckedInWords(t *testing.T) {
	t.Parallel()
	window := func(from, until string, days ...string) calendar.Hours {
		return calendar.Hours{Zone: "UTC", Week: []calendar.Window{{Days: days, From: from, Until: until}}}
	}
	for name, h := range map[string]calendar.Hours{
		"no zone": {Week: []calendar.Window{{Days: []string{"mon"}, From: "09:00", Until: "17:00"}}}, "zone of the machine": calendar.AllHours("Local"), "unknown zone": calendar.AllHours("Mars/Olympus"),
		"no hours": {Zone: "UTC"}, "no day": window("09:00", "17:00"), "unknown day": window("09:00", "17:00", "monday"), "empty": window("09:00", "09:00", "mon"),
		"25 o'clock": window("09:00", "25:00", "mon"), "no colon": window("0900", "17:00", "mon"), "from 24:00": window("24:00", "06:00", "mon"), "sign": window("+9:00", "17:00", "mon"),
		"open and closed":  {Zone: "UTC", Always: true, Holidays: []calendar.Date{"2026-01-01"}},
		"unknown region":   {Zone: "UTC", Week: window("09:00", "17:00", "mon").Week, HolidayRegion: "atlantis"},
		"impossible date":  {Zone: "UTC", Week: window("09:00", "17:00", "mon").Week, Holidays: []calendar.Date{"2026-02-30"}},
		"nine times a day": {Zone: "UTC", Week: []calendar.Window{{Days: []string{"mon", "mon", "mon", "mon", "mon", "mon", "mon", "mon", "mon"}, From: "09:00", Until: "17:00"}}},
	} {
		if err := h.Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := calendar.Weekdays("Europe/Berlin", "00:00", "24:00").Check(); err != nil {
		t.Error(err)
	}
}

func TestACalendarWithoutOpenDaysHasNoDeadlineAndNoEnd(t *testing.T) {
	t.Parallel()
	h := calendar.Hours{Zone: "UTC", Week: []calendar.Window{{Days: []string{"mon"}, From: "09:00", Until: "09:01"}}}
	if _, ok := compile(t, h).Add(at(t, "2026-03-02T00:00:00Z"), 1000*time.Hour); ok {
		t.Error("a minute a week does not make 1000 hours within a lifetime of a contract")
	}
	pause := []calendar.Span{{Start: at(t, "2026-03-02T09:00:00Z")}}
	if _, ok := compile(t, h).DeadlineAfter(at(t, "2026-03-02T00:00:00Z"), time.Minute, pause); ok {
		t.Error("a pause without end has no deadline after it")
	}
	c := compile(t, calendar.Weekdays("UTC", "09:00", "17:00"))
	if got := c.Between(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); got <= 0 {
		t.Errorf("instants out of range are moved to the edge: %s", got)
	}
}

func TestACalendarIsSafeForSeveralGoroutines(t *testing.T) {
	t.Parallel()
	set, err := calendar.NewSet()
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for year := 2020; year < 2040; year++ {
		wait.Go(func() {
			c, err := set.Get(calendar.Weekdays("America/New_York", "09:00", "17:00"))
			if err != nil {
				t.Error(err)
				return
			}
			start := time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC)
			if due, ok := c.Add(start, 8*time.Hour); !ok || c.Between(start, due) != 8*time.Hour {
				t.Errorf("%d: %s", year, due)
			}
		})
	}
	wait.Wait()
}

func BenchmarkBetween(b *testing.B) {
	c := compile(b, calendar.Weekdays("America/New_York", "09:00", "17:00"))
	start, end := at(b, "2026-03-02T12:00:00Z"), at(b, "2026-03-20T12:00:00Z")
	for b.Loop() {
		c.Between(start, end)
	}
}
