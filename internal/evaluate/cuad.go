package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hbollon/go-edlib"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/document"
	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

func runCUAD(ctx context.Context, cfg Config, x extract.Extractor, r *Report) error {
	folds := cfg.Folds
	if len(folds) == 0 {
		folds = []int{0}
	}
	return lines(cfg.CUAD, setName(cfg.CUAD), func(line []byte) error {
		var c cuadContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		if !cfg.Every && !slices.Contains(folds, c.Fold) {
			return nil
		}
		d := PlainDocument(c.Text)
		if cfg.Read != nil {
			read, err := cfg.Read(ctx, filepath.Join(cfg.CUAD, "pdf", c.Title+".pdf"))
			if err != nil {
				r.Unread = append(r.Unread, c.Title+": "+err.Error())
			} else {
				d = read
			}
		}
		if cfg.ForFold != nil {
			x = cfg.ForFold(c.Fold)
		}
		start := time.Now()
		read, err := reading(x).Read(ctx, d)
		r.Took += time.Since(start)
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.Title, err)
		}
		got := read.Candidates
		for _, c := range got {
			r.Candidates++
			if c.Verification != pact.Verified {
				r.Unverified++
			}
		}
		r.Contracts++
		r.Characters += len(c.Text)
		scoreCUAD(cfg, r, c, d, got)
		return nil
	})
}

func scoreCUAD(cfg Config, r *Report, c cuadContract, _ *document.Document, got []pact.Candidate) {
	dates := [][2]string{{"agreement_date", "Agreement Date"}, {"effective_date", "Effective Date"}, {"expiration_date", "Expiration Date"}}
	for _, f := range dates {
		r.scoreDate(cfg, c, f[0], c.Values[f[1]], found(got, f[0]))
	}
	r.scoreDuration(cfg, c, "renewal_term", c.Values["Renewal Term"], found(got, "renewal_term"))
	r.scoreDuration(cfg, c, "notice_period", c.Values["Notice Period To Terminate Renewal"], found(got, "notice_period"))
	r.scoreText(cfg, c, "governing_law", c.Values["Governing Law"], found(got, "governing_law"), sameLaw)
	r.scoreText(cfg, c, "title", c.Values["Document Name"], found(got, "title"), sameTitle)
	r.scoreParties(cfg, c, found(got, "parties"))
}

func (r *Report) count(cfg Config, f *Field, contract, gold string, c *pact.Candidate, right, near bool) {
	got := ""
	if c != nil && c.Value != nil {
		got = c.Value.String()
	}
	if gold == "" {
		if got != "" {
			f.False++
			f.bin(c).all++
			if len(f.FalseShown) < cfg.Misses {
				f.FalseShown = append(f.FalseShown, Miss{contract, "", got, quoteOf(c)})
			}
		}
		return
	}
	f.Gold++
	if c != nil && got != "" {
		f.bin(c).all++
		if near {
			f.bin(c).right++
		}
	}
	switch {
	case right:
		f.Right++
		f.Near++
		return
	case near:
		f.Near++
		return
	case got == "":
		f.Missing++
	default:
		f.Wrong++
	}
	if len(f.Misses) < cfg.Misses {
		f.Misses = append(f.Misses, Miss{contract, gold, got, quoteOf(c)})
	}
}

func (f *Field) bin(c *pact.Candidate) *bin {
	key := c.Confidence.String()
	if f.bins[key] == nil {
		f.bins[key] = &bin{}
	}
	return f.bins[key]
}

func (r *Report) scoreDate(cfg Config, c cuadContract, name, raw string, cand *pact.Candidate) {
	f := r.field(name)
	gold, perpetual, ok := goldDate(raw)
	if raw != "" && !ok && !perpetual {
		return // "[]/[]/20[]": redacted in the contract; there is nothing to be right about
	}
	if perpetual {
		right := cand != nil && cand.Value != nil && cand.Value.Kind == pact.EvergreenValue
		r.count(cfg, f, c.Title, "perpetual", cand, right, right)
		return
	}
	var right, near bool
	if cand != nil && cand.Value != nil && cand.Value.Kind == pact.DateValue {
		right = cand.Value.Date == gold
		near = right
		if name == "expiration_date" {
			n := cand.Value.Date.DaysUntil(gold)
			near = n >= -1 && n <= 1
		}
	}
	r.count(cfg, f, c.Title, string(gold), cand, right, near)
}

