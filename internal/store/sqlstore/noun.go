package sqlstore

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/audit"
	"github.com/pactloop/pactloop/internal/pact"
)

// access says who may read and write a noun.
type access int

const (
	scoped     access = iota // by business unit
	everyone                 // read by everybody, written by administrators
	admins                   // administrators and parts of the product
	systemOnly               // parts of the product
)

// shape is what the struct of a noun does not say.
type shape struct {
	prefix    string // of its identifiers
	access    access
	immutable bool       // rows are never changed once written
	once      [][]string // unique together; the first is left out of the index where its column is empty
	lists     [][]string // what pages are ordered and filtered by
	search    []string
	since     int      // the migration that made its table; 0 is the first, which is written from the nouns
	later     []string // columns that a later migration added
}

// noun is everything known about a table.
type noun struct {
	shape
	name    string
	columns []column
	names   []string // database columns in order
	byName  map[string]column

	id, unit, contract, revision, created, updated int // field indexes, -1 where the noun has none
}

// nouns reads every noun once; a store keeps the result.
func nouns() (map[string]*noun, error) {
	shapes := shapes()
	out := map[string]*noun{}
	for _, n := range audit.Nouns() {
		s, ok := shapes[n.Name]
		if !ok {
			return nil, fmt.Errorf("noun %s has no shape", n.Name)
		}
		out[n.Name] = newNoun(n.Name, reflect.TypeOf(n.Zero), s)
	}
	for name, v := range views() {
		out[name] = newNoun(name, reflect.TypeOf(v.zero), v.shape)
	}
	return out, nil
}

func newNoun(name string, t reflect.Type, s shape) *noun {
	n := &noun{shape: s, name: name, columns: columnsOf(t), byName: map[string]column{}}
	indexed := map[string]bool{"id": true, "business_unit": true}
	for _, columns := range slices.Concat(s.once, s.lists) {
		for _, name := range columns {
			indexed[name] = true
		}
	}
	for i, c := range n.columns {
		c.indexed = indexed[c.name]
		n.columns[i] = c
		n.byName[c.name] = c
		n.names = append(n.names, c.names()...)
	}
	field := func(column string) int {
		if c, ok := n.byName[column]; ok {
			return c.index
		}
		return -1
	}
	n.id, n.unit, n.contract = field("id"), field("business_unit"), field("contract_id")
	n.revision, n.created, n.updated = field("revision"), field("created_at"), field("updated_at")
	if name == "contracts" {
		n.contract = n.id
	}
	return n
}

// only gives the columns of these names, or all where none is named.
func (n *noun) only(names []string) ([]column, error) {
	if len(names) == 0 {
		return n.columns, nil
	}
	out := make([]column, len(names))
	for i, name := range names {
		c, ok := n.byName[name]
		if !ok {
			return nil, fmt.Errorf("%s have no column %q", n.name, name)
		}
		out[i] = c
	}
	return out, nil
}

func selectList(columns []column) string {
	var quoted []string
	for _, c := range columns {
		for _, name := range c.names() {
			quoted = append(quoted, quote(name))
		}
	}
	return strings.Join(quoted, ", ")
}

// view is a join that is read like a noun: scope, filters and pages are those of a table. Its SQL stands in a migration.
type view struct {
	shape
	zero any
}

func views() map[string]view {
	return map[string]view{
		"obligation_register": {shape{prefix: "obl", search: []string{"title", "key", "deliverable", "contract_title", "contract_number", "customer", "subject"}}, pact.RegisterEntry{}},
		"renewals":            {shape{prefix: "ren", search: []string{"contract_title", "contract_number", "customer", "owner"}}, pact.Renewal{}},
	}
}

