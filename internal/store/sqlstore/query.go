package sqlstore

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
	"github.com/pactloop/pactloop/internal/store"
)

const (
	defaultLimit = 50
	maxLimit     = 500
	maxAll       = 10_000
	eachPage     = 1_000
	maxSearch    = 10 // words; each costs a scan over the text columns
	maxIn        = 5_000
)

// where collects the conditions of a statement.
type where struct {
	clauses []string
	args    []any
}

func (w *where) add(clause string, args ...any) {
	w.clauses = append(w.clauses, clause)
	w.args = append(w.args, args...)
}

func (w *where) String() string {
	if len(w.clauses) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.clauses, " AND ")
}

// scope keeps rows of other business units out.
func (w *where) scope(n *noun, actor pact.Actor) {
	if n.access != scoped || actor.SeesAll() {
		return
	}
	if len(actor.Units) == 0 {
		w.add("1 = 0")
		return
	}
	args := make([]any, len(actor.Units))
	for i, u := range actor.Units {
		args[i] = u
	}
	w.add(`"business_unit" IN (`+placeholders(len(args))+")", args...)
}

// matching gives the conditions of a query without its page.
func (n *noun) matching(d Dialect, actor pact.Actor, q store.Query) (*where, error) {
	w := &where{}
	w.scope(n, actor)
	for _, cond := range q.Where {
		if err := n.condition(w, d, cond); err != nil {
			return nil, err
		}
	}
	return w, n.searched(w, d, q.Search)
}

func (n *noun) condition(w *where, d Dialect, cond store.Cond) error {
	c, ok := n.byName[cond.Column]
	if !ok {
		return fmt.Errorf("%s have no column %q", n.name, cond.Column)
	}
	column := quote(c.name)
	switch cond.Op {
	case "null", "not_null":
		w.add(c.empty(cond.Op == "not_null"))
		return nil
	case "in", "not_in":
		return n.among(w, d, c, cond)
	case "has", "has_not":
		return c.holds(w, d, cond)
	case "=", "!=", "<", "<=", ">", ">=":
	default:
		return fmt.Errorf("unknown comparison %q of %s", cond.Op, cond.Column)
	}
	arg, err := c.argument(d, cond.Value)
	if err != nil {
		return err
	}
	switch {
	case arg == nil && (cond.Op == "=" || cond.Op == "!="): // the zero time
		w.add(c.empty(cond.Op == "!="))
	case arg == nil:
		return fmt.Errorf("column %s can not be %s nothing", c.name, cond.Op)
	case cond.Op == "!=" && c.nullable():
		w.add("("+column+" <> "+c.bound(d)+" OR "+column+" IS NULL)", arg)
	case cond.Op == "!=":
		w.add(column+" <> "+c.bound(d), arg)
	default:
		w.add(column+" "+cond.Op+" "+c.bound(d), arg)
	}
	return nil
}

// holds looks for a word in a list that is kept as JSON: the word with its quotes, so that no other can be taken for it.
func (c column) holds(w *where, d Dialect, cond store.Cond) error {
	word, ok := cond.Value.(string)
	if !ok || c.form != jsonForm {
		return fmt.Errorf("column %s can not be asked whether it has a %T", c.name, cond.Value)
	}
	quoted, err := json.Marshal(word)
	if err != nil {
		return err
	}
	at := map[Dialect]string{SQLite: "instr", Postgres: "strpos"}[d] + "(CAST(" + quote(c.name) + " AS TEXT), ?)"
	if cond.Op == "has" {
		w.add(at+" > 0", string(quoted))
	} else {
		w.add(quote(c.name)+" IS NOT NULL AND "+at+" = 0", string(quoted))
	}
	return nil
}

// bound is the placeholder of a value of this column.
func (c column) bound(d Dialect) string {
	if d == Postgres && (c.form == decimalForm || c.form == moneyForm) {
		return "CAST(? AS NUMERIC)"
	}
	return "?"
}

func (c column) empty(not bool) string {
	column := quote(c.name)
	switch {
	case c.nullable() && not:
		return column + " IS NOT NULL"
	case c.nullable():
		return column + " IS NULL"
	case c.form == textForm && not:
		return column + " <> ''"
	case c.form == textForm:
		return column + " = ''"
	case not:
		return "1 = 1"
	}
	return "1 = 0"
}

func (n *noun) among(w *where, d Dialect, c column, cond store.Cond) error {
	values := reflect.ValueOf(cond.Value)
	if values.Kind() != reflect.Slice {
		return fmt.Errorf("%s of %s needs a slice, not a %T", cond.Op, cond.Column, cond.Value)
	}
	if values.Len() > maxIn {
		return fault.New(fault.Invalid, "at most %d values of %s can be asked for at once", maxIn, cond.Column)
	}
	if values.Len() == 0 {
		w.add(map[bool]string{true: "1 = 0", false: "1 = 1"}[cond.Op == "in"])
		return nil
	}
	args := make([]any, values.Len())
	for i := range args {
		arg, err := c.argument(d, values.Index(i).Interface())
		if err != nil {
			return err
		}
		args[i] = arg
	}
	op := " IN ("
	if cond.Op == "not_in" {
		op = " NOT IN ("
	}
	w.add(quote(c.name)+op+strings.TrimSuffix(strings.Repeat(c.bound(d)+", ", len(args)), ", ")+")", args...)
	return nil
}

