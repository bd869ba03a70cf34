// Fixtures of the register of obligations, the renewals, the claims and the engines. See data.mjs.
import { contracts, now } from './data.mjs';
import { passage } from './reading.mjs';

const usd = (value) => ({ value, currency: 'USD' });
const today = now.slice(0, 10);
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
const contractOf = (id) => contracts.find((c) => c.id === id);

const duty = (id, contract_id, kind, title, side, more = {}) => {
  const c = contractOf(contract_id);
  return {
    id, business_unit: 'emea', contract_id, family_id: c.family_id, contract_title: c.title, contract_number: c.number, customer: c.customer, key: `${kind}/${id}`, kind, title, bearer: side === 'ours' ? 'customer' : side === 'theirs' ? 'supplier' : '', beneficiary: '',
    side, owner: c.owner, own_owner: '', deliverable: '', frequency: '', starts_on: '2024-07-01', ends_on: '9999-12-31', listed_until: '9999-12-31', document_id: '', inherited_from: '', inherited_contract_id: '', inherited_contract_title: '', check_in_due: '', check_in_state: '', occurrence_id: '', subject: '', status: '', due_on: '', due_order: more.due_on ?? '9999-12-31', revision: 1, open: 0, ...more,
  };
};

export const duties = () => [
  duty('obl_report', 'con_acme', 'reporting', 'Deliver the monthly service report', 'theirs', { status: 'breached', due_on: '2026-03-05', due_at: '2026-03-05T23:59:59Z', occurrence_id: 'occ_r', subject: 'February 2026', assessment: { status: 'breached' } }),
  duty('obl_p1', 'con_acme', 'resolution_time', 'Resolve P1 incidents within 4 hours', 'theirs', { status: 'at_risk', due_on: '2026-03-27', due_at: '2026-03-27T17:30:00Z', occurrence_id: 'occ_p1', subject: 'INC0012388', open: 3, check_in_due: '2026-03-20', check_in_state: 'at_risk', assessment: { status: 'at_risk', elapsed: '3h36m0s', target: '4h0m0s', percent: '90' } }),
  duty('obl_up', 'con_acme', 'availability', 'Keep the service available 99.9 % of each month', 'theirs', { status: 'on_track', due_on: '2026-03-31', due_at: '2026-04-01T00:00:00Z', occurrence_id: 'occ_up', subject: '2026-03 Halden Dispatch', open: 1, own_owner: 'mira@halden.example', owner: 'mira@halden.example', assessment: { status: 'on_track', at: now, measured: '99.98', target: '99.9' } }),
  duty('obl_notice', 'con_acme', 'renewal_notice', 'Notice of non-renewal', 'ours', { status: 'at_risk', due_on: '2026-04-01', due_at: '2026-04-02T00:00:00Z', occurrence_id: 'occ_n', subject: 'Renewal on 2026-07-01', open: 1, assessment: { status: 'at_risk', measured: '2026-04-01' } }),
  duty('obl_pay', 'con_veridian', 'invoice_payment', 'Pay undisputed invoices within 30 days', 'ours', { status: 'on_track', due_on: '2026-03-31', due_at: '2026-03-31T22:00:00Z', occurrence_id: 'occ_pay', subject: 'INV-2026-118', open: 2, assessment: { status: 'on_track' } }),
  duty('obl_mile', 'con_acme', 'milestone', 'Milestones of the rollout', 'ours', { status: 'met', due_on: '2026-03-10', due_at: '2026-03-10T05:00:00Z', occurrence_id: 'occ_mile', subject: 'Go-live', bearer: 'supplier', to_do: [{ finding_id: 'fnd_todo', title: 'Invoice 25000.00 USD for Go-live', amount: usd('25000.00') }], assessment: { status: 'met' } }),
  duty('obl_cert', 'con_tessel', 'certificate', 'Hold general liability insurance of 5,000,000 USD', 'unknown', { owner: '' }),
];

export function dutiesOf(list, query) {
  const q = (name) => query.get(name) ?? '';
  const among = (name, value) => !q(name) || q(name).split(',').includes(value);
  const text = q('q').toLowerCase();
  return list.filter((d) => among('kind', d.kind) && among('side', d.side) && among('state', d.status || 'none') && among('contract_id', d.contract_id) && among('family_id', d.family_id) && (!q('check_ins') || (d.check_in_due && (q('check_ins') === 'due' || d.check_in_due < today))) && (!q('owner') || (q('owner') === 'nobody' ? d.owner === '' : d.owner === q('owner')))
    && (!q('due_from') || (d.due_on && d.due_on >= q('due_from'))) && (!q('due_to') || (d.due_on && d.due_on <= q('due_to'))) && text.split(/\s+/).every((w) => [d.title, d.contract_title, d.customer, d.subject].some((t) => t.toLowerCase().includes(w)))).sort((a, b) => (a.due_order < b.due_order ? -1 : 1));
}

export function dueMonth(list, query) {
  const month = query.get('month') || today.slice(0, 7);
  const found = dutiesOf(list, query).filter((d) => d.due_on.startsWith(month));
  return { month, days: [...new Set(found.map((d) => d.due_on))].map((date) => ({ date, count: found.filter((d) => d.due_on === date).length, late: found.filter((d) => d.due_on === date && d.status === 'breached').length })) };
}

