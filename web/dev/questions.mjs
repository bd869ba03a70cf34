// Fixtures of what people answer, replay and bring: questions of findings, charges, backtests and tables of events. See data.mjs.
import { finding, now } from './data.mjs';
import { passage } from './reading.mjs';

const usd = (value) => ({ value, currency: 'USD' });
const clause = () => [passage('P1 – Critical 30 minutes 4 hours 24x7', 'B 2.2')];
const gap = '99.45 % falls in no row of the credit table. Which credit is due?';

/** The obligation that the questions are about, in force with what was answered. */
export const uptime = () => ({ id: 'obl_up', key: 'availability', kind: 'availability', title: 'Keep the service available 99.9 % of each month', bearer: 'supplier', beneficiary: 'customer', confidence: '0.86', in_force: { from: '2024-07-01' }, revision: 1, evidence: clause(),
  params: { service: 'Halden Relay', target: '99.9', zone: 'UTC', tiers: [{ from: '99.5', below: '99.9', credit: '10' }, { below: '99.4', credit: '25' }] } });

const outcomes = () => [
  { reading: 'below 99.4 %: 25 %', amount: usd('3000.00'), set: '"tiers": [{"below":"99.5","credit":"25"}]' },
  { reading: 'from 99.5 % to below 99.9 %: 10 %', amount: usd('1200.00'), set: '"tiers": [{"from":"99.4","below":"99.9","credit":"10"}]' },
];
const open = (id, month, state, more = {}) => finding(id, `Uptime of Halden Relay in ${month} was 99.45 %`, 'breach', 'open', { obligation_id: 'obl_up', kind: 'availability', subject: `${month} Halden Relay`, occurred_at: '2025-11-30T22:00:00Z', clause: clause(),
  message: `Halden Relay ${month}: measured 99.45 %, promised 99.9 %.`, assessment: { status: 'breached', measured: '99.45', target: '99.9', amount_state: state, trace: [{ rule: 'availability', inputs: '(43200 - 237.6) / 43200', result: '99.45 %' }], ...more } });
export const questions = () => [
  open('fnd_gap', '2025-11', 'ambiguous', { ambiguities: [{ code: 'tier_gap', question: gap, outcomes: outcomes() }] }),
  open('fnd_gap2', '2025-10', 'ambiguous', { ambiguities: [{ code: 'tier_gap', question: gap, outcomes: outcomes() }] }),
  open('fnd_charge', '2025-09', 'needs_charge'),
];

const known = (f, amount) => Object.assign(f, { amount, credit: 'due', revision: f.revision + 1, assessment: { ...f.assessment, amount, amount_state: undefined, ambiguities: undefined } });

const october = (was, is) => ({ contract_id: 'con_acme', finding_id: 'fnd_uptime', title: 'availability: 2025-10', was: 'breached', is: 'breached', was_amount: usd(was), is_amount: usd(is) });
/** An answer that takes October back waits for a second person. */
export const waitingAnswer = (obligation, { question, reading, reason, revision }, by, more, finding = '') => ({ id: 'apr_a', business_unit: 'emea', contract_id: 'con_acme', finding_id: finding, kind: 'answer', state: 'waiting', excluded: [by], revision: 1, created_at: now, updated_at: now,
  answer: { obligation_id: obligation.id, ...more, obligation: obligation.title, question, reading, reason, by, revision,
    lowers: [october('4250.00', '1200.00'), { contract_id: 'con_acme', title: 'availability: 2025-08', was: 'breached', is: 'met' }] } });