// searched wants every word in some text column.
func (n *noun) searched(w *where, d Dialect, search string) error {
	words := strings.Fields(search)
	if len(words) == 0 {
		return nil
	}
	if len(n.search) == 0 {
		return fmt.Errorf("%s can not be searched", n.name)
	}
	if len(words) > maxSearch {
		words = words[:maxSearch]
	}
	escape := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
	for _, word := range words {
		if _, err := text("search", word); err != nil {
			return err
		}
		var columns []string
		for _, column := range n.search {
			columns = append(columns, d.lower(quote(column))+` LIKE ? ESCAPE '\'`)
			w.args = append(w.args, "%"+escape.Replace(strings.ToLower(word))+"%")
		}
		w.clauses = append(w.clauses, "("+strings.Join(columns, " OR ")+")")
	}
	return nil
}

// ordering is one column of an order.
type ordering struct {
	column
	down bool
}

// order gives the columns of an order, the id last in the direction of the one before, so that one index serves both.
func (n *noun) order(names []string) ([]ordering, error) {
	var out []ordering
	down := false
	for _, name := range names {
		plain, minus := strings.CutPrefix(name, "-")
		c, ok := n.byName[plain]
		if !ok || c.form == jsonForm {
			return nil, fmt.Errorf("%s can not be ordered by %q", n.name, name)
		}
		down = minus
		out = append(out, ordering{c, down})
		if plain == "id" {
			return out, nil
		}
	}
	return append(out, ordering{n.byName["id"], down}), nil
}

// orderBy spells an order. Nothing (NULL) is less than everything, on both databases.
func orderBy(order []ordering) string {
	parts := make([]string, len(order))
	for i, o := range order {
		parts[i] = quote(o.name)
		if o.down {
			parts[i] += " DESC"
		}
		switch {
		case o.nullable() && o.down:
			parts[i] += " NULLS LAST"
		case o.nullable():
			parts[i] += " NULLS FIRST"
		}
	}
	return " ORDER BY " + strings.Join(parts, ", ")
}

// cursor is the place after a row: its values in the order. It is opaque to callers and checked when it comes back.
type cursor struct {
	Order  string `json:"o"`
	Values []any  `json:"v"`
}

func (n *noun) cursorAfter(order []ordering, row reflect.Value) (string, error) {
	c := cursor{Order: orderBy(order)}
	for _, o := range order {
		values, err := o.values(SQLite, row.Field(o.index)) // SQLite's forms are all plain JSON
		if err != nil {
			return "", err
		}
		c.Values = append(c.Values, values[0])
	}
	b, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("writing a cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// errCursor names the member of store.Query and of the API that holds a cursor.
var errCursor = &fault.Fault{
	Kind: fault.Invalid, Message: "The cursor of the page is not one of this list; start again without it.",
	Details: []fault.Detail{{Field: "query.after", Message: "not a cursor that this list gave"}},
}

// after continues behind a cursor.
func (n *noun) after(w *where, d Dialect, order []ordering, encoded string) error {
	if encoded == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || len(encoded) > 8<<10 {
		return errCursor
	}
	var c cursor
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	if decoder.Decode(&c) != nil || c.Order != orderBy(order) || len(c.Values) != len(order) {
		return errCursor
	}
	// (a > x) OR (a = x AND b > y) OR …
	var same where
	var later where
	for i, o := range order {
		v, err := o.fromCursor(d, c.Values[i])
		if err != nil {
			return errCursor
		}
		if next, args := o.beyond(d, v); next != "" {
			step := where{clauses: append([]string{}, same.clauses...), args: append([]any{}, same.args...)}
			step.add(next, args...)
			later.add("("+strings.Join(step.clauses, " AND ")+")", step.args...)
		}
		if v == nil {
			same.add(quote(o.name) + " IS NULL")
		} else {
			same.add(quote(o.name)+" = "+o.bound(d), v)
		}
	}
	w.add("("+strings.Join(later.clauses, " OR ")+")", later.args...)
	return nil
}

// beyond is the condition of standing behind a value; "" where nothing can.
func (o ordering) beyond(d Dialect, v any) (string, []any) {
	column := quote(o.name)
	switch {
	case v == nil && o.down:
		return "", nil
	case v == nil:
		return column + " IS NOT NULL", nil
	case o.down && o.nullable():
		return "(" + column + " < " + o.bound(d) + " OR " + column + " IS NULL)", []any{v}
	case o.down:
		return column + " < " + o.bound(d), []any{v}
	}
	return column + " > " + o.bound(d), []any{v}
}

// fromCursor checks a value that came from outside.
func (c column) fromCursor(d Dialect, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		if c.nullable() {
			return nil, nil //nolint:nilnil // NULL
		}
	case bool:
		return c.argument(d, x)
	case json.Number:
		n, err := x.Int64()
		if err != nil {
			return nil, errCursor
		}
		return c.argument(d, n)
	case string:
		if c.form != timeForm {
			return c.argument(d, x)
		}
		t, err := time.Parse(timeLayout, x)
		if err != nil {
			return nil, errCursor
		}
		return c.argument(d, t)
	}
	return nil, errCursor
}
