package privacy

import (
	"math/big"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/wording"
)

// Hit is personal data found in a text: code points [Start, End).
type Hit struct {
	Kind  Kind
	Start int
	End   int
	Text  string
}

// span is a hit in bytes.
type span struct {
	kind       Kind
	start, end int
}

var (
	email = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+'-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}`)

	iban = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}`)
	card = regexp.MustCompile(`\b\d(?:[ -]?\d){12,18}\b`)

	ssn     = regexp.MustCompile(`\b(\d{3})-(\d{2})-(\d{4})\b`)
	nino    = regexp.MustCompile(`\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b`)
	dni     = regexp.MustCompile(`\b(\d{8})-?([A-Z])\b`)
	nir     = regexp.MustCompile(`\b[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}\b`)
	namedID = regexp.MustCompile(`(?i)\b(?:social security|national insurance|tax(?:payer)? (?:id|identification)|passport|driver'?s licen[cs]e|identity card|national id|personalausweis|steuer-?id|ssn|nino)\b[^.;\n\d]{0,24}?[ :#]((?:[A-Z]{0,3}[ -]?)\d[A-Z0-9]*(?:[ -][A-Z0-9]*\d[A-Z0-9]*){0,5})`)

	birth  = regexp.MustCompile(`(?i)(?:\bdate of birth|\bborn(?: on)?|\bd\.o\.b\.|\bdob|\bbirth ?date|\bgeboren am)\b?[\s:]*`)
	record = regexp.MustCompile(`(?i)\b(?:mrn|(?:medical record|patient|health plan(?: beneficiary)?|insurance member|chart)\s*(?:no\.?|number|id|identifier|#))(?: is| was)?[\s:#]*([A-Z0-9][A-Z0-9-]{3,19})`)

	disease = regexp.MustCompile(`(?i)\b(?:diagnos(?:ed with|is(?: of|:)?)|suffer(?:s|ing|ed)? from|treat(?:ed|ment) for|history of|tested positive for)\s+([\p{L}][\p{L}0-9' -]{2,60})`)
	icd     = regexp.MustCompile(`(?i)\bICD-?(?:9|10|11)?(?:-CM)?(?: codes?)?[\s:]*([A-Z]\d{2}(?:\.\d{1,4})?)`)

	phone    = regexp.MustCompile(`(?:\+|\b00)?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,5}\)?){1,6}`)
	phoneCue = regexp.MustCompile(`(?i)(?:tel|telephone|phone|fax|facsimile|mobile|cell|telefon|call|dial|hotline)[^\p{L}\d]{0,4}(?:(?:no|nr|number)[^\p{L}\d]{0,4})?(?:at )?$`)
	american = regexp.MustCompile(`^(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$`)

	street  = regexp.MustCompile(`\b\d{1,5}[A-Za-z]?(?:-\d{1,4})? (?:[NSEW]\.? )?(?:(?:\p{Lu}[\p{L}'’.]*|\d{1,3}(?:st|nd|rd|th)|of|the) ){1,5}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Plaza|Square|Sq|Parkway|Pkwy|Highway|Hwy|Terrace|Place|Circle|Crescent|Row|Quay)\b\.?(?:,? (?:Suite|Ste\.?|Floor|Unit|Apt\.?|Room|#) ?[\w-]{1,8}\b)?(?:,? [\p{L}][\p{L} .'-]{1,40},? [A-Z]{2},? \d{5}(?:-\d{4})?\b)?(?:,? [\p{L}][\p{L} .'-]{1,30},? [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)?`)
	strasse = regexp.MustCompile(`\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse) ?\d{1,4}[a-z]?\b(?:, ?(?:[A-Z]{1,2}-)?\d{4,5} \p{Lu}[\p{L}-]+)?`)
	box     = regexp.MustCompile(`(?i)\b(?:P\.? ?O\.? Box|Postfach) \d{1,8}\b`)

	titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.? (` + oneName + `(?:` + moreNames + `){0,3})`)
	cued   = regexp.MustCompile(`(?:/s/|\b[Nn]ame|\b[Aa]ttention|\bATTENTION|\b[Aa]ttn\.?|\bATTN\.?|\b[Cc]ontact(?: [Pp]erson)?|\b[Ss]igned by|\b[Rr]epresented by|\bc/o|\b[Ee]mployee|\b[Pp]atient|\bBy)\s*:?\s*(?:Mr\.? |Ms\.? |Mrs\.? |Dr\.? )?(` + oneName + `(?:` + moreNames + `){1,3})`)
	roled  = regexp.MustCompile(`(` + oneName + `(?:` + moreNames + `){1,3}),? (?:\((?:its |the )?)?(?:(?:acting )?as |its |our |the )?(?:Chief|President|Vice|CEO|CFO|CTO|COO|CIO|Director|Managing Director|Managing|General Counsel|General Manager|Secretary|Treasurer|Head of|Senior|Executive|Geschäftsführer|Chairman|Chairwoman|Chair of|an individual|residing)\b`)
)

const (
	oneName   = `\p{Lu}[\p{L}'’-]*\p{L}`
	moreNames = ` (?:\p{Lu}\.(?: ?\p{Lu}\.)*|` + oneName + `|(?:van|von|de|der|den|del|da|di|la|le|bin|al|el)(?: (?:van|von|de|der|den|la))? ` + oneName + `)`
)

// Find gives the personal data of a text, in order, none overlapping. Parties are the names of those who are bound by the
// contract, as somebody who read it found them; each place where one stands is a hit of the kind party.
func Find(text string, parties []string) []Hit {
	text = strings.ToValidUTF8(text, "?")
	var all []span
	// What the text itself marks as a person is one, whoever took it for a party: a misread preamble must not let a name out.
	people := map[string]bool{}
	for _, s := range names(text) {
		people[wording.Fold(text[s.start:s.end])] = true
	}
	known := map[string]Kind{}
	for _, name := range parties {
		if name = strings.TrimSpace(name); len(name) > 1 && !people[wording.Fold(name)] {
			known[name] = Party
		}
	}
	all = append(all, places(text, known)...)
	all = append(all, numbers(text)...)
	all = append(all, words(text)...)
	all = append(all, names(text)...)
	return hits(text, disjoint(all))
}

// numbers are data whose form, or whose check digits, tell what they are.
func numbers(text string) []span {
	var out []span
	add := func(k Kind, m []int, group int, ok bool) {
		if ok && m[2*group] >= 0 {
			out = append(out, span{k, m[2*group], m[2*group+1]})
		}
	}
	for _, m := range email.FindAllStringIndex(text, -1) {
		add(Email, m, 0, true)
	}
	for _, m := range iban.FindAllStringIndex(text, -1) {
		if end, ok := ibanEnd(text[m[0]:m[1]]); ok {
			out = append(out, span{IBAN, m[0], m[0] + end})
		}
	}
	for _, m := range card.FindAllStringIndex(text, -1) {
		add(Card, m, 0, luhn(digitsOf(text[m[0]:m[1]])))
	}
	for _, m := range ssn.FindAllStringSubmatchIndex(text, -1) {
		add(NationalID, m, 0, realSSN(text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]]))
	}
	for _, m := range nino.FindAllStringIndex(text, -1) {
		add(NationalID, m, 0, true)
	}
	for _, m := range dni.FindAllStringSubmatchIndex(text, -1) {
		add(NationalID, m, 0, realDNI(text[m[2]:m[3]], text[m[4]]))
	}
	for _, m := range nir.FindAllStringIndex(text, -1) {
		add(NationalID, m, 0, realNIR(digitsOf(text[m[0]:m[1]])))
	}
	for _, m := range namedID.FindAllStringSubmatchIndex(text, -1) {
		add(NationalID, m, 1, len(digitsOf(text[m[2]:m[3]])) >= 5)
	}
	for _, m := range record.FindAllStringSubmatchIndex(text, -1) {
		add(MedicalRecord, m, 1, len(digitsOf(text[m[2]:m[3]])) >= 3)
	}
	for _, m := range phone.FindAllStringIndex(text, -1) {
		add(Phone, m, 0, isPhone(text, m[0], m[1]))
	}
	return out
}