/** The same given by a colleague. */
export const colleaguesAnswer = (state) => state.approvals.push(waitingAnswer(state.uptime, { question: gap, reading: 'from 99.5 % to below 99.9 %: 10 %', reason: 'as agreed by telephone', revision: 1 }, 'usr_jon', { of_finding: true }, 'fnd_gap'));
/** The decision of an approver: only as it was seen; a charge that came in between makes it another answer. */
export function decideAnswer(state, a, body, refuse) {
  if (a.state !== 'waiting') refuse(409, 'Conflict', `This answer is ${a.state} already.`, { kind: 'conflict' });
  if (state.chargedBetween) {
    state.chargedBetween = false;
    Object.assign(a, { revision: a.revision + 1, answer: { ...a.answer, lowers: [october('42500.00', '12000.00')] } });
    refuse(409, 'Conflict', 'This answer takes back other things now than when you looked at it. Look again at what it takes back, then decide. It was not approved.', { kind: 'conflict' });
  }
  if (body.revision !== a.revision) refuse(409, 'Conflict', 'The answer changed meanwhile. Look at it again.', { kind: 'conflict' });
  return Object.assign(a, { state: body.kind === 'approve' ? 'approved' : 'refused', reason: body.reason, revision: a.revision + 1 });
}
export function withdrawAnswer(a, body, refuse) {
  if (a.answer?.by !== 'usr_mira') refuse(403, 'Forbidden', 'Only who gave this answer takes it back. An approver refuses it instead. Nothing was changed.', { kind: 'denied' });
  if (a.state !== 'waiting') refuse(409, 'Conflict', `This answer was ${a.state} meanwhile, so it can not be taken back. Nothing was changed.`, { kind: 'conflict' });
  return Object.assign(a, { state: 'withdrawn', decided_by: 'usr_mira', reason: body.reason, revision: a.revision + 1 });
}

/** What the server does with an answer, and what the monitor makes of it a moment later. */
export function answer(state, id, body, refuse) {
  const f = state.findings.find((x) => x.id === id);
  if (body.revision !== state.uptime.revision) refuse(409, 'Conflict', `${state.uptime.title} changed meanwhile. Look at it again, then answer.`, { kind: 'conflict' });
  if (body.params?.target === '120') refuse(422, 'Unprocessable Entity', 'The parameters can not be used like this: The availability must lie above 0 and not above 100 percent. Nothing was changed.', { kind: 'invalid', errors: [{ location: 'body.params.target', message: 'The availability must lie above 0 and not above 100 percent. Which percentage is promised?' }] });
  if (body.params?.maintenance_hours?.week?.[0]?.until === '25:00') refuse(422, 'Unprocessable Entity', 'The parameters can not be used like this. Nothing was changed.', { kind: 'invalid', errors: [{ location: 'body.params.maintenance_hours', message: '"25:00" is no time of day; write it as 06:00.' }] });
  if (body.reason.includes('by telephone')) { // it takes October back: a second person decides
    const waiting = waitingAnswer(state.uptime, body, 'usr_mira', { of_finding: true }, id);
    state.approvals.push(waiting);
    return { out: { obligation: state.uptime, version: 1, waiting }, follow: () => {} };
  }
  const chosen = f.assessment.ambiguities[0].outcomes.find((o) => o.reading === body.reading);
  const said = { statement: { by: 'usr_mira', at: now, text: `${body.question} Answer: ${body.reading ?? 'the parameters were stated'}. Why: ${body.reason}` } };
  state.uptime = { ...state.uptime, revision: state.uptime.revision + 1, evidence: [...state.uptime.evidence, said] };
  const follow = () => state.findings.filter((x) => x.assessment.ambiguities?.[0]?.question === body.question).forEach((x) => { x.clause = state.uptime.evidence; known(x, chosen?.amount ?? usd('600.00')); });
  return { out: { decision: { id: 'dec_q', business_unit: 'emea', contract_id: 'con_acme', review_id: 'rev_acme', candidate_id: 'can_1', kind: 'answer', by: 'usr_mira', at: now, reason: body.reason, before: 'accepted' }, obligation: state.uptime, version: 2 }, follow };
}

