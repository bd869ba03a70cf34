import { Button, CopyButton, Modal, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { del, post } from '../api/client';
import { keysQuery } from '../api/queries';
import type { ApiKey } from '../api/types';
import { capital } from '../lib/format';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Panel } from './Page';
import { roleOptions, unitList, unitsText } from './People';
import { Empty, ErrorState, Loaded } from './States';
import { Time } from './Time';

const s = m.settings;
const closing = { 'aria-label': m.common.close };

export function KeysTab() {
  const query = useQuery(keysQuery);
  const admin = useMay('admin');
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey>();
  const columns: Column<ApiKey>[] = [
    { id: 'name', header: s.name, cell: (k) => <strong>{k.name}</strong> },
    { id: 'hint', header: s.hint, cell: (k) => <span className="mono">{k.hint}…</span> },
    { id: 'role', header: s.role, cell: (k) => capital(k.role) },
    { id: 'units', header: s.units, cell: (k) => unitsText(k.units) },
    { id: 'used', header: s.lastUsed, cell: (k) => k.last_used_at ? <Time at={k.last_used_at} /> : <span className="dim">{s.never}</span> },
    { id: 'act', header: m.common.state, cell: (k) => k.revoked_at ? <span className="badge tone-mute">{s.revoked}</span> : admin ? <Button size="compact-xs" variant="default" onClick={() => setRevoking(k)}>{s.revoke}</Button> : <span className="badge tone-ok">{s.active}</span> },
  ];
  return (
    <Panel title={s.keys} note={!admin && s.adminOnly} actions={admin && <Button size="xs" onClick={() => setAdding(true)}>{s.addKey}</Button>} flush>
      <Loaded query={query}>{({ items }) => ((items ?? []).length === 0 ? <Empty title={s.noKeys} text={s.noKeysText} /> : <DataTable rows={items ?? []} columns={columns} keyOf={(k) => k.id} label={s.keys} />)}</Loaded>
      {adding && <KeyForm onClose={() => setAdding(false)} />}
      {revoking && <Revoke apiKey={revoking} onClose={() => setRevoking(undefined)} />}
    </Panel>
  );
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState('connector');
  const [units, setUnits] = useState('*');
  const make = useMutation({
    mutationFn: () => post<{ key: string }>('/keys', { name: name.trim(), role, units: unitList(units) }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (make.data) {
    return (
      <Modal opened onClose={onClose} title={s.keyOnce} closeOnClickOutside={false} closeButtonProps={closing}>
        <p style={{ marginTop: 0 }}>{s.keyOnceText}</p>
        <TextInput readOnly aria-label={s.keys} value={make.data.key} onFocus={(e) => e.currentTarget.select()} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} data-autofocus />
        <div className="row" style={{ marginTop: 14 }}><CopyButton value={make.data.key}>{({ copied, copy }) => <Button onClick={copy}>{copied ? m.common.copied : m.common.copy}</Button>}</CopyButton><Button variant="default" onClick={onClose}>{m.common.close}</Button></div>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={s.addKey} closeButtonProps={closing}>
      <form className="stack" onSubmit={(e: FormEvent) => { e.preventDefault(); make.mutate(); }}>
        <TextInput label={s.name} required value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus />
        <Select label={s.role} data={roleOptions(true)} value={role} allowDeselect={false} onChange={(v) => v && setRole(v)} />
        <TextInput label={s.units} description={s.unitsHelp} required value={units} onChange={(e) => setUnits(e.currentTarget.value)} />
        {make.error && <ErrorState error={make.error} />}
        <div className="row"><Button type="submit" loading={make.isPending}>{s.addKey}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}

function Revoke({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const client = useQueryClient();
  const revoke = useMutation({ mutationFn: () => del(`/keys/${apiKey.id}`), onSuccess: async () => { await client.invalidateQueries({ queryKey: ['keys'] }); onClose(); } });
  return (
    <Modal opened onClose={onClose} title={s.revoke} closeButtonProps={closing}>
      <div className="stack">
        <p style={{ margin: 0 }}>{s.revokeText(apiKey.name)}</p>
        {revoke.error && <ErrorState error={revoke.error} />}
        <div className="row"><Button color="red.9" loading={revoke.isPending} onClick={() => revoke.mutate()}>{s.revoke}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </div>
    </Modal>
  );
}
