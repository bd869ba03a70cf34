import { describe, expect, test } from 'vitest';
import { formatAgo, formatDate, formatElapsed, formatMeasure, formatMoney, formatProgress, formatTime, lastDay, readable, runs, shareToPercent, told } from './format';

describe('what people read', () => {
  test('a date is day, month, year', () => {
    expect(formatDate('2026-11-24')).toBe('24 Nov 2026');
    expect(formatDate('2026-09-03')).toBe('3 Sep 2026');
    expect(formatDate('soon')).toBe('soon');
    expect(formatDate(undefined)).toBe('');
  });
  test('a time carries its zone', () => {
    expect(formatTime('2026-11-24T13:05:00Z', 'UTC')).toBe('24 Nov 2026, 13:05 UTC');
    expect(formatTime('2026-03-02T09:30:00Z', 'UTC')).toBe('2 Mar 2026, 09:30 UTC');
    expect(formatTime('2026-11-24T23:05:00Z', 'Europe/Berlin')).toMatch(/^25 Nov 2026, 00:05 /);
  });
  test('an amount keeps every digit, whatever its size', () => {
    expect(formatMoney({ value: '1020000.00', currency: 'USD' })).toBe('1,020,000.00 USD');
    expect(formatMoney({ value: '123456789012345678901.123456789', currency: 'EUR' })).toBe('123,456,789,012,345,678,901.123456789 EUR');
    expect(formatMoney({ value: '-250.00', currency: 'USD' })).toBe('−250.00 USD');
  });
  test('a confidence is moved, never rounded', () => {
    expect(shareToPercent('0.8499')).toBe('84.99');
    expect(shareToPercent('0.85')).toBe('85');
    expect(shareToPercent('1')).toBe('100');
    expect(shareToPercent('0.5')).toBe('50');
    expect(shareToPercent('0')).toBe('0');
  });
  test('elapsed time and distance', () => {
    expect(formatElapsed('3h36m0s')).toBe('3 h 36 min');
    expect(formatElapsed('0s')).toBe('0 min');
    expect(readable('counted 6h0m0s of 8h30m0s, 90.5 %, INC0010s, 45s and 0s')).toBe('counted 6 h of 8 h 30 min, 90.5 %, INC0010s, 45 s and 0 min');
    expect(told('send notice by 2026-04-01 (30 days left), PO-2026-04-01, 42500.00 USD')).toBe('send notice by 1 Apr 2026 (30 days left), PO-2026-04-01, 42,500.00 USD');
    expect(readable('10 % of 42500.00 USD = 4250 USD, in 2026 EUR-2026 and 2026-03-10 UTC')).toBe('10 % of 42,500.00 USD = 4,250 USD, in 2026 EUR-2026 and 2026-03-10 UTC');
    expect(formatAgo('2026-11-24T12:00:00Z', Date.parse('2026-11-24T12:10:00Z'))).toBe('10 minutes ago');
  });
  test('a measure has its unit, and a day is written as a day', () => {
    expect(formatMeasure('renewal_notice', '2028-03-31')).toBe('31 Mar 2028');
    expect(formatMeasure('availability', '99.735307')).toBe('99.735307 %');
    expect(formatMeasure('service_level', '50', { measure: 'within_target' })).toBe('50 %');
    expect(formatMeasure('service_level', '4.2', { measure: 'satisfaction' })).toBe('4.2');
    expect(formatMeasure('minimum_commitment', '12500')).toBe('12500');
    expect(formatMeasure('spend_ceiling', '12500.00 USD')).toBe('12,500.00 USD');
    expect(formatMeasure('availability', undefined)).toBe('');
  });
  test('what was reached stands beside what was promised, in one unit', () => {
    expect(formatProgress('resolution_time', { elapsed: '3h36m0s', target: '4h0m0s' })).toBe('3 h 36 min / 4 h');
    expect(formatProgress('availability', { elapsed: '1h58m0s', target: '99.9', measured: '99.735' })).toBe('99.735 % / 99.9 %');
    expect(formatProgress('availability', { elapsed: '0s', target: '99.9', measured: '100' })).toBe('100 % / 99.9 %');
    expect(formatProgress('service_level', { target: '95', measured: '91.5' }, { measure: 'within_target' })).toBe('91.5 % / 95 %');
    expect(formatProgress('invoice_payment', { measured: '2026-04-01' })).toBe('1 Apr 2026');
    expect(formatProgress('resolution_time', { target: '4h0m0s' })).toBe('');
    expect(formatProgress('availability', undefined)).toBe('');
  });
  test('what still moves with time says as of when it was judged; what has ended does not', () => {
    const at = '2026-03-27T14:00:00Z';
    expect(runs('resolution_time', { at, status: 'at_risk', elapsed: '3h36m0s' })).toBe(true);
    expect(runs('resolution_time', { at, status: 'breached', elapsed: '5h0m0s' })).toBe(true);
    expect(runs('resolution_time', { at, status: 'met', elapsed: '1h0m0s', ended_at: at })).toBe(false);
    expect(runs('availability', { at, status: 'on_track', measured: '99.98' })).toBe(true);
    expect(runs('invoice_payment', { at, status: 'on_track', measured: '2026-04-01' })).toBe(false);
    expect(runs('availability', undefined)).toBe(false);
  });
  test('what is due by the end of a day is due on that day, in its zone', () => {
    expect(lastDay('2027-04-02T00:00:00Z')).toBe('1 Apr 2027');
    expect(lastDay('2026-04-01T04:00:00Z', 'America/Detroit')).toBe('31 Mar 2026');
    expect(lastDay('2026-04-01T04:00:00Z')).toBeUndefined();
    expect(lastDay('2026-04-01T00:00:00Z', 'Nowhere/None')).toBeUndefined();
    expect(lastDay(undefined)).toBeUndefined();
  });
});
