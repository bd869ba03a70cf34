import { ActionIcon, Button, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { contractSearchQuery } from '../api/queries';
import type { Amount, Cap, ContractRef, Operation, OperationKind, PaymentTerms, Tier, Value, ValueKind } from '../api/types';
import { capital, words } from '../lib/format';
import { operationKinds } from '../lib/operation';
import { emptyValue } from '../lib/value';
import { m } from '../messages';

const w = m.workbench;
const units = ['minute', 'hour', 'business_hour', 'day', 'business_day', 'week', 'month', 'quarter', 'year'].map((value) => ({ value, label: words(value) }));
const roles = ['customer', 'supplier', 'discloser', 'recipient', 'guarantor', 'other'];
const bases = ['invoice_date', 'receipt_of_invoice', 'delivery', 'acceptance', 'month_end'].map((value) => ({ value, label: words(value) }));

interface FormProps { value: Value; kinds: ValueKind[]; onChange: (value: Value) => void }

/** The form of one value. Numbers stay text: what was typed is what is sent. */
export function ValueForm({ value, kinds, onChange }: FormProps) {
  return (
    <div className="stack mid">
      {kinds.length > 1 && (
        <Select size="xs" label={w.kind} data={kinds.map((k) => ({ value: k, label: capital(words(k)) }))} value={value.kind} allowDeselect={false} onChange={(k) => k && onChange(emptyValue(k as ValueKind))} />
      )}
      <Fields value={value} onChange={onChange} />
    </div>
  );
}

function Fields({ value, onChange }: { value: Value; onChange: (value: Value) => void }) {
  switch (value.kind) {
    case 'date':
      return <TextInput size="xs" label={w.date} type="date" value={value.date ?? ''} onChange={(e) => onChange({ ...value, date: e.currentTarget.value })} data-first />;
    case 'duration':
      return <DurationFields value={value.duration ?? { value: 0, unit: 'day' }} onChange={(duration) => onChange({ ...value, duration })} />;
    case 'money':
      return <MoneyFields value={value.money ?? { value: '', currency: '' }} onChange={(money) => onChange({ ...value, money })} />;
    case 'percentage':
      return <Decimal label={w.percent} value={value.percentage ?? ''} onChange={(percentage) => onChange({ ...value, percentage })} />;
    case 'number':
      return <Decimal label={w.number} value={value.number ?? ''} onChange={(number) => onChange({ ...value, number })} />;
    case 'flag':
      return <Switch label={value.flag ? m.common.yes : m.common.no} aria-label={w.yesNo} checked={value.flag ?? false} onChange={(e) => onChange({ ...value, flag: e.currentTarget.checked })} data-first />;
    case 'parties':
      return <PartiesFields value={value} onChange={onChange} />;
    case 'payment_terms':
      return <PaymentFields value={value.payment_terms ?? {}} onChange={(payment_terms) => onChange({ ...value, payment_terms })} />;
    case 'tiers':
      return <TiersFields value={value.tiers ?? []} onChange={(tiers) => onChange({ ...value, tiers })} />;
    case 'cap':
      return <CapFields value={value.cap ?? {}} onChange={(cap) => onChange({ ...value, cap })} />;
    case 'operation':
      return <OperationFields value={value.operation ?? { kind: 'change_value' }} onChange={(operation) => onChange({ ...value, operation })} />;
    case 'contract':
      return <ContractFields value={value.contract ?? { relation: 'amendment' }} onChange={(contract) => onChange({ ...value, contract })} />;
    default:
      return <Textarea size="xs" label={w.text} autosize minRows={1} maxRows={6} value={value.text ?? ''} onChange={(e) => onChange({ ...value, text: e.currentTarget.value })} data-first />;
  }
}

export function Decimal({ label, value, onChange, grow }: { label: string; value: string; onChange: (text: string) => void; grow?: boolean }) {
  return <TextInput size="xs" label={label} inputMode="decimal" value={value} className={grow ? 'grow' : ''} onChange={(e) => onChange(e.currentTarget.value.replaceAll(',', '').trim())} data-first />;
}

function DurationFields({ value, onChange }: { value: { value: number; unit: string }; onChange: (d: { value: number; unit: string }) => void }) {
  return (
    <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
      <TextInput size="xs" label={w.number} inputMode="numeric" w={90} value={String(value.value)} onChange={(e) => onChange({ ...value, value: Number(e.currentTarget.value.replace(/\D/g, '').slice(0, 8)) })} data-first />
      <Select size="xs" label={w.unit} className="grow" data={units} value={value.unit} allowDeselect={false} onChange={(unit) => unit && onChange({ ...value, unit })} />
    </div>
  );
}

function MoneyFields({ value, onChange }: { value: Amount; onChange: (a: Amount) => void }) {
  return (
    <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
      <Decimal label={w.amount} value={value.value} onChange={(text) => onChange({ ...value, value: text })} grow />
      <TextInput size="xs" label={w.currency} w={90} maxLength={3} value={value.currency} onChange={(e) => onChange({ ...value, currency: e.currentTarget.value.toUpperCase() })} />
    </div>
  );
}

function PartiesFields({ value, onChange }: { value: Value; onChange: (value: Value) => void }) {
  const parties = value.parties ?? [];
  const set = (i: number, change: { name?: string; role?: string }) => onChange({ ...value, parties: parties.map((p, k) => (k === i ? { ...p, ...change } : p)) });
  return (
    <div className="stack mid">
      {parties.map((p, i) => (
        <div key={i} className="row tight" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
          <TextInput size="xs" label={i === 0 ? w.name : undefined} aria-label={w.name} className="grow" value={p.name} onChange={(e) => set(i, { name: e.currentTarget.value })} {...(i === 0 ? { 'data-first': true } : {})} />
          <Select size="xs" label={i === 0 ? w.role : undefined} aria-label={w.role} w={126} data={p.role && !roles.includes(p.role) ? [...roles, p.role] : roles} value={p.role ?? null} clearable clearButtonProps={{ 'aria-label': m.common.remove }} onChange={(role) => set(i, { role: role ?? '' })} />
          <Remove label={`${m.common.remove} ${p.name}`} onClick={() => onChange({ ...value, parties: parties.filter((_, k) => k !== i) })} />
        </div>
      ))}
      <Add label={w.addParty} onClick={() => onChange({ ...value, parties: [...parties, { name: '', role: '' }] })} />
    </div>
  );
}

function PaymentFields({ value, onChange }: { value: PaymentTerms; onChange: (p: PaymentTerms) => void }) {
  const discount = value.discounts?.[0];
  const days = (text: string) => Number(text.replace(/\D/g, '').slice(0, 4));
  return (
    <div className="stack mid">
      <TextInput size="xs" label={w.words} placeholder="2/10 net 30" value={value.text ?? ''} onChange={(e) => onChange({ ...value, text: e.currentTarget.value })} data-first />
      <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
        <TextInput size="xs" label={w.netDays} w={90} inputMode="numeric" value={value.net_days === undefined ? '' : String(value.net_days)}
          onChange={(e) => { const { net_days: _, ...rest } = value; onChange(e.currentTarget.value === '' ? rest : { ...value, net_days: days(e.currentTarget.value) }); }} />
        <Select size="xs" label={w.basis} className="grow" data={bases} value={value.basis ?? null} clearable clearButtonProps={{ 'aria-label': m.common.remove }} onChange={(basis) => onChange({ ...value, basis: basis ?? '' })} />
      </div>
      <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
        <TextInput size="xs" label={w.discount} inputMode="decimal" className="grow" value={discount?.percent ?? ''}
          onChange={(e) => onChange({ ...value, discounts: e.currentTarget.value === '' ? [] : [{ percent: e.currentTarget.value, days: discount?.days ?? 10 }] })} />
        <TextInput size="xs" label={w.within} inputMode="numeric" w={110} disabled={!discount} value={discount ? String(discount.days) : ''} onChange={(e) => discount && onChange({ ...value, discounts: [{ ...discount, days: days(e.currentTarget.value) }] })} />
      </div>
    </div>
  );
}

function TiersFields({ value, onChange }: { value: Tier[]; onChange: (t: Tier[]) => void }) {
  const set = (i: number, name: keyof Tier, text: string) => onChange(value.map((t, k) => {
    if (k !== i) return t;
    if (text === '' && name !== 'credit') { const { [name]: _, ...rest } = t; return rest; }
    return { ...t, [name]: text };
  }));
  const field = (i: number, name: keyof Tier, label: string) => (
    <TextInput size="xs" key={name} label={i === 0 ? label : undefined} aria-label={label} inputMode="decimal" className="grow" value={value[i]?.[name] ?? ''} onChange={(e) => set(i, name, e.currentTarget.value.trim())} {...(i === 0 && name === 'from' ? { 'data-first': true } : {})} />
  );
  return (
    <div className="stack tight">
      {value.map((_, i) => (
        <div key={i} className="row tight" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>
          {field(i, 'from', w.from)}{field(i, 'below', w.below)}{field(i, 'up_to', w.upTo)}{field(i, 'credit', w.credit)}
          <Remove label={`${m.common.remove} ${i + 1}`} onClick={() => onChange(value.filter((__, k) => k !== i))} />
        </div>
      ))}
      <Add label={w.addTier} onClick={() => onChange([...value, { credit: '' }])} />
    </div>
  );
}

function CapFields({ value, onChange }: { value: Cap; onChange: (c: Cap) => void }) {
  return (
    <div className="stack mid">
      <MoneyFields value={value.amount ?? { value: '', currency: 'USD' }} onChange={(amount) => { const { amount: _, ...rest } = value; onChange(amount.value === '' ? rest : { ...value, amount }); }} />
      <Decimal label={w.multiple} value={value.multiple ?? ''} onChange={(text) => { const { multiple: _, window: __, ...rest } = value; onChange(text === '' ? rest : { ...value, multiple: text, window: value.window ?? { value: 12, unit: 'month' } }); }} />
      {value.multiple && <DurationFields value={value.window ?? { value: 12, unit: 'month' }} onChange={(window) => onChange({ ...value, window })} />}
      <TextInput size="xs" label={w.words} value={value.text ?? ''} onChange={(e) => onChange({ ...value, text: e.currentTarget.value })} />
    </div>
  );
}

/** What an amendment does. Only the fields that its kind takes are shown; an emptied field is left out. */
function OperationFields({ value, onChange }: { value: Operation; onChange: (o: Operation) => void }) {
  const o = m.operation;
  const set = (name: keyof Operation, text: string) => {
    const { [name]: _, ...rest } = value;
    onChange(text === '' ? (rest as Operation) : { ...value, [name]: text });
  };
  const text = (name: 'target' | 'new_target' | 'old' | 'new', label: string) => <TextInput label={label} value={value[name] ?? ''} onChange={(e) => set(name, e.currentTarget.value)} />;
  const date = (name: 'to' | 'from' | 'until', label: string) => <TextInput type="date" label={label} className="grow" value={value[name] ?? ''} onChange={(e) => set(name, e.currentTarget.value)} />;
  const { kind } = value;
  return (
    <div className="stack mid">
      <Select label={o.kind} data={operationKinds.map((k) => ({ value: k, label: o.kinds[k] }))} value={kind} allowDeselect={false} onChange={(k) => k && onChange({ ...value, kind: k as OperationKind })} data-first />
      {kind !== 'extend' && kind !== 'restate' && text('target', o.target)}
      {kind === 'retitle' && text('new_target', o.newTarget)}
      {kind === 'change_value' && <>{text('old', o.old)}{text('new', o.now)}</>}
      {kind === 'extend' && (
        <>
          <Switch label={o.toADay} checked={value.by === undefined} onChange={(e) => { const { by: _, to: __, ...rest } = value; onChange(e.currentTarget.checked ? rest : { ...rest, by: { value: 12, unit: 'month' } }); }} />
          {value.by ? <DurationFields value={value.by} onChange={(by) => onChange({ ...value, by })} /> : date('to', o.to)}
        </>
      )}
      <div className="row" style={{ flexWrap: 'nowrap', alignItems: 'flex-end' }}>{date('from', o.from)}{kind === 'waive' && date('until', o.until)}</div>
    </div>
  );
}

/** The contract that a document belongs to, found in the register by what is typed. */
function ContractFields({ value, onChange }: { value: ContractRef; onChange: (c: ContractRef) => void }) {
  const o = m.operation;
  const [search, setSearch] = useState(value.number ?? '');
  const found = useQuery({ ...contractSearchQuery(search.trim()), enabled: search.trim().length > 1 });
  const options = (found.data?.items ?? []).map((c) => ({ value: c.id, label: [c.title, c.number, c.customer].filter(Boolean).join(' · ') }));
  if (value.contract_id && !options.some((c) => c.value === value.contract_id)) options.unshift({ value: value.contract_id, label: [value.title, value.number].filter(Boolean).join(' · ') || value.contract_id });
  return (
    <div className="stack mid">
      <Select label={o.contract} description={o.contractHint} searchable clearable clearButtonProps={{ 'aria-label': m.common.remove }} data={options} filter={({ options: all }) => all} onSearchChange={setSearch}
        value={value.contract_id ?? null} onChange={(id) => { const { contract_id: _, ...rest } = value; onChange(id ? { ...rest, contract_id: id } : rest); }} data-first />
      <Select label={o.relation} data={o.relations.map((r) => ({ value: r, label: capital(words(r)) }))} value={value.relation} allowDeselect={false} onChange={(r) => r && onChange({ ...value, relation: r })} />
    </div>
  );
}

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return <div><Button size="compact-sm" fz="xs" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={onClick}>{label}</Button></div>;
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}><IconX size={15} aria-hidden /></ActionIcon>;
}
