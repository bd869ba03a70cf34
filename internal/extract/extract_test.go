package extract_test

import (
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/extract/extracttest"
	"github.com/pactloop/pactloop/internal/pact"
)

const text = "This Agreement is made as of March 1, 2026.\nEither party may give sixty (60) days notice.\nA con\u00adfidential ﬁle of “two” words, broken at a line-\nend.\nIt lasts thirty (45) days."

func candidate(name string, v pact.Value, quote string, start int) pact.Candidate {
	return pact.Candidate{
		Subject: "term", Name: name, Value: &v, Confidence: decimal.New(9, -1), Extractor: "test/1",
		Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: quote, Start: start, End: start + len([]rune(quote)), Verification: pact.Verified}}},
	}
}

func at(d *document.Document, quote string) int {
	return len([]rune(d.Text[:strings.Index(d.Text, quote)]))
}

func TestANumberFollowsOnlyFromTheWholeNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		quote, number string
		want          pact.Verification
	}{
		{"no more than 15 seats", "5", pact.Unverified},
		{"no more than 15 seats", "15", pact.Verified},
		{"no more than 1.5 seats", "5", pact.Unverified},
		{"no more than 1.5 seats", "1.50", pact.Verified},
		{"no more than 1,500 seats", "500", pact.Unverified},
		{"no more than 1,500 seats", "1500", pact.Verified},
		{"no more than 5.", "5", pact.Verified},
		{"of the 5th version v5", "5", pact.Unverified},
		{"a change of -5 points", "5", pact.Unverified},
		{"a change of -5 points", "-5", pact.Verified},
		{"clause 5.2.1 applies", "5.2", pact.Unverified},
	} {
		n := decimal.RequireFromString(c.number)
		got := candidate("seats", pact.Value{Kind: pact.NumberValue, Number: &n}, c.quote, 0)
		if extract.Verify(&got, extracttest.Plain(c.quote)); got.Verification != c.want {
			t.Errorf("%s in %q: %s, want %s", c.number, c.quote, got.Verification, c.want)
		}
	}
}

func TestVerification(t *testing.T) {
	t.Parallel()
	d := extracttest.Plain(text)
	const made = "made as of March 1, 2026"
	for name, c := range map[string]struct {
		candidate pact.Candidate
		want      pact.Verification
	}{
		"an exact quote with the value in it":      {candidate("agreement_date", pact.OnDate("2026-03-01"), made, at(d, made)), pact.Verified},
		"wrong offsets are set right":              {candidate("agreement_date", pact.OnDate("2026-03-01"), made, 3), pact.Verified},
		"another date than the quote":              {candidate("agreement_date", pact.OnDate("2026-03-02"), made, at(d, made)), pact.Unverified},
		"a quote that stands nowhere":              {candidate("agreement_date", pact.OnDate("2026-03-01"), "signed as of March 1, 2026", 0), pact.Unverified},
		"white space and quotes differ":            {candidate("title", pact.Text(`confidential file of "two" words`), "confidential  file of \"two\"\nwords", 0), pact.Repaired},
		"words against figures follow for neither": {candidate("term", pact.Lasting(45, calendar.Day), "It lasts thirty (45) days.", at(d, "It lasts")), pact.Unverified},
		"a duration":                     {candidate("notice_period", pact.Lasting(60, calendar.Day), "sixty (60) days notice", at(d, "sixty")), pact.Verified},
		"a month is not thirty days":     {candidate("notice_period", pact.Lasting(2, calendar.UnitMonth), "sixty (60) days notice", at(d, "sixty")), pact.Unverified},
		"a word broken at a line's end":  {candidate("title", pact.Text("broken at a line"), "broken at a lineend", 0), pact.Repaired},
		"a quote of nothing but spaces":  {candidate("title", pact.Text("x"), "   ", 0), pact.Unverified},
		"offsets outside of the text":    {candidate("agreement_date", pact.OnDate("2026-03-01"), made, 9999), pact.Verified},
		"negative offsets":               {candidate("agreement_date", pact.OnDate("2026-03-01"), made, -5), pact.Verified},
		"a value that is none of a kind": {candidate("agreement_date", pact.Value{Kind: pact.DateValue}, made, at(d, made)), pact.Unverified},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.candidate
			extract.Verify(&got, d)
			if got.Verification != c.want {
				t.Fatalf("got %s, want %s (quote %q)", got.Verification, c.want, got.Evidence[0].Passage.Quote)
			}
			if p := got.Evidence[0].Passage; got.Verification != pact.Unverified && d.Slice(p.Start, p.End) != p.Quote {
				t.Fatalf("the quote %q does not stand at its offsets", p.Quote)
			}
			again := got
			extract.Verify(&again, d)
			if again.Verification == pact.Unverified && got.Verification != pact.Unverified {
				t.Fatal("checking twice gives another result")
			}
		})
	}
}

