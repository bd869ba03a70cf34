import '../styles/register.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Query } from '../api/client';
import { renewalsQuery } from '../api/queries';
import type { RenewalRow } from '../api/types';
import type { Column } from '../components/DataTable';
import { DeadlineChart } from '../components/DeadlineChart';
import { Download } from '../components/Downloads';
import { FilterBar } from '../components/Filters';
import { Go } from '../components/Go';
import { List } from '../components/List';
import { Mail } from '../components/Mail';
import { Page, Panel } from '../components/Page';
import { RenewalState, settled } from '../components/RenewalState';
import { Empty } from '../components/States';
import { useFilters } from '../lib/filters';
import { capital, formatDate, formatMoney } from '../lib/format';
import { m } from '../messages';

const r = m.renewals;

export function RenewalsPage() {
  const [filters] = useFilters();
  const window = filters.window && r.windows[filters.window] ? filters.window : '90';
  const evergreen = window === 'evergreen';
  const query: Query = useMemo(() => ({ q: filters.q, ...(evergreen ? { evergreen: true } : { days: Number(window) }) }), [filters.q, window, evergreen]);
  const list = useMemo(() => renewalsQuery({ ...query, limit: 100 }), [query]);
  const early = useMemo(() => renewalsQuery({ ...query, early_notice: true, limit: 100 }), [query]);
  const rows = (useInfiniteQuery(list).data?.pages ?? []).flatMap((p) => p.items ?? []);
  const soon = (useInfiniteQuery({ ...early, enabled: !evergreen }).data?.pages ?? []).flatMap((p) => p.items ?? []);
  const dated = evergreen ? [] : [...rows, ...soon].sort((a, b) => a.outlook_on.localeCompare(b.outlook_on));
  const href = (name: string) => `/renewals?${new URLSearchParams({ window: name, ...(filters.q ? { q: filters.q } : {}) })}`;
  return (
    <Page title={r.title} question={r.question} actions={<Download path="/renewals.csv" query={query} label={r.export} />}>
      <nav className="tabs" aria-label={r.window}>
        {['90', '180', '730', 'evergreen'].map((name) => <Go key={name} className="tab" href={href(name)} current={name === window}>{r.windows[name]}</Go>)}
      </nav>
      <FilterBar search={r.search} choices={[]} />
      {dated.some((row) => row.send_by) && <Panel title={r.timeline} note={r.timelineNote}><DeadlineChart rows={dated} days={Number(window)} /></Panel>}
      <Panel flush>
        <List query={list} columns={evergreen ? evergreenColumns : columns} keyOf={(row) => row.id} label={r.title} filtered={!!filters.q} empty={evergreen ? <Empty title={r.evergreenEmpty} text={r.evergreenEmptyText} /> : <Empty title={r.empty} text={r.emptyText} />} />
      </Panel>
      {!evergreen && soon.length > 0 && (
        <Panel flush title={r.sooner(r.windows[window] ?? '')} note={r.soonerNote} actions={<Download path="/renewals.csv" query={{ ...query, early_notice: true }} label={r.export} name={`${r.export}: ${r.sooner(r.windows[window] ?? '')}`} />}>
          <List query={early} columns={columns} keyOf={(row) => row.id} label={r.sooner(r.windows[window] ?? '')} filtered={!!filters.q} empty={null} />
        </Panel>
      )}
    </Page>
  );
}

const contract: Column<RenewalRow> = { id: 'contract', header: r.contract, cell: (row) => (
  <div style={{ minWidth: 170 }}><Link to="/contracts/$id" params={{ id: row.contract_id }} className="strong wrap">{row.contract_title || row.contract_number}</Link><div className="small dim wrap">{[row.customer, row.contract_number].filter(Boolean).join(' · ')}</div></div>
) };
const value: Column<RenewalRow> = { id: 'value', header: r.value, align: 'right', cell: (row) => <span className="num nowrap">{formatMoney(row.total_value)}</span> };
const owner: Column<RenewalRow> = { id: 'owner', header: r.owner, cell: (row) => <div>{row.owner ? <Mail of={row.owner} /> : <span className="dim">{m.register.nobody}</span>}<div className="small dim">{capital(row.phase)}</div></div> };
const notice: Column<RenewalRow> = { id: 'notice', header: r.notice, cell: (row) => <RenewalState row={row} /> };

function renewing(row: RenewalRow): string {
  if (row.notice === 'sent' && row.ends_on) return r.ended(formatDate(row.ends_on));
  if (row.option) return r.option;
  if (row.auto_renewal === undefined || row.auto_renewal === null) return r.autoUnknown;
  return row.auto_renewal ? r.auto : r.ends;
}

const columns: Column<RenewalRow>[] = [
  { id: 'sendBy', header: r.sendBy, cell: (row) => (
    <div>
      <span className={row.notice === 'late' ? 'nowrap strong ink-bad' : 'nowrap strong'}>{row.send_by ? formatDate(row.send_by) : <span className="dim">{r.none}</span>}</span>
      {row.days_left !== undefined && !settled(row) && <div className={row.notice === 'late' ? 'small ink-bad' : 'small dim'}>{r.left(row.days_left)}</div>}
    </div>
  ) },
  contract,
  { id: 'renews', header: r.renews, cell: (row) => <div><span className="nowrap">{formatDate(row.renewal_date)}</span><div className="small dim">{renewing(row)}</div></div> },
  value, owner, notice,
];
const evergreenColumns: Column<RenewalRow>[] = [contract, value, owner, notice];
