import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { connectionQuery } from '../api/queries';
import type { Connection, ConnectionRow } from '../api/types';
import { ConnectionForm } from '../components/ConnectionForm';
import { ActionsTab, DeliveriesTab, DryRunTab, MappingTab } from '../components/Exchange';
import { StateBadge } from '../components/Glyph';
import { Tabs } from '../components/Go';
import { Facts, Page, Panel } from '../components/Page';
import { LoadedPage } from '../components/States';
import { Time } from '../components/Time';
import { WebhookPanel } from '../components/Webhook';
import { useFilters } from '../lib/filters';
import { capital, words } from '../lib/format';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { AllowList, CheckButtons } from './connections';

const c = m.connections;
const names = ['overview', 'actions', 'dry', 'deliveries', 'mapping', 'settings'] as const;

export function ConnectionPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const query = useQuery(connectionQuery(id));
  return <LoadedPage title={c.title} query={query}>{(row) => <Detail row={row} />}</LoadedPage>;
}

function Detail({ row }: { row: ConnectionRow }) {
  const { connection: con } = row;
  const [filters] = useFilters();
  const shown = names.filter((n) => n !== 'deliveries' || row.webhook_url); // not every system sends webhooks
  const tab = shown.find((n) => n === filters.tab) ?? 'overview';
  const admin = useMay('admin');
  const [form, dialog] = useDisclosure();
  return (
    <Page title={con.name} crumb={<Link to="/connections">{c.title}</Link>}
      question={<p className="row tight" style={{ marginTop: 6 }}><StateBadge domain="health" state={con.health.state} />{!con.enabled && <span className="ink-warn">{c.disabled}</span>}<span>{row.title}</span>{con.health.reason && <span>· {con.health.reason}</span>}</p>}
      actions={<><CheckButtons id={con.id} />{admin && <Button size="xs" variant="default" onClick={dialog.open}>{c.edit}</Button>}</>}>
      <AllowList hosts={con.allow_hosts ?? []} />
      <Tabs label={con.name} base={`/connections/${con.id}`} current={tab} tabs={shown.map((n) => [n, c.tabs[n]])} />
      {tab === 'overview' && <Streams row={row} />}
      {tab === 'actions' && <ActionsTab id={con.id} />}
      {tab === 'dry' && <DryRunTab id={con.id} />}
      {tab === 'deliveries' && <DeliveriesTab id={con.id} />}
      {tab === 'mapping' && <MappingTab id={con.id} />}
      {tab === 'settings' && <Settings con={con} />}
      {form && <ConnectionForm connection={con} onClose={dialog.close} />}
    </Page>
  );
}

function Streams({ row: { connection: con, webhook_url } }: { row: ConnectionRow }) {
  const streams = Object.entries(con.streams ?? {});
  return (
    <>
      <Panel title={c.health}><Facts items={[[m.common.state, <StateBadge key="s" domain="health" state={con.health.state} />], [m.common.reason, con.health.reason], [c.checked, <Time key="c" at={con.health.checked_at} />], [capital(m.overview.lastOk('').trim()), <Time key="o" at={con.health.last_ok_at} />], [capital(c.failures(2).replace(/^\d+ /, '')), con.health.failures || undefined]]} /></Panel>
      {webhook_url && <WebhookPanel id={con.id} />}
      <Panel title={c.streams} flush>
        {streams.length === 0 && <p className="dim" style={{ margin: 0, padding: '0 16px 14px' }}>{c.noStreams}</p>}
        {streams.length > 0 && (
          <div className="table-wrap" tabIndex={0} role="group" aria-label={c.streams}><table className="table">
            <thead><tr><th scope="col">{c.streams}</th><th scope="col">{c.lastSync}</th><th scope="col" className="right">{capital(c.records(2).replace(/^\d+ /, ''))}</th><th scope="col">{c.problems}</th></tr></thead>
            <tbody>{streams.map(([name, s]) => <tr key={name}><td className="strong">{words(name)}</td><td><Time at={s.read_at} /></td><td className="num">{s.records.toLocaleString('en-US')}</td><td className={s.error ? 'ink-bad' : ''}>{s.error}</td></tr>)}</tbody>
          </table></div>
        )}
      </Panel>
    </>
  );
}

function Settings({ con }: { con: Connection }) {
  return <Panel title={c.tabs.settings}><Facts items={[...Object.entries(con.settings ?? {}).map(([k, v]): [string, string] => [words(k), v]), ...Object.keys(con.secrets ?? {}).map((k): [string, string] => [words(k), '••••••']), [c.allowHosts, (con.allow_hosts ?? []).join(', ') || m.common.none]]} /></Panel>;
}
