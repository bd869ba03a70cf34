// Fixtures of what a master agreement passes on, of check-ins, escalation, corrected charges and open questions of obligations. See data.mjs.
import { contracts, now } from './data.mjs';
import { waitingAnswer } from './questions.mjs';

const usd = (value) => ({ value, currency: 'USD' });
const invalid = (refuse, errors) => refuse(422, 'Unprocessable Entity', `${errors[0].message} Nothing was changed.`, { kind: 'invalid', errors });
const isMail = (text) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);

/** What people set on obligations, beside what the contract says. */
export const settings = () => ({
  obl_p1: { revision: 1, owner: 'dana@halden.example', check_in: { every: 'month', first: '2026-02-20' }, check_in_due: '2026-03-20', check_in_state: 'at_risk' },
  obl_up: { revision: 1 },
});
export const checkIns = () => [
  { id: 'chk_1', business_unit: 'emea', contract_id: 'con_acme', obligation_id: 'obl_p1', state: 'at_risk', note: 'Two of three shifts are staffed; the third begins in March.', by: 'usr_mira', on: '2026-02-20', due_on: '2026-02-20', next_due: '2026-03-20', created_at: '2026-02-20T10:00:00Z' },
];

const mail = (id, due, level, recipient, check_in, more = {}) => ({ mail: { id, business_unit: 'emea', key: id, channel: 'email', recipient, subject: 'Check-in missed: Resolve P1 incidents within 4 hours', body: '…', contract_id: 'con_acme', obligation_id: 'obl_p1', due_on: due, ...(level ? { level } : {}), check_in, state: 'sent', attempts: 1, revision: 1, created_at: `${due}T10:00:00Z`, updated_at: `${due}T10:00:00Z`, ...more }, obligation: 'Resolve P1 incidents within 4 hours', contract_title: 'Master Subscription Agreement', customer: 'Acme Logistics' });
/** Who was told of a check-in that was missed, the newest first. */
export const checkInMails = () => [
  mail('ntf_4', '2026-03-27', 0, 'dana@halden.example', 'due', { subject: 'Check-in due today: Resolve P1 incidents within 4 hours' }),
  mail('ntf_3', '2026-03-20', 2, 'head@halden.example', 'overdue', { state: 'failed', reason: 'the mail server refused the recipient' }),
  mail('ntf_2', '2026-03-20', 0, 'dana@halden.example', 'overdue'),
  mail('ntf_1', '2026-02-20', 0, 'dana@halden.example', 'answered'),
];

function checkRule(rule, refuse) {
  const errors = [];
  if (!rule?.to?.length) errors.push({ location: 'body.cascade.to', message: 'The rule names no contracts; name sow, order_form, exhibit or child, or take the rule away.' });
  if (rule?.owner && !isMail(rule.owner)) errors.push({ location: 'body.cascade.owner', message: `"${rule.owner}" is no e-mail address; write it as name@example.com, or leave it empty for the owner of each contract.` });
  if (rule?.check_in?.first > '2100-12-31') errors.push({ location: 'body.cascade.check_in.first', message: 'This is no day between 2000 and 2100; write it as 2026-03-31.' });
  if (errors.length) invalid(refuse, errors);
}

/** As the server works it out, as far as the tests go: the statement of work below, and an order that states the same itself. */
export function previewOf(state, id, body, refuse) {
  const rule = body.cascade;
  checkRule(rule, refuse);
  const sow = contracts.find((c) => c.id === 'con_acme_sow');
  const passes = rule.to.includes('sow');
  return { items: [
    { contract_id: sow.id, title: sow.title, number: sow.number, relation: 'sow', outcome: passes ? 'passes' : 'not_named', ...(passes ? { from: '2024-07-15', owner: rule.owner ?? sow.owner, ...(rule.check_in ? { check_in: rule.check_in.first ?? '2026-04-27' } : {}) } : {}), ...(state.settings[id]?.cascade ? { already: true } : {}) },
    { contract_id: 'con_acme_ord', title: 'Order 7', number: 'SA-2023-789-O7', relation: 'order_form', outcome: !rule.to.includes('order_form') ? 'not_named' : rule.override === 'forbidden' ? 'governs' : 'own', ...(rule.to.includes('order_form') ? { from: '2025-02-01' } : {}) },
  ] };
}

