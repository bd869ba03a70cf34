package wording

import (
	"iter"
	"maps"
	"math/bits"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording/expression"
)

// Party is a party that a preamble names. Span covers the name and what is said of it, NameSpan the name alone.
type Party struct {
	Span
	NameSpan Span
	Party    pact.Party
	Strong   bool // has a legal form, an alias or a description, so it is surely a party and not just capitals
}

const legalForms = `inc|llc|ltd|corp|corporation|S\.[Àà]\.? ?[Rr]\.? ?[Ll]|Berhad|Tbk|Sdn\.? Bhd|Incorporated|Inc|L\. ?L\. ?C|LLC|P\. ?L\. ?L\. ?C|PLLC|L\. ?L\. ?P|LLP|L\. ?P|LP|Limited Partnership|Limited|Ltda|Ltd|LTDA|Corporation|Corp|Company|Co|PLC|plc|P\.L\.C|GmbH & Co\. KG|GmbH|GMBH|AG|S\.A\.S|SAS|S\.A\.R\.L|SARL|S\.A|S/A|SA|N\.A|N\.V|NV|B\.V|BV|S\. ?r\. ?l|S\.R\.L|Srl|SRL|S\.p\.A|SpA|SPA|A\.S|A/S|AB|ASA|AS|Oyj|Oy|KG|SE|Pty|PTY|Pte|PTE|Bhd|P\.C|PC|P\.A|PA|FSB|F\.S\.B|G\.I\.E|K\.K|KK|Trust|Fund|Bank|University|Association|Partnership|Partners|Foundation|Institute|Authority|Cooperative|JSC|OJSC|LTD|INC|CORP|CO|COMPANY|CORPORATION|LIMITED|INCORPORATED|TRUST|FUND|BANK|UNIVERSITY|ASSOCIATION|PARTNERSHIP`

var (
	legalForm  = expression.MustCompile(`^(?:` + legalForms + `)\.?(?:[^A-Za-z0-9]|$)`)
	legalTail  = expression.MustCompile(`(?:^|[^A-Za-z])(?:` + legalForms + `)\.?,?$`)
	onlyForm   = expression.MustCompile(`^(?i:(?:and|&)? ?(?:sons?|brothers|bros|partners|associates|affiliates|company|co|subsidiaries)\b)`)
	aliasNext  = expression.MustCompile(`^[ ,]*(?:a/k/a [^("]{0,60})?[(\[]? ?(?:(?:together|collectively|hereinafter|hereafter|referred|each|the|in|this|individually|such|herein|also|being|as|defined)[^"()]{0,90})?"`)
	descrNext  = expression.MustCompile(`^ ?[,(]? ?(?:an?|the|organized|incorporated|having|with|whose|located|formed|existing|acting|in (?:his|her|its)|on (?:its )?behalf|for itself|d/b/a|dba|doing business|f/k/a|formerly|hereinafter|hereafter|of [A-Z0-9]|\(collectively|duly|company|residing|together|through|by and through|as )\b`)
	corpNext   = expression.MustCompile(`(?i)^,? ?\(?(?:an?|the|organized|incorporated|having|with (?:its|a|an|offices?|principal|registered)|whose|a company|duly|of \d|d/b/a|residing|company (?:number|registered)|acting)\b`)
	quoted     = expression.MustCompile(`"([^"\n]{1,80}?)[,.;]?"`)
	sentence   = expression.MustCompile(`[a-z0-9)"](?:\.|;) (?:The|This|In|Each|Both|For|As|It|All|Pursuant|Unless|Capitalized|Terms|WHEREAS|NOW|Party|Parties|A\.|1\.|I\.|If|By|On|Subject|Upon|When|With|Any|These|To|Together|Collectively|Background|Recitals|Section|Article|Definitions)\b`)
	initials   = expression.MustCompile(`^(?:[A-Z]\. ?){2,4}[A-Z][a-zA-Z]|^[J-UWYZ]\. [A-Z][a-zA-Z]`)
	listMarker = expression.MustCompile(`^(?:\(?(?:\d{1,2}|[ivxIVX]{1,4}|[a-zA-Z])[).] |[-*] )`)
	notName    = expression.MustCompile(`^(?i:(?:this|whereas|witnesseth|recitals?|agreement|the parties|parties|party|section|article|exhibit|schedule|effective date|suite|street|avenue|road|floor|building|attention|attn|telephone|tel|fax|email|e-mail|its|any|each|all|both|such|dated|date|date:|page|confidential|between|table of contents|either|other|affiliates|subsidiaries|now|background|address|us\$|january|february|march|april|may|june|july|august|september|october|november|december)\b)`)
	stateOf    = expression.MustCompile(`(?i)\b(?:an?|organized and existing under the laws of|under the laws of|incorporated (?:in|under the laws of)|organi[sz]ed under the laws of|existing under the laws of)(?: the)?(?: (?:state|commonwealth|province|republic|kingdom) of)? $`)
	addressAt  = expression.MustCompile(`(?i)\b(?:offices? (?:located )?at|place of business (?:located )?(?:at|is)|located at|address (?:at|is|of)|offices? (?:is )?(?:situated|at)|headquarters (?:located )?at|registered office (?:is )?at|residing at)[: ]+([^("]{8,160}?)(?: ?\(|,? ?hereinafter|,? and [A-Z]|;|$)`)
	dba        = expression.MustCompile(`(?i)^,? ?\(?(?:d/b/a|dba|doing business as|f/k/a|formerly known as|formerly|a/k/a|trading as) `)
	honorific  = expression.MustCompile(`^(?:Mr|Mrs|Ms|Dr|St|No|Messrs|Prof|Hon|Jr|Sr|Bros|Ph|M|D)\.?$`)
)

