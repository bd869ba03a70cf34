import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { post, type PathOf } from '../api/client';
import { findingQuery } from '../api/queries';
import type { Finding, FindingDetail } from '../api/types';
import { ActionList } from '../components/Actions';
import { ChargePanel, QuestionsPanel } from '../components/Answer';
import { ChargesPanel } from '../components/Charges';
import { actName, ClaimActs, ClaimSteps } from '../components/Claim';
import { Download } from '../components/Downloads';
import { EventsPanel, TracePanel } from '../components/Trace';
import { EvidenceView } from '../components/Evidence';
import { Glyph, StateBadge } from '../components/Glyph';
import { Facts, Page, Panel } from '../components/Page';
import { ReasonDialog } from '../components/Reason';
import { LoadedPage } from '../components/States';
import { Severity } from '../components/Severity';
import { Time } from '../components/Time';
import { WaitingAnswer } from '../components/WaitingAnswer';
import { capital, formatDate, formatElapsed, formatMeasure, formatMoney, formatTime, timed, told } from '../lib/format';
import { distinct } from '../lib/evidence';
import { useMay, useSession } from '../lib/session';
import { useNames } from '../lib/people';
import { m } from '../messages';

const f = m.finding;

export function FindingPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(findingQuery(id));
  return <LoadedPage title={m.findings.title} query={query}>{(detail) => <Detail detail={detail} />}</LoadedPage>;
}

function Detail({ detail }: { detail: FindingDetail }) {
  const nameOf = useNames();
  const { finding, contract, obligation, approval } = detail;
  const a = finding.assessment;
  return (
    <Page title={told(finding.title)} crumb={<><Link to="/findings">{m.findings.title}</Link> / {told(finding.subject)}</>}
      question={<p className="row tight" style={{ marginTop: 8 }}><Severity finding={finding} /><StateBadge domain="finding" state={finding.state} />{finding.credit && <StateBadge domain="credit" state={finding.credit} />}<Time at={finding.occurred_at} /></p>}
      actions={<><Download path={`/findings/${finding.id}/evidence.pdf`} label={m.claims.evidence} /><Decide detail={detail} /></>}>
      <p style={{ margin: 0, fontSize: 15 }} className="wrap">{told(finding.message)}</p>
      {approval?.state === 'waiting' && <ApprovalBanner detail={detail} />}
      {detail.answer && <WaitingAnswer approval={detail.answer} toApproval />}
      <div className="halves">
        <div className="stack">
          <QuestionsPanel detail={detail} />
          <ChargePanel detail={detail} />
          <ChargesPanel detail={detail} />
          <Panel title={f.clause}>
            {(finding.clause ?? []).length === 0 ? <p className="dim" style={{ margin: 0 }}>{f.noClause}</p> : <div className="stack">{distinct(finding.clause ?? []).map((e, i) => <EvidenceView key={i} evidence={e} />)}</div>}
          </Panel>
          <TracePanel steps={a.trace ?? []} />
          <EventsPanel events={detail.events ?? []} />
        </div>
        <div className="stack">
          <Panel title={m.common.details}>
            <Facts items={[
              [f.amount, finding.amount && <strong className="num">{formatMoney(finding.amount)}</strong>], [f.claimBy, formatDate(finding.claim_by)], [f.elapsed, formatElapsed(a.elapsed)], [f.measuredOf[finding.kind] ?? f.measured, formatMeasure(finding.kind, a.measured, obligation?.params)],
              [f.targetOf[finding.kind] ?? f.target, timed.has(finding.kind) ? formatElapsed(a.target) : formatMeasure(finding.kind, a.target, obligation?.params)], [f.percentOf[finding.kind] ?? f.percent, a.percent && `${a.percent} %`], [f.lead, finding.lead],
              [f.ticket, finding.record_ref && (finding.record_ref.url ? <a key="t" href={finding.record_ref.url} target="_blank" rel="noreferrer">{finding.subject || finding.record_ref.external_id}</a> : finding.subject || finding.record_ref.external_id)],
              [f.contract, <Link key="c" to="/contracts/$id" params={{ id: contract.id }}>{contract.title || contract.number}</Link>], [m.contracts.customer, contract.customer], [f.obligation, obligation?.title]]} />
          </Panel>
          {finding.credit && <Panel title={m.claims.title2} actions={<ClaimActs finding={finding} claim={detail.claim} side={obligation?.side} />}><ClaimSteps claim={detail.claim} /></Panel>}
          {(finding.corrections ?? []).length > 0 && <Corrections finding={finding} params={obligation?.params} />}
          {approval && approval.state !== 'waiting' && <Panel title={f.approvalTitle}><Facts items={[[m.common.state, <StateBadge key="s" domain="approval" state={approval.state} />], [f.amount, formatMoney(approval.amount)], [m.common.reason, approval.reason], [m.contract.decided, approval.decided_by && f.bydecided(nameOf(approval.decided_by), formatTime(approval.decided_at))]]} /></Panel>}
          <Panel title={f.actions}>{(detail.actions ?? []).length === 0 ? <p className="dim" style={{ margin: 0 }}>{f.noActions}</p> : <ActionList actions={detail.actions ?? []} />}</Panel>
          <Panel title={f.notifications}>
            {(detail.notifications ?? []).length === 0 && <p className="dim" style={{ margin: 0 }}>{f.noNotifications}</p>}
            {detail.notifications?.map((n) => (
              <div key={n.id} className="row between"><span className="wrap">{n.recipient} <span className="small dim">{n.channel} · <Time at={n.updated_at} /></span>{n.reason && <span className="small ink-bad" style={{ display: 'block' }}>{n.reason}</span>}</span><StateBadge domain="notification" state={n.state} /></div>
            ))}
          </Panel>
        </div>
      </div>
    </Page>
  );
}

