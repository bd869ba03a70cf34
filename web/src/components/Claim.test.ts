import { describe, expect, test } from 'vitest';
import type { Claim, Finding } from '../api/types';
import { actName, actsOf, standing } from './Claim';
import { comparisonOf } from './Engines';

const finding = (credit: string) => ({ id: 'fnd_1', credit }) as Finding;
const claim = { id: 'clm_1', steps: [] } as unknown as Claim;

describe('what can be done with a credit', () => {
  test.each([
    ['due', undefined, true, ['claim']], ['expired', undefined, false, ['claim']], ['claimed', claim, false, ['agree', 'settle']], ['claimed', claim, true, ['agree', 'settle', 'refuse', 'withdraw']],
    ['agreed', claim, true, ['settle', 'agree', 'refuse', 'withdraw']], ['settled', claim, false, []], ['settled', claim, true, ['withdraw']], ['refused', undefined, true, []], ['refused', claim, true, ['withdraw']], ['waiting_approval', undefined, true, []],
  ])('%s (claim: %o, approver: %s)', (credit, known, approver, want) => {
    expect(actsOf(finding(credit), known, approver)).toEqual(want);
  });
});

test('what is left to settle is exact', () => {
  const of = (value: string) => ({ value, currency: 'USD' });
  const agreed = { ...claim, claimed: of('600.00'), agreed: of('500.00') } as Claim;
  expect(standing(finding('agreed'), agreed, 'settle')).toEqual(of('500.00'));
  expect(standing(finding('agreed'), { ...agreed, settled: of('499.9') }, 'settle')).toEqual(of('0.10'));
  expect(standing(finding('agreed'), { ...agreed, settled: of('300.50') }, 'agree')).toEqual(of('500.00'));
});

test('an act is called by who does it', () => {
  expect(['claim', 'settle', 'agree'].map((a) => actName(a, 'ours'))).toEqual(['Record claim', 'Settle', 'Agreed']);
  expect(['claim', 'settle'].map((a) => actName(a, 'theirs'))).toEqual(['Claim', 'Settled']);
});

test('a report of another form is not shown as a comparison', () => {
  expect([undefined, null, 'text', {}, { contracts: '3', cells: [] }].map(comparisonOf)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(comparisonOf({ contracts: 3, cells: [], no_worse: true })?.contracts).toBe(3);
});