function settingOf(state, id, revision, refuse) {
  const s = state.settings[id];
  if (revision !== undefined && revision !== s.revision) refuse(409, 'Conflict', 'The obligation changed meanwhile. Look at it again.', { kind: 'conflict' });
  return s;
}

export function setCascade(state, id, body, refuse) {
  const s = settingOf(state, id, body.revision, refuse);
  if (body.cascade) checkRule(body.cascade, refuse);
  Object.assign(s, { cascade: body.cascade, revision: s.revision + 1 });
  return s;
}

const after = { week: '2026-04-03', two_weeks: '2026-04-10', month: '2026-04-27', quarter: '2026-06-27' };
export function planCheckIns(state, id, body, refuse) {
  const s = settingOf(state, id, body.revision, refuse);
  if (body.check_in?.first > '2100-12-31') invalid(refuse, [{ location: 'body.check_in.first', message: 'This is no day between 2000 and 2100; write it as 2026-03-31.' }]);
  Object.assign(s, { check_in: body.check_in, check_in_due: body.check_in ? (body.check_in.first ?? after[body.check_in.every]) : undefined, revision: s.revision + 1 });
  return s;
}
export function sayCheckIn(state, id, body) {
  const s = state.settings[id];
  const c = { ...checkIns()[0], id: `chk_${state.checkIns.length + 1}`, obligation_id: id, state: body.state, note: body.note, on: now.slice(0, 10), due_on: s.check_in_due, next_due: body.state === 'done' || !s.check_in ? undefined : after[s.check_in.every], created_at: now };
  state.checkIns.unshift(c);
  Object.assign(s, { check_in_state: body.state, check_in_due: c.next_due, revision: s.revision + 1 });
  const d = state.duties.find((x) => x.id === id);
  if (d) Object.assign(d, { check_in_state: body.state, check_in_due: c.next_due ?? '' });
  return { check_in: c, obligation: { id, key: 'k', kind: 'availability', title: '', confidence: '1', in_force: {} } };
}

const zone = 'The hours name no time zone. In which zone does the clock run?';
/** The question that the clause itself asks, and one that a finding asks. */
export const asksOf = (state, obligation) => {
  const waiting = state.approvals.find((a) => a.kind === 'answer' && a.state === 'waiting' && a.answer.obligation_id === obligation.id);
  if (obligation.id === 'obl_p1') return state.zoned ? [] : [{ ...(waiting ? { waiting } : {}), question: { code: 'hours_missing', question: zone, outcomes: [{ reading: 'around the clock, in UTC', set: '"hours": {"zone": "UTC"}' }] }, asked: { ...obligation, revision: state.settings.obl_p1.revision } }];
  const f = state.findings.find((x) => x.id === 'fnd_gap' && x.assessment.ambiguities?.length);
  return f ? [{ ...(waiting ? { waiting } : {}), question: f.assessment.ambiguities[0], occurrence_id: 'occ_gap', subject: '2025-11 Halden Relay', others: 1, finding_id: f.id, asked: state.uptime }] : [];
};
export function answerObligation(state, id, body, refuse) {
  if (body.revision !== state.settings[id].revision) refuse(409, 'Conflict', 'It changed meanwhile. Look at it again, then answer.', { kind: 'conflict' });
  if (body.question !== zone) refuse(409, 'Conflict', 'This is not asked any more. Nothing was changed.', { kind: 'conflict' });
  if (body.reason.includes('by telephone')) {
    const waiting = waitingAnswer({ id, title: 'Resolve P1 incidents within 4 hours' }, body, 'usr_mira', {});
    state.approvals.push(waiting);
    return { obligation: { id, key: 'k', kind: 'resolution_time', title: '', confidence: '1', in_force: {} }, version: 1, waiting };
  }
  state.zoned = true;
  state.settings[id].revision++;
  return { decision: { id: 'dec_z', business_unit: 'emea', contract_id: 'con_acme', review_id: 'rev_acme', candidate_id: 'can_1', kind: 'answer', by: 'usr_mira', at: now, reason: body.reason, before: 'accepted' }, obligation: { id, key: 'k', kind: 'resolution_time', title: '', confidence: '1', in_force: {} }, version: 2 };
}

