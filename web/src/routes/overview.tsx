import { Button, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { overviewQuery } from '../api/queries';
import type { Overview } from '../api/types';
import { Attention } from '../components/Attention';
import { Glyph, StateBadge } from '../components/Glyph';
import { Go } from '../components/Go';
import { Page, Panel } from '../components/Page';
import { SlaChart } from '../components/SlaChart';
import { Empty, Loaded } from '../components/States';
import { Time } from '../components/Time';
import { UploadButton } from '../components/Upload';
import { formatDate, formatMoney, formatTime } from '../lib/format';
import { lookOf } from '../lib/states';
import { m } from '../messages';

export function OverviewPage() {
  const query = useQuery(overviewQuery);
  const note = query.data?.policy_note;
  return (
    <Page title={m.overview.title} question={m.overview.question} actions={query.data && <span className="dim small">{m.app.asOf(formatTime(query.data.as_of))}</span>}>
      {note && <div className="banner tone-info" role="note"><Glyph name="eye" size={16} /><span>{note}</span></div>}
      <Loaded query={query} rows={9}>
        {(data) => ((data.counts.contracts ?? 0) === 0 && (data.connections ?? []).length === 0 ? <Welcome /> : <Content data={data} />)}
      </Loaded>
    </Page>
  );
}

function Welcome() {
  return (
    <Panel>
      <Empty title={m.overview.welcome} text={m.overview.welcomeText}>
        <UploadButton />
        <Button variant="default" component={Link} to="/connections">{m.overview.connect}</Button>
      </Empty>
    </Panel>
  );
}

function Content({ data }: { data: Overview }) {
  return (
    <>
      <Cards counts={data.counts} />
      <div className="halves">
        <div className="stack">
          <Attention items={data.attention ?? []} now={data.as_of} />
          <Sla days={data.sla ?? []} />
        </div>
        <div className="stack">
          <Notices items={data.notices ?? []} />
          <Credits items={data.credits ?? []} />
          <Connections items={data.connections ?? []} />
        </div>
      </div>
    </>
  );
}

function Cards({ counts }: { counts: Record<string, number> }) {
  const n = (name: string) => counts[name] ?? 0;
  const c = m.overview.cards;
  const cards = [
    { href: '/reviews', label: c.reviews, value: n('reviews_waiting'), note: c.reviewsNote(n('reviews_due')), week: c.reviewsWeek(n('reviewed_week'), n('reviewed_week_before')) },
    { href: '/findings?severity=breach', label: c.breached, value: n('breached'), note: c.breachedNote(n('at_risk')), week: c.breachedWeek(n('breaches_week'), n('breaches_week_before')) },
    { href: '/findings?tab=approvals', label: c.approvals, value: n('approvals_waiting'), note: c.approvalsNote },
    { href: '/connections', label: c.failed, value: n('actions_failed'), note: c.failedNote(n('links_ambiguous')) },
    { href: '/contracts', label: c.contracts, value: n('contracts'), note: c.contractsNote(n('documents_stuck')), week: c.contractsWeek(n('contracts_week')) },
  ];
  return (
    <div className="cards">
      {cards.map((card) => (
        <Go key={card.label} href={card.href} className="panel card">
          <span className="label">{card.label}</span>
          <span className="value">{card.value.toLocaleString('en-US')}</span>
          <span className="note">{card.note}</span>
          {card.week && <span className="note">{card.week}</span>}
        </Go>
      ))}
    </div>
  );
}

function Sla({ days }: { days: NonNullable<Overview['sla']> }) {
  const [view, setView] = useState('chart');
  return (
    <Panel title={m.overview.sla} note={m.overview.slaNote}
      actions={<SegmentedControl size="xs" value={view} onChange={setView} aria-label={m.overview.sla} data={[{ value: 'chart', label: m.overview.chart }, { value: 'table', label: m.overview.table }]} />}>
      {days.some((d) => d.met + d.breached + d.at_risk > 0) ? <SlaChart days={days} table={view === 'table'} /> : <Empty title={m.overview.slaEmpty} text={m.overview.slaEmptyText} />}
    </Panel>
  );
}

/** Nobody has to act on this notice any more. */
const isDecided = (state: string) => ['will_renew', 'will_end', 'sent'].includes(state);

function Notices({ items }: { items: NonNullable<Overview['notices']> }) {
  return (
    <Panel title={m.overview.notices} note={m.overview.noticesNote} flush>
      {items.length === 0 && <Empty title={m.overview.noticesEmpty} />}
      {items.map((item) => (
        <Link key={item.contract_id} to="/contracts/$id" params={{ id: item.contract_id }} className="health-row">
          <span className="strong clip">{item.customer || item.title}</span>
          {item.state && isDecided(item.state) ? <StateBadge domain="notice" state={item.state} /> : <span className={`small num ${item.days_left <= 30 ? 'ink-bad' : item.days_left <= 90 ? 'ink-warn' : 'dim'}`}>{m.overview.daysLeft(item.days_left)}</span>}
          <span className="note">{m.overview.sendBy} {formatDate(item.send_by)} · {m.overview.renews.toLowerCase()} {formatDate(item.renewal_date)}
            {item.total_value && <span className="num"> · {formatMoney(item.total_value)}</span>}{item.auto_renewal !== undefined && ` · ${item.auto_renewal ? m.overview.autoRenews : m.overview.notAuto}`}</span>
        </Link>
      ))}
    </Panel>
  );
}

function Credits({ items }: { items: NonNullable<Overview['credits']> }) {
  return (
    <Panel title={m.overview.credits} note={m.overview.creditsNote} flush>
      {items.length === 0 && <Empty title={m.overview.creditsEmpty} />}
      {items.map((item, i) => (
        <Go key={i} href={`/findings?credit=${item.state}`} className="health-row">
          <span className="row tight"><StateBadge domain="credit" state={item.state} /><span className="dim small num">{item.count}</span></span>
          <span className="num strong">{item.amount?.currency ? formatMoney(item.amount) : "—"}</span>
        </Go>
      ))}
    </Panel>
  );
}

function Connections({ items }: { items: NonNullable<Overview['connections']> }) {
  return (
    <Panel title={m.overview.connections} flush>
      {items.length === 0 && <Empty title={m.overview.connectionsEmpty}><Button variant="default" size="xs" component={Link} to="/connections">{m.overview.connect}</Button></Empty>}
      {items.map((item) => (
        <Link key={item.id} to="/connections/$id" params={{ id: item.id }} className="health-row">
          <span className="strong clip">{item.name}</span>
          <StateBadge domain="health" state={item.state} />
          <span className="note">{lookOf('health', item.state).tone !== 'ok' && item.reason ? item.reason : item.last_ok_at ? <>{m.overview.lastOk('')}<Time at={item.last_ok_at} /></> : m.overview.neverOk}</span>
        </Link>
      ))}
    </Panel>
  );
}
