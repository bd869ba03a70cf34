import { Button, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, post } from '../api/client';
import type { Occurrence, PactEvent } from '../api/types';
import { productNow } from '../lib/clock';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { formatDate } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { FormProblem } from './States';
import { useSay } from './Toasts';

const p = m.performance;

/** A member of an event's data that is text; empty where it is none. */
export const dataText = (e: PactEvent, member: string) => { const v = e.data[member]; return typeof v === 'string' ? v : ''; };

/** What an answer says, in a line. */
function saidOf(e: PactEvent): string {
  const state = dataText(e, 'state');
  if (state === 'not_done' || state === 'not_yet') return p.said[state];
  return p.said.done(formatDate(dataText(e, 'date')));
}

/** When it happened, as it is sent: a day, or where the time to do it is in hours, the time where the person is. */
export function whenOf(typed: string, time: boolean): { on: string } | { at: string } {
  const at = new Date(typed);
  return time && !Number.isNaN(at.getTime()) ? { at: at.toISOString() } : { on: typed.slice(0, 10) };
}

function Said({ answer }: { answer: PactEvent }) {
  const nameOf = useNames();
  return <><span className="wrap">{saidOf(answer)}</span><div className="small dim wrap">{p.by(nameOf(dataText(answer, 'approved_by')), formatDate((answer.received_at ?? answer.occurred_at).slice(0, 10)))}{dataText(answer, 'reason') && `: ${dataText(answer, 'reason')}`}</div></>;
}

/** Whether an occurrence happened, where no system reports it: what was answered, and the way to answer or to correct it. What a system reports is asked of nobody; an answer from before can be corrected. */
export function PerformanceCell({ occurrence, answer, owner, asked, time }: { occurrence: Occurrence; answer?: PactEvent | undefined; owner?: string | undefined; asked: boolean; time: boolean }) {
  const may = useMay('reviewer');
  const me = useSession()?.email;
  const [open, setOpen] = useState(false);
  const mine = may || (!!me && me.toLowerCase() === owner?.toLowerCase());
  const what = occurrence.subject || occurrence.key;
  const reported = !answer && !!occurrence.assessment.ended_at;
  return (
    <div>
      {answer && <Said answer={answer} />}
      {reported && <span className="small dim">{p.reported}</span>}
      {mine && !reported && (asked || answer) && <div><button type="button" className="linkish small" aria-label={answer ? p.changeFor(what) : p.openFor(what)} onClick={() => setOpen(true)}>{answer ? p.change : p.open}</button></div>}
      {open && <PerformanceDialog occurrence={occurrence} answer={answer} time={time} onClose={() => setOpen(false)} />}
    </div>
  );
}

/**
 * Corrects the answer that its reader saw when it opened, whatever changes under it. Where the server says that another stands by now, the
 * dialog shows that one, and what is sent next takes its place.
 */
function PerformanceDialog({ occurrence, answer, time, onClose }: { occurrence: Occurrence; answer?: PactEvent | undefined; time: boolean; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [seen, setSeen] = useState(answer);
  const [refused, setRefused] = useState(false);
  const [again, setAgain] = useState(false);
  if (refused && answer?.id !== seen?.id) { // it arrives with the list, before or after the refusal
    setRefused(false);
    setSeen(answer);
    setAgain(true);
  }
  const [form, setForm] = useState({ answer: '', on: '', note: '' });
  const renew = () => Promise.all(['contracts', 'register', 'findings', 'events', 'overview'].map((q) => client.invalidateQueries({ queryKey: [q] })));
  const save = useMutation({
    mutationFn: () => post(`/obligations/${occurrence.obligation_id ?? ''}/performance`, {
      occurrence_id: occurrence.id ?? '', answer: form.answer, ...(form.answer === 'yes' && form.on ? whenOf(form.on, time) : {}), ...(form.note.trim() ? { note: form.note.trim() } : {}), ...(seen ? { corrects: seen.id } : {}),
    }),
    onSuccess: async () => { await renew(); say.ok(p.saved); onClose(); },
    onMutate: () => setRefused(false),
    onError: async (error) => {
      if (!(error instanceof ApiError) || error.status !== 409) return;
      setRefused(true);
      await renew();
    },
  });
  const wrong = fieldErrorsOf(save.error, 'body');
  const choices = seen ? [...p.answers, { value: 'take_back', label: p.takeBack }] : p.answers;
  return (
    <Modal opened onClose={onClose} title={p.title} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap strong">{occurrence.subject || occurrence.key}</p>
        <p style={{ margin: 0 }} className="small dim">{p.text}{seen && ` ${p.instead}`}</p>
        {again && <div role="group" aria-label={p.standsNow} className="stack tight"><strong>{p.standsNow}</strong>{seen ? <Said answer={seen} /> : <span>{p.nothingStands}</span>}</div>}
        <Radio.Group label={p.answer} required value={form.answer} onChange={(value) => setForm((f) => ({ ...f, answer: value }))} error={wrong.answer}>
          <div className="stack tight" style={{ marginTop: 8 }}>{choices.map((c, i) => <Radio key={c.value} value={c.value} label={c.label} {...(i === 0 ? { 'data-autofocus': true } : {})} />)}</div>
        </Radio.Group>
        {form.answer === 'yes' && <TextInput type={time ? 'datetime-local' : 'date'} label={time ? p.at : p.on} required {...(time ? { description: p.atHelp } : { max: new Date(productNow()).toISOString().slice(0, 10) })} value={form.on} error={wrong.on ?? wrong.at} onChange={(e) => { const { value } = e.currentTarget; setForm((f) => ({ ...f, on: value })); }} />}
        <Textarea label={p.note} description={p.noteHelp} autosize minRows={2} maxLength={2000} value={form.note} error={wrong.note} onChange={(e) => { const { value } = e.currentTarget; setForm((f) => ({ ...f, note: value })); }} />
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!form.answer}>{p.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
