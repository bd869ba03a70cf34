import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link as To } from '@tanstack/react-router';
import { post } from '../api/client';
import { connectionsQuery, contractQuery, linksQuery } from '../api/queries';
import type { Link, LinkOption } from '../api/types';
import { shareToPercent } from '../lib/format';
import { useOnce } from '../lib/once';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { StateBadge } from './Glyph';
import { Panel } from './Page';
import { Empty, ErrorState, Skeleton } from './States';
import { useSay } from './Toasts';

const c = m.connections;

/** Customers that match several records of another system, or none: a person chooses, with the reasons beside. */
export function LinksTab() {
  const query = useInfiniteQuery(linksQuery({ state: 'ambiguous,not_found', limit: 50 }));
  if (query.isPending) return <Skeleton />;
  if (query.isError && !query.data) return <ErrorState error={query.error} retry={() => void query.refetch()} />;
  const items = (query.data?.pages ?? []).flatMap((p) => p.items ?? []).filter((l) => l.state === 'ambiguous' || l.state === 'not_found');
  if (items.length === 0) return <Panel><Empty title={c.linksEmpty} text={c.linksEmptyText} /></Panel>;
  return (
    <div className="stack">
      {items.map((l) => <LinkCard key={l.id} link={l} />)}
      {query.hasNextPage && <div><Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>{m.common.more}</Button></div>}
    </div>
  );
}

function LinkCard({ link }: { link: Link }) {
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('reviewer');
  const once = useOnce();
  const contract = useQuery(contractQuery(link.contract_id)).data?.contract;
  const whose = contract ? contract.customer || contract.title : link.name;
  const choose = useMutation({
    mutationFn: (o: LinkOption) => post(`/links/${link.id}/decision`, { external_id: o.external_id, revision: link.revision }),
    onSuccess: async (_, o) => { say.ok([whose, o.name].filter(Boolean).join(': ')); await Promise.all(['links', 'overview', 'contracts'].map((k) => client.invalidateQueries({ queryKey: [k] }))); },
    onError: (error) => { once.again(); say.fail(error); },
  });
  const options = link.options ?? [];
  const system = useQuery(connectionsQuery).data?.items?.find((row) => row.connection.id === link.connection_id);
  const title = whose ? `${link.object}: ${whose}` : link.object;
  return (
    <Panel title={title} note={<><To to="/contracts/$id" params={{ id: link.contract_id }}>{contract ? [contract.title, contract.number].filter(Boolean).join(' · ') : m.contracts.openContract}</To>{system && ` · ${system.connection.name}`}</>} actions={<StateBadge domain="link" state={link.state} />} flush>
      {link.explanation?.map((e, i) => <p key={i} className="dim" style={{ margin: 0, padding: '0 16px 8px' }}>{e}</p>)}
      {options.length === 0 ? <p className="dim" style={{ margin: 0, padding: '0 16px 14px' }}>{c.noOptions}</p> : (
        <div className="table-wrap as-cards" tabIndex={0} role="group" aria-label={title}>
          <table className="table" role="table">
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">{c.name}</th><th role="columnheader" scope="col">{c.score}</th><th role="columnheader" scope="col">{c.why}</th><th role="columnheader" scope="col">{m.common.state}</th></tr></thead>
            <tbody role="rowgroup">
              {options.map((o) => (
                <tr role="row" key={o.external_id}><td role="cell"><strong>{o.name}</strong><span className="small dim" style={{ display: 'block' }}>{[o.address, o.external_id].filter(Boolean).join(' · ')}</span></td><td role="cell" data-label={c.score} className="nowrap num" style={{ textAlign: 'left' }}>{shareToPercent(o.score)} %</td><td role="cell" data-label={c.why} className="small">{o.explanation?.join(' ')}</td>
                  <td role="cell" data-label={m.common.state}>{may && <Button size="compact-sm" fz="xs" variant="default" aria-label={`${c.choose}: ${o.name}`} loading={choose.isPending && choose.variables.external_id === o.external_id} disabled={choose.isSuccess} onClick={() => { if (once.first()) choose.mutate(o); }}>{c.choose}</Button>}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
