package grammar

import (
	"math/bits"
	"sort"
	"strings"
	"sync"

	"github.com/pactloop/pactloop/internal/wording/expression"
)

// cues are the words that finders start from, each as it begins in small letters. They are all looked up in one pass over
// the beginnings of words; a finder may also ask for a word that is not here, which costs a pass of its own.
var cues = []string{
	"starts", "start", "begins", "begin", "with effect", "valid", "bound from", "appl", "hold", "monday", "rolls over", "roll over", "rolls on", "keeps going", "runs on", "goes on", "continues for", "without notice",
	"damages recoverable", "most that", "most either", "made to pay", "answers", "pay more than", "falls due", "due date of", "pays", "pay within", "payment is", "falling due", "ends", "end", "until", "through", "extended", "prolonged", "run", "terminates",
	"at least", "not less than", "no less than", "less than", "minimum", "target", "first c", "first reply", "on time", "on-time", "in time", "abandon", "error", "accuracy", "satisfaction", "within", "fewer than", "punctual", "exceed", "at most", "no more than", "not more than",
	"rebate", "abate", "malus", "deduct", "penalt", "refund", "lapse", "asks for",
	"effective", "commence", "date hereof", "the date first", "day and year", "last signature", "latest signature", "last party", "the date of", "written above", "above written", "start date",
	"first of the", "first day of", "1st day of", "first (1st) day of", "day after the", "day following", "day immediately", "year in which", "month in which", "year during which", "month during which", "following year", "following calendar", "next year", "same year", "current year",
	"year to year", "year-to-year", "month to month", "month-to-month", "annual", "yearly", "monthly basis", "each year", "another year", "additional year", "successive months",
	"law", "statutes of", "jurisdiction:", "governing law",
	"net ", "invoice", "payable", "payment terms", "shall pay", "will pay", "due within", "due on receipt", "due upon receipt", "days of receipt", "n/30",
	"usd", "eur", "gbp", "dollar", "euro", "chf", "cad", "aud", "nok", "sek", "dkk", "pln", "currency", "sterling", "swiss franc", "yen", "liab",
	"priority 1", "priority 2", "severity 1", "severity 2", "severity level", "priority level", "p1", "sev 1", "critical", "severity", "priority", "class a",
	"around the clock", "24x7", "24/7", "24 x 7", "24 hours a day", "at all times", "on hold", "waiting", "awaiting", "paused", "does not run", "does not count", "pending customer", "suspended",
	"renew", "extend", "extension", "prolong",
	"time zone", "eastern", "central time", "pacific time", "america/", "europe/", "business hours", "business day", "a.m.", "am ", "utc", "gmt", "london time", "uk time", "local time", "working days", "support hours", "working hours", "service hours", "cet", "o'clock", "weekday", "days sight", "days' sight", "late payment of commercial debts", "knock", "earn", "mon-", "mo-fr", "desk hours",
	"uptime", "up-time", "working order", "ready for use", "first-call", "first-contact", "first-time", "per cent of", "stays", "higher than", "below", "purchases", "kickback", "kick-back", "availab", "operational", "reachable", "credit", "claim", "reduction", "sev1", "deduct",
	"exclu", "not counting", "not counted", "counts as available", "no credit is due", "does not include", "shall not include", "not include", "not be counted",
	"between", "among", "parties", "in favor of", "for the benefit of", "made", "entered", "executed", "agreed", "signed", "contracting parties",
	"the date of this", "date of execution", "date of signing", "date of its execution", "later of the dates", "last date of", "date of the last", "last of the parties", "set forth above", "first above",
	"commencement date", "closing date", "distribution date", "separation date", "launch date", "perpetu", "indefinite", "until ", "unless ", "so long as", "evergreen", "no fixed term",
	"witness whereof", "on behalf of", "shall", "must", "will", "agrees to", "insur", "assign", "exclusiv", "terminat", "escalat", "increase", "consumer price", "cpi", "minimum", "attention", "attn", "contact", "account manager", "project manager", "service manager", "key contact", "relationship manager", "project lead", "contract owner", "service owner", "contract manager", "account director", "project director", "programme manager", "program manager", "service delivery manager", "primary contact",
	"discount", "bonus", "the first ", "knock", "allows", "turnover", "volume", "take or pay", "take-or-pay", "offtake", "off-take", "commit", "commitment", "committed", "commit to", "commits", "guarantee", "guaranteed", "undertakes",
	"adjust", "index", "uplift", "raise", "rise", "review", "inflation", "revis", "go up", "goes up", "moves", "late", "delay", "liquidated damages", "exceed the", "behind schedule", "misses", "overdue",
	"general liability", "public liability", "professional indemnity", "errors and omissions", "cyber", "workers' compensation", "employers' liability", "employer's liability", "third-party liability", "third party liability", "umbrella", "covers", "legal liability", "auto liability", "automobile liability", "motor liability", "workers' comp", "penalty",
	"pay ", "paid ", "settle", "remit", "bill", "terms of payment", "credit terms", "days net", "days' credit", "prox", "cash on", "c.o.d", "compensat", "ceiling", "claims for damages", "responsib", "owes",
	"refund", "unit price", "per piece", "shall credit", "will credit", "fewer than", "short of", "falls below", "fall below", "payment:", "terms:", "mature", "payment target", "answerable", "pay the other", "rolling", "successive", "consecutive",
	"contract year", "contract quarter", "contractual year", "agreement year", "service year", "subscription year",
	"tacit", "carries on", "stays in force", "new term", "further term", "further period", "new period", "fresh term",
	"shall provide", "will provide", "agrees to provide", "shall supply", "will supply", "shall deliver", "shall furnish", "shall perform", "shall sell", "will perform", "agrees to sell",
}

