package privacy

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/wording"
)

// Hit is personal data found in a text: code points [Start, End).
type Hit struct {
	Kind  Kind
	Start int
	End   int
	Text  string
	parts []value // what overlapped here: each may stand alone elsewhere
}

type value struct {
	kind Kind
	text string
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
	namedID = regexp.MustCompile(`(?i)\b(?:social security|national insurance|tax(?:payer)? (?:id|identification)|passport|(?:driver|driving)['’]?s? licen[cs]e|identity card|national id|residence permit|personalausweis|reisepass|steuer-?id|ssn|nino)\b` + gap + `[ :#]((?:[A-Z]{0,3}[ -]?)\d[A-Z0-9]*(?:[ -][A-Z0-9]*\d[A-Z0-9]*){0,5})`)

	birth  = regexp.MustCompile(`(?i)(?:\bdate of birth|\bborn (?:in|at) (?-i:\p{Lu})[\p{L} '’-]{1,40}?(?:,? on\b|,)|\bborn(?: on)?|\bgeboren in [\p{L} ,'’-]{2,40}? am|\bd\.o\.b\.|\bdob|\bbirth ?date|\bgeboren am)\b?[\s:]*`)
	record = regexp.MustCompile(`(?i)\b(?:mrn|(?:medical record|patient|health plan(?: beneficiary)?|insurance member|chart)\s*(?:no\.?|number|id|identifier|#))(?: is| was)?[\s:#]*([A-Z0-9][A-Z0-9-]{3,19})`)

	ein      = regexp.MustCompile(`(?i)\b(?:ein|fein|employer id(?:entification)?(?: number)?)\b` + gap + `[ :#](\d{2}-?\d{7})\b`)
	npi      = regexp.MustCompile(`(?i)\b(?:npi|national provider id(?:entifier)?)\b` + gap + `[ :#](\d{10})\b`)
	account  = regexp.MustCompile(`(?i)\b(?:account|acct|a/c|konto)\.?(?: ?(?:no|nr|number|nummer|#)\b\.?)` + gap + `[ :#]?(\d(?:[ -]?\d){4,16})\b`)
	sortCode = regexp.MustCompile(`(?i)\b(?:sort ?code|blz|bankleitzahl)\b` + gap + `[ :#](\d{2}[ -]?\d{2}[ -]?\d{2,4})\b`)
	routing  = regexp.MustCompile(`(?i)\b(?:routing|aba)(?: transit)?(?: (?:no|number|code))?\b` + gap + `[ :#](\d{9})\b`)
	banking  = regexp.MustCompile(`(?i)\b(?:sort ?code|routing|aba|bank|blz|bankleitzahl|swift|bic|iban)\b`)

	ipv4   = regexp.MustCompile(`\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\b`)
	ipv6   = regexp.MustCompile(`(?i)(?:\b[0-9a-f]{1,4}|:)(?::[0-9a-f]{0,4}){2,7}(?:/\d{1,3})?`)
	ipCue  = regexp.MustCompile(`(?i)\bip(?:v4|v6)?\b[^.;\n]{0,24}$`)
	priced = regexp.MustCompile(`(?:[$€£¥]|\b[A-Z]{3}) ?$`)

	disease = regexp.MustCompile(`(?i)\b(?:diagnos(?:ed with|is(?: of|:)?)|suffer(?:s|ing|ed)? from|treat(?:ed|ment) for|history of|tested positive for)\s+([\p{L}][\p{L}0-9' -]{2,60})`)
	// diagnosis is what somebody was found to have, whatever it is called; of a fault that is found with a tool it is none.
	diagnosis = regexp.MustCompile(`(?i)\b(?:diagnosed (?:with|as having)|diagnosis of|tested positive for|suffer(?:s|ing|ed)? from)\s+((?:(?:an?|the) )?[\p{L}][\p{L}0-9'’-]*(?: [\p{L}0-9][\p{L}0-9'’-]*){0,5})`)
	somebody  = regexp.MustCompile(`\b(?i:he|she|him|her|who|patients?|employees?|workers?|insured|claimants?|members?|child(?:ren)?|sons?|daughters?|wife|husband|spouse|persons?|individuals?|participants?|applicants?|beneficiary|resident|(?:mr|mrs|ms|dr)\.? \p{L}+)\b[^.;\n]{0,60}$|` + oneName + ` ` + oneName + `(?:,? (?:who|was|is|has been|had been|were))* $`)
	diseased  = regexp.MustCompile(`(?i) (?:in|by|on|at|and|or|since|while|who|which|that|as|during|after|before|from|for|until|but|with|when|where|is|was|has|had|shall|will|may|must)(?: |$)`)
	icd       = regexp.MustCompile(`(?i)\bICD-?(?:9|10|11)?(?:-CM)?(?: codes?)?[\s:]*([A-Z]\d{2}(?:\.\d{1,4})?)`)

	phone    = regexp.MustCompile(`(?:\+|\b00)?\(?\d{1,5}\)?(?:[ ./-]{0,2}\(?\d{1,5}\)?){1,6}`)
	phoneCue = regexp.MustCompile(`(?i)(?:tel|telephone|phone|fax|facsimile|mobile|cell|telefon|call|dial|hotline)[^\p{L}\d]{0,4}(?:(?:no|nr|number)[^\p{L}\d]{0,4})?(?:at )?$`)
	// trunk is a number within a country that begins with a nought: 0171 496 0000, (0121) 496-0000.
	trunk    = regexp.MustCompile(`^(?:\(0[1-9]\d{1,4}\)|0[1-9]\d{1,4})[ .-]\d{3,4}[ .-]?\d{3,4}$`)
	american = regexp.MustCompile(`^(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}$`)

	street  = regexp.MustCompile(`\b\d{1,5}[A-Za-z]?(?:-\d{1,4})? (?:[NSEW]\.? )?(?:(?:\p{Lu}[\p{L}'’.]*|\d{1,3}(?:st|nd|rd|th)|of|the) ){1,5}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Way|Plaza|Square|Sq|Parkway|Pkwy|Highway|Hwy|Terrace|Place|Circle|Crescent|Row|Quay)\b\.?(?:,? (?:Suite|Ste\.?|Floor|Unit|Apt\.?|Room|#) ?[\w-]{1,8}\b)?(?:,? [\p{L}][\p{L} .'-]{1,40},? [A-Z]{2},? \d{5}(?:-\d{4})?\b)?(?:,? [\p{L}][\p{L} .'-]{1,30},? [A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b)?`)
	strasse = regexp.MustCompile(`\b\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse) ?\d{1,4}[a-z]?\b(?:, ?(?:[A-Z]{1,2}-)?\d{4,5} \p{Lu}[\p{L}-]+)?`)
	box     = regexp.MustCompile(`(?i)\b(?:P\.? ?O\.? Box|Postfach) \d{1,8}\b`)

	titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau|Mme|Sr|Sra)\.? (` + oneName + `(?:` + moreNames + `){0,3})`)
	posted = regexp.MustCompile(`(?:[Mm]anager|[Cc]o-?ordinator|[Rr]epresentative|[Dd]irector|[Oo]fficer|[Ee]ngineer|[Aa]dministrator|[Ll]ead|[Ss]ignatory|[Ww]itness|[Ss]ecretary|[Cc]ontact|[Aa]nsprechpartner(?:in)?|[Gg]eschäftsführer(?:in)?)(?:\s*:\s*|(?: (?:of|for|at) [^.;:\n]{2,40}?)? (?:is|shall be|will be|ist) )(?:Mr\.? |Ms\.? |Mrs\.? |Dr\.? )?(` + oneName + `(?:` + moreNames + `){1,3})`)
	// office is a role right before its name: "Project Lead Alice Cooper".
	office = regexp.MustCompile(`\b(?:(?i:project|team|technical|tech|delivery|account|service|service delivery|programme|program|product|contract|customer success|key account|support|security|data protection|compliance|finance|sales|procurement|managing|executive|operations|quality|test|release|site|regional|general) (?:[Mm]anager|[Ll]ead|[Ll]eader|[Dd]irector|[Oo]fficer|[Ee]ngineer|[Oo]wner|[Cc]o-?ordinator|[Aa]rchitect|[Aa]nalyst|[Rr]epresentative|[Aa]dministrator|[Cc]ounsel)|Chief \p{Lu}\p{L}+ Officer|CEO|CFO|CTO|COO|CIO|CISO|DPO),? (?:Mr\.? |Ms\.? |Mrs\.? |Dr\.? )?(` + oneName + `(?:` + moreNames + `){1,3})`)
	// capitals is a run of capitalised words and initials, in which a person may stand who is known by another form of the name.
	capitals = regexp.MustCompile(`(?:\p{Lu}\.|` + oneName + `)(?:,? (?:\p{Lu}\.(?:-?\p{Lu}\.)*|` + oneName + `))+`)
	cued     = regexp.MustCompile(`(?:/s/|\b[Nn]ame|\b[Aa]ttention|\bATTENTION|\b[Aa]ttn\.?|\bATTN\.?|\b[Cc]ontact(?: [Pp]erson)?|\b[Ss]igned by|\b[Rr]epresented by|\bc/o|\b[Ee]mployee|\b[Pp]atient|\bBy)\s*:?\s*(?:Mr\.? |Ms\.? |Mrs\.? |Dr\.? )?(` + oneName + `(?:` + moreNames + `){1,3})`)
	roled    = regexp.MustCompile(`(` + oneName + `(?:` + moreNames + `){1,3}),? (?:\((?:its |the )?)?(?:(?:acting )?as |its |our |the )?(?:Chief|President|Vice|CEO|CFO|CTO|COO|CIO|Director|Managing Director|Managing|General Counsel|General Manager|Secretary|Treasurer|Head of|Senior|Executive|Geschäftsführer|Chairman|Chairwoman|Chair of|an individual|residing)\b`)
)

const (
	// gap is what may stand between a cue and its number: "of the director is", "No.", "Nr."
	gap = `(?:[^.;\n\d]|\b(?:no|nr|num)\.){0,24}?`

	oneName   = `\p{Lu}[\p{L}'’-]*\p{L}`
	moreNames = ` (?:\p{Lu}\.(?: ?\p{Lu}\.)*|` + oneName + `|(?:van|von|de|der|den|del|da|di|la|le|bin|al|el)(?: (?:van|von|de|der|den|la))? ` + oneName + `)`
)

// most bounds how many places of personal data one text may have. A document beyond it is no contract, and is not sent.
const most = 250_000

func tooMany() error {
	return fault.New(fault.Unsupported, "The text has more than %d places of personal data; it is not masked, and nothing of it is sent. Split the document.", most)
}

// Find gives the personal data of a text, in order, none overlapping. Parties are the names of those who are bound by the
// contract, as somebody who read it found them; each place where one stands is a hit of the kind party. The policy decides
// where two kinds claim the same letters: what is replaced is joined, and what is kept never stands in its way.
func Find(ctx context.Context, text string, parties []string, p Policy) ([]Hit, error) {
	text = strings.ToValidUTF8(text, "?")
	f := &finder{ctx: ctx, text: text}
	f.numbers()
	f.words()
	f.names()
	f.variants()
	// What the text itself marks as a person is one, whoever took it for a party: a misread preamble must not let a name out.
	people := map[string]bool{}
	for _, s := range f.found {
		if s.kind == Person {
			people[wording.Fold(text[s.start:s.end])] = true
		}
	}
	known := map[string]Kind{}
	for _, name := range parties {
		name = strings.TrimSpace(strings.ToValidUTF8(name, "?"))
		if len(name) > 1 && (p.Action(Party) != Keep || !people[wording.Fold(name)]) {
			known[name] = Party
		}
	}
	if f.err == nil {
		var named []span
		named, f.err = places(ctx, text, known)
		f.found = append(f.found, named...)
	}
	if !f.goesOn() {
		return nil, f.err
	}
	return hits(text, f.found, p), nil
}

// finder collects what is found. After an error it looks for nothing more.
type finder struct {
	ctx   context.Context //nolint:containedctx // it lives for one call of Find
	text  string
	found []span
	err   error
}

// A long text is searched piece by piece, so that its caller can stop it. A match may reach over the end of its piece.
const (
	pieceLength = 128 << 10
	pieceReach  = 4 << 10
)

// pieceAt is where a piece that begins at a place ends, best at a white space, and how far its matches may reach.
func (f *finder) pieceAt(at int) (end, reach int) {
	aligned := func(i int) int {
		for i < len(f.text) && !utf8.RuneStart(f.text[i]) {
			i++
		}
		return min(i, len(f.text))
	}
	end = aligned(at + pieceLength)
	if i := strings.LastIndexAny(f.text[max(at, end-4096):end], " \n"); i >= 0 && end < len(f.text) {
		end = max(at, end-4096) + i + 1
	}
	return end, aligned(end + pieceReach)
}

// goesOn tells whether to look further.
func (f *finder) goesOn() bool {
	switch {
	case f.err != nil:
	case f.ctx.Err() != nil:
		f.err = fmt.Errorf("looking for personal data: %w", f.ctx.Err())
	case len(f.found) > most:
		f.err = tooMany()
	}
	return f.err == nil
}

// each calls fn with every match of an expression.
func (f *finder) each(re *regexp.Regexp, fn func(m []int)) {
	for at := 0; at < len(f.text) && f.goesOn(); {
		end, reach := f.pieceAt(at)
		next := end
		for _, m := range re.FindAllStringSubmatchIndex(f.text[at:reach], most+1) {
			if at+m[0] >= end {
				break
			}
			for i := range m {
				if m[i] >= 0 {
					m[i] += at
				}
			}
			next = max(next, m[1])
			fn(m)
		}
		at = next
	}
}

func (f *finder) add(k Kind, start, end int) { f.found = append(f.found, span{k, start, end}) }

// numbers are data whose form, or whose check digits, tell what they are.
func (f *finder) numbers() {
	text := f.text
	whole := func(k Kind, re *regexp.Regexp, ok func(m []int) bool) {
		f.each(re, func(m []int) {
			if ok == nil || ok(m) {
				f.add(k, m[0], m[1])
			}
		})
	}
	digits := func(m []int, group int) string { return digitsOf(text[m[2*group]:m[2*group+1]]) }
	whole(Email, email, nil)
	f.each(iban, func(m []int) {
		if end, ok := ibanEnd(text[m[0]:m[1]]); ok {
			f.add(IBAN, m[0], m[0]+end)
		}
	})
	whole(Card, card, func(m []int) bool { return luhn(digits(m, 0)) })
	whole(NationalID, ssn, func(m []int) bool { return realSSN(text[m[2]:m[3]], text[m[4]:m[5]], text[m[6]:m[7]]) })
	whole(NationalID, nino, nil)
	whole(NationalID, dni, func(m []int) bool { return realDNI(text[m[2]:m[3]], text[m[4]]) })
	whole(NationalID, nir, func(m []int) bool { return realNIR(digits(m, 0)) })
	f.each(namedID, func(m []int) {
		if len(digits(m, 1)) >= 5 {
			f.add(NationalID, m[2], m[3])
		}
	})
	for kind, list := range map[Kind][]*regexp.Regexp{EIN: {ein}, NPI: {npi}, Account: {sortCode, routing}} {
		for _, re := range list {
			f.each(re, func(m []int) { f.add(kind, m[2], m[3]) })
		}
	}
	f.each(account, func(m []int) { // "account" may be a customer's at the supplier: a bank must be spoken of
		if banking.MatchString(text[max(0, m[0]-80):min(len(text), m[1]+80)]) {
			f.add(Account, m[2], m[3])
		}
	})
	whole(IPAddress, ipv4, func(m []int) bool { return isIPv4(text, m[0], m[1]) })
	whole(IPAddress, ipv6, func(m []int) bool {
		address, _, _ := strings.Cut(text[m[0]:m[1]], "/")
		_, err := netip.ParseAddr(address)
		return err == nil && len(address) > 4
	})
	f.each(record, func(m []int) {
		if len(digits(m, 1)) >= 3 {
			f.add(MedicalRecord, m[2], m[3])
		}
	})
	whole(Phone, phone, func(m []int) bool { return isPhone(text, m[0], m[1]) })
}

// isIPv4 tells an address from a number of a clause (4.2.1.3) or an amount (1.234.200.100): something says so, or a part is
// larger than clauses count and no currency stands beside it.
func isIPv4(text string, start, end int) bool {
	address, _, masked := strings.Cut(text[start:end], "/")
	a, err := netip.ParseAddr(address)
	if err != nil || a.IsUnspecified() {
		return false
	}
	if masked || ipCue.MatchString(text[max(0, start-40):start]) {
		return true
	}
	large := slices.ContainsFunc(a.AsSlice(), func(part byte) bool { return part >= 100 })
	after := strings.TrimLeft(text[end:min(len(text), end+4)], " ")
	return large && !priced.MatchString(text[max(0, start-6):start]) && !strings.HasPrefix(after, "€") && !currencyAfter.MatchString(after)
}

var currencyAfter = regexp.MustCompile(`^(?:EUR|USD|CHF|GBP)`)

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
	if trunk.MatchString(s) && (n == 10 || n == 11) && !ofNumber.MatchString(text[max(0, start-24):start]) {
		return true
	}
	return s[0] == '+' || american.MatchString(s) || phoneCue.MatchString(text[max(0, start-24):start])
}

