package audit

import (
	"sync"

	"github.com/pactloop/pactloop/internal/pact"
)

// Rule says what the trail keeps of a field.
type Rule string

// The rules. Digest is for long raw text kept whole elsewhere and never changed: the trail keeps its hash and length.
const (
	Track  Rule = "track"
	Ignore Rule = "ignore" // bookkeeping, or copies of what another field says
	Secret Rule = "secret" // that it was set or changed, never what it is
	Digest Rule = "digest"
)

// Noun is one kind of thing that is stored. Name is the table, Zero a value of the type.
type Noun struct {
	Name string
	Zero any
}

// Nouns is every noun that is stored; the store builds its tables from this list, and a test holds it against Rules.
func Nouns() []Noun {
	return []Noun{
		{"contracts", pact.Contract{}},
		{"documents", pact.Document{}},
		{"versions", pact.Version{}},
		{"extractions", pact.Extraction{}},
		{"candidates", pact.Candidate{}},
		{"reviews", pact.Review{}},
		{"decisions", pact.Decision{}},
		{"obligations", pact.Obligation{}},
		{"occurrences", pact.Occurrence{}},
		{"events", pact.Event{}},
		{"findings", pact.Finding{}},
		{"approvals", pact.Approval{}},
		{"notifications", pact.Notification{}},
		{"connections", pact.Connection{}},
		{"deliveries", pact.Delivery{}},
		{"event_imports", pact.EventImport{}},
		{"actions", pact.Action{}},
		{"links", pact.Link{}},
		{"policies", pact.Policy{}},
		{"mappings", pact.Mapping{}},
		{"users", pact.User{}},
		{"api_keys", pact.APIKey{}},
		{"sessions", pact.Session{}},
		{"spendings", pact.Spending{}},
		{"claims", pact.Claim{}},
		{"check_ins", pact.CheckIn{}},
		{"timers", pact.Timer{}},
		{"idempotency_keys", pact.IdempotencyKey{}},
	}
}

// Rules gives the rule of every field of every noun. A field without one fails a test: whoever adds a field decides here
// whether the trail keeps it. The map is one for all callers: read it only.
func Rules() map[string]map[string]Rule { return rules() }

