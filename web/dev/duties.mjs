// Duties that were read: one by the wrong kind, and one that a person had entered by hand before.
import { passage } from './reading.mjs';

const stamp = { revision: 1, created_at: '2026-03-02T09:00:00Z', updated_at: '2026-03-20T10:00:00Z', business_unit: 'emea' };

export const review = (now) => ({ id: 'rev_duties', contract_id: 'con_veridian', document_id: 'doc_acme', state: 'waiting', policy_id: 'pol_1', policy_version: 2, phase: 'assisted', min_confidence: '0.9100', open: 2, total: 2, due_at: now, reasons: [], ...stamp });

const duty = (id, order, key, obligation, quote, reasons) => ({
  id, contract_id: 'con_veridian', review_id: 'rev_duties', document_id: 'doc_acme', subject: 'obligation', name: key, label: obligation.title, order, confidence: '0.91', verification: 'verified', extractor: 'grammar/1', state: 'open', evidence: [quote], reasons, ...stamp,
  obligation: { key, bearer: 'supplier', beneficiary: 'customer', confidence: '0.91', in_force: { from: '2025-04-01' }, ...obligation } });

export const candidates = () => [
  duty('can_access', 1, 'notice/unauthorized-access', { kind: 'recurring_duty', duty: 'notice', title: 'Notify unauthorized access', params: { item: 'Notify unauthorized access', period: 'month', day: 3, in_period: true, zone: 'Europe/London' } },
    passage('Halden shall notify the Customer without undue delay, and no later than seventy-two (72) hours after becoming aware of it', '9.4'), ['first_obligations']),
  duty('can_report', 2, 'reporting/uptime-report', { kind: 'recurring_duty', duty: 'reporting', title: 'Report the uptime of the month', params: { item: 'Report the uptime of the month', period: 'month', after: { value: 10, unit: 'day' } } },
    passage('Within ten (10) days after the end of each month, Halden shall send the Customer a report', 'B 5'), ['already_tracked']),
];

export const tracked = () => [{ candidate_id: 'can_report', obligation_id: 'obl_report', contract_id: 'con_veridian', contract: 'Hosting Agreement', key: 'manual/uptime', kind: 'recurring_duty', title: 'Monthly uptime report', owner: 'dana@halden.example', why: 'passage' }];

/** What a decision must say of what looks tracked; undefined where nothing is wrong. */
export function unsaid(c, body) {
  const list = tracked().filter((t) => t.candidate_id === c.id);
  if (!['accept', 'correct'].includes(body.kind) || list.length === 0 || body.another || body.same_as) return undefined;
  return { detail: `${c.label} looks like "${list[0].title}", which is tracked already. Say whether it is the same one, or another.`, errors: list.map((t) => ({ message: t.key, location: 'body.same_as' })) };
}

/** What is open in the parameters of a duty, as far as the tests type them. */
export const questions = (o) => [
  ...(o.kind === 'conditional_duty' && !o.params?.trigger ? [{ field: 'trigger', message: 'What starts the duty?' }] : []),
  ...(o.kind === 'conditional_duty' && !o.params?.within ? [{ field: 'within', message: 'Within which time? 0 can not be counted.' }] : []),
];
