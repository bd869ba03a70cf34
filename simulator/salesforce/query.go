package salesforce

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pactloop/pactloop/simulator/stage"
)

func (s *Simulator) routeQuery(c call) answer {
	if c.method != http.MethodGet {
		return notAllowed(c)
	}
	if len(c.path) == 2 {
		return s.more(c, c.path[1])
	}
	q, err := parseSOQL(c.query.Get("q"))
	if err != nil {
		return fail(err)
	}
	out, err := s.run(c, q, c.path[0] == "queryAll")
	if err != nil {
		return fail(err)
	}
	if q.count {
		return answer{status: 200, body: map[string]any{"totalSize": len(out), "done": true, "records": []any{}}}
	}
	return s.page(c, "", out, 0)
}

const maxCursors = 50

// page answers rows from an offset. The whole result is kept under a cursor, so later pages are of the same moment.
func (s *Simulator) page(c call, cursor string, rows []stage.Object, from int) answer {
	size := s.cfg.PageSize
	for option := range strings.SplitSeq(c.header.Get("Sforce-Query-Options"), ",") {
		if v, ok := strings.CutPrefix(strings.ReplaceAll(option, " ", ""), "batchSize="); ok {
			if n, err := strconv.Atoi(v); err == nil {
				size = min(size, max(n, 200)) // the real one takes 200 to 2000
			}
		}
	}
	to := min(len(rows), from+size)
	body := map[string]any{"totalSize": len(rows), "done": to == len(rows), "records": append([]stage.Object{}, rows[from:to]...)}
	if to < len(rows) {
		if cursor == "" {
			cursor = s.newID("01g")
			s.cursors[cursor] = rows
			s.order = append(s.order, cursor)
			if len(s.order) > maxCursors {
				delete(s.cursors, s.order[0])
				s.order = s.order[1:]
			}
		}
		body["nextRecordsUrl"] = fmt.Sprintf("/services/data/%s/query/%s-%d", c.version, cursor, to)
	}
	return answer{status: 200, body: body}
}

func (s *Simulator) more(c call, locator string) answer {
	cursor, at, _ := strings.Cut(locator, "-")
	rows, ok := s.cursors[cursor]
	from, err := strconv.Atoi(at)
	if !ok || err != nil || from < 0 || from > len(rows) {
		return fail(apiError{Code: "INVALID_QUERY_LOCATOR", Message: "invalid query locator"})
	}
	return s.page(c, cursor, rows, from)
}

func (s *Simulator) run(c call, q *statement, deleted bool) ([]stage.Object, error) {
	t, err := s.object(q.from)
	if err != nil {
		return nil, apiError{Code: "INVALID_TYPE", Message: fmt.Sprintf("sObject type '%s' is not supported.", q.from)}
	}
	fields, err := s.expand(t, q)
	if err != nil {
		return nil, err
	}
	if err := s.checkCondition(t, q.where); err != nil {
		return nil, err
	}
	for _, o := range q.order {
		if f, err := s.column(t, o.field); err != nil || !f.filterable() {
			return nil, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("No such column '%s' on entity '%s', or it can not be sorted", o.field, t.name)}
		}
	}
	var found []stage.Object
	for _, r := range s.rows[t.name] {
		if (deleted || r["IsDeleted"] != true) && s.holds(t, r, q.where) {
			found = append(found, r)
		}
	}
	s.sort(t, found, q.order)
	found = found[min(len(found), q.offset):]
	if q.limit >= 0 {
		found = found[:min(len(found), q.limit)]
	}
	out := []stage.Object{}
	for _, r := range found {
		out = append(out, s.project(c, t, r, fields))
	}
	return out, nil
}

func (s *Simulator) expand(t object, q *statement) ([]string, error) {
	var out []string
	for _, f := range q.fields {
		if group, ok := strings.CutPrefix(f, "FIELDS("); ok {
			if q.limit < 0 || q.limit > 200 {
				return nil, malformed("The SOQL FIELDS function must have a LIMIT of at most 200")
			}
			for _, col := range t.fields {
				custom := strings.HasSuffix(col.name, "__c")
				if group == "ALL)" || (group == "CUSTOM)" && custom) || (group == "STANDARD)" && !custom) {
					out = append(out, col.name)
				}
			}
			continue
		}
		if _, err := s.column(t, f); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// column finds a field by its possibly dotted path.
func (s *Simulator) column(t object, path string) (field, error) {
	first, rest, dotted := strings.Cut(path, ".")
	if !dotted {
		if f, ok := t.field(first); ok {
			return f, nil
		}
		return field{}, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("No such column '%s' on entity '%s'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.", first, t.name)}
	}
	f, ok := t.relation(first)
	if !ok || strings.Count(rest, ".") > 4 {
		return field{}, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("Didn't understand relationship '%s' in field path.", first)}
	}
	for _, target := range f.refs {
		if col, err := s.column(s.schema[target], rest); err == nil {
			return col, nil
		}
	}
	return field{}, apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("No such column '%s' on entity '%s'.", rest, strings.Join(f.refs, ", "))}
}

