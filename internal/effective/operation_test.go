package effective_test

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/effective"
	"github.com/pactloop/pactloop/internal/pact"
)

// paper is a document of a family in these scenarios.
func paper(id, title string, from calendar.Date) effective.Source {
	return effective.Source{ContractID: pact.ContractID(id), Title: title, From: from, Amends: id != "master", PublishedAt: at("2026-01-01T00:00:00Z")}
}

func standing(s effective.Source, name string, v pact.Value, clause string) effective.Entry {
	return effective.Entry{Source: s, Term: &pact.Term{Name: name, Value: v, Evidence: in(clause)}}
}

func in(clause string) []pact.Evidence {
	return []pact.Evidence{{Passage: &pact.Passage{Quote: "…", Clause: clause}}}
}

func doing(s effective.Source, op pact.Operation) effective.Entry {
	return effective.Entry{Source: s, Change: &pact.ReviewedOperation{Operation: op, Evidence: in("3.1")}}
}

func valueOn(t *testing.T, line effective.Timeline, name string, on calendar.Date) string {
	t.Helper()
	r := line.Term(name, on)
	if r.Winner == nil {
		return ""
	}
	return r.Winner.Term.Value.String()
}

func TestADeletedClauseTakesItsTermsWithItFromTheDayOfTheChange(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "liability_cap", pact.Text("fees of 12 months"), "7.2(a)"),
		standing(master, "notice_period", pact.Lasting(60, calendar.Day), "7.21"),
		doing(amendment, pact.Operation{Kind: pact.Delete, Target: "Section 7.2"}),
	})
	if got := valueOn(t, line, "liability_cap", "2026-03-15"); got != "fees of 12 months" {
		t.Errorf("the day before: %q", got)
	}
	if got := valueOn(t, line, "liability_cap", "2026-03-16"); got != "" {
		t.Errorf("on the day: %q", got)
	}
	if got := valueOn(t, line, "notice_period", "2026-03-16"); got != "60 day" && got != "60 days" {
		t.Errorf("7.21 is no part of 7.2: %q", got)
	}
	r := line.Term("liability_cap", "2026-04-01")
	if len(r.Losers) != 1 || !strings.Contains(r.Losers[0].Why, "Amendment No. 1, 3.1: Section 7.2 is deleted") {
		t.Errorf("the trace must name the document and its clause: %+v", r.Losers)
	}
}

func TestAReplacedClauseLeavesOnlyWhatTheNewWordsSay(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "payment_terms", pact.Text("2/10 net 30"), "5.1"),
		standing(master, "currency", pact.Text("USD"), "5.4"),
		doing(amendment, pact.Operation{Kind: pact.Replace, Target: "Article 5"}),
		standing(amendment, "payment_terms", pact.Text("net 45"), "2"),
	})
	if got := valueOn(t, line, "payment_terms", "2026-03-16"); got != "net 45" {
		t.Errorf("payment terms %q", got)
	}
	if got := valueOn(t, line, "currency", "2026-03-16"); got != "" {
		t.Errorf("what the new Article 5 does not repeat is gone: %q", got)
	}
}

// says is a term with the passage it was read from.
func says(s effective.Source, name string, v pact.Value, clause, quote string) effective.Entry {
	return effective.Entry{Source: s, Term: &pact.Term{Name: name, Value: v, Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: quote, Clause: clause}}}}}
}

