import { Button, Menu, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client';
import type { Amount, Claim, Finding } from '../api/types';
import { productNow } from '../lib/clock';
import { formatDate, formatMoney, formatTime } from '../lib/format';
import { useNames } from '../lib/people';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { ErrorState } from './States';
import { useSay } from './Toasts';

const c = m.claims;
type Act = 'claim' | 'agree' | 'refuse' | 'settle' | 'withdraw';

/** What can be done with a credit as it stands. The server has the last word. */
export function actsOf(finding: Finding, claim: Claim | undefined, approver: boolean): Act[] {
  const gives: Act[] = approver && claim ? ['refuse', 'withdraw'] : [];
  switch (finding.credit) {
    case 'due': case 'expired': return ['claim'];
    case 'claimed': return ['agree', 'settle', ...gives];
    case 'agreed': return ['settle', 'agree', ...gives];
    case 'settled': return approver ? ['withdraw'] : [];
    case 'refused': return approver && claim ? ['withdraw'] : [];
    default: return [];
  }
}

/** What an act is called: of a credit that we owe, it is the other side that claims, and we who settle. */
export const actName = (act: string, side: string | undefined) => (side === 'ours' && c.owed[act]) || c.acts[act] || act;

/** What stood before an act: of a settlement, what is left to settle. */
export function standing(finding: Finding, claim: Claim | undefined, act: Act): Amount | undefined {
  if (act === 'claim') return finding.amount;
  const whole = claim?.agreed ?? claim?.claimed ?? finding.amount;
  if (act !== 'settle' || !whole || !claim?.settled) return whole;
  const places = Math.max(...[whole, claim.settled].map((a) => a.value.split('.')[1]?.length ?? 0));
  const units = (a: Amount) => { const [front = '0', back = ''] = a.value.split('.'); return BigInt(front + back.padEnd(places, '0')); };
  const rest = String(units(whole) - units(claim.settled)).padStart(places + 1, '0');
  return { value: places ? `${rest.slice(0, -places)}.${rest.slice(-places)}` : rest, currency: whole.currency };
}

/** The next act as a button, the others in a menu. */
export function ClaimActs({ finding, claim, side }: { finding: Finding; claim?: Claim | undefined; side?: string | undefined }) {
  const approver = useMay('approver');
  const reviewer = useMay('reviewer');
  const [act, setAct] = useState<Act>();
  const acts = approver || reviewer ? actsOf(finding, claim, approver) : [];
  const [first, ...rest] = acts;
  if (!first) return null;
  return (
    <div className="row tight nowrap" style={{ flexWrap: 'nowrap' }}>
      <Button size="xs" variant="default" aria-label={`${actName(first, side)}: ${finding.title}`} onClick={() => setAct(first)}>{actName(first, side)}</Button>
      {rest.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target><Button size="xs" variant="subtle" aria-label={`${c.more}: ${finding.title}`}>{c.more}</Button></Menu.Target>
          <Menu.Dropdown>{rest.map((a) => <Menu.Item key={a} onClick={() => setAct(a)}>{actName(a, side)}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
      )}
      {act && <ClaimDialog finding={finding} claim={claim} act={act} side={side} onClose={() => setAct(undefined)} />}
    </div>
  );
}

function ClaimDialog({ finding, claim, act, side, onClose }: { finding: Finding; claim: Claim | undefined; act: Act; side: string | undefined; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const money = act === 'claim' || act === 'agree' || act === 'settle';
  const before = standing(finding, claim, act);
  const [amount, setAmount] = useState(before?.value ?? '');
  const [on, setOn] = useState(new Date(productNow()).toISOString().slice(0, 10));
  const [reference, setReference] = useState('');
  const [reason, setReason] = useState('');
  const differs = money && !!before && amount.trim() !== before.value;
  const save = useMutation({
    mutationFn: () => post<{ claim: Claim }>(`/findings/${finding.id}/claim`, {
      kind: act, revision: finding.revision, ...(differs ? { amount: { value: amount.trim(), currency: before.currency } } : {}), ...(on ? { on } : {}), ...(reference.trim() ? { reference: reference.trim() } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) }),
    onSuccess: async (kept) => { await Promise.all(['claims', 'findings', 'overview', 'approvals'].map((k) => client.invalidateQueries({ queryKey: [k] }))); say.ok(kept.claim.steps?.at(-1)?.held ? c.waits : c.saved); onClose(); },
  });
  const part = act === 'settle' && differs && Number(amount) < Number(before.value);
  const needsReason = !money || (differs && !part) || (act === 'claim' && finding.credit === 'expired');
  return (
    <Modal opened onClose={onClose} title={(side === 'ours' && c.owedTitles[act]) || c.titles[act]} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e) => { e.preventDefault(); save.mutate(); }}>
        <p style={{ margin: 0 }} className="wrap">{finding.title}</p>
        {money && before && <TextInput label={`${c.amountLabel} (${before.currency})`} description={act === 'settle' ? c.settleHelp(formatMoney(before)) : c.amountHelp(formatMoney(before))} required inputMode="decimal" value={amount} onChange={(e) => setAmount(e.currentTarget.value)} data-autofocus />}
        <TextInput type="date" label={c.on} value={on} onChange={(e) => setOn(e.currentTarget.value)} />
        {money && <TextInput label={c.referenceLabel} description={c.referenceHelp} required={act === 'settle'} maxLength={200} value={reference} onChange={(e) => setReference(e.currentTarget.value)} />}
        <Textarea label={c.reason} required={needsReason} autosize minRows={2} maxLength={2000} value={reason} onChange={(e) => setReason(e.currentTarget.value)} />
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending}>{actName(act, side)}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

/** Every act, the newest first. */
export function ClaimSteps({ claim }: { claim: Claim | undefined }) {
  const nameOf = useNames();
  const steps = [...(claim?.steps ?? [])].reverse();
  if (steps.length === 0) return <p className="dim" style={{ margin: 0 }}>{c.none}</p>;
  return (
    <ol className="stack mid" style={{ margin: 0, padding: 0, listStyle: 'none' }}>
      {steps.map((s, i) => (
        <li key={i}>
          <div className="row between"><strong>{c.steps[s.kind] ?? s.kind}{s.on && `, ${formatDate(s.on)}`}</strong>{s.amount && <span className="num nowrap">{formatMoney(s.amount)}</span>}</div>
          {s.held && <div className="small strong wrap">{c.held[s.held] ?? s.held}</div>}
          <div className="small dim wrap">{[s.kind === 'expire' ? formatTime(s.at) : c.by(nameOf(s.by), formatTime(s.at)), s.approved_by && c.approvedBy(nameOf(s.approved_by)), s.reference].filter(Boolean).join(' · ')}</div>
          {s.reason && <div className="small wrap">{s.reason}</div>}
        </li>
      ))}
    </ol>
  );
}
