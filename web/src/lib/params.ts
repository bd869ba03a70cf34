/** Parameters of an obligation in words: one line for each, nested parts as one text. Exact values are never changed. */
import { m } from '../messages';
import { capital, formatDate, formatDuration, formatMoney, words } from './format';
import { isObject, type Json, type JsonObject } from './schema';
import { tierText } from './value';

const units = new Set(['minute', 'hour', 'business_hour', 'day', 'business_day', 'week', 'month', 'quarter', 'year']);

function hoursText(h: JsonObject): string {
  const zone = typeof h.zone === 'string' ? h.zone : '';
  const when = h.always === true ? m.params.always : (Array.isArray(h.week) ? h.week : []).filter(isObject).map((w) => `${(Array.isArray(w.days) ? w.days : []).map((d) => capital(String(d))).join(' ')} ${String(w.from ?? '')}–${String(w.until ?? '')}`).join(', ');
  const off = [Array.isArray(h.holidays) && h.holidays.length > 0 && m.params.holidays(h.holidays.length), typeof h.holiday_region === 'string' && h.holiday_region && m.params.region(h.holiday_region.toUpperCase())].filter(Boolean);
  return [when, zone, ...off].filter(Boolean).join(', ');
}

export function paramText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return value ? m.common.yes : m.common.no;
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value) : words(value);
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const tiers = value.length > 0 && value.every((v) => isObject(v) && 'credit' in v);
    return tiers ? value.map((t) => tierText(t as never)).join('; ') : value.map(paramText).join(', ');
  }
  if (typeof value.value === 'number' && typeof value.unit === 'string' && units.has(value.unit)) return formatDuration({ value: value.value, unit: value.unit });
  if (typeof value.value === 'string' && typeof value.currency === 'string') return value.currency === '' && Number(value.value) === 0 ? '' : formatMoney({ value: value.value, currency: value.currency });
  if ('always' in value || 'week' in value || ('zone' in value && Object.keys(value).length === 1)) return hoursText(value);
  return Object.entries(value).map(([name, v]) => `${words(name)} ${paramText(v)}`).join(', ');
}

/** One line for each parameter that says something. */
export function paramLines(params: unknown): [string, string][] {
  if (!isObject(params)) return [];
  return Object.entries(params).map(([name, value]): [string, string] => [capital(words(name)), (name === 'day' || name === 'business_day') && value === -1 ? m.params.lastDay : name.includes('zone') || name === 'service' || name === 'priority' ? String(value) : paramText(value)]).filter(([, text]) => text !== '');
}
