package document_test

import (
	"strings"
	"testing"

	"github.com/pactloop/pactloop/internal/document"
)

// built makes a document of paragraphs; a line that begins with "# " is a heading.
func built(lines ...string) *document.Document {
	var b document.Builder
	for _, l := range lines {
		kind := document.Paragraph
		if strings.HasPrefix(l, "# ") {
			kind, l = document.Heading, l[2:]
		}
		b.Start(document.Block{Kind: kind})
		b.Write(l)
	}
	return b.Document([]byte(strings.Join(lines, "\n")), "test/1")
}

func TestTheSectionThatHoldsAPassage(t *testing.T) {
	t.Parallel()
	d := built("Exhibit 10.9", "# SUPPLY AGREEMENT", "Made on March 2.", "# 1. Term", "1.1 Start. It starts now.", "(a) first condition;", "(i) of the first;", "(ii) of the second; and",
		"(b) second condition.", "2026. was a year, and this line opens nothing.", "1.2 End. It ends later.", "# Miscellaneous", "# 2. Law", "2.1 The law is stated in Section", "3.2 of another agreement.",
		"Exhibit A shall apply, and this sentence about it opens nothing, because it is much too long for a title.", "# Exhibit B – Service Levels", "1. Times", "1.1 Thirty minutes.",
		"# ARTICLE IV", "4.1 An article of the exhibit.", "1. Definitions .......... 3")
	for passage, want := range map[string]string{
		"Made on": "", "It starts now": "1.1", "first condition": "1.1(a)", "of the first": "1.1(a)(i)", "of the second": "1.1(a)(ii)", "second condition": "1.1(b)",
		"was a year": "1.1(b)", "It ends later": "1.2", "The law is": "2.1", "Thirty minutes": "Exhibit B 1.1", "An article": "Exhibit B 4.1",
	} {
		at := strings.Index(d.Text, passage)
		s := d.SectionAt(len([]rune(d.Text[:at])))
		got := ""
		if s != nil {
			got = s.Number
		}
		if got != want {
			t.Errorf("%q stands in %q, want %q", passage, got, want)
		}
	}
}

func TestALetterThatIsAlsoARomanNumeral(t *testing.T) {
	t.Parallel()
	lines := []string{"1. List", "1.1 These:"}
	for c := 'a'; c <= 'k'; c++ {
		lines = append(lines, "("+string(c)+") item "+string(c)+";")
	}
	d := built(append(lines, "1.2 And these:", "(i) one;", "(ii) two.")...)
	var numbers []string
	for _, s := range d.Sections {
		numbers = append(numbers, s.Number)
	}
	want := "1 1.1 1.1(a) 1.1(b) 1.1(c) 1.1(d) 1.1(e) 1.1(f) 1.1(g) 1.1(h) 1.1(i) 1.1(j) 1.1(k) 1.2 1.2(i) 1.2(ii)"
	if got := strings.Join(numbers, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A numbered line without a style of headings is a title where it says nothing by itself.
func TestAShortNumberedParagraphIsATitle(t *testing.T) {
	t.Parallel()
	var b document.Builder
	for _, s := range []string{"1. Term", "1.1 The term is one year.", "1.2 Renewal. It renews.", "2. Supplier shall pay nothing", "2.1 Fees and Taxes (without VAT)", "2.2 $500", "Exhibit A", "1. prices", "(a) Widgets"} {
		b.Start(document.Block{Kind: document.Paragraph})
		b.Write(s)
		b.End()
	}
	var got []string
	for _, s := range b.Document([]byte("x"), "test/1").Sections {
		got = append(got, s.Number+"="+s.Title)
	}
	if want := "1=Term|1.1=The term is one year|1.2=Renewal|2=|2.1=Fees and Taxes (without VAT)|2.2=|Exhibit A=|Exhibit A 1=|Exhibit A 1(a)="; strings.Join(got, "|") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "|"), want)
	}
}

// outlined is the sections of a document as number=title.
func outlined(d *document.Document) string {
	var out []string
	for _, s := range d.Sections {
		out = append(out, s.Number+"="+s.Title)
	}
	return strings.Join(out, "|")
}

func TestAHeadingThatRunsIntoItsParagraphOpensASection(t *testing.T) {
	t.Parallel()
	const rest = " The parties agree on what is written here, and on all that follows from it, for as long as this contract lasts between them."
	for want, lines := range map[string][]string{
		"Article I=TERM|Article II=FEES AND TAXES|Article III=Law": {"ARTICLE I - TERM." + rest, "ARTICLE II: FEES AND TAXES." + rest, "Article III. Law –" + rest},
		"4.1=Delivery|4.2=Payment|5=TERM|6=Governing Law":          {"Section 4.1 Delivery." + rest, "Section 4.2 Payment." + rest, "SECTION 5. TERM." + rest, "Section 6 - Governing Law -" + rest},
		"FIRST=Term|SECOND=|FOURTH=Courts":                         {"FIRST: Term." + rest, "SECOND:" + rest, "FOURTH.- Courts." + rest, "SIXTY. It" + rest},
		"1=Term|2=Law":                                             {"Clause 1. Term." + rest, "Clause 2 – Law." + rest, "Clause 3 shall apply, too." + rest},
		"7=Kündigung":                                              {"§ 7 Kündigung." + rest, "§ 8 gilt entsprechend." + rest},
		"1=Term":                                                   {"1. Term." + rest, "Article 2 of the Agreement is deleted.", "Section 2 of the Agreement is replaced:" + rest, "Article 9 The Buyer shall pay:" + rest, "First, it is agreed:" + rest, "Exhibit A is a part of this contract.", "Third: it comes without the first."},
		"Article 1=Definitions|1.1=Words|Article 2=TERM":           {"Article 1", "Definitions", "1.1 Words." + rest, "# ARTICLE 2", "# TERM", "It lasts two years."},
		"1=Term|Exhibit A=Service Levels|Exhibit A 1=Hours":        {"1. Term." + rest, "# Exhibit A", "# Service Levels", "1. Hours." + rest},
		"1=Services|2=Application of payments|3=Payment|4=Term":    {"1. Services", "2. Application of payments", "First: To interest.", "Second: To the fees.", "Third: To the rest.", "3. Payment", "4. Term"},
		"Article I=Order|Article II=Law":                           {"Article I Order", "FIRST: Costs of collection.", "SECOND: Interest.", "Article II Law"},
		"1=Order|=Covenants|FIRST=Term|SECOND=Law":                 {"1. Order", "# Covenants", "FIRST: Term." + rest, "SECOND: Law." + rest},
		"FIRST=Acme owns the goods|SECOND=Beta buys them|FIRST=Sale|SECOND=Price|THIRD=Law": {"FIRST. Acme owns the goods", "SECOND. Beta buys them", "The parties agree:", "FIRST: Sale." + rest, "SECOND: Price." + rest, "THIRD: Law." + rest},
		"Article 1=|=Preamble": {"Article 1", "The parties agree on what is written here.", "# Preamble"},
	} {
		if got := outlined(built(lines...)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