// shapes: think of 10,000 contracts and a million events when adding an index.
func shapes() map[string]shape {
	return map[string]shape{
		"contracts": {
			prefix: "con", once: [][]string{{"source_key"}},
			lists: [][]string{
				{"business_unit", "updated_at"},
				{"updated_at"},
				{"created_at"},
				{"state", "updated_at"},
				{"family_id"},
				{"number"},
				{"expiration_date"},
				{"renewal_date"},
				{"send_by"},
				{"total_value"},
			},
			search: []string{"number", "title", "customer", "owner", "contract_type"},
		},
		"documents": {
			prefix: "doc", once: [][]string{{"contract_id", "sha256"}},
			lists:  [][]string{{"state", "updated_at"}, {"sha256"}, {"created_at"}},
			search: []string{"filename"},
		},
		"versions": {prefix: "ver", immutable: true, once: [][]string{{"contract_id", "number"}}, lists: [][]string{{"published_at"}, {"review_id"}}},
		"extractions": {
			prefix: "ext", immutable: true,
			lists: [][]string{{"document_id"}, {"contract_id"}, {"started_at"}},
		},
		"candidates": {
			prefix: "can",
			lists:  [][]string{{"review_id", "order"}, {"contract_id"}, {"document_id"}, {"state", "created_at"}},
			search: []string{"name", "label"}, later: []string{"own_confidence"},
		},
		"reviews": {
			prefix: "rev",
			lists:  [][]string{{"contract_id"}, {"document_id"}, {"state", "due_at"}, {"state", "created_at"}, {"updated_at"}},
		},
		"decisions": {prefix: "dec", immutable: true, lists: [][]string{{"candidate_id"}, {"review_id"}, {"contract_id"}, {"at"}}},
		"obligations": {
			prefix: "obl", once: [][]string{{"contract_id", "key", "version_id"}},
			lists:  [][]string{{"version_id"}, {"kind"}, {"created_at"}},
			search: []string{"title", "key", "deliverable"}, later: []string{"side", "cascade", "inherited_from", "check_in", "check_in_due", "check_in_state", "duty", "metric", "remedy", "regulations"},
		},
		"occurrences": {
			prefix: "occ", once: [][]string{{"obligation_id", "key"}},
			lists:  [][]string{{"contract_id", "status"}, {"status", "due_at"}, {"status", "ended_on"}, {"subject"}, {"next_at"}, {"due_at"}, {"updated_at"}},
			search: []string{"subject", "key"}, later: []string{"open", "due_on"},
		},
		"events": {
			prefix: "evt", once: [][]string{{"business_unit", "connection_id", "external_id"}},
			lists: [][]string{
				{"contract_id", "occurred_at"},
				{"subject", "occurred_at"},
				{"kind", "occurred_at"},
				{"business_unit", "occurred_at"},
				{"occurred_at"},
				{"replaces"},
			},
			search: []string{"subject", "external_id"},
		},
		"findings": {
			prefix: "fnd", once: [][]string{{"occurrence_id"}},
			lists: [][]string{
				{"contract_id", "occurred_at"},
				{"state", "occurred_at"},
				{"obligation_id"},
				{"subject"},
				{"business_unit", "occurred_at"},
				{"occurred_at"},
				{"created_at"},
				{"updated_at"},
				{"credit"},
				{"claim_by"},
			},
			search: []string{"title", "message", "subject", "lead"},
		},
		"approvals": {prefix: "apr", lists: [][]string{{"state", "created_at"}, {"finding_id"}, {"contract_id"}, {"created_at"}}, later: []string{"answer"}},
		"notifications": {
			prefix: "ntf", once: [][]string{{"key"}},
			lists:  [][]string{{"state", "created_at"}, {"finding_id"}, {"contract_id"}, {"created_at"}},
			search: []string{"recipient", "subject"}, later: []string{"obligation_id", "due_on", "level", "check_in"},
		},
		"connections": {prefix: "cnn", lists: [][]string{{"connector"}}, search: []string{"name", "connector"}},
		"deliveries": {
			prefix: "dlv", once: [][]string{{"connection_id", "event_key"}},
			lists: [][]string{{"state", "received_at"}, {"received_at"}},
		},
		"event_imports": {prefix: "imp", immutable: true, lists: [][]string{{"created_at"}}},
		"actions": {
			prefix: "act", once: [][]string{{"key"}},
			lists:  [][]string{{"state", "next_at"}, {"contract_id"}, {"finding_id"}, {"connection_id", "state"}, {"created_at"}, {"updated_at"}},
			search: []string{"object", "external_id", "kind", "reason"},
		},
		"links": {
			prefix: "lnk", once: [][]string{{"contract_id", "connection_id", "object"}},
			lists:  [][]string{{"connection_id", "external_id"}, {"state", "updated_at"}},
			search: []string{"name", "external_id"},
		},
		"claims": {
			prefix: "clm", since: 2, once: [][]string{{"finding_id"}},
			lists:  [][]string{{"contract_id"}, {"state", "updated_at"}},
			search: []string{"reference"},
		},
		"check_ins": {prefix: "chk", immutable: true, since: 4, lists: [][]string{{"obligation_id", "created_at"}, {"contract_id"}}, search: []string{"note"}},
		"policies":  {prefix: "pol", access: everyone, once: [][]string{{"kind", "version"}}, later: []string{"rolled_back_to"}},
		"mappings":  {prefix: "map", once: [][]string{{"connection_id", "version"}}},
		"users":     {prefix: "usr", access: admins, once: [][]string{{"email"}}, search: []string{"email", "name"}},
		"api_keys":  {prefix: "key", access: admins, once: [][]string{{"hash"}}, lists: [][]string{{"created_at"}}, search: []string{"name", "hint"}},
		"sessions":  {prefix: "ses", access: systemOnly, once: [][]string{{"token"}}, lists: [][]string{{"user_id"}, {"expires_at"}}},
		"spendings": {prefix: "spd", access: systemOnly, once: [][]string{{"day"}}},
		"timers":    {prefix: "tmr", access: admins, once: [][]string{{"kind", "ref"}}, lists: [][]string{{"due_at"}}},
		// The answer to a write is remembered under the actor and the key it gave.
		"idempotency_keys": {prefix: "idk", access: systemOnly, lists: [][]string{{"created_at"}}},
	}
}