export function charge(state, body, refuse) {
  if (Number(body.amount.value) < 0) refuse(422, 'Unprocessable Entity', 'The charge is no sum with a currency; write 5000.00 and USD. Nothing was kept.', { kind: 'invalid' });
  const f = state.findings.find((x) => x.assessment.amount_state === 'needs_charge');
  return { out: { id: 'evt_c', kind: 'charge', external_id: 'charge/1', subject: body.service, occurred_at: now, data: { service: body.service, month: body.month, amount: body.amount } }, follow: () => f && known(f, usd((Number(body.amount.value) / 10).toFixed(2))) };
}

const judged = (key, measured, status, more = {}) => ({ obligation: 'availability', kind: 'availability', key, subject: `Halden Relay ${key}`, period: { start: `${key}-01T00:00:00Z` }, assessment: { status, at: now, due_at: `${key}-28T00:00:00Z`, measured, target: '99.9', ...more,
  trace: [{ rule: 'availability', inputs: '(43200 - 237.6) / 43200', result: `${measured} %`, clause: 'B 3.2' }, { rule: 'band of the credit table', inputs: `${measured} %`, result: 'from 99.5 % to below 99.9 %: 10 %', clause: 'B 4.1' }] } });

/** A replay as the server answers it: what was asked for changes its judgements. */
export function replay(body, refuse) {
  const patch = body.changes?.[0]?.params ?? {};
  if (patch.target === '120') refuse(422, 'Unprocessable Entity', 'The terms can not be changed like this: The availability must lie above 0 and not above 100 percent.', { kind: 'invalid', errors: [{ location: 'body.changes[0].params.target', message: 'The availability must lie above 0 and not above 100 percent. Which percentage is promised?' }] });
  if (body.from >= '2026-01-01') return { report: { as_of: now, from: body.from, to: body.to, occurrences: [] }, differences: [], events: 0, unused: 0, passed: [] };
  const changed = Boolean(body.changes) || Boolean(body.without);
  const october = judged('2025-10', '99.62', changed ? 'met' : 'breached', changed ? {} : { amount: usd('1200.00') });
  return {
    report: { as_of: now, from: body.from, to: body.to, occurrences: [october, judged('2025-11', '99.45', 'breached', { amount_state: 'ambiguous' }), judged('2025-12', '99.97', 'met')], ...(changed ? {} : { totals: [{ obligation: 'availability', amount: usd('1200.00') }] }),
      questions: [{ obligation: 'availability', occurrence: '2025-11', ambiguity: { code: 'tier_gap', question: gap, outcomes: outcomes() } }], next: [{ at: '2026-04-01T00:00:00Z', obligation: 'availability', occurrence: '2026-03' }],
      unused: [{ event_id: 'evt_typo', external_id: 'OUT-77', kind: 'outage', subject: 'Halden Realy', on: '2025-11-10T08:00:00Z', why: 'name', message: 'No obligation is about the service "Halden Realy"; there is "Halden Relay". Perhaps "Halden Relay" is meant.', meant: 'Halden Relay' }] },
    differences: changed ? [{ obligation: 'availability', kind: 'availability', key: '2025-10', subject: 'Halden Relay 2025-10', registered: { status: 'breached', amount: usd('1200.00') }, changed: { status: 'met' }, delta: usd('-1200.00') }] : [], events: 7, unused: 1, passed: [],
  };
}

