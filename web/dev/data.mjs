// Fixtures of one company in March 2026, in the shapes of the API. For development and browser tests only.
import { passage } from './reading.mjs';

export const now = '2026-03-27T15:20:00Z';
const usd = (value) => ({ value, currency: 'USD' });
const stamp = { revision: 1, created_at: '2026-03-02T09:00:00Z', updated_at: '2026-03-20T10:00:00Z', business_unit: 'emea' };

const contract = (id, number, title, contract_type, customer, more = {}) => ({
  id, number, title, contract_type, customer, state: 'active', phase: 'assisted', family_id: id, current_version: 1, owner: 'dana@halden.example', ...stamp, ...more });

export const contracts = [
  contract('con_acme', 'SA-2023-789', 'Master Subscription Agreement', 'msa', 'Acme Corporation', { state: 'in_review', current_version: 1, effective_date: '2024-07-01', expiration_date: '2026-06-30', renewal_date: '2026-07-01', send_by: '2026-04-01', auto_renewal: true, total_value: usd('1020000.00'), source: { connection_id: 'cnn_clm', object: 'record', external_id: 'rec-101', url: 'https://clm.example/records/101' }, facts: { counterparty: 'Acme Corp.', address: '2200 Foundry Avenue, Cleveland', owner: 'dana@halden.example' } }),
  contract('con_acme_sow', 'SA-2023-789-SOW1', 'Statement of Work 1: Dispatch migration', 'sow', 'Acme Corporation', { family_id: 'con_acme', parent_id: 'con_acme', relation: 'sow', effective_date: '2024-07-15', expiration_date: '2025-01-31', state: 'ended', total_value: usd('84000.00') }),
  contract('con_acme_am1', 'SA-2023-789-A1', 'Amendment No. 1', 'amendment', 'Acme Corporation', { family_id: 'con_acme', parent_id: 'con_acme', relation: 'amendment', effective_date: '2026-03-15' }),
  contract('con_muller', 'HS-SUP-2026-014', 'Support Agreement', 'support', 'Müller & Söhne GmbH', { effective_date: '2026-01-01', expiration_date: '2028-12-31', renewal_date: '2029-01-01', send_by: '2028-09-29', auto_renewal: true, total_value: { value: '345600.00', currency: 'EUR' } }),
  contract('con_solvane', 'HS-2026-031', 'Solvane Subscription Agreement', 'subscription', 'Solvane Analytics Ltd', { state: 'in_review', current_version: 0 }),
  contract('con_veridian', 'VH-2025-118', 'Hosting Agreement', 'hosting', 'Veridian Health plc', { effective_date: '2025-04-01', expiration_date: '2026-08-31', renewal_date: '2026-09-01', send_by: '2026-06-02', auto_renewal: true, total_value: { value: '214500.00', currency: 'GBP' } }),
  contract('con_tessel', 'TS-2024-552', 'Supply Agreement', 'supply', 'Tessel Components AG', { effective_date: '2024-09-01', expiration_date: '2026-08-31', total_value: usd('2400000.00') }),
  contract('con_brightwater', 'NDA-2025-009', 'Mutual Non-Disclosure Agreement', 'nda', 'Brightwater Capital', { effective_date: '2025-02-11' }),
  contract('con_kestrel', 'KS-2023-077', 'Services Agreement (evergreen)', 'services', 'Kestrel Aviation Services', { effective_date: '2023-05-01' }),
  contract('con_riverbend', 'RB-2022-014', 'Network Services Agreement', '', 'Riverbend Municipal Utility', { state: 'stuck', current_version: 0 }),
  contract('con_oakfield', '', 'oakfield-consulting-agreement-damaged.pdf', '', '', { state: 'stuck', current_version: 0 }),
  contract('con_tidewater', 'TW-OF-3391', '<script>alert(1)</script> Order form 3391', 'order_form', 'Tidewater Logistics', { effective_date: '2026-02-01', expiration_date: '2027-01-31', renewal_date: '2027-02-01', send_by: '2026-12-01', total_value: usd('96000.00') }),
];

