package grammar_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/obligation"
)

// A merchant buys from whoever hosts its shop, and sells to whoever buys its goods: the deeds tell which.
func TestMerchantsBuyAndSell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`HOSTING AGREEMENT

This Agreement is entered into on 28 July 2025 by Alder Systems, Inc. ("Host") and Birch Outfitters Ltd. ("Merchant").

1. Host shall host Merchant's shop. Host shall invoice at the beginning of each month. Merchant shall pay within 30 days after the invoice date.
`: "Alder Systems, Inc. supplier; Birch Outfitters Ltd. customer",
		`SUPPLY AGREEMENT

This Agreement is entered into on 28 July 2025 by Alder Timber, Inc. ("Merchant") and Birch Builders Ltd. ("Purchaser").

1. Merchant shall deliver the timber. Purchaser shall pay within 30 days after the invoice date.
`: "Alder Timber, Inc. supplier; Birch Builders Ltd. customer",
	} {
		var got []string
		for _, c := range readText(t, text) {
			if c.Name != "parties" || c.Value == nil {
				continue
			}
			for _, p := range c.Value.Parties {
				got = append(got, p.Name+" "+p.Role)
			}
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("got %q, want %q", s, want)
		}
	}
}

// Below which availability somebody may terminate is no credit, wherever else the paper speaks of what is backed up or taken back.
func TestATerminationBelowALevelIsNoCredit(t *testing.T) {
	t.Parallel()
	const rest = ` Solvane may terminate if availability is below 98% in two months running.
4.2 Support is available from 09:00 to 17:30 on working days. Data is encrypted in transit and at rest.
4.3 Solvane shall name two administrators, who are trained in the service and through whom requests are made. Halden is the processor of the personal data in the service. Annex B describes the processing. Halden shall process personal data only on documented instructions and keep it confidential.
4.4 The data is stored in Ireland; back-ups are kept for thirty-five days.
`
	for text, want := range map[string]int{
		"4.1 Halden shall make the service available for 99.9% of each month." + rest:                                                                                                        0,
		"4.1 Halden shall make the service available for 99.9% of each month. The Customer gets a credit of 5% of the fee if availability is below 99.5% and 10% if it is below 99%." + rest: 2,
	} {
		found := false
		for c, p := range obligationsOf[obligation.AvailabilityParams](t, readText(t, supportHead+text), "availability") {
			if found = true; len(p.Tiers) != want {
				t.Errorf("%q: %d credits, want %d: %s", text[:90], len(p.Tiers), want, c.Obligation.Params)
			}
		}
		if !found {
			t.Errorf("%q: no availability", text[:90])
		}
	}
}

// Goods that come back are repaired under the warranty, not as an incident; beginning a repair answers, and ends nothing.
func TestRepairsThatAreNoResolution(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"3.1 Supplier shall repair or replace defective units at its cost within fifteen (15) business days after receiving them.": "",
		"3.1 The Supplier shall repair faulty products within ten business days of receipt of the products.":                       "",
		"3.1 If a machine fails, the Supplier shall begin repairs within four (4) hours after notice.":                             "response machine fails 4 hours",
		"3.1 If a machine fails, the Supplier shall repair it within four (4) hours after notice.":                                 "resolution machine fails 4 hours",
	} {
		if got := levelsIn(t, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// What is bought at least is named without the word that leads on.
func TestAMinimumIsNamedByWhatItCounts(t *testing.T) {
	t.Parallel()
	for _, c := range readText(t, supportHead+"5. The Customer shall order at least 1,200 units in each Contract Year.\n") {
		if c.Obligation != nil && c.Obligation.Kind == "minimum_commitment" {
			if c.Obligation.Title != "Minimum purchase of 1200 units" {
				t.Errorf("it is called %q", c.Obligation.Title)
			}
			return
		}
	}
	t.Error("no minimum was read")
}
