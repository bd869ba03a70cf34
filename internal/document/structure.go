package document

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Definition is a word with a meaning of its own. Start and End are the word as it stands where it is defined.
type Definition struct {
	Term         string `json:"term"`
	Start        int    `json:"start"`
	End          int    `json:"end"`
	MeaningStart int    `json:"meaning_start"`
	MeaningEnd   int    `json:"meaning_end"`
}

// Reference is a place of the text that names another one.
type Reference struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Number   string `json:"number"`             // "4.2(a)", "Exhibit B", as in Section.Number
	Target   int    `json:"target"`             // index in Sections; -1: nothing here has that number
	External bool   `json:"external,omitempty"` // it says itself that it means another document
}

// Signature is the place where a party signs. What is only a line to write on is empty.
type Signature struct {
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Party  string `json:"party,omitempty"`
	By     string `json:"by,omitempty"` // what stands on the line; "" is unsigned as far as text tells
	Name   string `json:"name,omitempty"`
	Title  string `json:"title,omitempty"`
	Date   string `json:"date,omitempty"`
	Signed bool   `json:"signed"`
}

// Limits keep a hostile text from becoming a list that is larger than itself.
const (
	maxDefinitions = 2000
	maxReferences  = 5000
	maxSignatures  = 200
)

// structure finds what a contract says about its own words and parts. It is computed from the blocks alone, so every format
// has it; it walks the text once and looks closer only where a quote, a word such as "Section" or a "By:" stands.
func structure(d *Document) {
	if len(d.Blocks) == 0 {
		return
	}
	lines := strings.Split(d.Text, "\n") // one per block, as Builder promises
	if len(lines) != len(d.Blocks) {
		return
	}
	d.Definitions = definitions(d, lines)
	d.References = references(d, lines)
	d.Signatures = signatures(d, lines)
}

// place turns a byte of a block's text into an offset of the document.
func place(b *Block, text string, at int) int { return b.Start + utf8.RuneCountInString(text[:at]) }

func definitions(d *Document, lines []string) []Definition {
	var out []Definition
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if b.Kind == Header || b.Kind == Footer || len(out) >= maxDefinitions {
			continue
		}
		t := lines[i]
		before := len(out)
		if j := i + 1; b.Kind == Cell && j < len(lines) && d.Blocks[j].Kind == Cell && d.Blocks[j].Table == b.Table && d.Blocks[j].Row == b.Row {
			if from, to, ok := wholeTerm(t); ok && meansAt(lines[j]) > 0 {
				next := &d.Blocks[j]
				out = append(out, Definition{Term: t[from:to], Start: place(b, t, from), End: place(b, t, to), MeaningStart: place(next, lines[j], meansAt(lines[j])), MeaningEnd: next.End})
				continue
			}
		}
		if opening(t) >= 0 {
			out = quoted(out, b, t)
		}
		if len(out) == before && (b.Kind == Paragraph || b.Kind == ListItem) {
			if from, to, meaning, ok := unquoted(t); ok {
				out = append(out, Definition{Term: t[from:to], Start: place(b, t, from), End: place(b, t, to), MeaningStart: place(b, t, meaning), MeaningEnd: b.End})
			}
		}
	}
	return out
}

// opening is where the first mark stands that may open a quote, -1 where none does. strings.IndexAny looks at every letter.
func opening(s string) int {
	plain, curved := strings.IndexByte(s, '"'), strings.Index(s, "“")
	if plain < 0 || curved >= 0 && curved < plain {
		return curved
	}
	return plain
}

// quoted finds “Services” means …, and (the “Agreement”).
func quoted(out []Definition, b *Block, t string) []Definition {
	last := -1 // the definition of this block whose meaning goes to the end so far
	for at := 0; at < len(t) && len(out) < maxDefinitions; {
		open := opening(t[at:])
		if open < 0 {
			break
		}
		open += at
		_, width := utf8.DecodeRuneInString(t[open:])
		from := open + width
		size := strings.IndexAny(t[from:min(len(t), from+80)], "\"”“")
		if size < 0 {
			at = from
			continue
		}
		to := from + size
		_, width = utf8.DecodeRuneInString(t[to:])
		after := to + width
		at = after
		term := strings.TrimRight(t[from:to], ",. ")
		if !termLike(term) {
			at = from // the quote that was taken for the end may be a beginning
			continue
		}
		d := Definition{Term: term, Start: place(b, t, from), End: place(b, t, from+len(term))}
		rest := skipMore(t[after:])
		if n := meansAt(t[after+rest:]); n > 0 {
			if last >= 0 && out[last].MeaningStart < d.Start { // the one before ends where this sentence begins
				out[last].MeaningEnd = place(b, t, len(strings.TrimRight(t[:open], " (")))
			}
			d.MeaningStart, d.MeaningEnd = place(b, t, after+rest+n), b.End
			if d.MeaningStart < d.MeaningEnd {
				out = append(out, d)
				last = len(out) - 1
			}
			continue
		}
		if bracket := named(t[:open]); bracket > 0 {
			start := phraseStart(t[:bracket])
			end := len(strings.TrimRight(t[:bracket], " ,"))
			if start < end {
				d.MeaningStart, d.MeaningEnd = place(b, t, start), place(b, t, end)
				out = append(out, d)
			}
		}
	}
	return out
}

func termLike(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return len(s) > 1 && len(s) <= 70 && (unicode.IsUpper(r) || unicode.IsDigit(r) && strings.ContainsFunc(s, unicode.IsUpper)) && strings.Count(s, " ") < 8 && !strings.ContainsAny(s, ";:()")
}

