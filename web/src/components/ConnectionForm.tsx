import { Button, Modal, PasswordInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { post, put } from '../api/client';
import { connectorsQuery } from '../api/queries';
import type { Connection, ConnectionRow, Connector, Setting } from '../api/types';
import { m } from '../messages';
import { ErrorState, Loaded } from './States';
import { useSay } from './Toasts';

const c = m.connections;
const isSecret = (s: Setting) => s.kind === 'secret' || s.kind === 'pem';

/** Creates or edits a connection. The form is made from the connector's own description. */
export function ConnectionForm({ connection, onClose }: { connection?: Connection; onClose: () => void }) {
  const connectors = useQuery(connectorsQuery);
  const [chosen, setChosen] = useState(connection?.connector);
  return (
    <Modal opened onClose={onClose} title={connection ? `${c.edit}: ${connection.name}` : c.add} size="lg" closeButtonProps={{ 'aria-label': m.common.close }}>
      <Loaded query={connectors}>
        {({ items }) => {
          const connector = items?.find((x) => x.name === chosen);
          return (
            <div className="stack">
              {!connection && <Select label={c.connector} data={(items ?? []).map((x) => ({ value: x.name, label: `${x.title} (${x.category})` }))} value={chosen ?? null} onChange={(v) => setChosen(v ?? undefined)} searchable data-autofocus />}
              {connector && <Fields key={connector.name} connector={connector} connection={connection} onClose={onClose} />}
            </div>
          );
        }}
      </Loaded>
    </Modal>
  );
}

function Fields({ connector, connection, onClose }: { connector: Connector; connection: Connection | undefined; onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const say = useSay();
  const settings = connector.settings ?? [];
  const [name, setName] = useState(connection?.name ?? connector.title);
  const [enabled, setEnabled] = useState(connection?.enabled ?? true);
  const [hosts, setHosts] = useState((connection?.allow_hosts ?? []).join('\n'));
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(settings.map((s) => [s.name, isSecret(s) ? '' : (connection?.settings?.[s.name] ?? s.default ?? '')])));
  const save = useMutation({
    mutationFn: () => {
      // A secret that is left empty is left out, and keeps its value.
      const given = Object.fromEntries(settings.filter((s) => values[s.name] !== '').map((s) => [s.name, values[s.name] ?? '']));
      const body = { connector: connector.name, name: name.trim(), enabled, settings: given, allow_hosts: hosts.split(/[\s,]+/).filter(Boolean) };
      return connection ? put<ConnectionRow>(`/connections/${connection.id}`, { ...body, revision: connection.settings_revision }) : post<ConnectionRow>('/connections', body);
    },
    onSuccess: async (row) => {
      say.ok(c.created);
      await client.invalidateQueries({ queryKey: ['connections'] });
      onClose();
      if (!connection) await navigate({ to: '/connections/$id', params: { id: row.connection.id } });
    },
  });
  const set = (key: string) => (value: string) => setValues((old) => ({ ...old, [key]: value }));
  return (
    <form className="stack" onSubmit={(e: FormEvent) => { e.preventDefault(); save.mutate(); }}>
      {connector.guide && <details><summary>{c.guide}</summary><p className="guide small">{connector.guide}</p></details>}
      <TextInput label={c.name} required value={name} onChange={(e) => setName(e.currentTarget.value)} />
      {settings.map((s) => <SettingField key={s.name} setting={s} value={values[s.name] ?? ''} isSet={!!connection?.secrets?.[s.name]} onChange={set(s.name)} />)}
      <Textarea label={c.allowHosts} description={c.allowHelp} autosize minRows={1} value={hosts} onChange={(e) => setHosts(e.currentTarget.value)} />
      <Switch label={c.enabled} checked={enabled} onChange={(e) => setEnabled(e.currentTarget.checked)} />
      {save.error && <ErrorState error={save.error} />}
      <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
    </form>
  );
}

function SettingField({ setting: s, value, isSet, onChange }: { setting: Setting; value: string; isSet: boolean; onChange: (value: string) => void }) {
  const common = { label: s.title, description: s.help ?? '', required: s.required && !isSet };
  switch (s.kind) {
    case 'secret': return <PasswordInput {...common} autoComplete="off" placeholder={isSet ? c.secretSet : ''} value={value} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'pem': return <Textarea {...common} autosize minRows={3} placeholder={isSet ? c.secretSet : '-----BEGIN …'} value={value} onChange={(e) => onChange(e.currentTarget.value)} />;
    case 'choice': return <Select {...common} data={s.choices ?? []} value={value || null} onChange={(v) => onChange(v ?? '')} />;
    case 'flag': return <Switch label={s.title} description={s.help} checked={value === 'true'} onChange={(e) => onChange(String(e.currentTarget.checked))} />;
    default: return <TextInput {...common} type={s.kind === 'url' ? 'url' : 'text'} inputMode={s.kind === 'number' ? 'numeric' : undefined} value={value} onChange={(e) => onChange(e.currentTarget.value)} />;
  }
}
