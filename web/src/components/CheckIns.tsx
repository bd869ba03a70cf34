import '../styles/register.css';
import { Button, Modal, Radio, Textarea } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post, put } from '../api/client';
import { checkInMailsQuery, checkInsQuery } from '../api/queries';
import type { CheckInPlan } from '../api/types';
import { productNow } from '../lib/clock';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { formatDate } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { PlanFields } from './Cascade';
import { StateBadge } from './Glyph';
import { Mail } from './Mail';
import { ErrorState, FormProblem, Skeleton } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const k = m.checkIn;

/** What check-ins need to know of an obligation, in the register as on the page of its contract. */
export interface Watched { id: string; title: string; owner?: string | undefined; revision: number; plan?: CheckInPlan | undefined; due?: string | undefined; state?: string | undefined }

/** Days are days in UTC; the day it is due counts whole. */
export const isMissed = (due: string | undefined) => !!due && due < new Date(productNow()).toISOString().slice(0, 10);

/** How it stands: missed, or due by, and what was said last. */
export function CheckInState({ due, state }: { due?: string | undefined; state?: string | undefined }) {
  if (!due && !state) return null;
  return (
    <span className="row tight">
      {isMissed(due) && <StateBadge domain="check_in" state="missed" />}
      {due && <span className="small dim nowrap">{isMissed(due) ? k.missedShort(formatDate(due)) : k.due(formatDate(due))}</span>}
      {state && <span className="small dim nowrap">{k.said}: {k.states.find((s) => s.value === state)?.label.split(':')[0]?.toLowerCase() ?? state}</span>}
    </span>
  );
}

