package sqlstore

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pactloop/pactloop/internal/audit"
)

// Schema writes the tables and indexes of every noun in one dialect. The first migration of each database is this text,
// held to it by a test, so that a field is spelled in one place only; later migrations are written by hand.
func Schema(d Dialect) (string, error) {
	all, err := nouns()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, n := range audit.Nouns() {
		if all[n.Name].since == 0 {
			all[n.Name].schema(&b, d)
		}
	}
	trail(&b, d)
	return b.String(), nil
}

// SchemaOf writes the table of one noun, for the migration that adds it.
func SchemaOf(d Dialect, name string) (string, error) {
	all, err := nouns()
	if err != nil {
		return "", err
	}
	n, ok := all[name]
	if !ok {
		return "", fmt.Errorf("there is no noun %q", name)
	}
	var b strings.Builder
	n.schema(&b, d)
	return b.String(), nil
}

func (n *noun) schema(b *strings.Builder, d Dialect) {
	lines := make([]string, 0, len(n.names))
	for _, c := range n.columns {
		if slices.Contains(n.later, c.name) {
			continue
		}
		for i, name := range c.names() {
			t := c.sqlType(d)
			if i == 1 {
				t = textType(d)
			}
			switch {
			case name == "id":
				t += " PRIMARY KEY NOT NULL"
			case !c.nullable():
				t += " NOT NULL"
			}
			lines = append(lines, "    "+quote(name)+" "+t)
		}
	}
	fmt.Fprintf(b, "CREATE TABLE %s (\n%s\n);\n", n.name, strings.Join(lines, ",\n"))
	for _, columns := range n.once {
		fmt.Fprintf(b, "CREATE UNIQUE INDEX %s_%s_once ON %s (%s)", n.name, strings.Join(columns, "_"), n.name, n.indexed(d, columns))
		if n.byName[columns[0]].form == textForm && len(columns) == 1 {
			fmt.Fprintf(b, " WHERE %s <> ''", quote(columns[0]))
		}
		b.WriteString(";\n")
	}
	for _, columns := range n.lists {
		fmt.Fprintf(b, "CREATE INDEX %s_%s ON %s (%s);\n", n.name, strings.Join(columns, "_"), n.name, n.indexed(d, append(columns, "id")))
	}
	b.WriteByte('\n')
}

// indexed orders NULL before everything on both databases, as pages are.
func (n *noun) indexed(d Dialect, columns []string) string {
	out := make([]string, len(columns))
	for i, name := range columns {
		out[i] = quote(name)
		if d == Postgres && n.byName[name].nullable() {
			out[i] += " NULLS FIRST"
		}
	}
	return strings.Join(out, ", ")
}

func (c column) sqlType(d Dialect) string {
	if d == SQLite {
		return [...]string{
			textForm: "TEXT", intForm: "INTEGER", boolForm: "INTEGER", timeForm: "TEXT", decimalForm: "TEXT COLLATE decimal",
			moneyForm: "TEXT COLLATE decimal", jsonForm: "TEXT",
		}[c.form]
	}
	// Text compares byte by byte, as on SQLite. NUMERIC without limits never rounds. JSON keeps the text as it was given.
	return [...]string{
		textForm: textType(d), intForm: "BIGINT", boolForm: "BOOLEAN", timeForm: "TIMESTAMPTZ", decimalForm: "NUMERIC",
		moneyForm: "NUMERIC", jsonForm: "JSON",
	}[c.form]
}

func textType(d Dialect) string {
	if d == SQLite {
		return "TEXT"
	}
	return `TEXT COLLATE "C"`
}

// trail is the audit: no noun of pact, and never written but by this package.
func trail(b *strings.Builder, d Dialect) {
	text, number, instant := textType(d), "INTEGER", "TEXT"
	if d == Postgres {
		number, instant = "BIGINT", "TIMESTAMPTZ"
	}
	fmt.Fprintf(b, `CREATE TABLE audit_entries (
    id %[1]s PRIMARY KEY NOT NULL,
    position %[2]s,
    at %[3]s NOT NULL,
    actor_id %[1]s NOT NULL,
    actor_name %[1]s NOT NULL,
    act %[1]s NOT NULL,
    subject %[1]s NOT NULL,
    business_unit %[1]s NOT NULL,
    correlation_id %[1]s NOT NULL,
    changes %[1]s NOT NULL,
    notes %[1]s NOT NULL,
    contract_ids %[1]s NOT NULL,
    mac %[1]s NOT NULL,
    seal %[1]s NOT NULL
);
CREATE UNIQUE INDEX audit_entries_position ON audit_entries (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entries_unsealed ON audit_entries (id) WHERE position IS NULL;
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_act ON audit_entries (act, id);

CREATE TABLE audit_contracts (
    contract_id %[1]s NOT NULL,
    entry_id %[1]s NOT NULL,
    PRIMARY KEY (contract_id, entry_id)
);

CREATE TABLE audit_head (
    id %[1]s PRIMARY KEY NOT NULL,
    position %[2]s NOT NULL,
    seal %[1]s NOT NULL,
    at %[3]s NOT NULL,
    mac %[1]s NOT NULL
);

CREATE TABLE key_checks (
    name %[1]s PRIMARY KEY NOT NULL,
    fingerprint %[1]s NOT NULL
);

`, text, number, instant)
	once := "CREATE INDEX river_job_once ON river_job (%s) WHERE state IN ('available', 'retryable', 'scheduled');\n"
	fmt.Fprintf(b, once, d.onceOf())
	if d == SQLite {
		// River v0.47 never delivers the cancellation of a running job on SQLite (its issue 1398); fixed in later versions.
		b.WriteString(`
-- +goose StatementBegin
CREATE TRIGGER river_job_cancel_notify AFTER UPDATE OF metadata ON river_job
WHEN NEW.state = 'running' AND json_extract(NEW.metadata, '$.cancel_attempted_at') IS NOT NULL
    AND json_extract(OLD.metadata, '$.cancel_attempted_at') IS NULL
BEGIN
    INSERT INTO river_notification (topic, payload)
    VALUES ('river_control', json_object('action', 'cancel', 'job_id', NEW.id, 'queue', NEW.queue));
END;
-- +goose StatementEnd
`)
	}
}
