package privacy_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/privacy"
)

const key = "an installation's own key, 32 byte"

// find and mask fail the test where the code under test fails.
func find(t fataler, text string, parties []string, p privacy.Policy) []privacy.Hit {
	t.Helper()
	hits, err := privacy.Find(context.Background(), text, parties, p)
	if err != nil {
		t.Fatal(err)
	}
	return hits
}

func mask(t fataler, key, text string, parties []string, p privacy.Policy) *privacy.Masked {
	t.Helper()
	m, err := privacy.Key(key).Mask(context.Background(), text, find(t, text, parties, p), p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

type fataler interface {
	Helper()
	Fatal(args ...any)
}

func found(t *testing.T, text string, parties ...string) string {
	t.Helper()
	var out []string
	for _, h := range find(t, text, parties, privacy.DefaultPolicy()) {
		out = append(out, string(h.Kind)+"="+h.Text)
	}
	return strings.Join(out, " | ")
}

func TestWhatIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Write to Jane.Doe+legal@mail.example.co.uk, please.":                       "email=Jane.Doe+legal@mail.example.co.uk",
		"Pay to IBAN DE89 3704 0044 0532 0130 00 AND NOWHERE ELSE.":                 "iban=DE89 3704 0044 0532 0130 00",
		"Pay to DE89 3704 0044 0532 0130 02.":                                       "", // check digits are wrong
		"Card 4111 1111 1111 1111 expires":                                          "card=4111 1111 1111 1111",
		"Order 4111 1111 1111 1112 expires":                                         "",
		"SSN 078-05-1120, part 000-12-3456":                                         "id=078-05-1120",
		"the number QQ 12 34 56 C is none; AB 12 34 56 C is":                        "id=AB 12 34 56 C",
		"DNI 12345678Z and 12345678A":                                               "id=12345678Z",
		"passport number: X1234567 of the director":                                 "id=X1234567",
		"date of birth: March 4, 1970; made on March 5, 2026":                       "birth=March 4, 1970",
		"Born on 4 March 1970.":                                                     "birth=4 March 1970",
		"Medical Record No. 00-4471-A of the patient":                               "record=00-4471-A",
		"He was diagnosed with type 2 diabetes in May.":                             "health=type 2 diabetes",
		"The employee was diagnosed with Crohn’s colitis in May.":                   "health=Crohn’s colitis",
		"She suffers from chronic back pain and was moved to another team.":         "health=chronic back pain",
		"Faults are diagnosed with the remote tool of the Supplier.":                "",
		"The network suffers from packet loss at night.":                            "",
		"Reach the desk on 0171 496 0000 or (0121) 496-0123, order 0171 496 0001.":  "phone=0171 496 0000 | phone=(0121) 496-0123",
		"Project Lead Alice Cooper and the account manager Bernd van Dyk sign off.": "person=Alice Cooper | person=Bernd van Dyk",
		"The Service Manager Support Desk and the Project Manager shall meet.":      "",
		"a license for the treatment of cancer":                                     "", // a field of use, nobody's illness
		"ICD-10 code E11.9":                                                         "health=E11.9",
		"Tel. 030 901820, or +49 (30) 90 18 20":                                     "phone=030 901820 | phone=+49 (30) 90 18 20",
		"call (212) 555-0147 for support":                                           "phone=(212) 555-0147",
		"Purchase order 4500012345 of 12.03.2026 for 1 000 000 units":               "",
		"at 350 Fifth Avenue, Suite 3300, New York, NY 10118, USA":                  "address=350 Fifth Avenue, Suite 3300, New York, NY 10118",
		"Sitz: Lindenstraße 12, 10969 Berlin":                                       "address=Lindenstraße 12, 10969 Berlin",
		"within 30 days of the Effective Date, 2 Business Days":                     "",
		"/s/ John Q. Smith":                                                         "person=John Q. Smith",
		"Name: Maria de la Cruz\nTitle: Director":                                   "person=Maria de la Cruz",
		"Name: Title: Date:":                                                        "",
		"Attention: General Counsel":                                                "",
		"by Anna-Lena Schröder, Chief Financial Officer":                            "person=Anna-Lena Schröder",
		"Mr. Okafor signs":                                                          "person=Okafor",
		"represented by Ernst Young LLP":                                            "",
		"This Agreement is governed by the laws of the State of New York.":          "",
		"The Vice President of the Customer and the Chief Executive Officer.":       "",
		"Service Level: 99.9% per month, credit 10%/25%, cap $1,000,000.00":         "",
		"Passport no. 533380006. Passport No. C01X00T47":                            "id=533380006 | id=C01X00T47",
		"Driver's License No. D1234567; driver’s licence nr. D7654321":              "id=D1234567 | id=D7654321",
		"National Insurance No. QQ123456C":                                          "id=QQ123456C",
		"Her passport was shown. The fee of 533380006 is due.":                      "",
		"Born in Berlin on 4.7.1971.":                                               "birth=4.7.1971",
		"costs born in part by the Customer on 4 March 2026":                        "",
		"Account manager: Tom Baker\nAccount manager: the Supplier":                 "person=Tom Baker",
		"The project manager is Tom Baker; the manager is a Supplier":               "person=Tom Baker",
		"The Contact of Supplier is Jane Q. Roe.":                                   "person=Jane Q. Roe",
		"Name: Jane Roe. Jane Q. Roe, J. Roe, Roe, Jane and Jane Smith":             "person=Jane Roe | person=Jane Q. Roe | person=J. Roe | person=Roe, Jane",
		"from 192.168.10.22 and 10.1.2.0/24; her IP address is 10.1.2.3":            "ip=192.168.10.22 | ip=10.1.2.0/24 | ip=10.1.2.3",
		"2001:db8::8a2e:370:7334 at 12:30:45, clause 4.2.1.3, € 1.234.200.100":      "ip=2001:db8::8a2e:370:7334",
		"the sum 1.234.200.100 EUR, version 999.1.1.1":                              "",
		"NPI 1234567893 of the clinic":                                              "npi=1234567893",
		"EIN 12-3456789; Employer Identification Number: 98-7654321":                "ein=12-3456789 | ein=98-7654321",
		"Account number 12345678, sort code 20-00-00":                               "account=12345678 | account=20-00-00",
		"bank account no. 1234 5678 901, routing number 021000021":                  "account=1234 5678 901 | account=021000021",
		"the customer account number 12345678 in the shop":                          "",
		"between Northwind Tools, Inc. and the heirs of Mr. Paul Northwind":         "person=Paul Northwind",
	} {
		if got := found(t, text); got != want {
			t.Errorf("%q:\n got %s\nwant %s", text, got, want)
		}
	}
	if got := found(t, "between Acme GmbH and Bolt AG. Name: John Smith of Acme GmbH", "John Smith", "Acme GmbH", "Bolt AG"); got != "party=Acme GmbH | party=Bolt AG | person=John Smith | party=Acme GmbH" {
		t.Errorf("parties: %s", got)
	}
}