function Corrections({ finding, params }: { finding: Finding; params: unknown }) {
  return (
    <Panel title={f.corrections}>
      <div className="stack mid">
        {finding.corrections?.map((c, i) => (
          <div key={i}>
            <div className="row between"><strong className="wrap">{capital(c.reason)}</strong>{c.delta && <span className="num strong nowrap">{c.delta.value.startsWith('-') ? '' : '+'}{formatMoney(c.delta)}</span>}</div>
            <div className="row tight small dim"><Time at={c.at} /><span>{f.was}:</span><StateBadge domain="occurrence" state={c.earlier.status} />{c.earlier.measured && <span className="num">{formatMeasure(finding.kind, c.earlier.measured, params)}</span>}{c.earlier.elapsed && <span>{formatElapsed(c.earlier.elapsed)}</span>}</div>
          </div>
        ))}
      </div>
    </Panel>
  );
}

function useDecision(path: PathOf<'post'>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { kind: string; reason: string; revision: number }) => post(path, body),
    onSuccess: async () => {
      onDone();
      await Promise.all(['findings', 'approvals', 'claims', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] })));
    },
  });
}

/** What is to be done is done by whoever looks after it; all else is decided by a reviewer. */
function Decide({ detail: { finding, obligation, contract } }: { detail: FindingDetail }) {
  const reviewer = useMay('reviewer');
  const me = useSession()?.email?.toLowerCase();
  const task = finding.severity === 'info';
  const may = reviewer || (task && !!me && (obligation?.owner || contract.owner)?.toLowerCase() === me);
  const [kind, setKind] = useState<'confirm' | 'waive' | 'close'>();
  const decide = useDecision(`/findings/${finding.id}/decision`, () => setKind(undefined));
  const ended = ['waived', 'closed', 'corrected'].includes(finding.state);
  if (!may || ended) return null;
  const open = (k: 'confirm' | 'waive' | 'close') => { decide.reset(); setKind(k); };
  return (
    <>
      {!task && finding.state !== 'confirmed' && <Button onClick={() => open('confirm')}>{f.confirm}</Button>}
      {task && <Button onClick={() => open('close')}>{f.done}</Button>}
      {reviewer && <Button variant="default" onClick={() => open('waive')}>{f.waive}</Button>}
      {!task && <Button variant="default" onClick={() => open('close')}>{f.close}</Button>}
      {kind && <ReasonDialog title={kind === 'close' && task ? f.doneTitle : f.decideTitle(kind === 'confirm' ? f.confirm : kind === 'waive' ? f.waive : m.common.close)} text={told(finding.title)} action={kind === 'confirm' ? f.confirm : kind === 'waive' ? f.waive : task ? f.done : f.close} busy={decide.isPending} error={decide.error}
        onClose={() => setKind(undefined)} onSubmit={(reason) => decide.mutate({ kind, reason, revision: finding.revision })} />}
    </>
  );
}

function ApprovalBanner({ detail }: { detail: FindingDetail }) {
  const approval = detail.approval;
  const may = useMay('approver');
  const me = useSession()?.actor.id;
  const nameOf = useNames();
  const [kind, setKind] = useState<'approve' | 'refuse'>();
  const decide = useDecision(`/approvals/${approval?.id}/decision`, () => setKind(undefined));
  if (!approval) return null;
  const step = detail.claim?.steps?.find((s) => s.approval_id === approval.id);
  const mine = !!step && step.by === me;
  const words = step ? { approve: f.approveAct, refuse: f.refuseAct } : { approve: f.approve, refuse: f.refuse };
  const open = (k: 'approve' | 'refuse') => { decide.reset(); setKind(k); };
  return (
    <div className="banner tone-warn" style={{ alignItems: 'center', flexWrap: 'wrap' }}>
      <Glyph name="pause" size={17} />
      <span className="grow"><strong className="num">{formatMoney(approval.amount)}</strong> · {step ? f.approvalActNote(actName(step.kind, detail.obligation?.side), nameOf(step.by), formatMoney(detail.finding.amount), formatMoney(approval.limit)) : f.approvalNote(formatMoney(approval.limit))}</span>
      {may && !mine && <Button size="xs" onClick={() => open('approve')}>{words.approve}</Button>}
      {may && !mine && <Button size="xs" variant="default" onClick={() => open('refuse')}>{words.refuse}</Button>}
      {kind && <ReasonDialog title={words[kind]} text={`${detail.finding.title}: ${formatMoney(approval.amount)}`} action={words[kind]} busy={decide.isPending} error={decide.error} onClose={() => setKind(undefined)}
        onSubmit={(reason) => decide.mutate({ kind, reason, revision: approval.revision })} />}
    </div>
  );
}
