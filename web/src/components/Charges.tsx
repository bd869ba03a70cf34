import { Button, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client';
import type { Amount, FindingDetail, PactEvent } from '../api/types';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { formatMoney, formatTime } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { Panel } from './Page';
import { FormProblem } from './States';
import { useSay } from './Toasts';

const c = m.charges;

interface ChargeData { service?: string; month?: string; amount?: Amount; reference?: string; approved_by?: string; reason?: string }
const dataOf = (e: PactEvent) => e.data as ChargeData;
const nameOfCharge = (e: PactEvent) => [dataOf(e).service, dataOf(e).month].filter(Boolean).join(' ');

/** The charges that people stated and the amount comes from: each can be corrected, or taken back. */
export function ChargesPanel({ detail }: { detail: FindingDetail }) {
  const may = useMay('reviewer');
  const nameOf = useNames();
  const [open, setOpen] = useState<PactEvent>();
  const list = detail.charges ?? [];
  if (list.length === 0) return null;
  return (
    <Panel title={c.title}>
      <div className="stack mid">
        {list.map((e) => (
          <div key={e.id} className="row between">
            <span className="wrap"><strong className="num">{formatMoney(dataOf(e).amount)}</strong> {nameOfCharge(e)}
              <span className="small dim" style={{ display: 'block' }}>{[nameOf(dataOf(e).approved_by), formatTime(e.received_at), dataOf(e).reference, dataOf(e).reason].filter(Boolean).join(' · ')}</span></span>
            {may && <Button size="xs" variant="default" aria-label={c.correctFor(nameOfCharge(e))} onClick={() => setOpen(e)}>{c.correct}</Button>}
          </div>
        ))}
        <p className="small dim" style={{ margin: 0 }}>{c.text}</p>
      </div>
      {open && <CorrectDialog contract={detail.contract.id} charge={open} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

function CorrectDialog({ contract, charge, onClose }: { contract: string; charge: PactEvent; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const before = dataOf(charge).amount;
  const [form, setForm] = useState({ what: 'amount', amount: before?.value ?? '', reference: dataOf(charge).reference ?? '', reason: '' });
  const set = (change: Partial<typeof form>) => setForm((f) => ({ ...f, ...change }));
  const retract = form.what === 'retract';
  const save = useMutation({
    mutationFn: () => post(`/contracts/${contract}/charge/correction`, {
      event_id: charge.id, reason: form.reason.trim(), ...(retract ? {} : { amount: { value: form.amount.replaceAll(',', '').trim(), currency: before?.currency ?? 'USD' } }), ...(form.reference.trim() ? { reference: form.reference.trim() } : {}) }),
    onSuccess: async () => { await Promise.all(['findings', 'events', 'contracts', 'overview', 'claims', 'approvals'].map((q) => client.invalidateQueries({ queryKey: [q] }))); say.ok(c.saved); onClose(); },
  });
  const wrong = fieldErrorsOf(save.error, 'body');
  return (
    <Modal opened onClose={onClose} title={c.correct} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{c.was}: <strong className="num">{formatMoney(before)}</strong> {nameOfCharge(charge)}</p>
        <Radio.Group label={c.what} value={form.what} onChange={(what) => set({ what })}>
          <div className="stack tight" style={{ marginTop: 8 }}>
            <Radio value="amount" label={c.amount} />
            <Radio value="retract" label={c.retract} description={c.retractText} />
          </div>
        </Radio.Group>
        {!retract && <TextInput label={`${m.workbench.amount} (${before?.currency ?? ''})`} required inputMode="decimal" value={form.amount} error={wrong.amount ?? wrong['amount.value']} onChange={(e) => set({ amount: e.currentTarget.value })} data-autofocus />}
        <TextInput label={c.reference} maxLength={200} value={form.reference} onChange={(e) => set({ reference: e.currentTarget.value })} />
        <Textarea label={m.common.reason} description={c.reason} required autosize minRows={2} maxLength={2000} value={form.reason} error={wrong.reason} onChange={(e) => set({ reason: e.currentTarget.value })} />
        <p className="small dim" style={{ margin: 0 }}>{c.eyes}</p>
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending} disabled={form.reason.trim() === ''}>{c.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
