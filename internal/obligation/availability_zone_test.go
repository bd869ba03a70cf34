package obligation

import (
	"strings"
	"testing"
)

func TestAnAvailabilityWithoutAZoneAsksInPlainWords(t *testing.T) {
	t.Parallel()
	for zone, want := range map[string]string{
		"":          "Whose calendar month counts? Name the time zone in which it begins and ends, such as America/New_York.",
		"Nowhere/X": `Whose calendar month counts? ("Nowhere/X" is not a known time zone)`,
	} {
		var asked []string
		for _, a := range (AvailabilityParams{Service: "Hosting", Zone: zone}).check() {
			if a.Code == "zone" {
				asked = append(asked, a.Question)
			}
		}
		if got := strings.Join(asked, "\n"); got != want {
			t.Errorf("%q: %s", zone, got)
		}
	}
}
