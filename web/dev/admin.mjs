// Fixtures of connections, audit, people and the front page. See data.mjs.
import { now } from './data.mjs';

const stamp = { revision: 1, created_at: '2026-03-02T09:00:00Z', updated_at: '2026-03-20T10:00:00Z' };
const usd = (value) => ({ value, currency: 'USD' });

const described = (list) => list.map((c) => ({ ...c, settings: c.settings.map((x) => ({ help: '', ...x })) }));
export const connectors = described([
  { name: 'ironclad', title: 'Ironclad', category: 'CLM', guide: 'Create an API client in Ironclad under **Company settings > API**, with the scopes for records and workflows.', webhooks: true,
    settings: [{ name: 'base_url', title: 'Address', help: 'For example https://na1.ironcladapp.com', kind: 'url', required: true }, { name: 'client_id', title: 'Client id', kind: 'text', required: true }, { name: 'client_secret', title: 'Client secret', kind: 'secret', required: true }, { name: 'as_user', title: 'Act as user', help: 'E-mail of the user whose rights are used.', kind: 'text', required: false }],
    streams: [{ name: 'records', title: 'Records', object: 'record', every: '5m0s' }], actions: [{ kind: 'update_record', title: 'Update properties', object: 'record' }] },
  { name: 'salesforce', title: 'Salesforce', category: 'CRM', guide: 'Create a connected app.', webhooks: false,
    settings: [{ name: 'base_url', title: 'My Domain address', kind: 'url', required: true }, { name: 'client_secret', title: 'Consumer secret', kind: 'secret', required: true }, { name: 'api_version', title: 'API version', kind: 'choice', required: true, default: 'v62.0', choices: ['v61.0', 'v62.0'] }, { name: 'tasks', title: 'Create renewal tasks', kind: 'flag', required: false, default: 'true' }],
    streams: [], actions: [{ kind: 'update_record', title: 'Update record', object: 'Opportunity' }] },
  { name: 'servicenow', title: 'ServiceNow', category: 'ITSM', guide: 'Use OAuth client credentials.', webhooks: false, settings: [{ name: 'base_url', title: 'Instance', kind: 'url', required: true }], streams: [{ name: 'incidents', title: 'Incidents', object: 'incident', every: '5m0s' }], actions: [{ kind: 'add_comment', title: 'Comment', object: 'incident' }] },
]);
const connection = (id, connector, name, health, more = {}) => ({ id, connector, name, enabled: true, settings: { base_url: `https://${connector}.example` }, secrets: { client_secret: 'set' }, allow_hosts: [], streams: {}, health, business_unit: 'emea', settings_revision: 1, ...stamp, ...more });
export const connections = () => [
  { connection: connection('cnn_clm', 'ironclad', 'Ironclad EU', { state: 'ok', last_ok_at: '2026-03-27T15:19:00Z', checked_at: '2026-03-27T15:19:00Z', failures: 0 }, { allow_hosts: ['127.0.0.1:9101'], streams: { records: { cursor: 'c1', read_at: '2026-03-27T15:15:00Z', records: 412 }, workflows: { cursor: 'c2', read_at: '2026-03-27T15:10:00Z', records: 37 } } }), title: 'Ironclad', webhook_url: 'https://pactloop.example/hooks/cnn_clm', actions: { done: 12, pending: 1 } },
  { connection: connection('cnn_crm', 'salesforce', 'Salesforce', { state: 'degraded', reason: 'One write is denied: Contract_Obligation__c can not be created.', last_ok_at: '2026-03-27T15:02:00Z', checked_at: '2026-03-27T15:18:00Z', failures: 1 }), title: 'Salesforce', actions: { done: 31, denied: 1, conflict: 1 } },
  { connection: connection('cnn_itsm', 'servicenow', 'ServiceNow', { state: 'down', reason: 'The instance answers 503 since 14:52 UTC.', last_ok_at: '2026-03-27T14:51:00Z', checked_at: '2026-03-27T15:18:00Z', failures: 9 }, { streams: { incidents: { cursor: 'c9', read_at: '2026-03-27T14:50:00Z', records: 1289, error: '503 from the other system' } } }), title: 'ServiceNow', actions: { done: 8, unavailable: 1 } },
];
export const deliveries = [
  { id: 'dlv_1', connection_id: 'cnn_clm', event_key: 'evt-8f2a', body: '{"payload":{"event":"workflow_completed","workflowID":"wf-101"}}', headers: {}, state: 'processed', repeats: 1, business_unit: 'emea', received_at: '2026-03-27T09:12:00Z', processed_at: '2026-03-27T09:12:03Z', revision: 1 },
  { id: 'dlv_2', connection_id: 'cnn_clm', event_key: 'evt-8f2b', body: '{"payload":{"event":"workflow_updated"}}', headers: {}, state: 'failed', reason: 'The record rec-104 could not be fetched (404).', repeats: 0, business_unit: 'emea', received_at: '2026-03-27T10:40:00Z', revision: 1 },
];
const field = (term, name, convert, more = {}) => ({ term, field: name, convert, ...more });
const fixed = (name, value) => ({ term: '', field: name, convert: '', const: value });
const mappingOf = (id, connection, version, objects, problems = [], undescribed = []) => ({ mapping: { id, version, business_unit: 'emea', connection_id: connection, active: true, created_at: '2026-03-02T09:00:00Z', revision: 1, objects }, problems, undescribed });
/** As the connectors ship them: constants, an object without fields, one object for two purposes. */
export const mappings = {
  cnn_crm: mappingOf('map_1', 'cnn_crm', 3, [
    { object: 'Opportunity', for: 'contract', action: 'update_fields', fields: [field('effective_date', 'Contract_Effective_Date__c', 'date', { risk: 'low', source: 'AI_Extracted_Effective_Date__c', conflict: 'ask' }), field('renewal_date', 'Contract_Renewal_Date__c', 'date', { risk: 'core', conflict: 'ask' }), field('auto_renewal', 'Auto_Renew__c', 'yes_no', { risk: 'core', conflict: 'theirs' }), field('notice_period', 'Term_Notice_Days__c', 'days', { risk: 'core', conflict: 'ours' }), fixed('StageName', 'Contract Executed')] },
    { object: 'Opportunity', for: 'review_flag', action: 'needs_review_flag', fields: [] },
    { object: 'Contract_Obligation__c', for: 'obligation', action: 'upsert_by_key', phase: 'full', fields: [field('obligation.title', 'Name', 'text'), field('link.Account', 'Account__c', 'text'), field('obligation.type', 'Type__c', 'text')] },
    { object: 'Task', for: 'renewal_task', action: 'upsert_by_key', phase: 'full', fields: [field('task.subject', 'Subject', 'text'), field('task.due_date', 'ActivityDate', 'date'), fixed('Status', 'Not Started'), fixed('Priority', 'High'), fixed('Type', 'Renewal')] },
  ], [{ object: 'Opportunity', field: 'Term_Notice_Days__c', problem: 'The field takes at most 3 digits.' }], ['obligation']),
  cnn_clm: mappingOf('', 'cnn_clm', 0, [
    { object: 'record', for: 'contract', action: 'update_record', fields: [field('effective_date', 'effectiveDate', 'date'), field('governing_law', 'governingLaw', 'text')] },
    { object: 'obligation', for: 'obligation', action: 'upsert_obligation', phase: 'full', fields: [field('obligation.title', 'name', 'text'), fixed('obligation_type', 'contract_obligation')] },
    { object: 'obligation', for: 'risk_task', action: 'upsert_obligation', fields: [field('finding.title', 'name', 'text'), field('finding.severity', 'severity', 'text')] },
  ]),
};
export const dryRun = { items: [
  { object: 'Opportunity', external_id: '006Hs00001', field: 'Contract_Effective_Date__c', term: 'effective_date', before: '2024-07-01', after: '2024-07-01', change: false },
  { object: 'Opportunity', external_id: '006Hs00001', field: 'Auto_Renew__c', term: 'auto_renewal', before: false, after: true, change: true },
  { object: 'Opportunity', external_id: '006Hs00001', field: 'Term_Notice_Days__c', term: 'notice_period', before: null, after: 90, change: true, note: 'phase assisted: held until promotion' }], problems: ['Contract_Obligation__c: the integration user may not create it.'] };
