/** Periods of whole months around a day, for looking back: each from its first day to its last. */
import { addMonths } from './months';

export interface Period { from: string; to: string }
export type PeriodName = 'last_quarter' | 'this_quarter' | 'last_month' | 'last_year';
export const periodNames: PeriodName[] = ['last_quarter', 'this_quarter', 'last_month', 'last_year'];

/** The day some days away. */
export function addDays(date: string, n: number): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(at) ? date : new Date(at + n * 86_400_000).toISOString().slice(0, 10);
}

const span = (month: string, months: number): Period => ({ from: `${month}-01`, to: addDays(`${addMonths(month, months)}-01`, -1) });

export function periodOf(name: PeriodName, today: string): Period {
  const month = today.slice(0, 7);
  const quarter = addMonths(month, -((Number(month.slice(5)) - 1) % 3));
  switch (name) {
    case 'last_quarter': return span(addMonths(quarter, -3), 3);
    case 'this_quarter': return span(quarter, 3);
    case 'last_month': return span(addMonths(month, -1), 1);
    case 'last_year': return span(addMonths(month, -12), 12);
  }
}