var rules = sync.OnceValue(func() map[string]map[string]Rule {
	return map[string]map[string]Rule{
		"contracts": fields(
			tracked("id", "business_unit", "number", "title", "contract_type", "customer", "state", "phase", "family_id",
				"parent_id", "relation", "source", "source_key", "parent_key", "current_version", "effective_date", "expiration_date",
				"renewal_date", "send_by", "auto_renewal", "total_value", "owner", "facts"),
			bookkeeping("clauses", "revision", "created_at", "updated_at")), // clauses: what its documents say
		"documents": fields(
			tracked("id", "business_unit", "contract_id", "filename", "media_type", "size", "sha256", "state", "reason",
				"warnings", "text_id", "reader", "pages", "source", "source_key", "attempts"),
			bookkeeping("clauses", "progress", "revision", "created_at", "updated_at")),
		"versions": fields(
			tracked("id", "business_unit", "contract_id", "number", "review_id", "terms", "obligations", "operations", "effective_from",
				"published_by", "published_at")),
		"extractions": fields(
			tracked("id", "business_unit", "contract_id", "document_id", "document_hash", "text_id", "extractor", "version",
				"started_at", "finished_at", "state", "reason", "model", "prompt", "privacy", "usage_in", "usage_out", "calls", "cost"),
			digested("output", "request")),
		"candidates": fields(
			tracked("id", "business_unit", "contract_id", "review_id", "document_id", "subject", "name", "label", "value",
				"obligation", "evidence", "derivation", "confidence", "own_confidence", "verification", "extractor", "ambiguities", "rivals",
				"reasons", "state", "decided_by", "decision_id", "decided_value", "decided_obligation", "contract_type"),
			bookkeeping("order", "revision", "created_at", "updated_at")),
		"reviews": fields(
			tracked("id", "business_unit", "contract_id", "document_id", "state", "policy_id", "policy_version", "phase",
				"assignee", "reasons", "open", "total", "min_confidence", "due_at", "finished_at", "finished_by", "reviewers"),
			bookkeeping("revision", "created_at", "updated_at")),
		"decisions": fields(
			tracked("id", "business_unit", "contract_id", "review_id", "candidate_id", "kind", "by", "at", "reason",
				"policy_version", "bulk", "before", "value", "obligation", "evidence")),
		"obligations": fields(
			tracked("id", "business_unit", "contract_id", "version_id", "key", "kind", "title", "bearer", "beneficiary",
				"deliverable", "trigger", "frequency", "duty", "metric", "remedy", "regulations", "start_date", "params", "in_force", "evidence", "confidence",
				"verification", "ambiguities", "document_id", "decision_id", "owner", "side",
				"cascade", "inherited_from", "check_in", "check_in_due", "check_in_state"),
			bookkeeping("revision", "created_at", "updated_at")),
		"occurrences": fields(
			tracked("id", "business_unit", "contract_id", "obligation_id", "key", "subject", "period", "due_at", "assessment",
				"status"),
			bookkeeping("ended_on", "open", "due_on", "next_at", "revision", "created_at", "updated_at")),
		"events": fields(
			tracked("id", "business_unit", "connection_id", "contract_id", "external_id", "kind", "subject", "occurred_at",
				"received_at", "data", "replaces", "replaces_external", "matched_by", "ignored")),
		"findings": fields(
			tracked("id", "business_unit", "contract_id", "obligation_id", "occurrence_id", "kind", "severity", "state", "title",
				"message", "subject", "occurred_at", "clause", "assessment", "event_ids", "amount", "credit", "claim_by", "lead",
				"record_ref", "version", "corrections", "approval_id"),
			bookkeeping("revision", "created_at", "updated_at")),
		"approvals": fields(
			tracked("id", "business_unit", "contract_id", "finding_id", "kind", "amount", "limit", "state", "excluded",
				"decided_by", "decided_at", "reason", "answer"),
			bookkeeping("revision", "created_at", "updated_at")),
		"claims": fields(
			tracked("id", "business_unit", "contract_id", "finding_id", "state", "claimed", "agreed", "settled", "reference", "steps"),
			bookkeeping("revision", "created_at", "updated_at")),
		"check_ins": fields(
			tracked("id", "business_unit", "contract_id", "obligation_id", "state", "note", "by", "on", "due_on", "next_due"),
			bookkeeping("created_at")),
		"notifications": fields(
			tracked("id", "business_unit", "key", "channel", "recipient", "subject", "contract_id", "finding_id", "state",
				"reason", "attempts", "obligation_id", "due_on", "level", "check_in"),
			digested("body"),
			bookkeeping("revision", "created_at", "updated_at")),
		"connections": fields(
			tracked("id", "business_unit", "connector", "name", "enabled", "settings", "settings_revision", "allow_hosts"),
			secret("secrets"),
			// Streams move with every poll; what a poll brought is tracked where it lands. Health is a measurement.
			bookkeeping("streams", "health", "revision", "created_at", "updated_at")),
		"deliveries": fields(
			tracked("id", "business_unit", "connection_id", "event_key", "state", "reason", "received_at", "processed_at"),
			digested("body"),
			secret("headers"), // signatures and tokens travel there
			bookkeeping("repeats", "revision")),
		"event_imports": fields(
			tracked("id", "business_unit", "name", "sha256", "mapping", "lines", "events", "new", "repeated", "unmatched", "rejected", "by"),
			digested("rejections"),
			bookkeeping("created_at")),
		"actions": fields(
			tracked("id", "business_unit", "key", "target_key", "connection_id", "contract_id", "finding_id", "kind", "object", "external_id",
				"fields", "before", "state", "reason", "attempts", "receipt"),
			bookkeeping("next_at", "revision", "created_at", "updated_at")),
		"links": fields(
			tracked("id", "business_unit", "contract_id", "connection_id", "object", "external_id", "name", "url", "state",
				"explanation", "options"),
			bookkeeping("revision", "created_at", "updated_at")),
		"policies": fields(
			tracked("id", "kind", "version", "active", "state", "body", "note", "rolled_back_to", "created_by", "decided_by", "decided_at", "reason"),
			digested("report"),
			bookkeeping("created_at", "revision")),
		"mappings": fields(
			tracked("id", "business_unit", "connection_id", "version", "active", "objects"),
			bookkeeping("created_at", "revision")),
		"users": fields(
			tracked("id", "email", "name", "role", "units", "disabled"),
			secret("password_hash"),
			bookkeeping("revision", "created_at", "updated_at")),
		"api_keys": fields(
			tracked("id", "name", "hint", "role", "units", "created_by", "revoked_at"),
			secret("hash"),
			bookkeeping("last_used_at", "revision", "created_at")),
		// Sessions, timers and remembered answers are machinery: signing in is an act of its own.
		"sessions": fields(bookkeeping("id", "user_id", "token", "created_at", "seen_at", "expires_at", "data")),
		// A running count; each extraction keeps what it cost.
		"spendings":        fields(bookkeeping("id", "day", "tokens", "cost", "currency", "calls", "revision", "updated_at")),
		"timers":           fields(bookkeeping("id", "kind", "ref", "due_at")),
		"idempotency_keys": fields(bookkeeping("id", "request_hash", "status", "body", "created_at")),
	}
})

// Batched tells whether changes of a noun are noted as a count and a digest, not row by row.
func Batched(noun string) bool { return noun == "events" }

// Worth tells whether a change of a noun's tracked fields is worth an entry. An occurrence is judged again with every
// event and timer; only a new status or amount is.
func Worth(noun string, before, after Image) bool {
	if noun != "occurrences" || before == nil || after == nil {
		return true
	}
	return string(before["status"]) != string(after["status"]) || amountOf(before) != amountOf(after)
}

func fields(groups ...map[string]Rule) map[string]Rule {
	out := map[string]Rule{}
	for _, g := range groups {
		for name, rule := range g {
			out[name] = rule
		}
	}
	return out
}

func tracked(names ...string) map[string]Rule     { return ruled(Track, names) }
func bookkeeping(names ...string) map[string]Rule { return ruled(Ignore, names) }
func secret(names ...string) map[string]Rule      { return ruled(Secret, names) }
func digested(names ...string) map[string]Rule    { return ruled(Digest, names) }

func ruled(r Rule, names []string) map[string]Rule {
	out := make(map[string]Rule, len(names))
	for _, n := range names {
		out[n] = r
	}
	return out
}