const field = (path, type = 'text', more = {}) => ({ path, type, ...more });
const common = [field('external_id', 'text', { required: true }), field('subject'), field('occurred_at', 'instant', { required: true }), field('data.contract')];
export const eventKinds = () => [
  { kind: 'charge', title: 'Charge', subject: 'name of the service', fields: [...common, field('data.service'), field('data.month'), field('data.amount.value', 'number'), field('data.amount.currency', 'currency')], needs: ['external_id', 'occurred_at', 'data.amount', 'data.month', 'data.service'], for: ['availability', 'service_level'] },
  { kind: 'payment', title: 'Payment', subject: 'number of the invoice', fields: [...common, field('data.amount.value', 'number'), field('data.amount.currency', 'currency'), field('data.date', 'date')], needs: ['external_id', 'occurred_at', 'data.amount'], for: ['invoice_payment'] },
  { kind: 'sample', title: 'Sample', subject: 'name of the service', fields: common, needs: ['external_id', 'occurred_at'], for: ['availability'] },
];
export const imports = () => [{ id: 'imp_1', business_unit: 'emea', name: 'payments-february.csv', sha256: 'ab'.repeat(32), mapping: { kind: 'payment', columns: [{ column: 'No', field: 'external_id' }, { column: 'Paid', field: 'data.amount.value' }, { column: 'On', field: 'occurred_at' }], fixed: [{ field: 'data.amount.currency', value: 'EUR' }], dates: 'dmy' }, lines: 3, events: 2, new: 2, repeated: 0, unmatched: 0, rejected: 1, rejections: [{ line: 4, text: 'P-3,soon,12.50', problems: ['"soon" is no date; write 31.3.2026.'] }], by: 'usr_mira', created_at: '2026-03-02T09:30:00Z' }];

const meanings = { id: 'external_id', no: 'external_id', service: 'data.service', month: 'data.month', amount: 'data.amount.value', currency: 'data.amount.currency', date: 'occurred_at' };

/** A table as the server reads it, as far as the tests go: cells by commas, amounts that are numbers. */
export function importTable(state, body, refuse) {
  const [heads, ...lines] = body.csv.trim().split('\n').map((l) => l.split(','));
  const map = body.mapping;
  const has = (f) => [...map.columns, ...(map.fixed ?? [])].some((x) => x.field === f);
  if (!has('external_id')) refuse(422, 'Unprocessable Entity', 'The columns are not mapped as they must be: map a column to external_id: by it a line that is brought again is known. Nothing was kept.', { kind: 'invalid', errors: [{ location: 'mapping.columns', message: 'map a column to external_id: by it a line that is brought again is known' }] });
  const at = (line, f) => map.columns.filter((x) => x.field === f).map((x) => line[heads.indexOf(x.column)]).join('/') || (map.fixed ?? []).find((x) => x.field === f)?.value;
  const rejections = [];
  const preview = [];
  const warnings = [];
  lines.forEach((line, i) => {
    const amount = at(line, 'data.amount.value');
    if (amount !== undefined && !/^\d+(\.\d+)?$/.test(amount)) { rejections.push({ line: i + 2, text: line.join(','), problems: [`"${amount}" is no number.`] }); return; }
    const service = at(line, 'data.service');
    if (service === 'Halden Realy') warnings.push({ line: i + 2, external_id: at(line, 'external_id'), field: 'data.service', message: 'No obligation is about the service "Halden Realy"; there is "Halden Relay". Perhaps "Halden Relay" is meant.', suggestion: 'Halden Relay' });
    if (map.kind === 'payment') warnings.push({ line: i + 2, external_id: at(line, 'external_id'), field: 'subject', message: 'Nothing of the name "INV-9" was reported yet (invoice). It is kept, and counts as soon as that comes.', waits: true });
    preview.push({ line: i + 2, event: { id: '', kind: map.kind, external_id: at(line, 'external_id'), subject: at(line, 'data.service') ?? '', occurred_at: '2026-02-28T12:00:00Z', data: {} }, contract_id: 'con_acme', matched_by: 'names contract SA-2023-789' });
  });
  const row = { ...imports()[0], id: `imp_${state.imports.length + 1}`, name: body.name, mapping: map, lines: lines.length, events: preview.length, new: preview.length, repeated: 0, unmatched: 0, rejected: rejections.length, rejections, created_at: now };
  if (!body.dry_run) state.imports.unshift(row);
  return { import: row, columns: heads.map((column, i) => ({ column, samples: lines.slice(0, 3).map((l) => l[i] ?? ''), suggested: meanings[column.toLowerCase()] })), preview, warnings, dry_run: Boolean(body.dry_run) };
}