// Parties reads the parties from a text that begins where the first is expected (after "by and between"). It stops
// where the preamble ends. What it cannot tell from an address or a description it leaves out.
func Parties(s string) []Party {
	s = s[:min(len(s), 4000)]
	if _, ok := readName(s, skipLead(s, 0)); !ok {
		return nil
	}
	s = s[:preambleEnd(s)]
	var found []Party
	i := 0
	for i < len(s) && len(found) < 12 {
		i = skipLead(s, i)
		end, ok := readName(s, i)
		if !ok {
			break
		}
		next := nextParty(s, end, len(found) > 0)
		p := describe(s, i, end, next.at)
		if len(found) == 0 && !p.Strong && next.resume < 0 {
			break
		}
		if p.Party.Name != "" {
			found = append(found, p)
		}
		if next.resume < 0 {
			break
		}
		i = next.resume
	}
	return found
}

// preambleEnd is where the words begin that end a preamble.
func preambleEnd(s string) int {
	low := strings.ToLower(s)
	if len(low) != len(s) {
		low = s // letters whose small form is longer; such a text keeps its capitals
	}
	var first [64]int // behind the end of the first of each of those words
	preambleWords().Ends(low, func(groups uint64, end int) {
		for ; groups != 0; groups &= groups - 1 {
			if at := &first[bits.TrailingZeros64(groups)]; *at == 0 {
				*at = end
			}
		}
	})
	end := len(s)
	for n, w := range preambleEnds {
		if at := first[n]; at > 0 && at <= end {
			end = at - len(w)
		}
	}
	return end
}

// preambleEnds are words that do not stand among the parties any more.
var preambleEnds = []string{
	"whereas", "witnesseth", "w i t n e s s e t h", "recital", "preamble", "background", "now therefore", "now, therefore", "in consideration", "agree as follows", "agrees as follows", "agreed as follows", "agree that", "agree to",
	"valuable consideration", "collectively referred", "collectively, referred", "collectively known", "collectively called", "each a ", "each, a ", "each individually", "each referred", "each hereinafter", "are referred", "are hereinafter",
	"are herein ", "are sometimes", "are each", "are individually", "are collectively", "are also", "are called", "may be referred", "table of contents", "pursuant to which", "with respect to", "in connection with",
}

var preambleWords = sync.OnceValue(func() *expression.Words {
	groups := make([][]string, len(preambleEnds))
	for n, w := range preambleEnds {
		groups[n] = []string{w}
	}
	return expression.NewWords(groups...)
})