// Of a change of words nobody said what it comes to: from its day on there is a question where the words stand, and nowhere else.
func TestAChangedValueIsAQuestionWhereNobodySaidWhatItComesTo(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	entries := []effective.Entry{
		says(master, "notice_period", pact.Lasting(60, calendar.Day), "3.2", "at least sixty  (60)\ndays before the end"),
		says(master, "claim_window", pact.Lasting(30, calendar.Day), "3.2", "within thirty (30) days"),
		says(master, "term", pact.Lasting(160, calendar.Day), "2", "for one hundred and sixty (160) days"),
	}
	change := pact.Operation{Kind: pact.ChangeValue, Target: "3.2", Old: "“sixty (60) days”", New: "ninety (90) days"}
	asks := func(line effective.Timeline, name string, on calendar.Date) bool {
		t.Helper()
		r := line.Term(name, on)
		return r.Winner == nil && len(r.Ambiguities) == 1 && r.Ambiguities[0].Code == "changed_value" && strings.Contains(r.Rule, "Amendment No. 1")
	}
	line := effective.New(append(entries, doing(amendment, change)))
	if got := valueOn(t, line, "notice_period", "2026-03-15"); !strings.HasPrefix(got, "60") {
		t.Errorf("the day before: %q", got)
	}
	plural := effective.New([]effective.Entry{says(master, "payment_terms", pact.Text("net 60"), "3.2", "within sixty (60) days"), doing(amendment, change)})
	if q := plural.Term("payment_terms", "2026-03-16").Ambiguities; len(q) != 1 || !strings.Contains(q[0].Question, "What are the payment terms from 2026-03-16 on?") {
		t.Errorf("asked %+v", q)
	}
	if !asks(line, "notice_period", "2026-03-16") {
		t.Errorf("on the day: %+v", line.Term("notice_period", "2026-03-16"))
	}
	for _, name := range []string{"claim_window", "term"} {
		if got := valueOn(t, line, name, "2026-04-01"); got == "" {
			t.Errorf("%s does not have the words", name)
		}
	}
	change.Target = "" // anywhere in the contract
	if line = effective.New(append(entries, doing(amendment, change))); !asks(line, "notice_period", "2026-04-01") || asks(line, "term", "2026-04-01") {
		t.Error("without a clause the words are looked for everywhere")
	}
	change.Target, change.Old = "3.2", "forty-five (45) days" // other words than the clause has
	if line = effective.New(append(entries, doing(amendment, change))); !asks(line, "notice_period", "2026-04-01") || !asks(line, "claim_window", "2026-04-01") || asks(line, "term", "2026-04-01") {
		t.Error("words that the clause does not have are a question there")
	}
	stated := effective.New(append(entries, doing(amendment, change), standing(amendment, "notice_period", pact.Lasting(90, calendar.Day), "3.1")))
	if got := valueOn(t, stated, "notice_period", "2026-04-01"); !strings.HasPrefix(got, "90") {
		t.Errorf("the amendment states it itself: %q", got)
	}
	change.Settled = true // the clause was read anew, and nothing that is tracked changes
	if line = effective.New(append(entries, doing(amendment, change))); asks(line, "notice_period", "2026-04-01") {
		t.Error("a settled change asks nothing")
	}
	change.Terms = []string{"claim_window"} // and what changed was rejected
	if line = effective.New(append(entries, doing(amendment, change))); !asks(line, "claim_window", "2026-04-01") || asks(line, "notice_period", "2026-04-01") {
		t.Error("a value that changes and is not stated is a question")
	}
}

