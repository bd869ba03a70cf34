import { Button, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { post } from '../api/client';
import { actionsQuery, contractsQuery, deliveriesQuery, mappingQuery } from '../api/queries';
import type { Action, Delivery, DryRun } from '../api/types';
import { useFilters } from '../lib/filters';
import { writeText } from '../lib/audit';
import { words } from '../lib/format';
import { states } from '../lib/states';
import { m } from '../messages';
import { Replay } from './Actions';
import type { Column } from './DataTable';
import { FilterBar, optionsOf } from './Filters';
import { Glyph, StateBadge } from './Glyph';
import { List } from './List';
import { Panel } from './Page';
import { Empty, ErrorState, Loaded } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const c = m.connections;

const actionColumns: Column<Action>[] = [
  { id: 'what', header: c.what, cell: (a) => <div><strong>{writeText(a)}</strong> <span className="dim">{a.object} {a.receipt?.url ? <a href={a.receipt.url} target="_blank" rel="noreferrer">{a.receipt.external_id}</a> : a.external_id}</span>
    {a.reason && <div className="small wrap">{a.reason}</div>}
    <details><summary className="small dim">{c.fields}</summary><pre className="json mono" tabIndex={0}>{JSON.stringify(a.fields, null, 2)}</pre></details></div> },
  { id: 'state', header: m.common.state, cell: (a) => <StateBadge domain="action" state={a.state} /> },
  { id: 'attempts', header: c.attempts, align: 'right', cell: (a) => <span className="num">{a.attempts}</span> },
  { id: 'next', header: c.next, cell: (a) => a.state === 'pending' && <Time at={a.next_at} ago /> },
  { id: 'at', header: m.audit.at, cell: (a) => <Time at={a.updated_at} /> },
  { id: 'replay', header: m.overview.cards.failed, cell: (a) => <Replay action={a} /> },
];

export function ActionsTab({ id }: { id: string }) {
  const [filters] = useFilters();
  const query = useMemo(() => actionsQuery(id, { state: filters.state, limit: 50 }), [id, filters.state]);
  return (
    <>
      <FilterBar choices={[{ name: 'state', label: m.common.state, options: optionsOf(states.action), width: 190 }]} />
      <Panel flush><List query={query} columns={actionColumns} keyOf={(a) => a.id} label={c.tabs.actions} filtered={!!filters.state} empty={<Empty title={c.actionsEmpty} text={c.actionsEmptyText} />} /></Panel>
    </>
  );
}

const text = (value: unknown) => (value === null || value === undefined || value === '' ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value));

