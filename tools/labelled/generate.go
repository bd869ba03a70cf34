package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/pactloop/pactloop/internal/evaluate"
	"github.com/pactloop/pactloop/internal/evaluate/paper"
)

// plan says which documents are made: kind, how many, and their renderings in turn.
type plan struct {
	kind       string
	renderings [][]string
}

func plans() []plan {
	none, pdf, docx, scan := []string{}, []string{"pdf"}, []string{"docx"}, []string{"pdf", "scan"}
	return []plan{
		{"sla", [][]string{pdf, docx, scan, none}},
		{"msa", [][]string{pdf, docx, none, docx}},
		{"sow", [][]string{docx, pdf, none, scan}},
		{"support", [][]string{pdf, docx, none}},
		{"supply", [][]string{pdf, docx, none}},
		{"price_schedule", [][]string{pdf, docx, scan}},
		{"insurance_certificate", [][]string{pdf, docx}},
		{"amendment", [][]string{docx, pdf, none}},
	}
}

// made is one generated document: the two files beside one another.
type made struct {
	name         string
	text, labels []byte
}

func generate(into string, seed uint64) error {
	all, err := makeAll(seed)
	if err != nil {
		return err
	}
	for _, m := range all {
		if err := os.WriteFile(filepath.Join(into, m.name+".txt"), m.text, 0o644); err != nil {
			return fmt.Errorf("writing text: %w", err)
		}
		if err := os.WriteFile(filepath.Join(into, m.name+".json"), m.labels, 0o644); err != nil {
			return fmt.Errorf("writing labels: %w", err)
		}
	}
	fmt.Printf("%d documents\n", len(all))
	return nil
}

// seed is the seed of the training half. Another seed gives another half of the same kind.
const seed = 2026

// makeAll makes every document of the plan, always the same for a seed.
func makeAll(seed uint64) ([]made, error) {
	var all []made
	cards := &deck{bank: bank(), random: rand.New(rand.NewPCG(seed, 0)), left: map[string][]string{}}
	n := 0
	for _, p := range plans() {
		for i, renderings := range p.renderings {
			n++
			random := rand.New(rand.NewPCG(seed, uint64(n)))
			s := styles()[n%len(styles())]
			d := newDeal(s, random)
			m, err := write(d, cards, p.kind, fmt.Sprintf("g-%s-%d", strings.ReplaceAll(p.kind, "_", "-"), i+1), renderings)
			if err != nil {
				return nil, fmt.Errorf("%s %d: %w", p.kind, i+1, err)
			}
			all = append(all, m)
		}
	}
	return all, nil
}

// deck deals the wordings of a section so that each is used before one is used again.
type deck struct {
	bank   map[string][]string
	random *rand.Rand
	left   map[string][]string
}

func (k *deck) draw(section string) string {
	if len(k.left[section]) == 0 {
		fresh := slices.Clone(k.bank[section])
		k.random.Shuffle(len(fresh), func(i, j int) { fresh[i], fresh[j] = fresh[j], fresh[i] })
		k.left[section] = fresh
	}
	w := k.left[section][0]
	k.left[section] = k.left[section][1:]
	return w
}

