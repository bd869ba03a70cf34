package wording_test

import (
	"testing"

	"github.com/pactloop/pactloop/internal/wording"
)

func TestAnOptionIsNoAutomaticRenewal(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		`This Agreement may be extended by mutual written agreement of the parties and, if not so extended, terminates at the end of the Term.`:                                     false,
		`The Term may be extended by a further period of twelve months by written agreement of the parties signed before expiry, save where notice of termination has been served.`: false,
		`The Agreement may be renewed for a further period of one year, save where either party has given notice of termination.`:                                                   false,
		`The Agreement is extended by a further year if not cancelled with three months' notice.`:                                                                                   true,
		`The Agreement is renewed for a further year save where either party has given notice of termination.`:                                                                      true,
	} {
		if auto, known := wording.AutoRenewal(s); auto != want || !known {
			t.Errorf("%s\n   gave %t, %t; want %t", s, auto, known, want)
		}
	}
}