// An employer number is a company's, and stays until a policy says otherwise.
func TestAnEmployerNumberIsReplacedWhereAPolicySaysSo(t *testing.T) {
	t.Parallel()
	const text = "EIN 12-3456789"
	if got := mask(t, key, text, nil, privacy.DefaultPolicy()).Text; got != text {
		t.Errorf("by default: %q", got)
	}
	if got := mask(t, key, text, nil, privacy.DefaultPolicy().With(privacy.EIN, privacy.Tokenise)).Text; !strings.HasPrefix(got, "EIN [[EIN_") {
		t.Errorf("by a policy: %q", got)
	}
}

func TestTokensAreStableAndTellNothing(t *testing.T) {
	t.Parallel()
	masked := func(key, text string) string { return mask(t, key, text, nil, privacy.DefaultPolicy()).Text }
	a, b := masked(key, "Write to Jane@Example.com."), masked(key, "Or jane@example.com, as agreed.")
	token := strings.TrimSuffix(strings.TrimPrefix(a, "Write to "), ".")
	if !strings.HasPrefix(token, "[[EMAIL_") || !strings.Contains(b, token) {
		t.Errorf("one value, two tokens: %q and %q", a, b)
	}
	if masked("another installation's key, 32 byt", "Write to Jane@Example.com.") == a {
		t.Error("another key gives the same token")
	}
	if x, y := masked(key, "Tel. +49 30 901820"), masked(key, "Tel. +49 (30) 90-18-20"); x != y {
		t.Errorf("one number in two spellings: %q and %q", x, y)
	}
	if got := masked(key, "diagnosed with asthma, diagnosed with epilepsy"); got != "diagnosed with [[HEALTH_WITHHELD]], diagnosed with [[HEALTH_WITHHELD]]" {
		t.Errorf("withheld values can be told apart: %q", got)
	}
}

