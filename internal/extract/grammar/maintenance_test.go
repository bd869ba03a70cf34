package grammar_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

// What planned maintenance leaves out of an availability, in sentences by many hands.
func TestPlannedMaintenanceInManyWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"Scheduled maintenance takes place on Sundays from 02:00 to 06:00 CET and is excluded from the calculation of availability.", "sun 02:00-06:00"},
		{"Provider may perform routine maintenance every Saturday between 11 p.m. and 3 a.m. Such maintenance does not count as downtime.", "sat 23:00-03:00"},
		{"Planned outages of up to four (4) hours in any calendar month, of which the Customer was notified at least three Business Days in advance, are disregarded.", "notice 3 business_day; at most 4 hour"},
		{"Downtime does not include scheduled maintenance of which Vendor has given not less than 48 hours' prior notice.", "notice 48 hour"},
		{"Maintenance is carried out in the window Tuesday and Thursday, 01:00 to 04:00 GMT, upon at least five days' written notice. It is not counted as unavailability.", "notice 5 day; tue thu 01:00-04:00 announced"},
		{"The regular maintenance window is Sundays 03:00 to 05:00. Further maintenance shall be announced at least ten days beforehand. Neither is counted as downtime: both are excluded.", "notice 10 day; sun 03:00-05:00"},
		{"Maintenance that is announced two weeks ahead shall be disregarded; the maintenance allowance is limited to 360 minutes per month.", "notice 2 week; at most 360 minute"},
		{"We take the service down for maintenance on weekends between 1am and 4am. That time does not count.", "sat sun 01:00-04:00"},
		{"Planned maintenance on the first Sunday of each month, 02:00 to 06:00, announced seven days before, is excluded.", "notice 7 day"},
		// hours in which it is not done
		{"Scheduled maintenance shall be performed outside normal business hours (Monday to Friday, 8:00 a.m. to 6:00 p.m.) and shall not count as downtime.", ""},
		{"Maintenance shall not be carried out between 08:00 and 20:00. Scheduled maintenance is excluded from the calculation of availability.", ""},
		{"Planned maintenance, which never takes place on Monday, Tuesday or Friday from 07:00 to 19:00, does not count as downtime.", ""},
		{"Between 09:00 and 17:00 no maintenance is done. Planned maintenance is excluded from the calculation of downtime.", ""},
		{"The Platform is not available on Sundays from 02:00 to 06:00 because of planned maintenance, which does not count as downtime.", "sun 02:00-06:00"},
		// something else is left out
		{"Planned maintenance takes place on Sundays from 02:00 to 06:00, except on public holidays.", ""},
		{"Planned maintenance, between 22:00 and 05:00, shall not affect the availability of the Service.", ""},
		{"Planned maintenance is done on Sundays from 02:00 to 06:00. Maintenance of hardware is not included in the fees.", ""},
		{"Planned maintenance is done on Sundays from 01:00 to 05:00.\n\n4. Hardware\n\nMaintenance of printers is excluded from this agreement.", ""},
		{"Planned maintenance is done on Saturdays from 01:00 to 05:00. The fees do not include maintenance of the Customer's own equipment.", ""},
		// the sentence behind it is about something else
		{"Scheduled maintenance is excluded from the calculation of availability. The Customer may report faults between 08:00 and 18:00.", ""},
		{"Scheduled maintenance is excluded from the calculation of availability. The Customer may terminate on 30 days' written notice if availability falls below 95 %.", ""},
		{"Scheduled maintenance is excluded from the calculation of availability. The Client can reach the help desk from 07:00 to 19:00.", ""},
		{"Scheduled maintenance is excluded from the calculation of availability. The Customer must give 14 days' notice of a change of address.", ""},
		{"Scheduled maintenance is excluded from the calculation of availability. The Customer is told of it at least 5 days in advance, by notice of the work.", "notice 5 day"},
		{"Scheduled maintenance is announced at least 2 days in advance and counts as downtime.", ""},
		{"Emergency maintenance, announced 1 hour before, is excluded.", ""},
		{"The Customer pays the maintenance fee within 30 days after notice.", ""},
	} {
		t.Run(c.words, func(t *testing.T) {
			t.Parallel()
			list := checked(t, extracttest.Plain("SERVICE LEVEL AGREEMENT\n\nThis agreement is made on 3 May 2026 between Aster Foods Ltd (\"Customer\") and Brill Hosting GmbH (\"Supplier\").\n\n2. Availability\n\nThe Platform shall be available at least 99.5 % of each calendar month.\n\n3. Maintenance\n\n"+c.words+"\n"))
			i := slices.IndexFunc(list, func(x pact.Candidate) bool { return x.Obligation != nil && x.Obligation.Kind == "availability" })
			if i < 0 {
				t.Fatal("no availability was found")
			}
			var p obligation.AvailabilityParams
			if err := json.Unmarshal(list[i].Obligation.Params, &p); err != nil {
				t.Fatal(err)
			}
			if got := maintenanceText(p); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if quoted := slices.ContainsFunc(list[i].Evidence, func(e pact.Evidence) bool {
				return strings.Contains(c.words, e.Passage.Quote) || strings.Contains(e.Passage.Quote, c.words)
			}); c.want != "" && !quoted {
				t.Error("the sentence is not quoted")
			}
		})
	}
}

func maintenanceText(p obligation.AvailabilityParams) string {
	var out []string
	if d := p.MaintenanceNotice; d != nil {
		out = append(out, fmt.Sprintf("notice %d %s", d.Value, d.Unit))
	}
	if d := p.MaintenanceAllowance; d != nil {
		out = append(out, fmt.Sprintf("at most %d %s", d.Value, d.Unit))
	}
	for _, w := range p.MaintenanceHours.Week {
		words := strings.Join(w.Days, " ") + " " + w.From + "-" + w.Until
		if p.MaintenanceHoursAnnounced {
			words += " announced"
		}
		out = append(out, words)
	}
	return strings.Join(out, "; ")
}
