package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shortNames are the names of parties with what a contract may call them by: without their legal form and last words, by the
// first word that is theirs alone, by their initials. A word that the text also has in small letters is nobody's alone.
func shortNames(names []string, text string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	common := smallWords(text)
	for _, name := range names {
		name = strings.TrimSpace(name)
		add(name)
		add(strings.Join(strings.Fields(name), " "))
		words := strings.Fields(name)
		for len(words) > 1 && frontWords[bare(words[0])] {
			words = words[1:]
		}
		own, letters, forms := false, "", false
		for i, w := range words {
			plain := bare(w)
			first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, `("“'`))
			small := joining[plain] || unicode.IsLower(first)
			if i > 0 && !small && plain != "" {
				add(strings.Trim(strings.Join(words[:i+1], " "), ` ,;:("“”')`))
				add(strings.TrimRight(strings.Join(words[:i+1], " "), ` .,;:)”'"`))
			}
			forms = forms || i > 0 && legalWords[plain]
			if small || forms || plain == "" {
				continue
			}
			letters += string(first)
			if !own && utf8.RuneCountInString(plain) >= 3 && !common[plain] && !roles[plain] {
				own = true
				add(strings.Trim(w, ` .,;:()"“”'`))
			}
		}
		if utf8.RuneCountInString(letters) >= 3 && !common[strings.ToLower(letters)] {
			add(letters)
		}
	}
	return out
}

// bare is a word in small letters, without the signs around and in it that legal forms are written with.
func bare(w string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`.,;:()"“”'`, r) {
			return -1
		}
		return r
	}, w))
}

// smallWords are the words of a text that stand in it in small letters.
func smallWords(text string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) && strings.ToLower(w) == w {
			out[w] = true
		}
	}
	return out
}

// frontWords stand before a name and are no part of what it is called by.
var frontWords = map[string]bool{"the": true, "ab": true, "pt": true, "oy": true, "sc": true, "messrs": true}

// joining words end no name.
var joining = map[string]bool{"and": true, "of": true, "the": true, "for": true, "in": true, "at": true, "de": true, "du": true, "la": true, "le": true, "und": true, "et": true, "y": true, "&": true, "+": true, "-": true, "–": true}

// legalWords begin the legal form at the end of a name.
var legalWords = map[string]bool{
	"inc": true, "incorporated": true, "ltd": true, "limited": true, "llc": true, "llp": true, "lp": true, "corp": true, "corporation": true, "co": true, "company": true, "plc": true, "gmbh": true,
	"ag": true, "kg": true, "ug": true, "se": true, "sa": true, "s/a": true, "sas": true, "sarl": true, "spa": true, "srl": true, "bv": true, "nv": true, "ab": true, "as": true, "a/s": true, "asa": true,
	"oy": true, "oyj": true, "pty": true, "pte": true, "sdn": true, "bhd": true, "kk": true, "na": true, "pc": true,
}

// roles are words of names that say what somebody does in a contract, and not who it is.
var roles = map[string]bool{"customer": true, "client": true, "supplier": true, "provider": true, "vendor": true, "company": true, "buyer": true, "seller": true, "agreement": true, "party": true, "parties": true}

// calls are words by which a contract calls its parties in quotation marks, beside roles, that name nobody. Some are also names of companies
// ("Principal"), which only what stands in those marks can tell.
var calls = map[string]bool{
	"licensor": true, "licensee": true, "contractor": true, "subcontractor": true, "consultant": true, "distributor": true, "reseller": true, "lessor": true, "lessee": true, "landlord": true, "tenant": true,
	"borrower": true, "lender": true, "purchaser": true, "manufacturer": true, "franchisor": true, "franchisee": true, "owner": true, "operator": true, "agent": true, "principal": true, "guarantor": true,
	"service": true, "disclosing": true, "receiving": true, "discloser": true, "recipient": true, "the": true, "each": true, "other": true, "us": true, "we": true, "you": true,
}