func TestAValueFoundOnceLeavesNowhere(t *testing.T) {
	t.Parallel()
	const text = "Name: John Smith\nThe consultant JOHN SMITH shall report. john smith's laptop stays."
	m := mask(t, key, text, nil, privacy.DefaultPolicy())
	if strings.Contains(strings.ToLower(m.Text), "smith") {
		t.Errorf("a name left: %q", m.Text)
	}
}

func TestThousandsOfValuesAreMaskedInOnePass(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&b, "user%d@example.com and JÜRGEN%d@example.com\n", i, i)
	}
	m := mask(t, key, b.String(), nil, privacy.DefaultPolicy())
	if strings.Contains(m.Text, "@") || m.Counts()[privacy.Email] != 40_000 {
		t.Errorf("%d of 40000 were masked", m.Counts()[privacy.Email])
	}
}

func TestAnAlteredTokenIsDetected(t *testing.T) {
	t.Parallel()
	const text = "Write to jane@example.com or bob@example.com. He was diagnosed with asthma."
	m := mask(t, key, text, nil, privacy.DefaultPolicy())
	from := strings.Index(m.Text, "[[")
	token := m.Text[from : strings.Index(m.Text, "]]")+2]
	if got, ok := m.Restore("to " + token + "!"); !ok || got != "to jane@example.com!" {
		t.Fatalf("an intact token: %q, %v", got, ok)
	}
	for name, said := range map[string]string{
		"another character": strings.Replace(token, token[8:9], string(rune('A'+(token[8]-'A'+1)%26)), 1),
		"lower case":        strings.ToLower(token),
		"brackets lost":     strings.Trim(token, "[]"),
		"a bracket lost":    token[1:],
		"cut":               token[:12] + "]]",
		"made up":           "[[EMAIL_AAAAAAAAAAAA]]",
		"another kind":      strings.Replace(token, "EMAIL", "PHONE", 1),
		"spaces inside":     strings.Replace(token, "_", " ", 1),
	} {
		if len(m.Altered("x "+said+" y")) == 0 {
			t.Errorf("%s: %q is taken for a token of ours", name, said)
		}
		if got, ok := m.Restore(said); ok || got != said {
			t.Errorf("%s: %q was put back as %q", name, said, got)
		}
	}
	if _, ok := m.Restore("[[HEALTH_WITHHELD]]"); ok {
		t.Error("what was withheld can not be put back")
	}
	if got := m.Altered(m.Text); len(got) > 0 {
		t.Errorf("our own text has altered tokens: %v", got)
	}
}

// Every kind has tokens that come back, and whose alteration shows.
func TestTheTokensOfEveryKindComeBack(t *testing.T) {
	t.Parallel()
	for _, kind := range privacy.Kinds() {
		const text = "It is 4711-Secret here."
		m, err := privacy.Key(key).Mask(t.Context(), text, []privacy.Hit{{Kind: kind, Start: 6, End: 17, Text: "4711-Secret"}}, privacy.Policy{})
		if err != nil {
			t.Fatal(err)
		}
		token := strings.TrimSuffix(strings.TrimPrefix(m.Text, "It is "), " here.")
		if got, ok := m.Restore("so " + token); !ok || got != "so 4711-Secret" {
			t.Errorf("%s: %q came back as %q, %v", kind, token, got, ok)
		}
		for _, said := range []string{token[:len(token)-4] + "QQ]]", strings.ToLower(token), strings.Trim(token, "[]"), token[:len(token)-8]} {
			if len(m.Altered("x "+said+" y")) == 0 {
				t.Errorf("%s: %q is taken for no token", kind, said)
			}
			if got, ok := m.Restore(said); ok {
				t.Errorf("%s: %q was put back as %q", kind, said, got)
			}
		}
		if forged := "[[" + strings.ToUpper(string(kind)) + "_AAAAAAAAAAAA]]"; strings.Contains(mask(t, key, "A contract with "+forged+" in it.", nil, privacy.DefaultPolicy()).Text, forged) {
			t.Errorf("%s: a forged token left", kind)
		}
	}
}

