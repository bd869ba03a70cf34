package sqlstore

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/money"
)

// form is how a field is kept.
type form int

const (
	textForm    form = iota // '' is stored as ''
	intForm                 // 64 bits
	boolForm                //
	timeForm                // UTC, microseconds; the zero time is NULL
	decimalForm             // exact; text with its own collation on SQLite
	moneyForm               // two columns: value, and name_currency
	jsonForm                // everything else; nil is NULL
)

// column is one field of a noun; its name is the JSON name of the field.
type column struct {
	name    string
	form    form
	index   int
	pointer bool // nil is NULL
	indexed bool // text in an index is short: PostgreSQL keeps no long keys
}

// maxIndexed bounds text in an index, in bytes.
const maxIndexed = 1000

// timeLayout has a fixed width, so that SQLite compares text as time.
const timeLayout = "2006-01-02T15:04:05.000000Z"

var (
	timeType    = reflect.TypeFor[time.Time]()
	decimalType = reflect.TypeFor[decimal.Decimal]()
	moneyType   = reflect.TypeFor[money.Amount]()
	rawType     = reflect.TypeFor[json.RawMessage]()
)

// columnsOf reads the columns of a noun's struct.
func columnsOf(t reflect.Type) []column {
	columns := make([]column, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		c := column{name: name, index: i}
		ft := f.Type
		if ft.Kind() == reflect.Pointer {
			ft, c.pointer = ft.Elem(), true
		}
		c.form = formOf(ft)
		columns = append(columns, c)
	}
	return columns
}

func formOf(t reflect.Type) form {
	switch {
	case t == timeType:
		return timeForm
	case t == decimalType:
		return decimalForm
	case t == moneyType:
		return moneyForm
	case t.Kind() == reflect.String:
		return textForm
	case t.Kind() == reflect.Bool:
		return boolForm
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return intForm
	}
	return jsonForm
}

// nullable tells whether the column can hold NULL.
func (c column) nullable() bool { return c.pointer || c.form == timeForm || c.form == jsonForm }

// names gives the columns in the database.
func (c column) names() []string {
	if c.form == moneyForm {
		return []string{c.name, c.name + "_currency"}
	}
	return []string{c.name}
}

// values gives what is written for a field, one value for each of names.
func (c column) values(d Dialect, field reflect.Value) ([]any, error) {
	if c.pointer {
		if field.IsNil() {
			return make([]any, len(c.names())), nil
		}
		field = field.Elem()
	}
	if c.form == moneyForm {
		a := field.Interface().(money.Amount) //nolint:forcetypeassert // formOf
		return []any{a.Value.String(), a.Currency}, nil
	}
	v, err := c.value(d, field)
	return []any{v}, err
}

func (c column) value(d Dialect, field reflect.Value) (any, error) {
	switch c.form {
	case textForm:
		if c.indexed && field.Len() > maxIndexed {
			return nil, fault.New(fault.Invalid, "%s is longer than %d bytes", c.name, maxIndexed)
		}
		return text(c.name, field.String())
	case intForm:
		return field.Int(), nil
	case boolForm:
		return field.Bool(), nil
	case timeForm:
		return instant(d, c.name, field.Interface().(time.Time)) //nolint:forcetypeassert // formOf
	case decimalForm:
		return field.Interface().(decimal.Decimal).String(), nil //nolint:forcetypeassert // formOf
	case moneyForm, jsonForm:
	}
	switch field.Kind() {
	case reflect.Slice, reflect.Map, reflect.Interface:
		if field.IsNil() {
			return nil, nil //nolint:nilnil // NULL
		}
	}
	if field.Type() == rawType && !json.Valid(field.Bytes()) {
		return nil, fault.New(fault.Invalid, "%s is not JSON", c.name)
	}
	if field.Type() == rawType {
		return text(c.name, string(field.Bytes()))
	}
	b, err := json.Marshal(field.Interface())
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s can not be stored", c.name)
	}
	return string(b), nil
}

// text refuses what a database can not keep as text: both must answer alike.
func text(name, s string) (any, error) {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return nil, fault.New(fault.Invalid, "%s holds bytes that are no text (UTF-8 without NUL)", name)
	}
	return s, nil
}

func instant(d Dialect, name string, t time.Time) (any, error) {
	if t.IsZero() {
		return nil, nil //nolint:nilnil // NULL
	}
	t = t.UTC().Truncate(time.Microsecond)
	if t.Year() < 1 || t.Year() > 9999 {
		return nil, fault.New(fault.Invalid, "%s is a time out of range", name)
	}
	if d == SQLite {
		return t.Format(timeLayout), nil
	}
	return t, nil
}

