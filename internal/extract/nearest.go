package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/pact"
)

// Near is a passage that may speak of a term although no value was read from it: where it stands, and the words that led
// there. It is help for a reader's eyes, never evidence by itself.
type Near struct {
	Start int
	End   int
	Words []string
}

// cues are the words by which a passage about a term is known. Two words together say more than each of them, so phrases
// come beside their parts.
func cues(name string) []string {
	switch name {
	case "title":
		return []string{"agreement", "contract", "statement of work", "amendment", "addendum", "order form", "terms"}
	case "contract_type":
		return []string{"agreement", "this agreement", "master", "statement of work", "amendment", "license", "services", "non-disclosure", "supply", "lease"}
	case "contract_number":
		return []string{"agreement number", "contract number", "agreement no", "contract no", "reference", "no.", "number"}
	case "parties":
		return []string{"between", "by and between", "made between", "entered into", "party", "parties", "hereinafter", "inc", "ltd", "llc", "gmbh", "corporation", "company"}
	case "governing_law":
		return []string{"governed by", "governing law", "laws of", "law", "jurisdiction", "courts", "venue", "construed"}
	case "agreement_date":
		return []string{"dated", "date", "day of", "made", "signed", "executed", "entered into"}
	case "effective_date":
		return []string{"effective date", "effective as of", "effective", "commencement date", "commence", "commencing", "start date", "takes effect", "enters into force", "dated", "date"}
	case "expiration_date":
		return []string{"expires", "expire", "expiration", "expiry", "end date", "until", "terminates on", "ends on"}
	case "term":
		return []string{"initial term", "term of this agreement", "term", "period of", "months", "years", "duration", "remain in force", "full force and effect"}
	case "renewal_term":
		return []string{"renewal term", "renew", "renewal", "successive", "extended", "extension", "additional period", "anniversary"}
	case "auto_renewal":
		return []string{"automatically renew", "automatically", "renew", "renewal", "successive", "unless either party", "extended"}
	case "notice_period":
		return []string{"notice of non-renewal", "written notice", "prior notice", "notice", "days before", "days prior", "terminate", "non-renewal"}
	case "renewal_date":
		return []string{"renewal date", "renew", "renewal", "anniversary"}
	case "notice_send_by":
		return []string{"notice of non-renewal", "written notice", "prior notice", "notice", "days before", "days prior"}
	case "payment_terms":
		return []string{"payment terms", "net", "invoice", "invoices", "payable", "payment", "due", "days of receipt", "pay"}
	case "total_contract_value":
		return []string{"total contract value", "total fees", "total price", "aggregate", "total", "contract value", "contract price", "fees", "price"}
	case "annual_contract_value":
		return []string{"annual fee", "annual fees", "annually", "per year", "per annum", "annual", "yearly", "subscription fee", "fees"}
	case "currency":
		return []string{"currency", "dollars", "euros", "pounds", "usd", "eur", "gbp", "fees", "price", "amounts"}
	case "liability_cap":
		return []string{"limitation of liability", "aggregate liability", "liability", "exceed", "liable", "cap", "damages"}
	case "zone":
		return []string{"time zone", "business hours", "support hours", "local time", "utc", "gmt", "eastern time", "central european time", "hours"}
	case "uptime_target":
		return []string{"uptime", "availability", "available", "service level", "monthly", "downtime", "percent"}
	case "service_credits":
		return []string{"service credit", "service credits", "credit", "credits", "monthly fee", "availability", "below"}
	case "claim_window":
		return []string{"claim", "request the credit", "within", "days", "service credit", "must notify", "forfeit"}
	}
	return nil
}

// labelWords are the cues of a term without a list of its own: the words of its label.
func labelWords(spec pact.TermSpec) []string {
	var out []string
	for _, w := range strings.Fields(strings.ToLower(spec.Label)) {
		if len(w) > 3 {
			out = append(out, w)
		}
	}
	return append(out, strings.ToLower(spec.Label))
}

// Nearest gives up to n passages that speak most of a term, best first: sentences and rows of tables, scored by how rare
// their cue words are in this document. None is given where no cue word stands at all.
func Nearest(d *document.Document, spec pact.TermSpec, n int) []Near {
	words := cues(spec.Name)
	if len(words) == 0 {
		words = labelWords(spec)
	}
	units := passages(d)
	found := make([][]string, len(units))
	spread := map[string]int{} // in how many passages a word stands
	for i, u := range units {
		for _, w := range words {
			if hasWord(u.lower, w) {
				found[i] = append(found[i], w)
				spread[w]++
			}
		}
	}
	type hit struct{ unit, score int }
	var hits []hit
	for i, ws := range found {
		score := 0
		for _, w := range ws {
			// A phrase counts for its words; a word that stands everywhere says little about any one place.
			score += 1000 * (1 + strings.Count(w, " ")) / (1 + spread[w])
		}
		if units[i].end-units[i].start < 12 {
			score /= 2 // "Notice." alone is a heading, not a clause
		}
		if score > 0 {
			hits = append(hits, hit{i, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(b.score, a.score) })
	var out []Near
	for _, h := range hits[:min(n, len(hits))] {
		out = append(out, Near{Start: units[h.unit].start, End: units[h.unit].end, Words: found[h.unit]})
	}
	return out
}

// passage is a sentence or a row of a table, by code points of the document's text.
type passage struct {
	start, end int
	lower      string
}

// longestPassage keeps a wall of text without a full stop readable.
const longestPassage = 600

func passages(d *document.Document) []passage {
	text := []rune(d.Text)
	blocks := d.Blocks
	if len(blocks) == 0 && len(text) > 0 {
		blocks = []document.Block{{Kind: document.Paragraph, End: len(text)}}
	}
	var out []passage
	add := func(start, end int) {
		for start < end && unicode.IsSpace(text[start]) {
			start++
		}
		for end > start && unicode.IsSpace(text[end-1]) {
			end--
		}
		if start < end {
			out = append(out, passage{start, end, strings.ToLower(string(text[start:end]))})
		}
	}
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if b.Kind == document.Header || b.Kind == document.Footer || b.Start < 0 || b.End > len(text) {
			continue
		}
		if b.Kind == document.Cell { // a row is one passage: its first cell says what its last one is about
			end := b.End
			for i+1 < len(blocks) && blocks[i+1].Kind == document.Cell && blocks[i+1].Table == b.Table && blocks[i+1].Row == b.Row && blocks[i+1].End <= len(text) {
				i++
				end = blocks[i].End
			}
			add(b.Start, end)
			continue
		}
		start := b.Start
		for at := b.Start; at < b.End; at++ {
			stop := strings.ContainsRune(".;!?", text[at]) && at+1 < b.End && unicode.IsSpace(text[at+1]) && at-start > 40
			if stop || at-start >= longestPassage {
				add(start, at+1)
				start = at + 1
			}
		}
		add(start, b.End)
	}
	return out
}

// hasWord tells whether a word or phrase stands in lower-case text, not within another word.
func hasWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(word)
		if (i == 0 || !letter(text[i-1])) && (end == len(text) || !letter(text[end])) {
			return true
		}
		from = i + 1
	}
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 }