// skipMore passes further names of one definition: , “Y” or “Z” (collectively), before the verb.
func skipMore(s string) int {
	at := 0
	for range 6 {
		rest := s[at:]
		trimmed := strings.TrimLeft(rest, " ,")
		at += len(rest) - len(trimmed)
		moved := false
		for _, word := range []string{"or ", "and ", "and/or "} {
			if strings.HasPrefix(trimmed, word) {
				at, trimmed, moved = at+len(word), trimmed[len(word):], true
			}
		}
		for _, pair := range [][2]string{{"“", "”"}, {"\"", "\""}, {"(", ")"}} {
			if strings.HasPrefix(trimmed, pair[0]) {
				if end := strings.Index(trimmed[len(pair[0]):min(len(trimmed), 90)], pair[1]); end >= 0 {
					at, moved = at+len(pair[0])+end+len(pair[1]), true
				}
				break
			}
		}
		if !moved {
			return at
		}
	}
	return at
}

// meansAt gives the length of the verb of a definition at the head, with what introduces it; 0 where there is none.
func meansAt(s string) int {
	trimmed := strings.TrimLeft(s, " ,:–—-")
	skipped := len(s) - len(trimmed)
	for _, verb := range []string{
		"means ", "mean ", "means, ", "means: ", "means:", "shall mean ", "shall mean, ", "will mean ", "shall have the meaning", "has the meaning", "have the meaning", "have the respective meanings", "shall have the respective meanings",
		"is defined ", "are defined ", "shall be defined as ", "refers to ", "refer to ", "shall refer to ", "as used in this agreement means ", "as used herein means ", "as used herein shall mean ",
	} {
		if len(trimmed) >= len(verb) && strings.EqualFold(trimmed[:len(verb)], verb) {
			return skipped + len(verb)
		}
	}
	return 0
}

// named tells whether a quote stands in a bracket that gives a name, such as (the “Agreement”) or (each a “Party” and
// together the “Parties”), and where the bracket opens.
func named(before string) int {
	open := strings.LastIndexByte(before, '(')
	if open <= 0 || len(before)-open > 140 || strings.Contains(before[open:], ")") {
		return 0
	}
	words := strings.FieldsFunc(before[open+1:], func(r rune) bool { return r == ' ' || r == ',' })
	for i := 0; i < len(words); i++ {
		switch w := strings.ToLower(words[i]); w {
		case "the", "a", "an", "each", "and", "or", "as", "collectively", "together", "individually", "jointly", "with", "its", "hereinafter", "hereafter", "herein", "referred", "to", "called", "defined", "known", "such", "this", "that", "also", "sometimes",
			"from", "time", "both", "any", "all", "being", "of", "them", "which", "is", "are", "affiliates", "every", "shall", "be":
		default:
			if strings.HasPrefix(w, "\"") || strings.HasPrefix(w, "“") { // an earlier name in the same bracket
				for i < len(words) && !strings.HasSuffix(words[i], "\"") && !strings.HasSuffix(words[i], "”") {
					i++
				}
				continue
			}
			return 0
		}
	}
	return open
}

// phraseStart is where the words begin that a bracket names: after the last full stop, semicolon or bracket.
func phraseStart(s string) int {
	from := max(0, len(s)-400)
	for from < len(s) && !utf8.RuneStart(s[from]) {
		from++
	}
	start := from
	for _, end := range []string{"; ", ". ", ") ", "), ", " between ", " among "} {
		if i := strings.LastIndex(s[from:], end); i >= 0 && len(strings.TrimSpace(s[from+i+len(end):])) > 3 {
			if end == ". " && len(strings.Fields(s[from:][:i])) > 0 && abbreviated(s[from:from+i]) {
				continue
			}
			start = max(start, from+i+len(end))
		}
	}
	for _, lead := range []string{"and ", "or ", "between ", "among "} {
		start += len(s[start:]) - len(strings.TrimPrefix(s[start:], lead))
	}
	return start
}

func abbreviated(s string) bool {
	for _, a := range []string{"Inc", "Corp", "Co", "Ltd", "No", "L.L.C", "S.A", "N.V", "L.P", "U.S"} {
		if strings.HasSuffix(s, a) {
			return true
		}
	}
	return false
}

// wholeTerm tells whether a cell is nothing but a term.
func wholeTerm(t string) (from, to int, ok bool) {
	from, to = 0, len(t)
	for _, q := range []string{"\"", "“", "”"} {
		if strings.HasPrefix(t[from:to], q) {
			from += len(q)
		}
		if to-len(q) > from && strings.HasSuffix(t[from:to], q) {
			to -= len(q)
		}
	}
	return from, to, from < to && termLike(t[from:to])
}

// unquoted finds "Services means …" at the head of a paragraph.
func unquoted(t string) (from, to, meaning int, ok bool) {
	if label, labelled := ParseLabel(t[:min(len(t), 80)]); labelled {
		for n := label.Runes; n > 0 && from < len(t); n-- {
			_, width := utf8.DecodeRuneInString(t[from:])
			from += width
		}
	}
	head := t[from:min(len(t), from+100)]
	for _, verb := range []string{" means ", " means: ", " shall mean ", " has the meaning "} {
		i := strings.Index(head, verb)
		if i <= 0 || !titled(head[:i]) {
			continue
		}
		return from, from + i, from + i + len(verb), from+i+len(verb) < len(t)
	}
	return 0, 0, 0, false
}

// titled tells whether words are written as a defined term is: capitals, and small words between them.
func titled(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 6 || !termLike(s) {
		return false
	}
	switch words[0] {
	case "This", "The", "It", "That", "Which", "By", "No", "If", "What", "Such", "As", "In", "Each", "Any", "All":
		return false
	}
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) && w != "of" && w != "and" && w != "or" && w != "the" && w != "to" && w != "for" && w != "in" {
			return false
		}
	}
	return true
}
