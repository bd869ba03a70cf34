package wording

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Name is a run of words that may name a company or a person.
type Name struct {
	Span
	Text  string // as it is called: without the stop of its sentence
	Form  bool   // ends with a legal form
	Caps  bool   // in capitals throughout
	Words int
}

// Names finds runs of words that may be names, each with the shorter names it may be meant by ("Acme Corp." in "Acme
// Corp. and Sons", "Leo A/S" in "Leo A/S of Street"). Which of them are parties is for the reader to say.
func Names(s string) []Name {
	var found []Name
	add := func(i, end int) {
		text := tidyName(s[i:end])
		if text == "" || genericName(text) || utf8.RuneCountInString(text) < 3 || len(text) > 120 || strings.IndexByte(text, ' ') < 0 && formLast(text) || kindOfCompany(s[:i], text) {
			return
		}
		n := Name{Span: Span{i, i + len(text)}, Text: text, Form: formLast(text), Words: len(strings.Fields(text)), Caps: strings.ToUpper(text) == text}
		if !strings.HasPrefix(s[i:], text) {
			n.End = end
		}
		found = append(found, n)
	}
	for i := 0; i < len(s); {
		if s[i] < utf8.RuneSelf && i > 0 && inName[s[i-1]] {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if i > 0 && (wordRune(s, i) || unicode.IsDigit(r) && s[i-1] == '/') {
			i += size
			continue
		}
		lowerStart := unicode.IsLower(r) && mixedWord(s[i:])
		if !unicode.IsUpper(r) && !lowerStart && !(unicode.IsDigit(r) && digitName(s[i:])) {
			i += size
			continue
		}
		from := i
		for _, lead := range []string{"And ", "AND ", "The ", "THE "} {
			if strings.HasPrefix(s[from:], lead) {
				from += 4
			}
		}
		if window := s[from:min(len(s), from+90)]; strings.IndexByte(window, ',') > 0 && strings.IndexByte(window, ',') < 24 && (strings.Contains(window, "& ") || strings.Contains(window, "and ")) {
			if m := firmList.FindStringIndex(window); m != nil {
				if end, ok := readName(s, from+m[1]-1); ok {
					add(from, end) // "Keefe, Bruyette & Woods, Inc."
				}
			}
		}
		end, ok := readName(s, from)
		if !ok {
			i += len(nextWord(s, i)) + 1
			continue
		}
		text := s[from:end]
		if !genericName(text) && !noise(text) {
			label := 0
			if k := strings.IndexByte(text, ' '); k > 0 && labelWord(text[:k]) && len(text) > k+3 {
				label = k + 1 // "Vendor  Lumen Software Pty Ltd": a line of an order form
			}
			if m := leadLabel.FindStringIndex(text[label:]); m != nil {
				label += m[1] // "1. Acme Corp."
			}
			if label == 0 || !onlyLabels(text, label) {
				add(from, end)
			}
			if label > 0 {
				add(from+label, end)
			}
			if m := cutTogether(text); m != nil {
				add(from+m[2], end) // "Chief Financial Officer ACME CORPORATION": a signature block on one line
			}
			if formLast(text) {
				if all := afterTitle.FindAllStringIndex(text, -1); all != nil {
					if m := all[len(all)-1]; len(text)-m[1] > 5 && !genericName(text[m[1]:]) {
						add(from+m[1], end) // "Chief Compliance Officer YA Global Investments II, Ltd."
					}
				}
			}
			if !formLast(text) && strings.HasPrefix(s[end:], " and ") {
				if more, ok := readName(s, end+5); ok && more-end < 40 && !genericName(s[end+5:more]) {
					add(from+label, more) // "Centre for Probe Development and Commercialization"
				}
			}
			body := false
			for _, cut := range shorter.FindAllStringIndex(text, -1) {
				if germanFirm(text[cut[1]:]) {
					continue // "Nordwind Betriebs GmbH & Co. KG" is one firm
				}
				if bodyOf(text, cut[0], cut[1]) || body && !formLast(text[:cut[0]]) {
					body = true // "Institute of Grain and Crop Research"
					continue
				}
				if end, rest := from+cut[0], text[cut[1]:]; cut[0] > 2 {
					add(from, end)
					if second := from + cut[1]; len(rest) > 3 && !genericName(rest) {
						add(second, from+len(text))
					}
				}
			}
		}
		i = max(end, i+1)
	}
	return found
}

var (
	afterTitle  = expression.MustCompile(`\b(?:Officer|President|Director|Secretary|Treasurer|Manager|Member|Signatory|Esq\.|Counsel|Chairman|Attorney|Partner) `)
	leadLabel   = expression.MustCompile(`^(?:\d{1,2}[.)]|(?:Full |Registered )?Legal Name|(?:Full|Company) Name|Name of [A-Z]\w+|(?:On )?(?:Behalf|BEHALF) (?:of|OF)) `)
	firmList    = expression.MustCompile(`^[A-Z][A-Za-z'-]+,(?: [A-Z][A-Za-z'-]+,){0,3} [A-Z][A-Za-z'-]+,? (?:&|and) [A-Z]`)
	runTogether = expression.MustCompile(`(?:\b(?:Officer|President|Director|Secretary|Treasurer|Manager|Title|Name|Esq\.?|Date|Counsel|Chairman|CEO|CFO|COO|Signatory|By|Dated|Party|Developer|Client|Buyer|Seller|Supplier|Company|Customer|Licensor|Licensee)|[a-z]) ((?:[A-Z][A-Z&.'-]+,? ){1,6}[A-Z][A-Z.]+\.?|\d{4} (?:[A-Z][\w&.'-]+,? ){0,6}[A-Z][\w.]+)$`)
)

// HeadName reads the name that stands at i, at the head of what is said of a party, and leaves out where the party is: "Wexcombe Borough Council
// of Town Hall, High Street". There is none where no name begins there, or one that is made of words for roles.
func HeadName(s string, i int) (Name, bool) {
	for _, article := range []string{"The ", "THE ", "the "} {
		if strings.HasPrefix(s[i:], article) {
			i += len(article)
		}
	}
	end, ok := readName(s, i)
	if !ok {
		return Name{}, false
	}
	text := s[i:end]
	for _, cut := range shorter.FindAllStringIndex(text, -1) {
		if word := strings.TrimSpace(text[cut[0]:cut[1]]); !strings.EqualFold(word, "and") && word != "&" && word != "for" && !bodyOf(text, cut[0], cut[1]) && (formLast(text[:cut[0]]) || publicTail.MatchString(text[:cut[0]])) {
			text = text[:cut[0]]
			break
		}
	}
	if more, ok := readName(s, min(len(s), end+len(" and "))); ok && len(text) == end-i && strings.HasPrefix(s[end:], " and ") && !formLast(text) && formLast(s[i:more]) {
		text = s[i:more] // "Stannard Cleaning and Security Limited"
	}
	text = tidyName(text)
	if utf8.RuneCountInString(text) < 3 || genericName(text) || !formLast(text) && noise(text) {
		return Name{}, false
	}
	return Name{Span: Span{i, i + len(text)}, Text: text, Form: formLast(text), Words: len(strings.Fields(text)), Caps: strings.ToUpper(text) == text}, true
}

var (
	publicHead = expression.MustCompile(`(?i)^(?:the )?(?:(?:royal|london|metropolitan|regional|rural|district|urban|united) )*(?:council|borough|county|city|town|township|village|parish|ministry|department|state|commonwealth|republic|kingdom|province|municipality|government|university|port|board of (?:trustees|governors|education|regents|supervisors|commissioners)|secretary of state) (?:of|for) `)
	publicTail = expression.MustCompile(`(?i)\b(?:council|nhs (?:foundation )?trust|school district(?: no\.? ?\d+)?|ministry|municipality|county|borough|integrated care board)$`)
)

// Public tells whether a name is that of a public body, which has no legal form: "the Council of the Borough of Wexcombe", "Eastvale NHS Trust".
func Public(name string) bool {
	return strings.IndexByte(name, ' ') > 0 && (publicHead.MatchString(name) || publicTail.MatchString(name))
}

// FirmList tells whether a name lists the names of partners: "Larkin, Moss & Adeyemi, LLP".
func FirmList(name string) bool { return firmList.MatchString(name) }

// kindOfCompany tells "a Delaware corporation" from a name: no name has that article before it, or is that of a state.
func kindOfCompany(before, text string) bool {
	if state, small := strings.CutSuffix(text, " corporation"); small {
		if at := Places(state); len(at) == 1 && at[0].Start == 0 && at[0].End == len(state) {
			return true
		}
	}
	before = strings.TrimRight(before, " \n")
	if !strings.HasSuffix(before, " a") && !strings.HasSuffix(before, " an") && !strings.HasSuffix(before, "\na") {
		return false
	}
	switch strings.ToLower(text[strings.LastIndexByte(text, ' ')+1:]) {
	case "corporation", "company", "partnership", "association", "corp", "corp.", "bank":
		return true
	}
	return false
}

// onlyLabels tells whether the words before a name are surely none of it: "Full Legal Name Acme Corp.", "Developer ACME SOFTWARE, INC."
func onlyLabels(text string, label int) bool {
	lead, rest := text[:label], text[label:]
	if strings.HasSuffix(lead, "Name ") {
		return true
	}
	first := nextWord(rest, 0)
	return formLast(rest) && utf8.RuneCountInString(first) > 3 && strings.ToUpper(first) == first && strings.ToUpper(lead) != lead && lead[0] > '9'
}

// bodyOf tells whether "of" stands in the middle of a name: a bank, a university, a town is called by what follows too.
func bodyOf(text string, cut, rest int) bool {
	if !strings.EqualFold(strings.TrimSpace(text[cut:rest]), "of") {
		return false
	}
	switch strings.ToLower(text[strings.LastIndexByte(text[:cut], ' ')+1 : cut]) {
	case "council", "borough", "municipality", "township", "province", "republic", "kingdom", "government":
		return publicHead.MatchString(text[:cut] + " of ") // and not "Foxmere Borough Council of Town Hall"
	case "bank", "university", "institute", "college", "town", "city", "county", "state", "commonwealth", "department", "ministry", "society", "authority", "museum", "church", "academy", "school", "port":
		return true
	}
	return false
}

var shorter = expression.MustCompile(` (?:and|AND|of|OF|in|at|&|by|for) `)

// germanFirm tells the end of a German partnership whose partner is a company: "& Co. KG".
func germanFirm(rest string) bool {
	rest, ok := strings.CutPrefix(rest, "Co")
	rest = strings.TrimLeft(rest, ". ")
	return ok && (strings.HasPrefix(rest, "KG") || strings.HasPrefix(rest, "OHG"))
}

// inName are the letters of ASCII right behind which no name begins: those of which wordRune is true, whatever stands before them.
var inName = setOf("abcdefghijklmnopqrstuvwxyz0123456789'")

func wordRune(s string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '\'' || r == '.' && i > 1 && unicode.IsLetter(rune(s[i-2]))
}

// mixedWord tells a name that begins small: "eFashion", "drkoop.com".
func mixedWord(s string) bool {
	w := nextWord(s, 0)
	if len(w) < 3 {
		return false
	}
	if strings.IndexFunc(w, unicode.IsDigit) > 1 && len(w) > 3 && len(s) > len(w)+1 && s[len(w)] == ' ' && s[len(w)+1] >= 'A' && s[len(w)+1] <= 'Z' {
		return true // "edge2net Inc."
	}
	if strings.HasPrefix(s[len(w):], ", Inc") || strings.HasPrefix(s[len(w):], ", inc") || strings.HasPrefix(s[len(w):], ", LLC") {
		return true
	}
	return hasUpper(w) || strings.HasSuffix(w, ".com") || strings.HasSuffix(w, ".org")
}

func digitName(s string) bool {
	w := nextWord(s, 0)
	if strings.Count(w, "/") > 1 {
		return false // a date
	}
	if strings.IndexFunc(w, unicode.IsLetter) > 0 {
		return len(w) > 3 && !strings.HasSuffix(w, "th") && !strings.HasSuffix(w, "st") && !strings.HasSuffix(w, "nd")
	}
	if len(w) == 4 && (w[:2] == "19" || w[:2] == "20") {
		return false
	}
	rest := s[len(w):min(len(s), len(w)+3)]
	return len(w) >= 2 && len(rest) > 1 && rest[0] == ' ' && unicode.IsUpper(rune(rest[1]))
}

// Described makes a party of a name at [start, end) and of what the text says of it right after.
func Described(s string, start, end int) Party {
	until := min(len(s), end+420)
	if next := nextParty(s, end, true); next.at > end {
		until = min(until, next.at)
	}
	for until < len(s) && !utf8.RuneStart(s[until]) {
		until++
	}
	return describe(s, start, end, until)
}

func labelWord(w string) bool {
	switch strings.ToLower(w) {
	case "vendor", "customer", "supplier", "client", "buyer", "seller", "provider", "licensee", "licensor", "distributor", "contractor", "purchaser", "lessor", "lessee", "landlord", "tenant", "reseller", "consultant", "principal", "company",
		"developer", "publisher", "franchisee", "franchisor", "manufacturer", "operator", "owner", "agent", "sponsor", "employer", "employee", "executive", "subcontractor", "lender", "borrower", "guarantor", "bank", "party", "name":
		return true
	}
	return false
}

// cutTogether finds where a name in capitals follows other words.
func cutTogether(text string) []int {
	if len(text) < 12 || strings.IndexByte(text, ' ') < 0 || strings.ToUpper(text) == text {
		return nil
	}
	return runTogether.FindStringSubmatchIndex(text)
}

// Called tells whether a short name in quotes follows a name: `Acme Corp., a Delaware corporation ("Acme")`.
func Called(rest string) bool {
	q := strings.IndexByte(rest[:min(len(rest), 120)], '"')
	if q < 0 {
		return false
	}
	between := rest[:q]
	return !strings.Contains(between, ". ") && !strings.Contains(between, "\n") && (q < 40 || strings.IndexByte(between, '(') >= 0)
}

// Describes tells whether what follows a name says what it is: "a Delaware corporation", "with offices at".
func Describes(rest string) bool {
	rest = strings.TrimLeft(rest[:min(len(rest), 40)], " ,(")
	for _, w := range []string{"a ", "an ", "the ", "organized", "incorporated", "having", "with ", "whose", "located", "formed", "existing", "acting", "d/b/a", "dba", "doing business", "f/k/a", "formerly", "hereinafter", "residing", "company number", "registered"} {
		if strings.HasPrefix(rest, w) {
			return true
		}
	}
	return false
}

// The expressions on legal forms and on words that name nobody are tried only where their first or last two letters say
// that they can match: names are read at every capital of a preamble.
type formHints struct {
	first map[[2]byte]bool
	forms map[string]bool // without stops
}

var hints = sync.OnceValue(func() formHints {
	h := formHints{first: map[[2]byte]bool{}, forms: map[string]bool{}}
	for _, f := range strings.Split(legalForms, "|") {
		raw := strings.NewReplacer(`\.`, ".", "?", "").Replace(f)
		if len(raw) < 2 {
			continue
		}
		h.first[[2]byte{raw[0], raw[1]}] = true
		plain := strings.NewReplacer(".", "", "/", "").Replace(raw[strings.LastIndexByte(raw, ' ')+1:])
		if len(plain) > 1 {
			h.forms[plain] = true
		}
	}
	for _, first := range []string{"In", "in", "LL", "ll", "Lt", "lt", "Co", "co", "S.", "SA", "L.", "N.", "B.", "P.", "F.", "G.", "K.", "A.", "A/", "S/"} {
		h.first[[2]byte{first[0], first[1]}] = true
	}
	for _, f := range []string{"PLLC", "LLC", "LLP", "LP", "SA", "SAS", "SARL", "NA", "NV", "BV", "Srl", "SRL", "SpA", "SPA", "AS", "PC", "PA", "PLC", "FSB", "GIE", "KK", "SÀRL", "SàRL", "SÀrl", "Sàrl"} {
		h.forms[f] = true
	}
	return h
})

func formFirst(s string) bool {
	return len(s) > 1 && hints().first[[2]byte{s[0], s[1]}] && legalForm.MatchString(s) || wordyForm(s) > 0
}

// formLast tells whether a name ends with a legal form.
func formLast(s string) bool {
	s = strings.TrimSuffix(strings.TrimSuffix(s, ","), ".")
	i := len(s)
	for i > 0 && (letter(s[i-1]) || s[i-1] == '.' || s[i-1] == '/' || s[i-1] >= 0x80) {
		i--
	}
	last := withoutStops.Replace(s[i:])
	if hints().forms[last] {
		return true
	}
	if strings.HasSuffix(strings.ToLower(last), "oo") || last == "k" || last == "j" || last == "CV" || strings.HasSuffix(last, "odpowiedzialnością") || strings.HasSuffix(last, "komandytowa") {
		if wordyLast.MatchString(s[boundary(s, len(s)-80):]) {
			return true
		}
	}
	if (last == "RL" || last == "rl") && legalTail.MatchString(s[boundary(s, len(s)-32):]) {
		return true // "S.À R.L."
	}
	// "L. L. C.": a form written apart.
	if len(last) != 1 || i < 3 || s[i-1] != ' ' || s[i-2] != '.' {
		return false
	}
	return legalTail.MatchString(s[boundary(s, len(s)-32):])
}

// boundary is the first place from i on where a letter begins.
func boundary(s string, i int) int {
	i = max(0, i)
	for i < len(s) && !utf8.RuneStart(s[i]) {
		i++
	}
	return i
}

var withoutStops = strings.NewReplacer(".", "", "/", "")

func noise(name string) bool {
	low := strings.ToLower(name)
	if strings.IndexFunc(name, unicode.IsDigit) < 0 && !anyOf(low, "this", "agreement", "section", "article", "exhibit", "contract", "indemnification", "table of contents", "whereas") {
		return false
	}
	return nameNoise.MatchString(name)
}

func closes(word string) bool {
	switch strings.TrimSuffix(word, ".") {
	case "Inc", "INC", "LLC", "L.L.C", "PLLC", "P.L.L.C", "Ltd", "LTD", "Corp", "CORP", "GmbH", "LP", "L.P", "LLP", "PLC", "plc", "N.V", "B.V", "S.A", "Pty", "Pte":
		return true
	}
	return false
}

// noName tells whether a text begins with a word that begins no name.
func noName(s string) bool {
	if len(s) < 2 {
		return false
	}
	switch s[0] | 0x20 {
	case 't', 'w', 'r', 'a', 'p', 's', 'e', 'f', 'b', 'i', 'd', 'c', 'o', 'n', 'u', 'j', 'm':
		return notName.MatchString(s)
	}
	return false
}
