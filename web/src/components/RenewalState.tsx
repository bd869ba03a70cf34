import { Button, Checkbox, Modal, Radio, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client';
import type { RenewalRow } from '../api/types';
import { productNow } from '../lib/clock';
import { formatDate } from '../lib/format';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { StateBadge } from './Glyph';
import { ReasonDialog } from './Reason';
import { ErrorState } from './States';
import { useSay } from './Toasts';

const r = m.renewals;

/** Nothing has to be decided any more, or had to be. */
export const settled = (row: RenewalRow) => ['sent', 'not_needed', 'will_renew', 'will_end'].includes(row.notice);

/** What is to be done, or was done, in words: a deadline that passed is said, not only coloured. */
export function RenewalState({ row }: { row: RenewalRow }) {
  const may = useMay('reviewer');
  const admin = useMay('admin');
  const me = useSession()?.actor.id;
  const [open, setOpen] = useState(false);
  const [back, setBack] = useState(false);
  const [deciding, setDeciding] = useState(false);
  const [undo, setUndo] = useState(false);
  const mine = may && !!row.sent && (admin || (!!me && row.sent.actor_id === me));
  const renews = row.auto_renewal === false ? r.lateEnds(formatDate(row.renewal_date)) : r.lateRenews(formatDate(row.renewal_date));
  const text = {
    sent: row.sent ? r.sentOn(formatDate(row.sent.on)) + (row.ends_on ? ` · ${r.endsOn(formatDate(row.ends_on))}` : '') : '', late: row.sent?.days_late ? r.sentLate(row.sent.days_late, formatDate(row.sent.on), renews) : r.lateText(formatDate(row.send_by), renews), not_needed: r.notNeeded,
    will_renew: r.willRenew(formatDate(row.renewal_date)), will_end: r.willEnd(formatDate(row.renewal_date)), negotiating: row.decision ? r.negotiatingSince(formatDate(row.decision.on)) : '',
    unknown: row.question ?? r.unknown, any_time: row.ends_on ? r.anyTime(formatDate(row.ends_on)) : '', open: '',
  }[row.notice] ?? '';
  return (
    <div style={{ minWidth: 150 }}>
      <StateBadge domain="notice" state={row.notice} />
      {text && <div className="small dim wrap">{text}</div>}
      {row.sent && <div className="small dim wrap">{[row.sent.reference, row.sent.by].filter(Boolean).join(' · ')}</div>}
      {row.decision && <div className="small dim wrap">{[row.notice !== 'negotiating' && r.decidedOn(formatDate(row.decision.on)), row.decision.by, row.decision.reason, row.decision.note].filter(Boolean).join(' · ')}</div>}
      {may && decidable(row, mine) && <div><button type="button" className="linkish small" aria-label={r.decideOf(row.contract_title)} onClick={() => setDeciding(true)}>{r.decide}</button></div>}
      {may && row.occurrence_id && row.notice !== 'sent' && <div><button type="button" className="linkish small" aria-label={r.recordOf(row.contract_title)} onClick={() => setOpen(true)}>{r.record}</button></div>}
      {may && row.decision && (admin || (!!me && row.decision.actor_id === me)) && <div><button type="button" className="linkish small" aria-label={r.undoOf(row.contract_title)} onClick={() => setUndo(true)}>{r.back}</button></div>}
      {mine && <div><button type="button" className="linkish small" aria-label={r.backOf(row.contract_title)} onClick={() => setBack(true)}>{r.back}</button></div>}
      {open && <NoticeDialog row={row} onClose={() => setOpen(false)} />}
      {back && row.sent && <BackDialog row={row} sent={row.sent} onClose={() => setBack(false)} />}
      {deciding && <DecideDialog row={row} onClose={() => setDeciding(false)} />}
      {undo && row.decision && <UndoDialog row={row} decision={row.decision} onClose={() => setUndo(false)} />}
    </div>
  );
}

/** A decision without notice is for a day that has not passed; over a notice it is for who may take that back. */
function decidable(row: RenewalRow, mine: boolean): boolean {
  if (!row.occurrence_id || !row.without_notice || !row.send_by || (row.days_left ?? -1) < 0) return false;
  return row.notice === 'sent' ? mine : ['open', 'negotiating', 'will_renew', 'will_end', 'not_needed'].includes(row.notice) && (row.notice !== 'not_needed' || !!row.option);
}

const refresh = (client: QueryClient) => Promise.all(['renewals', 'register', 'contracts', 'overview', 'findings'].map((k) => client.invalidateQueries({ queryKey: [k] })));

/** Decides a renewal without notice: let it renew, let it end, or negotiate. */
function DecideDialog({ row, onClose }: { row: RenewalRow; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const today = new Date(productNow()).toISOString().slice(0, 10);
  const choices = [row.without_notice ?? '', ...(row.sent && row.notice === 'sent' ? [] : ['negotiate'])].filter((c) => c !== row.decision?.decision);
  const [decision, setDecision] = useState(choices[0] ?? '');
  const [on, setOn] = useState(today);
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const save = useMutation({
    mutationFn: () => post(`/contracts/${row.contract_id}/renewal-decision`, { renewal: row.renewal_date, decision, decided_on: on, reason: reason.trim(), note: note.trim() }),
    onSuccess: async () => { await refresh(client); say.ok(r.decided); onClose(); },
  });
  return (
    <Modal opened onClose={onClose} title={r.decideTitle} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{r.decideText(row.contract_title, formatDate(row.renewal_date), formatDate(row.send_by))}</p>
        <Radio.Group label={r.decision} value={decision} onChange={setDecision}>
          <div className="stack" style={{ gap: 8, marginTop: 6 }}>{choices.map((c) => <Radio key={c} value={c} label={r.choices[c]} description={r.choiceText[c]} />)}</div>
        </Radio.Group>
        {row.notice === 'sent' && row.sent && <p role="status" className="banner tone-warn wrap" style={{ margin: 0 }}>{r.overNotice(formatDate(row.sent.on))}</p>}
        <TextInput type="date" label={r.decidedOnLabel} required max={today} value={on} onChange={(e) => setOn(e.currentTarget.value)} />
        <Textarea label={r.why} required autosize minRows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} data-autofocus />
        <TextInput label={r.note} description={r.decisionNoteHelp} maxLength={200} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending} disabled={reason.trim() === '' || !on || !decision}>{r.decideSave}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

/** Takes back what was decided: it is to be decided again. */
function UndoDialog({ row, decision, onClose }: { row: RenewalRow; decision: NonNullable<RenewalRow['decision']>; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const save = useMutation({
    mutationFn: (reason: string) => post(`/contracts/${row.contract_id}/renewal-decision/withdrawal`, { event_id: decision.event_id, reason }),
    onSuccess: async () => { await refresh(client); say.ok(r.backDone); onClose(); },
  });
  return <ReasonDialog title={r.undoTitle} text={`${row.contract_title}: ${r.undoText(formatDate(decision.on))}`} action={r.back} busy={save.isPending} error={save.error} onClose={onClose} onSubmit={(reason) => save.mutate(reason)} />;
}

/** Takes back what was recorded by mistake. */
function BackDialog({ row, sent, onClose }: { row: RenewalRow; sent: NonNullable<RenewalRow['sent']>; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const save = useMutation({
    mutationFn: (reason: string) => post(`/contracts/${row.contract_id}/notice/withdrawal`, { event_id: sent.event_id, reason }),
    onSuccess: async () => { await refresh(client); say.ok(r.backDone); onClose(); },
  });
  return <ReasonDialog title={r.backTitle} text={`${row.contract_title}: ${r.backText(formatDate(sent.on))}`} action={r.back} busy={save.isPending} error={save.error} onClose={onClose} onSubmit={(reason) => save.mutate(reason)} />;
}

function NoticeDialog({ row, onClose }: { row: RenewalRow; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const today = new Date(productNow()).toISOString().slice(0, 10);
  const [sentOn, setSentOn] = useState(today);
  const [reference, setReference] = useState('');
  const [note, setNote] = useState('');
  const [sure, setSure] = useState(false);
  const [early, setEarly] = useState(false);
  const ahead = row.form !== 'evergreen' && row.send_by && sentOn ? Math.round((Date.parse(row.send_by) - Date.parse(sentOn)) / 86_400_000) : 0;
  const asksEarly = ahead > 365;
  const save = useMutation({
    mutationFn: () => post(`/contracts/${row.contract_id}/notice`, { renewal: row.form === 'evergreen' ? 'evergreen' : row.renewal_date, sent_on: sentOn, reference: reference.trim(), note: note.trim(), ...(asksEarly ? { sure: early } : {}) }),
    onSuccess: async () => { await refresh(client); say.ok(r.saved); onClose(); },
  });
  return (
    <Modal opened onClose={onClose} title={r.recordTitle} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{row.form === 'evergreen' ? r.recordEvergreen(row.contract_title) : r.recordText(row.contract_title, formatDate(row.renewal_date))}</p>
        <TextInput type="date" label={r.sentOnLabel} required max={today} value={sentOn} onChange={(e) => setSentOn(e.currentTarget.value)} data-autofocus />
        {ahead < 0 && <p role="status" className="banner tone-warn wrap" style={{ margin: 0 }}>{r.lateWarning(-ahead, formatDate(row.send_by))}</p>}
        {asksEarly && <Checkbox label={r.early(formatDate(row.send_by))} checked={early} onChange={(e) => setEarly(e.currentTarget.checked)} />}
        <TextInput label={r.reference} description={r.referenceHelp} maxLength={200} value={reference} onChange={(e) => setReference(e.currentTarget.value)} />
        <Textarea label={r.note} autosize minRows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.currentTarget.value)} />
        <Checkbox label={r.confirm} checked={sure} onChange={(e) => setSure(e.currentTarget.checked)} />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending} disabled={!sure || !sentOn || (asksEarly && !early)}>{r.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