const renewal = (id, contract_id, notice, more = {}) => {
  const c = contractOf(contract_id);
  const send_by = more.send_by ?? c.send_by ?? '';
  return {
    id, business_unit: 'emea', contract_id, family_id: c.family_id, contract_title: c.title, contract_number: c.number, contract_type: c.contract_type, customer: c.customer, owner: c.owner, phase: c.phase, auto_renewal: c.auto_renewal, total_value: c.total_value,
    expiration_date: c.expiration_date ?? '', form: 'dated', renewal_date: c.renewal_date ?? '', send_by, outlook_on: send_by || (c.renewal_date ?? ''), obligation_id: 'obl_n', occurrence_id: id, status: 'on_track', notice, ...(send_by ? { days_left: days(today, send_by) } : {}), ...more,
  };
};
export const renewals = () => [
  renewal('occ_late', 'con_tessel', 'late', { send_by: '2026-03-20', renewal_date: '2026-06-18', outlook_on: '2026-03-20', auto_renewal: true, status: 'excused', days_left: -7 }),
  renewal('occ_n', 'con_acme', 'open', { status: 'at_risk', without_notice: 'renew', clause: [passage('P1 – Critical 30 minutes 4 hours 24x7', 'B 2.2')] }),
  renewal('occ_sent', 'con_veridian', 'sent', { status: 'met', ends_on: '2026-07-14', sent: { event_id: 'evt_n', on: '2026-03-16', reference: 'registered letter RL 4471', by: 'recorded by Jon Aldous' } }),
  renewal('con_brightwater', 'con_brightwater', 'not_needed', { obligation_id: '', occurrence_id: '', status: '', auto_renewal: false, renewal_date: '2026-06-12', outlook_on: '2026-06-12' }),
  renewal('con_muller', 'con_muller', 'unknown', { obligation_id: '', occurrence_id: '', status: '', send_by: '', days_left: undefined, renewal_date: '2026-08-01', outlook_on: '2026-08-01', auto_renewal: undefined }),
];
export const evergreen = () => [renewal('occ_ever', 'con_kestrel', 'any_time', { form: 'evergreen', renewal_date: '', send_by: '', outlook_on: '', days_left: undefined, ends_on: '2026-05-31' })];
export function renewalsOf(state, query) {
  if (query.get('evergreen') === 'true') return state.evergreen;
  const until = new Date(Date.parse(today) + Number(query.get('days') ?? 180) * 86_400_000).toISOString().slice(0, 10);
  const text = (query.get('q') ?? '').toLowerCase();
  return state.renewals.filter((r) => (query.get('early_notice') === 'true' ? r.renewal_date > until && r.send_by !== '' && r.send_by <= until : r.renewal_date <= until) && [r.contract_title, r.customer, r.owner].some((t) => t.toLowerCase().includes(text)));
}

/** What was done about the credits of two findings. */
export const claims = () => [
  { id: 'clm_1', business_unit: 'emea', contract_id: 'con_acme', finding_id: 'fnd_claimed', state: 'claimed', claimed: usd('1250.00'), reference: 'letter of 3 March', steps: [{ kind: 'claim', at: '2026-03-03T10:00:00Z', by: 'usr_mira', on: '2026-03-03', amount: usd('1250.00'), reference: 'letter of 3 March', finding_version: 1 }], revision: 1, created_at: now, updated_at: now },
];
export const money = (finding) => [
  finding('fnd_due', 'Uptime of Halden Relay in January 2026 was 99.71 %', 'breach', 'confirmed', { kind: 'availability', subject: '2026-01 Halden Relay', occurred_at: '2026-02-01T05:00:00Z', amount: usd('980.00'), credit: 'due', claim_by: '2026-04-02', assessment: { status: 'breached', measured: '99.71', target: '99.9', amount: usd('980.00') } }),
  finding('fnd_claimed', 'Uptime of Halden Relay in December 2025 was 99.52 %', 'breach', 'confirmed', { kind: 'availability', subject: '2025-12 Halden Relay', occurred_at: '2026-01-01T05:00:00Z', amount: usd('1250.00'), credit: 'claimed', claim_by: '2026-03-10', assessment: { status: 'breached', measured: '99.52', target: '99.9', amount: usd('1250.00') } }),
  finding('fnd_euro', 'Delivery of order 4711 came 12 days late', 'breach', 'confirmed', { contract_id: 'con_muller', kind: 'delivery_schedule', subject: '4711', occurred_at: '2026-01-15T05:00:00Z', amount: { value: '2400.00', currency: 'EUR' }, credit: 'expired', claim_by: '2026-02-28', assessment: { status: 'breached', amount: { value: '2400.00', currency: 'EUR' } } }),
];
const sideOf = (finding) => (finding.contract_id === 'con_muller' ? 'ours' : 'theirs');
export function claimsOf(state, query, anyState = false) {
  const among = (name, value) => !query.get(name) || query.get(name).split(',').includes(value);
  return state.findings.filter((f) => f.credit && (anyState || among('state', f.credit)) && among('side', sideOf(f)) && (!query.get('claim_from') || f.claim_by >= query.get('claim_from')) && (!query.get('claim_to') || f.claim_by <= query.get('claim_to')) && f.title.toLowerCase().includes((query.get('q') ?? '').toLowerCase()))
    .sort((a, b) => (a.claim_by < b.claim_by ? -1 : 1)).map((finding) => ({ finding, contract_title: contractOf(finding.contract_id).title, customer: contractOf(finding.contract_id).customer, side: sideOf(finding), claim: state.claims.find((c) => c.finding_id === finding.id), days_left: days(today, finding.claim_by) }));
}
export function sumsOf(rows) {
  const out = new Map();
  for (const { finding: f, side, claim } of rows) {
    const amount = claim?.settled ?? claim?.agreed ?? claim?.claimed ?? f.amount;
    const key = `${f.credit}/${side}/${amount.currency}`;
    const s = out.get(key) ?? { state: f.credit, side, count: 0, amount: { value: '0.00', currency: amount.currency } };
    s.count++;
    s.amount.value = (Number(s.amount.value) + Number(amount.value)).toFixed(2);
    out.set(key, s);
  }
  return [...out.values()];
}