// skipLead passes separators, list markers and labels in front of a name.
func skipLead(s string, i int) int {
	for i < len(s) {
		switch s[i] {
		case ' ', '\n', '\t', ',', ';', ':', '-', '*', '.':
			i++
			continue
		}
		rest := s[i:]
		if m := listMarker.FindString(rest); m != "" && !initials.MatchString(rest) {
			i += len(m)
			continue
		}
		lower := strings.ToLower(rest[:min(len(rest), 12)])
		moved := false
		for _, w := range []string{"and ", "and\n", "the ", "by ", "between ", "among ", "both ", "(i) ", "(1) ", "(a) ", "party a: ", "party b: "} {
			if strings.HasPrefix(lower, w) {
				if w == "the " && !theBelongs(rest[4:]) {
					i, moved = i+4, true
				} else if w != "the " {
					i, moved = i+len(w), true
				}
				break
			}
		}
		if !moved {
			return i
		}
	}
	return i
}

// theBelongs tells whether "The" is part of a name ("The Bon-Ton Stores, Inc.") and not of a phrase ("the Company").
func theBelongs(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsUpper(r)
}

// readName passes the words of a name from i and gives its end.
func readName(s string, i int) (int, bool) {
	start, end, words := i, i, 0
	if i >= len(s) || noName(s[i:min(len(s), i+24)]) {
		return i, false
	}
	for i < len(s) && i-start < 160 {
		if n := wordyForm(s[i:]); n > 0 && words > 0 {
			end = i + n
			break
		}
		word := nextWord(s, i)
		if word == "" {
			if n := 0; s[i] == '"' && words > 0 {
				if n = quotedPart(s, i, s[start:end]); n > 0 {
					i += n
					end = i
					words++
					if strings.HasPrefix(s[i:], ", ") && formFirst(s[i+2:min(len(s), i+24)]) {
						i++
					}
					if i < len(s) && s[i] == ' ' {
						i++
						continue
					}
				}
				break
			}
			if s[i] == '(' && words > 0 {
				if n := innerParen(s, i); n > 0 {
					i += n
					end = i
					if strings.HasPrefix(s[i:], ", ") && formFirst(s[i+2:min(len(s), i+24)]) {
						i++ // "Acme Investments II (U.S.), Ltd."
					}
					if i < len(s) && s[i] == ' ' {
						i++
						continue
					}
				}
			}
			break
		}
		if words > 0 && i+len(word) < len(s) && s[i+len(word)] == ':' && blockLabel(word) {
			return finishName(s, start, end, words) // "Acme Company By: ____": a signature block on one line
		}
		r, _ := utf8.DecodeRuneInString(word)
		isName := unicode.IsUpper(r) || unicode.IsDigit(r) || r == '&' || unicode.In(r, unicode.Han)
		switch {
		case isName, words > 0 && smallForm(word):
		case words == 0 && unicode.IsLower(r) && mixedWord(s[i:]): // eFashion and drkoop.com, deltathree is not
		case words > 0 && unicode.IsLower(r) && len(word) > 4 && hasUpper(word): // Shenzhen iPlaySky
		case words > 0 && isConnector(word) && continuesName(s, i, end, word):
		default:
			return finishName(s, start, end, words)
		}
		i += len(word)
		end = i
		words++
		if strings.HasSuffix(word, ".") && !abbreviation(word) && !formNext(s, i) {
			end--
			break
		}
		if closes(word) && words > 1 && !moreForm(s, i) {
			break // nothing of a name follows "Inc." but another legal form
		}
		if i < len(s) && s[i] == ',' {
			rest := strings.TrimLeft(s[i+1:min(len(s), i+24)], " ")
			if !formFirst(rest) {
				break
			}
			i++
		}
		if i >= len(s) || s[i] != ' ' {
			break
		}
		i++
	}
	return finishName(s, start, end, words)
}

// limitedPolish is the Polish form of a limited company, and of a partnership under one, short or in full: small words with stops of their own.
const limitedPolish = `(?i:sp(?:\.|[oó]łka) ?z ?o\. ?o\.?(?:,? sp\. ?[kj]\b\.?)?|sp[oó]łka z ograniczon[aą] odpowiedzialno[sś]ci[aą](?: sp[oó]łka komandytowa)?)`

// variableCapital are the Mexican forms of a company, which have a small word in them.
const variableCapital = `(?:S\.? ?A\.?(?: ?B\.?| ?P\.? ?I\.?)? (?:de|DE) C\.? ?V\b\.?|S\.? (?:de|DE) R\.? ?L\.?(?: (?:de|DE) C\.? ?V\b\.?)?)`

