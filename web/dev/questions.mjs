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

/** What the server does with an answer, and what the monitor makes of it a moment later. */
export function answer(state, id, body, refuse) {
  const f = state.findings.find((x) => x.id === id);
  if (body.revision !== state.uptime.revision) refuse(409, 'Conflict', `${state.uptime.title} changed meanwhile. Look at it again, then answer.`, { kind: 'conflict' });
  if (body.params?.target === '120') refuse(422, 'Unprocessable Entity', 'The parameters can not be used like this: The availability must lie above 0 and not above 100 percent. Nothing was changed.', { kind: 'invalid', errors: [{ location: 'body.params.target', message: 'The availability must lie above 0 and not above 100 percent. Which percentage is promised?' }] });
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
  if (body.from >= '2026-01-01') return { report: { as_of: now, from: body.from, to: body.to, occurrences: [] }, differences: [], events: 0 };
  const changed = Boolean(body.changes) || Boolean(body.without);
  const october = judged('2025-10', '99.62', changed ? 'met' : 'breached', changed ? {} : { amount: usd('1200.00') });
  return {
    report: { as_of: now, from: body.from, to: body.to, occurrences: [october, judged('2025-11', '99.45', 'breached', { amount_state: 'ambiguous' }), judged('2025-12', '99.97', 'met')], ...(changed ? {} : { totals: [{ obligation: 'availability', amount: usd('1200.00') }] }),
      questions: [{ obligation: 'availability', occurrence: '2025-11', ambiguity: { code: 'tier_gap', question: gap, outcomes: outcomes() } }], next: [{ at: '2026-04-01T00:00:00Z', obligation: 'availability', occurrence: '2026-03' }] },
    differences: changed ? [{ obligation: 'availability', kind: 'availability', key: '2025-10', subject: 'Halden Relay 2025-10', registered: { status: 'breached', amount: usd('1200.00') }, changed: { status: 'met' }, delta: usd('-1200.00') }] : [], events: 7,
  };
}
