import { Button, Modal, PasswordInput, Select, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { post, put } from '../api/client';
import { usersQuery } from '../api/queries';
import type { User } from '../api/types';
import { capital } from '../lib/format';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { Panel } from './Page';
import { ErrorState, Loaded } from './States';

const s = m.settings;
export const roleOptions = (machine: boolean) => ['viewer', 'reviewer', 'approver', 'admin', ...(machine ? ['connector'] : [])].map((value) => ({ value, label: capital(value) }));
export const unitsText = (units: string[] | null | undefined) => ((units ?? []).includes('*') ? s.allUnits : (units ?? []).join(', '));
export const unitList = (text: string) => text.split(',').map((u) => u.trim()).filter(Boolean);

export function PeopleTab() {
  const query = useQuery(usersQuery);
  const admin = useMay('admin');
  const [edited, setEdited] = useState<User | 'new'>();
  const columns: Column<User>[] = [
    { id: 'name', header: s.name, cell: (u) => <div>{admin ? <button type="button" className="linkish strong" style={{ fontSize: 13.5 }} onClick={() => setEdited(u)}>{u.name}</button> : <strong>{u.name}</strong>}<div className="small dim">{u.email}</div></div> },
    { id: 'role', header: s.role, cell: (u) => capital(u.role) },
    { id: 'units', header: s.units, cell: (u) => unitsText(u.units) },
    { id: 'state', header: m.common.state, cell: (u) => <span className={`badge tone-${u.disabled ? 'mute' : 'ok'}`}>{u.disabled ? s.disabled : s.active}</span> },
  ];
  return (
    <Panel title={s.people} note={!admin && s.adminOnly} actions={admin && <Button size="xs" onClick={() => setEdited('new')}>{s.addPerson}</Button>} flush>
      <Loaded query={query}>{({ items }) => <DataTable rows={items ?? []} columns={columns} keyOf={(u) => u.id} label={s.people} />}</Loaded>
      {edited && <PersonForm user={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Panel>
  );
}

function PersonForm({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  const client = useQueryClient();
  const [form, setForm] = useState({ name: user?.name ?? '', email: user?.email ?? '', role: user?.role ?? 'viewer', units: (user?.units ?? ['*']).join(', '), password: '', disabled: user?.disabled ?? false });
  const set = (change: Partial<typeof form>) => setForm((old) => ({ ...old, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const body = { name: form.name.trim(), role: form.role, units: unitList(form.units), ...(form.password ? { password: form.password } : {}) };
      return user ? put(`/users/${user.id}`, { ...body, disabled: form.disabled, revision: user.revision }) : post('/users', { ...body, email: form.email.trim() });
    },
    onSuccess: async () => { await client.invalidateQueries({ queryKey: ['people'] }); onClose(); },
  });
  return (
    <Modal opened onClose={onClose} title={user ? s.editPerson : s.addPerson} closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" onSubmit={(e: FormEvent) => { e.preventDefault(); save.mutate(); }}>
        <TextInput label={s.name} required value={form.name} onChange={(e) => set({ name: e.currentTarget.value })} data-autofocus />
        <TextInput label={s.email} type="email" required disabled={!!user} value={form.email} onChange={(e) => set({ email: e.currentTarget.value })} />
        <Select label={s.role} data={roleOptions(false)} value={form.role} allowDeselect={false} onChange={(v) => v && set({ role: v })} />
        <TextInput label={s.units} description={s.unitsHelp} required value={form.units} onChange={(e) => set({ units: e.currentTarget.value })} />
        {!user && <PasswordInput label={s.password} description={s.passwordHelp} required minLength={12} autoComplete="new-password" value={form.password} onChange={(e) => set({ password: e.currentTarget.value })} />}
        {user && <Switch label={s.disabled} checked={form.disabled} onChange={(e) => set({ disabled: e.currentTarget.checked })} />}
        {save.error && <ErrorState error={save.error} />}
        <div className="row"><Button type="submit" loading={save.isPending}>{m.common.save}</Button><Button variant="default" onClick={onClose}>{m.common.cancel}</Button></div>
      </form>
    </Modal>
  );
}
