package calendar

import "fmt"

// Named is the calendar period of a name: the month "2026-03", the quarter "2026-Q1", the half-year "2026-H1" or the year "2026". ok is
// false for any other name.
func Named(name string) (p Period, ok bool) {
	first, months := name+"-01", 1
	switch {
	case len(name) == 4:
		first, months = name+"-01-01", 12
	case len(name) != 7:
		return p, false
	case name[4] == '-' && name[5] == 'Q' && name[6] >= '1' && name[6] <= '4':
		first, months = fmt.Sprintf("%s-%02d-01", name[:4], int(name[6]-'1')*3+1), 3
	case name[4] == '-' && name[5] == 'H' && (name[6] == '1' || name[6] == '2'):
		first, months = fmt.Sprintf("%s-%02d-01", name[:4], int(name[6]-'1')*6+1), 6
	}
	from, err := ParseDate(first)
	if err != nil {
		return p, false
	}
	return Period{From: from, Until: from.AddMonths(months)}, true
}