func TestASettledChangeHoldsFromItsOwnDay(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "uptime_target", pact.Text("99.9"), "Exhibit B 2.2"),
		doing(amendment, pact.Operation{Kind: pact.ChangeValue, Target: "Exhibit B 2.2", Old: "99.9", New: "99.95", From: "2026-07-01", Settled: true, Terms: []string{"uptime_target"}}),
		standing(amendment, "uptime_target", pact.Text("99.95"), "3.1"),
	})
	for on, want := range map[calendar.Date]string{"2026-03-16": "99.9", "2026-06-30": "99.9", "2026-07-01": "99.95"} {
		if got := valueOn(t, line, "uptime_target", on); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

// The day of an amendment is its effective date, else the day it was agreed, else that of its signature, else the day it was published.
func TestTheDayOfAnAmendment(t *testing.T) {
	t.Parallel()
	effect := pact.Term{Name: "effective_date", Value: pact.OnDate("2026-12-01")}
	agreed := pact.Term{Name: "agreement_date", Value: pact.OnDate("2026-11-15")}
	hand := pact.Term{Name: "agreement_date", Value: pact.OnDate("2026-11-20"), Evidence: []pact.Evidence{{Passage: &pact.Passage{Quote: "Date: November 20, 2026"}}}}
	for _, c := range []struct {
		terms []pact.Term
		from  calendar.Date
		by    string
	}{
		{[]pact.Term{effect, agreed}, "2026-12-01", "its effective date"},
		{[]pact.Term{agreed}, "2026-11-15", "the day it was agreed"},
		{[]pact.Term{hand}, "2026-11-20", "the day it was signed"},
		{nil, "2027-02-03", "the day it was published"},
	} {
		cap := pact.Term{Name: "liability_cap", Value: pact.Text("USD 2m"), Evidence: in("3")}
		v := pact.Version{ContractID: "a1", Terms: append([]pact.Term{cap}, c.terms...), PublishedAt: at("2027-02-03T10:00:00Z"), Operations: []pact.ReviewedOperation{{Operation: pact.Operation{Kind: pact.Delete, Target: "12"}}}}
		line := effective.New(append(effective.FromAmendment(v, "Amendment No. 1", 0),
			standing(paper("master", "Master", "2024-01-01"), "liability_cap", pact.Text("USD 1m"), "9"), standing(paper("master", "Master", "2024-01-01"), "governing_law", pact.Text("Maine"), "12")))
		if old, now := valueOn(t, line, "liability_cap", c.from.AddDays(-1)), valueOn(t, line, "liability_cap", c.from); old != "USD 1m" || now != "USD 2m" {
			t.Errorf("%s: %q before, %q on %s", c.by, old, now, c.from)
		}
		if old, now := valueOn(t, line, "governing_law", c.from.AddDays(-1)), valueOn(t, line, "governing_law", c.from); old != "Maine" || now != "" {
			t.Errorf("%s: the deletion holds %q, %q", c.by, old, now)
		}
		if r := line.Term("liability_cap", c.from); !strings.Contains(r.Rule, string(c.from)+" ("+c.by+")") || len(r.Losers) != 1 || r.Losers[0].By != "Amendment No. 1" {
			t.Errorf("the trace must say which day it is: %s %+v", r.Rule, r.Losers)
		}
	}
}

func TestARestatementReplacesEverythingButWhoTheContractIs(t *testing.T) {
	t.Parallel()
	master, restated := paper("master", "Master agreement", "2020-01-01"), paper("a2", "Amended and Restated Agreement", "2026-07-01")
	line := effective.New([]effective.Entry{
		standing(master, "title", pact.Text("Master agreement"), ""),
		standing(master, "liability_cap", pact.Text("unlimited"), "9"),
		standing(master, "governing_law", pact.Text("Ohio"), "12"),
		doing(restated, pact.Operation{Kind: pact.Restate}),
		standing(restated, "governing_law", pact.Text("Delaware"), "14"),
	})
	if got := valueOn(t, line, "liability_cap", "2026-06-30"); got != "unlimited" {
		t.Errorf("rights under the old words stay for the time before: %q", got)
	}
	for name, want := range map[string]string{"liability_cap": "", "governing_law": "Delaware", "title": "Master agreement"} {
		if got := valueOn(t, line, name, "2026-07-01"); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestReferencesFollowANewTitle(t *testing.T) {
	t.Parallel()
	master, second, third := paper("master", "Services agreement", "2019-01-01"), paper("a2", "Amendment No. 2", "2021-04-29"), paper("a3", "Amendment No. 3", "2022-03-08")
	line := effective.New([]effective.Entry{
		standing(master, "uptime_target", pact.Text("99.5"), "Exhibit A 2.1"),
		doing(second, pact.Operation{Kind: pact.Retitle, Target: "Exhibit A", NewTarget: "Schedule 5"}),
		doing(third, pact.Operation{Kind: pact.Replace, Target: "Schedule 5"}),
		standing(third, "uptime_target", pact.Text("99.9"), "Schedule 5 2.1"),
	})
	for on, want := range map[calendar.Date]string{"2021-05-01": "99.5", "2022-03-07": "99.5", "2022-03-08": "99.9"} {
		if got := valueOn(t, line, "uptime_target", on); got != want {
			t.Errorf("on %s: %q, want %q", on, got, want)
		}
	}
}

func TestAWaiverHoldsForItsTimeAndThenTheDutyStandsAgain(t *testing.T) {
	t.Parallel()
	master, letter := paper("master", "Supply agreement", "2025-01-01"), paper("w1", "Waiver letter", "2026-02-20")
	report := effective.Entry{Source: master, Obligation: &pact.Obligation{Key: "report/monthly", Kind: "report", Params: json.RawMessage(`{}`), Evidence: in("6.3")}}
	line := effective.New([]effective.Entry{report, doing(letter, pact.Operation{Kind: pact.Waive, Target: "6.3", From: "2026-02-01", Until: "2026-03-01"})})
	for on, want := range map[calendar.Date]bool{"2026-01-31": true, "2026-02-01": false, "2026-02-28": false, "2026-03-01": true} {
		if r := line.Obligation("report/monthly", on); (r.Winner != nil) != want {
			t.Errorf("on %s in force %t, want %t (%s)", on, r.Winner != nil, want, r.Rule)
		}
	}
	if r := line.Obligation("report/monthly", "2026-02-10"); !strings.HasPrefix(r.Rule, "waived. Waiver letter") {
		t.Errorf("rule %q", r.Rule)
	}
	if n := len(line.Segments("report/monthly")); n != 2 {
		t.Errorf("%d segments, want one on each side of the waiver", n)
	}
}

// A term of 12 months from 31 August 2024 ends on 30 August 2025; extended by 6 months it ends 18 months after the start,
// less a day: 27 February 2026 (31 August + 18 months is 28 February). Counted from 31 August 2025 the answer is the same
// only by luck: another 6 months give 30 August 2026 from the start, and not 27 August.
func TestExtensionsCountFromTheOriginalStart(t *testing.T) {
	t.Parallel()
	master, first, second := paper("master", "Lease", "2024-08-31"), paper("a1", "Amendment No. 1", "2025-06-01"), paper("a2", "Amendment No. 2", "2026-01-15")
	six := calendar.Duration{Value: 6, Unit: calendar.UnitMonth}
	line := effective.New([]effective.Entry{
		standing(master, "effective_date", pact.OnDate("2024-08-31"), "1"),
		standing(master, "term", pact.Lasting(12, calendar.UnitMonth), "2"),
		standing(master, "expiration_date", pact.OnDate("2025-08-30"), "2"),
		doing(first, pact.Operation{Kind: pact.Extend, By: &six}),
		doing(second, pact.Operation{Kind: pact.Extend, By: &six}),
	})
	for on, want := range map[calendar.Date]string{"2025-05-31": "2025-08-30", "2025-06-01": "2026-02-27", "2026-01-15": "2026-08-30"} {
		if got := valueOn(t, line, "expiration_date", on); got != want {
			t.Errorf("on %s the last day is %s, want %s", on, got, want)
		}
	}
	r := line.Term("expiration_date", "2026-02-01")
	if r.Rule != "the last day with its extensions" || len(r.Losers) == 0 || r.Losers[0].By != "Amendment No. 2" || r.Winner.Source.ContractID != "a2" || r.Winner.Source.From != "2026-01-15" {
		t.Errorf("the amendment that moved the day must be named: %+v", r)
	}
}

// The length of the term moves with the last day, and what is agreed for a later day is told as coming.
func TestTheLengthOfTheTermFollowsItsExtensions(t *testing.T) {
	t.Parallel()
	master, first := paper("master", "Lease", "2025-09-07"), paper("a1", "Amendment No. 1", "2027-01-01")
	year := calendar.Duration{Value: 12, Unit: calendar.UnitMonth}
	entries := []effective.Entry{
		standing(master, "effective_date", pact.OnDate("2025-09-07"), "1"),
		standing(master, "term", pact.Lasting(36, calendar.UnitMonth), "2"),
		standing(master, "expiration_date", pact.OnDate("2028-09-06"), "2"),
	}
	line := effective.New(append(slices.Clone(entries), doing(first, pact.Operation{Kind: pact.Extend, By: &year})))
	for on, want := range map[calendar.Date]string{"2026-12-31": "36 months", "2027-01-10": "48 months"} {
		if got := valueOn(t, line, "term", on); got != want {
			t.Errorf("on %s the term is %s, want %s", on, got, want)
		}
	}
	if r := line.Term("term", "2027-01-10"); len(r.Losers) != 1 || r.Losers[0].By != "Amendment No. 1" || r.Winner.Source.From != "2027-01-01" {
		t.Errorf("the amendment that moved it is named: %+v", r)
	}
	if r := line.Term("expiration_date", "2026-12-31"); len(r.Losers) != 1 || r.Losers[0].Entry.Term.Value.Date != "2029-09-06" || r.Losers[0].Entry.Source.From != "2027-01-01" {
		t.Errorf("the day that comes is told: %+v", r.Losers)
	}
	line = effective.New(append(entries, doing(first, pact.Operation{Kind: pact.Extend, To: "2030-12-31"})))
	if r := line.Term("term", "2027-01-10"); r.Winner.Term.Value.String() != "36 months" || !strings.Contains(r.Rule, "Amendment No. 1") {
		t.Errorf("an extension to a day is told: %s, %s", r.Winner.Term.Value, r.Rule)
	}
}

func TestAnExtensionToADayNamesTheDay(t *testing.T) {
	t.Parallel()
	master, first := paper("master", "Lease", "2024-01-01"), paper("a1", "Amendment No. 1", "2025-06-01")
	line := effective.New([]effective.Entry{
		standing(master, "expiration_date", pact.OnDate("2025-12-31"), "2"),
		doing(first, pact.Operation{Kind: pact.Extend, To: "2027-06-30"}),
	})
	if got := valueOn(t, line, "expiration_date", "2025-06-01"); got != "2027-06-30" {
		t.Errorf("%q", got)
	}
}

func TestAnAmendmentsOwnClauseNumbersAreNotTheContracts(t *testing.T) {
	t.Parallel()
	master, first, second := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2025-01-01"), paper("a2", "Amendment No. 2", "2026-01-01")
	capped := doing(first, pact.Operation{Kind: pact.Replace, Target: "9"})
	capped.Change.Evidence = in("3")
	entries := []effective.Entry{
		standing(master, "liability_cap", pact.Text("fees of 12 months"), "9.1"),
		standing(master, "currency", pact.Text("USD"), "3"),
		capped, standing(first, "liability_cap", pact.Text("USD 1m"), "3"), standing(first, "notice_period", pact.Lasting(30, calendar.Day), "4"),
	}
	deletes := func(target string) effective.Timeline {
		return effective.New(append(append([]effective.Entry(nil), entries...), doing(second, pact.Operation{Kind: pact.Delete, Target: target})))
	}
	line := deletes("3") // of the contract; what Amendment No. 1 says in its clause 3 stands in the contract's clause 9
	if valueOn(t, line, "currency", "2026-02-01") != "" || valueOn(t, line, "liability_cap", "2026-02-01") != "USD 1m" {
		t.Error("Section 3 of the contract goes, and clause 3 of the amendment stays")
	}
	if valueOn(t, line, "notice_period", "2026-02-01") == "" {
		t.Error("what an amendment says without naming a clause of the contract is not touched by a number")
	}
	if got := valueOn(t, deletes("9"), "liability_cap", "2026-02-01"); got != "" {
		t.Errorf("Section 9 goes with what the amendment put there: %q", got)
	}
}

func TestAChangeMayReachBackBeforeItsSignature(t *testing.T) {
	t.Parallel()
	master, amendment := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16")
	line := effective.New([]effective.Entry{
		standing(master, "liability_cap", pact.Text("USD 1m"), "9"),
		doing(amendment, pact.Operation{Kind: pact.Delete, Target: "9", From: "2025-12-01"}),
	})
	if got := valueOn(t, line, "liability_cap", "2025-12-01"); got != "" {
		t.Errorf("%q", got)
	}
	if got := valueOn(t, line, "liability_cap", "2025-11-30"); got == "" {
		t.Error("before the retroactive date it holds")
	}
}

// Whatever the order in which documents are given, the same is in force on every day.
func TestTheOrderOfChangesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		master := paper("master", "Master", "2024-01-01")
		entries := []effective.Entry{
			standing(master, "liability_cap", pact.Text("a"), "9.1"), standing(master, "currency", pact.Text("USD"), "Exhibit A 2"),
			standing(master, "expiration_date", pact.OnDate("2026-12-31"), "2"),
		}
		kinds := []pact.OperationKind{pact.Replace, pact.Delete, pact.Extend, pact.Restate, pact.Waive, pact.ChangeValue}
		targets := []string{"9", "9.1", "Exhibit A", "2"}
		for i := range rapid.IntRange(1, 4).Draw(t, "amendments") {
			day := calendar.Date("2025-01-01").AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
			s := paper("a"+string(rune('1'+i)), "Amendment "+string(rune('1'+i)), day)
			op := pact.Operation{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Target: rapid.SampledFrom(targets).Draw(t, "target")}
			switch op.Kind {
			case pact.Extend:
				op.Target, op.By = "", &calendar.Duration{Value: rapid.IntRange(1, 24).Draw(t, "months"), Unit: calendar.UnitMonth}
			case pact.Restate:
				op.Target = ""
			case pact.Waive:
				op.Until = day.AddDays(30)
			}
			entries = append(entries, doing(s, op), standing(s, "liability_cap", pact.Text(s.Title), "1"))
		}
		on := calendar.Date("2024-06-01").AddDays(rapid.IntRange(0, 1200).Draw(t, "on"))
		ask := func(e []effective.Entry) []string {
			line := effective.New(e)
			var out []string
			for _, name := range []string{"liability_cap", "currency", "expiration_date"} {
				r := line.Term(name, on)
				v := ""
				if r.Winner != nil {
					v = r.Winner.Term.Value.String()
				}
				out = append(out, v, r.Rule)
			}
			return out
		}
		want := ask(entries)
		shuffled := append([]effective.Entry(nil), entries...)
		seed := rapid.Uint64().Draw(t, "seed")
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got := ask(shuffled); !reflect.DeepEqual(got, want) {
			t.Fatalf("on %s: %v, in another order %v", on, want, got)
		}
	})
}

