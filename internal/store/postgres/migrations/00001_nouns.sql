-- Written from the nouns of pact by the test of this folder, with -update.
-- +goose Up
CREATE TABLE contracts (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "number" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "contract_type" TEXT COLLATE "C" NOT NULL,
    "customer" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "phase" TEXT COLLATE "C" NOT NULL,
    "family_id" TEXT COLLATE "C" NOT NULL,
    "parent_id" TEXT COLLATE "C" NOT NULL,
    "relation" TEXT COLLATE "C" NOT NULL,
    "source" JSON,
    "source_key" TEXT COLLATE "C" NOT NULL,
    "parent_key" TEXT COLLATE "C" NOT NULL,
    "current_version" BIGINT NOT NULL,
    "effective_date" TEXT COLLATE "C" NOT NULL,
    "expiration_date" TEXT COLLATE "C" NOT NULL,
    "renewal_date" TEXT COLLATE "C" NOT NULL,
    "send_by" TEXT COLLATE "C" NOT NULL,
    "auto_renewal" BOOLEAN,
    "total_value" NUMERIC,
    "total_value_currency" TEXT COLLATE "C",
    "owner" TEXT COLLATE "C" NOT NULL,
    "clauses" JSON,
    "facts" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX contracts_source_key_once ON contracts ("source_key") WHERE "source_key" <> '';
CREATE INDEX contracts_business_unit_updated_at ON contracts ("business_unit", "updated_at" NULLS FIRST, "id");
CREATE INDEX contracts_updated_at ON contracts ("updated_at" NULLS FIRST, "id");
CREATE INDEX contracts_created_at ON contracts ("created_at" NULLS FIRST, "id");
CREATE INDEX contracts_state_updated_at ON contracts ("state", "updated_at" NULLS FIRST, "id");
CREATE INDEX contracts_family_id ON contracts ("family_id", "id");
CREATE INDEX contracts_number ON contracts ("number", "id");
CREATE INDEX contracts_expiration_date ON contracts ("expiration_date", "id");
CREATE INDEX contracts_renewal_date ON contracts ("renewal_date", "id");
CREATE INDEX contracts_send_by ON contracts ("send_by", "id");
CREATE INDEX contracts_total_value ON contracts ("total_value" NULLS FIRST, "id");

CREATE TABLE documents (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "filename" TEXT COLLATE "C" NOT NULL,
    "media_type" TEXT COLLATE "C" NOT NULL,
    "size" BIGINT NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "progress" TEXT COLLATE "C" NOT NULL,
    "warnings" JSON,
    "text_id" TEXT COLLATE "C" NOT NULL,
    "reader" TEXT COLLATE "C" NOT NULL,
    "pages" BIGINT NOT NULL,
    "clauses" JSON,
    "source" JSON,
    "source_key" TEXT COLLATE "C" NOT NULL,
    "attempts" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX documents_contract_id_sha256_once ON documents ("contract_id", "sha256");
CREATE INDEX documents_state_updated_at ON documents ("state", "updated_at" NULLS FIRST, "id");
CREATE INDEX documents_sha256 ON documents ("sha256", "id");
CREATE INDEX documents_created_at ON documents ("created_at" NULLS FIRST, "id");

CREATE TABLE versions (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "number" BIGINT NOT NULL,
    "review_id" TEXT COLLATE "C" NOT NULL,
    "terms" JSON,
    "obligations" JSON,
    "operations" JSON,
    "effective_from" TEXT COLLATE "C" NOT NULL,
    "published_by" TEXT COLLATE "C" NOT NULL,
    "published_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX versions_contract_id_number_once ON versions ("contract_id", "number");
CREATE INDEX versions_published_at ON versions ("published_at" NULLS FIRST, "id");
CREATE INDEX versions_review_id ON versions ("review_id", "id");

CREATE TABLE extractions (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "document_id" TEXT COLLATE "C" NOT NULL,
    "document_hash" TEXT COLLATE "C" NOT NULL,
    "text_id" TEXT COLLATE "C" NOT NULL,
    "extractor" TEXT COLLATE "C" NOT NULL,
    "version" TEXT COLLATE "C" NOT NULL,
    "output" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "model" TEXT COLLATE "C" NOT NULL,
    "prompt" TEXT COLLATE "C" NOT NULL,
    "privacy" TEXT COLLATE "C" NOT NULL,
    "request" TEXT COLLATE "C" NOT NULL,
    "usage_in" BIGINT NOT NULL,
    "usage_out" BIGINT NOT NULL,
    "calls" BIGINT NOT NULL,
    "cost" NUMERIC,
    "cost_currency" TEXT COLLATE "C",
    "started_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ
);
CREATE INDEX extractions_document_id ON extractions ("document_id", "id");
CREATE INDEX extractions_contract_id ON extractions ("contract_id", "id");
CREATE INDEX extractions_started_at ON extractions ("started_at" NULLS FIRST, "id");

CREATE TABLE candidates (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "review_id" TEXT COLLATE "C" NOT NULL,
    "contract_type" TEXT COLLATE "C" NOT NULL,
    "document_id" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "label" TEXT COLLATE "C" NOT NULL,
    "value" JSON,
    "obligation" JSON,
    "evidence" JSON,
    "derivation" JSON,
    "confidence" NUMERIC NOT NULL,
    "verification" TEXT COLLATE "C" NOT NULL,
    "extractor" TEXT COLLATE "C" NOT NULL,
    "ambiguities" JSON,
    "rivals" JSON,
    "reasons" JSON,
    "order" BIGINT NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "decided_by" TEXT COLLATE "C" NOT NULL,
    "decision_id" TEXT COLLATE "C" NOT NULL,
    "decided_value" JSON,
    "decided_obligation" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE INDEX candidates_review_id_order ON candidates ("review_id", "order", "id");
CREATE INDEX candidates_contract_id ON candidates ("contract_id", "id");
CREATE INDEX candidates_document_id ON candidates ("document_id", "id");
CREATE INDEX candidates_state_created_at ON candidates ("state", "created_at" NULLS FIRST, "id");

CREATE TABLE reviews (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "document_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "policy_id" TEXT COLLATE "C" NOT NULL,
    "policy_version" BIGINT NOT NULL,
    "phase" TEXT COLLATE "C" NOT NULL,
    "assignee" TEXT COLLATE "C" NOT NULL,
    "reasons" JSON,
    "open" BIGINT NOT NULL,
    "total" BIGINT NOT NULL,
    "min_confidence" NUMERIC NOT NULL,
    "due_at" TIMESTAMPTZ,
    "finished_at" TIMESTAMPTZ,
    "finished_by" TEXT COLLATE "C" NOT NULL,
    "reviewers" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE INDEX reviews_contract_id ON reviews ("contract_id", "id");
CREATE INDEX reviews_document_id ON reviews ("document_id", "id");
CREATE INDEX reviews_state_due_at ON reviews ("state", "due_at" NULLS FIRST, "id");
CREATE INDEX reviews_state_created_at ON reviews ("state", "created_at" NULLS FIRST, "id");
CREATE INDEX reviews_updated_at ON reviews ("updated_at" NULLS FIRST, "id");

CREATE TABLE decisions (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "review_id" TEXT COLLATE "C" NOT NULL,
    "candidate_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "by" TEXT COLLATE "C" NOT NULL,
    "at" TIMESTAMPTZ,
    "reason" TEXT COLLATE "C" NOT NULL,
    "policy_version" BIGINT NOT NULL,
    "bulk" BOOLEAN NOT NULL,
    "before" TEXT COLLATE "C" NOT NULL,
    "value" JSON,
    "obligation" JSON,
    "evidence" JSON
);
CREATE INDEX decisions_candidate_id ON decisions ("candidate_id", "id");
CREATE INDEX decisions_review_id ON decisions ("review_id", "id");
CREATE INDEX decisions_contract_id ON decisions ("contract_id", "id");
CREATE INDEX decisions_at ON decisions ("at" NULLS FIRST, "id");

CREATE TABLE obligations (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "version_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "bearer" TEXT COLLATE "C" NOT NULL,
    "beneficiary" TEXT COLLATE "C" NOT NULL,
    "deliverable" TEXT COLLATE "C" NOT NULL,
    "trigger" TEXT COLLATE "C" NOT NULL,
    "frequency" TEXT COLLATE "C" NOT NULL,
    "start_date" TEXT COLLATE "C" NOT NULL,
    "params" JSON,
    "in_force" JSON,
    "evidence" JSON,
    "confidence" NUMERIC NOT NULL,
    "verification" TEXT COLLATE "C" NOT NULL,
    "ambiguities" JSON,
    "document_id" TEXT COLLATE "C" NOT NULL,
    "decision_id" TEXT COLLATE "C" NOT NULL,
    "owner" TEXT COLLATE "C" NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX obligations_contract_id_key_version_id_once ON obligations ("contract_id", "key", "version_id");
CREATE INDEX obligations_version_id ON obligations ("version_id", "id");
CREATE INDEX obligations_kind ON obligations ("kind", "id");
CREATE INDEX obligations_created_at ON obligations ("created_at" NULLS FIRST, "id");

CREATE TABLE occurrences (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "obligation_id" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "period" JSON,
    "due_at" TIMESTAMPTZ,
    "assessment" JSON,
    "status" TEXT COLLATE "C" NOT NULL,
    "ended_on" TEXT COLLATE "C" NOT NULL,
    "next_at" TIMESTAMPTZ,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX occurrences_obligation_id_key_once ON occurrences ("obligation_id", "key");
CREATE INDEX occurrences_contract_id_status ON occurrences ("contract_id", "status", "id");
CREATE INDEX occurrences_status_due_at ON occurrences ("status", "due_at" NULLS FIRST, "id");
CREATE INDEX occurrences_status_ended_on ON occurrences ("status", "ended_on", "id");
CREATE INDEX occurrences_subject ON occurrences ("subject", "id");
CREATE INDEX occurrences_next_at ON occurrences ("next_at" NULLS FIRST, "id");
CREATE INDEX occurrences_due_at ON occurrences ("due_at" NULLS FIRST, "id");
CREATE INDEX occurrences_updated_at ON occurrences ("updated_at" NULLS FIRST, "id");

CREATE TABLE events (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "occurred_at" TIMESTAMPTZ,
    "received_at" TIMESTAMPTZ,
    "data" JSON,
    "replaces" TEXT COLLATE "C" NOT NULL,
    "replaces_external" TEXT COLLATE "C" NOT NULL,
    "matched_by" TEXT COLLATE "C" NOT NULL,
    "ignored" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX events_business_unit_connection_id_external_id_once ON events ("business_unit", "connection_id", "external_id");
CREATE INDEX events_contract_id_occurred_at ON events ("contract_id", "occurred_at" NULLS FIRST, "id");
CREATE INDEX events_subject_occurred_at ON events ("subject", "occurred_at" NULLS FIRST, "id");
CREATE INDEX events_kind_occurred_at ON events ("kind", "occurred_at" NULLS FIRST, "id");
CREATE INDEX events_business_unit_occurred_at ON events ("business_unit", "occurred_at" NULLS FIRST, "id");
CREATE INDEX events_occurred_at ON events ("occurred_at" NULLS FIRST, "id");
CREATE INDEX events_replaces ON events ("replaces", "id");

CREATE TABLE findings (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "obligation_id" TEXT COLLATE "C" NOT NULL,
    "occurrence_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "severity" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "title" TEXT COLLATE "C" NOT NULL,
    "message" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "occurred_at" TIMESTAMPTZ,
    "clause" JSON,
    "assessment" JSON,
    "event_ids" JSON,
    "amount" NUMERIC,
    "amount_currency" TEXT COLLATE "C",
    "credit" TEXT COLLATE "C" NOT NULL,
    "claim_by" TEXT COLLATE "C" NOT NULL,
    "lead" TEXT COLLATE "C" NOT NULL,
    "record_ref" JSON,
    "version" BIGINT NOT NULL,
    "corrections" JSON,
    "approval_id" TEXT COLLATE "C" NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX findings_occurrence_id_once ON findings ("occurrence_id") WHERE "occurrence_id" <> '';
CREATE INDEX findings_contract_id_occurred_at ON findings ("contract_id", "occurred_at" NULLS FIRST, "id");
CREATE INDEX findings_state_occurred_at ON findings ("state", "occurred_at" NULLS FIRST, "id");
CREATE INDEX findings_obligation_id ON findings ("obligation_id", "id");
CREATE INDEX findings_subject ON findings ("subject", "id");
CREATE INDEX findings_business_unit_occurred_at ON findings ("business_unit", "occurred_at" NULLS FIRST, "id");
CREATE INDEX findings_occurred_at ON findings ("occurred_at" NULLS FIRST, "id");
CREATE INDEX findings_created_at ON findings ("created_at" NULLS FIRST, "id");
CREATE INDEX findings_updated_at ON findings ("updated_at" NULLS FIRST, "id");
CREATE INDEX findings_credit ON findings ("credit", "id");
CREATE INDEX findings_claim_by ON findings ("claim_by", "id");

CREATE TABLE approvals (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "finding_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "amount" NUMERIC,
    "amount_currency" TEXT COLLATE "C",
    "limit" NUMERIC,
    "limit_currency" TEXT COLLATE "C",
    "state" TEXT COLLATE "C" NOT NULL,
    "excluded" JSON,
    "decided_by" TEXT COLLATE "C" NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "reason" TEXT COLLATE "C" NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE INDEX approvals_state_created_at ON approvals ("state", "created_at" NULLS FIRST, "id");
CREATE INDEX approvals_finding_id ON approvals ("finding_id", "id");
CREATE INDEX approvals_contract_id ON approvals ("contract_id", "id");
CREATE INDEX approvals_created_at ON approvals ("created_at" NULLS FIRST, "id");

CREATE TABLE notifications (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "channel" TEXT COLLATE "C" NOT NULL,
    "recipient" TEXT COLLATE "C" NOT NULL,
    "subject" TEXT COLLATE "C" NOT NULL,
    "body" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "finding_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "attempts" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX notifications_key_once ON notifications ("key") WHERE "key" <> '';
CREATE INDEX notifications_state_created_at ON notifications ("state", "created_at" NULLS FIRST, "id");
CREATE INDEX notifications_finding_id ON notifications ("finding_id", "id");
CREATE INDEX notifications_contract_id ON notifications ("contract_id", "id");
CREATE INDEX notifications_created_at ON notifications ("created_at" NULLS FIRST, "id");

CREATE TABLE connections (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "connector" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "settings" JSON,
    "secrets" JSON,
    "allow_hosts" JSON,
    "streams" JSON,
    "health" JSON,
    "settings_revision" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE INDEX connections_connector ON connections ("connector", "id");

CREATE TABLE deliveries (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "event_key" TEXT COLLATE "C" NOT NULL,
    "headers" JSON,
    "body" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "repeats" BIGINT NOT NULL,
    "received_at" TIMESTAMPTZ,
    "processed_at" TIMESTAMPTZ,
    "revision" BIGINT NOT NULL
);
CREATE UNIQUE INDEX deliveries_connection_id_event_key_once ON deliveries ("connection_id", "event_key");
CREATE INDEX deliveries_state_received_at ON deliveries ("state", "received_at" NULLS FIRST, "id");
CREATE INDEX deliveries_received_at ON deliveries ("received_at" NULLS FIRST, "id");

CREATE TABLE event_imports (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "sha256" TEXT COLLATE "C" NOT NULL,
    "mapping" JSON,
    "lines" BIGINT NOT NULL,
    "events" BIGINT NOT NULL,
    "new" BIGINT NOT NULL,
    "repeated" BIGINT NOT NULL,
    "unmatched" BIGINT NOT NULL,
    "rejected" BIGINT NOT NULL,
    "rejections" JSON,
    "by" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ
);
CREATE INDEX event_imports_created_at ON event_imports ("created_at" NULLS FIRST, "id");

CREATE TABLE actions (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "key" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "finding_id" TEXT COLLATE "C" NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "object" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "target_key" TEXT COLLATE "C" NOT NULL,
    "fields" JSON,
    "before" JSON,
    "state" TEXT COLLATE "C" NOT NULL,
    "reason" TEXT COLLATE "C" NOT NULL,
    "attempts" BIGINT NOT NULL,
    "next_at" TIMESTAMPTZ,
    "receipt" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX actions_key_once ON actions ("key") WHERE "key" <> '';
CREATE INDEX actions_state_next_at ON actions ("state", "next_at" NULLS FIRST, "id");
CREATE INDEX actions_contract_id ON actions ("contract_id", "id");
CREATE INDEX actions_finding_id ON actions ("finding_id", "id");
CREATE INDEX actions_connection_id_state ON actions ("connection_id", "state", "id");
CREATE INDEX actions_created_at ON actions ("created_at" NULLS FIRST, "id");
CREATE INDEX actions_updated_at ON actions ("updated_at" NULLS FIRST, "id");

CREATE TABLE links (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "object" TEXT COLLATE "C" NOT NULL,
    "external_id" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "url" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "explanation" JSON,
    "options" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX links_contract_id_connection_id_object_once ON links ("contract_id", "connection_id", "object");
CREATE INDEX links_connection_id_external_id ON links ("connection_id", "external_id", "id");
CREATE INDEX links_state_updated_at ON links ("state", "updated_at" NULLS FIRST, "id");

CREATE TABLE policies (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "version" BIGINT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "body" JSON,
    "note" TEXT COLLATE "C" NOT NULL,
    "report" JSON,
    "state" TEXT COLLATE "C" NOT NULL,
    "created_by" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ,
    "decided_by" TEXT COLLATE "C" NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "reason" TEXT COLLATE "C" NOT NULL,
    "revision" BIGINT NOT NULL
);
CREATE UNIQUE INDEX policies_kind_version_once ON policies ("kind", "version");

CREATE TABLE mappings (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "connection_id" TEXT COLLATE "C" NOT NULL,
    "version" BIGINT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "objects" JSON,
    "created_at" TIMESTAMPTZ,
    "revision" BIGINT NOT NULL
);
CREATE UNIQUE INDEX mappings_connection_id_version_once ON mappings ("connection_id", "version");

CREATE TABLE users (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "email" TEXT COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "units" JSON,
    "password_hash" TEXT COLLATE "C" NOT NULL,
    "disabled" BOOLEAN NOT NULL,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX users_email_once ON users ("email") WHERE "email" <> '';

CREATE TABLE api_keys (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "hint" TEXT COLLATE "C" NOT NULL,
    "hash" TEXT COLLATE "C" NOT NULL,
    "role" TEXT COLLATE "C" NOT NULL,
    "units" JSON,
    "created_by" TEXT COLLATE "C" NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "last_used_at" TIMESTAMPTZ,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX api_keys_hash_once ON api_keys ("hash") WHERE "hash" <> '';
CREATE INDEX api_keys_created_at ON api_keys ("created_at" NULLS FIRST, "id");

CREATE TABLE sessions (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "user_id" TEXT COLLATE "C" NOT NULL,
    "token" TEXT COLLATE "C" NOT NULL,
    "data" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ,
    "seen_at" TIMESTAMPTZ,
    "expires_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX sessions_token_once ON sessions ("token") WHERE "token" <> '';
CREATE INDEX sessions_user_id ON sessions ("user_id", "id");
CREATE INDEX sessions_expires_at ON sessions ("expires_at" NULLS FIRST, "id");

CREATE TABLE spendings (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "day" TEXT COLLATE "C" NOT NULL,
    "tokens" BIGINT NOT NULL,
    "cost" NUMERIC NOT NULL,
    "currency" TEXT COLLATE "C" NOT NULL,
    "calls" BIGINT NOT NULL,
    "revision" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX spendings_day_once ON spendings ("day") WHERE "day" <> '';

CREATE TABLE timers (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "kind" TEXT COLLATE "C" NOT NULL,
    "ref" TEXT COLLATE "C" NOT NULL,
    "due_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX timers_kind_ref_once ON timers ("kind", "ref");
CREATE INDEX timers_due_at ON timers ("due_at" NULLS FIRST, "id");

CREATE TABLE idempotency_keys (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "request_hash" TEXT COLLATE "C" NOT NULL,
    "status" BIGINT NOT NULL,
    "body" TEXT COLLATE "C" NOT NULL,
    "created_at" TIMESTAMPTZ
);
CREATE INDEX idempotency_keys_created_at ON idempotency_keys ("created_at" NULLS FIRST, "id");

CREATE TABLE audit_entries (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    position BIGINT,
    at TIMESTAMPTZ NOT NULL,
    actor_id TEXT COLLATE "C" NOT NULL,
    actor_name TEXT COLLATE "C" NOT NULL,
    act TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    business_unit TEXT COLLATE "C" NOT NULL,
    correlation_id TEXT COLLATE "C" NOT NULL,
    changes TEXT COLLATE "C" NOT NULL,
    notes TEXT COLLATE "C" NOT NULL,
    contract_ids TEXT COLLATE "C" NOT NULL,
    mac TEXT COLLATE "C" NOT NULL,
    seal TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX audit_entries_position ON audit_entries (position) WHERE position IS NOT NULL;
CREATE INDEX audit_entries_unsealed ON audit_entries (id) WHERE position IS NULL;
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_act ON audit_entries (act, id);

CREATE TABLE audit_contracts (
    contract_id TEXT COLLATE "C" NOT NULL,
    entry_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (contract_id, entry_id)
);

CREATE TABLE audit_head (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    position BIGINT NOT NULL,
    seal TEXT COLLATE "C" NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    mac TEXT COLLATE "C" NOT NULL
);

CREATE TABLE key_checks (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL
);

CREATE INDEX river_job_once ON river_job ((metadata->>'once')) WHERE state IN ('available', 'retryable', 'scheduled');
