-- What is still owed though it is breached, and the day due as the contract counts days.
-- +goose Up
ALTER TABLE occurrences ADD COLUMN "open" BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE occurrences ADD COLUMN "due_on" TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE occurrences SET "open" = TRUE WHERE status IN ('pending', 'on_track', 'at_risk') OR status = 'breached' AND assessment->>'ended_at' IS NULL;
-- What is known here of the day: the last one in UTC, as it was shown until now; and where the judgement names it, that. The next judgement
-- of each, within a month, puts in the day in the zone of the obligation.
UPDATE occurrences SET "due_on" = to_char((due_at - INTERVAL '1 microsecond') AT TIME ZONE 'UTC', 'YYYY-MM-DD') WHERE due_at IS NOT NULL;
UPDATE occurrences SET "due_on" = assessment->>'measured' WHERE due_at IS NOT NULL AND LENGTH(assessment->>'measured') = 10
  AND EXISTS (SELECT 1 FROM obligations b WHERE b.id = occurrences.obligation_id AND (b.kind = 'renewal_notice'
    OR b.kind IN ('invoice_payment', 'recurring_duty', 'certificate') AND (assessment->>'measured') COLLATE "C" BETWEEN to_char((due_at - INTERVAL '36 hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD') AND to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')));

-- The open occurrence of an obligation that is due first.
DROP INDEX occurrences_open;
CREATE INDEX occurrences_open ON occurrences ("obligation_id", ("due_at" IS NULL), "due_at", "id") WHERE "open";
DROP VIEW obligation_register;
CREATE VIEW obligation_register AS
SELECT
    b.id, b.business_unit, b.contract_id, c.family_id, c.title AS contract_title, c."number" AS contract_number, c.customer,
    b.key, b.kind, b.title, b.bearer, b.beneficiary, b.side,
    CASE WHEN b.owner <> '' THEN b.owner ELSE c.owner END AS owner, b.owner AS own_owner,
    b.deliverable, b.frequency, COALESCE(b.in_force->>'from', '') COLLATE "C" AS starts_on, COALESCE(NULLIF(b.in_force->>'until', ''), '9999-12-31') COLLATE "C" AS ends_on, b.document_id,
    b.inherited_from, COALESCE(m.id, '') COLLATE "C" AS inherited_contract_id, COALESCE(m.title, '') COLLATE "C" AS inherited_contract_title,
    b.check_in_due, b.check_in_state,
    COALESCE(o.id, '') COLLATE "C" AS occurrence_id, COALESCE(o.subject, '') COLLATE "C" AS subject, COALESCE(o.status, '') COLLATE "C" AS status, o.due_at,
    COALESCE(o.due_on, '') COLLATE "C" AS due_on,
    COALESCE(NULLIF(o.due_on, ''), '9999-12-31') COLLATE "C" AS due_order,
    b.revision
FROM obligations b
JOIN contracts c ON c.id = b.contract_id AND c.state = 'active'
LEFT JOIN obligations i ON i.id = b.inherited_from AND b.inherited_from <> ''
LEFT JOIN contracts m ON m.id = i.contract_id
LEFT JOIN occurrences o ON o.id = COALESCE(
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id AND x."open" ORDER BY (x.due_at IS NULL), x.due_at, x.id LIMIT 1),
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id ORDER BY x.updated_at DESC, x.id DESC LIMIT 1))
-- An amendment changes the obligation of the contract it amends; the two are one.
WHERE NOT (c.relation = 'amendment' AND c.parent_id <> '' AND EXISTS (
    SELECT 1 FROM contracts pc JOIN obligations p ON p.contract_id = pc.id AND p.key = b.key
    WHERE pc.family_id = c.family_id AND pc.state = 'active'
      AND (pc.id = c.parent_id OR (pc.parent_id = c.parent_id AND pc.relation = 'amendment' AND pc.id < c.id))));
