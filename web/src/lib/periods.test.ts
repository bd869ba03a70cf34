import { expect, test } from 'vitest';
import { addDays, periodOf } from './periods';

test('periods are whole months before a day', () => {
  expect(periodOf('last_quarter', '2026-03-27')).toEqual({ from: '2025-10-01', to: '2025-12-31' });
  expect(periodOf('last_quarter', '2026-04-01')).toEqual({ from: '2026-01-01', to: '2026-03-31' });
  expect(periodOf('this_quarter', '2026-06-30')).toEqual({ from: '2026-04-01', to: '2026-06-30' });
  expect(periodOf('last_month', '2024-03-31')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  expect(periodOf('last_year', '2026-01-15')).toEqual({ from: '2025-01-01', to: '2025-12-31' });
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
});