/** Reads the other system and shows what a write would change; writes nothing. */
export function DryRunTab({ id }: { id: string }) {
  const [contract, setContract] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed, 200);
  const contracts = useInfiniteQuery(contractsQuery({ q, limit: 20 }));
  const run = useMutation({ mutationFn: () => post<DryRun>(`/connections/${id}/dry-run`, { contract_id: contract }) });
  const options = (contracts.data?.pages ?? []).flatMap((p) => p.items ?? []).map((x) => ({ value: x.id, label: [x.title, x.customer].filter(Boolean).join(' · ') || x.id }));
  const items = run.data?.items ?? [];
  return (
    <Panel title={c.dryTitle} note={c.dryText}>
      <div className="stack">
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <Select label={c.dryContract} className="grow" maw={520} searchable data={options} value={contract} onChange={setContract} onSearchChange={setTyped} filter={({ options: all }) => all} />
          <Button disabled={!contract} loading={run.isPending} onClick={() => run.mutate()}>{c.dryRun}</Button>
        </div>
        {run.error && <ErrorState error={run.error} retry={() => run.mutate()} />}
        {run.data?.problems?.map((p, i) => <div key={i} className="banner tone-warn"><Glyph name="alert" size={16} />{p}</div>)}
        {run.data && items.length === 0 && <Empty title={c.dryEmpty} />}
        {items.length > 0 && (
          <div className="table-wrap" tabIndex={0} role="group" aria-label={c.dryTitle}>
            <table className="table">
              <thead><tr><th scope="col">{c.target}</th><th scope="col">{c.field}</th><th scope="col">{c.before}</th><th scope="col">{c.after}</th></tr></thead>
              <tbody>
                {items.map((i, k) => (
                  <tr key={k}><td>{i.object} <span className="dim mono">{i.external_id}</span></td><td><span className="mono">{i.field}</span>{i.term && <span className="small dim" style={{ display: 'block' }}>{words(i.term)}</span>}</td>
                    <td className="wrap">{i.change ? <del>{text(i.before)}</del> : text(i.before)}</td><td className="wrap">{i.change ? <strong className="ink-ok">{text(i.after)}</strong> : <span className="dim">{c.same}</span>}{i.note && <span className="small dim" style={{ display: 'block' }}>{i.note}</span>}</td></tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </Panel>
  );
}

export function MappingTab({ id }: { id: string }) {
  const query = useQuery(mappingQuery(id));
  return (
    <Loaded query={query}>
      {({ mapping, problems, undescribed }) => (
        <div className="stack">
          <div className={`banner tone-${(problems ?? []).length ? 'warn' : 'ok'}`}><Glyph name={(problems ?? []).length ? 'alert' : 'check'} size={16} />
            <span>{(problems ?? []).length === 0 ? c.noProblems : problems?.map((p, i) => <span key={i} style={{ display: 'block' }}>{[p.object, p.field].filter(Boolean).join('.')}: {p.problem}</span>)}</span></div>
          {(undescribed ?? []).length > 0 && <p className="small dim" style={{ margin: 0 }}>{c.undescribed(undescribed?.join(', ') ?? '')}</p>}
          {(mapping?.objects ?? []).length === 0 && <Panel><Empty title={c.mappingEmpty} /></Panel>}
          {(mapping?.objects ?? []).length > 0 && <p className="small dim" style={{ margin: 0 }}>{mapping && (mapping.version ? c.mappingVersion(mapping.version) : c.mappingShipped)} {c.mappingNote}</p>}
          {mapping?.objects?.map((o) => (
            <Panel key={`${o.object} ${o.for}`} title={`${o.object}: ${c.mappingFor[o.for] ?? words(o.for)}`} note={o.phase && c.mappingPhase(o.phase)} flush>
              {(o.fields ?? []).length === 0 && <p className="dim" style={{ margin: 0, padding: '0 16px 14px' }}>{o.for === 'review_flag' ? c.mappingFlag : c.mappingBare}</p>}
              {(o.fields ?? []).length > 0 && <div className="table-wrap" tabIndex={0} role="group" aria-label={`${o.object}: ${c.mappingFor[o.for] ?? words(o.for)}`}>
                <table className="table">
                  <thead><tr><th scope="col">{c.term}</th><th scope="col">{c.field}</th><th scope="col">{c.convert}</th><th scope="col">{c.risk}</th><th scope="col">{c.source}</th><th scope="col">{c.conflict}</th></tr></thead>
                  <tbody>{o.fields?.map((f) => <tr key={f.term + f.field}><td>{f.const !== undefined ? <>{c.always} <strong>{f.const}</strong></> : words(f.term)}</td><td className="mono">{f.field}</td><td>{words(f.convert)}</td><td>{f.risk}</td><td className="mono">{f.source}</td><td>{f.conflict}</td></tr>)}</tbody>
                </table>
              </div>}
            </Panel>
          ))}
        </div>
      )}
    </Loaded>
  );
}

export function DeliveriesTab({ id }: { id: string }) {
  const client = useQueryClient();
  const say = useSay();
  const { mutate } = useMutation({
    mutationFn: (delivery: string) => post(`/deliveries/${delivery}/replay`),
    onSuccess: () => { say.ok(c.replayed); return client.invalidateQueries({ queryKey: ['connections'] }); },
    onError: say.fail,
  });
  const columns = useMemo<Column<Delivery>[]>(() => [
    { id: 'key', header: c.eventKey, cell: (d) => <div><span className="mono wrap">{d.event_key}</span> <span className="small dim">{c.repeats(d.repeats)}</span>{d.reason && <div className="small wrap">{d.reason}</div>}<details><summary className="small dim">{c.body}</summary><pre className="json mono" tabIndex={0}>{d.body}</pre></details></div> },
    { id: 'state', header: m.common.state, cell: (d) => <StateBadge domain="delivery" state={d.state} /> },
    { id: 'at', header: c.received, cell: (d) => <Time at={d.received_at} /> },
    { id: 'replay', header: c.what, cell: (d) => d.state !== 'received' && <Button size="compact-xs" variant="default" onClick={() => mutate(d.id)}>{c.replay}</Button> },
  ], [mutate]);
  const query = useMemo(() => deliveriesQuery(id), [id]);
  return <Panel flush><List query={query} columns={columns} keyOf={(d) => d.id} label={c.tabs.deliveries} filtered={false} empty={<Empty title={c.deliveriesEmpty} />} /></Panel>;
}
