package calendar

import (
	"strings"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// knownRegions are those of regionHolidays, in words.
const knownRegions = "at, au-nsw, au-vic, be, ca, ch, cz, de and its states (de-by), dk, es, fr, gb, ie, it, nl, no, nz, pl, se, us, za"

// regionHolidays gives the rules of a country's or state's public holidays, nil where none are known. "us" is the
// federal list, which lacks the day after Thanksgiving: contracts that name it list it as their own holiday.
func regionHolidays(region string) []*cal.Holiday {
	switch strings.ToLower(region) {
	case "at":
		return at.Holidays
	case "au-nsw":
		return au.HolidaysNSW
	case "au-vic":
		return au.HolidaysVIC
	case "be":
		return be.Holidays
	case "ca":
		return ca.Holidays
	case "ch":
		return ch.Holidays
	case "cz":
		return cz.Holidays
	case "de":
		return de.Holidays
	case "de-bw":
		return de.HolidaysBW
	case "de-by":
		return de.HolidaysBY
	case "de-be":
		return de.HolidaysBE
	case "de-bb":
		return de.HolidaysBB
	case "de-hb":
		return de.HolidaysHB
	case "de-hh":
		return de.HolidaysHH
	case "de-he":
		return de.HolidaysHE
	case "de-mv":
		return de.HolidaysMV
	case "de-ni":
		return de.HolidaysNI
	case "de-nw":
		return de.HolidaysNW
	case "de-rp":
		return de.HolidaysRP
	case "de-sl":
		return de.HolidaysSL
	case "de-sn":
		return de.HolidaysSN
	case "de-st":
		return de.HolidaysST
	case "de-sh":
		return de.HolidaysSH
	case "de-th":
		return de.HolidaysTH
	case "dk":
		return dk.Holidays
	case "es":
		return es.Holidays
	case "fr":
		return fr.Holidays
	case "gb", "uk":
		return gb.Holidays
	case "ie":
		return ie.Holidays
	case "it":
		return it.Holidays
	case "nl":
		return nl.Holidays
	case "no":
		return no.Holidays
	case "nz":
		return nz.Holidays
	case "pl":
		return pl.Holidays
	case "se":
		return se.Holidays
	case "us":
		return us.Holidays
	case "za":
		return za.Holidays
	}
	return nil
}

// holidaysOf collects the closed dates of the years from..until: the listed ones, and those of the region on their own
// day and on the day they are observed. A neighbouring year can observe its holiday in this one (1 January on a Saturday).
func holidaysOf(h Hours, from, until int) map[Date]bool {
	closed := make(map[Date]bool, len(h.Holidays))
	for _, d := range h.Holidays {
		closed[d] = true
	}
	for _, rule := range regionHolidays(h.HolidayRegion) {
		for year := from - 1; year <= until+1; year++ {
			actual, observed := rule.Calc(year)
			if actual.IsZero() {
				continue
			}
			closed[DateOf(actual.Date())] = true
			closed[DateOf(observed.Date())] = true
		}
	}
	return closed
}
