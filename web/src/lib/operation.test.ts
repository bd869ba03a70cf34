import { expect, test } from 'vitest';
import type { Operation } from '../api/types';
import { contractRefText, operationIsComplete, operationText } from './operation';

test('an operation reads as a sentence', () => {
  const cases: [Operation, string][] = [
    [{ kind: 'delete', target: '7.2', from: '2026-03-16' }, '7.2 is deleted from 16 Mar 2026'],
    [{ kind: 'change_value', target: '5.1', old: '30 days', new: '45 days' }, '5.1: “30 days” becomes “45 days”'],
    [{ kind: 'change_value', target: 'Schedule 1', new: 'USD 36', from: '2026-07-01' }, 'Schedule 1: “USD 36” from then on from 1 Jul 2026'],
    [{ kind: 'extend', by: { value: 12, unit: 'month' } }, 'the term is extended by 12 months'],
    [{ kind: 'restate' }, 'the contract is amended and restated'],
    [{ kind: 'retitle', target: 'Exhibit A', new_target: 'Schedule 5' }, 'Exhibit A becomes Schedule 5'],
    [{ kind: 'waive', until: '2026-03-01' }, 'a right is waived until 1 Mar 2026'],
    [{ kind: 'waive', terms: ['report/monthly'], until: '2026-03-01' }, 'report/monthly is waived until 1 Mar 2026'],
  ];
  for (const [op, want] of cases) expect(operationText(op)).toBe(want);
});

test('what the server would refuse is not sent', () => {
  const refused: Operation[] = [{ kind: 'delete' }, { kind: 'extend' }, { kind: 'extend', to: '2027-01-01', by: { value: 1, unit: 'year' } }, { kind: 'retitle', target: 'A' }, { kind: 'waive', target: '6' }, { kind: 'waive', target: '6', from: '2026-02-01', until: '2026-01-01' }];
  for (const op of refused) expect(operationIsComplete(op)).toBe(false);
  for (const op of [{ kind: 'insert' }, { kind: 'extend', to: '2027-01-01' }, { kind: 'waive', target: '6', until: '2026-01-01' }] satisfies Operation[]) expect(operationIsComplete(op)).toBe(true);
});

test('a reference says whether the register has the contract', () => {
  expect(contractRefText({ relation: 'amendment', title: 'MSA', number: 'SA-1', contract_id: 'con_1' })).toBe('MSA SA-1');
  expect(contractRefText({ relation: 'amendment', date: '2025-04-14', why: 'none fits' })).toBe('an earlier contract of 14 Apr 2025 (not in the register)');
});