// TestTwoAmendmentsOfOneDayDoNotEndEachOther: both replace Section 3.2 from the same day, and nothing was in force any more.
func TestTwoAmendmentsOfOneDayDoNotEndEachOther(t *testing.T) {
	t.Parallel()
	master, first, second := paper("master", "Master agreement", "2024-01-01"), paper("a1", "Amendment No. 1", "2026-03-16"), paper("a2", "Amendment No. 2", "2026-03-16")
	line := func() effective.Timeline {
		return effective.New([]effective.Entry{
			standing(master, "payment_terms", pact.Text("net 30"), "3.2"),
			standing(first, "payment_terms", pact.Text("net 75"), "3.1"), doing(first, pact.Operation{Kind: pact.Replace, Target: "3.2"}),
			standing(second, "payment_terms", pact.Text("net 21"), "3.1"), doing(second, pact.Operation{Kind: pact.Replace, Target: "3.2"}),
		})
	}
	if r := line().Term("payment_terms", "2026-03-16"); r.Winner != nil || len(r.Ambiguities) != 1 {
		t.Errorf("neither is the later one: %+v", r)
	}
	second.PublishedAt = at("2026-01-02T00:00:00Z")
	if got := valueOn(t, line(), "payment_terms", "2026-03-16"); got != "net 21" {
		t.Errorf("the one that was published later says net 21: %q", got)
	}
	if got := valueOn(t, line(), "payment_terms", "2026-03-15"); got != "net 30" {
		t.Errorf("the day before: %q", got)
	}
}