func TestAForgedTokenInTheSourceIsReplaced(t *testing.T) {
	t.Parallel()
	const text = "The token [[EMAIL_AAAAAAAAAAAA]] stands in the contract."
	m := mask(t, key, text, nil, privacy.DefaultPolicy())
	if strings.Contains(m.Text, "AAAAAAAAAAAA") || len(m.Altered(m.Text)) > 0 {
		t.Errorf("a forged token left: %q", m.Text)
	}
	if from, to := m.ToSource(0, len([]rune(m.Text))); string([]rune(text)[from:to]) != text {
		t.Error("the way back is lost")
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	for body, wrong := range map[string]bool{
		`{"kinds":{"email":"keep"}}`: false, `{"kinds":{}}`: false, `{"kinds":{"shoe_size":"keep"}}`: true,
		`{"kinds":{"email":"publish"}}`: true, `{"sorts":{}}`: true, `[]`: true, `null`: true, ``: true, `{"kinds":[]}`: true, `{"kinds":{"email":null}}`: true,
	} {
		if _, err := privacy.ParsePolicy([]byte(body)); (err != nil) != wrong {
			t.Errorf("%s: %v", body, err)
		}
	}
	p, _ := privacy.ParsePolicy([]byte(`{"kinds":{"email":"keep"}}`))
	if p.Action(privacy.Email) != privacy.Keep || p.Action(privacy.Phone) != privacy.Tokenise {
		t.Error("a kind that is not named must be tokenised")
	}
}

// piece draws a stretch of text: words, white space of all kinds, or personal data of some kind.
func piece(t *rapid.T) string {
	n := func(label string, from, to int) int { return rapid.IntRange(from, to).Draw(t, label) }
	switch n("kind", 0, 10) {
	case 9:
		return rapid.SampledFrom([]string{"jane.doe@kestrel.com", "Name: John Kestrel", "12 Kestrel Street", "Dr. Li", "liability", "Kestrel Ltd", "John Kestrel", "kestrel"}).Draw(t, "kestrel")
	case 0:
		return fmt.Sprintf("u%d.ü@host%d.example", n("a", 0, 99), n("b", 0, 9))
	case 1:
		return fmt.Sprintf("%03d-%02d-%04d", n("a", 1, 665), n("b", 1, 99), n("c", 1, 9999))
	case 2:
		return fmt.Sprintf("+%d %d %d", n("a", 1, 99), n("b", 100, 999), n("c", 1000, 99999))
	case 3:
		return "Name: " + rapid.SampledFrom([]string{"Jürgen O'Neill", "Łucja van der Berg", "J. P. Ray", "Ann Lee"}).Draw(t, "name")
	case 4:
		return "Lindenstraße " + fmt.Sprint(n("a", 1, 99))
	case 5:
		return "DE89 3704 0044 0532 0130 00"
	case 6:
		return "diagnosed with asthma"
	case 7:
		return "[[EMAIL_" + rapid.StringMatching(`[A-Z2-7]{4,12}`).Draw(t, "forged") + "]]"
	case 8:
		return rapid.SampledFrom([]string{"\n", "\t", "\u00a0", " , ", "𝔘", "e\u0301", "[[", "]]", "_"}).Draw(t, "odd")
	}
	return rapid.StringN(0, 12, -1).Draw(t, "words")
}

func text(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.Custom(piece), 0, 14).Draw(t, "pieces"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "between"))
}

func policy(t *rapid.T) privacy.Policy {
	p := privacy.Policy{Kinds: map[privacy.Kind]privacy.Action{}}
	for _, k := range privacy.Kinds() {
		p.Kinds[k] = rapid.SampledFrom([]privacy.Action{privacy.Keep, privacy.Tokenise, privacy.Withhold}).Draw(t, string(k))
	}
	return p
}

func TestOffsetsMapBothWays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := text(t)
		m := mask(t, key, s, parties(t), policy(t))
		source, masked := []rune(s), []rune(m.Text)
		if from, to := m.ToSource(0, len(masked)); from != 0 || to != len(source) {
			t.Fatalf("the whole maps to [%d, %d) of %d", from, to, len(source))
		}
		a := rapid.IntRange(0, len(source)).Draw(t, "start")
		b := rapid.IntRange(a, len(source)).Draw(t, "end")
		from, to := m.FromSource(a, b)
		if from < 0 || to < from || to > len(masked) {
			t.Fatalf("[%d, %d) maps to [%d, %d) of %d", a, b, from, to, len(masked))
		}
		back, backTo := m.ToSource(from, to)
		if a < b && (back > a || backTo < b) {
			t.Fatalf("[%d, %d) came back as [%d, %d): a part is lost", a, b, back, backTo)
		}
		if again, againTo := m.FromSource(back, backTo); a < b && (again != from || againTo != to) {
			t.Fatalf("[%d, %d) -> [%d, %d) -> [%d, %d): not stable", from, to, back, backTo, again, againTo)
		}
		// What is not replaced is the same text on both sides.
		if back == a && backTo == b && !strings.Contains(string(masked[from:to]), "[[") && string(source[a:b]) != string(masked[from:to]) {
			t.Fatalf("%q became %q without a token", string(source[a:b]), string(masked[from:to]))
		}
	})
}

