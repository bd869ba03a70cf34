import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { obligationsQuery, timelineQuery } from '../api/queries';
import type { ObligationRow, Occurrence, TimelineItem } from '../api/types';
import { capital, datesIn, dueDay, formatDate, formatMoney, formatProgress, runs, timed, words } from '../lib/format';
import { distinct } from '../lib/evidence';
import { productNow } from '../lib/clock';
import { m } from '../messages';
import { AsksPanel } from './Answer';
import { CascadeAct, cascadeText, planText } from './Cascade';
import { CheckInActs, CheckInHistory, CheckInMails, CheckInState } from './CheckIns';
import type { Column } from './DataTable';
import { DataTable } from './DataTable';
import { EvidenceView } from './Evidence';
import { RegisterLink } from './Family';
import { StateBadge } from './Glyph';
import { Go } from './Go';
import { JudgementDialog } from './Judgement';
import { Facts, Panel } from './Page';
import { DutyFacts, ParamsView } from './Params';
import { PerformanceCell } from './Performance';
import { Schedule } from './Schedule';
import { inForceToday, Segments } from './Segments';
import { Triggers } from './Trigger';
import { Empty, Loaded } from './States';
import { Time } from './Time';

const c = m.contract;

/** An amendment changes the obligations of the contract it amends: owners, check-ins and what passes on are set there. */
export function ObligationsTab({ id, family, amends }: { id: string; family: string | undefined; amends: boolean }) {
  const query = useQuery(obligationsQuery(id));
  return (
    <Loaded query={query}>
      {({ items }) => ((items ?? []).length === 0
        ? <Panel><Empty title={c.noObligations} text={c.noObligationsText} /></Panel>
        : <div className="stack">{family && <div className="row"><RegisterLink family={family} /></div>}{items?.map((row) => <ObligationCard key={row.obligation.id ?? row.obligation.key} row={row} acts={!amends} />)}</div>)}
    </Loaded>
  );
}

/** Kinds whose due dates the calendar gives; what events open, such as tickets and invoices, has none ahead. */
const scheduled = new Set(['recurring_duty', 'availability', 'service_level', 'credit_pool', 'renewal_notice', 'price_escalator', 'milestone', 'delivery_schedule', 'revenue_schedule', 'rebate', 'volume_price', 'minimum_commitment', 'spend_ceiling']);

const zoneOf = (params: unknown) => {
  const zone = (params as { zone?: unknown } | undefined)?.zone;
  return typeof zone === 'string' && zone ? zone : undefined;
};

const columnsOf = (obligation: ObligationRow['obligation'], open: (o: Occurrence) => void): Column<Occurrence>[] => [
  { id: 'subject', header: c.occurrences, cell: (o) => <button type="button" className="linkish strong wrap" aria-label={m.judgement.open(`${obligation.title}, ${o.subject || o.key}`)} onClick={() => open(o)}>{o.subject || o.key}</button> },
  { id: 'status', header: m.common.state, cell: (o) => <StateBadge domain="occurrence" state={o.status} /> },
  { id: 'due', header: c.due, cell: (o) => dueDay(obligation.kind, o.due_at ?? o.assessment.due_at, o.due_on, zoneOf(obligation.params)) || <Time at={o.due_at ?? o.assessment.due_at} /> },
  { id: 'elapsed', header: timed.has(obligation.kind) ? c.elapsed : c.measured, cell: (o) => <><span className="nowrap">{formatProgress(obligation.kind, o.assessment, obligation.params)}</span>{runs(obligation.kind, o.assessment) && <div className="small dim nowrap">{m.common.asOf} <Time at={o.assessment.at} /></div>}</> },
  { id: 'amount', header: m.findings.amount, align: 'right', cell: (o) => <span className="num nowrap">{formatMoney(o.assessment.amount)}</span> },
];

