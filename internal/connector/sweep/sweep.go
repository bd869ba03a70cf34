// Package sweep reads a list that can only be asked for "what changed since", without losing or endlessly repeating.
//
// It owns the cursor: the time up to which the list was read, how far inside one page run, and what was already seen in
// the overlap. It does not own the request (the connector's) nor what a row means. Invariants: from the same cursor and
// an unchanged list the same rows come; every row version visible within the overlap is given at least once, whatever
// order rows of one instant come in and whatever changes between two pages; a row version is given once per cursor chain.
//
// Why it is more than a timestamp: many rows share one instant (bulk imports), rows become visible a little later than
// their time says, and numbered pages shift when a row is changed while they are read.
package sweep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"github.com/pactloop/pactloop/internal/connector"
	"github.com/pactloop/pactloop/internal/fault"
	"github.com/pactloop/pactloop/internal/pact"
)

// Row is one row as the list gave it. Raw is what tells versions of a row apart.
type Row struct {
	ID  string
	At  time.Time
	Raw []byte
}

// Config of a sweep. All but Start are required.
type Config struct {
	Start   time.Time        // where an empty cursor begins; zero reads everything
	Overlap time.Duration    // how late a row may become visible
	Now     func() time.Time // the clock that rows are dated by, roughly
	Size    int              // rows a page; a shorter page is the last
	// List gives page number page (from 0) of the rows changed at or after since, oldest first.
	List func(ctx context.Context, since time.Time, page int) ([]Row, error)
}

// position is what the cursor holds.
type position struct {
	Since time.Time `json:"since"`
	Page  int       `json:"page,omitempty"`
	// Fresh says that this run over the pages gave something new behind page 0; then it is run again from page 0,
	// because pages may have shifted under it.
	Fresh  bool      `json:"fresh,omitempty"`
	Newest time.Time `json:"newest,omitzero"` // of the run, while Page is not 0
	Seen   []string  `json:"seen,omitempty"`
}

// Next reads one page from the cursor: the rows not yet given, the cursor after them, and whether there is more now.
func Next(ctx context.Context, c pact.Cursor, config Config) ([]Row, pact.Cursor, bool, error) {
	at, err := parse(c, config.Start)
	if err != nil {
		return nil, "", false, err
	}
	from := since(at.Since, config.Overlap)
	rows, err := config.List(ctx, from, at.Page)
	if err != nil {
		return nil, "", false, err
	}
	if err := inOrder(rows, from); err != nil {
		return nil, "", false, err
	}
	fresh := unseen(rows, at.Seen)
	next, more := advance(at, rows, fresh, config)
	text, err := json.Marshal(next)
	if err != nil {
		return nil, "", false, err
	}
	return fresh, pact.Cursor(text), more, nil
}

func parse(c pact.Cursor, start time.Time) (position, error) {
	if c == "" {
		return position{Since: start.UTC()}, nil
	}
	var at position
	d := json.NewDecoder(bytes.NewReader([]byte(c)))
	d.DisallowUnknownFields()
	if err := d.Decode(&at); err != nil || at.Page < 0 {
		return at, fault.Wrap(fault.Invalid, err, "The position of the stream can not be read; reset the stream to read it from its start.")
	}
	return at, nil
}

func since(t time.Time, overlap time.Duration) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-overlap)
}

// inOrder refuses a page that is not what was asked for. A system that ignores the condition or the order, as some do
// silently, would make the cursor jump over rows.
func inOrder(rows []Row, from time.Time) error {
	for i, r := range rows {
		if r.At.IsZero() {
			return connector.Fail(connector.FailInvalid, "A row of the list (%.40q) has no time of its last change; the stream can not be read safely.", r.ID)
		}
		if r.At.Before(from.Truncate(time.Second)) { // some systems ask by whole seconds
			return connector.Fail(connector.FailInvalid, "The list holds a row (%.40q) older than was asked for: the condition of the query was ignored.", r.ID)
		}
		if i > 0 && r.At.Before(rows[i-1].At) {
			return connector.Fail(connector.FailInvalid, "The list is not in the order that was asked for; the stream can not be read safely.")
		}
	}
	return nil
}

func unseen(rows []Row, seen []string) []Row {
	known := make(map[string]bool, len(seen))
	for _, s := range seen {
		known[s] = true
	}
	var out []Row
	for _, r := range rows {
		if k := mark(r); !known[k] {
			known[k] = true
			out = append(out, r)
		}
	}
	return out
}

// advance decides where to go on. A full page whose last row is well past the start moves the start there, so that page
// numbers are used only inside a burst of rows of nearly the same time.
func advance(at position, rows, fresh []Row, config Config) (position, bool) {
	newest := at.Newest // of rows really seen in this run; Since may stand later than any row
	if n := len(rows); n > 0 && rows[n-1].At.After(newest) {
		newest = rows[n-1].At.UTC()
	}
	start := at.Since
	if newest.After(start) {
		start = newest
	}
	seen := slices.Clip(at.Seen)
	for _, r := range fresh {
		seen = append(seen, mark(r))
	}
	full := len(rows) >= config.Size
	switch {
	case full && at.Page == 0 && newest.After(at.Since.Add(config.Overlap)):
		return position{Since: newest, Seen: drop(seen, rows, newest.Add(-config.Overlap))}, true
	case full:
		return position{Since: at.Since, Page: at.Page + 1, Fresh: at.Fresh || at.Page > 0 && len(fresh) > 0, Newest: newest, Seen: seen}, true
	case at.Page > 0 && (at.Fresh || len(fresh) > 0):
		return position{Since: at.Since, Seen: seen}, true
	case !newest.IsZero() && config.Now().Sub(newest) > 2*config.Overlap:
		// What is dated up to here has been visible long enough. The start moves past it, so that a burst of rows is
		// not read again at every poll.
		return position{Since: newest.Add(config.Overlap + time.Second)}, false
	case at.Page > 0:
		return position{Since: at.Since, Seen: seen}, false
	}
	return position{Since: start, Seen: keep(seen, rows, since(start, config.Overlap))}, false
}

// keep holds the marks that can come again after the last page: rows of it that are not older than the next start.
func keep(seen []string, rows []Row, from time.Time) []string {
	known := make(map[string]bool, len(seen))
	for _, k := range seen {
		known[k] = true
	}
	var out []string
	for _, r := range rows {
		if k := mark(r); !r.At.Before(from) && known[k] {
			out = append(out, k)
			delete(known, k)
		}
	}
	return out
}

// drop takes out the marks of rows on this page that are too old to come again. Marks of other rows stay: those rows may
// stand on later pages, read in an earlier run.
func drop(seen []string, rows []Row, from time.Time) []string {
	old := map[string]bool{}
	for _, r := range rows {
		if r.At.Before(from) {
			old[mark(r)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(seen), func(k string) bool { return old[k] })
}

// mark names a version of a row in 12 characters.
func mark(r Row) string {
	h := sha256.New()
	h.Write([]byte(r.ID))
	h.Write([]byte{0})
	h.Write(r.Raw)
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:9])
}