// parties draws names as a reader may misread them: of a party, of a person, of a street, a mail address, a number, a word.
func parties(t *rapid.T) []string {
	return rapid.SliceOfN(rapid.SampledFrom([]string{
		"Kestrel", "kestrel.com", "Kestrel Ltd", "John Kestrel", "John", "Jane", "jane.doe@kestrel.com", "Ann Lee", "Name: Ann Lee", "Lindenstraße", "Lindenstraße 12",
		"12 Kestrel Street", "DE89", "host1.example", "asthma", "diagnosed with asthma", "Dr. Li", "Li", "the", "Party B", "🙂 Ltd",
	}), 0, 5).Draw(t, "parties")
}

// stands tells whether a value stands in a text and is not a part of a longer word or number.
func stands(text, value string) bool {
	same := func(a, b rune) bool {
		word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }
		return word(a) && word(b) || unicode.IsDigit(a) && unicode.IsDigit(b)
	}
	for at := 0; value != ""; {
		i := strings.Index(text[at:], value)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(value)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		first, size := utf8.DecodeRuneInString(value)
		last, _ := utf8.DecodeLastRuneInString(value)
		after, _ := utf8.DecodeRuneInString(text[end:])
		if !same(before, first) && !same(last, after) {
			return true
		}
		at = start + size
	}
	return false
}

func TestNoFoundValueIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, names, p := text(t), parties(t), policy(t)
		m := mask(t, key, s, names, p)
		for _, v := range m.Values() {
			if stands(outside(m.Text), v) {
				t.Fatalf("%q left in %q", v, m.Text)
			}
		}
		// Whatever somebody took for a party: what is found without them, and is to be replaced, is replaced.
		for _, h := range find(t, s, nil, p) {
			if p.Action(h.Kind) != privacy.Keep && stands(outside(m.Text), h.Text) {
				t.Fatalf("%s %q was found and left in %q; parties %q", h.Kind, h.Text, m.Text, names)
			}
		}
		if len(m.Altered(m.Text)) > 0 {
			t.Fatalf("a token in the masked text is not ours: %v", m.Altered(m.Text))
		}
	})
}

var token = regexp.MustCompile(`\[\[[A-Z]+_[A-Z2-7]+\]\]`)

// outside is a masked text without its tokens: a value may be a letter that a token has, too.
func outside(masked string) string { return token.ReplaceAllString(masked, "\x00") }

func TestAPartyNeverLetsAnotherKindLeave(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Write to jane.doe@kestrel.com.":                        "Write to [EMAIL].",
		"Name: John Kestrel":                                    "Name: [PERSON]",
		"at 12 Kestrel Street, for Kestrel":                     "at [ADDRESS], for Kestrel",
		"Kestrel and KESTREL and kestrels":                      "Kestrel and KESTREL and kestrels",
		"Name: John Kestrel\nlater, John Kestrel left Kestrel.": "Name: [PERSON]\nlater, [PERSON] left Kestrel.",
		"Dr. Li accepts the liability of Li, a publisher.":      "Dr. [PERSON] accepts the liability of [PERSON], a publisher.",
		"Mr. Will will leave; so Will.":                         "Mr. [PERSON] will leave; so [PERSON].",
		"Ms. Schröder. Schröders Büro; SCHRÖDER":                "Ms. [PERSON]. [PERSON]s Büro; [PERSON]",
	} {
		for _, names := range [][]string{{"Kestrel"}, {"kestrel", "John", "Jane", "Street"}, {"John Kestrel", "12 Kestrel", "jane.doe@kestrel.com", "doe@kestrel"}, nil} {
			m := mask(t, key, text, names, privacy.DefaultPolicy())
			if got := regexp.MustCompile(`\[\[([A-Z]+)_[A-Z2-7]+\]\]`).ReplaceAllString(m.Text, "[$1]"); got != want {
				t.Errorf("parties %q:\n got %s\nwant %s", names, got, want)
			}
		}
	}
}

