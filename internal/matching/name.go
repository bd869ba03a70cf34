package matching

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/hbollon/go-edlib"
	"golang.org/x/text/unicode/norm"
)

// maxName bounds the names compared, because similarity costs the product of both lengths.
const maxName = 160

// name is a company name in its normal form.
type name struct {
	raw      string
	tokens   []string // umlauts as two letters: mueller
	plain    []string // umlauts as one letter: muller
	form     string   // class of the legal form, "" where none
	formText string
	alias    bool
	script   string // Latin, Cyrillic, Greek, Other; "" where no letters
	mixed    bool   // a word with letters of several scripts
	hidden   bool   // invisible characters
}

func (n name) core() string { return strings.Join(n.tokens, " ") }

// tradingName finds where one name ends and another begins. It is only read after its making.
var tradingName = regexp.MustCompile(`(?i)[\s,(]+(?:d\s*[/.]\s*b\s*[/.]\s*a\.?|doing business as|trading as|t/a|a/k/a|also known as|f/k/a|formerly known as|formerly|now known as|n/k/a)\s+`)

// Tables of letters; they are only read.
var (
	lookAlikes = strings.NewReplacer(
		"а", "a", "в", "b", "с", "c", "е", "e", "н", "h", "і", "i", "ј", "j", "к", "k", "м", "m", "о", "o", "р", "p", "ѕ", "s", "т", "t", "у", "y", "х", "x", // Cyrillic
		"α", "a", "β", "b", "ε", "e", "η", "n", "ι", "i", "κ", "k", "μ", "m", "ν", "v", "ο", "o", "ρ", "p", "τ", "t", "υ", "u", "χ", "x", "ζ", "z", // Greek
	)
	twoLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "ø", "oe", "æ", "ae", "å", "aa", "œ", "oe")
	oneLetter  = strings.NewReplacer("ß", "ss", "ø", "o", "æ", "ae", "œ", "oe", "ł", "l", "đ", "d", "ı", "i", "þ", "th", "ð", "d")
)

// kin is what stands behind a name and adds those it belongs with. It is only read after its making.
var kin = regexp.MustCompile(`(?i)[\s,]+(?:(?:and|&|together with)\s+)?(?:all\s+of\s+)?(?:its|their|any|all)\s+(?:respective\s+)?(?:(?:parents?|affiliates?|affiliated\s+(?:companies|entities)|subsidiar(?:y|ies)|related\s+(?:companies|entities)|group\s+companies|officers|directors|employees|agents|successors|assigns)(?:[\s,]+(?:(?:and|or|&)\s+)?)?)+\.?$`)

// Kin parts "Acme Inc. and its affiliates" into the company and whether others belonging to it are meant too.
func Kin(name string) (company string, more bool) {
	name = strings.TrimSpace(name)
	at := kin.FindStringIndex(name)
	if at == nil || at[0] == 0 {
		return name, false
	}
	return name[:at[0]], true
}

