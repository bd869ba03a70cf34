import { Select, TextInput, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { post } from '../api/client';
import { kindsQuery } from '../api/queries';
import type { Obligation, ObligationCheck, ObligationKind } from '../api/types';
import { SchemaForm } from '../components/SchemaForm';
import { ErrorState, Skeleton } from '../components/States';
import { carried, isObject, type FieldError, type JsonObject, type Schema } from '../lib/schema';
import { m } from '../messages';

const w = m.workbench;

interface Props { obligation: Obligation; /** As it was read, where its kind may be changed. */ read?: Obligation | undefined; errors: FieldError[]; onChange: (obligation: Obligation) => void; onUsable: (usable: boolean) => void }

/** An obligation as a form made from the schema of its kind; JSON only where no schema is known, or on demand. */
export function ObligationForm({ obligation, read, errors, onChange, onUsable }: Props) {
  const kinds = useQuery(kindsQuery);
  const schema = kinds.data?.items?.find((k) => k.kind === obligation.kind)?.schema as Schema | undefined;
  const params: JsonObject = isObject(obligation.params) ? obligation.params : {};
  const [json, setJson] = useState<string>();
  const check = useCheck(obligation, !!schema);
  const setParams = (next: JsonObject) => onChange({ ...obligation, params: next });
  // What was typed for a kind comes back with it; for another kind what both have is kept, and the rest is asked.
  const typed = useRef(new Map<string, JsonObject>());
  const follow = (kind: string) => {
    typed.current.set(obligation.kind, params);
    const schemaOf = (name: string) => kinds.data?.items?.find((k) => k.kind === name)?.schema as Schema | undefined;
    const [from, to] = [schemaOf(obligation.kind), schemaOf(kind)];
    setJson(undefined);
    onUsable(true);
    onChange({ ...obligation, kind, params: typed.current.get(kind) ?? (from && to ? carried(from, to, params) : {}) });
  };
  const toggle = () => {
    setJson(json === undefined ? JSON.stringify(params, null, 2) : undefined);
    onUsable(true);
  };
  const type = (text: string) => {
    setJson(text);
    try {
      const next = JSON.parse(text) as unknown;
      if (isObject(next)) setParams(next);
      onUsable(isObject(next));
    } catch { onUsable(false); }
  };
  const problems = merge(errors, check?.problems ?? []);
  const questions = check?.questions ?? [];
  const asJson = json !== undefined || (kinds.isSuccess && !schema && Object.keys(params).length > 0);
  const fields = new Set(Object.keys(schema ? shownFields(schema) : {}));
  const unplaced = problems.filter((p) => asJson || !fields.has(p.field.split('.')[0] ?? ''));
  return (
    <div className="stack mid">
      <TextInput size="xs" label={w.obligationTitle} value={obligation.title} onChange={(e) => onChange({ ...obligation, title: e.currentTarget.value })} data-first />
      <div className="row" style={{ flexWrap: 'nowrap' }}>
        <TextInput size="xs" label={w.bearer} className="grow" value={obligation.bearer ?? ''} onChange={(e) => onChange({ ...obligation, bearer: e.currentTarget.value })} />
        <TextInput size="xs" label={w.beneficiary} className="grow" value={obligation.beneficiary ?? ''} onChange={(e) => onChange({ ...obligation, beneficiary: e.currentTarget.value })} />
      </div>
      {read && kinds.data?.items && (
        <Select size="xs" label={m.duty.as} description={obligation.kind === read.kind ? undefined : w.kindChanged} data={kindChoices(kinds.data.items, read)} value={obligation.kind} allowDeselect={false} searchable
          onChange={(kind) => { if (kind && kind !== obligation.kind) follow(kind); }} error={problems.find((p) => p.field === 'kind')?.message} />
      )}
      {kinds.isPending && <Skeleton rows={3} />}
      {kinds.isError && <ErrorState error={kinds.error} retry={() => void kinds.refetch()} />}
      {asJson
        ? <Textarea size="xs" label={w.paramsJson} autosize minRows={4} maxRows={16} value={json ?? JSON.stringify(params, null, 2)} onChange={(e) => type(e.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }} />
        : schema && <fieldset className="form-group"><legend>{w.params}</legend><SchemaForm schema={schema} value={params} errors={problems} hints={questions.filter((q) => q.field !== '')} onChange={setParams} /></fieldset>}
      {unplaced.map((p, i) => <p key={i} className="small ink-bad" role="alert" style={{ margin: 0 }}>{p.field && `${p.field}: `}{p.message}</p>)}
      {(asJson ? questions : questions.filter((q) => q.field === '')).map((q, i) => <p key={i} className="small ink-warn" style={{ margin: 0 }}>{m.form.open}: {q.message}</p>)}
      {schema && <div><button type="button" className="linkish" onClick={toggle}>{asJson ? m.form.asForm : m.form.asJson}</button></div>}
    </div>
  );
}

/** The kinds of this build; and by what it is about, an obligation that is kept and followed by none. */
function kindChoices(kinds: ObligationKind[], read: Obligation) {
  const kept = read.duty || (kinds.some((k) => k.kind === read.kind) ? '' : read.kind);
  return [...kinds.map((k) => ({ value: k.kind, label: k.title })), ...(kept ? [{ value: kept, label: w.keptKind }] : [])];
}

function shownFields(schema: Schema): Record<string, Schema> {
  const name = schema.$ref?.replace('#/$defs/', '');
  return (name ? schema.$defs?.[name]?.properties : schema.properties) ?? {};
}

/** The server's word on what is typed, a moment after the typing. An error of the last save stands until it is repaired. */
function useCheck(obligation: Obligation, enabled: boolean): ObligationCheck | undefined {
  const [settled] = useDebouncedValue(obligation, 350);
  const query = useQuery({
    queryKey: ['check', settled.kind, settled.params],
    queryFn: () => post<ObligationCheck>('/obligations/check', { obligation: { key: settled.key || 'new', kind: settled.kind, title: settled.title, params: settled.params ?? {}, in_force: settled.in_force ?? {}, confidence: settled.confidence } }),
    enabled, placeholderData: keepPreviousData, staleTime: 60_000, retry: false,
  });
  return query.data;
}

function merge(a: FieldError[], b: FieldError[]): FieldError[] {
  return [...a, ...b.filter((x) => !a.some((y) => y.field === x.field))];
}
