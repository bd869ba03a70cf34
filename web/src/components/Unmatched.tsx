import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../api/client';
import { connectionsQuery, contractsQuery, eventContractsQuery, unmatchedQuery } from '../api/queries';
import type { Unmatched } from '../api/types';
import { useFilters } from '../lib/filters';
import { capital, plural, shareToPercent, words } from '../lib/format';
import { useOnce } from '../lib/once';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { Go } from './Go';
import { Panel } from './Page';
import { ReasonDialog } from './Reason';
import { Empty, ErrorState, Loaded, Skeleton } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const c = m.connections.unmatched;

/** Tickets and outages whose contract could not be found: a person matches them, or sets them aside with a reason. */
export function UnmatchedTab() {
  const [filters] = useFilters();
  const ignored = filters.aside === 'yes';
  const query = useQuery(unmatchedQuery(ignored));
  return (
    <div className="stack">
      <nav className="row tight" aria-label={c.show}>
        <Go href="/connections?tab=unmatched" current={!ignored} className="chip">{c.waiting}</Go>
        <Go href="/connections?tab=unmatched&aside=yes" current={ignored} className="chip">{c.aside}</Go>
      </nav>
      <Loaded query={query}>
        {({ items, more }) => ((items ?? []).length === 0
          ? <Panel><Empty title={ignored ? c.asideEmpty : c.empty} text={ignored ? '' : c.emptyText} /></Panel>
          : (
            <>
              {items?.map((u) => <Card key={u.event.id} item={u} ignored={ignored} />)}
              {more && <p className="dim" style={{ margin: 0 }}>{c.more}</p>}
            </>
          ))}
      </Loaded>
    </div>
  );
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

function Card({ item, ignored }: { item: Unmatched; ignored: boolean }) {
  const { event } = item;
  const connections = useQuery(connectionsQuery);
  const source = connections.data?.items?.find((row) => row.connection.id === event.connection_id);
  const title = [event.subject || text(event.data.service) || event.external_id, text(event.data.title)].filter(Boolean).join(': ');
  const facts = [text(event.data.customer) || c.noCustomer, text(event.data.service), text(event.data.priority) && c.priority(text(event.data.priority)), source?.connection.name ?? c.byApi, plural(item.events, 'event')].filter(Boolean);
  return (
    <Panel title={title} note={capital(words(event.kind))} actions={<span className="small dim"><Time at={event.occurred_at} /></span>} flush>
      <div className="unmatched">
        <span className="small dim wrap">{facts.join(' · ')}{text(event.data.url) && <> · <a href={text(event.data.url)} target="_blank" rel="noreferrer" style={{ textDecoration: 'underline' }}>{c.open}</a></>}</span>
        {ignored ? <><p className="wrap" style={{ margin: 0 }}><span className="dim">{c.because} </span>{item.reason}</p><Restore id={event.id} name={title} /></> : <Settle item={item} title={title} />}
      </div>
    </Panel>
  );
}

function useSettle(id: string, done: string) {
  const client = useQueryClient();
  const say = useSay();
  return useMutation<unknown, Error, { kind: 'match' | 'ignore' | 'restore'; contract_id?: string; reason?: string }>({
    mutationFn: (body) => post(`/events/${id}/decision`, body),
    onSuccess: async () => { say.ok(done); await Promise.all(['events', 'overview', 'contracts', 'findings'].map((k) => client.invalidateQueries({ queryKey: [k] }))); },
    onError: say.fail,
  });
}

function Restore({ id, name }: { id: string; name: string }) {
  const settle = useSettle(id, c.restored);
  if (!useMay('reviewer')) return null;
  return <div><Button size="xs" variant="default" loading={settle.isPending} aria-label={`${c.restore}: ${name}`} onClick={() => settle.mutate({ kind: 'restore' })}>{c.restore}</Button></div>;
}

function Settle({ item, title }: { item: Unmatched; title: string }) {
  const id = item.event.id;
  const may = useMay('reviewer');
  const options = useQuery(eventContractsQuery(id));
  const match = useSettle(id, c.matched);
  const ignore = useSettle(id, c.ignored);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const once = useOnce();
  const take = (contract: string) => {
    if (once.first()) match.mutate({ kind: 'match', contract_id: contract, ...(reason.trim() ? { reason: reason.trim() } : {}) }, { onError: once.again });
  };
  const list = options.data?.options ?? [];
  return (
    <>
      <p className="wrap" style={{ margin: 0 }}><span className="dim">{c.why} </span>{capital(options.data?.reason || item.reason || c.unknown)}</p>
      {options.isPending && <Skeleton rows={2} height={26} />}
      {options.isError && <ErrorState error={options.error} retry={() => void options.refetch()} />}
      {options.isSuccess && list.length === 0 && <p className="dim" style={{ margin: 0 }}>{c.noOptions}</p>}
      {list.length > 0 && (
        <div className="table-wrap as-cards" tabIndex={0} role="group" aria-label={`${c.candidates}: ${title}`}>
          <table className="table" role="table">
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">{c.contract}</th><th role="columnheader" scope="col">{m.connections.score}</th><th role="columnheader" scope="col">{m.connections.why}</th><th role="columnheader" scope="col">{may ? c.decide : ''}</th></tr></thead>
            <tbody role="rowgroup">
              {list.map((o) => (
                <tr key={o.contract_id} role="row">
                  <td role="cell"><Go href={`/contracts/${o.contract_id}`} className="strong">{o.title || o.number}</Go><span className="small dim" style={{ display: 'block' }}>{[o.customer, o.number].filter(Boolean).join(' · ')}</span></td>
                  <td role="cell" className="nowrap" data-label={m.connections.score}>{o.score ? `${shareToPercent(o.score)} %` : '–'}</td><td role="cell" className="small" data-label={m.connections.why}>{o.explanation?.join('; ')}</td>
                  <td role="cell" data-label={may ? c.decide : ''}>{may && <Button size="compact-sm" fz="xs" variant="default" aria-label={`${m.connections.choose}: ${o.title}`} loading={match.isPending && match.variables.contract_id === o.contract_id} disabled={match.isSuccess} onClick={() => take(o.contract_id)}>{m.connections.choose}</Button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {may && (
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <ContractPicker onPick={take} busy={match.isPending} done={match.isSuccess} name={title} />
          <TextInput size="xs" label={c.note} value={reason} onChange={(e) => setReason(e.currentTarget.value)} maxLength={2000} w={260} />
          <Button size="xs" variant="default" onClick={() => setAsking(true)}>{c.ignore}</Button>
        </div>
      )}
      {asking && <ReasonDialog title={c.ignoreTitle} text={c.ignoreText(item.events)} action={c.ignore} busy={ignore.isPending} error={ignore.error} onClose={() => setAsking(false)} onSubmit={(why) => ignore.mutate({ kind: 'ignore', reason: why }, { onSuccess: () => setAsking(false) })} />}
    </>
  );
}

/** Any contract in force, found by its words: the candidates may not hold the right one. */
function ContractPicker({ onPick, busy, done, name }: { onPick: (id: string) => void; busy: boolean; done: boolean; name: string }) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [q] = useDebouncedValue(typed, 200);
  const contracts = useInfiniteQuery(contractsQuery({ q, state: 'active', limit: 20 }));
  const data = (contracts.data?.pages ?? []).flatMap((p) => p.items ?? []).map((x) => ({ value: x.id, label: [x.title || x.number, x.customer].filter(Boolean).join(' · ') }));
  return (
    <>
      <Select size="xs" label={c.other} placeholder={m.contracts.search} aria-label={`${c.other}: ${name}`} w={320} searchable data={data} value={chosen} onChange={setChosen} onSearchChange={setTyped} filter={({ options: all }) => all} nothingFoundMessage={m.command.nothing} />
      <Button size="xs" variant="default" disabled={!chosen || done} loading={busy} onClick={() => chosen && onPick(chosen)}>{c.match}</Button>
    </>
  );
}
