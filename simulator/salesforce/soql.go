package salesforce

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// statement is a parsed SELECT.
type statement struct {
	fields []string // empty with count
	count  bool
	from   string
	where  *condition
	order  []ordering
	limit  int // -1: none
	offset int
}

// condition is a node: and, or, not over parts; or a comparison.
type condition struct {
	op     string // "and", "or", "not", or a comparison: = != < > <= >= like in "not in"
	parts  []*condition
	field  string
	values []literal
}

// literal is a value as written; quoted tells text from the rest.
type literal struct {
	text   string
	quoted bool
}

type ordering struct {
	field      string
	desc       bool
	nullsFirst bool
}

type token struct {
	text   string
	quoted bool
}

const (
	maxSOQL  = 100_000 // the documented length of a statement
	maxNodes = 64      // of nested parentheses
)

func malformed(format string, args ...any) error {
	return apiError{Code: "MALFORMED_QUERY", Message: fmt.Sprintf(format, args...)}
}

func tokenize(src string) ([]token, error) {
	if len(src) > maxSOQL {
		return nil, malformed("SOQL statements cannot be longer than %d characters", maxSOQL)
	}
	var out []token
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
		case c == '\'':
			text, next, err := quotedText(src, i)
			if err != nil {
				return nil, err
			}
			out, i = append(out, token{text, true}), next
		case strings.IndexByte("(),", c) >= 0:
			out, i = append(out, token{string(c), false}), i+1
		case strings.IndexByte("=!<>", c) >= 0:
			n := 1
			if i+1 < len(src) && (src[i+1] == '=' || (c == '<' && src[i+1] == '>')) {
				n = 2
			}
			out, i = append(out, token{src[i : i+n], false}), i+n
		default:
			j := i
			for j < len(src) && strings.IndexByte(" \n\t\r'(),=!<>", src[j]) < 0 {
				j++
			}
			out, i = append(out, token{src[i:j], false}), j
		}
	}
	return out, nil
}

