import { describe, expect, test } from 'vitest';
import { eventText } from './event';

describe('what an event carries', () => {
  test('lines, amounts and days are written for people', () => {
    expect(eventText({ contract: 'P-1', date: '2026-01-26', url: 'https://x', lines: [
      { line: '1', item: 'HG-4', quantity: '400', price: { value: '212.00', currency: 'USD' }, date: '2026-03-09' },
      { line: '2', item: 'freight', amount: { value: '1200.5', currency: 'USD' }, reference: 'PO-1/2' },
    ] })).toBe('contract P-1 · date 26 Jan 2026 · line 1: 400 HG-4 at 212.00 USD, date 9 Mar 2026 · line 2: freight, 1,200.5 USD, reference PO-1/2');
  });
  test('a certificate is told member by member', () => {
    expect(eventText({ certificate: { kind: 'general_liability', per_occurrence: { value: '1000000', currency: 'USD' }, additional_insured: ['Acme', 'Beta'], expires: '2026-12-31' } }))
      .toBe('certificate kind general liability, per occurrence 1,000,000 USD, additional insured Acme, Beta, expires 31 Dec 2026');
  });
  test('an amount by itself needs no name, another has its own', () => {
    expect(eventText({ amount: { value: '5.00', currency: 'EUR' }, tax: { value: '1.00', currency: 'EUR' }, end_at: '2026-03-02T09:30:00Z' })).toBe('5.00 EUR · tax 1.00 EUR · end at 2 Mar 2026, 09:30 UTC');
  });
});