var goldDatePattern = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$`)

// goldDate reads the label's m/d/yy.
func goldDate(s string) (d calendar.Date, perpetual, ok bool) {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "perpetual") {
		return "", true, true
	}
	m := goldDatePattern.FindStringSubmatch(s)
	if m == nil {
		return "", false, false
	}
	month, _ := strconv.Atoi(m[1])
	day, _ := strconv.Atoi(m[2])
	year, _ := strconv.Atoi(m[3])
	if year < 100 {
		year += 2000
		if year >= 2070 {
			year -= 100
		}
	}
	d = calendar.DateOf(year, time.Month(month), day)
	return d, false, d != ""
}

var goldDurationPattern = regexp.MustCompile(`(?i)(\d+|` + `one|two|three|four|five|six` + `)(?: \(\d+\))?\)? (day|week|month|quarter|year)`)

func (r *Report) scoreDuration(cfg Config, c cuadContract, name, raw string, cand *pact.Candidate) {
	f := r.field(name)
	gold, perpetual, ok := goldDuration(raw)
	switch {
	case perpetual:
		right := cand != nil && cand.Value != nil && cand.Value.Kind == pact.EvergreenValue
		r.count(cfg, f, c.Title, "perpetual", cand, right, right)
		return
	case strings.TrimSpace(raw) == "":
		r.count(cfg, f, c.Title, "", cand, false, false)
		return
	case !ok:
		return
	}
	right := cand != nil && cand.Value != nil && cand.Value.Duration != nil && sameDuration(*cand.Value.Duration, gold)
	r.count(cfg, f, c.Title, gold.String(), cand, right, right)
}

// sameDuration holds 12 months for 1 year, and nothing else for anything else.
func sameDuration(a, b calendar.Duration) bool {
	if a == b {
		return true
	}
	am, okA := a.Months()
	bm, okB := b.Months()
	if okA && okB {
		return am == bm
	}
	ad, okA := wording.Days(a)
	bd, okB := wording.Days(b)
	return okA && okB && ad == bd || a.Unit == calendar.BusinessDay && b.Unit == calendar.Day && a.Value == b.Value
}

func (r *Report) scoreText(cfg Config, c cuadContract, name, gold string, cand *pact.Candidate, same func(a, b string) bool) {
	f := r.field(name)
	gold = strings.TrimSpace(gold)
	if strings.Contains(gold, "[]") {
		return
	}
	right := cand != nil && cand.Value != nil && same(cand.Value.Text, gold)
	r.count(cfg, f, c.Title, gold, cand, right, right)
}

func sameLaw(got, gold string) bool {
	for _, g := range strings.Split(gold, ";") {
		if lawKey(got) == lawKey(g) {
			return true
		}
	}
	return false
}

// lawKey brings the ways to write a jurisdiction to one: "Ontario, Canada" and "Ontario", "England and Wales, UK" and
// "England".
func lawKey(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, w := range []string{"the ", "state of ", "commonwealth of ", "republic of ", "kingdom of ", "province of "} {
		s = strings.TrimPrefix(s, w)
	}
	if i := strings.IndexByte(s, ','); i > 0 {
		s = s[:i]
	}
	switch s = strings.TrimSpace(s); {
	case strings.HasPrefix(s, "england"):
		return "england"
	case strings.Contains(s, "china"), s == "prc":
		return "china"
	case strings.HasPrefix(s, "hong kong"):
		return "hong kong"
	case strings.HasPrefix(s, "united states"), s == "us", s == "usa":
		return "united states"
	}
	return s
}

var notLetters = regexp.MustCompile(`[^\p{L}\p{N}]+`)

func sameTitle(got, gold string) bool {
	a, b := strings.TrimSpace(notLetters.ReplaceAllString(strings.ToLower(got), " ")), strings.TrimSpace(notLetters.ReplaceAllString(strings.ToLower(gold), " "))
	if a == b {
		return true
	}
	return a != "" && b != "" && jaccard(strings.Fields(a), strings.Fields(b)) >= 0.5
}

func jaccard(a, b []string) float64 {
	set := map[string]int{}
	for _, w := range a {
		set[w] |= 1
	}
	for _, w := range b {
		set[w] |= 2
	}
	both := 0
	for _, v := range set {
		if v == 3 {
			both++
		}
	}
	return float64(both) / float64(len(set))
}

func (r *Report) scoreParties(cfg Config, c cuadContract, cand *pact.Candidate) {
	gold := goldParties(c.Values["Parties"])
	got := map[string]bool{}
	if cand != nil && cand.Value != nil {
		for _, p := range cand.Value.Parties {
			got[partyKey(p.Name)] = true
		}
	}
	right, exact := 0, 0
	for g := range gold {
		if got[g] {
			exact++
		}
		if sameName(g, got) {
			right++
		}
	}
	r.PartyExact += exact
	r.PartyCount[0] += right
	r.PartyCount[1] += len(got)
	r.PartyCount[2] += len(gold)
	r.PartyF1 = f1(r.PartyCount[0], r.PartyCount[1], r.PartyCount[2])
	f := r.field("parties (all right)")
	if len(gold) == 0 {
		return
	}
	all := right == len(gold) && len(got) == len(gold)
	shown := ""
	for g := range gold {
		shown += g + "; "
	}
	r.count(cfg, f, c.Title, shown, cand, all, all)
}

var (
	parenthesis = regexp.MustCompile(`\([^)]*\)?`)
	notAName    = regexp.MustCompile(`(?i)^(?:each|individually|collectively|together|sometimes|hereinafter|jointly)\b`)
	quotesIn    = regexp.MustCompile(`["“”][^"“”]*["“”]`)
)

