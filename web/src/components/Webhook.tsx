import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client';
import { webhookQuery } from '../api/queries';
import type { WebhookState } from '../api/types';
import { useMay } from '../lib/session';
import { words } from '../lib/format';
import { m } from '../messages';
import { Glyph, StateBadge } from './Glyph';
import { Facts, Panel } from './Page';
import { ErrorState, Loaded } from './States';
import { Time } from './Time';
import { useSay } from './Toasts';

const c = m.connections.hook;

/** The webhook of a connection: whether the other system sends its events here, with which key they are verified, and what came. */
export function WebhookPanel({ id }: { id: string }) {
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('admin');
  const query = useQuery({ ...webhookQuery(id), retry: false });
  const register = useMutation({
    mutationFn: () => post(`/connections/${id}/register-webhook`),
    onSuccess: async () => { say.ok(c.done); await client.invalidateQueries({ queryKey: ['connections', id] }); },
  });
  const hook = query.data;
  if (hook && !hook.address) return null;
  const again = hook?.state === 'registered' && (hook.lacks ?? []).length === 0;
  const actions = (
    <div className="row tight">
      {hook && <StateBadge domain="webhook" state={hook.state} />}
      {may && hook?.registrable && <Button size="xs" variant={again ? 'default' : 'filled'} loading={register.isPending} onClick={() => register.mutate()}>{again ? c.again : hook.state === 'disabled' ? c.enable : c.register}</Button>}
    </div>
  );
  return (
    <Panel title={c.title} note={c.note} actions={actions}>
      <div className="stack mid">
        {register.error && <ErrorState error={register.error} retry={() => register.mutate()} />}
        <Loaded query={query} rows={3}>{(state) => <Details hook={state} />}</Loaded>
      </div>
    </Panel>
  );
}

function Details({ hook }: { hook: WebhookState }) {
  const counts = Object.entries(hook.deliveries ?? {}).filter(([, n]) => n > 0);
  return (
    <>
      {hook.problem && <div className="banner tone-warn" role="note"><Glyph name="alert" size={16} /><span>{c.problem} {hook.problem}</span></div>}
      {!hook.registrable && !hook.problem && <p className="dim" style={{ margin: 0 }}>{c.byHand}</p>}
      {(hook.lacks ?? []).length > 0 && <div className="banner tone-warn" role="note"><Glyph name="alert" size={16} /><span>{c.lacks} {(hook.lacks ?? []).map(words).join(', ')}</span></div>}
      <Facts items={[
        [m.connections.webhook, <span key="a" className="mono wrap">{hook.address}</span>],
        [c.registered, hook.registered_at && <span key="r"><Time at={hook.registered_at} /> {hook.registered_by && <span className="dim">{c.by(hook.registered_by)}</span>}</span>],
        [c.key, hook.key_fetched_at ? <span key="k">{c.keyFetched} <Time at={hook.key_fetched_at} /></span> : hook.registrable ? <span key="k" className="dim">{c.noKey}</span> : undefined],
        [c.events, (hook.events ?? []).map(words).join(', ')],
        [c.last, hook.last_event_at ? <span key="l" className="row tight"><Time at={hook.last_event_at} /><StateBadge domain="delivery" state={hook.last_event_state} /></span> : <span key="l" className="dim">{c.never}</span>],
        [c.came, counts.length > 0 && <span key="c" className="row tight">{counts.map(([state, n]) => <span key={state} className="row tight"><StateBadge domain="delivery" state={state} /><span className="num small">{n}</span></span>)}</span>],
      ]} />
    </>
  );
}