// ofNumber is before a number of something else: an order, an article, an account.
var ofNumber = regexp.MustCompile(`(?i)(?:\b(?:order|article|item|part|invoice|account|contract|policy|reference|ref|serial|no|nr|number|id|code|model)\.?|[#$€£]) ?:? ?$`)

// words are data that a phrase announces.
func (f *finder) words() {
	text := f.text
	f.each(birth, func(m []int) {
		rest := text[m[1]:min(len(text), m[1]+48)]
		normal := wording.Normal(rest)
		if dates := wording.Dates(normal.S); len(dates) > 0 {
			start, end := normal.Source(dates[0].Span)
			if from := byteAt(rest, start); !dates[0].Blank && from <= 4 {
				f.add(BirthDate, m[1]+from, m[1]+byteAt(rest, end))
			}
		}
	})
	f.each(disease, func(m []int) {
		if end := lastHealthWord(text[m[2]:m[3]]); end > 0 {
			f.add(Health, m[2], m[2]+end)
		}
	})
	f.each(diagnosis, func(m []int) {
		if !somebody.MatchString(text[max(0, m[0]-90):m[0]]) {
			return
		}
		end := m[3]
		if cut := diseased.FindStringIndex(text[m[2]:end]); cut != nil {
			end = m[2] + cut[0]
		}
		if end > m[2] {
			f.add(Health, m[2], end)
		}
	})
	f.each(icd, func(m []int) { f.add(Health, m[2], m[3]) })
	for _, re := range []*regexp.Regexp{street, strasse, box} {
		f.each(re, func(m []int) { f.add(Address, m[0], m[1]) })
	}
}