export const engines = () => ({ built_in: ['grammar/4', 'clause/2'], version: 2, spent: { id: '', day: today, tokens: 0, cost: '0', currency: 'USD', calls: 0, revision: 0, updated_at: now } });
export const quality = () => [
  ['notice_period', 'msa', 48, 46, '0.9583'], ['liability_cap', 'msa', 41, 35, '0.8536'], ['resolution_time', 'support', 22, 21, '0.9545'], ['auto_renewal', 'nda', 9, 9, '1'],
].map(([field, contract_type, decided, right, accuracy]) => ({ subject: field === 'resolution_time' ? 'obligation' : 'term', field, contract_type, extractor: 'grammar/4', decided, right, accuracy }));
export const calibration = () => [
  ['governing_law', 30, 3, '0.98', '0.452', 0], ['liability_cap', 0, 0, '0', '0', 12], ['notice_period', 48, 46, '0.9', '0.9411', 6],
].map(([field, decided, right, own, now, left]) => ({ subject: 'term', field, extractor: 'grammar/4', decided, right, own, now, ...(left ? { left_out: left } : {}) }));
export const thresholds = () => [
  { key: 'governing_law', extractor: 'grammar/4', decided: 226, right: 198, threshold: '0.91', at: 140, right_at: 138, accuracy: '0.9857', share: '0.6194', in_force: '0.85' },
  { key: 'liability_cap', extractor: 'grammar/4', decided: 120, right: 118, threshold: '0.5', at: 120, right_at: 118, accuracy: '0.9833', share: '1', in_force: '0.85', named: true },
  { key: 'notice_period', extractor: 'grammar/4', decided: 41, right: 40, at: 0, right_at: 0, accuracy: '0.9756', share: '0', in_force: '0.85', why: 'few' },
  { key: 'obligation/resolution_time', extractor: 'grammar/4', decided: 88, right: 70, at: 0, right_at: 0, accuracy: '0.7954', share: '0', in_force: '0.85', why: 'wrong' },
];
const tally = (samples, right) => ({ samples, right, wrong: samples - right, missing: 0, false: 0 });
export const enginePolicies = () => [
  { id: 'pol_e2', kind: 'engines', version: 2, active: true, state: 'active', body: { extractors: ['grammar'] }, note: 'Reads tables of notice periods', report: { a: 'active', b: 'v2.json', contracts: 60, tolerance: '0', no_worse: true, regressions: [], cells: [{ subject: 'obligation', field: 'reporting', type: 'msa', a: tally(12, 9), b: tally(12, 11) }, { field: 'notice_period', type: 'msa', a: tally(40, 35), b: tally(40, 39) }, { field: 'liability_cap', type: 'msa', a: tally(31, 27), b: tally(31, 27) }] }, created_by: 'usr_mira', created_at: '2026-03-18T09:00:00Z', revision: 1 },
  { id: 'pol_e1', kind: 'engines', version: 1, active: false, state: 'replaced', body: { extractors: ['grammar'] }, note: 'As delivered', created_by: 'usr_mira', created_at: '2026-03-02T09:00:00Z', revision: 1 },
];

/** Months from a day on: those up to today have a state, later ones are ahead. */
export function schedule(query) {
  const later = query.get('from');
  const first = later ? 12 : 0;
  const items = Array.from({ length: later ? 2 : 6 }, (_, i) => {
    const month = new Date(Date.UTC(2026, first + i, 5)).toISOString();
    return { key: month.slice(0, 7), subject: `Service report ${month.slice(0, 7)}`, due_on: month.slice(0, 10), ...(month.slice(0, 10) <= today ? { occurrence_id: `occ_s${i}`, status: i === 1 ? 'breached' : 'met' } : {}) };
  });
  return later ? { from: later, until: '2028-03-27', items } : { from: '2025-12-27', until: '2027-03-27', items, next: '2027-03-27' };
}
