import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../api/client';
import type { Action } from '../api/types';
import { writeText } from '../lib/audit';
import { m } from '../messages';
import { StateBadge } from './Glyph';
import { Time } from './Time';
import { useSay } from './Toasts';

/** States a person can bring back on the way. */
const replayable = new Set(['denied', 'unmapped', 'invalid', 'conflict', 'unavailable', 'needs_check']);

export function Replay({ action }: { action: Action }) {
  const client = useQueryClient();
  const say = useSay();
  const replay = useMutation({
    mutationFn: () => post(`/actions/${action.id}/replay`),
    onSuccess: async () => {
      say.ok(m.connections.replayed);
      await Promise.all(['connections', 'findings', 'overview'].map((k) => client.invalidateQueries({ queryKey: [k] })));
    },
    onError: say.fail,
  });
  if (!replayable.has(action.state)) return null;
  return <Button size="compact-xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()}>{m.connections.replay}</Button>;
}

export function ActionList({ actions }: { actions: Action[] }) {
  return (
    <div className="stack mid">
      {actions.map((a) => (
        <div key={a.id}>
          <div className="row between"><span className="wrap"><strong>{writeText(a)}</strong> <span className="dim">{a.object} {a.receipt?.url ? <a href={a.receipt.url} target="_blank" rel="noreferrer">{a.receipt.external_id}</a> : a.external_id}</span></span><StateBadge domain="action" state={a.state} /></div>
          {a.reason && <p className="small" style={{ margin: '3px 0' }}>{a.reason}</p>}
          <div className="row small dim"><Time at={a.updated_at} /><Replay action={a} /></div>
        </div>
      ))}
    </div>
  );
}
