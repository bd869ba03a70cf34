import { describe, expect, test } from 'vitest';
import { addMonths, isMonth, monthName, weeksOf } from './months';

describe('months', () => {
  test('a month that begins on a Sunday has six weeks, and each day once', () => {
    const weeks = weeksOf('2026-03');
    expect(weeks).toHaveLength(6);
    expect(weeks[0]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, '2026-03-01']);
    expect(weeks.flat().filter(Boolean)).toHaveLength(31);
    expect(weeks[5]?.[1]).toBe('2026-03-31');
  });
  test('February of a leap year, and one of four whole weeks', () => {
    expect(weeksOf('2028-02').flat().filter(Boolean)).toHaveLength(29);
    expect(weeksOf('2027-02')).toHaveLength(4);
  });
  test('months are counted over the year', () => {
    expect(addMonths('2026-12', 1)).toBe('2027-01');
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(monthName('2026-03')).toBe('March 2026');
  });
  test('what is no month gives nothing', () => {
    expect(weeksOf('soon')).toEqual([]);
    expect([isMonth('2026-13'), isMonth('2026-3'), isMonth(undefined), isMonth('2026-12')]).toEqual([false, false, false, true]);
  });
});
