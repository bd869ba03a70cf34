package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

// TestAFormSaysTheOrderOfItsDate reads a date of numbers behind the order that a form prints, and leaves others open.
func TestAFormSaysTheOrderOfItsDate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"DATE (MM/DD/YYYY) 04/05/2026":  "2026-04-05",
		"Date (dd/mm/yyyy): 04/05/2026": "2026-05-04",
		"DATE 04/05/2026":               "",
	} {
		list := wording.Dates(text)
		if len(list) != 1 || string(list[0].Date) != want || (want == "") != (len(list[0].Readings) == 2) {
			t.Errorf("%q: got %v, want %q", text, list, want)
		}
	}
}
