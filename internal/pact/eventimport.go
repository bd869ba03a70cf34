package pact

import "time"

// EventImport is a table of events that somebody brought, with what became of its lines. What was rejected is kept, so that
// it can be mended and brought again: what was taken then counts as repeated.
type EventImport struct {
	ID           ImportID       `json:"id"`
	BusinessUnit string         `json:"business_unit"`
	Name         string         `json:"name"` // of the file
	SHA256       string         `json:"sha256"`
	Mapping      EventMapping   `json:"mapping"`
	Lines        int            `json:"lines"` // without the headings
	Events       int            `json:"events"`
	New          int            `json:"new"`
	Repeated     int            `json:"repeated"`
	Unmatched    int            `json:"unmatched"`
	Rejected     int            `json:"rejected"` // lines
	Rejections   []RejectedLine `json:"rejections,omitempty"`
	By           string         `json:"by"`
	CreatedAt    time.Time      `json:"created_at"`
}

// EventMapping says what the columns of a table mean.
type EventMapping struct {
	// Kind of every line; "" where a column says it.
	Kind    string          `json:"kind,omitempty"`
	Columns []MappedColumn  `json:"columns"`
	Fixed   []MappedFixture `json:"fixed,omitempty"` // the same for every line: a contract number, a currency
	// Delimiter between cells; "" finds it in the headings.
	Delimiter string `json:"delimiter,omitempty" enum:"comma,semicolon,tab,pipe"`
	// Dates: iso (2026-03-31, always understood), dmy (31.3.2026, 31/03/2026), mdy (3/31/2026).
	Dates string `json:"dates,omitempty" enum:"iso,dmy,mdy"`
	// Decimal sign: point (default), or comma.
	Decimal string `json:"decimal,omitempty" enum:"point,comma"`
	// Zone of times without one, and of dates; UTC where absent.
	Zone string `json:"zone,omitempty"`
}

// MappedColumn gives a column to a field of the event. Several columns of external_id are joined.
type MappedColumn struct {
	Column string `json:"column"`
	Field  string `json:"field"` // "kind", "subject", "data.amount.value", "data.lines.item"
}

// MappedFixture gives every line the same value. One of external_id stands before what the columns say.
type MappedFixture struct {
	Field string `json:"field"`
	Value string `json:"value"`
}

// RejectedLine is a line that was not taken, and why.
type RejectedLine struct {
	Line     int      `json:"line"` // of the file, the headings are line 1
	Text     string   `json:"text"`
	Problems []string `json:"problems"`
}