// splitTradingNames gives the names of "Acme Holdings LLC d/b/a Rocket Supplies (formerly Boom Corp)".
func splitTradingNames(s string) []string {
	var out []string
	for _, part := range tradingName.Split(s, 10) {
		part = strings.Trim(part, " \t\n,()\"'")
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

// normalise makes the form that is compared: case, accents, umlauts, punctuation, "&", "The" and the legal form are gone.
func normalise(raw string) name {
	n := name{raw: strings.TrimSpace(raw)}
	n.script, n.mixed, n.hidden = scripts(raw)
	folded := strings.Map(visible, fold(raw))
	n.tokens = words(germanise(folded))
	n.plain = words(folded)
	n.form, n.formText, n.tokens = dropForm(n.tokens)
	_, _, n.plain = dropForm(n.plain)
	return n
}

// fold lowers the case and maps letters that look Latin to Latin, so that a forged name scores as what it imitates.
func fold(s string) string {
	s = strings.ToLower(norm.NFKC.String(s))
	return lookAlikes.Replace(s)
}

// germanise writes umlauts and their Nordic kin as two letters.
func germanise(s string) string {
	return twoLetters.Replace(norm.NFC.String(s))
}

// words strips accents and punctuation and splits. Dots and apostrophes vanish (S.A., O'Neill), other marks part words.
func words(s string) []string {
	s = oneLetter.Replace(s)
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '.', r == '\'', r == '’', r == '`':
		case r == '&', r == '+':
			b.WriteString(" and ")
		case unicode.IsLetter(r), unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	tokens := strings.Fields(b.String())
	for i, t := range tokens {
		switch t {
		case "und", "et", "och", "og", "y", "e":
			if i > 0 && i < len(tokens)-1 {
				tokens[i] = "and"
			}
		}
	}
	if len(tokens) > 1 && tokens[0] == "the" {
		tokens = tokens[1:]
	}
	return joinInitials(tokens)
}

// joinInitials makes one word of single letters in a row: "I B M" is "ibm".
func joinInitials(tokens []string) []string {
	var out []string
	run := ""
	for _, t := range tokens {
		if len(t) == 1 && t[0] >= 'a' && t[0] <= 'z' {
			run += t
			continue
		}
		if run != "" {
			out, run = append(out, run), ""
		}
		out = append(out, t)
	}
	if run != "" {
		out = append(out, run)
	}
	return out
}

// form is a legal form as words, with the class of forms that are the same thing.
type form struct{ words, class string }

// legalForms is ordered: longer forms before those they contain. It is only read.
var legalForms = []form{
	{"gmbh and co kgaa", "gmbh and co kg"},
	{"gmbh and co kg", "gmbh and co kg"},
	{"gmbh and co ohg", "gmbh and co ohg"},
	{"ag and co kg", "ag and co kg"},
	{"se and co kgaa", "kgaa"},
	{"gesellschaft mit beschraenkter haftung", "gmbh"},
	{"gesellschaft mit beschrankter haftung", "gmbh"},
	{"aktiengesellschaft", "ag"},
	{"ug haftungsbeschraenkt", "ug"},
	{"ug haftungsbeschrankt", "ug"},
	{"mbh", "gmbh"},
	{"ggmbh", "gmbh"},
	{"gmbh", "gmbh"},
	{"kgaa", "kgaa"},
	{"ohg", "ohg"},
	{"gbr", "gbr"},
	{"kg", "kg"},
	{"ag", "ag"},
	{"ug", "ug"},
	{"ev", "ev"},
	{"eg", "eg"},
	{"se", "se"},
	{"limited liability company", "llc"},
	{"limited liability partnership", "llp"},
	{"limited partnership", "lp"},
	{"public limited company", "plc"},
	{"private limited", "ltd"},
	{"pty limited", "pty ltd"},
	{"pty ltd", "pty ltd"},
	{"pte limited", "pte ltd"},
	{"pte ltd", "pte ltd"},
	{"pvt limited", "pvt ltd"},
	{"pvt ltd", "pvt ltd"},
	{"private ltd", "pvt ltd"},
	{"co limited", "ltd"},
	{"co ltd", "ltd"},
	{"company limited", "ltd"},
	{"sa de cv", "sa de cv"},
	{"sapi de cv", "sapi de cv"},
	{"s de rl de cv", "srl de cv"},
	{"s de rl", "srl"},
	{"sociedad anonima", "sa"},
	{"societe anonyme", "sa"},
	{"societa per azioni", "spa"},
	{"sociedade anonima", "sa"},
	{"sp zoo", "sp zoo"},
	{"sp z oo", "sp zoo"},
	{"spolka zoo", "sp zoo"},
	{"incorporated", "inc"},
	{"corporation", "inc"},
	{"inc", "inc"},
	{"corp", "inc"},
	{"llc", "llc"},
	{"lllp", "lp"},
	{"llp", "llp"},
	{"lp", "lp"},
	{"pllc", "llc"},
	{"plc", "plc"},
	{"ltd", "ltd"},
	{"limited", "ltd"},
	{"pc", "pc"},
	{"ulc", "ulc"},
	{"cic", "cic"},
	{"dac", "dac"},
	{"sarl", "sarl"},
	{"sasu", "sas"},
	{"sas", "sas"},
	{"sa", "sa"},
	{"spa", "spa"},
	{"srl", "srl"},
	{"slu", "sl"},
	{"sl", "sl"},
	{"bvba", "bvba"},
	{"bv", "bv"},
	{"nv", "nv"},
	{"ab", "ab"},
	{"aps", "aps"},
	{"as", "as"},
	{"asa", "asa"},
	{"oyj", "oyj"},
	{"oy", "oy"},
	{"sro", "sro"},
	{"kft", "kft"},
	{"zrt", "zrt"},
	{"nyrt", "nyrt"},
	{"doo", "doo"},
	{"dd", "dd"},
	{"ood", "ood"},
	{"ead", "ead"},
	{"eood", "eood"},
	{"ltda", "ltda"},
	{"eireli", "eireli"},
	{"kk", "kk"},
	{"kabushiki kaisha", "kk"},
	{"gk", "gk"},
	{"bhd", "bhd"},
	{"sdn bhd", "sdn bhd"},
	{"tbk", "tbk"},
	{"fzco", "fzco"},
	{"fze", "fze"},
	{"fzllc", "fzllc"},
	{"jsc", "jsc"},
	{"pjsc", "jsc"},
	{"ooo", "ooo"},
	{"oao", "jsc"},
	{"zao", "jsc"},
	{"company", "co"},
	{"co", "co"},
}

// Name is a company name made ready to tell whether another one is the same: its normal forms, with those of trading and former names in it.
type Name struct{ forms []name }

// NameOf takes a name as somebody wrote it.
func NameOf(written string) Name { return Name{profileOf(Company{Name: written}).names} }

// Same tells whether two names are one, as Match would with nothing else to go by: case, spaces, accents, punctuation and a legal form that one of
// them leaves out make no difference. Another legal form does, as does what a person would have to look at: letters of several scripts. Names
// that only resemble each other are not the same.
func (n Name) Same(other Name) bool {
	for _, a := range n.forms {
		for _, b := range other.forms {
			if sameTokens(a, b) {
				return (a.form == "" || b.form == "" || a.form == b.form) && a.script == b.script && !a.mixed && !b.mixed && !a.hidden && !b.hidden
			}
		}
	}
	return false
}

// sameTokens tells whether the words of two names are the same, either way to write umlauts, and however they are spaced.
func sameTokens(a, b name) bool {
	for _, x := range [][]string{a.tokens, a.plain} {
		for _, y := range [][]string{b.tokens, b.plain} {
			if len(x) > 0 && strings.Join(x, "") == strings.Join(y, "") {
				return true
			}
		}
	}
	return false
}

// dropForm takes legal forms off the end of a name, never all of it. The class is that of the last one, which governs.
// Forms of a country that puts them first (AB Volvo, PT Astra) come off the front.
func dropForm(tokens []string) (class, text string, rest []string) {
	rest = tokens
	for range min(4, len(tokens)) {
		cut := false
		for _, f := range legalForms {
			if !strings.HasSuffix(f.words, rest[len(rest)-1]) {
				continue
			}
			words := strings.Fields(f.words)
			n := len(rest) - len(words)
			if n < 1 || !slices.Equal(rest[n:], words) {
				continue
			}
			if class == "" {
				class, text = f.class, f.words
			}
			rest = rest[:n]
			for len(rest) > 1 && rest[len(rest)-1] == "and" {
				rest = rest[:len(rest)-1]
			}
			cut = true
			break
		}
		if !cut {
			break
		}
	}
	if class == "" && len(rest) > 1 && slices.Contains([]string{"ab", "pt", "ooo", "sc", "oy", "zao", "oao"}, rest[0]) {
		class, text, rest = rest[0], rest[0], rest[1:]
	}
	return class, text, rest
}

// nameScore compares two names: the better of both ways to write umlauts.
func nameScore(a, b name) int {
	return max(similarity(a.tokens, b.tokens), similarity(a.plain, b.plain), similarity(a.tokens, b.plain), similarity(a.plain, b.tokens))
}

// similarity is 40 % Jaro-Winkler of the whole and 60 % the cosine of three-letter pieces of the words. Jaro-Winkler alone
// finds "Deloitte Consulting" and "Deloitte Tax" alike; the pieces alone punish a slip of one letter in a short name.
func similarity(a, b []string) int {
	x, y := strings.Join(a, " "), strings.Join(b, " ")
	if x == "" || y == "" {
		return 0
	}
	if x == y || strings.ReplaceAll(x, " ", "") == strings.ReplaceAll(y, " ", "") {
		return one
	}
	if acronym(a, b) || acronym(b, a) {
		return 8_000
	}
	whole := float64(edlib.JaroWinklerSimilarity(x, y))
	score := int(math.Round((0.4*whole + 0.6*cosine(pieces(a), pieces(b))) * one))
	return min(max(score, 0), one-1)
}

// acronym tells whether one name is the initials of the other: IBM.
func acronym(short, long []string) bool {
	if len(short) != 1 || len(long) < 3 || len(short[0]) != len(long) {
		return false
	}
	for i, w := range long {
		if w[0] != short[0][i] {
			return false
		}
	}
	return true
}

// pieces counts the three-letter pieces of each word, its ends marked.
func pieces(tokens []string) map[string]int {
	out := map[string]int{}
	for _, t := range tokens {
		r := []rune(" " + t + " ")
		for i := 0; i+3 <= len(r); i++ {
			out[string(r[i:i+3])]++
		}
	}
	return out
}

// cosine sums integers, so that the order of a map has no influence.
func cosine(a, b map[string]int) float64 {
	var dot, na, nb int
	for k, n := range a {
		dot += n * b[k]
		na += n * n
	}
	for _, n := range b {
		nb += n * n
	}
	if na == 0 || nb == 0 {
		return 0
	}
	return float64(dot) / math.Sqrt(float64(na)*float64(nb))
}

// scripts tells which script a name is written in, and whether a single word mixes several.
func scripts(s string) (script string, mixed, hidden bool) {
	for _, word := range strings.Fields(s) {
		found := ""
		for _, r := range word {
			if visible(r) < 0 {
				hidden = true
			}
			if !unicode.IsLetter(r) {
				continue
			}
			is := "other"
			switch {
			case unicode.Is(unicode.Latin, r):
				is = "Latin"
			case unicode.Is(unicode.Cyrillic, r):
				is = "Cyrillic"
			case unicode.Is(unicode.Greek, r):
				is = "Greek"
			}
			if found != "" && found != is {
				mixed = true
			}
			found = is
			if script == "" {
				script = is
			}
		}
	}
	return script, mixed, hidden
}

// visible drops characters that are not seen: zero-width joiners, direction marks, soft hyphens.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) || r == '\u00ad' {
		return -1
	}
	return r
}
