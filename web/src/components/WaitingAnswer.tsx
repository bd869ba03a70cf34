import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../api/client';
import type { Approval, Lowered } from '../api/types';
import { formatMoney, formatTime } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { Glyph } from './Glyph';
import { ReasonDialog } from './Reason';

const w = m.waitingAnswer;

/** What an answer takes back, in a line: the amounts, or how it is judged. */
function lineOf(l: Lowered): string {
  if (l.note) return l.note;
  const was = formatMoney(l.was_amount) || w.status[l.was ?? ''] || '';
  const is = formatMoney(l.is_amount) || (l.was_amount ? w.nothing : w.status[l.is ?? ''] ?? w.none);
  return w.change(was, is);
}

/** An answer that waits for a second person: what was asked and said, what it would take back, and who decides. */
export function WaitingAnswer({ approval }: { approval: Approval }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const may = useMay('approver');
  const mine = useSession()?.actor.id === approval.answer?.by;
  const [asked, setAsked] = useState<{ kind: 'approve' | 'refuse'; revision: number }>(); // as it was seen: what changes under the dialog is not decided
  const decide = useMutation({
    mutationFn: (reason: string) => post(`/approvals/${approval.id}/decision`, { ...asked, reason }),
    onSuccess: async () => { await Promise.all(['findings', 'contracts', 'overview', 'claims', 'approvals', 'register'].map((k) => client.invalidateQueries({ queryKey: [k] }))); setAsked(undefined); },
    onError: () => Promise.all(['findings', 'approvals'].map((k) => client.invalidateQueries({ queryKey: [k] }))), // it may take back other things now
  });
  const a = approval.answer;
  if (!a) return null;
  const kind = asked?.kind;
  const open = (k: 'approve' | 'refuse') => { decide.reset(); setAsked({ kind: k, revision: approval.revision }); };
  return (
    <section className="banner tone-warn" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }} aria-label={w.title}>
      <Glyph name="pause" size={17} />
      <div className="stack tight grow wrap">
        <strong>{w.title}</strong>
        <span>{a.obligation}: {a.question}</span>
        <span><strong>{w.answer}</strong> {a.reading || w.stated(JSON.stringify(a.params))}</span>
        <span className="small dim">{w.by(nameOf(a.by), formatTime(approval.created_at), a.reason)}</span>
        <span>{w.lowers}{!a.lowers?.length && ` ${w.none}`}</span>
        <ul style={{ margin: 0 }}>{(a.lowers ?? []).map((l, i) => <li key={i}>{l.finding_id ? <Link to="/findings/$id" params={{ id: l.finding_id }} style={{ textDecoration: 'underline' }}>{l.title}</Link> : l.title}: <span className="num">{lineOf(l)}</span></li>)}</ul>
        {mine && <span className="small dim">{w.mine}</span>}
        {!may && !mine && <span className="small dim">{w.reader}</span>}
        {may && <div className="row">{!mine && <Button size="xs" onClick={() => open('approve')}>{w.approve}</Button>}<Button size="xs" variant="default" onClick={() => open('refuse')}>{w.refuse}</Button></div>}
      </div>
      {kind && <ReasonDialog title={kind === 'approve' ? w.approve : w.refuse} text={`${a.question} ${a.reading ?? ''}`} action={kind === 'approve' ? w.approve : w.refuse} busy={decide.isPending} error={decide.error} onClose={() => setAsked(undefined)} onSubmit={(reason) => decide.mutate(reason)} />}
    </section>
  );
}
