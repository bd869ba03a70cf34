/** A typed value in words, as the server's Value.String says it, with amounts and dates made readable. */
import type { Cap, Tier, Value } from '../api/types';
import { formatDate, formatDuration, formatMoney } from './format';
import { contractRefText, operationIsComplete, operationText } from './operation';

export function tierText(tier: Tier): string {
  const begin = tier.over !== undefined ? `over ${tier.over} %` : tier.from !== undefined ? (tier.up_to ?? tier.below) !== undefined ? `${tier.from} %` : `from ${tier.from} %` : '';
  const end = tier.up_to !== undefined ? (begin ? `to ${tier.up_to} %` : `${tier.up_to} % or less`) : tier.below !== undefined ? `${begin ? 'to ' : ''}below ${tier.below} %` : '';
  return `${[begin, end].filter(Boolean).join(' ') || 'always'}: ${tier.credit} %`;
}

function capText(cap: Cap): string {
  if (!cap.multiple) return cap.amount ? formatMoney(cap.amount) : (cap.text ?? '');
  const window = cap.window ? ` of ${formatDuration(cap.window)}` : '';
  const amount = cap.amount ? ` or ${formatMoney(cap.amount)}` : '';
  return `${cap.multiple} × fees${window}${amount}`;
}

export function valueText(value: Value | undefined | null): string {
  if (!value) return '';
  switch (value.kind) {
    case 'date': return formatDate(value.date);
    case 'duration': return formatDuration(value.duration);
    case 'money': return formatMoney(value.money);
    case 'percentage': return `${value.percentage} %`;
    case 'number': return value.number ?? '';
    case 'flag': return value.flag ? 'Yes' : 'No';
    case 'parties': return (value.parties ?? []).map((p) => (p.role ? `${p.name} (${p.role})` : p.name)).join('; ');
    case 'payment_terms': return value.payment_terms?.text || (value.payment_terms?.net_days !== undefined ? `net ${value.payment_terms.net_days}` : '');
    case 'tiers': return (value.tiers ?? []).map(tierText).join('; ');
    case 'cap': return value.cap ? capText(value.cap) : '';
    case 'evergreen': return value.text || 'until terminated';
    case 'operation': return value.operation ? operationText(value.operation) : '';
    case 'contract': return value.contract ? contractRefText(value.contract) : '';
    default: return value.text ?? '';
  }
}

/** What an empty form of this kind starts from. */
export function emptyValue(kind: Value['kind']): Value {
  switch (kind) {
    case 'duration': return { kind, duration: { value: 0, unit: 'day' } };
    case 'money': return { kind, money: { value: '', currency: 'USD' } };
    case 'flag': return { kind, flag: true };
    case 'parties': return { kind, parties: [{ name: '', role: 'customer' }] };
    case 'payment_terms': return { kind, payment_terms: {} };
    case 'tiers': return { kind, tiers: [{ below: '', credit: '' }] };
    case 'cap': return { kind, cap: { amount: { value: '', currency: 'USD' } } };
    case 'percentage': return { kind, percentage: '' };
    case 'number': return { kind, number: '' };
    case 'date': return { kind, date: '' };
    case 'operation': return { kind, operation: { kind: 'change_value' } };
    case 'contract': return { kind, contract: { relation: 'amendment' } };
    default: return { kind, text: '' };
  }
}

const decimal = /^-?\d{1,40}(\.\d{1,20})?$/;
const isDecimal = (text: string | undefined) => text !== undefined && decimal.test(text);
const isDate = (text: string | undefined) => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text ?? '');

function isMoney(amount: Value['money']): boolean {
  return !!amount && isDecimal(amount.value) && /^[A-Z]{3}$/.test(amount.currency);
}

/** The same questions as pact.Value.Check, asked before the round trip. */
export function valueIsComplete(value: Value): boolean {
  switch (value.kind) {
    case 'text': return (value.text ?? '').trim() !== '';
    case 'evergreen': return true;
    case 'date': { try { return isDate(value.date); } catch { return false; } }
    case 'duration': return !!value.duration && Number.isInteger(value.duration.value) && value.duration.value >= 0;
    case 'money': return isMoney(value.money);
    case 'percentage': return isDecimal(value.percentage);
    case 'number': return isDecimal(value.number);
    case 'flag': return value.flag !== undefined;
    case 'parties': return (value.parties ?? []).length > 0 && (value.parties ?? []).every((p) => p.name.trim() !== '');
    case 'payment_terms': return !!value.payment_terms && (!!value.payment_terms.text || value.payment_terms.net_days !== undefined);
    case 'tiers': return (value.tiers ?? []).length > 0 && (value.tiers ?? []).every((t) => isDecimal(t.credit) && [t.from, t.below, t.up_to].every((b) => b === undefined || isDecimal(b)));
    case 'cap': return !!value.cap && (isMoney(value.cap.amount) || isDecimal(value.cap.multiple) || !!value.cap.text);
    case 'operation': return !!value.operation && operationIsComplete(value.operation);
    case 'contract': return !!value.contract?.relation;
    default: return false;
  }
}