const doc = (id, contract_id, filename, state, more = {}) => ({ id, contract_id, filename, media_type: 'application/pdf', size: 184320, sha256: 'f'.repeat(64), state, attempts: 1, reader: 'pdf/1', ...stamp, ...more });
export const documents = [
  doc('doc_acme', 'con_acme', 'acme-master-subscription-agreement.pdf', 'read', { pages: 10, text_id: 'txt_acme0001' }),
  doc('doc_solvane', 'con_solvane', 'solvane-subscription-agreement-redline.docx', 'read', { media_type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', reader: 'docx/1', text_id: 'txt_solvane1', warnings: ['Open tracked changes: 1 insertion, 1 deletion.'] }),
  doc('doc_riverbend', 'con_riverbend', 'riverbend-network-services-scan.pdf', 'needs_ocr', { reason: 'The pages hold pictures of text. Upload a copy with a text layer, or read it again when OCR is set up.', pages: 2 }),
  doc('doc_scan', 'con_kestrel', 'riverbend-network-services-scan.pdf', 'read', { pages: 2, reader: 'scan/1', text_id: 'txt_scan0001' }),
  doc('doc_oakfield', 'con_oakfield', 'oakfield-consulting-agreement-damaged.pdf', 'damaged', { reason: 'The file ends in the middle and can not be opened. Ask the sender for a new copy.' }),
];

const term = (order, name, label, value, confidence, evidence, more = {}) => ({
  id: `can_${order}`, contract_id: 'con_acme', review_id: 'rev_acme', document_id: 'doc_acme', subject: 'term', name, label, value, confidence, evidence, order,
  verification: 'verified', extractor: 'grammar/1', state: 'open', ...stamp, ...more });
const duration = (value, unit) => ({ kind: 'duration', duration: { value, unit } });
const obligation = (key, kind, title, params) => ({ key, kind, title, bearer: 'supplier', beneficiary: 'customer', params, confidence: '0.84', in_force: { from: '2024-07-01' } });

export const candidates = () => [
  term(1, 'liability_cap', 'Liability cap', { kind: 'cap', cap: { amount: usd('510000.00') } }, '0.78', [passage('total aggregate liability arising out of or in connection with this Agreement shall not exceed $510,000.00', '10.2')], {
    reasons: ['Two readings disagree', 'Costly if wrong: liability cap is always reviewed'],
    rivals: [term(0, 'liability_cap', 'Liability cap', { kind: 'cap', cap: { multiple: '1', window: { value: 12, unit: 'month' }, basis: 'fees_payable' } }, '0.71', [passage('being the fees payable for twelve (12) months of the Service', '10.2')])] }),
  term(2, 'auto_renewal', 'Auto-renewal', { kind: 'flag', flag: true }, '0.93', [passage('this Agreement shall automatically renew for successive periods of twelve (12) months each', '4.2')], { reasons: ['Costly if wrong: auto-renewal is always reviewed'] }),
  term(3, 'notice_period', 'Notice period', duration(90, 'day'), '0.84', [passage('at least ninety (90) days before the end of the then-current term', '4.2'), passage('A notice that arrives late has no effect for the term then ending', '4.3')], {
    reasons: ['Confidence 84 % is below 85 %', 'Costly if wrong: notice period is always reviewed'],
    ambiguities: [{ code: 'clear_days', question: 'Is the day of the notice itself counted?', texts: ['Counted: send by 1 Apr 2026', 'Clear days: send by 31 Mar 2026'] }] }),
  term(4, 'total_contract_value', 'Total contract value', { kind: 'money', money: usd('1020000.00') }, '0.91', [passage('the total contract value for the Initial Term is $1,020,000.00', '3.1')], { reasons: ['Costly if wrong: money is always reviewed'] }),
  term(5, 'service_credits', 'Service credits', { kind: 'tiers', tiers: [{ from: '99.5', below: '99.9', credit: '10' }, { from: '99.0', below: '99.5', credit: '15' }, { from: '95.0', below: '99.0', credit: '25' }, { below: '95.0', credit: '50' }] }, '0.82', [passage('Less than 99.9% but equal to or greater than 99.5%', 'B 4.1')], { reasons: ['Confidence 82 % is below 85 %'] }),
  term(6, 'claim_window', 'Claim window', undefined, '0', [], { state: 'not_found', reasons: ['Required, and no passage says it'], value: undefined }),
  term(7, 'title', 'Title', { kind: 'text', text: 'Master Subscription Agreement' }, '0.99', [passage('MASTER SUBSCRIPTION AGREEMENT', '')]),
  term(8, 'parties', 'Parties', { kind: 'parties', parties: [{ name: 'Halden Systems, Inc.', role: 'supplier', aliases: ['Halden'] }, { name: 'Acme Corporation', role: 'customer' }] }, '0.96', [passage('by and between Halden Systems, Inc., a Delaware corporation', ''), passage('Acme Corporation, an Ohio corporation', '')]),
  term(9, 'effective_date', 'Effective date', { kind: 'date', date: '2024-07-01' }, '0.97', [passage('“Effective Date” means July 1, 2024', '1.5')]),
  term(10, 'expiration_date', 'Expiration date', { kind: 'date', date: '2026-06-30' }, '0.95', [passage('expiring on June 30, 2026', '4.1')], { derivation: { rule: 'effective_date + term − 1 day', inputs: { effective_date: '2024-07-01', term: '24 months' } } }),
  term(11, 'payment_terms', 'Payment terms', { kind: 'payment_terms', payment_terms: { text: 'net 30', net_days: 30, basis: 'invoice_date' } }, '0.92', [passage('payable within thirty (30) days of the date of the invoice (net 30)', '3.2')]),
  term(12, 'governing_law', 'Governing law', { kind: 'text', text: 'Delaware' }, '0.98', [passage('governed by the laws of the State of Delaware', '13.2')]),
  term(13, 'uptime_target', 'Uptime target', { kind: 'percentage', percentage: '99.9' }, '0.94', [passage('Monthly Uptime Percentage of at least 99.9%', 'B 3.1')]),
  { ...term(14, 'resolution_time/P1', 'Resolution time, P1', undefined, '0.84', [passage('P1 – Critical 30 minutes 4 hours 24x7', 'B 2.2')], { reasons: ['One of the first 100 obligations of this type'] }), subject: 'obligation', value: undefined, obligation: obligation('resolution_time/P1', 'resolution_time', 'Resolve P1 incidents within 4 hours', { priority: 'P1', target: { value: 4, unit: 'hour' }, hours: { zone: 'America/New_York', always: true }, pauses: true, thresholds: ['75', '90'] }),
    ambiguities: [{ code: 'hours_unclear', question: 'The table says 24x7, the text says business hours. When does the clock run?', texts: ['around the clock', 'business hours'] }] },
  { ...term(15, 'availability/Halden Dispatch', 'Availability', undefined, '0.86', [passage('available with a Monthly Uptime Percentage of at least 99.9% in each calendar month', 'B 3.1')]), subject: 'obligation', value: undefined, obligation: obligation('availability/Halden Dispatch', 'availability', 'Keep the service available 99.9 % of each month', { service: 'Halden Dispatch', target: '99.9', zone: 'America/New_York' }) },
];

const review = (id, contract_id, document_id, more) => ({ id, contract_id, document_id, state: 'waiting', policy_id: 'pol_1', policy_version: 2, phase: 'assisted', min_confidence: '0.7800', open: 15, total: 15, due_at: '2026-03-28T12:00:00Z', ...stamp, ...more });
export const reviews = () => [
  review('rev_acme', 'con_acme', 'doc_acme', { reasons: ['Contract value 1,020,000.00 USD is above 500,000.00 USD'] }),
  review('rev_scan', 'con_kestrel', 'doc_scan', { min_confidence: '0.6100', open: 1, total: 1, reasons: ['The text was recognised from a picture'] }),
  review('rev_solvane', 'con_solvane', 'doc_solvane', { min_confidence: '0.8499', open: 1, total: 1, state: 'in_review', assignee: 'usr_mira', reasons: ['Open tracked changes in the document'] }),
];
export const scanCandidates = () => [{ ...term(1, 'notice_period', 'Notice period', duration(90, 'day'), '0.61', [], { reasons: ['Confidence 61 % is below 85 %'] }), id: 'can_scan', contract_id: 'con_kestrel', review_id: 'rev_scan', document_id: 'doc_scan', evidence: [{ passage: { document_id: 'doc_scan', text_id: 'txt_scan0001', quote: 'ninety (90) days’ written notice', start: 125, end: 157, places: [{ page: 1, box: { left: 285, top: 144, right: 470, bottom: 156 } }], verification: 'verified' } }] }];
export const solvaneCandidates = (start, end, quote) => [{ id: 'can_s1', contract_id: 'con_solvane', review_id: 'rev_solvane', document_id: 'doc_solvane', subject: 'term', name: 'term', label: 'Term', value: duration(24, 'month'), confidence: '0.8499', evidence: [{ passage: { document_id: 'doc_solvane', text_id: 'txt_solvane1', quote, start, end, places: [], clause: '1', verification: 'verified' } }], reasons: ['Confidence 84.99 % is below 85 %'], order: 1, verification: 'verified', extractor: 'grammar/1', state: 'open', ...stamp }];

export const specs = [
  ['title', 'Title', 'text', 'Contract'], ['parties', 'Parties', 'parties', 'Contract'], ['governing_law', 'Governing law', 'text', 'Contract'], ['effective_date', 'Effective date', 'date', 'Dates'], ['expiration_date', 'Expiration date', 'date', 'Dates'],
  ['term', 'Term', 'duration', 'Dates'], ['auto_renewal', 'Auto-renewal', 'flag', 'Renewal'], ['notice_period', 'Notice period', 'duration', 'Renewal'], ['payment_terms', 'Payment terms', 'payment_terms', 'Money'], ['total_contract_value', 'Total contract value', 'money', 'Money'],
  ['liability_cap', 'Liability cap', 'cap', 'Risk'], ['uptime_target', 'Uptime target', 'percentage', 'Service level'], ['service_credits', 'Service credits', 'tiers', 'Service level'], ['claim_window', 'Claim window', 'duration', 'Service level'], ['currency', 'Currency', 'text', 'Money'], ['zone', 'Time zone', 'text', 'Service level'],
].map(([name, label, kind, group]) => ({ name, label, kind, group, also: name === 'liability_cap' ? ['money', 'text'] : undefined, required: true, high_stakes: ['liability_cap', 'auto_renewal', 'notice_period', 'total_contract_value'].includes(name) }));

const trace = [
  { rule: 'Clock starts when the ticket is reported', inputs: 'INC0012345 opened 12 Mar 2026, 13:00 UTC', result: '12 Mar 2026, 09:00 (America/New_York)', clause: 'B 2.2' },
  { rule: 'Pauses do not count', inputs: 'awaiting customer 14:10 to 14:40 UTC', result: '30 min taken off', clause: 'B 2.3', event_ids: ['evt_2', 'evt_3'] },
  { rule: 'Counted time against the target', inputs: '4 h 52 min of 4 h', result: '121.666667 %, breached at 12 Mar 2026, 17:30 UTC', clause: 'B 2.2' },
];
export const finding = (id, title, severity, state, more = {}) => ({ id, contract_id: 'con_acme', obligation_id: 'obl_p1', occurrence_id: 'occ_1', kind: 'resolution_time', severity, state, title, subject: 'INC0012345', occurred_at: '2026-03-12T17:30:00Z',
  message: 'Ticket INC0012345 breached the agreed 4-hour resolution window. Customer: Acme Corp. Contract: SA-2023-789.', clause: [passage('Halden shall meet the following times, counted from the time at which the Incident is reported', 'B 2.2')],
  assessment: { status: severity === 'breach' ? 'breached' : 'at_risk', elapsed: '4h52m0s', target: '4h0m0s', percent: '121.666667', threshold: '90', trace }, event_ids: ['evt_1'], lead: 'Rosalind Tan', version: 1, ...stamp, ...more });
export const findings = () => [
  finding('fnd_uptime', 'Uptime of Halden Dispatch in February 2026 was 99.61 %', 'breach', 'open', { kind: 'availability', subject: '2026-02 Halden Dispatch', occurred_at: '2026-03-01T05:00:00Z', message: 'Uptime of Halden Dispatch in February 2026 was 99.610119 %, below the agreed 99.9 %. Customer: Acme Corp. Contract: SA-2023-789.', amount: usd('4250.00'), credit: 'waiting_approval', claim_by: '2026-03-30', approval_id: 'apr_1',
    assessment: { status: 'breached', measured: '99.610119', target: '99.9', amount: usd('4250.00'), claim_by: '2026-03-30', trace: [
      { rule: 'Minutes of the month', inputs: '28 days × 1,440', result: '40,320' }, { rule: 'Downtime in whole minutes', inputs: '3 outages, 1 excluded as maintenance', result: '157.2 min', clause: 'B 3.3' },
      { rule: 'Uptime percentage', inputs: '(40,320 − 157.2) / 40,320', result: '99.610119 %', clause: 'B 3.2' }, { rule: 'Tier', inputs: 'from 99.5 to below 99.9', result: '10 %', clause: 'B 4.1' }, { rule: 'Credit', inputs: '10 % × 42,500.00 USD', result: '4,250.00 USD', clause: 'B 4.1' }] },
    corrections: [{ at: '2026-03-05T08:00:00Z', reason: 'an outage of 12 Feb was reported late', severity: 'at_risk', earlier: { status: 'met', measured: '99.912' }, delta: usd('4250.00') }] }),
  finding('fnd_p1', 'Ticket INC0012345 passed 4 hours', 'breach', 'open', { record_ref: { object: 'incident', external_id: 'INC0012345', url: 'https://itsm.example/INC0012345' } }),
  finding('fnd_risk', 'Ticket INC0012388 is at 90 % of 4 hours', 'at_risk', 'open', { subject: 'INC0012388', occurred_at: '2026-03-27T14:36:00Z', message: 'Ticket #INC0012388 is at 90% of agreed 4-hour resolution window. Customer: Acme Corp. Contract: SA-2023-789.', assessment: { status: 'at_risk', elapsed: '3h36m0s', target: '4h0m0s', percent: '90', threshold: '90', trace } }),
  finding('fnd_todo', 'Invoice 25000.00 USD for Go-live', 'info', 'open', { kind: 'milestone', obligation_id: 'obl_mile', subject: 'Go-live', occurred_at: '2026-03-02T05:00:00Z', amount: usd('25000.00'), lead: '', event_ids: [], message: 'It was reached on 1 Mar 2026. Payable: 25000.00 USD, by 31 Mar 2026. We may invoice 25000.00 USD. Customer: Acme Corp. Contract: SA-2023-789.',
    assessment: { status: 'met', amount: usd('25000.00'), measured: '2026-03-01', trace: [{ rule: 'accepted', inputs: 'reported', result: 'Sun 2026-03-01' }, { rule: 'may be invoiced', inputs: 'reached on Sun 2026-03-01', result: '25000.00 USD, due Tue 2026-03-31' }] } }),
  finding('fnd_old', 'Response to INC0011870 took 41 minutes', 'breach', 'waived', { kind: 'response_time', subject: 'INC0011870', contract_id: 'con_muller', occurred_at: '2026-03-03T07:11:00Z' }),
];
export const approvals = () => [{ id: 'apr_1', contract_id: 'con_acme', finding_id: 'fnd_uptime', kind: 'credit', amount: usd('4250.00'), limit: usd('1000.00'), state: 'waiting', excluded: ['usr_mira'], ...stamp }];
export const events = [
  { id: 'evt_1', external_id: 'sys/1', kind: 'ticket_opened', subject: 'INC0012345', occurred_at: '2026-03-12T13:00:00Z', received_at: '2026-03-12T13:00:41Z', data: { priority: 'P1', title: 'Dispatch board does not load', customer: 'Acme Corp.' }, matched_by: 'company name Acme Corp. is linked to the customer Acme Corporation' },
  { id: 'evt_2', external_id: 'sys/2', kind: 'ticket_paused', subject: 'INC0012345', occurred_at: '2026-03-12T14:10:00Z', received_at: '2026-03-12T14:11:00Z', data: { reason: 'awaiting customer' } },
  { id: 'evt_3', external_id: 'sys/3', kind: 'ticket_resumed', subject: 'INC0012345', occurred_at: '2026-03-12T14:40:00Z', received_at: '2026-03-12T14:41:00Z', data: {} },
  { id: 'evt_4', external_id: 'sys/4', kind: 'ticket_resolved', subject: 'INC0012345', occurred_at: '2026-03-12T18:22:00Z', received_at: '2026-03-14T08:00:00Z', data: { lead: 'Rosalind Tan' } },
];
const action = (id, connection_id, kind, object, state, more = {}) => ({ id, key: `${id}/v1`, connection_id, contract_id: 'con_acme', kind, object, fields: { Auto_Renew__c: true, Contract_Renewal_Date__c: '2026-07-01' }, state, attempts: 1, ...stamp, ...more });
export const actions = () => [
  action('act_1', 'cnn_crm', 'update_record', 'Opportunity', 'done', { external_id: '006Hs00001', receipt: { external_id: '006Hs00001', at: '2026-03-20T10:02:00Z', url: 'https://crm.example/006Hs00001' } }),
  action('act_2', 'cnn_crm', 'upsert_obligation', 'Contract_Obligation__c', 'denied', { reason: 'The other system refused: the integration user may not create Contract_Obligation__c. Give it the permission there, then try again.', attempts: 2 }),
  action('act_3', 'cnn_crm', 'update_record', 'Opportunity', 'conflict', { reason: 'Renewal date was changed there by a person on 19 Mar 2026. Choose whose value stands.' }),
  // Rows as a played month leaves them, one below the other: small links and small folds close together.
  ...['Response to P1 incidents', 'Resolution of P1 incidents', 'Notice before the renewal', 'Availability of Halden Dispatch'].map((name, i) => action(`act_1${i}`, 'cnn_crm', 'upsert_by_key', 'Contract_Obligation__c', 'done', { target_key: `obl_1${i}`, external_id: `a00Hs0000${i}`, fields: { Name: name, Type__c: 'response_time', Status__c: 'Pending' }, receipt: { external_id: `a00Hs0000${i}`, at: '2026-03-20T10:02:00Z', url: `https://crm.example/a00Hs0000${i}` } })),
  ...[1, 2, 3, 4].map((i) => action(`act_2${i}`, 'cnn_clm', 'upsert_obligation', 'obligation', 'done', { target_key: `fnd_${i}`, external_id: `6eecfcda-0917-47b1-a8cc-f8a3cfe83e6${i}`, fields: { name: `SLA Risk: ticket INC001234${i}`, status: 'Pending' }, receipt: { external_id: `6eecfcda-0917-47b1-a8cc-f8a3cfe83e6${i}`, at: '2026-03-20T10:02:00Z', url: `https://clm.example/obligation/${i}` } })),
  action('act_4', 'cnn_itsm', 'add_comment', 'incident', 'done', { external_id: 'INC0012345', finding_id: 'fnd_p1', fields: { comment: 'Ticket INC0012345 breached …' }, receipt: { external_id: 'INC0012345', at: '2026-03-12T17:30:04Z', found: true, url: 'https://itsm.example/INC0012345' } }),
  action('act_5', 'cnn_itsm', 'add_comment', 'incident', 'unavailable', { external_id: 'INC0012388', finding_id: 'fnd_risk', reason: 'No answer after 8 tries (503). It is tried again when the system is back, or by hand.', attempts: 8 }),
];

/** Where a term that was not found may be said, as the server's /nearest answers it. */
export const nearest = {
  claim_window: { document_id: 'doc_acme', pages: 10, blocks: 96, passages: [
    { ...passage('To receive a Service Credit the Customer must submit a claim in writing within thirty (30) days after the end of the calendar month in which the Uptime Commitment was not met.', 'B 4.2'), words: ['claim', 'within', 'days', 'service credit'] },
    { ...passage('A credit that is not claimed in time lapses.', 'B 4.2'), words: ['credit'] },
    { ...passage('Halden shall apply a Service Credit to the next invoice after the claim is confirmed.', 'B 4.3'), words: ['claim', 'service credit'] },
  ] },
};

const stray = (id, kind, subject, more = {}) => ({ id, business_unit: 'emea', connection_id: 'cnn_itsm', contract_id: '', external_id: `${id}/1`, kind, subject, occurred_at: '2026-03-26T08:12:00Z', received_at: '2026-03-26T08:13:00Z', data: {}, ...more });
export const unmatched = () => [
  { event: stray('evt_u1', 'ticket_opened', 'INC0013007', { data: { title: 'Labels do not print', customer: 'Acme', priority: 'P2', url: 'https://itsm.example/INC0013007' } }), events: 3, last_at: '2026-03-26T10:40:00Z', reason: 'customer "Acme": two companies are as close, Acme Corporation and Acme Freight Ltd' },
  { event: stray('evt_u2', 'outage', 'Halden Relay', { data: { service: 'Halden Relay' }, occurred_at: '2026-03-24T02:00:00Z' }), events: 1, last_at: '2026-03-24T02:00:00Z', reason: 'the source names no customer, and no contract promises the service "Halden Relay"' },
];
export const aside = () => [{ event: stray('evt_u3', 'ticket_opened', 'INC0012999', { data: { title: 'Test', customer: 'Umbrella SA' }, ignored: 'A test ticket of our own.' }), events: 2, last_at: '2026-03-20T08:00:00Z', reason: 'A test ticket of our own.' }];
export const eventOptions = {
  evt_u1: { reason: 'customer "Acme": two companies are as close, Acme Corporation and Acme Freight Ltd', options: [
    { contract_id: 'con_acme', title: 'Master Subscription Agreement', number: 'SA-2023-789', customer: 'Acme Corporation', score: '0.9100', explanation: ['the first word of the name is the same', 'the legal form is missing on one side'] },
    { contract_id: 'con_tidewater', title: 'Order form 3391', number: 'TW-OF-3391', customer: 'Acme Freight Ltd', score: '0.8900', explanation: ['the first word of the name is the same'] }] },
};