export const links = () => [
  { id: 'lnk_1', contract_id: 'con_acme', connection_id: 'cnn_crm', object: 'Account', external_id: '', name: 'Acme Corporation', state: 'ambiguous', business_unit: 'emea', explanation: ['Two accounts are close, neither by more than 0.05.'], ...stamp,
    options: [{ external_id: '001A', name: 'Acme Corp', address: '2200 Foundry Ave, Cleveland OH', score: '0.96', explanation: ['name equal without legal form', 'same street and city'] }, { external_id: '001B', name: 'Acme Corp (EMEA)', address: 'Dublin', score: '0.93', explanation: ['name contained', 'other country'] }] },
  { id: 'lnk_2', contract_id: 'con_muller', connection_id: 'cnn_crm', object: 'Account', external_id: '001M', name: 'Mueller & Soehne', state: 'matched', business_unit: 'emea', explanation: ['Müller is Mueller', 'same postal code'], url: 'https://crm.example/001M', ...stamp },
];
const entry = (i, act, subject, changes, more = {}) => ({ id: `aud_${i}`, position: 100 - i, at: `2026-03-27T1${i % 5}:0${i % 10}:00Z`, actor_id: 'usr_mira', actor_name: 'Mira Okafor', act, subject, business_unit: 'emea', correlation_id: `cor_${i}`, changes, mac: 'c2a1'.repeat(16), seal: 'b7e0'.repeat(16), contract_ids: ['con_acme'], ...more });
export const audit = [
  entry(1, 'review.correct', 'can_3', [{ noun: 'candidate', id: 'can_3', before: { state: 'open', value: '60 days' }, after: { state: 'corrected', value: '90 days' } }], { position: 0, seal: '' }),
  entry(2, 'finding.open', 'fnd_p1', [{ noun: 'finding', id: 'fnd_p1', after: { severity: 'breach', state: 'open', title: 'Ticket INC0012345 passed 4 hours' } }], { actor_id: 'monitor', actor_name: 'monitor' }),
  entry(3, 'webhook.refused', 'cnn_clm', [], { actor_id: 'intake', actor_name: 'intake', notes: { reason: 'signature does not match', remote: '203.0.113.9' } }),
  entry(4, 'action.write', 'act_1', [{ noun: 'action', id: 'act_1', before: { state: 'pending' }, after: { state: 'done', external_id: '006Hs00001' } }], { actor_id: 'exchange', actor_name: 'exchange' }),
];
export const users = () => [
  { id: 'usr_mira', email: 'mira@halden.example', name: 'Mira Okafor', role: 'admin', units: ['*'], disabled: false, ...stamp },
  { id: 'usr_jon', email: 'jon@halden.example', name: 'Jon Aldous', role: 'approver', units: ['emea', 'us'], disabled: false, ...stamp },
  { id: 'usr_old', email: 'old@halden.example', name: 'Petra Lind', role: 'viewer', units: ['us'], disabled: true, ...stamp },
];
export const keys = () => [{ id: 'key_1', name: 'Monitoring feed', hint: 'pl_7Kq', role: 'connector', units: ['emea'], created_by: 'usr_mira', last_used_at: '2026-03-27T15:00:00Z', revision: 1, created_at: stamp.created_at }];
export const policies = () => [
  { id: 'pol_2', kind: 'review', version: 2, active: true, state: 'active', body: { threshold: '0.85', first_n: 10, value_limits: [usd('500000.00')], named_fields: ['liability_cap', 'auto_renewal'], phases: { default: 'assisted' } }, note: 'Demo: first 10 instead of 100 obligations', created_by: 'usr_mira', created_at: '2026-03-02T09:00:00Z', revision: 1 },
  { id: 'pol_1', kind: 'review', version: 1, active: false, state: 'replaced', body: { threshold: '0.85', first_n: 100 }, note: 'The brief’s policy', created_by: 'system', created_at: '2026-03-01T09:00:00Z', revision: 1 },
  { id: 'pol_3', kind: 'approval', version: 1, active: true, state: 'active', body: { credit_limits: [usd('1000.00')] }, note: 'Credits above 1,000 need an approver', created_by: 'system', created_at: '2026-03-01T09:00:00Z', revision: 1 },
  { id: '', kind: 'privacy', version: 0, active: true, state: 'active', body: { kinds: { party: 'keep', health: 'withhold', email: 'tokenise' } }, note: 'shipped default', created_by: '', created_at: '0001-01-01T00:00:00Z', revision: 0 },
  { id: 'pol_4', kind: 'approval', version: 2, active: false, state: 'proposed', body: { credit_limits: [usd('2500.00')] }, note: 'Most credits of the winter were below 2,500', created_by: 'usr_second', created_at: '2026-03-20T09:00:00Z', revision: 1 },
];
export const overview = () => ({
  as_of: now, policy_note: 'Demo policy version 2: the first 10 obligations per contract type are reviewed instead of 100.',
  counts: { reviews_waiting: 2, reviews_due: 1, findings_open: 3, at_risk: 1, breached: 2, contracts: 12, breaches_week: 1, breaches_week_before: 2, reviewed_week: 4, reviewed_week_before: 3, contracts_week: 2, documents_stuck: 2, actions_failed: 3, approvals_waiting: 1, links_ambiguous: 1, events_unmatched: 2 },
  credits: [{ state: 'waiting_approval', count: 1, amount: usd('4250.00') }, { state: 'due', count: 2, amount: { value: '960.00', currency: 'EUR' } }, { state: 'needs_charge', count: 1, amount: { value: '0.00', currency: '' } }],
  sla: Array.from({ length: 35 }, (_, i) => ({ date: new Date(Date.UTC(2026, 1, 21 + i)).toISOString().slice(0, 10), met: [0, 6].includes((i + 6) % 7) ? i % 2 : 4 + ((i * 7) % 6), breached: i % 9 === 4 ? 1 + (i % 2) : 0, at_risk: i % 11 === 7 ? 1 : 0 })),
  notices: [
    { contract_id: 'con_acme', title: 'Master Subscription Agreement', customer: 'Acme Corporation', send_by: '2026-04-01', renewal_date: '2026-07-01', days_left: 5, total_value: usd('1020000.00'), auto_renewal: true },
    { contract_id: 'con_veridian', title: 'Hosting Agreement', customer: 'Veridian Health plc', send_by: '2026-06-02', renewal_date: '2026-09-01', days_left: 67, total_value: { value: '214500.00', currency: 'GBP' }, auto_renewal: true }],
  attention: [
    { kind: 'notice', id: 'con_acme', contract_id: 'con_acme', title: 'Notice for Acme Corporation must leave by 1 Apr 2026', detail: 'Renews by itself for 12 months, 510,000.00 USD a year', at: '2026-03-27T06:00:00Z', severity: 'high' },
    { kind: 'finding', id: 'fnd_risk', contract_id: 'con_acme', title: 'Ticket INC0012388 is at 90 % of 4 hours', detail: 'Acme Corporation, lead Rosalind Tan', at: '2026-03-27T14:36:00Z', severity: 'medium' },
    { kind: 'approval', id: 'apr_1', contract_id: 'con_acme', title: 'A credit of 4,250.00 USD waits for approval', detail: 'Uptime in February 2026, claim by 30 Mar 2026', at: '2026-03-27T09:00:00Z', severity: 'medium' },
    { kind: 'review', id: 'rev_acme', contract_id: 'con_acme', title: 'Master Subscription Agreement: 15 values to review', detail: 'Two readings of the liability cap disagree', at: '2026-03-27T08:00:00Z', severity: 'low' },
    { kind: 'action', id: 'act_2', contract_id: 'con_acme', title: 'Salesforce denied an obligation', detail: 'Give the integration user the right, then try again', at: '2026-03-26T17:00:00Z', severity: 'medium' },
    { kind: 'document', id: 'doc_riverbend', contract_id: 'con_riverbend', title: 'riverbend-network-services-scan.pdf is a scan', detail: 'Needs OCR, or a copy with text', at: '2026-03-25T10:00:00Z', severity: 'low' }],
  connections: connections().map(({ connection: c }) => ({ id: c.id, name: c.name, connector: c.connector, state: c.health.state, reason: c.health.reason, last_ok_at: c.health.last_ok_at })),
});

export const hook = () => ({ address: 'https://pactloop.halden.example/hooks/cnn_clm', registrable: true, state: 'missing', events: [], lacks: [], key_fetched_at: '2026-03-27T06:00:00Z', last_event_at: '2026-03-27T10:40:00Z', last_event_state: 'failed', deliveries: { processed: 41, failed: 1 } });
