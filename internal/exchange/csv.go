package exchange

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
	"github.com/pactloop/pactloop/internal/pact"
)

// The limits of a table. A longer one is brought in parts.
const (
	maxTable    = 6 << 20
	maxLines    = 2000
	keptText    = 1000 // of a rejected line
	keptPreview = 20
	keptSamples = 5
)

// TableColumn is a column of a table as it was found, with what it probably means.
type TableColumn struct {
	Column    string   `json:"column"`
	Samples   []string `json:"samples"`
	Suggested string   `json:"suggested,omitempty" doc:"Field that the heading seems to mean."`
	Fields    []string `json:"fields,omitempty" doc:"Fields it is mapped to."`
}

// table is a table of events, read line by line: a line that can not be read leaves the others alone.
type table struct {
	mapping pact.EventMapping
	zone    *time.Location
	fields  map[string]map[string]pact.EventField // by kind and path
	heads   []string
	columns []TableColumn
	lines   int
	// drafts are the events by external id, in the order of their first line.
	drafts   []*draft
	byID     map[string]*draft
	rejected []pact.RejectedLine
}

// draft is an event on its way: the lines it is made of.
type draft struct {
	line  int // the first one
	texts []pact.RejectedLine
	tree  map[string]any
	event pact.Event
	bad   bool
}

// readTable reads a table by a mapping. It fails with fault.Invalid where nothing of it can be used: no headings, a mapping
// that names what is not there. What is wrong with a line is kept with the line.
func readTable(raw string, m pact.EventMapping) (*table, error) {
	if len(raw) > maxTable {
		return nil, fault.New(fault.Invalid, "The table has more than %d MB. Bring it in parts.", maxTable>>20)
	}
	raw = strings.TrimPrefix(raw, "\ufeff")
	if !utf8.ValidString(raw) {
		return nil, fault.New(fault.Invalid, "The table is not in UTF-8. Save it as CSV UTF-8 and bring it again; nothing was kept.")
	}
	t := &table{mapping: m, byID: map[string]*draft{}, fields: map[string]map[string]pact.EventField{}}
	var err error
	if t.zone, err = calendar.LoadZone(zoneOr(m.Zone)); err != nil {
		return nil, fault.New(fault.Invalid, "%q is no time zone such as Europe/Berlin.", short(m.Zone))
	}
	r := csv.NewReader(strings.NewReader(raw))
	if r.Comma, err = delimiter(m.Delimiter, raw); err != nil {
		return nil, err
	}
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	heads, err := r.Read()
	if err != nil || len(heads) == 0 {
		return nil, fault.New(fault.Invalid, "The table has no headings: its first line names the columns.")
	}
	if err := t.head(heads); err != nil {
		return nil, err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if t.lines++; t.lines > maxLines {
			return nil, fault.New(fault.Invalid, "The table has more than %d lines. Bring it in parts; what is brought twice counts once.", maxLines)
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			t.reject(pact.RejectedLine{Line: broken.StartLine, Problems: []string{fmt.Sprintf("The line is no CSV: %v.", broken.Err)}})
			continue
		}
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "The table can not be read.")
		}
		at, _ := r.FieldPos(0)
		t.line(at, cells)
	}
	t.finish()
	return t, nil
}

func zoneOr(name string) string {
	if name == "" {
		return "UTC"
	}
	return name
}

func delimiter(name, raw string) (rune, error) {
	known := map[string]rune{"comma": ',', "semicolon": ';', "tab": '\t', "pipe": '|'}
	if name != "" {
		d, ok := known[name]
		if !ok {
			return 0, fault.New(fault.Invalid, "%q is no delimiter; use comma, semicolon, tab or pipe.", short(name))
		}
		return d, nil
	}
	first, _, _ := strings.Cut(raw, "\n")
	best, most := ',', 0
	for _, d := range []rune{',', ';', '\t', '|'} {
		if n := strings.Count(first, string(d)); n > most {
			best, most = d, n
		}
	}
	return best, nil
}

