import { ActionIcon, Button, Modal, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { post } from '../api/client';
import type { Amount, Policy } from '../api/types';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { m } from '../messages';
import { FormProblem } from './States';

const p = m.policyForms;
const s = m.settings;
type Wrong = Record<string, string>;
type Change<T> = (change: Partial<T>) => void;

export interface ReviewBody { threshold: string; thresholds: { field: string; at: string }[]; first_n: string; value_limits: Amount[]; named_fields: string; phases: { type: string; phase: string }[] }
export interface ApprovalBody { credit_limits: Amount[]; charge_limits: Amount[] }
export type PrivacyBody = Record<string, string>;

const record = (body: unknown): Record<string, unknown> => (typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {});
const amounts = (v: unknown): Amount[] => (Array.isArray(v) ? (v as Amount[]).map(({ value, currency }) => ({ value, currency })) : []);
/** What holds where a policy from before there were limits of charges says nothing: the form shows it, so that saving does not change it unseen. */
const shippedCharges: Amount[] = ['USD', 'EUR', 'GBP'].map((currency) => ({ value: '10000000', currency }));
const sums = (all: Amount[]) => all.map((a) => ({ value: a.value.replaceAll(',', '').trim(), currency: a.currency.trim().toUpperCase() }));

/** A review policy as its form holds it, and back. A number that is none is sent as it was typed: the server says what is wrong. */
export const reviewOf = (body: unknown): ReviewBody => {
  const b = record(body);
  return { threshold: String(b.threshold ?? ''), thresholds: Object.entries(record(b.thresholds)).map(([field, at]) => ({ field, at: String(at) })), first_n: String(b.first_n ?? 0), value_limits: amounts(b.value_limits), named_fields: Array.isArray(b.named_fields) ? b.named_fields.join('\n') : '', phases: Object.entries(record(b.phases)).map(([type, phase]) => ({ type, phase: String(phase) })) };
};
export const reviewFrom = (f: ReviewBody) => ({
  threshold: f.threshold.trim(), ...(f.thresholds.some((x) => x.field.trim() !== '') ? { thresholds: Object.fromEntries(f.thresholds.filter((x) => x.field.trim() !== '').map((x) => [x.field.trim(), x.at.trim()])) } : {}), first_n: /^\d{1,9}$/.test(f.first_n.trim()) ? Number(f.first_n.trim()) : f.first_n, value_limits: sums(f.value_limits), named_fields: f.named_fields.split('\n').map((x) => x.trim()).filter(Boolean),
  phases: Object.fromEntries(f.phases.filter((x) => x.type.trim() !== '').map((x) => [x.type.trim(), x.phase])),
});

/** A type that an earlier row has: an object keeps only one of them. */
const twice = (f: ReviewBody, i: number) => f.phases[i]?.type.trim() !== '' && f.phases.findIndex((x) => x.type.trim() === f.phases[i]?.type.trim()) < i;

const twiceField = (f: ReviewBody, i: number) => f.thresholds[i]?.field.trim() !== '' && f.thresholds.findIndex((x) => x.field.trim() === f.thresholds[i]?.field.trim()) < i;

/** The form of a policy that has one; JSON stays for who wants it. */
export function PolicyForm({ policy, json, onClose }: { policy: Policy; json: () => void; onClose: () => void }) {
  if (policy.kind === 'review') return <Frame policy={policy} start={reviewOf(policy.body)} body={reviewFrom} stop={(f) => f.phases.some((_, i) => twice(f, i)) || f.thresholds.some((_, i) => twiceField(f, i))} json={json} onClose={onClose}>{(f, set, wrong) => <ReviewFields f={f} set={set} wrong={wrong} />}</Frame>;
  if (policy.kind === 'approval') {
    const b = record(policy.body);
    const start: ApprovalBody = { credit_limits: amounts(b.credit_limits), charge_limits: amounts(b.charge_limits ?? shippedCharges) };
    return (
      <Frame policy={policy} start={start} body={(f: ApprovalBody) => ({ credit_limits: sums(f.credit_limits), charge_limits: sums(f.charge_limits) })} json={json} onClose={onClose}>
        {(f, set, wrong) => <><Limits legend={p.credit} help={p.creditHelp} at="credit_limits" rows={f.credit_limits} wrong={wrong} onChange={(credit_limits) => set({ credit_limits })} /><Limits legend={p.charge} help={p.chargeHelp} at="charge_limits" rows={f.charge_limits} wrong={wrong} onChange={(charge_limits) => set({ charge_limits })} /></>}
      </Frame>
    );
  }
  const kinds = record(record(policy.body).kinds);
  const start: PrivacyBody = Object.fromEntries(Object.keys(p.kinds).map((k) => [k, String(kinds[k] ?? 'tokenise')]));
  return (
    <Frame policy={policy} start={start} body={(f: PrivacyBody) => ({ kinds: f })} json={json} onClose={onClose}>
      {(f, set, wrong) => (
        <fieldset className="form-group">
          <legend>{p.privacy}</legend>
          <div className="form-row">{Object.entries(p.kinds).map(([k, label]) => <NativeSelect key={k} w={215} label={label} data={p.actions} value={f[k] ?? 'tokenise'} error={wrong[`kinds.${k}`]} onChange={(x) => set({ [k]: x.currentTarget.value })} />)}</div>
        </fieldset>
      )}
    </Frame>
  );
}

interface FrameProps<T> { policy: Policy; start: T; body: (form: T) => unknown; stop?: (form: T) => boolean; json: () => void; onClose: () => void; children: (form: T, set: Change<T>, wrong: Wrong) => ReactNode }

function Frame<T extends object>({ policy, start, body, stop, json, onClose, children }: FrameProps<T>) {
  const client = useQueryClient();
  const [form, setForm] = useState(start);
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () => post('/policies', { kind: policy.kind, body: body(form), note: note.trim() }),
    onSuccess: async () => { await client.invalidateQueries({ queryKey: ['policies'] }); onClose(); },
  });
  const wrong = fieldErrorsOf(save.error, 'body.body');
  return (
    <Modal opened onClose={onClose} title={`${s.kinds[policy.kind] ?? policy.kind}: ${s.newVersion}`} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
        {children(form, (change) => setForm((f) => ({ ...f, ...change })), wrong)}
        <TextInput label={s.note} description={s.noteNeeded} required maxLength={500} value={note} onChange={(x) => setNote(x.currentTarget.value)} />
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" disabled={stop?.(form)} loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button><button type="button" className="linkish small" onClick={json}>{p.asJson}</button></div>
      </form>
    </Modal>
  );
}

