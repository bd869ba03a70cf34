import { Button, Checkbox, Modal, Radio, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post, put } from '../api/client';
import type { Cascade, CheckInPlan, List, Obligation, Reached } from '../api/types';
import { fieldErrorsOf } from '../lib/fieldErrors';
import { formatDate, words } from '../lib/format';
import { useMay } from '../lib/session';
import { m } from '../messages';
import { DataTable, type Column } from './DataTable';
import { ErrorState, FormProblem, Skeleton } from './States';
import { useSay } from './Toasts';

const c = m.cascade;
const k = m.checkIn;

/** What a rule says in one line: "statements of work and orders, owner lee@example.com, every month". */
export function cascadeText(rule: Cascade | undefined): string {
  if (!rule?.to?.length) return '';
  return [rule.to.map((t) => c.names[t] ?? words(t)).join(', '), rule.override === 'forbidden' && c.overrides.forbidden, rule.owner, rule.check_in && planText(rule.check_in)].filter(Boolean).join(' · ');
}

export const planText = (plan: CheckInPlan) => k.intervals.find((i) => i.value === plan.every)?.label ?? words(plan.every);

/** Only what a person decides for the whole relationship passes on: no renewal, and nothing that came from above. */
export function CascadeAct({ obligation }: { obligation: Obligation }) {
  const may = useMay('reviewer');
  const [open, setOpen] = useState(false);
  if (!may || !obligation.id || obligation.inherited_from || obligation.kind === 'renewal_notice') return null;
  const has = !!obligation.cascade?.to?.length;
  return (
    <>
      <Button size="xs" variant="default" aria-label={has ? c.changeFor(obligation.title) : c.openFor(obligation.title)} onClick={() => setOpen(true)}>{has ? c.change : c.open}</Button>
      {open && <CascadeDialog obligation={obligation} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Form { to: string[]; override: string; owner: string; every: string; first: string }

function ruleOf(form: Form): Cascade {
  return {
    to: form.to, ...(form.override === 'forbidden' ? { override: 'forbidden' } : {}), ...(form.owner.trim() ? { owner: form.owner.trim() } : {}),
    ...(form.every ? { check_in: { every: form.every, ...(form.first ? { first: form.first } : {}) } } : {}),
  };
}

function CascadeDialog({ obligation, onClose }: { obligation: Obligation; onClose: () => void }) {
  const client = useQueryClient();
  const say = useSay();
  const before = obligation.cascade;
  const [form, setForm] = useState<Form>({ to: before?.to ?? [], override: before?.override ?? 'allowed', owner: before?.owner ?? '', every: before?.check_in?.every ?? '', first: before?.check_in?.first ?? '' });
  const save = useMutation({
    mutationFn: (rule: Cascade | undefined) => put(`/obligations/${obligation.id ?? ''}/cascade`, { ...(rule ? { cascade: rule } : {}), revision: obligation.revision ?? 0 }),
    onSuccess: async (_, rule) => { await Promise.all(['contracts', 'register'].map((q) => client.invalidateQueries({ queryKey: [q] }))); say.ok(rule ? c.saved : c.removed); onClose(); },
  });
  /** What was refused is said until it is changed. */
  const set = (change: Partial<Form>) => { setForm((f) => ({ ...f, ...change })); save.reset(); };
  const rule = ruleOf(form);
  const preview = usePreview(obligation.id ?? '', rule);
  const refused = fieldErrorsOf(save.error, 'body.cascade');
  const wrong = { ...refused, ...fieldErrorsOf(preview.query.error, 'body.cascade') };
  const has = !!before?.to?.length;
  return (
    <Modal opened onClose={onClose} title={c.dialog} size="xl" closeButtonProps={{ 'aria-label': m.common.close }}>
      <form className="stack" noValidate onSubmit={(e) => { e.preventDefault(); save.mutate(rule); }}>
        <p style={{ margin: 0 }} className="wrap strong">{obligation.title}</p>
        <Checkbox.Group label={c.to} description={c.toHelp} required value={form.to} onChange={(to) => set({ to })} error={wrong.to}>
          <div className="row" style={{ marginTop: 8 }}>{c.kinds.map((x, i) => <Checkbox key={x.value} value={x.value} label={x.label} {...(i === 0 ? { 'data-autofocus': true } : {})} />)}</div>
        </Checkbox.Group>
        <Radio.Group label={c.override} value={form.override} onChange={(override) => set({ override })} error={wrong.override}>
          <div className="row" style={{ marginTop: 8 }}>{Object.entries(c.overrides).map(([value, label]) => <Radio key={value} value={value} label={label} />)}</div>
        </Radio.Group>
        <div className="form-row">
          <TextInput className="grow" miw={210} type="email" label={c.owner} description={c.ownerHelp} maxLength={254} value={form.owner} error={wrong.owner} onChange={(e) => set({ owner: e.currentTarget.value })} />
          <PlanFields every={form.every} first={form.first} errors={{ every: wrong['check_in.every'], first: wrong['check_in.first'] }} onChange={set} />
        </div>
        <Preview {...preview} />
        <FormProblem error={save.error} atFields={refused} />
        <div className="row">
          <Button type="submit" loading={save.isPending}>{c.save}</Button>
          {has && <Button variant="default" loading={save.isPending} title={c.noneText} onClick={() => save.mutate(undefined)}>{c.none}</Button>}
          <Button variant="default" onClick={onClose}>{m.common.cancel}</Button>
        </div>
        {has && <p className="small dim" style={{ margin: 0 }}>{c.none}: {c.noneText}</p>}
      </form>
    </Modal>
  );
}

interface PlanProps { every: string; first: string; errors: { every?: string | undefined; first?: string | undefined }; onChange: (change: { every?: string; first?: string }) => void }

export function PlanFields({ every, first, errors, onChange }: PlanProps) {
  return (
    <>
      <Select className="grow" miw={210} label={k.every} description={k.everyHelp} data={[{ value: 'none', label: k.never }, ...k.intervals]} allowDeselect={false} value={every || 'none'} error={errors.every} onChange={(v) => onChange({ every: !v || v === 'none' ? '' : v })} />
      {every && <TextInput className="grow" miw={210} type="date" label={k.first} description={k.firstHelp} value={first} error={errors.first} onChange={(e) => onChange({ first: e.currentTarget.value })} />}
    </>
  );
}

const columns: Column<Reached>[] = [
  { id: 'contract', header: c.contract, cell: (r) => <span className="wrap"><span className="strong">{r.title || r.number}</span>{r.number && r.title && <span className="small dim"> {r.number}</span>}</span> },
  { id: 'relation', header: c.relation, cell: (r) => words(r.relation) },
  { id: 'outcome', header: c.outcome, cell: (r) => <span className="wrap"><span className={`badge tone-${r.outcome === 'passes' || r.outcome === 'governs' ? 'ok' : r.outcome === 'unpublished' ? 'info' : 'mute'}`}>{c.outcomes[r.outcome] ?? words(r.outcome)}</span> <span className="small dim">{[r.from && m.common.from(formatDate(r.from)), r.already && c.already].filter(Boolean).join(' · ')}</span></span> },
  { id: 'owner', header: m.register.owner, cell: (r) => (r.outcome === 'passes' ? <div>{r.owner || m.register.nobody}{r.unknown_owner && <div className="small ink-warn wrap">{m.register.unknownOwner}</div>}</div> : '') },
  { id: 'check', header: c.checkIn, cell: (r) => <span className="nowrap">{formatDate(r.check_in)}</span> },
];

/** What the rule would do, as the server works it out; asked again a moment after the last key. */
function usePreview(id: string, rule: Cascade) {
  const [asked] = useDebouncedValue(JSON.stringify(rule), 300);
  const some = !!(JSON.parse(asked) as Cascade).to?.length;
  const query = useQuery({
    queryKey: ['contracts', 'cascade-preview', id, asked], enabled: some, placeholderData: keepPreviousData, retry: false,
    queryFn: () => post<{ items: List<Reached> }>(`/obligations/${id}/cascade/preview`, { cascade: JSON.parse(asked) as Cascade }),
  });
  return { some, query };
}

function Preview({ some, query }: ReturnType<typeof usePreview>) {
  const list = query.data?.items ?? [];
  const inFields = Object.keys(fieldErrorsOf(query.error, 'body.cascade')).length > 0;
  return (
    <section className="panel" aria-label={c.preview} aria-busy={query.isFetching}>
      <div className="panel-head"><h2>{c.preview}</h2><span className="note">{c.previewNote}</span></div>
      <div className="panel-body flush" aria-live="polite">
        {!some ? <p className="dim pad">{c.choose}</p>
          : inFields ? <p className="dim pad">{c.mend}</p>
          : query.error ? <div style={{ padding: 12 }}><ErrorState error={query.error} retry={() => void query.refetch()} /></div>
          : query.data === undefined ? <Skeleton rows={2} />
          : list.length === 0 ? <p className="dim pad">{c.noContracts}</p>
          : <DataTable rows={list} columns={columns} keyOf={(r) => r.contract_id} label={c.preview} />}
      </div>
    </section>
  );
}