/** A monthly report that no system reports on: its owner says whether it was given. */
export const reports = () => ({ said: undefined, n: 0 });
export const reportRow = (state) => {
  const { said } = state.reports;
  const status = said?.data.date && said.data.date <= '2026-03-05' ? 'met' : 'breached';
  return { obligation: { id: 'obl_report', key: 'report', kind: 'recurring_duty', title: 'Monthly service report by the 5th', bearer: 'supplier', beneficiary: 'customer', confidence: '0.9', in_force: { from: '2026-01-01' }, revision: 1, evidence: [], params: { item: 'service report', period: 'month', day: 5 } }, judged: true, self_reported: true, looked_after_by: 'dana@halden.example',
    ...(said ? { performed: [{ occurrence_id: 'occ_feb', event: said }] } : {}),
    occurrences: [{ id: 'occ_feb', business_unit: 'emea', contract_id: 'con_veridian', obligation_id: 'obl_report', key: '2026-02', subject: 'service report for 2026-02', period: { start: '2026-02-01T00:00:00Z' }, due_at: '2026-03-06T00:00:00Z', status, assessment: { status, measured: '2026-03-05', ...(said?.kind === 'done' ? { ended_at: said.occurred_at } : {}) } }] };
};
export function answerPerformance(state, body, refuse, by = 'usr_mira') {
  if (body.answer === 'yes' && !body.on) invalid(refuse, [{ location: 'body.on', message: 'Say on which day it happened; write it as 2026-03-31.' }]);
  if ((state.reports.said?.id ?? '') !== (body.corrects ?? '')) refuse(409, 'Conflict', 'Somebody has answered already. Look at the answer that stands; another one takes its place. Nothing was kept.', { kind: 'conflict' });
  const e = { id: `evt_p${++state.reports.n}`, kind: body.answer === 'yes' ? 'done' : 'decision', external_id: `performance/${state.reports.n}`, subject: 'report', occurred_at: body.on ? `${body.on}T12:00:00Z` : now, received_at: now, data: { reference: '2026-02', approved_by: by, ...(body.on ? { date: body.on } : { state: body.answer === 'no' ? 'not_done' : 'not_yet' }), ...(body.note ? { reason: body.note } : {}) } };
  state.reports.said = body.answer === 'take_back' ? undefined : e;
  return e;
}

/** A duty that something starts, and no system reports what: it begins with what somebody says. */
export const triggers = () => ({ said: undefined, n: 0 });
export const triggerRow = (state) => {
  const { said } = state.triggers;
  const due = said && new Date(Date.parse(`${said.data.date}T00:00:00Z`) + 31 * 86_400_000).toISOString();
  return { obligation: { id: 'obl_change', key: 'change', kind: 'conditional_duty', title: 'Inform within 30 days after a change of control', bearer: 'supplier', beneficiary: 'customer', confidence: '0.9', in_force: { from: '2026-01-01' }, revision: 1, evidence: [], params: { trigger: 'change of control', within: { value: 30, unit: 'day' } } }, judged: true, self_reported: true, looked_after_by: 'dana@halden.example', trigger_asked: true,
    ...(said ? { triggers: [said] } : {}),
    occurrences: said ? [{ id: 'occ_change', business_unit: 'emea', contract_id: 'con_veridian', obligation_id: 'obl_change', key: said.subject, subject: said.subject, period: { start: said.occurred_at }, due_at: due, status: 'on_track', assessment: { status: 'on_track', due_at: due } }] : [] };
};
export function stateTrigger(state, body, refuse, by = 'usr_mira') {
  if (body.answer === 'yes' && !body.on) invalid(refuse, [{ location: 'body.on', message: 'Say on which day it was started; write it as 2026-03-31.' }]);
  if (body.corrects && state.triggers.said?.id !== body.corrects) refuse(409, 'Conflict', 'What is to be corrected does not stand any more. Look again. Nothing was kept.', { kind: 'conflict' });
  const id = `evt_t${++state.triggers.n}`;
  const e = { id, kind: body.answer === 'yes' ? 'trigger' : 'correction', external_id: `started/${id}`, subject: 'change of control', occurred_at: `${body.on ?? now.slice(0, 10)}T00:00:00Z`, received_at: now, data: { item: 'change of control', reference: 'change', approved_by: by, ...(body.on ? { date: body.on } : {}), ...(body.note ? { reason: body.note } : {}) } };
  state.triggers.said = body.answer === 'take_back' ? undefined : e;
  return e;
}

