import '../styles/register.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Query } from '../api/client';
import { claimsQuery, claimSumsQuery } from '../api/queries';
import type { ClaimRow } from '../api/types';
import { ClaimActs } from '../components/Claim';
import type { Column } from '../components/DataTable';
import { DayRange } from '../components/DayRange';
import { Download } from '../components/Downloads';
import { FilterBar, optionsOf } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { Go } from '../components/Go';
import { List } from '../components/List';
import { Page, Panel } from '../components/Page';
import { Empty, Loaded } from '../components/States';
import { useFilters } from '../lib/filters';
import { formatDate, formatMoney, plural } from '../lib/format';
import { states } from '../lib/states';
import { m } from '../messages';

const c = m.claims;
const named = ['q', 'state', 'side', 'contract_id', 'claim_from', 'claim_to'];

export function ClaimsPage() {
  const [filters] = useFilters();
  const query: Query = useMemo(() => Object.fromEntries(named.map((f) => [f, filters[f]])), [filters]);
  const list = useMemo(() => claimsQuery({ ...query, limit: 50 }), [query]);
  return (
    <Page title={c.title} question={c.question} actions={<Download path="/claims.csv" query={query} label={c.export} />}>
      <Sums query={query} />
      <div className="filters">
        <FilterBar search={c.search} choices={[{ name: 'state', label: c.state, options: optionsOf(states.credit), width: 175 }, { name: 'side', label: c.side, options: optionsOf(c.directions), width: 150 }]} />
        <DayRange from="claim_from" to="claim_to" labels={[c.from, c.to]} />
      </div>
      <Panel flush>
        <List query={list} columns={columns} keyOf={(row) => row.finding.id} label={c.desk} filtered={named.some((f) => filters[f])} empty={<Empty title={c.empty} text={c.emptyText} />} />
      </Panel>
    </Page>
  );
}

/** One sum for each state, direction and currency; a click filters by it. */
function Sums({ query }: { query: Query }) {
  const [filters] = useFilters();
  const result = useQuery(claimSumsQuery({ ...query, state: undefined }));
  return (
    <Panel title={c.sums} note={c.sumsNote}>
      <Loaded query={result} rows={1}>
        {({ items }) => ((items ?? []).length === 0 ? <p className="dim" style={{ margin: 0 }}>{c.sumsEmpty}</p> : (
          <div className="sums">
            {items?.map((s) => {
              const on = filters.state === s.state;
              const search = new URLSearchParams(Object.entries({ ...filters, state: on ? undefined : s.state }).filter((e): e is [string, string] => !!e[1]));
              return (
                <Go key={`${s.side}/${s.state}/${s.amount?.currency ?? ''}`} className="sum" href={`/claims?${search}`} {...(on ? { current: true } : {})}>
                  <span><StateBadge domain="credit" state={s.state} /></span>
                  <span className="value">{s.amount ? formatMoney(s.amount) : c.noAmount}</span>
                  <span className="small dim">{c.directions[s.side]?.label ?? s.side} · {plural(s.count, 'credit')}</span>
                </Go>
              );
            })}
          </div>
        ))}
      </Loaded>
    </Panel>
  );
}

const columns: Column<ClaimRow>[] = [
  { id: 'claimBy', header: c.claimBy, cell: ({ finding: f, days_left: left }) => {
    const open = f.credit === 'due' || f.credit === 'waiting_approval' || f.credit === 'needs_charge' || f.credit === 'ambiguous';
    return <div><span className="nowrap strong">{formatDate(f.claim_by)}</span>{open && left !== undefined && <div className={left <= 7 ? 'small ink-bad nowrap' : 'small dim nowrap'}>{c.left(left)}</div>}</div>;
  } },
  { id: 'finding', header: c.finding, cell: ({ finding: f, customer, contract_title: title }) => (
    <div style={{ minWidth: 190 }}><Link to="/findings/$id" params={{ id: f.id }} className="strong wrap">{f.title}</Link><div className="small dim wrap">{[customer, title].filter(Boolean).join(' · ')}</div></div>
  ) },
  { id: 'side', header: c.side, cell: ({ side }) => <span className="nowrap">{c.directions[side]?.label ?? side}</span> },
  { id: 'state', header: c.state, cell: ({ finding: f, claim }) => <div><StateBadge domain="credit" state={f.credit} />{claim?.reference && <div className="small dim wrap">{claim.reference}</div>}</div> },
  { id: 'amount', header: c.amount, align: 'right', cell: ({ finding: f, claim }) => {
    const stands = (f.credit === 'settled' ? claim?.settled : undefined) ?? claim?.agreed ?? claim?.claimed ?? f.amount;
    const part = f.credit !== 'settled' && claim?.settled;
    const other = f.amount && stands && stands.value !== f.amount.value;
    return <div><span className="num nowrap strong">{formatMoney(stands)}</span>{other && <div className="small dim num nowrap"><del>{formatMoney(f.amount)}</del></div>}{part && <div className="small dim num nowrap">{c.partSettled(formatMoney(part))}</div>}</div>;
  } },
  { id: 'acts', header: c.title2, cell: ({ finding: f, claim, side }) => <div className="row tight claim-acts"><ClaimActs finding={f} claim={claim} side={side} /><Download path={`/findings/${f.id}/evidence.pdf`} label="PDF" name={c.evidenceOf(f.title)} /></div> },
];
