package evaluate

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"github.com/pactloop/pactloop/internal/extract"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/wording"
)

func runKleister(ctx context.Context, cfg Config, x extract.Extractor, r *Report) error {
	err := lines(cfg.Kleister, "kleister_nda_train.jsonl", func(line []byte) error {
		var c kleisterContract
		if err := readJSON(line, &c); err != nil {
			return err
		}
		d := PlainDocument(strings.ReplaceAll(c.Text, `\n`, "\n"))
		if cfg.Read != nil {
			if read, err := cfg.Read(ctx, filepath.Join(cfg.Kleister, "pdf", c.PDF)); err == nil {
				d = read // only some of the files are there; the others are read from the text of the set
			}
		}
		read, err := reading(x).Read(ctx, d)
		if err != nil {
			return fmt.Errorf("reading %s: %w", c.PDF, err)
		}
		r.KleisterContracts++
		scoreKleister(cfg, r, c, read.Candidates)
		return nil
	})
	var right, given, gold int
	for _, k := range r.Kleister {
		right, given, gold = right+k.True, given+k.Predicted, gold+k.Gold
	}
	r.KleisterF1 = f1(right, given, gold)
	return err
}

func scoreKleister(cfg Config, r *Report, c kleisterContract, got []pact.Candidate) {
	pairs := kleisterPairs(got, c.Text)
	gold := map[[2]string]bool{}
	for _, e := range c.Expected {
		gold[[2]string{e[0], strings.ToUpper(e[1])}] = true
	}
	for _, name := range []string{"effective_date", "jurisdiction", "party", "term"} {
		if r.Kleister[name] == nil {
			r.Kleister[name] = &KleisterField{}
		}
	}
	for p := range gold {
		k := r.Kleister[p[0]]
		k.Gold++
		if pairs[p] {
			k.True++
			continue
		}
		if len(k.Misses) < cfg.Misses {
			var shown []string
			for q := range pairs {
				if q[0] == p[0] {
					shown = append(shown, q[1])
				}
			}
			sort.Strings(shown)
			k.Misses = append(k.Misses, Miss{Contract: c.PDF, Gold: p[1], Got: strings.Join(shown, " "), Quote: quoteOf(found(got, termOf(p[0])))})
		}
	}
	for p := range pairs {
		k := r.Kleister[p[0]]
		k.Predicted++
		if !gold[p] && len(k.Misses) < cfg.Misses {
			k.Misses = append(k.Misses, Miss{Contract: c.PDF, Got: p[1], Quote: quoteOf(found(got, termOf(p[0])))})
		}
	}
}

// termOf is our name of a field of the set.
func termOf(field string) string {
	switch field {
	case "jurisdiction":
		return "governing_law"
	case "party":
		return "parties"
	}
	return field
}

// kleisterPairs writes what was found in the format of the set: upper case, underscores for spaces.
func kleisterPairs(got []pact.Candidate, text string) map[[2]string]bool {
	pairs := map[[2]string]bool{}
	add := func(name, value string) {
		if value != "" {
			pairs[[2]string{name, strings.ToUpper(strings.ReplaceAll(value, " ", "_"))}] = true
		}
	}
	if c := found(got, "effective_date"); c != nil && c.Value != nil {
		add("effective_date", string(c.Value.Date))
	}
	if c := found(got, "governing_law"); c != nil && c.Value != nil {
		add("jurisdiction", c.Value.Text)
	}
	if c := found(got, "term"); c != nil && c.Value != nil && c.Value.Duration != nil {
		add("term", c.Value.Duration.String())
	}
	if c := found(got, "parties"); c != nil && c.Value != nil {
		for _, p := range c.Value.Parties {
			add("party", asWritten(kleisterName(p.Name), text))
		}
	}
	return pairs
}

var (
	formComma = regexp.MustCompile(`(?i),? (inc|incorporated|llc|l\.l\.c|ltd|limited|corp|l\.p|lp|llp|co|n\.a|s\.a|plc)\.?$`)
	degree    = regexp.MustCompile(`(?i),? (?:M\.? ?D|Ph\.? ?D|N\.? ?D|Esq|CPA|Jr|Sr)\.?$`)
)

// asWritten gives a name the apostrophe that the text has: labels keep the curly one, names are read with the plain one.
func asWritten(name, text string) string {
	curly := strings.ReplaceAll(name, "'", "\u2019")
	k := strings.IndexByte(name, '\'')
	if k <= 0 {
		return name
	}
	around := name[max(0, k-6):min(len(name), k+4)]
	if low := strings.ToLower(text); !strings.Contains(low, strings.ToLower(around)) && strings.Contains(low, strings.ToLower(strings.ReplaceAll(around, "'", "\u2019"))) {
		return curly
	}
	return name
}

// kleisterName writes a name as the set does: no comma before the legal form, "Inc." with and "LLC" without a stop.
func kleisterName(s string) string {
	s = wording.Normal(s).S
	s = strings.ReplaceAll(strings.ReplaceAll(degree.ReplaceAllString(s, ""), "&", " and "), "  ", " ")
	if m := formComma.FindStringSubmatchIndex(s); m != nil {
		form := strings.ToUpper(strings.ReplaceAll(s[m[2]:m[3]], ".", ""))
		switch form {
		case "INC", "LTD", "CORP", "CO":
			form += "."
		case "INCORPORATED":
			form = "INC."
		case "LIMITED":
			form = "LTD."
		}
		s = s[:m[0]] + " " + form
	}
	return strings.ReplaceAll(s, ",", "")
}