// lookup follows a path from a row.
func (s *Simulator) lookup(t object, r stage.Object, path string) any {
	first, rest, dotted := strings.Cut(path, ".")
	if !dotted {
		f, ok := t.field(first)
		if !ok {
			return nil
		}
		return s.get(t.name, r, f.name)
	}
	f, _ := t.relation(first)
	name, target := s.anyRow(stage.Show(r[f.name]), f.refs...)
	if target == nil {
		return nil
	}
	return s.lookup(s.schema[name], target, rest)
}

func (s *Simulator) project(c call, t object, r stage.Object, fields []string) stage.Object {
	out := stage.Object{"attributes": attributes(c.version, t.name, r)}
	nested := map[string][]string{}
	for _, path := range fields {
		first, rest, dotted := strings.Cut(path, ".")
		if dotted {
			f, _ := t.relation(first)
			nested[f.relation] = append(nested[f.relation], rest)
			continue
		}
		f, _ := t.field(first)
		out[f.name] = s.get(t.name, r, f.name)
	}
	for relation, inner := range nested {
		f, _ := t.relation(relation)
		name, target := s.anyRow(stage.Show(r[f.name]), f.refs...)
		if target == nil {
			out[relation] = nil
			continue
		}
		out[relation] = s.project(c, s.schema[name], target, inner)
	}
	return out
}

