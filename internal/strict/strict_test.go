package strict_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/calendar"
	"github.com/pactloop/pactloop/internal/strict"
)

type inner struct {
	To    string          `json:"to"`
	Hours int             `json:"hours"`
	Share decimal.Decimal `json:"share"`
}

type embedded struct {
	Name string `json:"name,omitempty"`
}

type outer struct {
	embedded

	Levels []inner           `json:"levels"`
	Kinds  map[string]string `json:"kinds"`
	Day    calendar.Date     `json:"day"`
	At     time.Time         `json:"at"`
	On     *bool             `json:"on"`
	Any    json.RawMessage   `json:"any"`
	Own    *inner            `json:"own"`
}

func TestTheNearestNameIsMeant(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Outage": "outage", "end": "end_at", "price": "", "announced": "announced_at", "colour": "", "": ""} {
		if got := strict.Nearest(name, []string{"outage", "end_at", "announced_at", "price_from", "price_until"}); got != want {
			t.Errorf("%q: %q is meant, want %q", name, got, want)
		}
	}
}

func TestWhatDoesNotFitIsNamedByItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw  string
		want []string
	}{
		{`{"levels":[{"to":"a","hours":4,"share":"0.5"}],"kinds":{"email":"keep"},"day":"2026-03-31","at":"2026-03-31T00:00:00Z","on":true,"any":[1],"own":{"hours":1},"name":"n"}`, nil},
		{`{"levels":null,"kinds":null,"on":null,"own":null,"any":null,"day":null,"at":null,"name":null}`, nil},
		{`null`, []string{": This must be an object, and is null."}},
		{`[]`, []string{": This must be an object, and is a list."}},
		{``, []string{": This is empty; it must be JSON."}},
		{`{"levels":`, []string{": This is no JSON: it ends too early."}},
		{`{levels:1}`, []string{": This is no JSON: character 2 does not belong there."}},
		{`{} {}`, []string{": This has something after its end."}},
		{`{"levels":[{"to":7},{"hours":"x"}]}`, []string{"levels[0].to: This must be a text, and is a number.", `levels[1].hours: This must be a whole number, and is "x".`}},
		{`{"levels":{}}`, []string{"levels: This must be a list, and is an object."}},
		{`{"levels":[null]}`, []string{"levels[0]: This must be an object, and is null."}},
		{`{"levels":[{"hours":1.5,"share":true}]}`, []string{"levels[0].hours: This must be a whole number, and is 1.5.", `levels[0].share: This must be a decimal number such as "99.9", and is true.`}},
		{`{"levels":[{"hours":1e40}]}`, []string{"levels[0].hours: This must be a whole number, and is 1e40."}},
		{`{"level":[]}`, []string{"level: This is not known here; perhaps levels is meant."}},
		{`{"own":{"from":1}}`, []string{"own.from: This is not known here; there are: hours, share, to."}},
		{`{"kinds":{"email":1}}`, []string{"kinds.email: This must be a text, and is a number."}},
		{`{"kinds":7}`, []string{"kinds: This must be an object, and is a number."}},
		{`{"day":"2026-02-30"}`, []string{`day: This must be a day such as 2026-03-31, and is "2026-02-30".`}},
		{`{"at":"soon","on":"yes"}`, []string{`at: This must be an instant such as 2026-03-31T09:00:00Z, and is "soon".`, `on: This must be true or false, and is "yes".`}},
	} {
		var got []string
		for _, d := range strict.Decode([]byte(c.raw), &outer{}) {
			got = append(got, d.Field+": "+d.Message)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.raw, got, c.want)
		}
	}
}

func TestWithoutStrictnessUnknownMembersAreLeftAside(t *testing.T) {
	t.Parallel()
	if got := strict.Unfit([]byte(`{"level":[],"day":"2026-02-30"}`), reflect.TypeFor[outer]()); len(got) != 1 || got[0].Field != "day" {
		t.Errorf("%v", got)
	}
}

// internals are words of the program that no person should read.
var internals = regexp.MustCompile(`json:|Go (value|struct)|strconv|reflect|unmarshal|\b(int64|float64|decimal\.Decimal|time\.Time)\b`)

// Whatever is sent: it is read, or each place is named in words; and what encoding/json can not read is never called fitting.
func TestEveryTextIsReadOrItsPlacesAreNamed(t *testing.T) {
	t.Parallel()
	values := []string{`1`, `1.5`, `1e99`, `"x"`, `"2026-02-30"`, `null`, `true`, `[]`, `{}`, `[1,"a",null]`, `{"to":1}`, `"`, ``, `{"to":"a","hours":"b"}`}
	rapid.Check(t, func(t *rapid.T) {
		var parts []string
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"levels", "kinds", "day", "at", "on", "any", "own", "name", "else", "Levels"}), 0, 6, rapid.ID[string]).Draw(t, "members") {
			parts = append(parts, fmt.Sprintf("%q:%s", name, rapid.SampledFrom(values).Draw(t, "value")))
		}
		raw := []byte("{" + strings.Join(parts, ",") + "}")
		var as, plain outer
		wrong := strict.Decode(raw, &as)
		if err := json.Unmarshal(raw, &plain); (err != nil && len(wrong) == 0) || (len(wrong) == 0 && !reflect.DeepEqual(as, plain)) {
			t.Fatalf("%s is read as %+v, and is %+v, %v", raw, as, plain, err)
		}
		for _, d := range wrong {
			if d.Message == "" || internals.MatchString(d.Message) || strings.HasSuffix(d.Field, ".") || d.Message == "This can not be read." {
				t.Fatalf("%s: %q at %q", raw, d.Message, d.Field)
			}
		}
	})
}

// A text that is full of names nobody knows, and of long ones, is told as far as anybody reads it.
func TestManyAndLongUnknownNamesAreToldUpToABound(t *testing.T) {
	t.Parallel()
	var many strings.Builder
	many.WriteString(`{`)
	for i := range 20_000 {
		fmt.Fprintf(&many, `"levels%s%d":1,`, strings.Repeat("s", 400), i)
	}
	many.WriteString(`"levelz":1}`)
	list := `{"levels":[` + strings.Repeat(`{"tu":1},`, 100_000) + `{}]}`
	for _, raw := range []string{many.String(), list, `{"` + strings.Repeat("levels", 500_000) + `":1}`} {
		wrong := strict.Decode([]byte(raw), &outer{})
		if len(wrong) == 0 || len(wrong) > 50 {
			t.Fatalf("%d places are told", len(wrong))
		}
		for _, d := range wrong {
			if !strings.HasPrefix(d.Message, "This is not known here") || len(d.Field) > 200 {
				t.Fatalf("%q at %q", d.Message, d.Field)
			}
		}
	}
	if wrong := strict.Decode([]byte(`{"levelz":1}`), &outer{}); len(wrong) != 1 || !strings.Contains(wrong[0].Message, "perhaps levels is meant") {
		t.Errorf("a slip is told as %+v", wrong)
	}
}
