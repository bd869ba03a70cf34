package servicenow

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/simulator/stage"
)

// query is an encoded query: any of the groups; in a group all of the clauses; in a clause any of the conditions.
type query struct {
	groups [][]clause
	order  []ordering
	bad    bool // a part could not be used
}

type clause []condition

type condition struct{ field, op, value string }

type ordering struct {
	field string
	desc  bool
}

// operators, the longer before those they begin with.
func operators() []string {
	return []string{"ISNOTEMPTY", "ISEMPTY", "STARTSWITH", "ENDSWITH", "NOT LIKE", "NOT IN", "LIKE", "IN", "!=", ">=", "<=", "=", ">", "<"}
}

// parseQuery reads an encoded query. What is not valid is left out and marked, which is what an instance does unless told otherwise.
func (s *Simulator) parseQuery(name, src string) query {
	var q query
	for _, part := range strings.Split(protect(src), "^NQ") {
		var group []clause
		attach := false // whether an OR finds the condition it belongs to
		for token := range strings.SplitSeq(part, "^") {
			token = strings.ReplaceAll(token, "\x00", "^")
			switch {
			case token == "" || token == "EQ":
				continue
			case strings.HasPrefix(token, "ORDERBY"):
				q.addOrder(s, name, token)
				continue
			}
			rest, or := strings.CutPrefix(token, "OR")
			c, ok := s.condition(name, rest)
			if !ok {
				q.bad = true
				attach = attach && or
				continue
			}
			if or && attach {
				group[len(group)-1] = append(group[len(group)-1], c)
				continue
			}
			group, attach = append(group, clause{c}), true
		}
		q.groups = append(q.groups, group)
	}
	return q
}

// protect hides ^^, which stands for a literal caret in a value.
func protect(src string) string {
	return strings.ReplaceAll(strings.ReplaceAll(src, "\x00", ""), "^^", "\x00")
}

func (q *query) addOrder(s *Simulator, name, token string) {
	field, desc := strings.CutPrefix(token, "ORDERBYDESC")
	if !desc {
		field = strings.TrimPrefix(token, "ORDERBY")
	}
	if !s.reachable(name, field) {
		q.bad = true
		return
	}
	q.order = append(q.order, ordering{field, desc})
}

func (s *Simulator) condition(name, token string) (condition, bool) {
	end := 0
	for end < len(token) && (token[end] == '_' || token[end] == '.' || (token[end] >= 'a' && token[end] <= 'z') || (token[end] >= '0' && token[end] <= '9')) {
		end++
	}
	field, rest := token[:end], token[end:]
	if field == "" || !s.reachable(name, field) {
		return condition{}, false
	}
	for _, op := range operators() {
		if value, ok := strings.CutPrefix(rest, op); ok {
			if strings.HasPrefix(value, "javascript:") {
				return condition{}, false // scripts are not run here
			}
			return condition{field, op, value}, true
		}
	}
	return condition{}, false
}

const maxWalk = 4

// reachable says whether a possibly dotted path leads to a column.
func (s *Simulator) reachable(name, path string) bool {
	parts := strings.Split(path, ".")
	if len(parts) > maxWalk {
		return false
	}
	for i, p := range parts {
		if !s.known(name, p) {
			return false
		}
		if i == len(parts)-1 {
			return true
		}
		t, _ := schema(name)
		if name = t.refs[p]; name == "" {
			return false
		}
	}
	return false
}

// value follows a path from a row; what is missing on the way is empty.
func (s *Simulator) value(name string, row stage.Object, path string) string {
	first, rest, dotted := strings.Cut(path, ".")
	v := stage.Show(row[first])
	if !dotted {
		return v
	}
	t, _ := schema(name)
	next := t.refs[first]
	target := s.byID(next, v)
	if target == nil {
		return ""
	}
	return s.value(next, target, rest)
}

func (s *Simulator) byID(name, id string) stage.Object {
	if id == "" {
		return nil
	}
	for _, row := range s.tables[name] {
		if row["sys_id"] == id {
			return row
		}
	}
	return nil
}

func (s *Simulator) matches(name string, row stage.Object, q query) bool {
	for _, group := range q.groups {
		if s.all(name, row, group) {
			return true
		}
	}
	return len(q.groups) == 0
}

func (s *Simulator) all(name string, row stage.Object, group []clause) bool {
	for _, any := range group {
		if !slices.ContainsFunc(any, func(c condition) bool { return c.holds(s.value(name, row, c.field)) }) {
			return false
		}
	}
	return true
}

func (c condition) holds(have string) bool {
	switch c.op {
	case "=":
		return have == c.value
	case "!=":
		return have != c.value
	case "ISEMPTY":
		return have == ""
	case "ISNOTEMPTY":
		return have != ""
	case "LIKE":
		return strings.Contains(strings.ToLower(have), strings.ToLower(c.value))
	case "NOT LIKE":
		return !strings.Contains(strings.ToLower(have), strings.ToLower(c.value))
	case "STARTSWITH":
		return strings.HasPrefix(strings.ToLower(have), strings.ToLower(c.value))
	case "ENDSWITH":
		return strings.HasSuffix(strings.ToLower(have), strings.ToLower(c.value))
	case "IN":
		return slices.Contains(strings.Split(c.value, ","), have)
	case "NOT IN":
		return !slices.Contains(strings.Split(c.value, ","), have)
	}
	if have == "" {
		return false
	}
	n := compare(have, c.value)
	switch c.op {
	case ">":
		return n > 0
	case ">=":
		return n >= 0
	case "<":
		return n < 0
	}
	return n <= 0
}

// compare orders as numbers when both are, otherwise as text, which is right for the API's dates.
func compare(a, b string) int {
	if len(a) < 30 && len(b) < 30 && !strings.ContainsAny(a+b, "eE/") {
		x, ok1 := new(big.Rat).SetString(a)
		y, ok2 := new(big.Rat).SetString(b)
		if ok1 && ok2 {
			return x.Cmp(y)
		}
	}
	return cmp.Compare(a, b)
}

func (s *Simulator) find(name, src string) []stage.Object {
	q := s.parseQuery(name, src)
	if src == "" {
		q.groups = nil
	}
	if q.bad && s.cfg.InvalidQueryReturnsNoRows {
		return nil
	}
	var out []stage.Object
	for _, row := range s.tables[name] {
		if s.matches(name, row, q) {
			out = append(out, row)
		}
	}
	slices.SortStableFunc(out, func(a, b stage.Object) int {
		for _, o := range q.order {
			c := compare(s.value(name, a, o.field), s.value(name, b, o.field))
			if o.desc {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}