var (
	wordyFirst = expression.MustCompile(`^(?:` + limitedPolish + `|` + variableCapital + `)`)
	wordyLast  = expression.MustCompile(`(?:^|[^A-Za-z])(?:` + limitedPolish + `|` + variableCapital + `),?$`)
)

// wordyForm is the length of a form of several words, small ones among them, at the head of a text; 0 is none.
func wordyForm(s string) int {
	if len(s) < 8 || s[0]|0x20 != 's' || s[1]|0x20 != 'p' && (s[0] != 'S' || s[1] != '.' && s[1] != 'A' && s[1] != ' ') {
		return 0
	}
	m := wordyFirst.FindStringIndex(s[:boundary(s, min(len(s), 80))])
	if m == nil {
		return 0
	}
	return m[1]
}

// formNext tells whether a legal form stands alone after a stop that does not belong there: "Ostrava Networks. Inc."
func formNext(s string, i int) bool {
	return i+1 < len(s) && s[i] == ' ' && closes(nextWord(s, i+1))
}

// blockLabel tells a word that stands before a colon in a signature block.
func blockLabel(word string) bool {
	switch word {
	case "By", "BY", "Per", "PER", "Its", "ITS", "Name", "NAME", "Title", "TITLE", "Date", "DATE", "Dated", "Signature", "SIGNATURE", "Signed", "SIGNED", "Address", "ADDRESS", "Attn", "Attention", "Witness", "WITNESS", "Tel", "Fax", "Email":
		return true
	}
	return false
}

// smallForm tells a legal form that somebody wrote small: "drkoop.com, inc."
func smallForm(word string) bool {
	switch strings.TrimRight(word, ".,") {
	case "inc", "llc", "ltd", "corp", "corporation", "limited", "plc", "r.l", "r.l.s":
		return true
	}
	return false
}

func finishName(s string, start, end, words int) (int, bool) {
	if words == 0 || end-start < 2 {
		return start, false
	}
	return end, true
}

// formAhead are legal forms that stand before a name in quotation marks, as they do in eastern and southern Europe.
var formAhead = expression.MustCompile(`^(?:OOO|OAO|ZAO|PAO|AO|NAO|TOO|TOV|PAT|PrAT|LLP|LLC|JSC|CJSC|OJSC|PJSC|SIA|UAB|AAS|VšĮ|MB|EOOD|OOD|AD|EAD|SC|Stichting|Vereniging|Coöperatie|Fundacja|Kancelaria|Spółka|Association|Asociación|Fundación|Associazione|Fondazione|Société|Verein|Stiftung|ООО|ОАО|ЗАО|ПАО|АО|ТОО|ТОВ|(?:(?:Limited|Closed|Open|Public|Private|Joint|Stock|Liability|Joint-Stock) ?){1,4}Company)$`)

// quotedPart is the length of a part of a name that stands in quotation marks: the name itself behind its form (OOO "Zvezda"), or a short
// name within it (Stone Works "SW" Holdings, Inc.). A short name that somebody is given behind his name is none.
func quotedPart(s string, i int, name string) int {
	inner, _, closed := strings.Cut(s[i+1:min(len(s), i+62)], `"`)
	r, _ := utf8.DecodeRuneInString(inner)
	if !closed || strings.ContainsAny(inner, ",;(\n") || !unicode.IsUpper(r) && !unicode.IsDigit(r) || genericName(inner) || partyWord(inner) || RoleOf(inner) != "" {
		return 0
	}
	n := len(inner) + 2
	if formAhead.MatchString(name) {
		return n
	}
	if rest := s[i+n:]; formLast(name) || !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, ", ") {
		return 0
	} else if formFirst(strings.TrimLeft(rest[:min(len(rest), 24)], ", ")) {
		return n
	}
	if s[i+n] != ' ' {
		return 0
	}
	if end, ok := readName(s, i+n+1); ok && formLast(s[i+n+1:end]) {
		return n
	}
	return 0
}

// moreForm tells whether another legal form, or a part of the name in parentheses, follows.
func moreForm(s string, i int) bool {
	rest := strings.TrimLeft(s[min(i, len(s)):min(len(s), i+30)], " ,")
	return formFirst(rest) || strings.HasPrefix(rest, "& Co") || strings.HasPrefix(rest, "and Co")
}

