import { m } from '../messages';
import { formatDate, formatMoney, formatTime, words } from './format';

const hidden = new Set(['record_id', 'customer_id', 'lead_email', 'url']);

type Carried = Record<string, unknown>;

/** A line of an order or an invoice: "line 1: 400 HG-4 at 212.00 USD, date 9 Mar 2026". */
function lineText({ line, quantity, unit, item, price, ...rest }: Carried): string {
  const what = [quantity, unit, item, price ? `${m.finding.atPrice} ${valueText(price)}` : ''].filter(Boolean).map(String).join(' ');
  return `${words('line')} ${String(line)}: ${[what, eventText(rest, ', ')].filter(Boolean).join(', ')}`;
}

function valueText(v: unknown): string {
  if (Array.isArray(v)) return v.map(valueText).join(', ');
  if (v && typeof v === 'object') return 'currency' in v ? formatMoney(v as unknown as { value: string; currency: string }) : eventText(v as Carried, ', ');
  const text = String(v);
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? formatTime(text) : /^\d{4}-\d{2}-\d{2}$/.test(text) ? formatDate(text) : text;
}

/** What an event carries, in one line; amounts keep every digit. */
export function eventText(data: Carried, between = ' · '): string {
  return Object.entries(data).filter(([k, v]) => !hidden.has(k) && v !== '' && v !== undefined).map(([k, v]) => {
    if (k === 'amount') return valueText(v);
    if (k === 'lines' && Array.isArray(v)) return v.map((l) => lineText(l as Carried)).join(between);
    return `${words(k)} ${k === 'kind' || k === 'excluded' ? words(String(v)) : valueText(v)}`;
  }).join(between);
}