// head takes the headings and holds the mapping against them.
func (t *table) head(heads []string) error {
	for i, h := range heads {
		h = strings.TrimSpace(h)
		if h == "" {
			h = fmt.Sprintf("column %d", i+1)
		}
		if slices.Contains(t.heads, h) {
			return fault.New(fault.Invalid, "Two columns are called %q. Give each a heading of its own.", short(h))
		}
		t.heads = append(t.heads, h)
		t.columns = append(t.columns, TableColumn{Column: h, Samples: []string{}, Suggested: suggested(h)})
	}
	var wrong []fault.Detail
	seen := map[string]bool{}
	check := func(at, field string) {
		if field != "kind" && fieldOf(t.mapping.Kind, field) == nil {
			what := "an event"
			if t.mapping.Kind != "" {
				what = "the kind " + strings.ReplaceAll(t.mapping.Kind, "_", " ")
			}
			wrong = append(wrong, fault.Detail{Field: at, Message: fmt.Sprintf("%q is no field of %s", short(fieldName(field)), what)})
		}
		if seen[field] && field != "external_id" {
			wrong = append(wrong, fault.Detail{Field: at, Message: fmt.Sprintf("%q is given twice", short(fieldName(field)))})
		}
		seen[field] = true
	}
	if _, ok := pact.EventKindOf(t.mapping.Kind); t.mapping.Kind != "" && !ok {
		wrong = append(wrong, fault.Detail{Field: "mapping.kind", Message: fmt.Sprintf("%q is no kind of event", short(t.mapping.Kind))})
		return mappingFault(wrong)
	}
	for i, c := range t.mapping.Columns {
		at := slices.Index(t.heads, strings.TrimSpace(c.Column))
		if at < 0 {
			wrong = append(wrong, fault.Detail{Field: fmt.Sprintf("mapping.columns[%d].column", i), Message: fmt.Sprintf("the table has no column %q", short(c.Column))})
			continue
		}
		t.columns[at].Fields = append(t.columns[at].Fields, c.Field)
		check(fmt.Sprintf("mapping.columns[%d].field", i), c.Field)
	}
	for i, f := range t.mapping.Fixed {
		check(fmt.Sprintf("mapping.fixed[%d].field", i), f.Field)
	}
	if !seen["external_id"] {
		wrong = append(wrong, fault.Detail{Field: "mapping.columns", Message: "map a column to external id: by it a line that is brought again is known"})
	}
	if !seen["occurred_at"] && !seen["data.date"] {
		wrong = append(wrong, fault.Detail{Field: "mapping.columns", Message: "map a column to occurred at: when it happened"})
	}
	if t.mapping.Kind == "" && !seen["kind"] {
		wrong = append(wrong, fault.Detail{Field: "mapping.kind", Message: "say which kind of event the lines are, or map a column to kind"})
	}
	return mappingFault(wrong)
}

func mappingFault(wrong []fault.Detail) error {
	if len(wrong) == 0 {
		return nil
	}
	f := fault.New(fault.Invalid, "The columns are not mapped as they must be: %s. Nothing was kept.", wrong[0].Message)
	f.Details = wrong
	return f
}

// fieldName is a field as the pages call it: "data.certificate.per_occurrence.value" is "certificate: per occurrence".
func fieldName(path string) string {
	return strings.NewReplacer(".", ": ", "_", " ").Replace(strings.TrimSuffix(strings.TrimPrefix(path, "data."), ".value"))
}

// fieldOf finds a field of a kind of event; of any kind where none is given.
func fieldOf(kind, path string) *pact.EventField {
	for _, k := range pact.EventKinds() {
		if kind != "" && k.Kind != kind {
			continue
		}
		cols := k.Columns()
		if i := slices.IndexFunc(cols, func(f pact.EventField) bool { return f.Path == path }); i >= 0 {
			return &cols[i]
		}
	}
	return nil
}

// field is fieldOf, once for each kind.
func (t *table) field(kind, path string) (pact.EventField, bool) {
	known, ok := t.fields[kind]
	if !ok {
		known = map[string]pact.EventField{}
		if k, ok := pact.EventKindOf(kind); ok {
			for _, f := range k.Columns() {
				known[f.Path] = f
			}
		}
		t.fields[kind] = known
	}
	f, ok := known[path]
	return f, ok
}

func (t *table) dated(kind string) bool {
	_, ok := t.field(kind, "data.date")
	return ok
}

func (t *table) reject(l pact.RejectedLine) { t.rejected = append(t.rejected, l) }