// genericName tells whether a name is made only of words for roles: "Consultant and Company" names nobody.
func genericName(name string) bool {
	for _, w := range strings.Fields(strings.ToLower(name)) {
		switch strings.Trim(w, ".,&") {
		case "", "the", "and", "a", "an", "of", "or", "company", "consultant", "client", "customer", "provider", "supplier", "buyer", "seller", "parent", "purchaser", "contractor", "employee", "employer",
			"executive", "licensor", "licensee", "distributor", "reseller", "party", "parties", "affiliate", "affiliates", "agent", "bank", "trust", "fund", "lender", "borrower", "recipient", "disclosing",
			"receiving", "discloser", "merger", "sub", "you", "group", "owner", "manufacturer", "franchisee", "franchisor", "shareholder", "shareholders", "stockholder", "stockholders", "holder", "committing", "acquiring",
			"trustee", "guarantor", "representatives", "adviser", "advisor", "corporation", "partnership", "limited", "liability", "general", "customers", "sponsor", "vendor", "service", "services", "as", "hereafter", "hereinafter", "upon", "expiration", "termination", "individual", "manager", "managers", "institute", "university", "association", "foundation", "employees", "associate", "associates",
			"confidentiality", "confidential", "non-disclosure", "nondisclosure", "disclosure", "non-competition", "noncompetition", "non-solicitation", "non-compete", "release", "invention", "inventions", "assignment", "employment", "proprietary", "information", "secrecy", "waiver", "mutual", "xxxx", "xxx", "inc", "llc", "ltd", "corp", "lp", "llp", "gp":
			continue
		}
		return false
	}
	return true
}

var nameNoise = expression.MustCompile(`^[\d. ]+$|(?i)\b(?:this|agreement|section|article|exhibit|contract|indemnification|table of contents|whereas)\b|^[A-Z]{0,2}[\d.]+$`)

