package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/money"
)

// Fill sets every field of a noun to something that is not zero and differs by seed, so that a field that is not kept
// shows. Nested nouns are filled to a small depth.
func Fill[T any](seed int) T {
	var row T
	f := filler{n: seed * 1000}
	f.fill(reflect.ValueOf(&row).Elem(), 0)
	return row
}

type filler struct{ n int }

func (f *filler) fill(v reflect.Value, depth int) {
	f.n++
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2026, 3, 1, 10, 0, 0, f.n%1_000_000*1000, time.UTC)
		return
	case *decimal.Decimal:
		*x = decimal.RequireFromString(fmt.Sprintf("12345678901234567890.%06d", f.n%1_000_000))
		return
	case *money.Amount:
		*x = money.New(decimal.RequireFromString(fmt.Sprintf("%d.125", f.n)), "EUR")
		return
	case *calendar.Date:
		*x = calendar.DateOf(2026, 1, 1).AddDays(f.n % 300)
		return
	case *json.RawMessage:
		*x = json.RawMessage(fmt.Sprintf(`{"b": 1.10, "a": "ü\u0000 %d"}`, f.n)) // as given, to the byte, in a column of its own
		if depth > 1 {
			*x = json.RawMessage(fmt.Sprintf(`{"a":%d}`, f.n))
		}
		return
	}
	f.kind(v, depth)
}

func (f *filler) kind(v reflect.Value, depth int) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("Ünï %d'\"?$1 \n<b>", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Float64:
		v.SetFloat(float64(f.n) + 0.5)
	case reflect.Interface:
		v.Set(reflect.ValueOf(fmt.Sprintf("any %d", f.n)))
	case reflect.Struct:
		for i := range v.NumField() {
			f.fill(v.Field(i), depth+1)
		}
	case reflect.Pointer:
		if depth < 6 {
			v.Set(reflect.New(v.Type().Elem()))
			f.fill(v.Elem(), depth+1)
		}
	case reflect.Slice:
		if depth < 6 {
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			f.fill(v.Index(0), depth+1)
			f.fill(v.Index(1), depth+1)
		}
	case reflect.Map:
		value := reflect.New(v.Type().Elem()).Elem()
		f.fill(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("key %d", f.n)).Convert(v.Type().Key()), value)
	default:
		panic("storetest.Fill does not know " + v.Type().String())
	}
}
