package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones are known by name even where the machine has no zone database
)

// Hours describes when the clock of a contract runs: weekly windows of local wall-clock time, minus holidays. It is the
// JSON form of a business calendar:
//
//	{"name":"Support hours","zone":"America/New_York",
//	 "week":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"17:00"}],
//	 "holidays":["2026-05-25"],"holiday_region":"us"}
//
// A calendar that never closes says {"name":"24x7","zone":"UTC","always":true} and has neither week nor holidays. A
// window whose Until is not later than its From runs into the next day; "24:00" is the end of the day. The zero value
// means that the contract says nothing about hours.
type Hours struct {
	Name          string   `json:"name,omitempty"`           // its name; given alone, it stands for the calendar of that name
	Zone          string   `json:"zone,omitempty"`           // IANA name of the zone of its local times; needed, unless only a name is given
	Always        bool     `json:"always,omitempty"`         // open 24 hours on 7 days; then it has neither week nor holidays
	Week          []Window `json:"week,omitempty"`           // the openings of a week, in local time; outside them it is closed
	Holidays      []Date   `json:"holidays,omitempty"`       // dates on which it is closed, beside those of holiday_region
	HolidayRegion string   `json:"holiday_region,omitempty"` // public holidays of a country or state: us, gb, de, de-by …
}

// Window is one opening on some days of the week. Several windows of a day (before and after lunch) are several Windows.
type Window struct {
	Days  []string `json:"days" enum:"mon,tue,wed,thu,fri,sat,sun"` // weekdays on which it opens, at least one
	From  string   `json:"from"`                                    // local time at which it opens: "09:00"
	Until string   `json:"until"`                                   // local time at which it closes: "17:00"; "24:00" is the end of the day, one not later than from is of the next day
}

// The bounds of a calendar a contract can ask for; beyond them it is a mistake or an attack.
const (
	maxWindows  = 56
	maxOpenings = 8 // of one day
	maxHolidays = 5000
)

// IsZero tells whether nothing is said about hours.
func (h Hours) IsZero() bool {
	return h.Zone == "" && !h.Always && len(h.Week) == 0 && h.Name == "" && len(h.Holidays) == 0 && h.HolidayRegion == ""
}

// AllHours is the calendar that never closes.
func AllHours(zone string) Hours { return Hours{Name: "24x7", Zone: zone, Always: true} }

// Weekdays is Monday to Friday between two local times.
func Weekdays(zone, from, until string) Hours {
	return Hours{Zone: zone, Week: []Window{{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: from, Until: until}}}
}

// Check reports the first thing that is wrong, in words for whoever entered it.
func (h Hours) Check() error {
	if _, err := LoadZone(h.Zone); err != nil {
		return err
	}
	if h.Always {
		if len(h.Week) > 0 || len(h.Holidays) > 0 || h.HolidayRegion != "" {
			return fmt.Errorf("a calendar that is always open has neither week nor holidays")
		}
		return nil
	}
	if len(h.Week) == 0 {
		return fmt.Errorf("the calendar %q has no opening hours", h.Name)
	}
	if len(h.Week) > maxWindows || len(h.Holidays) > maxHolidays {
		return fmt.Errorf("the calendar %q has too many windows or holidays", h.Name)
	}
	perDay := map[string]int{}
	for _, w := range h.Week {
		if err := w.check(); err != nil {
			return err
		}
		for _, d := range w.Days {
			perDay[d]++
			if perDay[d] > maxOpenings {
				return fmt.Errorf("the calendar %q opens more than %d times on one day", h.Name, maxOpenings)
			}
		}
	}
	for _, d := range h.Holidays {
		if _, err := ParseDate(string(d)); err != nil {
			return fmt.Errorf("holiday: %w", err)
		}
	}
	if h.HolidayRegion != "" && regionHolidays(h.HolidayRegion) == nil {
		return fmt.Errorf("no public holidays are known for %.20q; known are %s", h.HolidayRegion, knownRegions)
	}
	return nil
}

func (w Window) check() error {
	if len(w.Days) == 0 {
		return fmt.Errorf("an opening from %.10q to %.10q names no day", w.From, w.Until)
	}
	for _, d := range w.Days {
		if _, ok := weekday(d); !ok {
			return fmt.Errorf("%.20q is not a day of the week; use mon, tue, wed, thu, fri, sat, sun", d)
		}
	}
	from, err := minuteOfDay(w.From)
	if err != nil {
		return err
	}
	until, err := minuteOfDay(w.Until)
	if err != nil {
		return err
	}
	if from == 24*60 {
		return fmt.Errorf("an opening can not begin at 24:00; use 00:00 of the next day")
	}
	if from == until {
		return fmt.Errorf("an opening from %s to %s is empty; for the whole day use 00:00 to 24:00", w.From, w.Until)
	}
	return nil
}

// LoadZone finds a zone by its IANA name. "" and "Local" are refused: the zone of a contract never depends on a machine.
func LoadZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, errors.New("a time zone is needed, by its IANA name such as America/New_York")
	}
	if strings.EqualFold(name, "local") || len(name) > 60 {
		return nil, fmt.Errorf("a time zone is needed, by its IANA name such as America/New_York; got %.60q", name)
	}
	if zone, ok := zones.Load(name); ok {
		return zone.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%.60q is not a known time zone", name)
	}
	zones.Store(name, zone)
	return zone, nil
}

// zones are those that were asked for, by name: there are six hundred, and each is read from a file.
var zones sync.Map

func weekday(name string) (time.Weekday, bool) {
	i := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, name)
	return time.Weekday(i), i >= 0
}

// minuteOfDay reads "09:00" as 540; strict, so that one time has one spelling.
func minuteOfDay(s string) (int, error) {
	bad := func() error { return fmt.Errorf("%.20q is not a time of day of the form 09:00", s) }
	if len(s) != 5 || s[2] != ':' {
		return 0, bad()
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, bad()
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, bad()
	}
	return h*60 + m, nil
}
