package document

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// part is a word that a number follows where a text refers to a part of a contract.
type part struct {
	word       string // in small letters
	attachment string // the name as in Section.Number; "" for parts of the body
}

func parts() []part {
	return []part{
		{"sections", ""},
		{"section", ""},
		{"subsection", ""},
		{"sub-section", ""},
		{"articles", ""},
		{"article", ""},
		{"clauses", ""},
		{"clause", ""},
		{"subclause", ""},
		{"paragraphs", ""},
		{"paragraph", ""},
		{"exhibits", "Exhibit"},
		{"exhibit", "Exhibit"},
		{"schedules", "Schedule"},
		{"schedule", "Schedule"},
		{"annexures", "Annexure"},
		{"annexure", "Annexure"},
		{"annexes", "Annex"},
		{"annex", "Annex"},
		{"appendices", "Appendix"},
		{"appendix", "Appendix"},
		{"attachments", "Attachment"},
		{"attachment", "Attachment"},
		{"addendum", "Addendum"},
		{"§§", ""},
		{"§", ""},
	}
}

// referrer finds references, block after block.
type referrer struct {
	d      *Document
	parts  []part
	number map[string]int // of a section
	next   int            // the first section that begins after what was read
	inside string         // the attachment that is being read
	out    []Reference
}

func references(d *Document, lines []string) []Reference {
	r := &referrer{d: d, parts: parts(), number: make(map[string]int, len(d.Sections))}
	for i, s := range d.Sections {
		if _, twice := r.number[s.Number]; !twice && s.Number != "" {
			r.number[s.Number] = i
		}
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		for r.next < len(d.Sections) && d.Sections[r.next].Start <= b.Start {
			if s := d.Sections[r.next]; s.Attachment {
				r.inside = s.Number
			}
			r.next++
		}
		if b.Kind == Header || b.Kind == Footer || len(r.out) >= maxReferences {
			continue
		}
		r.block(b, lines[i])
	}
	return r.out
}

func (r *referrer) block(b *Block, t string) {
	letter := false // the character before is part of a word
	for i := 0; i < len(t); i++ {
		c := t[i]
		small := c | 0x20
		if !letter && (small == 's' || small == 'a' || small == 'c' || small == 'p' || small == 'e' || c == 0xc2) {
			if end, at := r.at(b, t, i); end > 0 {
				if i > 0 || b.Number == "" && b.Kind != Heading { // at the head it is the block's own label
					r.out = append(r.out, at...)
				}
				i = end - 1
				letter = false
				continue
			}
		}
		letter = small >= 'a' && small <= 'z' || c >= '0' && c <= '9' || c >= 0x80
	}
}

// at reads "Sections 4.2(a) and 4.3" at a place of a block; end is 0 where nothing is referred to.
func (r *referrer) at(b *Block, t string, i int) (end int, out []Reference) {
	for _, p := range r.parts {
		if p.word[0] != t[i] && p.word[0] != t[i]|0x20 || len(t)-i <= len(p.word) || !strings.EqualFold(t[i:i+len(p.word)], p.word) {
			continue
		}
		at := i + len(p.word)
		space := strings.HasPrefix(t[at:], " ")
		if !space && !strings.HasPrefix(p.word, "§") {
			continue // "sections" comes before "section", so that this is another word
		}
		if space {
			at++
		}
		start := i
		for len(out) < 20 {
			n := numberAt(t[at:], p.attachment != "", strings.HasPrefix(p.word, "article"))
			if n == 0 {
				break
			}
			ref := Reference{Start: place(b, t, start), End: place(b, t, at+n), Target: -1}
			ref.Number, ref.Target = r.resolve(p, t[at:at+n])
			out = append(out, ref)
			end = at + n
			sep := separator(t[end:])
			if sep == 0 {
				break
			}
			at, start = end+sep, end+sep
		}
		if len(out) > 0 {
			r.elsewhere(out, p, t[end:])
		}
		return end, out
	}
	return 0, nil
}

