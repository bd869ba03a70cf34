import { Drawer } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Query } from '../api/client';
import { auditQuery, connectionsQuery, contractsQuery } from '../api/queries';
import type { AuditEntry } from '../api/types';
import { actText, kindOfID } from '../lib/audit';
import { useNames } from '../lib/people';
import { m } from '../messages';
import type { Column } from './DataTable';
import { List } from './List';
import { Facts } from './Page';
import { Empty } from './States';
import { Time } from './Time';

/** What an entry is about, by name where it is known: a person, a connection, or the contract that the thing belongs to. */
function useSubject(): (e: AuditEntry) => { name: string; of: string } {
  const nameOf = useNames();
  const connections = useQuery(connectionsQuery).data?.items;
  const contracts = useInfiniteQuery(contractsQuery({ limit: 200 })).data?.pages;
  return useCallback((e) => {
    const titles = new Map((contracts ?? []).flatMap((p) => p.items ?? []).map((c) => [c.id, [c.title || c.number, c.customer].filter(Boolean).join(' · ')]));
    const known = titles.get(e.subject) ?? connections?.find((row) => row.connection.id === e.subject)?.connection.name ?? (nameOf(e.subject) === e.subject ? '' : nameOf(e.subject));
    const of = (e.contract_ids ?? []).flatMap((id) => titles.get(id) ?? []).find((title) => title !== known) ?? '';
    return { name: known || kindOfID(e.subject) || e.subject, of };
  }, [nameOf, connections, contracts]);
}

/** People go by their names; what the product does by itself says so. */
const actorText = (e: AuditEntry) => (/^(usr|key)_/.test(e.actor_id) ? e.actor_name || e.actor_id : `${m.audit.product}: ${e.actor_name || e.actor_id}`);

export function AuditList({ query, filtered }: { query: Query; filtered: boolean }) {
  const [entry, setEntry] = useState<AuditEntry>();
  const subjectOf = useSubject();
  const columns = useMemo<Column<AuditEntry>[]>(() => [
    { id: 'position', header: m.audit.position, width: 70, cell: (e) => <span className="mono dim">{e.position || m.audit.unsealed}</span> },
    { id: 'at', header: m.audit.at, cell: (e) => <Time at={e.at} /> },
    { id: 'actor', header: m.audit.actor, cell: actorText },
    { id: 'act', header: m.audit.act, cell: (e) => <button type="button" className="linkish strong" style={{ fontSize: 13.5 }} onClick={() => setEntry(e)}>{actText(e.act)}</button> },
    { id: 'subject', header: m.audit.subject, cell: (e) => { const { name, of } = subjectOf(e); return <span className="wrap" title={e.subject}>{name}{of && <span className="small dim" style={{ display: 'block' }}>{of}</span>}</span>; } },
  ], [subjectOf]);
  const list = useMemo(() => auditQuery({ ...query, limit: 50 }), [query]);
  return (
    <>
      <List query={list} columns={columns} keyOf={(e) => e.id} label={m.audit.title} filtered={filtered} empty={<Empty title={m.audit.empty} text={m.audit.emptyText} />} />
      <Drawer opened={!!entry} onClose={() => setEntry(undefined)} position="right" size="lg" title={entry && `${m.audit.entry}: ${actText(entry.act)}`} closeButtonProps={{ 'aria-label': m.common.close }}>
        {entry && <EntryDetail entry={entry} />}
      </Drawer>
    </>
  );
}

function EntryDetail({ entry }: { entry: AuditEntry }) {
  return (
    <div className="stack">
      <Facts items={[
        [m.audit.at, <Time key="at" at={entry.at} />], [m.audit.actor, `${entry.actor_name} (${entry.actor_id})`], [m.audit.act, <span key="n" className="mono">{entry.act}</span>], [m.audit.subject, <span key="s" className="mono">{entry.subject}</span>],
        [m.audit.position, entry.position || m.audit.unsealed], [m.audit.correlation, <span key="c" className="mono">{entry.correlation_id}</span>], [m.audit.mac, <span key="m" className="mono">{entry.mac}</span>], [m.audit.seal, entry.seal && <span key="l" className="mono">{entry.seal}</span>]]} />
      {(entry.changes ?? []).length === 0 && <p className="dim">{m.audit.noChanges}</p>}
      {(entry.changes ?? []).map((change) => <Change key={change.noun + change.id} {...change} />)}
      {entry.notes && <><h3>{m.audit.notes}</h3><pre className="json mono" tabIndex={0}>{JSON.stringify(entry.notes, null, 2)}</pre></>}
    </div>
  );
}

const show = (value: unknown) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** Before and after, field by field. */
export function Change({ noun, id, before, after }: { noun: string; id: string; before?: Record<string, unknown>; after?: Record<string, unknown> }) {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={`${noun} ${id}`}>
      <table className="table">
        <caption style={{ textAlign: 'left', padding: '4px 16px' }}><span className="strong">{noun}</span> <span className="mono dim">{id}</span></caption>
        <thead><tr><th scope="col">{m.audit.field}</th><th scope="col">{m.audit.before}</th><th scope="col">{m.audit.after}</th></tr></thead>
        <tbody>{fields.map((f) => <tr key={f}><td className="mono">{f}</td><td className="wrap small">{before && show(before[f]) !== '' ? <del>{show(before[f])}</del> : null}</td><td className="wrap small">{show(after?.[f])}</td></tr>)}</tbody>
      </table>
    </div>
  );
}
