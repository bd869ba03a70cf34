import { useQuery } from '@tanstack/react-query';
import { clauseCountsQuery } from '../api/queries';
import type { ClauseCount } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { FilterBar } from '../components/Filters';
import { Go } from '../components/Go';
import { Page, Panel } from '../components/Page';
import { Empty, Loaded } from '../components/States';
import { useFilters } from '../lib/filters';
import { plural } from '../lib/format';
import { m } from '../messages';

const c = m.clauses;

const contracts = (n: number, filter: string, k: ClauseCount) => (n === 0
  ? <span className="dim">{c.none}</span>
  : <Go href={`/contracts?${filter}=${k.category}`} className="num nowrap">{plural(n, 'contract')}</Go>);

const columns: Column<ClauseCount>[] = [
  { id: 'category', header: c.category, cell: (k) => <div><strong>{k.label}</strong><div className="small dim">{k.question}</div></div> },
  { id: 'with', header: c.with, cell: (k) => contracts(k.with, 'with_clause', k) },
  { id: 'without', header: c.without, cell: (k) => contracts(k.without, 'without_clause', k) },
];

/** Clauses across contracts: who has one of a kind, and who lacks it. */
export function ClausesPage() {
  const [filters] = useFilters();
  const query = useQuery(clauseCountsQuery);
  const words = (filters.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return (
    <Page title={c.title} question={c.question}>
      <FilterBar search={c.search} choices={[]} />
      <Loaded query={query} rows={12}>
        {({ items }) => {
          const all = items ?? [];
          const rows = all.filter((k) => words.every((w) => `${k.label} ${k.question}`.toLowerCase().includes(w)));
          if (!all.some((k) => k.with + k.without > 0)) return <Panel><Empty title={c.empty} text={c.emptyText} /></Panel>;
          return <Panel title={c.title} note={c.note} flush>{rows.length === 0 ? <Empty title={m.common.nothingMatches} text={m.common.nothingMatchesText} /> : <DataTable rows={rows} columns={columns} keyOf={(k) => k.category} label={c.title} />}</Panel>;
        }}
      </Loaded>
    </Page>
  );
}