function ReviewFields({ f, set, wrong }: { f: ReviewBody; set: Change<ReviewBody>; wrong: Wrong }) {
  const named = Object.entries(wrong).find(([at]) => at.startsWith('named_fields'))?.[1];
  const threshold = (i: number, change: Partial<{ field: string; at: string }>) => set({ thresholds: f.thresholds.map((x, n) => (n === i ? { ...x, ...change } : x)) });
  const phase = (i: number, change: Partial<{ type: string; phase: string }>) => set({ phases: f.phases.map((x, n) => (n === i ? { ...x, ...change } : x)) });
  return (
    <>
      <div className="form-row">
        <TextInput className="grow" label={p.threshold} description={p.thresholdHelp} required inputMode="decimal" value={f.threshold} error={wrong.threshold} data-autofocus onChange={(x) => set({ threshold: x.currentTarget.value })} />
        <TextInput className="grow" label={p.first} description={p.firstHelp} required inputMode="numeric" value={f.first_n} error={wrong.first_n} onChange={(x) => set({ first_n: x.currentTarget.value })} />
      </div>
      <fieldset className="form-group">
        <legend>{p.fields}</legend>
        <p className="small dim" style={{ margin: 0 }}>{p.fieldsHelp}</p>
        {f.thresholds.map((x, i) => (
          <div key={i} className="form-row" style={{ flexWrap: 'nowrap' }}>
            <TextInput className="grow" label={p.field} value={x.field} error={twiceField(f, i) && p.twiceField} onChange={(e) => threshold(i, { field: e.currentTarget.value })} />
            <TextInput w={130} label={p.fieldAt} inputMode="decimal" value={x.at} error={wrong[`thresholds.${x.field.trim()}`]} onChange={(e) => threshold(i, { at: e.currentTarget.value })} />
            <Remove label={p.remove(x.field || p.field)} onClick={() => set({ thresholds: f.thresholds.filter((_, n) => n !== i) })} />
          </div>
        ))}
        <Add label={p.addField} onClick={() => set({ thresholds: [...f.thresholds, { field: '', at: '' }] })} />
      </fieldset>
      <Limits legend={p.value} help={p.valueHelp} at="value_limits" rows={f.value_limits} wrong={wrong} onChange={(value_limits) => set({ value_limits })} />
      <Textarea label={p.named} description={p.namedHelp} autosize minRows={3} maxRows={10} value={f.named_fields} error={named} onChange={(x) => set({ named_fields: x.currentTarget.value })} />
      <fieldset className="form-group">
        <legend>{p.phases}</legend>
        {f.phases.map((x, i) => (
          <div key={i} className="form-row" style={{ flexWrap: 'nowrap' }}>
            <TextInput className="grow" label={p.type} value={x.type} error={twice(f, i) && p.twice} onChange={(e) => phase(i, { type: e.currentTarget.value })} />
            <NativeSelect label={p.phase} data={p.phaseNames} value={x.phase} error={wrong[`phases.${x.type.trim()}`]} onChange={(e) => phase(i, { phase: e.currentTarget.value })} />
            <Remove label={p.remove(x.type || p.type)} onClick={() => set({ phases: f.phases.filter((_, n) => n !== i) })} />
          </div>
        ))}
        <Add label={p.addPhase} onClick={() => set({ phases: [...f.phases, { type: '', phase: 'assisted' }] })} />
      </fieldset>
    </>
  );
}