func TestWhatOverlapsIsReplacedToItsEnds(t *testing.T) {
	t.Parallel()
	tokenised := privacy.DefaultPolicy()
	tokenised.Kinds[privacy.Party] = privacy.Tokenise
	got := mask(t, key, "Sold by Smith of 12 Kestrel Street. Smith of 12 pays. Kestrels fly.", []string{"Smith of 12", "Kestrel"}, tokenised)
	if out := token.ReplaceAllString(got.Text, "#"); out != "Sold by # # pays. Kestrels fly." {
		t.Errorf("got %q", out)
	}
	kept := privacy.DefaultPolicy()
	kept.Kinds[privacy.Address] = privacy.Keep
	if out := token.ReplaceAllString(mask(t, key, "Mr. Kestrel, 12 Kestrel Street", nil, kept).Text, "#"); out != "Mr. #, 12 # Street" {
		t.Errorf("a kept address lets a name leave: %q", out)
	}
}

func TestMaskingEndsWithItsCallerAndHasABound(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := privacy.Find(gone, "Name: John Smith", nil, privacy.DefaultPolicy()); !errors.Is(err, context.Canceled) {
		t.Errorf("Find went on: %v", err)
	}
	hits := find(t, "Name: John Smith", nil, privacy.DefaultPolicy())
	if _, err := privacy.Key(key).Mask(gone, "Name: John Smith", hits, privacy.DefaultPolicy()); !errors.Is(err, context.Canceled) {
		t.Errorf("Mask went on: %v", err)
	}
	flood := strings.Repeat("a@b.co ", 260_000)
	if _, err := privacy.Find(t.Context(), flood, nil, privacy.DefaultPolicy()); !fault.Is(err, fault.Unsupported) {
		t.Errorf("a flood of values: %v", err)
	}
	if _, err := privacy.Find(t.Context(), strings.Repeat("Ox ", 260_000), []string{"Ox"}, privacy.DefaultPolicy()); !fault.Is(err, fault.Unsupported) {
		t.Errorf("a flood of parties: %v", err)
	}
}

func TestAValueOverTheEndOfAPieceIsFoundWhole(t *testing.T) {
	t.Parallel()
	for _, shift := range []int{0, 3, 14} {
		for _, filler := range []string{"word ", "ö", "."} {
			text := strings.Repeat(filler, (128<<10-shift)/len(filler)) + " jane.doe@kestrel.com "
			hits := find(t, text, nil, privacy.DefaultPolicy())
			if len(hits) != 1 || !strings.HasSuffix(hits[0].Text, "jane.doe@kestrel.com") {
				t.Errorf("%q, %d before the end: %d hits", filler, shift, len(hits))
			}
		}
	}
}

func TestValuesThatBeginAlikeCostNoMoreThanOthers(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&b, "same.long.beginning.of.all.names%d@example.com, ", i)
	}
	b.WriteString(strings.Repeat("same.long.beginning.of.all.names ", 5_000))
	m := mask(t, key, b.String(), nil, privacy.DefaultPolicy())
	if m.Counts()[privacy.Email] != 5_000 || strings.Contains(m.Text, "@") {
		t.Errorf("%d of 5000 were masked", m.Counts()[privacy.Email])
	}
}

func FuzzFind(f *testing.F) {
	f.Add("Name: John Smith, 350 Fifth Avenue, IBAN DE89 3704 0044 0532 0130 00", "John Smith")
	f.Add("\xff\xfe date of birth: \x80 1/1/1970", "")
	f.Fuzz(func(t *testing.T, s, party string) {
		if len(s) > 1<<16 {
			return
		}
		last := 0
		for _, h := range find(t, s, []string{party}, privacy.DefaultPolicy()) {
			if h.Start < last || h.End <= h.Start || h.End > len([]rune(s)) {
				t.Fatalf("hit %+v after %d", h, last)
			}
			last = h.End
		}
	})
}

// Two hundred pages.
func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("7.2 Fees. Customer shall pay all undisputed invoices within thirty (30) days of receipt of the invoice, to the account named in Schedule 2. Notices go to Jane Roe, General Counsel, jane@example.com, tel. +1 212 555 0147.\n", 2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		mask(b, key, text, []string{"Northwind Tools, Inc."}, privacy.DefaultPolicy())
	}
}
