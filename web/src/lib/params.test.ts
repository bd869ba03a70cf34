import { expect, test } from 'vitest';
import { paramLines } from './params';

test('parameters read as words, exact and without JSON', () => {
  expect(paramLines({
    priority: 'P1', target: { value: 4, unit: 'business_hour' }, less_than: true, thresholds: ['75', '90'],
    hours: { zone: 'Europe/Berlin', week: [{ days: ['mon', 'fri'], from: '09:00', until: '17:00' }], holidays: ['2026-12-25'], holiday_region: 'de-by' },
    on_reopen: 'first_cycle_final', minimum_payable: { value: '1250.50', currency: 'EUR' }, tiers: [{ from: '99.5', below: '99.9', credit: '10' }], start_date: '2026-03-01', empty: '', none: null,
  })).toEqual([
    ['Priority', 'P1'], ['Target', '4 business hours'], ['Less than', 'Yes'], ['Thresholds', '75, 90'], ['Hours', 'Mon Fri 09:00–17:00, Europe/Berlin, 1 holiday, public holidays of DE-BY'],
    ['On reopen', 'first cycle final'], ['Minimum payable', '1,250.50 EUR'], ['Tiers', '99.5 % to below 99.9 %: 10 %'], ['Start date', '1 Mar 2026'],
  ]);
  expect(paramLines({ hours: { zone: 'UTC', always: true }, zone: 'America/New_York', service: 'Halden_Dispatch' })).toEqual([['Hours', 'around the clock, UTC'], ['Zone', 'America/New_York'], ['Service', 'Halden_Dispatch']]);
  expect(paramLines(undefined)).toEqual([]);
  expect(paramLines({ base_price: { value: '0.00', currency: '' }, fee: { value: '0.00', currency: 'EUR' } })).toEqual([['Fee', '0.00 EUR']]); // a price that the text does not state
});