// isPhone wants a sign of a telephone: a plus, the American form, or a word before it. Contracts are full of numbers.
func isPhone(text string, start, end int) bool {
	s := text[start:end]
	n := len(digitsOf(s))
	if n < 7 || n > 15 {
		return false
	}
	if end < len(text) && (text[end] == '%' || text[end] == '/') {
		return false
	}
	return s[0] == '+' || american.MatchString(s) || phoneCue.MatchString(text[max(0, start-24):start])
}

// words are data that a phrase announces.
func words(text string) []span {
	var out []span
	for _, m := range birth.FindAllStringIndex(text, -1) {
		rest := text[m[1]:min(len(text), m[1]+48)]
		normal := wording.Normal(rest)
		for _, d := range wording.Dates(normal.S) {
			start, end := normal.Source(d.Span)
			if from := byteAt(rest, start); !d.Blank && from <= 4 {
				out = append(out, span{BirthDate, m[1] + from, m[1] + byteAt(rest, end)})
			}
			break
		}
	}
	for _, m := range disease.FindAllStringSubmatchIndex(text, -1) {
		phrase := text[m[2]:m[3]]
		if end := lastHealthWord(phrase); end > 0 {
			out = append(out, span{Health, m[2], m[2] + end})
		}
	}
	for _, m := range icd.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, span{Health, m[2], m[3]})
	}
	for _, re := range []*regexp.Regexp{street, strasse, box} {
		for _, m := range re.FindAllStringIndex(text, -1) {
			out = append(out, span{Address, m[0], m[1]})
		}
	}
	return out
}