// line takes one line of the table into the event it belongs to.
func (t *table) line(at int, cells []string) {
	for i, c := range cells {
		if i < len(t.columns) && len(t.columns[i].Samples) < keptSamples && strings.TrimSpace(c) != "" {
			t.columns[i].Samples = append(t.columns[i].Samples, cutTo(c, 200))
		}
	}
	if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
		t.lines-- // an empty line says nothing
		return
	}
	text := pact.RejectedLine{Line: at, Text: lineText(cells)}
	if len(cells) > len(t.heads) {
		text.Problems = append(text.Problems, fmt.Sprintf("The line has %d cells, the headings %d.", len(cells), len(t.heads)))
		t.reject(text)
		return
	}
	values := map[string]string{}
	var id []string
	give := func(field, value string) {
		if value = strings.TrimSpace(value); value == "" {
			return
		}
		if field == "external_id" {
			id = append(id, value)
			return
		}
		values[field] = value
	}
	for _, f := range t.mapping.Fixed {
		give(f.Field, f.Value)
	}
	for i, c := range t.columns {
		for _, field := range c.Fields {
			if i < len(cells) {
				give(field, cells[i])
			}
		}
	}
	kind := t.mapping.Kind
	if kind == "" {
		kind = strings.ToLower(strings.ReplaceAll(values["kind"], " ", "_"))
		if _, ok := pact.EventKindOf(kind); !ok {
			text.Problems = append(text.Problems, fmt.Sprintf("%q is no kind of event.", short(values["kind"])))
			t.reject(text)
			return
		}
	}
	delete(values, "kind")
	tree := map[string]any{"kind": kind, "external_id": strings.Join(id, "/"), "data": map[string]any{}}
	text.Problems = t.fill(tree, kind, values)
	if len(id) == 0 {
		text.Problems = append(text.Problems, "The external id is empty.")
	}
	t.join(tree, text)
}

// fill reads the values of a line into an event.
func (t *table) fill(tree map[string]any, kind string, values map[string]string) []string {
	var problems []string
	line := map[string]any{}
	for _, field := range sortedKeys(values) {
		f, ok := t.field(kind, field)
		if !ok {
			problems = append(problems, fmt.Sprintf("The kind %s has no field %s.", strings.ReplaceAll(kind, "_", " "), fieldName(field)))
			continue
		}
		v, err := t.value(f, values[field])
		if err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v.", fieldName(field), err))
			continue
		}
		if f.Line {
			put(line, strings.TrimPrefix(field, "data.lines."), v)
			continue
		}
		put(tree, field, v)
	}
	data, _ := tree["data"].(map[string]any)
	if len(line) > 0 {
		data["lines"] = []any{line}
	}
	if date := onlyDate(t, values["occurred_at"]); date != "" && data["date"] == nil && t.dated(kind) {
		data["date"] = date // the day is what was said, in whatever zone it is read
	}
	if tree["occurred_at"] == nil {
		if date, ok := data["date"].(string); ok {
			tree["occurred_at"] = calendar.Date(date).In(t.zone).UTC().Format(time.RFC3339)
		} else if values["occurred_at"] == "" {
			problems = append(problems, "When it occurred is empty.")
		}
	}
	return problems
}

func put(tree map[string]any, path string, v any) {
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		next, ok := tree[p].(map[string]any)
		if !ok {
			next = map[string]any{}
			tree[p] = next
		}
		tree = next
	}
	tree[parts[len(parts)-1]] = v
}

// joinMore is said of lines that collide: part payments of one invoice have its number, and are told apart by what else stands on them.
const joinMore = " Where both happened, map another column to external id, too, such as the date: the id is made of all of them."

// join adds a line to the event of its external id. Lines of one event may differ only in what stands on the line.
func (t *table) join(tree map[string]any, text pact.RejectedLine) {
	id, _ := tree["external_id"].(string)
	d, known := t.byID[id]
	if !known || id == "" {
		d = &draft{line: text.Line, texts: []pact.RejectedLine{text}, tree: tree, bad: len(text.Problems) > 0}
		t.drafts = append(t.drafts, d)
		t.byID[id] = d
		return
	}
	mine, _ := tree["data"].(map[string]any)
	theirs, _ := d.tree["data"].(map[string]any)
	more, isLine := mine["lines"].([]any)
	had, hasLines := theirs["lines"].([]any)
	delete(mine, "lines")
	delete(theirs, "lines")
	a, errA := json.Marshal(tree)
	b, errB := json.Marshal(d.tree)
	if hasLines {
		theirs["lines"] = had
	}
	switch {
	case errA != nil || errB != nil || !bytes.Equal(a, b):
		text.Problems = append(text.Problems, fmt.Sprintf("Line %d has the same external id and says something else.%s", d.line, joinMore))
		d.texts, d.bad = append(d.texts, text), true // nobody can say which of them is right
		return
	case !isLine || !hasLines:
		text.Problems = append(text.Problems, fmt.Sprintf("Line %d has the same external id.%s", d.line, joinMore))
		t.reject(text)
		return
	}
	theirs["lines"] = append(had, more...)
	d.texts = append(d.texts, text)
	d.bad = d.bad || len(text.Problems) > 0
}

