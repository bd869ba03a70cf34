/** Dates, times, amounts and shares as people read them. Amounts stay text from end to end. */
import type { Amount, Duration } from '../api/types';
import { productNow } from './clock';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "2026-11-24" as "24 Nov 2026". What is no date is shown as it came. */
export function formatDate(date: string | undefined): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date ?? '');
  const month = match && months[Number(match[2]) - 1];
  return match && month ? `${Number(match[3])} ${month} ${match[1]}` : (date ?? '');
}

/** The days named in a sentence of the server, as people write them. */
export const datesIn = (text: string | undefined) => (text ?? '').replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => formatDate(day));

/** An instant in the reader's zone, with the zone: "24 Nov 2026, 14:05 GMT+1". */
export function formatTime(instant: string | undefined, zone?: string): string {
  if (!instant) return '';
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const parts = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric', month: 'numeric', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short', ...(zone ? { timeZone: zone } : {}),
  }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${Number(part('day'))} ${months[Number(part('month')) - 1]} ${part('year')}, ${part('hour')}:${part('minute')} ${part('timeZoneName')}`;
}

/** "3 minutes ago", "in 2 days"; measured against now, which the caller may take from the server. */
export function formatAgo(instant: string | undefined, now: number = productNow()): string {
  if (!instant) return '';
  const seconds = Math.round((new Date(instant).getTime() - now) / 1000);
  if (Number.isNaN(seconds)) return instant;
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86400], ['hour', 3600], ['minute', 60]];
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  }
  return 'just now';
}

/** Groups the digits of an exact decimal: "1020000.00" as "1,020,000.00". */
export function groupDigits(decimal: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(decimal);
  if (!match) return decimal;
  return (match[1] === '-' ? '−' : '') + (match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',') + (match[3] ?? '');
}

export function formatMoney(amount: Amount | undefined | null): string {
  return amount ? `${groupDigits(amount.value)} ${amount.currency}` : '';
}

/** Moves the point of an exact decimal two places: "0.8499" is "84.99". Never rounds. */
export function shareToPercent(share: string): string {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(share);
  if (!match || share === '') return share;
  const fraction = (match[2] ?? '').padEnd(2, '0');
  const whole = ((match[1] ?? '') + fraction.slice(0, 2)).replace(/^0+(?=\d)/, '');
  const rest = fraction.slice(2).replace(/0+$/, '');
  return rest ? `${whole}.${rest}` : whole;
}

const unitNames: Record<string, string> = { business_hour: 'business hour', business_day: 'business day' };

/** Whether a kind measures a share: of time, or of cases where its parameters say so. */
const shares = (kind: string, params: unknown): boolean => {
  const measure = (params as { measure?: string } | undefined)?.measure;
  return kind === 'availability' || (kind === 'service_level' && !!measure && !['satisfaction', 'reported'].includes(measure));
};

/** What was measured or promised, with its unit: a day, a share where the obligation measures one, else as the server wrote it. */
export function formatMeasure(kind: string, value: string | undefined, params?: unknown): string {
  if (!value) return '';
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDate(value);
  return shares(kind, params) && /^[\d.]+$/.test(value) ? `${value} %` : readable(value);
}

/** Kinds that count time on a clock; the others measure something else, whatever time they add up on the way. */
export const timed = new Set(['response_time', 'resolution_time']);

/** How far it is, both sides in the unit of the promise: counted time of the time allowed, the share of a month of the share promised. */
export function formatProgress(kind: string, a: { elapsed?: string; target?: string; measured?: string } | undefined, params?: unknown): string {
  if (!a) return '';
  const [is, promised] = timed.has(kind) ? [formatElapsed(a.elapsed), formatElapsed(a.target)] : [formatMeasure(kind, a.measured, params), shares(kind, params) ? formatMeasure(kind, a.target, params) : ''];
  return is && promised ? `${is} / ${promised}` : is;
}

/** What still moves with time while nothing is reported: it is told as of the instant at which it was judged. */
export const runs = (kind: string, a: { at?: string; elapsed?: string; measured?: string; ended_at?: string; status?: string } | undefined): boolean =>
  !!a?.at && !a.ended_at && !['met', 'excused'].includes(a.status ?? '') && (timed.has(kind) ? !!a.elapsed : kind === 'availability' && !!a.measured);

/** The day on which something is due, where the contract counts days; undefined where it counts hours. */
export const dueDay = (kind: string, at: string | undefined, on: string | undefined, zone?: string): string | undefined =>
  (!timed.has(kind) && (formatDate(on) || lastDay(at, zone))) || undefined;

/**
 * A limit that is the end of a day, as that day: what is due before 2 April 00:00 is due on 1 April. undefined where the limit is an
 * instant of its own.
 */
export function lastDay(instant: string | undefined, zone = 'UTC'): string | undefined {
  if (!instant || Number.isNaN(new Date(instant).getTime())) return undefined;
  let at: string;
  try {
    at = formatTime(instant, zone);
    if (!at.includes(', 00:00 ') || new Date(instant).getTime() % 60_000 !== 0) return undefined;
    return formatTime(new Date(new Date(instant).getTime() - 60_000).toISOString(), zone).split(',')[0];
  } catch { return undefined; } // a zone that the browser does not know
}

export function formatDuration(duration: Duration | undefined): string {
  if (!duration) return '';
  const name = unitNames[duration.unit] ?? duration.unit;
  return `${duration.value} ${name}${duration.value === 1 ? '' : 's'}`;
}

/** Go's "3h36m0s" as "3 h 36 min". */
export function formatElapsed(text: string | undefined): string {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?$/.exec(text ?? '');
  if (!text || !match) return text ?? '';
  const parts: string[] = [];
  if (Number(match[1])) parts.push(`${Number(match[1])} h`);
  if (Number(match[2])) parts.push(`${Number(match[2])} min`);
  if (Number(match[3])) parts.push(`${Number(match[3])} s`);
  return parts.join(' ') || '0 min';
}

/** A text with lengths of time and sums in it, as the server writes them: "6h0m0s of 8h0m0s" is "6 h of 8 h", "4250.00 USD" is "4,250.00 USD". */
export function readable(text: string | undefined): string {
  return (text ?? '').replace(/(?<![\w.])(?:\d+h)?(?:\d+m)?\d+(?:\.\d+)?s\b/g, formatElapsed).replace(/(?<![\w.,-])\d{4,}(?:\.\d+)?(?= [A-Z]{3}(?![\w-]))/g, groupDigits);
}

/** What the server says of something in a sentence, as the rest of the page writes it: sums, lengths and days. */
export const told = (text: string | undefined) => readable(text).replace(/(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])/g, (day) => formatDate(day));

export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** "resolution_time" as "resolution time". */
export const words = (name: string) => name.replaceAll('_', ' ');

export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const plural = (n: number, one: string, many = `${one}s`) => `${n.toLocaleString('en-US')} ${n === 1 ? one : many}`;