function Limits({ legend, help, at, rows, wrong, onChange }: { legend: string; help: string; at: string; rows: Amount[]; wrong: Wrong; onChange: (rows: Amount[]) => void }) {
  const set = (i: number, change: Partial<Amount>) => onChange(rows.map((x, n) => (n === i ? { ...x, ...change } : x)));
  return (
    <fieldset className="form-group" data-field={at}>
      <legend>{legend}</legend>
      <p className="small dim" style={{ margin: 0 }}>{help}</p>
      {rows.map((row, i) => (
        <div key={i} className="form-row" style={{ flexWrap: 'nowrap' }}>
          <TextInput className="grow" label={p.sum} inputMode="decimal" value={row.value} error={wrong[`${at}[${i}].value`]} onChange={(x) => set(i, { value: x.currentTarget.value })} />
          <TextInput label={p.currency} w={110} maxLength={3} value={row.currency} error={wrong[`${at}[${i}].currency`]} onChange={(x) => set(i, { currency: x.currentTarget.value })} />
          <Remove label={p.removeLimit(legend, i + 1)} onClick={() => onChange(rows.filter((_, n) => n !== i))} />
        </div>
      ))}
      <Add label={p.addLimit} aria={`${p.addLimit}: ${legend}`} onClick={() => onChange([...rows, { value: '', currency: '' }])} />
    </fieldset>
  );
}

const Add = ({ label, aria, onClick }: { label: string; aria?: string; onClick: () => void }) => <div><Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} {...(aria ? { 'aria-label': aria } : {})} onClick={onClick}>{label}</Button></div>;
const Remove = ({ label, onClick }: { label: string; onClick: () => void }) => <ActionIcon variant="subtle" color="gray" size="lg" mt={24} style={{ minWidth: 34 }} aria-label={label} onClick={onClick}><IconX size={15} aria-hidden /></ActionIcon>;