// write composes the document, takes the marks out and makes the labels of them.
func write(d *deal, cards *deck, kind, name string, renderings []string) (made, error) {
	head, body := compose(d, cards, kind)
	body = fill(body, d.words)
	clean, marks := strip(body)
	text, err := paper.Parse(head + "---\n" + clean)
	if err != nil {
		return made{}, err
	}
	held, err := paper.Parse(head + "---\n" + hold(body))
	if err != nil {
		return made{}, err
	}
	plain := paper.Plain(text)
	labels, err := d.label(kind, renderings, marks, plain, paper.Plain(held))
	if err != nil {
		return made{}, err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(labels); err != nil {
		return made{}, fmt.Errorf("writing labels: %w", err)
	}
	return made{name, []byte(head + "---\n" + clean), out.Bytes()}, nil
}

// fill puts the words of the deal in. A wording with a name that the deal lacks is a mistake of the bank and stays visible.
func fill(s string, words map[string]string) string {
	keys := make([]string, 0, len(words))
	for k := range words {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	var pairs []string
	for _, k := range keys {
		pairs = append(pairs, "{"+k+"}", words[k])
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

// Marks are «code:words»; in the held text the nth mark is a private letter, so that it goes through the plain text.
const (
	firstOpen  = '\uE000'
	firstClose = '\uE800'
)

func strip(s string) (clean string, codes []string) {
	var b strings.Builder
	for i := 0; i < len(s); {
		rest := s[i:]
		switch {
		case strings.HasPrefix(rest, "«"):
			end := strings.IndexByte(rest, ':')
			codes = append(codes, rest[len("«"):end])
			i += end + 1
		case strings.HasPrefix(rest, "»"):
			i += len("»")
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String(), codes
}

// hold writes private letters for the marks. They touch the words, so that no mark stands alone at the edge of a block.
func hold(s string) string {
	var b strings.Builder
	var open []int
	n := 0
	for i := 0; i < len(s); {
		rest := s[i:]
		switch {
		case strings.HasPrefix(rest, "«"):
			b.WriteRune(firstOpen + rune(n))
			open = append(open, n)
			n++
			i += strings.IndexByte(rest, ':') + 1
		case strings.HasPrefix(rest, "»"):
			last := open[len(open)-1]
			open = open[:len(open)-1]
			b.WriteRune(firstClose + rune(last))
			i += len("»")
		default:
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

// label makes the labels of the marks: the place of each is told by the held text, its quote is cut from the clean one.
func (d *deal) label(kind string, renderings, codes []string, plain, held string) (object, error) {
	if letters(plain) != letters(strings.Map(unmark, held)) {
		return nil, fmt.Errorf("a mark touches the edge of a block or of a row, and changes its form: %.200q", differ(letters(plain), letters(strings.Map(unmark, held))))
	}
	from, to := map[int]int{}, map[int]int{} // by mark: letters before its beginning and its end
	count := 0
	for _, r := range held {
		switch {
		case r >= firstOpen && r < firstClose:
			from[int(r-firstOpen)] = count
		case r >= firstClose && r < firstClose+0x800:
			to[int(r-firstClose)] = count
		case !unicode.IsSpace(r):
			count++
		}
	}
	out := object{
		"kind": kind, "origin": "generated", "style": d.style.name, "renderings": renderings,
		"clauses": []any{}, "values": []any{}, "service_levels": []any{}, "credits": []any{}, "obligations": []any{}, "facts": []any{}, "ambiguities": []any{},
	}
	seen := map[string]bool{}
	for i, code := range codes {
		q, err := quoted(plain, from[i], to[i])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", code, err)
		}
		if err := d.add(out, seen, code, q); err != nil {
			return nil, err
		}
	}
	out["absent"] = absent(kind, seen)
	return out, nil
}

func unmark(r rune) rune {
	if r >= firstOpen && r < firstClose+0x800 {
		return -1
	}
	return r
}

// differ shows where the second text leaves the first.
func differ(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return b[max(0, min(i, len(b))-40):]
}

func letters(s string) string { return strings.Join(strings.Fields(s), "") }

// quoted cuts the words that begin and end after so many letters, with their occurrence where they stand more than once.
func quoted(plain string, from, to int) (object, error) {
	runes := []rune(plain)
	start, end, count := 0, 0, 0
	for i, r := range runes {
		if unicode.IsSpace(r) {
			continue
		}
		if count == from {
			start = i
		}
		if count++; count == to {
			end = i + 1
		}
	}
	quote := strings.Join(strings.Fields(string(runes[start:end])), " ")
	at := 0
	for n := 1; ; n++ {
		s, _, ok := evaluate.LocateExact(plain, quote, n)
		if !ok {
			break
		}
		if s >= start-1 && s <= start+3 {
			at = n
		}
		if n > 1 && at > 0 && n >= at {
			return object{"quote": quote, "occurrence": at}, nil
		}
	}
	if at == 0 {
		return nil, fmt.Errorf("%.80q is not found again", quote)
	}
	return object{"quote": quote}, nil
}

func (d *deal) add(out object, seen map[string]bool, code string, q object) error {
	class, name, _ := strings.Cut(code, ".")
	put := func(list string, content object) {
		all, _ := out[list].([]any)
		for k, v := range q {
			content[k] = v
		}
		out[list] = append(all, content)
	}
	if class != "c" {
		if seen[code] {
			return nil // said twice; the first place counts
		}
		seen[code] = true
	}
	switch class {
	case "c":
		seen["kind "+name] = true
		put("clauses", object{"kind": name})
	case "v":
		value, ok := d.values[name]
		if !ok {
			return fmt.Errorf("no value %q in the deal", name)
		}
		term, flags, _ := strings.Cut(name, "/")
		if seen["term "+term] { // a fuller reading of the same term: the discount beside the net days
			return d.fuller(out, term, flags, value, q)
		}
		seen["term "+term] = true
		put("values", object{"name": term, "value": value})
	case "l":
		level, ok := d.levels[name].(object)
		if !ok {
			return fmt.Errorf("no service level %q in the deal", name)
		}
		put("service_levels", copyOf(level))
	case "k":
		credit, _ := d.credit[name].(object)
		put("credits", copyOf(credit))
	case "o":
		o, ok := d.duties[name]
		if !ok {
			return fmt.Errorf("no obligation %q in the deal", name)
		}
		put("obligations", object{"bearer": o.bearer, "beneficiary": o.beneficiary, "deliverable": o.deliverable, "frequency": o.frequency, "due": o.due, "trigger": o.trigger})
	case "f":
		f, ok := d.facts[name].(object)
		if !ok {
			return fmt.Errorf("no fact %q in the deal", name)
		}
		put("facts", copyOf(f))
	case "a":
		seen["term "+name] = true
		all, _ := out["ambiguities"].([]any)
		codes := map[string]string{"payment_terms": "net_eom", "notice_period": "words_against_figures", "service_credits": "tier_gap", "effective_date": "two_dates"}
		out["ambiguities"] = append(all, object{"code": codes[name], "about": name, "quotes": []any{q["quote"]}})
	default:
		return fmt.Errorf("unknown mark %q", code)
	}
	return nil
}

func copyOf(o object) object {
	c := object{}
	for k, v := range o {
		c[k] = v
	}
	return c
}

func (d *deal) fuller(out object, term, flags string, value any, q object) error {
	if !strings.Contains(flags, "d") {
		return nil
	}
	all, _ := out["values"].([]any)
	for i, v := range all {
		if o, _ := v.(object); o["name"] == term {
			content := object{"name": term, "value": value}
			for k, v := range q {
				content[k] = v
			}
			all[i] = content
		}
	}
	return nil
}

// absent lists what a reader would look for in a document of the kind and what it does not have.
func absent(kind string, seen map[string]bool) []string {
	want := []string{
		"renewal_term", "auto_renewal", "notice_period", "payment_terms", "liability_cap", "governing_law", "uptime_target", "service_credits", "claim_window",
		"total_contract_value", "annual_contract_value", "contract_number", "service_level", "service_credit", "delivery", "insurance", "audit_duty", "data_protection",
		"security_attestation", "termination", "reporting_duty", "acceptance_and_milestones",
		"renewal", "notice", "price_and_tiers",
	}
	if kind != "amendment" {
		want = append(want, "effective_date", "expiration_date", "term")
	}
	out := []string{}
	for _, w := range want {
		known := seen["term "+w] || seen["kind "+w]
		// A date of expiry follows from a start and a term: finding it is right.
		known = known || w == "expiration_date" && seen["term term"] || w == "term" && seen["term expiration_date"]
		if !known {
			out = append(out, w)
		}
	}
	return out
}