func quotedText(src string, at int) (string, int, error) {
	var b strings.Builder
	for i := at + 1; i < len(src); i++ {
		switch c := src[i]; c {
		case '\'':
			return b.String(), i + 1, nil
		case '\\':
			if i++; i >= len(src) {
				return "", 0, malformed("unexpected end of the query")
			}
			switch e := src[i]; e {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case '\'', '"', '\\':
				b.WriteByte(e)
			case '%', '_': // stay escaped: LIKE reads them
				b.WriteByte('\\')
				b.WriteByte(e)
			default:
				return "", 0, malformed("Illegal string literal: \\%c", e)
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, malformed("unexpected end of a string literal")
}

type soqlParser struct {
	tokens []token
	at     int
	depth  int
}

func parseSOQL(src string) (*statement, error) {
	tokens, err := tokenize(src)
	if err != nil {
		return nil, err
	}
	p := &soqlParser{tokens: tokens}
	return p.statement()
}

func (p *soqlParser) peek() string {
	if p.at < len(p.tokens) && !p.tokens[p.at].quoted {
		return p.tokens[p.at].text
	}
	return ""
}

// word takes the next token when it is one of the given words, in any case.
func (p *soqlParser) word(want ...string) bool {
	for i, w := range want {
		if p.at+i >= len(p.tokens) || p.tokens[p.at+i].quoted || !strings.EqualFold(p.tokens[p.at+i].text, w) {
			return false
		}
	}
	p.at += len(want)
	return true
}

func (p *soqlParser) name() (string, error) {
	t := p.peek()
	if t == "" || !isName(t) {
		return "", malformed("unexpected token: '%s'", t)
	}
	p.at++
	return t, nil
}

func isName(t string) bool {
	for i, c := range t {
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return t != ""
}

func (p *soqlParser) statement() (*statement, error) {
	q := &statement{limit: -1}
	if !p.word("SELECT") {
		return nil, malformed("unexpected token: '%s', expecting SELECT", p.peek())
	}
	if err := p.selection(q); err != nil {
		return nil, err
	}
	if !p.word("FROM") {
		return nil, malformed("unexpected token: '%s', expecting FROM", p.peek())
	}
	var err error
	if q.from, err = p.name(); err != nil {
		return nil, err
	}
	if p.word("WHERE") {
		if q.where, err = p.either(); err != nil {
			return nil, err
		}
	}
	if p.word("ORDER", "BY") {
		if err := p.ordering(q); err != nil {
			return nil, err
		}
	}
	if p.word("LIMIT") {
		if q.limit, err = p.integer(); err != nil {
			return nil, err
		}
	}
	if p.word("OFFSET") {
		if q.offset, err = p.integer(); err != nil {
			return nil, err
		}
		if q.offset > 2000 {
			return nil, apiError{Code: "NUMBER_OUTSIDE_VALID_RANGE", Message: "Maximum SOQL offset allowed is 2000"}
		}
	}
	p.word("ALL", "ROWS")
	if p.at < len(p.tokens) {
		return nil, malformed("unexpected token: '%s' (this simulator knows SELECT, FROM, WHERE, ORDER BY, LIMIT and OFFSET)", p.tokens[p.at].text)
	}
	return q, nil
}

func (p *soqlParser) selection(q *statement) error {
	if p.word("COUNT", "(", ")") {
		q.count = true
		return nil
	}
	for {
		f, err := p.name()
		if err != nil {
			return err
		}
		if p.word("(") {
			arg, err := p.name()
			if err != nil || !p.word(")") || !strings.EqualFold(f, "FIELDS") {
				return malformed("this simulator does not know the function %s", f)
			}
			f = "FIELDS(" + strings.ToUpper(arg) + ")"
		}
		q.fields = append(q.fields, f)
		if !p.word(",") {
			return nil
		}
	}
}

func (p *soqlParser) integer() (int, error) {
	n, err := strconv.Atoi(p.peek())
	if err != nil || n < 0 {
		return 0, malformed("unexpected token: '%s', expecting a number", p.peek())
	}
	p.at++
	return n, nil
}

func (p *soqlParser) ordering(q *statement) error {
	for {
		f, err := p.name()
		if err != nil {
			return err
		}
		o := ordering{field: f, nullsFirst: true}
		if p.word("DESC") {
			o.desc, o.nullsFirst = true, false
		} else {
			p.word("ASC")
		}
		if p.word("NULLS", "FIRST") {
			o.nullsFirst = true
		} else if p.word("NULLS", "LAST") {
			o.nullsFirst = false
		}
		q.order = append(q.order, o)
		if !p.word(",") {
			return nil
		}
	}
}

// either reads conditions joined by OR, both those joined by AND. Salesforce refuses the two side by side without parentheses, and so does this.
func (p *soqlParser) either() (*condition, error) {
	if p.depth++; p.depth > maxNodes {
		return nil, malformed("nested too deeply")
	}
	defer func() { p.depth-- }()
	first, err := p.single()
	if err != nil {
		return nil, err
	}
	node := first
	for op := ""; ; {
		next := ""
		if p.word("AND") {
			next = "and"
		} else if p.word("OR") {
			next = "or"
		}
		if next == "" {
			return node, nil
		}
		if op != "" && op != next {
			return nil, malformed("unexpected token: '%s' (use parentheses to mix AND and OR)", strings.ToUpper(next))
		}
		part, err := p.single()
		if err != nil {
			return nil, err
		}
		if op == "" {
			node = &condition{op: next, parts: []*condition{first}}
		}
		op = next
		node.parts = append(node.parts, part)
	}
}

func (p *soqlParser) single() (*condition, error) {
	if p.depth++; p.depth > maxNodes {
		return nil, malformed("nested too deeply")
	}
	defer func() { p.depth-- }()
	if p.word("NOT") {
		inner, err := p.single()
		if err != nil {
			return nil, err
		}
		return &condition{op: "not", parts: []*condition{inner}}, nil
	}
	if p.word("(") {
		inner, err := p.either()
		if err != nil {
			return nil, err
		}
		if !p.word(")") {
			return nil, malformed("unexpected token: '%s', expecting )", p.peek())
		}
		return inner, nil
	}
	return p.comparison()
}

func (p *soqlParser) comparison() (*condition, error) {
	f, err := p.name()
	if err != nil {
		return nil, err
	}
	c := &condition{field: f}
	switch {
	case p.word("NOT", "IN"):
		c.op = "not in"
	case p.word("IN"):
		c.op = "in"
	case p.word("LIKE"):
		c.op = "like"
	default:
		c.op = p.peek()
		if c.op == "<>" {
			c.op = "!="
		}
		switch c.op {
		case "=", "!=", "<", ">", "<=", ">=":
			p.at++
		default:
			return nil, malformed("unexpected token: '%s'", c.op)
		}
	}
	if c.op == "in" || c.op == "not in" {
		return c, p.list(c)
	}
	v, err := p.literal()
	if err != nil {
		return nil, err
	}
	c.values = []literal{v}
	return c, nil
}

func (p *soqlParser) list(c *condition) error {
	if !p.word("(") {
		return malformed("unexpected token: '%s', expecting (", p.peek())
	}
	for {
		v, err := p.literal()
		if err != nil {
			return err
		}
		c.values = append(c.values, v)
		if p.word(",") {
			continue
		}
		if !p.word(")") {
			return malformed("unexpected token: '%s', expecting )", p.peek())
		}
		return nil
	}
}

func (p *soqlParser) literal() (literal, error) {
	if p.at >= len(p.tokens) {
		return literal{}, malformed("unexpected end of the query")
	}
	t := p.tokens[p.at]
	if !t.quoted && strings.ContainsAny(t.text, "(),=!<>") {
		return literal{}, malformed("unexpected token: '%s'", t.text)
	}
	p.at++
	return literal(t), nil
}

// day reads a date: 2026-01-31, or one of the relative words. span is how many days it covers.
func day(v string, now time.Time) (from time.Time, span int, ok bool) {
	if t, err := time.Parse("2006-01-02", v); err == nil {
		return t, 1, true
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	word, count, counted := strings.Cut(strings.ToUpper(v), ":")
	n := 0
	if counted {
		var err error
		if n, err = strconv.Atoi(count); err != nil || n < 1 || n > 10000 {
			return time.Time{}, 0, false
		}
	}
	switch {
	case word == "TODAY" && !counted:
		return today, 1, true
	case word == "YESTERDAY" && !counted:
		return today.AddDate(0, 0, -1), 1, true
	case word == "TOMORROW" && !counted:
		return today.AddDate(0, 0, 1), 1, true
	case word == "LAST_N_DAYS" && counted:
		return today.AddDate(0, 0, -n), n + 1, true
	case word == "NEXT_N_DAYS" && counted:
		return today.AddDate(0, 0, 1), n, true
	case word == "THIS_MONTH" && !counted:
		first := today.AddDate(0, 0, 1-today.Day())
		return first, int(first.AddDate(0, 1, 0).Sub(first).Hours() / 24), true
	case word == "THIS_YEAR" && !counted:
		first := time.Date(today.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		return first, int(first.AddDate(1, 0, 0).Sub(first).Hours() / 24), true
	}
	return time.Time{}, 0, false
}