// goldParties reads the names of a label: "Electric City Corp. ("Company"); …". Entries that only say who is called a
// Party are not names.
func goldParties(s string) map[string]bool {
	names := map[string]bool{}
	for _, entry := range strings.Split(s, ";") {
		collective := strings.Contains(strings.ToLower(entry), "parties") || strings.Contains(strings.ToLower(entry), "party")
		if notAName.MatchString(strings.TrimLeft(entry, " (,\"“")) {
			continue
		}
		name := parenthesis.ReplaceAllString(strings.TrimPrefix(strings.TrimSpace(entry), "("), " ")
		name = quotesIn.ReplaceAllString(name, " ")
		if collective && (strings.Contains(name, " and ") || strings.Contains(name, ",") && strings.Contains(name, " and")) {
			continue
		}
		if key := partyKey(name); key != "" && key != "party" && key != "parties" && !strings.Contains(name, "[") {
			names[key] = true
		}
	}
	return names
}

// sameName tells whether a label is among the names: letter by letter, or with at most two letters typed otherwise, as in
// "Howmedica Ostenonics" for "Howmedica Osteonics". Digits and short names must be equal.
func sameName(label string, names map[string]bool) bool {
	if names[label] {
		return true
	}
	if len(label) < 10 {
		return false
	}
	for n := range names {
		if len(n) >= 10 && digitsOf(n) == digitsOf(label) && edits(n, label) <= 2 {
			return true
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// edits is the number of letters to insert, delete, replace or swap, or 3 where it is more than two.
func edits(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	return edlib.OSADamerauLevenshteinDistance(a, b)
}

var tradeName = regexp.MustCompile(`(?i)[, ]+(?:d/?b/?a|dba|doing business as|f/?k/?a|formerly known as|formerly|a/k/a|also known as|on behalf of|together with|and its (?:affiliates|subsidiaries)|operating with)\b.*$`)

// partyKey is the key of a party's name without what labels and contracts add to it in some places and not in others:
// parts in parentheses, trade and former names.
func partyKey(s string) string {
	s = degree.ReplaceAllString(strings.TrimSpace(parenthesis.ReplaceAllString(s, " ")), "")
	return nameKey(tradeName.ReplaceAllString(s, ""))
}

var forms = map[string]string{
	"incorporated": "inc", "corporation": "corp", "limited": "ltd", "company": "co", "l l c": "llc", "l p": "lp", "s a": "sa", "n a": "na", "b v": "bv", "n v": "nv", "l l p": "llp", "s r l": "srl", "s p a": "spa",
}

// nameKey brings a name to the form in which names are compared: case, punctuation, "the" and spelling of legal forms
// aside.
func nameKey(s string) string {
	s = strings.ToLower(wording.Normal(s).S)
	s = strings.ReplaceAll(s, "&", " and ")
	s = strings.TrimSpace(notLetters.ReplaceAllString(s, " "))
	s = strings.TrimPrefix(s, "the ")
	for _, long := range []string{"l l c", "l l p", "s r l", "s p a", "l p", "s a", "n a", "b v", "n v"} {
		if strings.HasSuffix(s, " "+long) {
			s = strings.TrimSuffix(s, long) + forms[long]
		}
	}
	words := strings.Fields(s)
	if n := len(words); n > 1 {
		if short, ok := forms[words[n-1]]; ok {
			words[n-1] = short
		}
	}
	return strings.Join(words, " ")
}