func nextWord(s string, i int) string {
	j := i
	for j < len(s) {
		r, size := utf8.DecodeRuneInString(s[j:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("&'.-/!+@", r) && r != '®' && r != '™' && r != '¢' {
			break
		}
		j += size
	}
	return s[i:j]
}

func hasUpper(s string) bool { return strings.IndexFunc(s, unicode.IsUpper) >= 0 }

func isConnector(w string) bool {
	switch w {
	case "of", "and", "the", "for", "de", "do", "da", "del", "la", "le", "du", "der", "van", "von", "y", "e", "et", "at", "in", "on", "und":
		return true
	}
	return false
}

// continuesName tells whether a small word inside a name goes on to more of it. "and" is the hard one: it parts
// "Acme Inc. and Bolt LLC" and joins "Leonard Green and Partners".
func continuesName(s string, i, end int, word string) bool {
	rest := strings.TrimLeft(s[min(len(s), i+len(word)):], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	if word != "and" {
		if !unicode.IsUpper(r) {
			next := nextWord(rest, 0)
			return word == "of" && next == "the" && len(rest) > 4 && unicode.IsUpper(rune(rest[4]))
		}
		return word != "in" && word != "on" && word != "at" || !formLast(s[max(0, end-24):end])
	}
	return unicode.IsUpper(r) && onlyForm.MatchString(rest) && !formLast(s[max(0, end-24):end])
}

// innerParen passes a parenthesis that belongs to a name: "Fonterra (USA) Inc.", "(Shanghai)". It gives its length, or 0.
func innerParen(s string, i int) int {
	j := strings.IndexByte(s[i:min(len(s), i+32)], ')')
	if j < 0 {
		return 0
	}
	inner := s[i+1 : i+j]
	if strings.ContainsAny(inner, `",`) || inner == "" || genericName(inner) || !unicode.IsUpper(rune(inner[0])) {
		return 0
	}
	rest := strings.TrimLeft(s[i+j+1:min(len(s), i+j+40)], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	if !unicode.IsUpper(r) && !formFirst(strings.TrimLeft(rest, ", ")) {
		return 0
	}
	return j + 1
}

func abbreviation(word string) bool {
	switch word {
	case "M/s.", "M/S.", "Sdn.", "SDN.", "Intl.", "Int'l.", "Mfg.", "Assn.", "Assoc.", "Univ.", "Inst.", "Cie.", "Bros.", "Dept.":
		return true
	}
	return formFirst(word) || utf8.RuneCountInString(word) <= 2 || len(word) <= 7 && honorific.MatchString(word) || strings.Count(word, ".") > 1
}

type following struct{ at, resume int }

// nextParty looks for the separator after which another party begins. at is where the present party's text ends,
// resume where the next begins, or -1.
func nextParty(s string, from int, second bool) following {
	depth, inQuote := 0, false
	limit := min(len(s), from+1400)
	for i := from; i < limit; i++ {
		switch c := s[i]; {
		case c == '"':
			inQuote = !inQuote
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth = max(0, depth-1)
			inQuote = false
		}
		if depth > 0 || inQuote {
			continue
		}
		rest := s[i:]
		switch {
		case strings.HasPrefix(rest, " and ") || strings.HasPrefix(rest, " AND ") || strings.HasPrefix(rest, "\nand ") || strings.HasPrefix(rest, "\nAND ") || strings.HasPrefix(rest, " And ") || strings.HasPrefix(rest, "\nAnd "),
			strings.HasPrefix(rest, ")and "), strings.HasPrefix(rest, " AND: "), strings.HasPrefix(rest, " and: "), strings.HasPrefix(rest, "\nAND: "), strings.HasPrefix(rest, " AND, "), strings.HasPrefix(rest, "\nand\n"), strings.HasPrefix(rest, "\nAND\n"), strings.HasPrefix(rest, "\n- and -\n"), strings.HasPrefix(rest, " -and- "), strings.HasPrefix(rest, " & "):
			j := skipLead(s, i+4)
			if onePlace(s[:i], s[j:]) {
				continue
			}
			if isParty(s, j, false) || (s[i] == '\n' && isName(s, j)) {
				return following{i, j}
			}
		case rest[0] == ',' || rest[0] == ';' || rest[0] == '\n':
			j := skipLead(s, i+1)
			if isParty(s, j, rest[0] == ',') {
				return following{i, j}
			}
			if rest[0] == '\n' && second && !calledNextLine.MatchString(rest) {
				return following{i, -1}
			}
		case rest[0] == '.' && second && i > 0:
			if m := sentence.FindStringIndex(s[i-1 : min(len(s), i+24)]); m != nil && m[0] == 0 {
				return following{i, -1}
			}
		}
	}
	return following{limit, -1}
}

// calledNextLine is a short name in a line of its own, under what is said of a party.
var calledNextLine = expression.MustCompile(`(?i)^\n(?:\(|-{1,2} ?)?(?:hereinafter|hereafter|herein|the|called|referred|collectively|")[^()\n]{0,60}"|^\n\((?:the )?[A-Z][\w -]{2,30}\)`)

// onePlace tells whether "and" stands inside the name of a place: "registered in England and Wales".
func onePlace(before, after string) bool {
	for _, place := range [][2]string{{"England", "Wales"}, {"Newfoundland", "Labrador"}, {"Trinidad", "Tobago"}, {"Bosnia", "Herzegovina"}, {"Antigua", "Barbuda"}, {"Kitts", "Nevis"}, {"Turks", "Caicos"}} {
		if strings.HasSuffix(before, place[0]) && strings.HasPrefix(after, place[1]) {
			return true
		}
	}
	return false
}

func isName(s string, i int) bool {
	end, ok := readName(s, i)
	return ok && end-i > 3
}

// isParty tells whether a party begins at i, strictly after a comma: an address has commas and capitals too.
func isParty(s string, i int, strict bool) bool {
	end, ok := readName(s, i)
	if !ok {
		return false
	}
	name, rest := s[i:end], s[end:min(len(s), end+140)]
	if genericName(name) || noise(name) {
		return false
	}
	form := formLast(name)
	alias := aliasNext.MatchString(rest)
	if form && len(strings.Fields(name)) < 2 {
		return false
	}
	if strict {
		return form && (alias || corpNext.MatchString(rest))
	}
	words := len(strings.Fields(name))
	return form || alias || corpNext.MatchString(rest) && words > 1 || dba.MatchString(rest) || words >= 2 && words <= 4 && personEnd.MatchString(rest)
}

// personEnd is what follows the name of a person who is the last party: the end of the line or sentence, or an address.
var personEnd = expression.MustCompile(`^(?:[.;]?\n|\.? ?$|,? (?:of \d|residing|an individual|\(?the)\b)`)

// describe makes a party from its name [i, end) and what is said of it up to until.
func describe(s string, i, end, until int) Party {
	p := Party{Span: Span{i, max(end, until)}, NameSpan: Span{i, end}}
	name := tidyName(s[i:end])
	rest := s[end:max(end, until)]
	p.Party.Name = name
	quotesIn := rest
	if k := strings.Index(rest, ". "); k >= 0 && !strings.Contains(rest[:k], `"`) && k > 500 {
		quotesIn = rest[:k]
	}
	calls := func(alias string) {
		p.Party.Aliases = append(p.Party.Aliases, alias)
		if role := RoleOf(alias); role != "" && p.Party.Role == "" {
			p.Party.Role = role
		}
	}
	last := -1 // behind the short name before
	for _, m := range quoted.FindAllStringSubmatchIndex(quotesIn, 6) {
		alias, between := strings.TrimSpace(part(quotesIn, m, 1)), quotesIn[max(0, last):m[0]]
		if last >= 0 && ofAnother(between) || withheld.MatchString(between) || RoleOf(alias) == "" && paperNamed.MatchString(between) {
			break // what follows is how another is called: another party, one whose name is withheld, the contract that is amended
		}
		last = m[1]
		if alias != "" && len(alias) <= 60 && !partyWord(alias) && !paperAlias.MatchString(alias) {
			calls(alias)
		}
	}
	if last < 0 {
		if alias := bracketAlias(name, rest); alias != "" {
			calls(alias)
		}
	}
	if at := Places(rest[:min(len(rest), 160)]); len(at) > 0 && stateOf.MatchString(rest[:at[0].Start]) {
		p.Party.Jurisdiction = at[0].Name
	}
	if m := addressAt.FindStringSubmatch(rest); m != nil {
		p.Party.Address = strings.Trim(m[1], " ,.")
	}
	p.Strong = formLast(name) || len(p.Party.Aliases) > 0 || descrNext.MatchString(rest)
	if Blank(name) || genericName(name) || noise(name) {
		p.Party.Name = ""
	}
	return p
}

var (
	goesOnSame  = expression.MustCompile(`(?i)^[ ,;]*(?:(?:and|or|together with|along with)[ ,]+)?(?:$|[(\[]|(?:(?:an?|the|its|their|his|her|all of (?:its|their)|any of its|each of its|on behalf|existing|having|with|whose|organi[sz]ed|incorporated|formed|registered|acting|located|residing|doing|hereinafter|hereafter|herein|referred|also|collectively|together|for itself|d/b/a|f/k/a|as|of)\b))`)
	anotherOne  = expression.MustCompile(`(?i)^[ ,;]*(?:and|or)[ ,]+(?:the|an?|each)\b`)
	inBrackets  = expression.MustCompile(`\((?:the |hereinafter |called |referred to as )*((?:[Tt]he )?[A-Z][A-Za-z0-9&.' -]{1,34})\)`)
	numberWords = expression.MustCompile(`(?i)\b(?:number|no|reg|abn|acn|vat|company|registration)\b`)
)

// ofAnother tells whether what stands between two short names goes from one party to another: `("Acme"), and the customer named on
// the signature page ("Customer")`. A second short name of the same party stands in the same brackets, or behind more that is said of it.
func ofAnother(between string) bool {
	close := strings.IndexAny(between, ")]")
	if close < 0 || strings.ContainsAny(between[:close], "([") {
		return false
	}
	outside := between[close+1:]
	return anotherOne.MatchString(outside) || !goesOnSame.MatchString(outside)
}

// bracketAlias is the short name that stands in brackets without quotation marks, as in the United Kingdom and in Australia: "Acme
// Limited, of 12 Canal Street (Buyer)". It is a role, or made of words of the name.
func bracketAlias(name, rest string) string {
	for _, m := range inBrackets.FindAllStringSubmatch(rest, 4) {
		alias := m[1]
		if numberWords.MatchString(alias) && RoleOf(alias) == "" {
			continue
		}
		if RoleOf(alias) != "" || alias != name && len(alias) > 2 && strings.HasPrefix(strings.ToLower(name)+" ", strings.ToLower(strings.TrimPrefix(alias, "the "))+" ") {
			return alias
		}
	}
	return ""
}

var (
	withheld   = expression.MustCompile(`(?i)\[ ?(?:[*_.\x{2022}\x{25cf}\x{2588} -]+|(?:name )?(?:redacted|omitted|withheld)[^\]]{0,40}) ?\]|\*{3,}|_{4,}|\x{2588}{2,}`)
	paperNamed = expression.MustCompile(`(?i)\b(?:the|that certain|a certain|certain|such|their|to|amends?|under|of) (?:[\w&'-]+,? ){0,6}?(?:agreement|contract|amendment|lease|statement of work|order form|terms)\b[^"]{0,120}$`)
	paperAlias = expression.MustCompile(`(?i)(?:^|\b)(?:agreement|contract|amendment|addendum|lease|msa|sow|nda|statement of work|order form|order)$`)
)

// tidyName drops the stop that ends a sentence, and keeps the one that belongs to "Inc."
func tidyName(name string) string {
	name = strings.Trim(strings.TrimSpace(name), ",;:-*")
	if len(name) > 5 && (strings.HasPrefix(name, "M/s") || strings.HasPrefix(name, "M/S")) && (name[3] == ' ' || name[3] == '.') {
		name = strings.TrimLeft(name[3:], ". ") // Messrs, as India writes it
	}
	if strings.HasSuffix(name, ".") {
		last := name[strings.LastIndexAny(name, " ,")+1:]
		switch strings.ToLower(strings.ReplaceAll(last, ".", "")) {
		case "inc", "corp", "co", "ltd", "llc", "lp", "llp", "sa", "na", "nv", "bv", "plc", "pc", "srl", "spa", "jr", "sr", "sas", "as", "pa", "rl", "pllc":
			return name
		}
		if wordyLast.MatchString(name[boundary(name, len(name)-80):]) {
			return name
		}
		name = strings.TrimRight(name, ".")
	}
	return name
}

func partyWord(alias string) bool {
	switch strings.ToLower(strings.Trim(alias, " .,")) {
	case "party", "parties", "a party", "the parties", "agreement", "this agreement", "the agreement", "effective date", "amendment", "the effective date":
		return true
	}
	return false
}

// RoleOf gives the role that an alias states, in the product's words where there is one, or "" for a mere short name.
func RoleOf(alias string) string {
	return roles[strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(alias, "the "), "The "))]
}

// Roles are the aliases of which RoleOf gives a role, in small letters.
func Roles() iter.Seq[string] { return maps.Keys(roles) }

var roles = roleTable([][]string{
	{
		"customer", "customer", "client", "buyer", "purchaser", "subscriber", "end customer", "end user", "user", "hirer",
		"contracting authority", "purchasing authority", "contracting entity", "ordering party", "service recipient", "recipient of the services", "commissioning party",
	},
	{
		"supplier", "supplier", "provider", "vendor", "seller", "service provider", "contractor", "services provider", "seller and supplier", "host", "service supplier", "provider of services", "supplier of services", "service contractor", "carrier", "haulier",
		"maintenance contractor", "maintainer", "main contractor", "hosting provider", "cloud provider", "outsourcer", "installer", "performing party", "service company", "caterer", "logistics provider",
	},
	{"discloser", "disclosing party", "discloser"},
	{"recipient", "receiving party", "recipient"},
}, "licensor", "licensee", "distributor", "reseller", "consultant", "employer", "employee", "executive", "landlord", "tenant", "lessor", "lessee", "lender", "borrower",
	"franchisor", "franchisee", "manufacturer", "agent", "principal", "sponsor", "franchise owner", "owner", "operator", "shipper", "transporter", "subcontractor", "adviser", "advisor", "affiliate", "partner", "processor", "controller", "grantor", "grantee", "trust", "trustee", "servicer", "publisher", "developer")

// roleTable gives each alias the first word of its list, and each of the others itself.
func roleTable(lists [][]string, others ...string) map[string]string {
	table := map[string]string{}
	for _, list := range lists {
		for _, alias := range list[1:] {
			table[alias] = list[0]
		}
	}
	for _, alias := range others {
		table[alias] = alias
	}
	return table
}

// NamedParty makes a party of a name and the short name the text gives it; without a name where either is no party.
func NamedParty(name, alias string) Party {
	p := Party{Strong: true}
	if partyWord(alias) || noName(name) || Blank(name) {
		return p
	}
	p.Party = pact.Party{Name: strings.Trim(name, " ,;:-"), Aliases: []string{alias}, Role: RoleOf(alias)}
	return p
}
