import { describe, expect, test } from 'vitest';
import { emptyValue, valueIsComplete, valueText } from './value';

describe('values', () => {
  test.each([
    [{ kind: 'date', date: '2026-06-30' } as const, '30 Jun 2026'],
    [{ kind: 'duration', duration: { value: 1, unit: 'business_day' } } as const, '1 business day'],
    [{ kind: 'flag', flag: false } as const, 'No'],
    [{ kind: 'tiers', tiers: [{ from: '99.0', up_to: '99.89', credit: '5' }, { up_to: '98.99', credit: '15' }] } as const, '99.0 % to 99.89 %: 5 %; 98.99 % or less: 15 %'],
    [{ kind: 'tiers', tiers: [{ from: '99.5', below: '99.9', credit: '10' }, { below: '99.5', credit: '25' }] }  as const, '99.5 % to below 99.9 %: 10 %; below 99.5 %: 25 %'],
    [{ kind: 'cap', cap: { multiple: '1', window: { value: 12, unit: 'month' } } } as const, '1 × fees of 12 months'],
    [{ kind: 'evergreen' } as const, 'until terminated'],
  ])('%o reads well', (value, text) => {
    expect(valueText(value as never)).toBe(text);
  });
  test('an empty form can not be saved, a full one can', () => {
    for (const kind of ['text', 'date', 'money', 'percentage', 'parties', 'tiers', 'cap', 'payment_terms'] as const) {
      expect(valueIsComplete(emptyValue(kind)), kind).toBe(false);
    }
    expect(valueIsComplete({ kind: 'date', date: '2026-02-30' })).toBe(false);
    expect(valueIsComplete({ kind: 'money', money: { value: '1e9', currency: 'USD' } })).toBe(false);
    expect(valueIsComplete({ kind: 'money', money: { value: '510000.00', currency: 'USD' } })).toBe(true);
  });
});
