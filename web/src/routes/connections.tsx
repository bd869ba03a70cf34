import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { post } from '../api/client';
import { connectionsQuery } from '../api/queries';
import type { ConnectionRow } from '../api/types';
import { ConnectionForm } from '../components/ConnectionForm';
import { StateBadge } from '../components/Glyph';
import { Tabs } from '../components/Go';
import { LinksTab } from '../components/Links';
import { Page, Panel } from '../components/Page';
import { Empty, Loaded, Skeleton } from '../components/States';
import { UnmatchedTab } from '../components/Unmatched';
import { Time } from '../components/Time';
import { useSay } from '../components/Toasts';
import { useFilters } from '../lib/filters';
import { useMay } from '../lib/session';
import { m } from '../messages';

const c = m.connections;

const EventTablesTab = lazy(() => import('../components/EventTables').then((x) => ({ default: x.EventTablesTab })));

export function ConnectionsPage() {
  const [filters] = useFilters();
  const tab = filters.tab === 'links' || filters.tab === 'unmatched' || filters.tab === 'tables' ? filters.tab : 'health';
  const admin = useMay('admin');
  const [form, dialog] = useDisclosure();
  return (
    <Page title={c.title} question={c.question} actions={admin && <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>{c.add}</Button>}>
      <Tabs label={c.title} base="/connections" current={tab} tabs={[['health', c.health], ['links', c.links], ['unmatched', c.unmatchedTab], ['tables', m.tables.tab]]} />
      {tab === 'health' ? <Health /> : tab === 'links' ? <LinksTab /> : tab === 'unmatched' ? <UnmatchedTab /> : <Suspense fallback={<Skeleton rows={6} />}><EventTablesTab /></Suspense>}
      {form && <ConnectionForm onClose={dialog.close} />}
    </Page>
  );
}

function Health() {
  const query = useQuery(connectionsQuery);
  return (
    <Loaded query={query}>
      {({ items }) => ((items ?? []).length === 0 ? <Panel><Empty title={c.empty} text={c.emptyText} /></Panel> : <div className="conns">{items?.map((row) => <Card key={row.connection.id} row={row} />)}</div>)}
    </Loaded>
  );
}

/** Check and read now; both answer at once, the results come by themselves. */
export function CheckButtons({ id }: { id: string }) {
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('admin');
  const options = (text: string) => ({ onSuccess: async () => { say.ok(text); await client.invalidateQueries({ queryKey: ['connections'] }); }, onError: say.fail });
  const check = useMutation({ mutationFn: () => post(`/connections/${id}/check`), ...options(c.checked) });
  const sync = useMutation({ mutationFn: () => post(`/connections/${id}/sync`), ...options(c.synced) });
  if (!may) return null;
  return (
    <>
      <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>{c.check}</Button>
      <Button size="xs" variant="default" loading={sync.isPending} onClick={() => sync.mutate()}>{c.sync}</Button>
    </>
  );
}

function Card({ row: { connection: con, title, actions } }: { row: ConnectionRow }) {
  const last = useMemo(() => Object.values(con.streams ?? {}).map((s) => s.read_at ?? '').sort().at(-1), [con.streams]);
  const counts = Object.entries(actions ?? {}).filter(([, n]) => n > 0);
  return (
    <section className="panel conn" aria-label={con.name}>
      <div className="row between"><h2><Link to="/connections/$id" params={{ id: con.id }}>{con.name}</Link> <span className="dim small">{title}</span></h2><StateBadge domain="health" state={con.health.state} /></div>
      {!con.enabled && <span className="ink-warn small">{c.disabled}</span>}
      {con.health.reason && <p style={{ margin: 0 }} className="wrap">{con.health.reason}</p>}
      <AllowList hosts={con.allow_hosts ?? []} />
      <span className="small dim">{con.health.last_ok_at ? <>{m.overview.lastOk('')}<Time at={con.health.last_ok_at} ago /></> : m.overview.neverOk}{last && <> · {c.lastSync.toLowerCase()} <Time at={last} ago /></>}</span>
      {counts.length > 0 && <div className="chips">{counts.map(([state, n]) => <span key={state} className="row tight"><StateBadge domain="action" state={state} /><span className="small num">{n}</span></span>)}</div>}
      <div className="row" style={{ marginTop: 'auto' }}><CheckButtons id={con.id} /></div>
    </section>
  );
}

/** Shown wherever a connection is: reaching internal hosts is an exception that must not hide. */
export function AllowList({ hosts }: { hosts: string[] }) {
  if (hosts.length === 0) return null;
  return <div className="banner tone-warn small" role="note"><span><strong>{c.allow}.</strong> {c.allowText} <span className="mono">{hosts.join(', ')}</span></span></div>;
}