// names are people: after a title, after a cue such as "Name:", or before an office.
func names(text string) []span {
	var out []span
	for _, rule := range []struct {
		re    *regexp.Regexp
		least int
	}{{titled, 1}, {cued, 2}, {roled, 2}} {
		for at := 0; at < len(text); {
			m := rule.re.FindStringSubmatchIndex(text[at:])
			if m == nil {
				break
			}
			start, end := at+m[2], at+m[3]
			if s, e, ok := person(text, start, end, rule.least); ok {
				out = append(out, span{Person, s, e})
			}
			at = max(end, at+1) // a name may begin where another cue's words ended
		}
	}
	return out
}

// person cuts a run of capitalised words to what can be a name; ok is false where nothing is left.
func person(text string, start, end, least int) (from, to int, ok bool) {
	kept := 0
	to = start
	for i := start; i < end; {
		j := i + strings.IndexByte(text[i:end]+" ", ' ')
		w := text[i:j]
		if legalTail.MatchString(w + " ") {
			return 0, 0, false // "Ernst Young LLP" is a company
		}
		if stopWords[strings.ToLower(strings.Trim(w, ".'’"))] {
			if kept > 0 {
				break
			}
			start, to = min(j+1, end), min(j+1, end)
		} else {
			kept++
			to = j
		}
		i = j + 1
	}
	if kept < least || to <= start {
		return 0, 0, false
	}
	if after := strings.TrimLeft(text[to:min(len(text), to+12)], " ,"); legalTail.MatchString(after) {
		return 0, 0, false
	}
	return start, to, true
}

var legalTail = regexp.MustCompile(`^(?:Inc|LLC|LLP|L\.L\.C|LP|Ltd|Limited|Corp|GmbH|AG|SA|S\.A|BV|B\.V|NV|PLC|plc|Co|Company|& )\b`)

var stopWords = wordSet(`agreement section article schedule exhibit annex appendix company customer supplier provider vendor client buyer seller
licensor licensee party parties contractor consultant distributor reseller lessor lessee landlord tenant borrower lender title date name signature signed by its
the this that each any all such either both and or of for to in on at chief executive officer president vice director manager managing general counsel secretary
treasurer legal department board chairman head senior account project operations finance sales support services service effective term notice notices inc llc ltd
limited corporation corp gmbh ag plc united states america kingdom new york state january february march april may june july august september october november
december monday tuesday wednesday thursday friday saturday sunday print printed telephone phone email e-mail fax address attention attn authorized representative
if with as from no not contact person office accounts payable procurement purchasing information security privacy data protection human resources`)

