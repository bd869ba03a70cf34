-- What the owners of obligations say of their state, and by when they are asked.
-- +goose Up
ALTER TABLE obligations ADD COLUMN "check_in" TEXT;
ALTER TABLE obligations ADD COLUMN "check_in_due" TEXT NOT NULL DEFAULT '';
ALTER TABLE obligations ADD COLUMN "check_in_state" TEXT NOT NULL DEFAULT '';

CREATE TABLE check_ins (
    "id" TEXT PRIMARY KEY NOT NULL,
    "business_unit" TEXT NOT NULL,
    "contract_id" TEXT NOT NULL,
    "obligation_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "on" TEXT NOT NULL,
    "due_on" TEXT NOT NULL,
    "next_due" TEXT NOT NULL,
    "created_at" TEXT
);
CREATE INDEX check_ins_obligation_id_created_at ON check_ins ("obligation_id", "created_at", "id");
CREATE INDEX check_ins_contract_id ON check_ins ("contract_id", "id");
DROP VIEW obligation_register;
CREATE VIEW obligation_register AS
SELECT
    b.id, b.business_unit, b.contract_id, c.family_id, c.title AS contract_title, c."number" AS contract_number, c.customer,
    b.key, b.kind, b.title, b.bearer, b.beneficiary, b.side,
    CASE WHEN b.owner <> '' THEN b.owner ELSE c.owner END AS owner, b.owner AS own_owner,
    b.deliverable, b.frequency, COALESCE(json_extract(b.in_force, '$.from'), '') AS starts_on, COALESCE(NULLIF(json_extract(b.in_force, '$.until'), ''), '9999-12-31') AS ends_on, b.document_id,
    b.inherited_from, COALESCE(m.id, '') AS inherited_contract_id, COALESCE(m.title, '') AS inherited_contract_title,
    b.check_in_due, b.check_in_state,
    COALESCE(o.id, '') AS occurrence_id, COALESCE(o.subject, '') AS subject, COALESCE(o.status, '') AS status, o.due_at,
    (CASE WHEN b.kind = 'renewal_notice' AND o.due_at IS NOT NULL AND LENGTH(COALESCE(json_extract(o.assessment, '$.measured'), '')) = 10 THEN json_extract(o.assessment, '$.measured') WHEN o.due_at IS NOT NULL THEN date(o.due_at, '-0.001 seconds') ELSE '' END) AS due_on,
    (CASE WHEN o.due_at IS NULL THEN '9999-12-31' ELSE CASE WHEN b.kind = 'renewal_notice' AND o.due_at IS NOT NULL AND LENGTH(COALESCE(json_extract(o.assessment, '$.measured'), '')) = 10 THEN json_extract(o.assessment, '$.measured') WHEN o.due_at IS NOT NULL THEN date(o.due_at, '-0.001 seconds') ELSE '' END END) AS due_order,
    b.revision
FROM obligations b
JOIN contracts c ON c.id = b.contract_id AND c.state = 'active'
LEFT JOIN obligations i ON i.id = b.inherited_from AND b.inherited_from <> ''
LEFT JOIN contracts m ON m.id = i.contract_id
LEFT JOIN occurrences o ON o.id = COALESCE(
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id AND x.status IN ('pending', 'on_track', 'at_risk') ORDER BY (x.due_at IS NULL), x.due_at, x.id LIMIT 1),
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id ORDER BY x.updated_at DESC, x.id DESC LIMIT 1))
-- An amendment changes the obligation of the contract it amends; the two are one.
WHERE NOT (c.relation = 'amendment' AND c.parent_id <> '' AND EXISTS (
    SELECT 1 FROM contracts pc JOIN obligations p ON p.contract_id = pc.id AND p.key = b.key
    WHERE pc.family_id = c.family_id AND pc.state = 'active'
      AND (pc.id = c.parent_id OR (pc.parent_id = c.parent_id AND pc.relation = 'amendment' AND pc.id < c.id))));