// numberAt gives the length of a number of a part at the head: 4.2(a), IV, B-1, (b).
func numberAt(s string, attachment, article bool) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 3 {
		return 0
	}
	if n > 0 {
		for n+1 < len(s) && (s[n] == '.' || attachment && s[n] == '-') && s[n+1] >= '0' && s[n+1] <= '9' {
			for n++; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
			}
		}
		if attachment && n < len(s) && s[n] >= 'A' && s[n] <= 'Z' {
			n++
		}
	} else if attachment || article {
		for n < len(s) && n < 5 && s[n] >= 'A' && s[n] <= 'Z' {
			n++
		}
		if n > 2 && strings.Trim(s[:n], "IVXLC") != "" { // a word in capitals
			return 0
		}
		if n > 0 && n+1 < len(s) && s[n] == '-' && s[n+1] >= '0' && s[n+1] <= '9' {
			for n++; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
			}
		}
	}
	if n > 0 && n < len(s) {
		if r, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return 0
		}
	}
	if attachment {
		return n
	}
	for n < len(s) && s[n] == '(' {
		end := strings.IndexByte(s[n:min(len(s), n+6)], ')')
		if end < 2 || strings.ContainsFunc(s[n+1:n+end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			break
		}
		n += end + 1
	}
	return n
}

// separator gives the length of what stands between two numbers of one reference.
func separator(s string) int {
	for _, sep := range []string{", and ", ", or ", " and ", " or ", " through ", " to ", " - ", "–", ", "} {
		if strings.HasPrefix(s, sep) {
			return len(sep)
		}
	}
	return 0
}

// resolve gives the number as sections have it, and the section. Where (a) has no section of its own, the one above counts.
func (r *referrer) resolve(p part, n string) (number string, target int) {
	if p.attachment != "" {
		number = p.attachment + " " + n
		return number, r.find(number)
	}
	if strings.HasPrefix(n, "(") { // of the part that is being read
		for i := r.next - 1; i >= 0; i = r.d.Sections[i].Parent {
			if at := r.find(r.d.Sections[i].Number + n); at >= 0 {
				return r.d.Sections[at].Number, at
			}
		}
		return n, -1
	}
	candidates := []string{n}
	if strings.HasPrefix(p.word, "article") {
		candidates = []string{"Article " + n, n}
		if v := ordinal(n); v > 0 && strings.Trim(n, "IVXLC") == "" {
			candidates = append(candidates, strconv.Itoa(v))
		}
		number = "Article " + n
	} else {
		number = n
		candidates = append(candidates, "Article "+n)
	}
	for _, c := range candidates {
		for {
			if r.inside != "" {
				if at := r.find(r.inside + " " + c); at >= 0 {
					return number, at
				}
			}
			if at := r.find(c); at >= 0 {
				return number, at
			}
			cut := strings.LastIndexByte(c, '(')
			if cut <= 0 {
				break
			}
			c = c[:cut]
		}
	}
	return number, -1
}

func (r *referrer) find(number string) int {
	if at, ok := r.number[number]; ok {
		return at
	}
	return -1
}

// elsewhere reads what follows a reference: "of Exhibit B" moves it there, "of the Master Agreement" out of the document.
func (r *referrer) elsewhere(refs []Reference, p part, after string) {
	rest, found := strings.CutPrefix(after, " of ")
	if !found {
		if rest, found = strings.CutPrefix(after, " to "); !found || p.attachment == "" {
			return
		}
	}
	if p.attachment == "" {
		for _, q := range r.parts {
			if q.attachment == "" || !strings.HasPrefix(rest, q.attachment+" ") {
				continue
			}
			if n := numberAt(rest[len(q.attachment)+1:], true, false); n > 0 {
				inside := q.attachment + " " + rest[len(q.attachment)+1:][:n]
				for i := range refs {
					refs[i].Number = inside + " " + refs[i].Number
					refs[i].Target = r.find(refs[i].Number)
				}
			}
			return
		}
	}
	other := strings.HasPrefix(rest, "that certain ")
	if name, the := strings.CutPrefix(rest, "the "); the {
		first, _ := utf8.DecodeRuneInString(name)
		word, _, _ := strings.Cut(name, " ")
		other = unicode.IsUpper(first) && strings.TrimRight(word, ".,;)") != "Agreement" && strings.TrimRight(word, ".,;)") != "Contract"
	}
	if !other {
		return
	}
	for i := range refs {
		refs[i].External, refs[i].Target = true, -1
	}
}