var healthWords = wordSet(`diabetes cancer carcinoma hiv aids hepatitis asthma depression epilepsy hypertension pregnancy dementia alzheimer disorder disease syndrome
injury infection schizophrenia covid covid-19 tuberculosis stroke leukemia leukaemia tumor tumour fracture addiction alcoholism anxiety autism arthritis migraine
allergy anemia anaemia bronchitis pneumonia sclerosis parkinson lupus melanoma obesity psychosis bipolar ptsd`)

func wordSet(s string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(s) {
		out[w] = true
	}
	return out
}

// lastHealthWord is where the last word of a phrase ends that names a condition; 0 where none does.
func lastHealthWord(phrase string) int {
	end := 0
	for i := 0; i < len(phrase); {
		j := i + strings.IndexByte(phrase[i:]+" ", ' ')
		if healthWords[strings.ToLower(strings.Trim(phrase[i:j], "'-"))] {
			end = j
		}
		i = j + 1
	}
	return end
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

func luhn(d string) bool {
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return len(d) >= 13 && sum%10 == 0 && strings.Trim(d, "0") != ""
}

// ibanEnd tells where an account number ends in s: countries fix its length, and the check digits must be right.
func ibanEnd(s string) (int, bool) {
	want, ok := ibanLengths[s[:2]]
	if !ok {
		return 0, false
	}
	var compact []byte
	for i := range len(s) {
		if s[i] == ' ' {
			continue
		}
		if compact = append(compact, s[i]); len(compact) == want {
			return i + 1, mod97(string(compact[4:])+string(compact[:4])) == 1
		}
	}
	return 0, false
}

var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21,
	"HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24,
	"SE": 24, "SI": 19, "SK": 24, "SM": 27, "TR": 26,
}

func mod97(s string) int64 {
	var digits strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 'A' {
			digits.WriteString(big.NewInt(int64(c-'A') + 10).String())
		} else {
			digits.WriteByte(c)
		}
	}
	n, ok := new(big.Int).SetString(digits.String(), 10)
	if !ok {
		return 0
	}
	return new(big.Int).Mod(n, big.NewInt(97)).Int64()
}

func realSSN(area, group, serial string) bool {
	return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000"
}

func realDNI(digits string, letter byte) bool {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return "TRWAGMYFPDXBNJZSQVHLCKE"[n%23] == letter
}

func realNIR(d string) bool {
	if len(d) != 15 {
		return false
	}
	n, ok := new(big.Int).SetString(d[:13], 10)
	key, okKey := new(big.Int).SetString(d[13:], 10)
	return ok && okKey && 97-new(big.Int).Mod(n, big.NewInt(97)).Int64() == key.Int64()
}

// byteAt is the byte offset of a code point.
func byteAt(s string, codePoint int) int {
	for i := range s {
		if codePoint == 0 {
			return i
		}
		codePoint--
	}
	return len(s)
}

// disjoint keeps the stronger of two hits that overlap: by kind, then the longer, then the earlier.
func disjoint(all []span) []span {
	rank := map[Kind]int{}
	for i, k := range Kinds() {
		rank[k] = i
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if rank[a.kind] != rank[b.kind] {
			return rank[a.kind] < rank[b.kind]
		}
		if a.end-a.start != b.end-b.start {
			return a.end-a.start > b.end-b.start
		}
		return a.start < b.start
	})
	var kept []span // sorted by start
	for _, s := range all {
		i := sort.Search(len(kept), func(i int) bool { return kept[i].end > s.start })
		if i < len(kept) && kept[i].start < s.end {
			continue
		}
		kept = slices.Insert(kept, i, s)
	}
	return kept
}

// hits turns bytes into code points; white space at the sides of a hit does not belong to it.
func hits(text string, spans []span) []Hit {
	out := make([]Hit, 0, len(spans))
	at, points := 0, 0
	for _, s := range spans {
		for s.start < s.end {
			r, n := utf8.DecodeRuneInString(text[s.start:])
			if !unicode.IsSpace(r) {
				break
			}
			s.start += n
		}
		body := strings.TrimRightFunc(text[s.start:s.end], unicode.IsSpace)
		if body == "" {
			continue
		}
		points += utf8.RuneCountInString(text[at:s.start])
		at = s.start
		out = append(out, Hit{Kind: s.kind, Start: points, End: points + utf8.RuneCountInString(body), Text: body})
	}
	return out
}