/** A charge that somebody stated stands until it is corrected; the finding keeps what was said before. */
export function correctCharge(state, body, refuse) {
  const errors = [];
  if (body.amount && !(Number(body.amount.value) >= 0)) errors.push({ location: 'body.amount', message: 'This is no sum with a currency; write 5000.00 and USD.' });
  if (errors.length) invalid(refuse, errors);
  const old = state.charges.find((c) => c.id === body.event_id);
  if (!old) refuse(409, 'Conflict', 'The charge was corrected meanwhile. Look at it again. Nothing was changed.', { kind: 'conflict' });
  const next = { ...old, id: `${old.id}c`, kind: body.amount ? 'charge' : 'correction', replaces: old.id, data: { ...old.data, amount: body.amount, reason: body.reason, approved_by: 'usr_mira' } };
  state.charges = body.amount ? [next] : [];
  const follow = () => {
    const f = state.findings.find((x) => x.id === 'fnd_charge');
    const amount = body.amount ? usd((Number(body.amount.value) / 10).toFixed(2)) : undefined;
    const delta = usd((Number(amount?.value ?? 0) - Number(f.amount.value)).toFixed(2));
    f.corrections = [...(f.corrections ?? []), { at: now, reason: 'Later facts changed the judgement.', severity: 'breach', earlier: f.assessment, delta }];
    Object.assign(f, { amount, credit: amount ? 'due' : 'needs_charge', revision: f.revision + 1, assessment: { ...f.assessment, amount, amount_state: amount ? undefined : 'needs_charge' } });
  };
  return { out: next, follow };
}

const shipped = () => ({ id: '', kind: 'escalation', version: 0, active: true, state: 'active', body: { levels: [] }, note: 'shipped default', created_by: '', created_at: '0001-01-01T00:00:00Z', revision: 0 });
export const escalationPolicies = () => [shipped()];
export function checkPolicy(body, refuse) {
  if (body.kind === 'review' && !(Number(body.body.threshold) <= 1)) invalid(refuse, [{ location: 'body.body.threshold', message: 'The threshold must lie between 0 and 1.' }]);
  if (body.kind === 'approval' && body.body.credit_limits.some((l) => l.currency.length !== 3)) invalid(refuse, [{ location: 'body.body.credit_limits[1].currency', message: 'This is no currency; write its three letters, such as EUR.' }]);
  if (body.kind !== 'escalation') return;
  const errors = [];
  body.body.levels.forEach((l, i) => {
    if (!isMail(l.to)) errors.push({ location: `body.body.levels[${i}].to`, message: `"${l.to}" is no e-mail address.` });
    if (l.after_hours < 1 || l.after_hours > 8760 || (i > 0 && l.after_hours <= body.body.levels[i - 1].after_hours)) errors.push({ location: `body.body.levels[${i}].after_hours`, message: `${l.after_hours} hours are out of range (1 to 8760, each level later than the one before).` });
  });
  if (errors.length) invalid(refuse, errors);
}