/** The owner says how it stands; a reviewer also says how often that is asked. */
export function CheckInActs({ of, plan }: { of: Watched; plan?: boolean }) {
  const may = useMay('reviewer');
  const me = useSession()?.email;
  const [open, setOpen] = useState<'say' | 'plan'>();
  const mine = !!me && me.toLowerCase() === of.owner?.toLowerCase();
  const asked = !!of.due || (!!plan && of.state !== 'done'); // after done it is planned anew
  return (
    <>
      {(may || mine) && asked && (plan
        ? <Button size="xs" variant="default" aria-label={k.openFor(of.title)} onClick={() => setOpen('say')}>{k.open}</Button>
        : <button type="button" className="linkish small" aria-label={k.openFor(of.title)} onClick={() => setOpen('say')}>{k.open}</button>)}
      {may && plan && <Button size="xs" variant="default" aria-label={k.planFor(of.title)} onClick={() => setOpen('plan')}>{k.plan}</Button>}
      {open === 'say' && <SayDialog of={of} onClose={() => setOpen(undefined)} />}
      {open === 'plan' && <PlanDialog of={of} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function useSaved(done: string, onClose: () => void) {
  const client = useQueryClient();
  const say = useSay();
  return async () => { await Promise.all(['contracts', 'register', 'check_ins', 'check_in_mails'].map((q) => client.invalidateQueries({ queryKey: [q] }))); say.ok(done); onClose(); };
}

function SayDialog({ of, onClose }: { of: Watched; onClose: () => void }) {
  const [state, setState] = useState('');
  const [note, setNote] = useState('');
  const saved = useSaved(k.saved, onClose);
  const save = useMutation({ mutationFn: () => post(`/obligations/${of.id}/check-ins`, { state, note: note.trim() }), onSuccess: saved });
  const wrong = fieldErrorsOf(save.error, 'body');
  return (
    <Modal opened onClose={onClose} title={k.dialog} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap strong">{of.title}</p>
        {of.due && <p style={{ margin: 0 }} className="small dim">{isMissed(of.due) ? k.missed(formatDate(of.due)) : k.due(formatDate(of.due))}</p>}
        <Radio.Group label={k.state} required value={state} onChange={setState} error={wrong.state}>
          <div className="stack tight" style={{ marginTop: 8 }}>{k.states.map((s, i) => <Radio key={s.value} value={s.value} label={s.label} {...(i === 0 ? { 'data-autofocus': true } : {})} />)}</div>
        </Radio.Group>
        <Textarea label={k.note} description={k.noteHelp} required autosize minRows={2} maxLength={2000} value={note} error={wrong.note} onChange={(e) => setNote(e.currentTarget.value)} />
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!state || note.trim() === ''}>{k.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

function PlanDialog({ of, onClose }: { of: Watched; onClose: () => void }) {
  const [form, setForm] = useState({ every: of.plan?.every ?? '', first: of.plan?.first ?? '' });
  const saved = useSaved(k.planSaved, onClose);
  const save = useMutation({
    mutationFn: () => put(`/obligations/${of.id}/check-ins`, { ...(form.every ? { check_in: { every: form.every, ...(form.first ? { first: form.first } : {}) } } : {}), revision: of.revision }),
    onSuccess: saved,
  });
  const wrong = fieldErrorsOf(save.error, 'body.check_in');
  return (
    <Modal opened onClose={onClose} title={k.planTitle} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap strong">{of.title}</p>
        <div className="stack"><PlanFields every={form.every} first={form.first} errors={{ every: wrong.every, first: wrong.first }} onChange={(change) => setForm((f) => ({ ...f, ...change }))} /></div>
        <FormProblem error={save.error} atFields={wrong} />
        <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

/** What was said, the newest first; read when it is opened. */
export function CheckInHistory({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary className="small">{k.history}</summary>
      {open && <Said id={id} />}
    </details>
  );
}

/** Who was told that a check-in is due or overdue, up the escalation path, and what became of it; read when it is opened. */
export function CheckInMails({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary className="small">{k.mailsOf}</summary>
      {open && <Told id={id} />}
    </details>
  );
}

function Told({ id }: { id: string }) {
  const query = useInfiniteQuery(checkInMailsQuery({ obligation_id: id, limit: 20 }));
  if (query.isPending) return <Skeleton rows={2} />;
  if (query.isError && !query.data) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const list = (query.data?.pages ?? []).flatMap((p) => p.items ?? []);
  if (list.length === 0) return <p className="small dim" style={{ margin: '8px 0 0' }}>{k.mailsNoneOf}</p>;
  return (
    <>
      <ol className="stack mid" style={{ margin: '10px 0 0', padding: 0, listStyle: 'none' }}>
        {list.map(({ mail }) => (
          <li key={mail.id} className="stack tight">
            <span className="row tight"><StateBadge domain="check_in_mail" state={mail.check_in ?? ''} /><Mail of={mail.recipient} /><span className="small dim">{k.level(mail.level ?? 0)}</span></span>
            <span className="row tight small dim"><StateBadge domain="notification" state={mail.state} /><Time at={mail.created_at} /><span>{k.late(formatDate(mail.due_on))}</span></span>
          </li>
        ))}
      </ol>
      {query.hasNextPage && <Button size="xs" variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{m.common.more}</Button>}
    </>
  );
}

function Said({ id }: { id: string }) {
  const nameOf = useNames();
  const query = useInfiniteQuery(checkInsQuery(id));
  if (query.isPending) return <Skeleton rows={2} />;
  if (query.isError && !query.data) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const list = (query.data?.pages ?? []).flatMap((p) => p.items ?? []);
  if (list.length === 0) return <p className="small dim" style={{ margin: '8px 0 0' }}>{k.none}</p>;
  return (
    <>
      <ol className="stack mid" style={{ margin: '10px 0 0', padding: 0, listStyle: 'none' }}>
        {list.map((c) => (
          <li key={c.id} className="stack tight">
            <span className="row tight"><StateBadge domain="check_in" state={c.state} /><span className="small dim">{[k.by(nameOf(c.by), formatDate(c.on)), c.due_on && k.late(formatDate(c.due_on))].filter(Boolean).join(' · ')}</span></span>
            <span className="wrap">{c.note}</span>
          </li>
        ))}
      </ol>
      {query.hasNextPage && <Button size="xs" variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{m.common.more}</Button>}
    </>
  );
}
