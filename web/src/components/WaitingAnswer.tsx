import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { ApiError, post } from '../api/client';
import type { Approval, Lowered } from '../api/types';
import { formatMoney, formatTime } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay, useSession } from '../lib/session';
import { m } from '../messages';
import { Glyph } from './Glyph';
import { Go } from './Go';
import { ReasonDialog } from './Reason';
import { useSay } from './Toasts';

const w = m.waitingAnswer;

/** What an answer takes back, in a line: the amounts, or how it is judged. */
function lineOf(l: Lowered): string {
  if (l.note) return l.note;
  const was = formatMoney(l.was_amount) || w.status[l.was ?? ''] || '';
  const is = formatMoney(l.is_amount) || (l.was_amount ? w.nothing : w.status[l.is ?? ''] ?? w.none);
  return w.change(was, is);
}

function Lowers({ list }: { list: Lowered[] }) {
  return <ul style={{ margin: 0 }}>{list.map((l, i) => <li key={i}>{l.finding_id ? <Link to="/findings/$id" params={{ id: l.finding_id }} style={{ textDecoration: 'underline' }}>{l.title}</Link> : l.title}: <span className="num">{lineOf(l)}</span></li>)}</ul>;
}

type Act = 'approve' | 'refuse' | 'withdraw';

/** An answer that waits for a second person: what was asked and said, what it would take back, and who decides. */
export function WaitingAnswer({ approval, toApproval }: { approval: Approval; toApproval?: boolean }) {
  const nameOf = useNames();
  const may = useMay('approver');
  const mine = useSession()?.actor.id === approval.answer?.by;
  const [act, setAct] = useState<Act>();
  const a = approval.answer;
  if (!a) return null;
  return (
    <section className="banner tone-warn" style={{ alignItems: 'flex-start', flexWrap: 'wrap' }} aria-label={w.title}>
      <Glyph name="pause" size={17} />
      <div className="stack tight grow wrap">
        <strong>{w.title}</strong>
        <span>{a.obligation}: {a.question}</span>
        <span><strong>{w.answer}</strong> {a.reading || w.stated(JSON.stringify(a.params))}</span>
        <span className="small dim">{w.by(nameOf(a.by), formatTime(approval.created_at), a.reason)}</span>
        <span>{w.lowers}{!a.lowers?.length && ` ${w.none}`}</span>
        <Lowers list={a.lowers ?? []} />
        <span className="small dim">{mine ? w.mine : w.reader(nameOf(a.by))}</span>
        {(may || mine || toApproval) && (
          <div className="row">
            {may && !mine && <Button size="xs" onClick={() => setAct('approve')}>{w.approve}</Button>}
            {may && !mine && <Button size="xs" variant="default" onClick={() => setAct('refuse')}>{w.refuse}</Button>}
            {mine && <Button size="xs" variant="default" onClick={() => setAct('withdraw')}>{w.withdraw}</Button>}
            {toApproval && <Go href="/findings?tab=approvals&state=waiting">{w.toApproval}</Go>}
          </div>
        )}
      </div>
      {act && <ActDialog act={act} approval={approval} onClose={() => setAct(undefined)} />}
    </section>
  );
}

/**
 * Decides on what is shown in it: the answer as it was when the dialog opened, whatever changes under it. Where the server says that it is
 * another by now, the dialog shows what it takes back now, and decides on that.
 */
function ActDialog({ act, approval, onClose }: { act: Act; approval: Approval; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const [opened] = useState(approval);
  const [again, setAgain] = useState(false);
  // Decided on by somebody else it waits no more: this dialog goes with what stood here, and why must not go with it.
  const untold = useRef<Error>(undefined);
  useEffect(() => () => { if (untold.current) say.fail(untold.current); }, [say]);
  const close = () => { untold.current = undefined; onClose(); };
  const shown = again ? approval : opened;
  const renew = () => Promise.all(['findings', 'contracts', 'overview', 'claims', 'approvals', 'register'].map((k) => client.invalidateQueries({ queryKey: [k] })));
  const save = useMutation({
    mutationFn: (reason: string) => (act === 'withdraw' ? post(`/approvals/${approval.id}/withdrawal`, { reason }) : post(`/approvals/${approval.id}/decision`, { kind: act, revision: shown.revision, reason })),
    onSuccess: async () => { untold.current = undefined; await renew(); say.ok(w.done[act]); close(); },
    onError: async (error) => {
      if (!(error instanceof ApiError) || error.status !== 409) return;
      untold.current = error;
      await renew();
      setAgain(true);
    },
  });
  const a = shown.answer;
  return (
    <ReasonDialog title={w[act]} text={`${a?.question ?? ''} ${a?.reading ?? ''}`} action={w[act]} busy={save.isPending} error={save.error} onClose={close} onSubmit={(reason) => save.mutate(reason)}>
      {act !== 'withdraw' && <div role="group" aria-label={again ? w.lowersNow : w.lowers} className="stack tight"><strong>{again ? w.lowersNow : w.lowers}{!a?.lowers?.length && ` ${w.none}`}</strong><Lowers list={a?.lowers ?? []} /></div>}
      {act === 'withdraw' && <p className="small dim" style={{ margin: 0 }}>{w.withdrawText}</p>}
    </ReasonDialog>
  );
}
