// Package strict reads JSON into a type, and says in words where it does not fit.
//
// It owns the comparison of a text with a type, member by member, the place of each difference ("levels[0].to", or "/levels/0/to" where
// files are read) and its sentence. It does not own what values mean: whoever asks judges those, with Rules where they belong to a type. Invariants: a member nobody knows is a mistake, not something to skip; no
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

// Place is where in a text something stands, from the top: names of members, and numbers in lists. The empty one is the whole text.
type Place []any

// String is a place as programs write it: levels[0].to.
func (p Place) String() string {
	var b strings.Builder
	for _, step := range p {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(short(step))
		}
	}
	return b.String()
}

// Pointer is a place as a JSON pointer (RFC 6901): /levels/0/to.
func (p Place) Pointer() string {
	var b strings.Builder
	for _, step := range p {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(fmt.Sprint(step)))
	}
	return b.String()
}

func (p Place) below(step any) Place { return append(p[:len(p):len(p)], step) }

// Wrong is a place where a text does not fit, and why, in a sentence.
type Wrong struct {
	Place   Place
	Message string
}

// Rules are what a reader asks of objects beyond the types of their members.
type Rules interface {
	// Object judges an object that is meant for a type. The places of what it tells begin at the object.
	Object(t reflect.Type, members map[string]json.RawMessage) []Wrong
	// Value judges a value without parts that fits its type: a sentence, or "" where nothing is wrong with it.
	Value(t reflect.Type, raw json.RawMessage) string
}

// Compare tells where JSON does not fit a type, with unknown members and what the rules ask among that, up to a number of places.
func Compare(raw []byte, t reflect.Type, rules Rules, most int) []Wrong {
	w := walk{unknown: true, rules: rules, most: most}
	w.value(nil, raw, t)
	return w.wrong
}

// Decode reads raw into a pointer. It tells where raw does not fit, with unknown members among that; nothing where it was read. The
// place "" is the whole text. A member may be null, which says no more than its absence.
func Decode(raw []byte, into any) []fault.Detail {
	if message := malformed(raw); message != "" {
		return []fault.Detail{{Message: message}}
	}
	w := walk{unknown: true, most: most}
	w.value(nil, raw, reflect.TypeOf(into).Elem())
	if len(w.wrong) > 0 {
		return details(w.wrong)
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
	w := walk{most: most}
	w.value(nil, raw, t)
	return details(w.wrong)
}

func details(list []Wrong) []fault.Detail {
	var out []fault.Detail
	for _, x := range list {
		out = append(out, fault.Detail{Field: x.Place.String(), Message: x.Message})
	}
	return out
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
	unknown bool  // members nobody knows are wrong
	rules   Rules // nil asks nothing more
	most    int
	wrong   []Wrong
}

func (w *walk) say(at Place, format string, args ...any) {
	if !w.full() {
		w.wrong = append(w.wrong, Wrong{at, fmt.Sprintf(format, args...)})
	}
}

// full tells that nothing more is told: looking further would cost time and show nobody anything.
func (w *walk) full() bool { return len(w.wrong) >= w.most }

func (w *walk) value(at Place, raw json.RawMessage, t reflect.Type) {
	if w.full() {
		return
	}
	raw = bytes.TrimSpace(raw)
	null := string(raw) == "null"
	for t.Kind() == reflect.Pointer {
		if null && len(at) > 0 {
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
	case null && len(at) > 0 && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map):
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
			w.value(at.below(i), e, t.Elem())
		}
	case t.Kind() == reflect.Map:
		var all map[string]json.RawMessage
		if json.Unmarshal(raw, &all) != nil || null {
			w.say(at, "This must be an object, and is %s.", shape(raw))
			return
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			w.value(at.below(name), all[name], t.Elem())
		}
	default:
		w.single(at, raw, t)
	}
}

func (w *walk) object(at Place, raw json.RawMessage, t reflect.Type) {
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil || all == nil && (w.unknown || len(at) == 0) {
		w.say(at, "This must be an object, and is %s.", shape(raw))
		return
	}
	known := members(t)
	if w.rules != nil {
		for _, x := range w.rules.Object(t, all) {
			w.say(append(at[:len(at):len(at)], x.Place...), "%s", x.Message)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, ok := known[name]
		switch {
		case w.full():
			return
		case ok:
			w.value(at.below(name), all[name], f.Type)
		case w.unknown:
			w.say(at.below(name), "This is not known here%s.", meant(name, slices.Sorted(maps.Keys(known))))
		}
	}
}

// single judges a value that has no parts.
func (w *walk) single(at Place, raw json.RawMessage, t reflect.Type) {
	if json.Unmarshal(raw, reflect.New(t).Interface()) == nil {
		if w.rules != nil {
			if wrong := w.rules.Value(t, raw); wrong != "" {
				w.say(at, "%s", wrong)
			}
		}
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
	if best := Nearest(name, known); best != "" {
		return "; perhaps " + best + " is meant"
	}
	if len(known) > 12 {
		return ""
	}
	return "; there are: " + strings.Join(known, ", ")
}

// Nearest is the one of some names that was probably meant: a third of its letters may be wrong, or it is the first word of one name alone, as
// "end" is of "end_at"; "" where none is near.
func Nearest(name string, known []string) string {
	best, distance := "", len(name)
	guess := utf8.RuneCountInString(name) <= longestMeant
	for _, k := range known {
		if !guess {
			break
		}
		// Two letters that are swapped are one slip.
		if d := edlib.OSADamerauLevenshteinDistance(name, k); d < distance && 3*d <= len(name) {
			best, distance = k, d
		}
	}
	if best != "" || name == "" {
		return best
	}
	begin := func(k string) bool { return strings.HasPrefix(k, name+"_") }
	if at := slices.IndexFunc(known, begin); at >= 0 && !slices.ContainsFunc(known[at+1:], begin) {
		return known[at]
	}
	return ""
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
