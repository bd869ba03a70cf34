-- Whose duty an obligation is, claims, and what the pages of the register, the renewals and the claims read.
-- +goose Up
ALTER TABLE obligations ADD COLUMN "side" TEXT COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE claims (
    "id" TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    "business_unit" TEXT COLLATE "C" NOT NULL,
    "contract_id" TEXT COLLATE "C" NOT NULL,
    "finding_id" TEXT COLLATE "C" NOT NULL,
    "state" TEXT COLLATE "C" NOT NULL,
    "claimed" NUMERIC,
    "claimed_currency" TEXT COLLATE "C",
    "agreed" NUMERIC,
    "agreed_currency" TEXT COLLATE "C",
    "settled" NUMERIC,
    "settled_currency" TEXT COLLATE "C",
    "reference" TEXT COLLATE "C" NOT NULL,
    "steps" JSON,
    "revision" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ,
    "updated_at" TIMESTAMPTZ
);
CREATE UNIQUE INDEX claims_finding_id_once ON claims ("finding_id") WHERE "finding_id" <> '';
CREATE INDEX claims_contract_id ON claims ("contract_id", "id");
CREATE INDEX claims_state_updated_at ON claims ("state", "updated_at" NULLS FIRST, "id");

-- The open occurrence of an obligation that is due first, and the last one of all.
CREATE INDEX occurrences_open ON occurrences ("obligation_id", ("due_at" IS NULL), "due_at", "id") WHERE "status" IN ('pending', 'on_track', 'at_risk');
CREATE INDEX occurrences_last ON occurrences ("obligation_id", "updated_at", "id");

CREATE VIEW obligation_register AS
SELECT
    b.id, b.business_unit, b.contract_id, c.family_id, c.title AS contract_title, c."number" AS contract_number, c.customer,
    b.key, b.kind, b.title, b.bearer, b.beneficiary, b.side,
    CASE WHEN b.owner <> '' THEN b.owner ELSE c.owner END AS owner, b.owner AS own_owner,
    b.deliverable, b.frequency, COALESCE(b.in_force->>'from', '') COLLATE "C" AS starts_on, COALESCE(NULLIF(b.in_force->>'until', ''), '9999-12-31') COLLATE "C" AS ends_on, b.document_id,
    COALESCE(o.id, '') COLLATE "C" AS occurrence_id, COALESCE(o.subject, '') COLLATE "C" AS subject, COALESCE(o.status, '') COLLATE "C" AS status, o.due_at,
    (CASE WHEN b.kind = 'renewal_notice' AND o.due_at IS NOT NULL AND LENGTH(COALESCE(o.assessment->>'measured', '')) = 10 THEN o.assessment->>'measured' WHEN o.due_at IS NOT NULL THEN to_char((o.due_at - INTERVAL '1 microsecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE '' END) COLLATE "C" AS due_on,
    (CASE WHEN o.due_at IS NULL THEN '9999-12-31' ELSE CASE WHEN b.kind = 'renewal_notice' AND o.due_at IS NOT NULL AND LENGTH(COALESCE(o.assessment->>'measured', '')) = 10 THEN o.assessment->>'measured' WHEN o.due_at IS NOT NULL THEN to_char((o.due_at - INTERVAL '1 microsecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD') ELSE '' END END) COLLATE "C" AS due_order,
    b.revision
FROM obligations b
JOIN contracts c ON c.id = b.contract_id AND c.state = 'active'
LEFT JOIN occurrences o ON o.id = COALESCE(
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id AND x.status IN ('pending', 'on_track', 'at_risk') ORDER BY (x.due_at IS NULL), x.due_at, x.id LIMIT 1),
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id ORDER BY x.updated_at DESC, x.id DESC LIMIT 1))
-- An amendment changes the obligation of the contract it amends; the two are one.
WHERE NOT (c.relation = 'amendment' AND c.parent_id <> '' AND EXISTS (
    SELECT 1 FROM contracts pc JOIN obligations p ON p.contract_id = pc.id AND p.key = b.key
    WHERE pc.family_id = c.family_id AND pc.state = 'active'
      AND (pc.id = c.parent_id OR (pc.parent_id = c.parent_id AND pc.relation = 'amendment' AND pc.id < c.id))));

CREATE VIEW renewals AS
SELECT
    COALESCE(o.id, c.id) COLLATE "C" AS id, c.business_unit, c.id AS contract_id, c.family_id, c.title AS contract_title, c."number" AS contract_number,
    c.contract_type, c.customer, CASE WHEN b.owner <> '' THEN b.owner ELSE c.owner END AS owner, c.phase, c.auto_renewal, c.total_value, c.total_value_currency,
    c.expiration_date,
    (CASE WHEN o.key = 'evergreen' THEN 'evergreen' ELSE 'dated' END) COLLATE "C" AS form,
    (CASE WHEN o.key = 'evergreen' THEN '' WHEN o.id IS NOT NULL THEN o.key WHEN c.renewal_date <> '' THEN c.renewal_date ELSE c.expiration_date END) COLLATE "C" AS renewal_date,
    (CASE WHEN o.key = 'evergreen' THEN '' WHEN o.id IS NOT NULL THEN COALESCE(o.assessment->>'measured', '') ELSE c.send_by END) COLLATE "C" AS send_by,
    (CASE WHEN o.key = 'evergreen' THEN ''
        WHEN o.id IS NOT NULL THEN CASE WHEN COALESCE(o.assessment->>'measured', '') BETWEEN '0001' AND o.key THEN o.assessment->>'measured' ELSE o.key END
        WHEN c.send_by <> '' THEN c.send_by WHEN c.renewal_date <> '' THEN c.renewal_date ELSE c.expiration_date END) COLLATE "C" AS outlook_on,
    COALESCE(b.id, '') COLLATE "C" AS obligation_id, COALESCE(o.id, '') COLLATE "C" AS occurrence_id, COALESCE(o.status, '') COLLATE "C" AS status
FROM contracts c
LEFT JOIN obligations b ON b.id = (SELECT MIN(x.id) FROM obligations x WHERE x.contract_id = c.id AND x.kind = 'renewal_notice')
LEFT JOIN occurrences o ON o.obligation_id = b.id
WHERE c.state = 'active' AND (o.id IS NOT NULL OR c.renewal_date <> '' OR c.send_by <> '' OR c.expiration_date <> '')
  AND NOT (c.relation = 'amendment' AND c.parent_id <> '' AND (b.id IS NULL OR EXISTS (SELECT 1 FROM obligations p WHERE p.contract_id = c.parent_id AND p.kind = 'renewal_notice')));
