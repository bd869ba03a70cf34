-- What is settled comes last in the register: after what is due, and after what has no day. What still asks somebody for an act (a finding of the severity
-- info) stands where it fell due.
-- +goose Up
DROP VIEW obligation_register;
CREATE VIEW obligation_register AS
SELECT
    b.id, b.business_unit, b.contract_id, c.family_id, c.title AS contract_title, c."number" AS contract_number, c.customer,
    b.key, b.kind, b.title, b.bearer, b.beneficiary, b.side,
    CASE WHEN b.owner <> '' THEN b.owner ELSE c.owner END AS owner, b.owner AS own_owner,
    b.deliverable, b.frequency, COALESCE(json_extract(b.in_force, '$.from'), '') AS starts_on, COALESCE(NULLIF(json_extract(b.in_force, '$.until'), ''), '9999-12-31') AS ends_on, b.document_id,
    (CASE WHEN o."open" = 1 AND b.inherited_from = '' THEN '9999-12-31' ELSE COALESCE(NULLIF(json_extract(b.in_force, '$.until'), ''), '9999-12-31') END) AS listed_until,
    b.inherited_from, COALESCE(m.id, '') AS inherited_contract_id, COALESCE(m.title, '') AS inherited_contract_title,
    b.check_in_due, b.check_in_state,
    COALESCE(o.id, '') AS occurrence_id, COALESCE(o.subject, '') AS subject, COALESCE(o.status, '') AS status, o.due_at,
    COALESCE(o.due_on, '') AS due_on,
    (CASE WHEN o."open" = 0 AND NOT (b.kind IN ('milestone', 'price_escalator') AND EXISTS (
        SELECT 1 FROM findings f WHERE f.obligation_id = b.id AND f.severity = 'info' AND f.state IN ('open', 'confirmed')))
      THEN 'settled ' || o.due_on ELSE COALESCE(NULLIF(o.due_on, ''), '9999-12-31') END) AS due_order,
    b.revision
FROM obligations b
JOIN contracts c ON c.id = b.contract_id AND c.state = 'active'
LEFT JOIN obligations i ON i.id = b.inherited_from AND b.inherited_from <> ''
LEFT JOIN contracts m ON m.id = i.contract_id
LEFT JOIN occurrences o ON o.id = COALESCE(
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id AND x."open" = 1 ORDER BY (x.due_at IS NULL), x.due_at, x.id LIMIT 1),
    (SELECT x.id FROM occurrences x WHERE x.obligation_id = b.id ORDER BY x.updated_at DESC, x.id DESC LIMIT 1))
-- An amendment changes the obligation of the contract it amends; the two are one.
WHERE NOT (c.relation = 'amendment' AND c.parent_id <> '' AND EXISTS (
    SELECT 1 FROM contracts pc JOIN obligations p ON p.contract_id = pc.id AND p.key = b.key
    WHERE pc.family_id = c.family_id AND pc.state = 'active'
      AND (pc.id = c.parent_id OR (pc.parent_id = c.parent_id AND pc.relation = 'amendment' AND pc.id < c.id))));