func (s *Simulator) checkCondition(t object, c *condition) error {
	if c == nil {
		return nil
	}
	for _, p := range c.parts {
		if err := s.checkCondition(t, p); err != nil {
			return err
		}
	}
	if c.field == "" {
		return nil
	}
	f, err := s.column(t, c.field)
	if err != nil {
		return err
	}
	if !f.filterable() {
		return apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("field '%s' can not be filtered in a query call", f.name)}
	}
	for _, v := range c.values {
		if err := checkLiteral(f, c, v, s.cfg.Clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

func checkLiteral(f field, c *condition, v literal, now time.Time) error {
	wrong := func(kind string, quoted bool) error {
		not := ""
		if !quoted {
			not = "not "
		}
		return apiError{Code: "INVALID_FIELD", Message: fmt.Sprintf("value of filter criterion for field '%s' must be of type %s and should %sbe enclosed in quotes", f.name, kind, not)}
	}
	if !v.quoted && strings.EqualFold(v.text, "null") {
		return nil
	}
	switch f.kind {
	case "date":
		if _, _, ok := day(v.text, now); v.quoted || !ok {
			return wrong("date", false)
		}
	case "datetime":
		_, _, relative := day(v.text, now)
		_, moment := parseMoment(v.text)
		if v.quoted || !(moment || relative && !strings.Contains(v.text, "-")) {
			return wrong("dateTime", false)
		}
	case "boolean":
		if v.quoted || !strings.EqualFold(v.text, "true") && !strings.EqualFold(v.text, "false") {
			return wrong("boolean", false)
		}
	case "currency", "double", "percent", "int":
		if _, ok := ratio(v.text); v.quoted || !ok {
			return wrong("double", false)
		}
	case "id", "reference":
		if _, ok := fullID(v.text); v.quoted && !ok {
			return apiError{Code: "INVALID_QUERY_FILTER_OPERATOR", Message: fmt.Sprintf("invalid ID field: %s", v.text)}
		}
		if !v.quoted {
			return wrong("string", true)
		}
	default:
		if !v.quoted {
			return wrong("string", true)
		}
	}
	if c.op == "like" && f.kind != "string" && f.kind != "textarea" && f.kind != "picklist" && f.kind != "email" && f.kind != "phone" && f.kind != "url" {
		return apiError{Code: "INVALID_QUERY_FILTER_OPERATOR", Message: "invalid operator on " + f.kind + " field"}
	}
	return nil
}

func ratio(v string) (*big.Rat, bool) {
	if len(v) > 60 || strings.ContainsAny(v, "eE/") {
		return nil, false
	}
	return new(big.Rat).SetString(v)
}

func (s *Simulator) holds(t object, r stage.Object, c *condition) bool {
	if c == nil {
		return true
	}
	switch c.op {
	case "and":
		return !slices.ContainsFunc(c.parts, func(p *condition) bool { return !s.holds(t, r, p) })
	case "or":
		return slices.ContainsFunc(c.parts, func(p *condition) bool { return s.holds(t, r, p) })
	case "not":
		return !s.holds(t, r, c.parts[0])
	}
	f, err := s.column(t, c.field)
	if err != nil {
		return false
	}
	have := s.lookup(t, r, c.field)
	switch c.op {
	case "in":
		return slices.ContainsFunc(c.values, func(v literal) bool { return s.test("=", f, have, v) })
	case "not in":
		return !slices.ContainsFunc(c.values, func(v literal) bool { return s.test("=", f, have, v) })
	}
	return s.test(c.op, f, have, c.values[0])
}

// test is one comparison. Text compares without case, as in the real one; null equals only null.
func (s *Simulator) test(op string, f field, have any, want literal) bool {
	empty := have == nil || have == ""
	if !want.quoted && strings.EqualFold(want.text, "null") || want.quoted && want.text == "" {
		return (op == "=") == empty && (op == "=" || op == "!=")
	}
	if op == "like" {
		return !empty && like(strings.ToLower(stage.Show(have)), strings.ToLower(want.text))
	}
	if empty {
		return op == "!="
	}
	below, above := s.against(f, have, want.text)
	switch op {
	case "=":
		return !below && !above
	case "!=":
		return below || above
	case "<":
		return below
	case ">":
		return above
	case "<=":
		return !above
	}
	return !below
}

// against says whether a value lies before or after what a literal means; a date literal covers whole days.
func (s *Simulator) against(f field, have any, want string) (below, above bool) {
	text := stage.Show(have)
	switch f.kind {
	case "date":
		from, span, _ := day(want, s.cfg.Clock.Now())
		at, err := time.Parse("2006-01-02", text)
		return err != nil || at.Before(from), err != nil || !at.Before(from.AddDate(0, 0, span))
	case "datetime":
		at, ok := parseMoment(text)
		if exact, moment := parseMoment(want); moment {
			return !ok || at.Before(exact), !ok || at.After(exact)
		}
		from, span, _ := day(want, s.cfg.Clock.Now())
		return !ok || at.Before(from), !ok || !at.Before(from.AddDate(0, 0, span))
	case "currency", "double", "percent", "int":
		a, ok1 := ratio(text)
		b, ok2 := ratio(want)
		if !ok1 || !ok2 {
			return true, true
		}
		return a.Cmp(b) < 0, a.Cmp(b) > 0
	case "id", "reference":
		want, _ = fullID(want)
		return text < want, text > want
	}
	n := strings.Compare(strings.ToLower(text), strings.ToLower(want))
	return n < 0, n > 0
}

// like matches % and _; a backslash makes them plain. It walks back only to the last %, so it is linear in practice and never worse than quadratic.
func like(text, pattern string) bool {
	type piece struct {
		c    rune
		wild byte // 0, '_' or '%'
	}
	var p []piece
	escaped := false
	for _, c := range pattern {
		switch {
		case escaped:
			p, escaped = append(p, piece{c: c}), false
		case c == '\\':
			escaped = true
		case c == '%' || c == '_':
			p = append(p, piece{wild: byte(c)})
		default:
			p = append(p, piece{c: c})
		}
	}
	t := []rune(text)
	i, j, star, mark := 0, 0, -1, 0
	for i < len(t) {
		switch {
		case j < len(p) && p[j].wild == '%':
			star, mark, j = j, i, j+1
		case j < len(p) && (p[j].wild == '_' || p[j].wild == 0 && p[j].c == t[i]):
			i, j = i+1, j+1
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(p) && p[j].wild == '%' {
		j++
	}
	return j == len(p)
}

func (s *Simulator) sort(t object, rows []stage.Object, order []ordering) {
	slices.SortStableFunc(rows, func(a, b stage.Object) int {
		for _, o := range order {
			f, _ := s.column(t, o.field)
			if c := compare(f, s.lookup(t, a, o.field), s.lookup(t, b, o.field), o); c != 0 {
				return c
			}
		}
		return 0
	})
}

func compare(f field, a, b any, o ordering) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil || b == nil:
		if (a == nil) == o.nullsFirst {
			return -1
		}
		return 1
	}
	c := 0
	x, xIsNumber := a.(json.Number)
	y, yIsNumber := b.(json.Number)
	if xIsNumber && yIsNumber {
		m, ok1 := ratio(x.String())
		n, ok2 := ratio(y.String())
		if ok1 && ok2 {
			c = m.Cmp(n)
		}
	} else {
		c = cmp.Compare(strings.ToLower(stage.Show(a)), strings.ToLower(stage.Show(b)))
	}
	if o.desc {
		return -c
	}
	return c
}
