import { Button, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, post } from '../api/client';
import type { Obligation, PactEvent } from '../api/types';
import { productNow } from '../lib/clock';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { formatDate } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { dataText, whenOf } from './Performance';
import { FormProblem } from './States';
import { useSay } from './Toasts';

const t = m.trigger;

/** What was said to have started a duty, where no system reports it, and the way to say it, correct it or take it back. */
export function Triggers({ of, said, owner, asked, time }: { of: Obligation; said: PactEvent[]; owner?: string | undefined; asked: boolean; time: boolean }) {
  const nameOf = useNames();
  const may = useMay('reviewer');
  const me = useSession()?.email;
  const [open, setOpen] = useState<{ instead?: PactEvent }>();
  const mine = may || (!!me && me.toLowerCase() === owner?.toLowerCase());
  if (said.length === 0 && !(asked && mine)) return null;
  return (
    <div role="group" aria-label={t.title} className="stack tight">
      {said.map((e) => (
        <div key={e.id} className="wrap"><span className="strong">{e.subject}</span>: {t.startedOn(formatDate(dataText(e, 'date')))}
          {mine && <> <button type="button" className="linkish small" aria-label={t.changeFor(e.subject ?? '')} onClick={() => setOpen({ instead: e })}>{t.change}</button></>}
          <div className="small dim wrap">{m.performance.by(nameOf(dataText(e, 'approved_by')), formatDate((e.received_at ?? e.occurred_at).slice(0, 10)))}{dataText(e, 'reason') && `: ${dataText(e, 'reason')}`}</div>
        </div>
      ))}
      {asked && mine && <div><button type="button" className="linkish" aria-label={t.openFor(said.length > 0 ? t.again : t.open, of.title)} onClick={() => setOpen({})}>{said.length > 0 ? t.again : t.open}</button></div>}
      {open && <TriggerDialog of={of} instead={open.instead} stands={!open.instead || said.some((e) => e.id === open.instead?.id)} time={time} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

/** Says what started a duty, or what that should have been. What a colleague corrected meanwhile is told by the server, and is to be looked at again. */
function TriggerDialog({ of, instead, stands, time, onClose }: { of: Obligation; instead?: PactEvent | undefined; stands: boolean; time: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [form, setForm] = useState({ answer: instead ? '' : 'yes', on: '', note: '' });
  const renew = () => Promise.all(['contracts', 'register', 'findings', 'events', 'overview'].map((q) => client.invalidateQueries({ queryKey: [q] })));
  const save = useMutation({
    mutationFn: () => post(`/obligations/${of.id ?? ''}/trigger`, { answer: form.answer, ...(form.answer === 'yes' && form.on ? whenOf(form.on, time) : {}), ...(form.note.trim() ? { note: form.note.trim() } : {}), ...(instead ? { corrects: instead.id } : {}) }),
    onSuccess: async () => { await renew(); say.ok(m.performance.saved); onClose(); },
    onError: async (error) => { if (error instanceof ApiError && error.status === 409) await renew(); },
  });
  const wrong = fieldErrorsOf(save.error, 'body');
  return (
    <Modal opened onClose={onClose} title={t.title} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap strong">{of.title}{instead && `: ${instead.subject ?? ''}`}</p>
        <p style={{ margin: 0 }} className="small dim">{t.text}{instead && ` ${m.performance.instead}`}</p>
        {!stands && <p role="alert" style={{ margin: 0 }}>{t.fell}</p>}
        {instead && <Radio.Group label={m.performance.answer} required value={form.answer} onChange={(value) => setForm((f) => ({ ...f, answer: value }))} error={wrong.answer}>
          <div className="stack tight" style={{ marginTop: 8 }}><Radio value="yes" label={t.otherDay} data-autofocus /><Radio value="take_back" label={m.performance.takeBack} /></div>
        </Radio.Group>}
        {form.answer === 'yes' && <TextInput type={time ? 'datetime-local' : 'date'} label={time ? t.at : t.on} required {...(time ? { description: m.performance.atHelp } : { max: new Date(productNow()).toISOString().slice(0, 10) })} {...(instead ? {} : { 'data-autofocus': true })} value={form.on} error={wrong.on ?? wrong.at} onChange={(e) => { const { value } = e.currentTarget; setForm((f) => ({ ...f, on: value })); }} />}
        <Textarea label={m.performance.note} description={m.performance.noteHelp} autosize minRows={2} maxLength={2000} value={form.note} error={wrong.note} onChange={(e) => { const { value } = e.currentTarget; setForm((f) => ({ ...f, note: value })); }} />
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!form.answer || !stands}>{t.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