// anywhere are words that finders ask for and that may also begin inside others: they are looked up in one pass, too. The pass has
// 64 groups; words that share one are told apart where they stand, so those at the end are seldom ones.
var anywhere = []string{
	"round the clock", "hours a day", "day and night", "at any hour", "office hours", "opening hours", "every day of", "run only", "business days", "do not run", "stands still", "stops while", "waits for",
	"payment shall be", "$", "€", "£", " dollars", "responsible for more", " off ", "be up ", "% of ",
	"date of", "day and", "date first", "date and", "date last", "date listed", "date set forth", "date above", "date it is signed", "date this agreement is", "date signed", "signing date",
	"last", "latest", "later of", "final sign", "signature", "signing", "execution",
	"in force", "tier 1", "runs", "run ", "pays ", "reduc", "remedies", "thereafter", "up to", "fee back", "take and pay", "every year", "expir",
	"date noted", "date stated", "date shown", "date below", "date indicated", "date written", "additional month", "another month", "more month",
	"regardless of", "whether or not", "even if", "shall reach", "must reach", "percent of", "go below", "drop below", "takes effect", "take effect", "into force",
	"shall take", "must take", "will take", "shall buy", "must buy", "shall purchase", "must purchase", "will purchase", "shall order", "must order", "shall call off", "or pay", "never less", "place orders", "orders worth", "min.", "difference", "equal to",
	"amount by which", "give you back", "gives back", "pay back", "pays back", "returns", "threshold", "reaching", "fund", " funds", "allowance", "contribut", "advertising", "patronage", "loyalty", "year-end", "put ", "puts ", "change", "variable",
	"conflict", "inconsisten", "discrepanc", "precedence", "order of priority", "maintenance", "planned", "scheduled", "routine", "preventive", "preventative", "service window", "to work on", "take the", "take it", "take our",
	"inr", " rs. ", "pounds", "pence", "p per ", "cents", "¢", "expiration date", "expiry date", "end date", "termination date", "binds ", "at all hours", "₹",
	" may ", " agrees ", " pays ", " undertakes ", " sends ", " warrants ", " provides ",
}

var anywhereTable = sync.OnceValue(func() *expression.Words {
	groups := make([][]string, wordGroups)
	for i, w := range anywhere {
		groups[i%wordGroups] = append(groups[i%wordGroups], w)
	}
	return expression.NewWords(groups...)
})

// wordGroups is how many groups of words a pass may tell apart.
const wordGroups = 64

var anywhereIDs = sync.OnceValue(func() map[string]int {
	ids := map[string]int{}
	for i, w := range anywhere {
		ids[w] = i
	}
	return ids
})

// indexAnywhere finds where each of those words stands; one that begins before the last of its kind has ended is left out.
func (f *flow) indexAnywhere() {
	f.standsAt = make([][]int, len(anywhere))
	anywhereTable().Ends(f.lower, func(groups uint64, end int) {
		for ; groups != 0; groups &= groups - 1 {
			for id := bits.TrailingZeros64(groups); id < len(anywhere); id += wordGroups {
				at, size := f.standsAt[id], len(anywhere[id])
				if (len(at) == 0 || at[len(at)-1]+size <= end-size) && strings.HasSuffix(f.lower[:end], anywhere[id]) {
					f.standsAt[id] = append(at, end-size)
				}
			}
		}
	})
}