// names are people: after a title, after a cue such as "Name:", or before an office.
func (f *finder) names() {
	for _, rule := range []struct {
		re    *regexp.Regexp
		least int
	}{{titled, 1}, {cued, 2}, {posted, 2}, {office, 2}, {roled, 2}} {
		for at := 0; at < len(f.text) && f.goesOn(); {
			edge, reach := f.pieceAt(at)
			m := rule.re.FindStringSubmatchIndex(f.text[at:reach])
			if m == nil || at+m[0] >= edge {
				at = edge
				continue
			}
			start, end := at+m[2], at+m[3]
			if s, e, ok := person(f.text, start, end, rule.least); ok {
				f.add(Person, s, e)
			}
			at = max(end, at+1) // a name may begin where another cue's words ended
		}
	}
}

// variants finds people again whose name stands elsewhere in another form: with initials or names between, with the first name
// cut to its letter, or with the last name first.
func (f *finder) variants() {
	firsts := map[string][]string{} // by the last name
	for _, s := range f.found {
		words := strings.Fields(f.text[s.start:s.end])
		if n := len(words); s.kind == Person && n > 1 {
			last := wording.Fold(words[n-1])
			if first := wording.Fold(words[0]); !slices.Contains(firsts[last], first) {
				firsts[last] = append(firsts[last], first)
			}
		}
	}
	if len(firsts) == 0 {
		return
	}
	f.each(capitals, func(m []int) {
		type word struct {
			text       string
			start, end int
			comma      bool // after it
		}
		var words []word
		for at := m[0]; at < m[1]; {
			end := at + strings.IndexByte(f.text[at:m[1]]+" ", ' ')
			said := strings.TrimSuffix(f.text[at:end], ",")
			words = append(words, word{wording.Fold(strings.Trim(said, ".")), at, at + len(said), at+len(said) < end})
			at = end + 1
		}
		for j, w := range words {
			for _, first := range firsts[w.text] {
				called := func(s string) bool {
					return s == first || utf8.RuneCountInString(s) == 1 && strings.HasPrefix(first, s)
				}
				before := false
				for i := j - 1; i >= max(0, j-4) && !words[i].comma && !before; i-- {
					if before = called(words[i].text); before {
						f.add(Person, words[i].start, w.end)
					}
				}
				if !before && w.comma && j+1 < len(words) && called(words[j+1].text) {
					f.add(Person, w.start, words[j+1].end)
				}
			}
		}
	})
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

// hits makes spans of a text disjoint. Replaced ones that overlap become one, so that no end of the weaker leaves; a kept
// one stands only where nothing is replaced. White space at the sides of a hit does not belong to it.
func hits(text string, all []span, p Policy) []Hit {
	var replaced, kept []span
	for _, s := range all {
		s = trimmed(text, s)
		switch {
		case s.start >= s.end:
		case p.Action(s.kind) == Keep:
			kept = append(kept, s)
		default:
			replaced = append(replaced, s)
		}
	}
	groups, out := join(replaced, p), make([]group, 0, len(replaced))
	for _, k := range join(kept, p) {
		for len(groups) > 0 && groups[0].end <= k.start {
			out, groups = append(out, groups[0]), groups[1:]
		}
		if len(groups) == 0 || k.end <= groups[0].start {
			out = append(out, k)
		}
	}
	return inText(text, append(out, groups...))
}

func trimmed(text string, s span) span {
	body := strings.TrimLeftFunc(text[s.start:s.end], unicode.IsSpace)
	s.start = s.end - len(body)
	s.end = s.start + len(strings.TrimRightFunc(body, unicode.IsSpace))
	return s
}

// group is spans that overlap: from the first start to the last end, of the strongest kind.
type group struct {
	span
	parts []span // where there are several
}

// join sorts spans and puts together what overlaps.
func join(all []span, p Policy) []group {
	rank := map[Kind]int{}
	for i, k := range Kinds() {
		rank[k] = i
		if p.Action(k) == Withhold {
			rank[k] -= len(Kinds())
		}
	}
	slices.SortFunc(all, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(b.end, a.end), cmp.Compare(rank[a.kind], rank[b.kind]))
	})
	var out []group
	for _, s := range all {
		n := len(out) - 1
		if n < 0 || s.start >= out[n].end {
			out = append(out, group{span: s})
			continue
		}
		g := &out[n]
		if g.parts == nil {
			g.parts = []span{g.span}
		}
		g.parts = append(g.parts, s)
		g.end = max(g.end, s.end)
		if rank[s.kind] < rank[g.kind] {
			g.kind = s.kind
		}
	}
	return out
}

// inText turns bytes into code points.
func inText(text string, groups []group) []Hit {
	out := make([]Hit, 0, len(groups))
	at, points := 0, 0
	for _, g := range groups {
		points += utf8.RuneCountInString(text[at:g.start])
		at = g.start
		h := Hit{Kind: g.kind, Start: points, Text: text[g.start:g.end]}
		h.End = points + utf8.RuneCountInString(h.Text)
		for _, s := range g.parts {
			h.parts = append(h.parts, value{s.kind, text[s.start:s.end]})
		}
		out = append(out, h)
	}
	return out
}
