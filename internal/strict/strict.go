// Package strict reads JSON into a type, and says in words where it does not fit.
//
// It owns the comparison of a text with a type, member by member, the place of each difference ("levels[0].to") and its sentence. It
// does not own what values mean: whoever asks judges those. Invariants: a member nobody knows is a mistake, not something to skip; no
// sentence names a type or a function of the program; what fits is read exactly as encoding/json reads it.
package strict

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
	"github.com/shopspring/decimal"

	"github.com/pactloop/pactloop/internal/fault"
)

// most bounds how many places are told at once.
const most = 50

// Decode reads raw into a pointer. It tells where raw does not fit, with unknown members among that; nothing where it was read. The
// place "" is the whole text. A member may be null, which says no more than its absence.
func Decode(raw []byte, into any) []fault.Detail {
	if message := malformed(raw); message != "" {
		return []fault.Detail{{Message: message}}
	}
	w := walk{unknown: true}
	w.value("", raw, reflect.TypeOf(into).Elem())
	if len(w.wrong) > 0 {
		return w.wrong
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return []fault.Detail{{Message: "This can not be read."}}
	}
	return nil
}

// Unfit tells where raw can not be read into a type; members nobody knows are left aside.
func Unfit(raw []byte, t reflect.Type) []fault.Detail {
	if message := malformed(raw); message != "" {
		return []fault.Detail{{Message: message}}
	}
	var w walk
	w.value("", raw, t)
	return w.wrong
}

// malformed is what is wrong with a text that is no JSON.
func malformed(raw []byte) string {
	d := json.NewDecoder(bytes.NewReader(raw))
	var first json.RawMessage
	err := d.Decode(&first)
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return "This is empty; it must be JSON."
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "This is no JSON: it ends too early."
	case errors.As(err, &syntax):
		return fmt.Sprintf("This is no JSON: character %d does not belong there.", syntax.Offset)
	case err != nil:
		return "This is no JSON."
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "This has something after its end."
	}
	return ""
}

// walk goes through a text beside the type it is meant for.
type walk struct {
	unknown bool // members nobody knows are wrong
	wrong   []fault.Detail
}

func (w *walk) say(at, format string, args ...any) {
	if len(w.wrong) < most {
		w.wrong = append(w.wrong, fault.Detail{Field: at, Message: fmt.Sprintf(format, args...)})
	}
}

// full tells that nothing more is told: looking further would cost time and show nobody anything.
func (w *walk) full() bool { return len(w.wrong) >= most }

func (w *walk) value(at string, raw json.RawMessage, t reflect.Type) {
	if w.full() {
		return
	}
	raw = bytes.TrimSpace(raw)
	null := string(raw) == "null"
	for t.Kind() == reflect.Pointer {
		if null && at != "" {
			return
		}
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[json.RawMessage]() || t.Kind() == reflect.Interface:
		return // judged by whoever knows what it holds
	case readsItself(t):
		w.single(at, raw, t)
	case t.Kind() == reflect.Struct:
		w.object(at, raw, t)
	case null && at != "" && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map):
		return
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Array:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil || null {
			w.say(at, "This must be a list, and is %s.", shape(raw))
			return
		}
		for i, e := range list {
			if w.full() {
				return
			}
			w.value(fmt.Sprintf("%s[%d]", at, i), e, t.Elem())
		}
	case t.Kind() == reflect.Map:
		var all map[string]json.RawMessage
		if json.Unmarshal(raw, &all) != nil || null {
			w.say(at, "This must be an object, and is %s.", shape(raw))
			return
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			w.value(below(at, name), all[name], t.Elem())
		}
	default:
		w.single(at, raw, t)
	}
}

func (w *walk) object(at string, raw json.RawMessage, t reflect.Type) {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil || all == nil && (w.unknown || at == "") {
		w.say(at, "This must be an object, and is %s.", shape(raw))
		return
	}
	known := members(t)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, ok := known[name]
		switch {
		case w.full():
			return
		case ok:
			w.value(below(at, name), all[name], f.Type)
		case w.unknown:
			w.say(below(at, name), "This is not known here%s.", meant(name, slices.Sorted(maps.Keys(known))))
		}
	}
}

// single judges a value that has no parts.
func (w *walk) single(at string, raw json.RawMessage, t reflect.Type) {
	if json.Unmarshal(raw, reflect.New(t).Interface()) == nil {
		return
	}
	text := strings.Trim(string(raw), `"`)
	is := shape(raw)
	switch {
	case t == reflect.TypeFor[time.Time]():
		w.say(at, "This must be an instant such as 2026-03-31T09:00:00Z, and is %s.", quoted(is, text))
	case t == reflect.TypeFor[decimal.Decimal]():
		w.say(at, `This must be a decimal number such as "99.9", and is %s.`, quoted(is, text))
	case t.Name() == "Date":
		w.say(at, "This must be a day such as 2026-03-31, and is %s.", quoted(is, text))
	case t.Kind() == reflect.Bool:
		w.say(at, "This must be true or false, and is %s.", quoted(is, text))
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64:
		w.say(at, "This must be a whole number, and is %s.", quoted(is, text))
	case t.Kind() == reflect.Float32 || t.Kind() == reflect.Float64:
		w.say(at, "This must be a number, and is %s.", quoted(is, text))
	case is == "a text":
		w.say(at, "%q can not be used here.", short(text))
	default:
		w.say(at, "This must be a text, and is %s.", is)
	}
}

// quoted names a value, with itself where it is short and has no parts.
func quoted(is, text string) string {
	switch is {
	case "a text":
		return fmt.Sprintf("%q", short(text))
	case "a number", "true or false":
		return short(text)
	}
	return is
}

func below(at, name string) string {
	if at == "" {
		return short(name)
	}
	return at + "." + short(name)
}

// members lists the JSON members of a struct, those of embedded structs included.
func members(t reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			maps.Copy(out, members(f.Type))
		case f.IsExported() && name == "":
			out[f.Name] = f
		case f.IsExported() && name != "-":
			out[name] = f
		}
	}
	return out
}

// readsItself tells whether a type has its own way of reading.
func readsItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

func shape(raw []byte) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	case 't', 'f':
		return "true or false"
	case 'n':
		return "null"
	}
	return "a number"
}

// longestMeant bounds, in letters, the names for which another is guessed: no member is nearly as long.
const longestMeant = 60

// meant names the member that was probably meant, or those there are.
func meant(name string, known []string) string {
	best, distance := "", len(name)
	guess := utf8.RuneCountInString(name) <= longestMeant
	for _, k := range known {
		if !guess {
			break
		}
		if d := edlib.LevenshteinDistance(name, k); d < distance && 3*d <= len(name) {
			best, distance = k, d
		}
	}
	if best != "" {
		return "; perhaps " + best + " is meant"
	}
	if len(known) > 12 {
		return ""
	}
	return "; there are: " + strings.Join(known, ", ")
}

func short(s string) string {
	letters := 0
	for at := range s {
		if letters == 60 {
			return s[:at] + "…"
		}
		letters++
	}
	return s
}