// cueTable is the cues as a tree of letters: a word of a text is followed as far as some cue begins like it.
type cueTable struct {
	ids   map[string]int
	class [256]uint8 // of a letter; 0 for those that no cue has
	next  []uint16   // by node and class: the node that follows, 0 for none
	pairs []uint16   // by the classes of two letters: the node behind them, 0 for none; no cue is shorter
	cue   []int16    // by node: the cue that ends there, -1 for none
	width int
}

var cueTableOf = sync.OnceValue(func() *cueTable {
	t := &cueTable{ids: map[string]int{}, width: 1}
	for i, c := range cues {
		if _, twice := t.ids[c]; !twice {
			t.ids[c] = i
		}
		for k := range len(c) {
			if class := &t.class[c[k]]; *class == 0 {
				*class = uint8(t.width)
				t.width++
			}
		}
	}
	grow := func() {
		t.next, t.cue = append(t.next, make([]uint16, t.width)...), append(t.cue, -1)
	}
	grow()
	for c, id := range t.ids {
		at := 0
		for k := range len(c) {
			to := &t.next[at*t.width+int(t.class[c[k]])]
			if *to == 0 {
				*to = uint16(len(t.cue))
				at = len(t.cue)
				grow()
				continue
			}
			at = int(*to)
		}
		t.cue[at] = int16(id)
	}
	t.pairs = make([]uint16, t.width*t.width)
	for first, node := range t.next[:t.width] {
		if node > 0 {
			copy(t.pairs[first*t.width:], t.next[int(node)*t.width:][:t.width])
		}
	}
	return t
})

// inWords are the letters of words, in small letters.
var inWords = func() (in [256]bool) {
	for c := range in {
		in[c] = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
	}
	return in
}()

// indexCues finds where each cue stands at the beginning of a word.
func (f *flow) indexCues() {
	t := cueTableOf()
	f.cueAt = make([][]int, len(cues))
	s := f.lower
	for i := 0; i+1 < len(s); i++ {
		if !inWords[s[i]] {
			continue
		}
		node := int(t.pairs[int(t.class[s[i]])*t.width+int(t.class[s[i+1]])])
		for k := i + 2; node != 0; k++ {
			if id := t.cue[node]; id >= 0 {
				f.cueAt[id] = append(f.cueAt[id], i)
			}
			if k == len(s) {
				break
			}
			node = int(t.next[node*t.width+int(t.class[s[k]])])
		}
		for i++; i < len(s) && inWords[s[i]]; i++ {
		}
	}
}

// hits gives where a lower-case word stands, up to a limit.
func (f *flow) hits(word string, limit int) []int {
	if id, known := cueTableOf().ids[strings.TrimLeft(word, " \n")]; known {
		at := f.cueAt[id]
		return at[:min(len(at), limit)]
	}
	if id, known := anywhereIDs()[word]; known {
		if f.standsAt == nil {
			f.indexAnywhere()
		}
		at := f.standsAt[id]
		return at[:min(len(at), limit)]
	}
	var out []int
	for i := 0; len(out) < limit; {
		k := strings.Index(f.lower[i:], word)
		if k < 0 {
			return out
		}
		out = append(out, i+k)
		i += k + len(word)
	}
	return out
}

// hitsOf gives where any of the words stand, in order.
func (f *flow) hitsOf(words ...string) []int {
	var out []int
	for _, w := range words {
		out = append(out, f.hits(w, 200)...)
	}
	sort.Ints(out)
	return out
}

// sentencesWith gives the indices of sentences that hold any of the words, in order, each once.
func (f *flow) sentencesWith(limit int, words ...string) []int {
	var out []int
	for _, w := range words {
		last := -1
		for _, h := range f.hits(w, limit) {
			if n := f.sentenceAt(h); n >= 0 && n != last {
				out = append(out, n)
				last = n
			}
		}
	}
	sort.Ints(out)
	kept := out[:0]
	for i, n := range out {
		if i == 0 || n != out[i-1] {
			kept = append(kept, n)
		}
	}
	return kept
}