// finish makes events of the drafts. An event with a line that can not be read is not taken: its sums would be wrong.
func (t *table) finish() {
	for _, d := range t.drafts {
		if !d.bad {
			if err := d.build(); err != nil {
				d.texts[0].Problems = append(d.texts[0].Problems, strings.TrimSuffix(err.Error(), ".")+".")
				d.bad = true
			}
		}
		if !d.bad {
			continue
		}
		for _, l := range d.texts {
			if len(l.Problems) == 0 {
				l.Problems = []string{"Another line of the same event can not be used."}
			}
			t.reject(l)
		}
	}
	t.drafts = slices.DeleteFunc(t.drafts, func(d *draft) bool { return d.bad })
	slices.SortStableFunc(t.rejected, func(a, b pact.RejectedLine) int { return a.Line - b.Line })
}

func (d *draft) build() error {
	if data, ok := d.tree["data"].(map[string]any); ok {
		if lines, ok := data["lines"].([]any); ok {
			for i, l := range lines {
				if one, ok := l.(map[string]any); ok && one["line"] == nil {
					one["line"] = strconv.Itoa(i + 1)
				}
			}
		}
		if half := halfSum("", data); half != "" {
			return fmt.Errorf("%s needs a value and a currency", fieldName("data."+half))
		}
	}
	raw, err := json.Marshal(d.tree)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &d.event); err != nil {
		return err
	}
	return checkEvent(d.event)
}

// halfSum finds a sum that has only a value. A currency alone is a fixture that found nothing to belong to: it is dropped.
func halfSum(at string, tree map[string]any) string {
	for _, name := range sortedKeys(tree) {
		path := strings.TrimPrefix(at+"."+name, ".")
		switch v := tree[name].(type) {
		case []any:
			for _, e := range v {
				if one, ok := e.(map[string]any); ok {
					if half := halfSum(path, one); half != "" {
						return half
					}
				}
			}
		case map[string]any:
			_, value := v["value"]
			_, currency := v["currency"]
			if value && !currency {
				return path
			}
			if currency && !value {
				delete(tree, name)
				continue
			}
			if !value {
				if half := halfSum(path, v); half != "" {
					return half
				}
			}
		}
	}
	return ""
}

func lineText(cells []string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	if w.Write(cells) != nil {
		return cutTo(strings.Join(cells, ","), keptText)
	}
	w.Flush()
	return cutTo(strings.TrimRight(b.String(), "\n"), keptText)
}

func cutTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func short(s string) string { return cutTo(s, 60) }

// value reads a cell as the type of its field.
func (t *table) value(f pact.EventField, s string) (any, error) {
	switch f.Type {
	case "number":
		d, err := t.number(s)
		if err != nil {
			return nil, err
		}
		return d.String(), nil
	case "whole":
		n, err := strconv.Atoi(s)
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number", short(s))
		}
		return n, nil
	case "date":
		d := onlyDate(t, s)
		if d == "" {
			return nil, fmt.Errorf("%q is no date %s", short(s), dateExample(t.mapping.Dates))
		}
		return d, nil
	case "instant":
		at, err := t.instant(s)
		if err != nil {
			return nil, err
		}
		return at.UTC().Format(time.RFC3339Nano), nil
	case "flag":
		switch strings.ToLower(s) {
		case "yes", "true", "1", "x", "y", "ja", "oui":
			return true, nil
		case "no", "false", "0", "n", "nein", "non":
			return false, nil
		}
		return nil, fmt.Errorf("%q is neither yes nor no", short(s))
	case "currency":
		if s = strings.ToUpper(s); !money.IsCurrency(s) {
			return nil, fmt.Errorf("%q is no currency of ISO 4217 such as EUR", short(s))
		}
		return s, nil
	case "list":
		var list []any
		for part := range strings.SplitSeq(s, ";") {
			if part = strings.TrimSpace(part); part != "" {
				list = append(list, part)
			}
		}
		return list, nil
	}
	if len(s) > 4000 {
		return nil, fmt.Errorf("the text has more than 4000 bytes")
	}
	return s, nil
}

var (
	pointNumber = regexp.MustCompile(`^[+-]?(\d+|\d{1,3}([,' ]\d{3})+)(\.\d+)?$`)
	commaNumber = regexp.MustCompile(`^[+-]?(\d+|\d{1,3}([.' ]\d{3})+)(,\d+)?$`)
)

// accounting is how a ledger writes what is less than nothing: (50.00).
var accounting = regexp.MustCompile(`^\(\s*([^()+-]+?)\s*\)$`)

