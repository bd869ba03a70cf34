package sweep_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pactloop/pactloop/internal/connector/sweep"
	"github.com/pactloop/pactloop/internal/pact"
)

// list is a system that can be asked for what changed since, by numbered pages.
type list struct {
	at      map[string]time.Time
	version map[string]int
}

func (l *list) touch(id string, at time.Time) {
	l.at[id] = at
	l.version[id]++
}

func (l *list) page(size int) func(context.Context, time.Time, int) ([]sweep.Row, error) {
	return func(_ context.Context, since time.Time, page int) ([]sweep.Row, error) {
		var rows []sweep.Row
		for id, at := range l.at {
			if !at.Before(since) {
				rows = append(rows, sweep.Row{ID: id, At: at, Raw: fmt.Appendf(nil, "%d", l.version[id])})
			}
		}
		slices.SortFunc(rows, func(a, b sweep.Row) int {
			if c := a.At.Compare(b.At); c != 0 {
				return c
			}
			return strings.Compare(a.ID, b.ID)
		})
		from := min(page*size, len(rows))
		return rows[from:min(from+size, len(rows))], nil
	}
}

func TestNoVersionIsLostOrGivenTwiceWhileRowsChangeBetweenPages(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := &list{at: map[string]time.Time{}, version: map[string]int{}}
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		size := rapid.IntRange(1, 5).Draw(t, "page size")
		config := sweep.Config{Overlap: 30 * time.Second, Now: func() time.Time { return now }, Size: size, List: l.page(size)}
		cursor := pact.Cursor("")
		given := map[string]int{}
		read := func() bool {
			rows, next, more, err := sweep.Next(t.Context(), cursor, config)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				given[r.ID+"/"+string(r.Raw)]++
			}
			cursor = next
			return more
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				for range rapid.IntRange(1, 12).Draw(t, "burst") {
					late := time.Duration(rapid.IntRange(0, 20).Draw(t, "late")) * time.Second
					l.touch(fmt.Sprintf("r%02d", rapid.IntRange(0, 30).Draw(t, "row")), now.Add(-late))
				}
			case 2:
				read()
			case 3:
				now = now.Add(time.Duration(rapid.IntRange(0, 120).Draw(t, "pause")) * time.Second)
			}
		}
		drain := func() {
			for n := 0; read(); n++ {
				if n > 2000 {
					t.Fatal("the sweep does not come to an end")
				}
			}
		}
		drain()
		for id, v := range l.version {
			if given[fmt.Sprintf("%s/%d", id, v)] == 0 {
				t.Fatalf("the last version of %s was lost", id)
			}
		}
		for version, times := range given {
			if times > 1 {
				t.Fatalf("%s was given %d times", version, times)
			}
		}
		before := len(given)
		drain()
		if len(given) != before {
			t.Fatal("a quiet list gave something new")
		}
	})
}

func TestABurstOfOneInstantIsReadWholeAndThenLeftAlone(t *testing.T) {
	t.Parallel()
	l := &list{at: map[string]time.Time{}, version: map[string]int{}}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range 400 {
		l.touch(fmt.Sprintf("r%04d", i), at)
	}
	calls := 0
	list := l.page(10)
	config := sweep.Config{
		Overlap: time.Minute, Size: 10, Now: func() time.Time { return at.Add(time.Hour) },
		List: func(ctx context.Context, since time.Time, page int) ([]sweep.Row, error) {
			calls++
			return list(ctx, since, page)
		},
	}
	cursor, total := pact.Cursor(""), 0
	for {
		rows, next, more, err := sweep.Next(t.Context(), cursor, config)
		if err != nil {
			t.Fatal(err)
		}
		cursor, total = next, total+len(rows)
		if !more {
			break
		}
	}
	if total != 400 {
		t.Fatalf("%d rows were given, want 400", total)
	}
	calls = 0
	if rows, next, more, err := sweep.Next(t.Context(), cursor, config); err != nil || len(rows) > 0 || more || len(next) > 100 {
		t.Fatalf("a later poll gives %d rows, more %v, error %v, cursor of %d bytes", len(rows), more, err, len(next))
	}
	if calls != 1 {
		t.Fatalf("a later poll asks %d times, want once", calls)
	}
}

func TestRowsDatedLongAgoAreFoundInTheirOrder(t *testing.T) {
	t.Parallel()
	// The clock is far ahead of the rows, as when a month is played at once.
	l := &list{at: map[string]time.Time{}, version: map[string]int{}}
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	config := sweep.Config{Overlap: 2 * time.Minute, Size: 10, Now: func() time.Time { return at.AddDate(0, 1, 0) }, List: l.page(10)}
	cursor := pact.Cursor("")
	for i := range 20 {
		l.touch("a", at.Add(time.Duration(i)*20*time.Second))
		rows, next, _, err := sweep.Next(t.Context(), cursor, config)
		if err != nil || len(rows) != 1 {
			t.Fatalf("change %d: %d rows, %v", i, len(rows), err)
		}
		cursor = next
	}
}

func TestAListThatIgnoresTheQuestionIsRefused(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for name, rows := range map[string][]sweep.Row{
		"order":     {{ID: "a", At: at.Add(time.Hour)}, {ID: "b", At: at.Add(time.Minute)}},
		"condition": {{ID: "a", At: at.Add(-time.Hour)}},
		"no time":   {{ID: "a"}},
	} {
		_, _, _, err := sweep.Next(t.Context(), "", sweep.Config{
			Start: at, Overlap: time.Second, Size: 10, Now: time.Now,
			List: func(context.Context, time.Time, int) ([]sweep.Row, error) { return rows, nil },
		})
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestACursorThatIsNotOursIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []pact.Cursor{"x", "{", `{"since":"yesterday"}`, `{"page":-1}`, `{"other":1}`, "[]"} {
		_, _, _, err := sweep.Next(t.Context(), c, sweep.Config{
			Size: 1, Now: time.Now,
			List: func(context.Context, time.Time, int) ([]sweep.Row, error) { return nil, nil },
		})
		if err == nil {
			t.Errorf("cursor %q accepted", c)
		}
	}
}