function ObligationCard({ row: { obligation: o, occurrences, replaced, asks, waiting, self_reported, asked_time, performed, looked_after_by, trigger_asked, trigger_time, triggers, segments, inherited, ends_on, ends }, acts }: { row: ObligationRow; acts: boolean }) {
  const list = occurrences ?? [];
  const [shown, setShown] = useState<Occurrence>();
  const columns = columnsOf(o, setShown);
  const today = new Date(productNow()).toISOString().slice(0, 10);
  const ended = !!o.in_force?.until && o.in_force.until <= today || !!ends_on && ends_on < today;
  const watched = { id: o.id ?? '', title: o.title, owner: looked_after_by, revision: o.revision ?? 0, plan: o.check_in, due: o.check_in_due, state: o.check_in_state };
  const period = [o.in_force?.from && m.common.from(formatDate(o.in_force.from)), o.in_force?.until && m.common.until(formatDate(o.in_force.until))].filter(Boolean).join(' ');
  return (
    <Panel title={o.title} note={[words(o.kind), period].filter(Boolean).join(' · ')} actions={acts && o.id && !ended && <div className="row tight"><CheckInActs of={watched} plan /><CascadeAct obligation={o} /></div>} flush>
      <div className="stack mid" style={{ padding: '0 16px 14px' }}>
        {replaced && <p className="row tight" style={{ margin: 0 }}><span className="badge tone-warn">{c.replaced}</span><span>{replaced.from && `${m.common.from(formatDate(replaced.from))} `}{c.replacedBy} <Link to="/contracts/$id" params={{ id: replaced.contract_id }} search={{ tab: 'obligations' }}>{replaced.title}</Link></span></p>}
        {ends && <p style={{ margin: 0 }}>{capital(datesIn(ends))}.</p>}
        <AsksPanel list={asks ?? []} waiting={waiting} />
        <Facts items={[[c.bearer, o.bearer], [c.beneficiary, o.beneficiary], [c.owner, o.owner], [m.cascade.fact, cascadeText(o.cascade)], [m.cascade.from, o.inherited_from && <>{inherited ? <Link to="/contracts/$id" params={{ id: inherited.contract_id }} search={{ tab: 'obligations' } as never}>{inherited.title}</Link> : m.cascade.fromAbove}; {m.cascade.fromText}</>],
          [m.checkIn.title, (o.check_in || o.check_in_state) && <span className="row tight">{o.check_in && planText(o.check_in)}<CheckInState due={o.check_in_due} state={o.check_in_state} /></span>]]} />
        {o.id && (o.check_in || o.check_in_state) && <><CheckInHistory id={o.id} /><CheckInMails id={o.id} /></>}
        {distinct(o.evidence ?? []).map((e, i) => <EvidenceView key={i} evidence={e} />)}
        <DutyFacts obligation={o} />
        <ParamsView params={(o.inherited_from && inForceToday(segments)?.params) || o.params} />
        <Segments list={segments} />
        {(trigger_asked || (triggers ?? []).length > 0) && <Triggers of={o} said={triggers ?? []} owner={looked_after_by} asked={!!trigger_asked} time={!!trigger_time} />}
      </div>
      {list.length === 0 ? <p className="small dim" style={{ padding: '0 16px 14px', margin: 0 }}>{c.noOccurrences}</p> : <DataTable rows={list} columns={self_reported || (performed ?? []).length > 0 ? [...columns, { id: 'performance', header: m.performance.header, cell: (r) => <PerformanceCell occurrence={r} owner={looked_after_by} asked={!!self_reported} time={!!asked_time} answer={performed?.find((x) => x.occurrence_id === r.id)?.event} /> }] : columns} onRow={setShown} keyOf={(r) => r.id ?? r.key} label={`${o.title}: ${c.occurrences}`} />}
      {o.id && !ended && scheduled.has(o.kind) && <Schedule of={{ id: o.id, title: o.title }} />}
      {shown && <JudgementDialog of={shown} obligation={o} onClose={() => setShown(undefined)} />}
    </Panel>
  );
}

function hrefOf(item: TimelineItem): string | undefined {
  if (item.id?.startsWith('fnd_')) return `/findings/${item.id}`;
  if (item.id?.startsWith('rev_')) return `/reviews/${item.id}`;
  return undefined;
}

export function TimelineTab({ id }: { id: string }) {
  const query = useQuery(timelineQuery(id));
  return (
    <Panel>
      <div style={{ height: 14 }} />
      <Loaded query={query}>
        {({ items }) => ((items ?? []).length === 0 ? <Empty title={c.noTimeline} /> : (
          <ol className="timeline">
            {items?.map((item, i) => {
              const href = hrefOf(item);
              return (
                <li key={i}><span className="small dim nowrap"><Time at={item.at} /></span>
                  <span className="wrap">{href ? <Go href={href} className="strong">{item.title}</Go> : <strong>{item.title}</strong>}{item.detail && <span className="dim" style={{ display: 'block' }}>{item.detail}</span>}</span></li>
              );
            })}
          </ol>
        ))}
      </Loaded>
    </Panel>
  );
}
