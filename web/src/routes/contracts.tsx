import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { clauseCountsQuery, contractsQuery } from '../api/queries';
import type { Contract } from '../api/types';
import type { Column } from '../components/DataTable';
import { FilterBar, optionsOf } from '../components/Filters';
import { StateBadge } from '../components/Glyph';
import { List } from '../components/List';
import { Page, Panel } from '../components/Page';
import { Empty } from '../components/States';
import { UploadButton } from '../components/Upload';
import { useFilters } from '../lib/filters';
import { formatDate, formatMoney } from '../lib/format';
import { states } from '../lib/states';
import { contractType, contractTypes, typeNote } from '../lib/types';
import { m } from '../messages';

const columns: Column<Contract>[] = [
  { id: 'title', header: m.reviews.contract, cell: (c) => (
    <div>
      <Link to="/contracts/$id" params={{ id: c.id }} className="strong wrap">{c.title || c.number || c.id}</Link>
      <div className="small dim">{[c.number, c.relation && c.parent_id ? c.relation.replaceAll('_', ' ') : ''].filter(Boolean).join(' · ')}</div>
    </div>
  ) },
  { id: 'customer', header: m.contracts.customer, cell: (c) => <span className="wrap">{c.customer}</span> },
  { id: 'type', header: m.contracts.type, cell: (c) => <><span className="nowrap">{contractType(c.contract_type)}</span>{typeNote(c) && <span className="small dim" style={{ display: 'block' }}>{typeNote(c)}</span>}</> },
  { id: 'state', header: m.contracts.state, cell: (c) => <StateBadge domain="contract" state={c.state} /> },
  { id: 'expires', header: m.contracts.expires, cell: (c) => <span className="nowrap num" style={{ textAlign: 'left' }}>{formatDate(c.expiration_date)}</span> },
  { id: 'send_by', header: m.contracts.sendBy, cell: (c) => <span className="nowrap">{formatDate(c.send_by)}</span> },
  { id: 'value', header: m.contracts.value, align: 'right', cell: (c) => <span className="num nowrap">{formatMoney(c.total_value)}</span> },
];

export function ContractsPage() {
  const [filters] = useFilters();
  const query = useMemo(() => contractsQuery({ q: filters.q, state: filters.state, contract_type: filters.type, customer: filters.customer, with_clause: filters.with_clause, without_clause: filters.without_clause, limit: 50 }), [filters]);
  const filtered = ['q', 'state', 'type', 'customer', 'with_clause', 'without_clause'].some((f) => filters[f]);
  const clauses = (useQuery(clauseCountsQuery).data?.items ?? []).map((k) => ({ value: k.category, label: k.label }));
  return (
    <Page title={m.contracts.title} question={m.contracts.question} actions={<UploadButton />}>
      <FilterBar search={m.contracts.search} choices={[
        { name: 'state', label: m.contracts.state, options: optionsOf(states.contract) },
        { name: 'type', label: m.contracts.type, options: contractTypes, width: 200 },
        { name: 'with_clause', label: m.clauses.has, options: clauses, searchable: true, width: 190 }, { name: 'without_clause', label: m.clauses.lacks, options: clauses, searchable: true, width: 190 }]} />
      <Panel flush>
        <List query={query} columns={columns} keyOf={(c) => c.id} label={m.contracts.title} filtered={filtered}
          empty={<Empty title={m.contracts.empty} text={m.contracts.emptyText}><UploadButton variant="default" /></Empty>} />
      </Panel>
    </Page>
  );
}