func TestDerivationIsComputedAgain(t *testing.T) {
	t.Parallel()
	const said = "The term is two (2) years from March 1, 2026."
	d := extracttest.Plain(said)
	derived := func(end calendar.Date, term string) pact.Candidate {
		c := candidate("expiration_date", pact.OnDate(end), said, 0)
		c.Derivation = &pact.Derivation{Rule: "effective_date + term - 1 day", Inputs: map[string]string{"effective_date": "2026-03-01", "term": term}}
		return c
	}
	for name, c := range map[string]struct {
		candidate pact.Candidate
		want      pact.Verification
	}{
		"right":                   {derived("2028-02-29", "2 years"), pact.Verified},
		"a day too late":          {derived("2028-03-01", "2 years"), pact.Unverified},
		"a term the text has not": {derived("2029-02-28", "3 years"), pact.Unverified},
	} {
		extract.Verify(&c.candidate, d)
		if c.candidate.Verification != c.want {
			t.Errorf("%s: %s, want %s", name, c.candidate.Verification, c.want)
		}
	}
}

func TestCombine(t *testing.T) {
	t.Parallel()
	from := func(name, extractor string, v pact.Value, confidence int64, verification pact.Verification) pact.Candidate {
		return pact.Candidate{Subject: "term", Name: name, Value: &v, Extractor: extractor, Confidence: decimal.New(confidence, -2), Verification: verification}
	}
	law := func(extractor, place string, confidence int64) pact.Candidate {
		return from("governing_law", extractor, pact.Text(place), confidence, pact.Verified)
	}
	t.Run("agreement raises", func(t *testing.T) {
		t.Parallel()
		got := extract.Combine([]pact.Candidate{law("a/1", "Ohio", 80)}, []pact.Candidate{law("b/1", "Ohio", 70)})
		if len(got) != 1 || got[0].Confidence.String() != "0.94" || got[0].Extractor != "a/1+b/1" || len(got[0].Rivals) != 0 {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("disagreement keeps the rival and goes to a person", func(t *testing.T) {
		t.Parallel()
		got := extract.Combine([]pact.Candidate{law("a/1", "Ohio", 80)}, []pact.Candidate{law("b/1", "Utah", 95)})
		if len(got) != 1 || got[0].Value.Text != "Utah" || len(got[0].Rivals) != 1 || got[0].Rivals[0].Value.Text != "Ohio" || got[0].Rivals[0].Extractor != "a/1" || got[0].Rivals[0].Confidence.String() != "0.8" || got[0].Confidence.String() != "0.7916" {
			t.Fatalf("got %+v", got)
		}
	})
	t.Run("two against one", func(t *testing.T) {
		t.Parallel()
		got := extract.Combine([]pact.Candidate{law("a/1", "Ohio", 80)}, []pact.Candidate{law("b/1", "Utah", 81)}, []pact.Candidate{law("c/1", "Ohio", 60)})
		// Ohio 1 - 0.2 × 0.4 = 0.92 against Utah 0.81: 0.92 × 0.19 / (0.92 × 0.19 + 0.81 × 0.08 + 0.08 × 0.19).
		if got[0].Value.Text != "Ohio" || got[0].Extractor != "a/1+c/1" || got[0].Confidence.String() != "0.686" || got[0].Rivals[0].Confidence.String() != "0.81" {
			t.Fatalf("got %+v", got[0])
		}
	})
	t.Run("what means the same agrees", func(t *testing.T) {
		t.Parallel()
		parties := func(list ...pact.Party) pact.Value { return pact.Value{Kind: pact.PartiesValue, Parties: list} }
		net := 30
		for name, c := range map[string]struct {
			a, b pact.Value
			want string
		}{
			"parties":         {parties(pact.Party{Name: "Acme Inc."}, pact.Party{Name: "Bolt AG"}), parties(pact.Party{Name: "Bolt AG", Role: "customer"}, pact.Party{Name: "ACME Inc"}), "Bolt AG (customer); ACME Inc"},
			"other parties":   {parties(pact.Party{Name: "Acme Inc."}), parties(pact.Party{Name: "Acme Ltd"}), ""},
			"months":          {pact.Lasting(12, calendar.UnitMonth), pact.Lasting(1, calendar.Year), "12 months"},
			"days are not":    {pact.Lasting(30, calendar.Day), pact.Lasting(1, calendar.UnitMonth), ""},
			"words of a term": {pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{Text: "net 30", NetDays: &net}}, pact.Value{Kind: pact.PaymentValue, Payment: &pact.PaymentTerms{Text: "30 days", NetDays: &net}}, "net 30"},
		} {
			got := extract.Combine([]pact.Candidate{from("parties", "a/1", c.a, 80, pact.Verified)}, []pact.Candidate{from("parties", "b/1", c.b, 70, pact.Verified)})
			if c.want == "" && len(got[0].Rivals) != 1 || c.want != "" && (len(got[0].Rivals) != 0 || got[0].Value.String() != c.want || got[0].Extractor != "a/1+b/1" || got[0].Confidence.String() != "0.94") {
				t.Errorf("%s: %+v", name, got[0])
			}
		}
	})
	t.Run("an unverified reading raises nothing", func(t *testing.T) {
		t.Parallel()
		echo := law("b/1", "Ohio", 30)
		echo.Verification = pact.Unverified
		got := extract.Combine([]pact.Candidate{law("a/1", "Ohio", 80)}, []pact.Candidate{echo})
		if got[0].Confidence.String() != "0.8" || got[0].Extractor != "a/1" || len(got[0].Rivals) != 0 {
			t.Fatalf("got %+v", got[0])
		}
	})
	t.Run("the name of a combination does not depend on who leads", func(t *testing.T) {
		t.Parallel()
		for _, c := range [][2]int64{{80, 70}, {70, 80}} {
			got := extract.Combine([]pact.Candidate{law("grammar/1", "Ohio", c[0])}, []pact.Candidate{law("grammar/11", "Ohio", c[1])})
			if got[0].Extractor != "grammar/1+grammar/11" {
				t.Fatalf("got %s", got[0].Extractor)
			}
		}
	})
	t.Run("decisions move the weight of an extractor", func(t *testing.T) {
		t.Parallel()
		d := extract.Decisions{}
		for i := range 60 {
			d.Add("governing_law", "a/1", decimal.New(9, -1), i%10 == 0) // right once in ten
			d.Add("governing_law", "b/1", decimal.New(7, -1), i != 0)
		}
		w := d.Weights()
		got := w.Combine([]pact.Candidate{law("a/1", "Ohio", 90)}, []pact.Candidate{law("b/1", "Utah", 70)})
		// a: (20 × 0.9 + 6) / 80 = 0.3; b: (20 × 0.7 + 59) / 80 = 0.9125.
		if got[0].Value.Text != "Utah" || got[0].Rivals[0].Confidence.String() != "0.3" || got[0].Confidence.GreaterThan(decimal.New(84, -2)) {
			t.Fatalf("got %+v", got[0])
		}
		alone := w.Combine([]pact.Candidate{law("a/1", "Ohio", 90)}, nil)
		if alone[0].Confidence.String() != "0.3" || alone[0].OwnConfidence["a/1"].String() != "0.9" {
			t.Fatalf("one extractor alone: %s of its own %s", alone[0].Confidence, alone[0].OwnConfidence)
		}
		both := w.Combine([]pact.Candidate{law("a/1", "Ohio", 90)}, []pact.Candidate{law("b/1", "Ohio", 70)})
		if own := both[0].OwnConfidence; len(own) != 2 || own["a/1"].String() != "0.9" || own["b/1"].String() != "0.7" {
			t.Fatalf("what each gave itself: %v", own)
		}
		if x := w.Combine([]pact.Candidate{from("term", "a/1", pact.Lasting(1, calendar.Year), 80, pact.Verified)}, []pact.Candidate{from("zone", "b/1", pact.Text("UTC"), 50, pact.Verified)}); x[0].Confidence.String() != "0.8" {
			t.Fatalf("decisions on one field moved another: %s", x[0].Confidence)
		}
	})
	t.Run("verified leads over surer but unverified", func(t *testing.T) {
		t.Parallel()
		lie := law("b/1", "Utah", 99)
		lie.Verification = pact.Unverified
		got := extract.Combine([]pact.Candidate{lie}, []pact.Candidate{law("a/1", "Ohio", 60)})
		if got[0].Value.Text != "Ohio" {
			t.Fatalf("got %+v", got[0])
		}
	})
	t.Run("a field without labelled data stays below the limit", func(t *testing.T) {
		t.Parallel()
		v := pact.Yes(true)
		got := extract.Combine([]pact.Candidate{from("auto_renewal", "a/1", v, 84, pact.Verified)}, []pact.Candidate{from("auto_renewal", "b/1", v, 84, pact.Verified)})
		if got[0].Confidence.String() != "0.84" {
			t.Fatalf("got %s", got[0].Confidence)
		}
	})
	t.Run("one list comes back as it was", func(t *testing.T) {
		t.Parallel()
		got := extract.Combine([]pact.Candidate{law("a/1", "Ohio", 80), from("zone", "a/1", pact.Text("UTC"), 70, pact.Verified)})
		if len(got) != 2 || got[0].Name != "governing_law" || got[1].Name != "zone" || got[0].Confidence.String() != "0.8" {
			t.Fatalf("got %+v", got)
		}
	})
}