// number reads an exact number. Groups of three are told from decimals by the sign that was declared, never by guessing.
func (t *table) number(s string) (decimal.Decimal, error) {
	s = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "’", "'", "−", "-").Replace(s)
	written := s
	if m := accounting.FindStringSubmatch(s); m != nil {
		s = "-" + m[1]
	}
	shape, group, point := pointNumber, ",", "."
	if t.mapping.Decimal == "comma" {
		shape, group, point = commaNumber, ".", ","
	}
	if !shape.MatchString(s) {
		return decimal.Zero, fmt.Errorf("%q is no number with a decimal %s", short(written), map[string]string{".": "point", ",": "comma"}[point])
	}
	return decimal.NewFromString(strings.Replace(strings.NewReplacer(group, "", "'", "", " ", "").Replace(s), point, ".", 1))
}

func dateLayouts(order string) []string {
	switch order {
	case "dmy":
		return []string{"2006-01-02", "2.1.2006", "2/1/2006", "2-1-2006"}
	case "mdy":
		return []string{"2006-01-02", "1/2/2006", "1-2-2006"}
	}
	return []string{"2006-01-02"}
}

func dateExample(order string) string {
	return map[string]string{"": "such as 2026-03-31", "iso": "such as 2026-03-31", "dmy": "such as 31.3.2026", "mdy": "such as 3/31/2026"}[order]
}

// onlyDate reads a cell that holds a date and no time; "" where it does not.
func onlyDate(t *table, s string) string {
	for _, layout := range dateLayouts(t.mapping.Dates) {
		if d, err := time.Parse(layout, s); err == nil {
			return d.Format(time.DateOnly)
		}
	}
	return ""
}

func (t *table) instant(s string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, s); err == nil {
		return at, nil
	}
	if d := onlyDate(t, s); d != "" {
		return calendar.Date(d).In(t.zone), nil
	}
	for _, layout := range dateLayouts(t.mapping.Dates) {
		for _, clock := range []string{" 15:04", " 15:04:05", "T15:04", "T15:04:05", " 3:04 PM", " 3:04:05 PM"} {
			if at, err := time.ParseInLocation(layout+clock, s, t.zone); err == nil {
				return at, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%q is no date %s, with or without a time", short(s), dateExample(t.mapping.Dates))
}

// suggested is the field that a heading seems to mean.
func suggested(head string) string {
	h := strings.Join(strings.FieldsFunc(strings.ToLower(head), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }), " ")
	for _, s := range []struct{ field, heads string }{
		{"external_id", "id|external id|event id|key|reference id|transaction id|document id|number|no|delivery no|delivery number|delivery note|receipt no|payment no|payment number"},
		{"kind", "kind|type|event|event type"},
		{"data.contract", "contract|contract no|contract number|agreement|agreement no"},
		{"subject", "invoice|invoice no|invoice number|po|po number|order|order no|order number|ticket|ticket no|certificate no|policy no|policy number"},
		{"occurred_at", "date|when|occurred at|invoice date|order date|payment date|paid on|delivered on|received on|receipt date|start|started|started at|start time|begin|began|timestamp"},
		{"data.customer", "customer|supplier|vendor|company|account"},
		{"data.amount.value", "amount|total|sum|gross|invoice amount|paid"},
		{"data.amount.currency", "currency|curr|ccy"},
		{"data.tax.value", "tax|vat|sales tax"},
		{"data.freight.value", "freight|shipping"},
		{"data.lines.line", "line|line no|pos|position"},
		{"data.lines.item", "item|sku|part|part no|article|product|material"},
		{"data.lines.quantity", "quantity|qty|units|qty received|quantity received|received qty|qty delivered|quantity delivered|delivered qty"},
		{"data.lines.unit", "unit|uom|unit of measure"},
		{"data.lines.price.value", "price|unit price"},
		{"data.lines.amount.value", "line amount|net amount|line total"},
		{"data.lines.date", "promised|promised date|due|due date|delivery date"},
		{"data.reference", "reference|ref"},
		{"data.month", "month|period"},
		{"data.service", "service"},
		{"data.buyer", "buyer|bought by|ordered by|affiliate"},
		{"data.value", "value|reading|index"},
		{"data.certificate.expires", "expires|expiry|expires on|expiry date|expiration|expiration date|valid until|valid to"},
		{"data.certificate.issuer", "insurer|issuer|carrier|underwriter"},
		{"data.certificate.per_occurrence.value", "limit|per occurrence|each occurrence"},
		{"data.certificate.aggregate.value", "aggregate|general aggregate|annual aggregate"},
		{"data.end_at", "end|ended|ended at|end time|until|restored|restored at"},
		{"data.certificate.from", "valid from|from"},
	} {
		if slices.Contains(strings.Split(s.heads, "|"), h) {
			return s.field
		}
	}
	return ""
}
