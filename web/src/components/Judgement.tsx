import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { occurrenceQuery } from '../api/queries';
import type { Obligation, Occurrence, OccurrenceDetail } from '../api/types';
import { distinct } from '../lib/evidence';
import { dueDay, formatDate, formatMoney, formatProgress, formatTime, timed } from '../lib/format';
import { m } from '../messages';
import { QuestionView } from './Answer';
import { EvidenceView } from './Evidence';
import { StateBadge } from './Glyph';
import { Go } from './Go';
import { Facts, Panel } from './Page';
import { Loaded } from './States';
import { EventsPanel, TracePanel } from './Trace';

const j = m.judgement;
const f = m.finding;

/** The judgement on one occurrence with all that it rests on: clause, events and every step. */
export function JudgementDialog({ of, obligation, onClose }: { of: Occurrence; obligation: Pick<Obligation, 'title' | 'kind'>; onClose: () => void }) {
  const query = useQuery(occurrenceQuery(of.id ?? ''));
  const [opener] = useState(() => document.activeElement);
  useEffect(() => () => { if (opener instanceof HTMLElement) opener.focus(); }, [opener]); // the hand is back where it was
  return (
    <Modal opened onClose={onClose} title={`${obligation.title}: ${of.subject || of.key}`} size="xl" closeButtonProps={{ 'aria-label': m.common.close }}>
      <Loaded query={query}>{(detail) => <Judgement detail={detail} kind={obligation.kind} />}</Loaded>
    </Modal>
  );
}

/** The replay that judges the occurrence again: the days of its period. */
function replayOf(o: Occurrence): string {
  const day = (at: string, back = 0) => new Date(new Date(at).getTime() - back).toISOString().slice(0, 10);
  const days = o.period.start.startsWith('0001') ? '' : `&from=${day(o.period.start)}&to=${o.period.end ? day(o.period.end, 1) : day(o.period.start)}`;
  return `/contracts/${o.contract_id ?? ''}?tab=backtest${days}`;
}

function Judgement({ detail: { occurrence: o, obligation, events, finding }, kind }: { detail: OccurrenceDetail; kind: string }) {
  const a = o.assessment;
  const due = o.due_at ?? a.due_at;
  const zone = (obligation?.params as { zone?: string } | undefined)?.zone;
  const clause = distinct(obligation?.evidence ?? []);
  return (
    <div className="stack">
      <div className="row tight"><StateBadge domain="occurrence" state={o.status} />{a.amount && <strong className="num">{formatMoney(a.amount)}</strong>}<span className="small dim">{m.common.asOf} {formatTime(a.at)}</span></div>
      <div className="row">{finding && <Go href={`/findings/${finding.id}`}>{j.toFinding}</Go>}<Go href={replayOf(o)}>{j.toReplay}</Go></div>
      <Facts items={[
        [timed.has(kind) ? j.against : j.measured, formatProgress(kind, a, obligation?.params)], [f.percentOf[kind] ?? f.percent, a.percent && `${a.percent} %`],
        [m.contract.due, due && (dueDay(kind, due, o.due_on, zone) ?? formatTime(due))], [j.breached, formatTime(a.breached_at)], [j.ended, formatTime(a.ended_at)], [f.claimBy, formatDate(a.claim_by)], [j.next, formatTime(a.next_at)]]} />
      {(a.ambiguities ?? []).length > 0 && <Panel title={f.ambiguities}><div className="stack">{a.ambiguities?.map((q) => <div key={q.question} className="stack tight"><QuestionView question={q} /></div>)}</div></Panel>}
      <Panel title={f.clause}>{clause.length === 0 ? <p className="dim" style={{ margin: 0 }}>{f.noClause}</p> : <div className="stack">{clause.map((e, i) => <EvidenceView key={i} evidence={e} />)}</div>}</Panel>
      <TracePanel steps={a.trace ?? []} />
      <EventsPanel events={events ?? []} />
    </div>
  );
}
