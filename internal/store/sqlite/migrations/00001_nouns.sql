-- Written from the nouns of pact by the test of this folder, with -update.
-- +goose Up
CREATE TABLE contracts (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "contract_type" TEXT NOT NULL,
    "customer" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "phase" TEXT NOT NULL,
    "family_id" TEXT NOT NULL,
    "parent_id" TEXT NOT NULL,
    "relation" TEXT NOT NULL,
    "source" TEXT,
    "source_key" TEXT NOT NULL,
    "parent_key" TEXT NOT NULL,
    "current_version" INTEGER NOT NULL,
    "effective_date" TEXT NOT NULL,
    "expiration_date" TEXT NOT NULL,
    "renewal_date" TEXT NOT NULL,
    "send_by" TEXT NOT NULL,
    "auto_renewal" INTEGER,
    "total_value" TEXT COLLATE decimal,
    "total_value_currency" TEXT,
    "owner" TEXT NOT NULL,
    "clauses" TEXT,
    "facts" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX contracts_source_key_once ON contracts ("source_key") WHERE "source_key" <> '';
CREATE INDEX contracts_business_unit_updated_at ON contracts ("business_unit", "updated_at", "id");
CREATE INDEX contracts_updated_at ON contracts ("updated_at", "id");
CREATE INDEX contracts_created_at ON contracts ("created_at", "id");
CREATE INDEX contracts_state_updated_at ON contracts ("state", "updated_at", "id");
CREATE INDEX contracts_family_id ON contracts ("family_id", "id");
CREATE INDEX contracts_number ON contracts ("number", "id");
CREATE INDEX contracts_expiration_date ON contracts ("expiration_date", "id");
CREATE INDEX contracts_renewal_date ON contracts ("renewal_date", "id");
CREATE INDEX contracts_send_by ON contracts ("send_by", "id");
CREATE INDEX contracts_total_value ON contracts ("total_value", "id");

CREATE TABLE documents (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "filename" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "progress" TEXT NOT NULL,
    "warnings" TEXT,
    "text_id" TEXT NOT NULL,
    "reader" TEXT NOT NULL,
    "pages" INTEGER NOT NULL,
    "clauses" TEXT,
    "source" TEXT,
    "source_key" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX documents_contract_id_sha256_once ON documents ("contract_id", "sha256");
CREATE INDEX documents_state_updated_at ON documents ("state", "updated_at", "id");
CREATE INDEX documents_sha256 ON documents ("sha256", "id");
CREATE INDEX documents_created_at ON documents ("created_at", "id");

CREATE TABLE versions (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "review_id" TEXT NOT NULL,
    "terms" TEXT,
    "obligations" TEXT,
    "operations" TEXT,
    "effective_from" TEXT NOT NULL,
    "published_by" TEXT NOT NULL,
    "published_at" TEXT
);
CREATE UNIQUE INDEX versions_contract_id_number_once ON versions ("contract_id", "number");
CREATE INDEX versions_published_at ON versions ("published_at", "id");
CREATE INDEX versions_review_id ON versions ("review_id", "id");

CREATE TABLE extractions (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "document_id" TEXT NOT NULL,
    "document_hash" TEXT NOT NULL,
    "text_id" TEXT NOT NULL,
    "extractor" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "output" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "prompt" TEXT NOT NULL,
    "privacy" TEXT NOT NULL,
    "request" TEXT NOT NULL,
    "usage_in" INTEGER NOT NULL,
    "usage_out" INTEGER NOT NULL,
    "calls" INTEGER NOT NULL,
    "cost" TEXT COLLATE decimal,
    "cost_currency" TEXT,
    "started_at" TEXT,
    "finished_at" TEXT
);
CREATE INDEX extractions_document_id ON extractions ("document_id", "id");
CREATE INDEX extractions_contract_id ON extractions ("contract_id", "id");
CREATE INDEX extractions_started_at ON extractions ("started_at", "id");

CREATE TABLE candidates (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "review_id" TEXT NOT NULL,
    "contract_type" TEXT NOT NULL,
    "document_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "value" TEXT,
    "obligation" TEXT,
    "evidence" TEXT,
    "derivation" TEXT,
    "confidence" TEXT COLLATE decimal NOT NULL,
    "verification" TEXT NOT NULL,
    "extractor" TEXT NOT NULL,
    "ambiguities" TEXT,
    "rivals" TEXT,
    "reasons" TEXT,
    "order" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "decided_by" TEXT NOT NULL,
    "decision_id" TEXT NOT NULL,
    "decided_value" TEXT,
    "decided_obligation" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE INDEX candidates_review_id_order ON candidates ("review_id", "order", "id");
CREATE INDEX candidates_contract_id ON candidates ("contract_id", "id");
CREATE INDEX candidates_document_id ON candidates ("document_id", "id");
CREATE INDEX candidates_state_created_at ON candidates ("state", "created_at", "id");

CREATE TABLE reviews (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "document_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "assignee" TEXT NOT NULL,
    "reasons" TEXT,
    "open" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "min_confidence" TEXT COLLATE decimal NOT NULL,
    "due_at" TEXT,
    "finished_at" TEXT,
    "finished_by" TEXT NOT NULL,
    "reviewers" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE INDEX reviews_contract_id ON reviews ("contract_id", "id");
CREATE INDEX reviews_document_id ON reviews ("document_id", "id");
CREATE INDEX reviews_state_due_at ON reviews ("state", "due_at", "id");
CREATE INDEX reviews_state_created_at ON reviews ("state", "created_at", "id");
CREATE INDEX reviews_updated_at ON reviews ("updated_at", "id");

CREATE TABLE decisions (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "review_id" TEXT NOT NULL,
    "candidate_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TEXT,
    "reason" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "bulk" INTEGER NOT NULL,
    "before" TEXT NOT NULL,
    "value" TEXT,
    "obligation" TEXT,
    "evidence" TEXT
);
CREATE INDEX decisions_candidate_id ON decisions ("candidate_id", "id");
CREATE INDEX decisions_review_id ON decisions ("review_id", "id");
CREATE INDEX decisions_contract_id ON decisions ("contract_id", "id");
CREATE INDEX decisions_at ON decisions ("at", "id");

CREATE TABLE obligations (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "version_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "bearer" TEXT NOT NULL,
    "beneficiary" TEXT NOT NULL,
    "deliverable" TEXT NOT NULL,
    "trigger" TEXT NOT NULL,
    "frequency" TEXT NOT NULL,
    "start_date" TEXT NOT NULL,
    "params" TEXT,
    "in_force" TEXT,
    "evidence" TEXT,
    "confidence" TEXT COLLATE decimal NOT NULL,
    "verification" TEXT NOT NULL,
    "ambiguities" TEXT,
    "document_id" TEXT NOT NULL,
    "decision_id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX obligations_contract_id_key_version_id_once ON obligations ("contract_id", "key", "version_id");
CREATE INDEX obligations_version_id ON obligations ("version_id", "id");
CREATE INDEX obligations_kind ON obligations ("kind", "id");
CREATE INDEX obligations_created_at ON obligations ("created_at", "id");

CREATE TABLE occurrences (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "obligation_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "period" TEXT,
    "due_at" TEXT,
    "assessment" TEXT,
    "status" TEXT NOT NULL,
    "ended_on" TEXT NOT NULL,
    "next_at" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX occurrences_obligation_id_key_once ON occurrences ("obligation_id", "key");
CREATE INDEX occurrences_contract_id_status ON occurrences ("contract_id", "status", "id");
CREATE INDEX occurrences_status_due_at ON occurrences ("status", "due_at", "id");
CREATE INDEX occurrences_status_ended_on ON occurrences ("status", "ended_on", "id");
CREATE INDEX occurrences_subject ON occurrences ("subject", "id");
CREATE INDEX occurrences_next_at ON occurrences ("next_at", "id");
CREATE INDEX occurrences_due_at ON occurrences ("due_at", "id");
CREATE INDEX occurrences_updated_at ON occurrences ("updated_at", "id");

CREATE TABLE events (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "occurred_at" TEXT,
    "received_at" TEXT,
    "data" TEXT,
    "replaces" TEXT NOT NULL,
    "replaces_external" TEXT NOT NULL,
    "matched_by" TEXT NOT NULL,
    "ignored" TEXT NOT NULL
);
CREATE UNIQUE INDEX events_business_unit_connection_id_external_id_once ON events ("business_unit", "connection_id", "external_id");
CREATE INDEX events_contract_id_occurred_at ON events ("contract_id", "occurred_at", "id");
CREATE INDEX events_subject_occurred_at ON events ("subject", "occurred_at", "id");
CREATE INDEX events_kind_occurred_at ON events ("kind", "occurred_at", "id");
CREATE INDEX events_business_unit_occurred_at ON events ("business_unit", "occurred_at", "id");
CREATE INDEX events_occurred_at ON events ("occurred_at", "id");
CREATE INDEX events_replaces ON events ("replaces", "id");

CREATE TABLE findings (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "obligation_id" TEXT NOT NULL,
    "occurrence_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "occurred_at" TEXT,
    "clause" TEXT,
    "assessment" TEXT,
    "event_ids" TEXT,
    "amount" TEXT COLLATE decimal,
    "amount_currency" TEXT,
    "credit" TEXT NOT NULL,
    "claim_by" TEXT NOT NULL,
    "lead" TEXT NOT NULL,
    "record_ref" TEXT,
    "version" INTEGER NOT NULL,
    "corrections" TEXT,
    "approval_id" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX findings_occurrence_id_once ON findings ("occurrence_id") WHERE "occurrence_id" <> '';
CREATE INDEX findings_contract_id_occurred_at ON findings ("contract_id", "occurred_at", "id");
CREATE INDEX findings_state_occurred_at ON findings ("state", "occurred_at", "id");
CREATE INDEX findings_obligation_id ON findings ("obligation_id", "id");
CREATE INDEX findings_subject ON findings ("subject", "id");
CREATE INDEX findings_business_unit_occurred_at ON findings ("business_unit", "occurred_at", "id");
CREATE INDEX findings_occurred_at ON findings ("occurred_at", "id");
CREATE INDEX findings_created_at ON findings ("created_at", "id");
CREATE INDEX findings_updated_at ON findings ("updated_at", "id");
CREATE INDEX findings_credit ON findings ("credit", "id");
CREATE INDEX findings_claim_by ON findings ("claim_by", "id");

CREATE TABLE approvals (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "finding_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" TEXT COLLATE decimal,
    "amount_currency" TEXT,
    "limit" TEXT COLLATE decimal,
    "limit_currency" TEXT,
    "state" TEXT NOT NULL,
    "excluded" TEXT,
    "decided_by" TEXT NOT NULL,
    "decided_at" TEXT,
    "reason" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE INDEX approvals_state_created_at ON approvals ("state", "created_at", "id");
CREATE INDEX approvals_finding_id ON approvals ("finding_id", "id");
CREATE INDEX approvals_contract_id ON approvals ("contract_id", "id");
CREATE INDEX approvals_created_at ON approvals ("created_at", "id");

CREATE TABLE notifications (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "finding_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX notifications_key_once ON notifications ("key") WHERE "key" <> '';
CREATE INDEX notifications_state_created_at ON notifications ("state", "created_at", "id");
CREATE INDEX notifications_finding_id ON notifications ("finding_id", "id");
CREATE INDEX notifications_contract_id ON notifications ("contract_id", "id");
CREATE INDEX notifications_created_at ON notifications ("created_at", "id");

CREATE TABLE connections (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "connector" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" INTEGER NOT NULL,
    "settings" TEXT,
    "secrets" TEXT,
    "allow_hosts" TEXT,
    "streams" TEXT,
    "health" TEXT,
    "settings_revision" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE INDEX connections_connector ON connections ("connector", "id");

CREATE TABLE deliveries (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "event_key" TEXT NOT NULL,
    "headers" TEXT,
    "body" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "repeats" INTEGER NOT NULL,
    "received_at" TEXT,
    "processed_at" TEXT,
    "revision" INTEGER NOT NULL
);
CREATE UNIQUE INDEX deliveries_connection_id_event_key_once ON deliveries ("connection_id", "event_key");
CREATE INDEX deliveries_state_received_at ON deliveries ("state", "received_at", "id");
CREATE INDEX deliveries_received_at ON deliveries ("received_at", "id");

CREATE TABLE event_imports (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "mapping" TEXT,
    "lines" INTEGER NOT NULL,
    "events" INTEGER NOT NULL,
    "new" INTEGER NOT NULL,
    "repeated" INTEGER NOT NULL,
    "unmatched" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "rejections" TEXT,
    "by" TEXT NOT NULL,
    "created_at" TEXT
);
CREATE INDEX event_imports_created_at ON event_imports ("created_at", "id");

CREATE TABLE actions (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "finding_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "target_key" TEXT NOT NULL,
    "fields" TEXT,
    "before" TEXT,
    "state" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "next_at" TEXT,
    "receipt" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX actions_key_once ON actions ("key") WHERE "key" <> '';
CREATE INDEX actions_state_next_at ON actions ("state", "next_at", "id");
CREATE INDEX actions_contract_id ON actions ("contract_id", "id");
CREATE INDEX actions_finding_id ON actions ("finding_id", "id");
CREATE INDEX actions_connection_id_state ON actions ("connection_id", "state", "id");
CREATE INDEX actions_created_at ON actions ("created_at", "id");
CREATE INDEX actions_updated_at ON actions ("updated_at", "id");

CREATE TABLE links (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "explanation" TEXT,
    "options" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX links_contract_id_connection_id_object_once ON links ("contract_id", "connection_id", "object");
CREATE INDEX links_connection_id_external_id ON links ("connection_id", "external_id", "id");
CREATE INDEX links_state_updated_at ON links ("state", "updated_at", "id");

CREATE TABLE policies (
    "id" TEXT PRIMARY KEY NOT NULL,
    "kind" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "active" INTEGER NOT NULL,
    "body" TEXT,
    "note" TEXT NOT NULL,
    "report" TEXT,
    "state" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TEXT,
    "decided_by" TEXT NOT NULL,
    "decided_at" TEXT,
    "reason" TEXT NOT NULL,
    "revision" INTEGER NOT NULL
);
CREATE UNIQUE INDEX policies_kind_version_once ON policies ("kind", "version");

CREATE TABLE mappings (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "active" INTEGER NOT NULL,
    "objects" TEXT,
    "created_at" TEXT,
    "revision" INTEGER NOT NULL
);
CREATE UNIQUE INDEX mappings_connection_id_version_once ON mappings ("connection_id", "version");

CREATE TABLE users (
    "id" TEXT PRIMARY KEY NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "units" TEXT,
    "password_hash" TEXT NOT NULL,
    "disabled" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX users_email_once ON users ("email") WHERE "email" <> '';

CREATE TABLE api_keys (
    "id" TEXT PRIMARY KEY NOT NULL,
    "name" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "units" TEXT,
    "created_by" TEXT NOT NULL,
    "revoked_at" TEXT,
    "last_used_at" TEXT,
    "revision" INTEGER NOT NULL,
    "created_at" TEXT
);
CREATE UNIQUE INDEX api_keys_hash_once ON api_keys ("hash") WHERE "hash" <> '';
CREATE INDEX api_keys_created_at ON api_keys ("created_at", "id");

CREATE TABLE sessions (
    "id" TEXT PRIMARY KEY NOT NULL,
    "user_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "created_at" TEXT,
    "seen_at" TEXT,
    "expires_at" TEXT
);
CREATE UNIQUE INDEX sessions_token_once ON sessions ("token") WHERE "token" <> '';
CREATE INDEX sessions_user_id ON sessions ("user_id", "id");
CREATE INDEX sessions_expires_at ON sessions ("expires_at", "id");

CREATE TABLE spendings (
    "id" TEXT PRIMARY KEY NOT NULL,
    "day" TEXT NOT NULL,
    "tokens" INTEGER NOT NULL,
    "cost" TEXT COLLATE decimal NOT NULL,
    "currency" TEXT NOT NULL,
    "calls" INTEGER NOT NULL,
    "revision" INTEGER NOT NULL,
    "updated_at" TEXT
);
CREATE UNIQUE INDEX spendings_day_once ON spendings ("day") WHERE "day" <> '';

CREATE TABLE timers (
    "id" TEXT PRIMARY KEY NOT NULL,
    "kind" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "due_at" TEXT
);
CREATE UNIQUE INDEX timers_kind_ref_once ON timers ("kind", "ref");
CREATE INDEX timers_due_at ON timers ("due_at", "id");

CREATE TABLE idempotency_keys (
    "id" TEXT PRIMARY KEY NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER NOT NULL,
    "body" TEXT NOT NULL,
    "created_at" TEXT
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys ("created_at", "id");

CREATE TABLE audit_entries (
    id TEXT PRIMARY KEY NOT NULL,
    position INTEGER,
    at TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    act TEXT NOT NULL,
    subject TEXT NOT NULL,
    business_unit TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    changes TEXT NOT NULL,
    notes TEXT NOT NULL,
    contract_ids TEXT NOT NULL,
    mac TEXT NOT NULL,
    seal TEXT NOT NULL
);
CREATE UNIQUE INDEX audit_entries_position ON audit_entries (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entries_unsealed ON audit_entries (id) WHERE position IS NULL;
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_act ON audit_entries (act, id);

CREATE TABLE audit_contracts (
    contract_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    PRIMARY KEY (contract_id, entry_id)
);

CREATE TABLE audit_head (
    id TEXT PRIMARY KEY NOT NULL,
    position INTEGER NOT NULL,
    seal TEXT NOT NULL,
    at TEXT NOT NULL,
    mac TEXT NOT NULL
);

CREATE TABLE key_checks (
    name TEXT PRIMARY KEY NOT NULL,
    fingerprint TEXT NOT NULL
);

CREATE INDEX river_job_once ON river_job (json_extract(metadata, '$.once')) WHERE state IN ('available', 'retryable', 'scheduled');

-- +goose StatementBegin
CREATE TRIGGER river_job_cancel_notify AFTER UPDATE OF metadata ON river_job
WHEN NEW.state = 'running' AND json_extract(NEW.metadata, '$.cancel_attempted_at') IS NOT NULL
    AND json_extract(OLD.metadata, '$.cancel_attempted_at') IS NULL
BEGIN
    INSERT INTO river_notification (topic, payload)
    VALUES ('river_control', json_object('action', 'cancel', 'job_id', NEW.id, 'queue', NEW.queue));
END;
-- +goose StatementEnd