// cell reads one database column into a field.
type cell struct {
	column   column
	field    reflect.Value
	currency bool // second half of money
}

// cells gives where to scan the columns of a row.
func cells(columns []column, row reflect.Value) []any {
	dest := make([]any, 0, len(columns)+2)
	for _, c := range columns {
		dest = append(dest, &cell{column: c, field: row.Field(c.index)})
		if c.form == moneyForm {
			dest = append(dest, &cell{column: c, field: row.Field(c.index), currency: true})
		}
	}
	return dest
}

// Scan takes what a driver gives; the field is zero before.
func (c *cell) Scan(src any) error {
	if src == nil {
		return nil
	}
	field := c.field
	if c.column.pointer {
		if field.IsNil() {
			field.Set(reflect.New(field.Type().Elem()))
		}
		field = field.Elem()
	}
	if err := c.scan(src, field); err != nil {
		return fmt.Errorf("column %s: %w", c.column.name, err)
	}
	return nil
}

func (c *cell) scan(src any, field reflect.Value) error {
	switch c.column.form {
	case intForm:
		return scanInt(src, field)
	case boolForm:
		return scanBool(src, field)
	case timeForm:
		t, err := timeOf(src)
		field.Set(reflect.ValueOf(t))
		return err
	case textForm, decimalForm, moneyForm, jsonForm:
	}
	s, err := textOf(src)
	if err != nil {
		return err
	}
	switch {
	case c.column.form == textForm:
		field.SetString(s)
		return nil
	case c.column.form == moneyForm && c.currency:
		field.FieldByName("Currency").SetString(s)
		return nil
	case c.column.form == moneyForm:
		field = field.FieldByName("Value")
		fallthrough
	case c.column.form == decimalForm:
		v, err := decimal.NewFromString(s)
		field.Set(reflect.ValueOf(v))
		return err
	case field.Type() == rawType:
		field.SetBytes([]byte(s))
		return nil
	}
	return json.Unmarshal([]byte(s), field.Addr().Interface())
}

func scanInt(src any, field reflect.Value) error {
	n, ok := src.(int64)
	if !ok || field.OverflowInt(n) {
		return fmt.Errorf("%v is no number for %s", src, field.Type())
	}
	field.SetInt(n)
	return nil
}

func scanBool(src any, field reflect.Value) error {
	switch v := src.(type) {
	case bool:
		field.SetBool(v)
	case int64:
		field.SetBool(v != 0)
	default:
		return fmt.Errorf("%T is no truth value", src)
	}
	return nil
}

func timeOf(src any) (time.Time, error) {
	switch v := src.(type) {
	case time.Time:
		return v.UTC(), nil
	case string:
		return time.Parse(timeLayout, v)
	case []byte:
		return time.Parse(timeLayout, string(v))
	}
	return time.Time{}, fmt.Errorf("%T is no time", src)
}

func textOf(src any) (string, error) {
	switch v := src.(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("%T is no text", src)
}

// argument turns the value of a condition into what the column is compared with.
func (c column) argument(d Dialect, v any) (any, error) {
	rv := reflect.ValueOf(v)
	for rv.Kind() == reflect.Pointer && !rv.IsNil() {
		rv = rv.Elem()
	}
	wrong := fmt.Errorf("column %s can not be compared with a %T", c.name, v)
	switch c.form {
	case textForm:
		if rv.Kind() != reflect.String {
			return nil, wrong
		}
		return text(c.name, rv.String())
	case intForm:
		if !rv.CanInt() {
			return nil, wrong
		}
		return rv.Int(), nil
	case boolForm:
		if rv.Kind() != reflect.Bool {
			return nil, wrong
		}
		return rv.Bool(), nil
	case timeForm:
		t, ok := rv.Interface().(time.Time)
		if !ok {
			return nil, wrong
		}
		return instant(d, c.name, t)
	case decimalForm, moneyForm:
		switch x := rv.Interface().(type) {
		case decimal.Decimal:
			return x.String(), nil
		case money.Amount:
			return x.Value.String(), nil
		case string:
			n, err := money.ParseDecimal(x)
			if err != nil {
				return nil, fault.New(fault.Invalid, "%s must be compared with a decimal number", c.name)
			}
			return n.String(), nil
		}
	case jsonForm:
	}
	return nil, wrong
}
