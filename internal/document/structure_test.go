package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
)

func same(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestDefinedTermsAreFoundWithTheirMeaning(t *testing.T) {
	t.Parallel()
	d := built("# MASTER AGREEMENT",
		"This Agreement is made between Quarrel Stone Works, Inc., a Maine corporation (the “Customer”), and Harbour Mills LLC (“Supplier”; each a “Party” and together the \"Parties\").",
		"# 1. Definitions",
		"1.1 “Services” means the work described in Exhibit A. “Fees” or “Charges” means the sums of Section 4.",
		"1.2 Business Day means a day on which banks are open in Portland – Maine.",
		"1.3 \"Confidential Information\" shall have the meaning set forth in Section 9.1.",
		"1.4 This means nothing, and the word “perhaps” (in quotes) is no term.",
		"The Customer shall pay the invoice (the \"First Payment\") by March 1, 2026 (“Long Stop Date”).")
	var got []string
	for _, x := range d.Definitions {
		if d.Slice(x.Start, x.End) != x.Term {
			t.Errorf("%q stands as %q", x.Term, d.Slice(x.Start, x.End))
		}
		got = append(got, x.Term+" = "+d.Slice(x.MeaningStart, x.MeaningEnd))
	}
	same(t, "definitions", got,
		"Customer = Quarrel Stone Works, Inc., a Maine corporation",
		"Supplier = Harbour Mills LLC",
		"Party = Harbour Mills LLC", "Parties = Harbour Mills LLC",
		"Services = the work described in Exhibit A.",
		"Fees = the sums of Section 4.", "Charges = the sums of Section 4.",
		"Business Day = a day on which banks are open in Portland – Maine.",
		"Confidential Information =  set forth in Section 9.1.",
		"First Payment = The Customer shall pay the invoice", "Long Stop Date = by March 1, 2026")
}

func TestADefinitionMayStandInATable(t *testing.T) {
	t.Parallel()
	var b document.Builder
	for i, s := range []string{"“Uptime”", "means the share of minutes in which the Service answers.", "Other", "is a word."} {
		b.Start(document.Block{Kind: document.Cell, Table: 1, Row: i / 2, Col: i % 2})
		b.Write(s)
	}
	d := b.Document([]byte("x"), "test/1")
	if len(d.Definitions) != 1 || d.Definitions[0].Term != "Uptime" || !strings.HasPrefix(d.Slice(d.Definitions[0].MeaningStart, d.Definitions[0].MeaningEnd), "the share") {
		t.Errorf("%+v", d.Definitions)
	}
}

func TestCrossReferencesLeadToTheirSection(t *testing.T) {
	t.Parallel()
	d := built("# SUPPLY AGREEMENT", "Made on March 2, as said in Section 2.1(a).", "# 1. Term", "1.1 It ends under Sections 2.1 and 2.2 or as Exhibit B says; see § 1 too.", "# 2. End", "2.1 Either party may end it:",
		"(a) by notice;", "(b) under paragraph (a); or", "(c) under Section 7.4 of the Master Services Agreement.", "2.2 Section 99 does not exist, nor does the section above.",
		"# Exhibit B – Service Levels", "1. Times, subject to Section 2 below and Section 1.1 of Exhibit B.", "1.1 Thirty minutes.", "2. Credits as in clause 1.")
	var got []string
	for _, r := range d.References {
		target := "nothing"
		switch {
		case r.External:
			target = "elsewhere"
		case r.Target >= 0:
			target = d.Sections[r.Target].Number
		}
		got = append(got, fmt.Sprintf("%s: %s -> %s", d.Slice(r.Start, r.End), r.Number, target))
	}
	same(t, "references", got, "Section 2.1(a): 2.1(a) -> 2.1(a)", "Sections 2.1: 2.1 -> 2.1", "2.2: 2.2 -> 2.2", "Exhibit B: Exhibit B -> Exhibit B", "§ 1: 1 -> 1", "paragraph (a): 2.1(a) -> 2.1(a)",
		"Section 7.4: 7.4 -> elsewhere", "Section 99: 99 -> nothing", "Section 2: 2 -> Exhibit B 2", "Section 1.1: Exhibit B 1.1 -> Exhibit B 1.1", "Exhibit B: Exhibit B -> Exhibit B", "clause 1: 1 -> Exhibit B 1")
	attachments := 0
	for _, s := range d.Sections {
		if s.Attachment {
			attachments++
		}
	}
	if attachments != 1 {
		t.Errorf("%d attachments", attachments)
	}
}

func signed(d *document.Document) []string {
	var out []string
	for _, s := range d.Signatures {
		out = append(out, fmt.Sprintf("%s|%s|%s|%s|%s|%v", s.Party, s.By, s.Name, s.Title, s.Date, s.Signed))
	}
	return out
}

func TestSignatureBlocks(t *testing.T) {
	t.Parallel()
	d := built("IN WITNESS WHEREOF, the parties have signed.", "QUARREL STONE WORKS, INC.", "By: /s/ Ada Moss", "Name: Ada Moss", "Title: President", "Date: March 2, 2026",
		"HARBOUR MILLS LLC", "By: ______________", "Name: ______________", "Title: ______________")
	same(t, "one under the other", signed(d), "QUARREL STONE WORKS, INC.|Ada Moss|Ada Moss|President|March 2, 2026|true", "HARBOUR MILLS LLC|||||false")
	d = built("IN WITNESS WHEREOF, the parties have signed as of the day first above written. HARBOUR MILLS LLC By: /s/ Ben Holt Name: Ben Holt")
	same(t, "in one paragraph with the sentence before", signed(d), "HARBOUR MILLS LLC|Ben Holt|Ben Holt|||true")
	d = built("CUSTOMER: SUPPLIER:", "By: /s/ Ada Moss By: _______", "Name: Ada Moss Name: Ben Holt", "Title: President Title: Director")
	same(t, "side by side", signed(d), "CUSTOMER: SUPPLIER|Ada Moss|Ada Moss|President||true", "||Ben Holt|Director||false")
	var b document.Builder
	for i, s := range []string{"Quarrel Stone Works, Inc.", "Harbour Mills LLC", "By: /s/ Ada Moss", "By: /s/ Ben Holt", "Name: Ada Moss", "Name: Ben Holt"} {
		b.Start(document.Block{Kind: document.Cell, Table: 1, Row: i / 2, Col: i % 2})
		b.Write(s)
	}
	same(t, "in a table", signed(b.Document([]byte("x"), "test/1")), "Quarrel Stone Works, Inc.|Ada Moss|Ada Moss|||true", "Harbour Mills LLC|Ben Holt|Ben Holt|||true")
	d = built("Name: The parties agree that this line heads a form.", "Date: the day on which it is signed", "Delivery shall be made by: truck.")
	if got := signed(d); len(got) != 1 && len(got) != 0 {
		t.Errorf("%q", got)
	}
}

func TestANoteBelongsToTheSectionInWhichItHangs(t *testing.T) {
	t.Parallel()
	var b document.Builder
	for _, s := range []string{"1. Price", "The price is ten dollars.", "2. Law", "The law of Maine."} {
		b.Start(document.Block{Kind: document.KindOf(s, document.Looks{})})
		b.Write(s)
	}
	b.Start(document.Block{Kind: document.Note, Number: "1", Anchor: 20})
	b.Write("Without taxes.")
	d := b.Document([]byte("x"), "test/1")
	if s := d.SectionAt(strings.Index(d.Text, "taxes")); s == nil || s.Number != "1" {
		t.Errorf("the note is in %+v of %+v", s, d.Sections)
	}
	if last := d.Sections[len(d.Sections)-1]; d.Slice(last.Start, last.End) != "2. Law\nThe law of Maine." {
		t.Errorf("the last section is %q", d.Slice(last.Start, last.End))
	}
}

// The short look before the expressions must never refuse what they would take.
func TestEveryKindOfLabelIsRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Exhibit A", "SCHEDULE 2 – Prices", "annex b", "Annexure B-1", "Appendix “C”", "Attachment 1: x", "ADDENDUM No. 2", "ARTICLE IV", "Article 4. x", "Section 4.2 x", "SECTION 9. x", "Section4.2 x", "Sec. 3 x", "§ 4 x", "§4.1 x",
		"4.2 x", "4. x", "4) x", "4 Upper", "(a) x", "(iv) x", "(A) x", "(12) x", "a. x", "B) x", "iv. x", "XVI) x", "• x", "· x", "o x", "* x", "- x", "– x",
	} {
		if _, ok := document.ParseLabel(text); ok == (text == "annex b") {
			t.Errorf("%q: %v", text, ok)
		}
	}
}

func TestNumbersInRomanNumerals(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "i", 4: "iv", 14: "xiv", 49: "xlix", 1994: "mcmxciv", 3999: "mmmcmxcix", 0: "0", -2: "-2", 4000: "4000"} {
		if got := document.Roman(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}
