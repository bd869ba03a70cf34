package obligation_test

import (
	"encoding/json"
	"testing"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/obligation"
	"github.com/pactloop/pactloop/internal/pact"
)

func TestARenewalAlertStandsOnABusinessDayOfTheContract(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, params string
		sendBy, want calendar.Date
	}{
		{"a Tuesday stays", `{}`, "2026-06-01", "2026-03-03"},
		{"a Saturday moves to the Friday before", `{}`, "2026-06-05", "2026-03-06"},
		{"a Sunday moves to the Friday before", `{"zone":"America/New_York"}`, "2026-06-06", "2026-03-06"},
		{"without named holidays New Year's Day is a Thursday like others", `{"zone":"America/New_York"}`, "2026-04-01", "2026-01-01"},
		{"a holiday of the contract moves to the day before", `{"hours":{"zone":"America/New_York","week":[{"days":["mon","tue","wed","thu","fri"],"from":"09:00","until":"17:00"}],"holiday_region":"us"}}`, "2026-04-01", "2025-12-31"},
		{"a business week from Sunday to Thursday", `{"hours":{"zone":"Asia/Riyadh","week":[{"days":["sun","mon","tue","wed","thu"],"from":"08:00","until":"16:00"}]}}`, "2026-06-05", "2026-03-05"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := obligation.AlertDate([]pact.Obligation{{Kind: "resolution_time"}, {Kind: "renewal_notice", Params: json.RawMessage(c.params)}}, c.sendBy, 90)
			if err != nil || got != c.want {
				t.Errorf("90 days before %s is %s (%v), want %s", c.sendBy, got, err, c.want)
			}
		})
	}
	if got, err := obligation.AlertDate(nil, "2026-06-05", 90); err != nil || got != "2026-03-06" {
		t.Errorf("without an obligation that watches the renewal: %s (%v), want the Friday 2026-03-06", got, err)
	}
	if got, err := obligation.AlertDate([]pact.Obligation{{Kind: "renewal_notice", Params: json.RawMessage(`{"hours":{"zone":"Nowhere/Else","week":[{"days":["mon"],"from":"09:00","until":"17:00"}]}}`)}}, "2026-06-05", 90); err == nil {
		t.Errorf("business days that can not be used gave %s, want an error", got)
	}
}
